//! What a plan needs to know of a network: which operation follows which, and how wide values are.
//!
//! What every topology keeps to is listed in `verify.rs`.

mod verify;

/// How the channels of a node follow from the channels of those it reads: all that a plan needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The point itself.
    Input,
    /// Linear, with a constant on the value: channel k comes from the channels k alone.
    Linear {
        /// Positions of the nodes that are read.
        inputs: Vec<usize>,
    },
    /// y = g(x), feature by feature: the powers of a jet.
    Elementwise {
        /// Position of the node that x comes from.
        input: usize,
    },
    /// Bilinear: the product table.
    Product {
        /// Position of the first factor.
        left: usize,
        /// Position of the second factor.
        right: usize,
    },
    /// Linear around each point, which values decide: channel k comes from the channels k, and from the values.
    Selection {
        /// Positions of the nodes that are chosen from.
        inputs: Vec<usize>,
        /// Positions of the nodes whose values decide.
        deciding: Vec<usize>,
    },
    /// A function of values alone that counts as constant: all other channels vanish.
    Detached {
        /// Positions of the nodes that are read.
        inputs: Vec<usize>,
    },
    /// Any smooth function: every channel may depend on every other.
    Analytic {
        /// Positions of the nodes that are read.
        inputs: Vec<usize>,
    },
}

/// One node of a network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it computes.
    pub operation: Operation,
    /// How many features its value has.
    pub features: usize,
    /// What to call it in print: `input`, `affine`, `tanh`.
    pub name: String,
    /// The work for one point. Of a linear node the floating-point operations of one channel; of all others the
    /// multiplications of one term of their program.
    pub work: u64,
}

/// The nodes of a network in an order in which they can be evaluated; the last is the output.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topology {
    nodes: Vec<Node>,
}

impl Topology {
    /// A network from its nodes: the first is the input, and every node comes after those it reads. An elementwise function
    /// keeps the number of features.
    ///
    /// # Panics
    /// In debug builds if it is not so.
    pub fn new(nodes: Vec<Node>) -> Self {
        debug_assert_eq!(verify::verify(&nodes), Ok(()), "a topology keeps to its rules");
        Self { nodes }
    }

    /// A multilayer perceptron: affine maps between these widths, with an activation between them.
    pub fn multilayer(widths: &[usize], activation: &str) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut push = |operation, features: usize, name: &str, work: usize| {
            nodes.push(Node { operation, features, name: name.to_owned(), work: work as u64 });
            nodes.len() - 1
        };
        let mut last = push(Operation::Input, widths.first().copied().unwrap_or(0), "input", 0);
        for (layer, pair) in widths.windows(2).enumerate() {
            if layer > 0 {
                last = push(Operation::Elementwise { input: last }, pair[0], activation, pair[0]);
            }
            last = push(Operation::Linear { inputs: vec![last] }, pair[1], "affine", 2 * pair[0] * pair[1]);
        }
        Self::new(nodes)
    }

    /// What costs are shown for where no network is given: `inputs` → 64 → 64 → 64 → 1, a usual size for
    /// physics-informed networks.
    pub fn usual(inputs: usize) -> Self {
        Self::multilayer(&[inputs, 64, 64, 64, 1], "tanh")
    }

    /// The nodes in order of evaluation.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The widths of a chain, as people write them: `5 → 64 → 64 → 1`; of other networks their number of nodes.
    pub fn widths(&self) -> String {
        let chain = self.nodes.iter().enumerate().all(|(number, node)| match &node.operation {
            Operation::Input => number == 0,
            Operation::Linear { inputs } => inputs[..] == [number - 1],
            Operation::Elementwise { input } => *input == number - 1,
            _ => false,
        });
        if !chain {
            let (first, last) = (self.nodes.first(), self.nodes.last());
            let features = |node: Option<&Node>| node.map_or(0, |node| node.features);
            return format!("{} → {} of {} nodes", features(first), features(last), self.nodes.len());
        }
        let shown = self.nodes.iter().filter(|node| !matches!(node.operation, Operation::Elementwise { .. }));
        itertools::join(shown.map(|node| node.features), " → ")
    }
}

impl Node {
    /// The positions of the nodes it reads.
    pub fn inputs(&self) -> Vec<usize> {
        match &self.operation {
            Operation::Input => Vec::new(),
            Operation::Linear { inputs }
            | Operation::Analytic { inputs }
            | Operation::Detached { inputs } => inputs.clone(),
            Operation::Elementwise { input } => vec![*input],
            Operation::Selection { inputs, deciding } => {
                let mut nodes = [&inputs[..], deciding].concat();
                nodes.sort_unstable();
                nodes.dedup();
                nodes
            }
            Operation::Product { left, right } => vec![*left, *right],
        }
    }
}
