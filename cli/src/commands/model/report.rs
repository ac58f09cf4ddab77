//! What there is to say about a network.

use jetc_operators::spec::Options;
use jetc_operators::topology::Operation as Kind;
use jetc_operators::{Precision, Strategy, builtin, counted};
use jetc_runtime::Network;
use jetc_runtime::activation::Smoothness;
use jetc_runtime::network::{Factor, Operation};

/// Operators whose channels are counted.
const COUNTED: [&str; 2] = ["laplacian", "biharmonic"];

/// Up to so many inputs, for plans of many coordinates take their time.
const MOST_INPUTS_COUNTED: usize = 64;

/// A network in words and numbers.
pub(super) struct Report {
    pub(super) nodes: Vec<NodeLine>,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) input_names: Option<Vec<String>>,
    pub(super) output_names: Option<Vec<String>>,
    pub(super) parameters: usize,
    /// Floating-point operations of linear nodes for one channel and one point.
    pub(super) linear_work: u64,
    /// Multiplications of all other nodes for one product of channels and one point.
    pub(super) product_work: u64,
    pub(super) operators: Vec<Fitting>,
}

/// One node.
pub(super) struct NodeLine {
    /// The operation with its parameters.
    pub(super) operation: String,
    /// Positions of the nodes that are read.
    pub(super) reads: Vec<usize>,
    pub(super) features: usize,
    pub(super) smoothness: Smoothness,
}

/// A built-in operator with as many coordinates and fields as the network has inputs and outputs.
pub(super) struct Fitting {
    pub(super) name: &'static str,
    /// The channels of its cheapest plan, where they were counted.
    pub(super) channels: Option<usize>,
}

impl Report {
    pub(super) fn new(network: &Network<f64>) -> Self {
        let topology = network.topology();
        let nodes = network.nodes().zip(topology.nodes()).map(|((_, node), place)| NodeLine {
            operation: describe(&node.operation),
            reads: place.inputs(),
            features: node.features,
            smoothness: node.operation.smoothness(),
        });
        let work = |is_linear: bool| {
            let nodes = topology.nodes().iter();
            nodes
                .filter(|node| matches!(node.operation, Kind::Linear { .. }) == is_linear)
                .map(|n| n.work)
                .sum()
        };
        Self {
            nodes: nodes.collect(),
            inputs: network.inputs(),
            outputs: network.outputs(),
            input_names: network.input_names().map(<[String]>::to_vec),
            output_names: network.output_names().map(<[String]>::to_vec),
            parameters: network.trainable_numbers(),
            linear_work: work(true),
            product_work: work(false),
            operators: fitting(network),
        }
    }

    /// The nodes that are not smooth everywhere, by position.
    pub(super) fn rough(&self) -> impl Iterator<Item = (usize, &NodeLine)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.smoothness != Smoothness::Smooth)
    }
}

/// The operation with its parameters.
fn describe(operation: &Operation<f64>) -> String {
    let name = operation.name();
    match operation {
        Operation::Affine { weight, bias, .. } => {
            let bias = if bias.is_some() { " + bias" } else { "" };
            format!("{name} [{}, {}]{bias}", weight.rows(), weight.columns())
        }
        Operation::Arrange { pieces } => format!("{name} {}", counted(pieces.len(), "piece")),
        Operation::Combine { summands, constant } => {
            let factor = |factor: &Factor<f64>| match factor {
                Factor::Scalar(factor) => factor.to_string(),
                Factor::Features(factors) => format!("[{}]", factors.len()),
            };
            let mut terms: Vec<String> = summands.iter().map(|summand| factor(&summand.factor)).collect();
            terms.extend(constant.as_ref().map(|_| "constant".to_owned()));
            format!("{name} {}", terms.join(", "))
        }
        Operation::MatrixProduct { shape, .. } => {
            let (batch, rows, inner, columns) = (shape.batch, shape.rows, shape.inner, shape.columns);
            format!("{name} {batch} × [{rows}, {inner}] [{inner}, {columns}]")
        }
        Operation::Maximum { count, detached, .. } => {
            let detached = if *detached { ", constant" } else { "" };
            format!("{name} of {count}{detached}")
        }
        _ => name,
    }
}

fn fitting(network: &Network<f64>) -> Vec<Fitting> {
    let (inputs, outputs) = (network.inputs(), network.outputs());
    let operators = builtin::ALL.iter().filter(|builtin| builtin.fits(inputs, outputs)).map(|builtin| {
        let is_counted = COUNTED.contains(&builtin.name) && inputs <= MOST_INPUTS_COUNTED;
        let plan = is_counted.then(|| {
            let spec = builtin.fitted(&Options::default(), inputs).ok()?;
            spec.plan_for(Strategy::Auto, &network.topology(), Precision::Double).ok()
        });
        Fitting { name: builtin.name, channels: plan.flatten().map(|plan| plan.algebra().dimension()) }
    });
    operators.collect()
}
