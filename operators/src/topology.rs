//! What a plan needs to know of a network: which operation follows which, and how wide values are.

/// One operation of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The point itself.
    Input,
    /// y = W x + b.
    Affine {
        /// Position of the node that x comes from.
        input: usize,
    },
    /// y = g(x), feature by feature.
    Elementwise {
        /// Position of the node that x comes from.
        input: usize,
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
}

/// The nodes of a network in an order in which they can be evaluated; the last is the output.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topology {
    nodes: Vec<Node>,
}

impl Topology {
    /// A network from its nodes: the first is the input, and every node comes after those it reads.
    ///
    /// # Panics
    /// In debug builds if it is not so.
    pub fn new(nodes: Vec<Node>) -> Self {
        debug_assert!(matches!(nodes.first(), Some(Node { operation: Operation::Input, .. })));
        debug_assert!(nodes.iter().enumerate().all(|(number, node)| node.input().is_none_or(|i| i < number)));
        Self { nodes }
    }

    /// A multilayer perceptron: affine maps between these widths, with an activation between them.
    pub fn multilayer(widths: &[usize], activation: &str) -> Self {
        let mut nodes = Vec::new();
        for (layer, &features) in widths.iter().enumerate() {
            let affine =
                |input| Node { operation: Operation::Affine { input }, features, name: "affine".to_owned() };
            match layer {
                0 => nodes.push(Node { operation: Operation::Input, features, name: "input".to_owned() }),
                1 => nodes.push(affine(0)),
                _ => {
                    let input = nodes.len() - 1;
                    let operation = Operation::Elementwise { input };
                    nodes.push(Node { operation, features: widths[layer - 1], name: activation.to_owned() });
                    nodes.push(affine(input + 1));
                }
            }
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

    /// The widths of a chain, as people write them: `5 → 64 → 64 → 1`.
    pub fn widths(&self) -> String {
        let shown = self.nodes.iter().filter(|node| !matches!(node.operation, Operation::Elementwise { .. }));
        itertools::join(shown.map(|node| node.features), " → ")
    }
}

impl Node {
    /// The position of the node it reads.
    pub fn input(&self) -> Option<usize> {
        match self.operation {
            Operation::Input => None,
            Operation::Affine { input } | Operation::Elementwise { input } => Some(input),
        }
    }
}
