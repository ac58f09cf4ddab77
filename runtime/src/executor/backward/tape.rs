//! Which nodes have cotangents, where these lie, and who writes them.

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;

use crate::element::Scalar;
use crate::executor::place::BufferId;
use crate::executor::rules::{Adjoint, AdjointBuilder, CotangentPlace, Side};
use crate::executor::verify::{self, Broken, Target};
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::math::InstructionSet;
use crate::network::{Network, Node, NodeId, Operation};

/// The way back through a network, prepared once.
#[derive(Debug)]
pub(crate) struct Tape<T> {
    /// By node; nothing where no cotangent is wanted.
    places: Vec<Option<CotangentPlace>>,
    /// By node, whether it depends on parameters: others have cotangents for the sake of the points alone.
    depends: Vec<bool>,
    /// By node, what its cotangents are pulled back to.
    pulls: Vec<Vec<Pull<T>>>,
    /// Numbers per point in each buffer.
    pub(crate) buffers: Vec<usize>,
}

/// The cotangents of one node, pulled back to one that it reads.
#[derive(Debug)]
pub(crate) struct Pull<T> {
    pub(crate) adjoint: Adjoint<T>,
    /// Whether another node that reads it has written there before.
    pub(crate) adds: bool,
}

impl<T: Float> Tape<T> {
    /// The points have cotangents, too, for whoever asks for them.
    pub(crate) fn new<S: Scalar + Into<f64> + Copy>(
        plan: &Plan,
        network: &Network<S>,
        forms: &[Forms],
        set: InstructionSet,
    ) -> Self {
        let depends = depend(network, |_, operation| {
            operation.number_lists().iter().any(|numbers| numbers.origin().is_some())
        });
        let depends_on_points = depend(network, |node, _| node == NodeId::INPUT);
        let is_wanted = |node: NodeId| depends[node.index()] || depends_on_points[node.index()];
        let channels = |node: NodeId| -> Vec<ChannelId> {
            let forms = &forms[node.index()];
            if depends[node.index()] {
                return forms.present().into_iter().collect();
            }
            forms.point.iter().copied().collect()
        };
        let mut builder = AdjointBuilder::new(plan.algebra(), forms, set);
        let count = network.nodes().len();
        let mut tape = Self {
            places: vec![None; count],
            depends: depends.clone(),
            pulls: std::iter::repeat_with(Vec::new).take(count).collect(),
            buffers: Vec::new(),
        };
        let mut free: Vec<BufferId> = Vec::new();
        let output = network.output();
        if is_wanted(output) {
            tape.reserve(output, channels(output), network, &mut free);
        }
        for (id, node) in network.nodes().rev() {
            let Some(place) = tape.places[id.index()].clone() else { continue };
            for (input, side) in operands(node) {
                let wanted = channels(input);
                if !is_wanted(input) || wanted.is_empty() {
                    continue;
                }
                let adds = tape.places[input.index()].is_some();
                let ends = [&place.channels[..], &wanted[..]];
                let convert = |&weight: &S| T::from_f64(weight.into());
                let adjoint = builder.adjoint(node, (input, side), ends, convert);
                if !adds {
                    tape.reserve(input, wanted, network, &mut free);
                }
                tape.pulls[id.index()].push(Pull { adjoint, adds });
            }
            // The points keep theirs until they are read.
            if id != NodeId::INPUT {
                free.push(place.buffer);
            }
        }
        debug_assert_eq!(tape.verify(), Ok(()));
        tape
    }

    fn verify(&self) -> Result<(), Broken> {
        let targets =
            |pulls: &Vec<Pull<T>>| pulls.iter().map(|pull| (pull.adjoint.input, pull.adds)).collect();
        let pulls: Vec<Vec<Target>> = self.pulls.iter().map(targets).collect();
        let backwards = |has_points: bool| {
            let is_idle = |node| !has_points && self.is_for_points(node);
            verify::backwards(&self.places, &pulls, &self.buffers, is_idle)
        };
        backwards(true).and_then(|()| backwards(false))
    }

    fn reserve<S>(
        &mut self,
        node: NodeId,
        channels: Vec<ChannelId>,
        network: &Network<S>,
        free: &mut Vec<BufferId>,
    ) {
        let features = network.features(node);
        let buffer = free.pop().unwrap_or_else(|| {
            self.buffers.push(0);
            BufferId(self.buffers.len() - 1)
        });
        let size = &mut self.buffers[buffer.0];
        *size = (*size).max(channels.len() * features);
        self.places[node.index()] = Some(CotangentPlace { channels, features, buffer });
    }

    pub(crate) fn place(&self, node: NodeId) -> Option<&CotangentPlace> {
        self.places[node.index()].as_ref()
    }

    /// Takes other derived numbers of the network.
    pub(crate) fn refill(&mut self, derived: &[T]) {
        for pull in self.pulls.iter_mut().flatten() {
            pull.adjoint.refill(derived);
        }
    }

    /// Whether a node leads to no parameter, but to the points alone.
    pub(crate) fn is_for_points(&self, node: NodeId) -> bool {
        !self.depends[node.index()]
    }

    pub(crate) fn pulls(&self, node: NodeId) -> &[Pull<T>] {
        &self.pulls[node.index()]
    }

    /// Numbers per point of the largest cotangents that are added to others.
    pub(crate) fn largest_added(&self) -> usize {
        let pulls = self.pulls.iter().flatten().filter(|pull| pull.adds);
        let places = pulls.filter_map(|pull| self.place(pull.adjoint.input));
        places.map(|place| place.size(1)).max().unwrap_or(0)
    }

    /// The programs of all adjoints.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &CompiledProgram<T>> {
        self.pulls.iter().flatten().filter_map(|pull| pull.adjoint.program())
    }
}

/// Of each node whether its value depends on what `is_source` says.
fn depend<S>(network: &Network<S>, is_source: impl Fn(NodeId, &Operation<S>) -> bool) -> Vec<bool> {
    let mut depends = Vec::new();
    for (id, node) in network.nodes() {
        let inherited = node.operation.inputs().iter().any(|input| depends[input.index()]);
        depends.push(inherited || is_source(id, &node.operation));
    }
    depends
}

/// The nodes to which cotangents go back, each once or, where a rule tells its two sides apart, on each side.
fn operands<S>(node: &Node<S>) -> Vec<(NodeId, Side)> {
    match &node.operation {
        Operation::Product { left, right }
        | Operation::MatrixProduct { left, right, .. }
        | Operation::Select { left, right, .. } => vec![(*left, Side::Left), (*right, Side::Right)],
        // What counts as constant goes nowhere.
        Operation::Maximum { detached: true, .. } | Operation::Compare { .. } => Vec::new(),
        operation => {
            let mut inputs = operation.inputs();
            inputs.sort_unstable();
            inputs.dedup();
            inputs.into_iter().map(|input| (input, Side::Left)).collect()
        }
    }
}
