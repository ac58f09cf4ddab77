//! The numbers of a network with their places: those that are NaN or infinite, and those that a type cannot hold.
//!
//! Checked by `numbers_that_are_not_finite_are_found_with_their_place`.

use std::fmt;

use jetc_operators::printable;

use super::{Factor, Network, Operation};
use crate::activation::Function;

/// One number of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkNumber {
    /// The position of its node.
    pub node: usize,
    /// The node's operation.
    pub operation: String,
    /// What it is there.
    pub part: NumberPart,
    /// The number.
    pub number: f64,
}

/// What a number is in its node; positions count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberPart {
    /// An entry of a weight.
    Weight {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// An entry of a bias.
    Bias(usize),
    /// A factor that a feature is multiplied with.
    Factor(usize),
    /// What is added to a feature.
    Constant(usize),
    /// A parameter of an elementwise function.
    Parameter(&'static str),
}

impl fmt::Display for NetworkNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, operation, part, number } = self;
        match part {
            NumberPart::Weight { row, column } => write!(f, "entry [{row}, {column}] of the weight")?,
            NumberPart::Bias(entry) => write!(f, "entry [{entry}] of the bias")?,
            NumberPart::Factor(feature) => write!(f, "the factor of feature {feature}")?,
            NumberPart::Constant(feature) => write!(f, "the constant of feature {feature}")?,
            NumberPart::Parameter(name) => write!(f, "the parameter {name}")?,
        }
        write!(f, " of node n{node} ({}) is {number:e}", printable(operation))
    }
}

impl<S: Copy + Into<f64>> Network<S> {
    /// The first weight or factor that is NaN or infinite, or number to be added that is NaN or +∞: −∞ may mask what it is
    /// added to.
    pub fn unsound_number(&self) -> Option<NetworkNumber> {
        self.find_number(|number, part| match part {
            NumberPart::Weight { .. } | NumberPart::Factor(_) => !number.is_finite(),
            NumberPart::Bias(_) | NumberPart::Constant(_) => number.is_nan() || number >= f64::INFINITY,
            NumberPart::Parameter(_) => number.is_nan(),
        })
    }

    /// The first number, in order of the nodes, that is `wrong` where it stands.
    pub(crate) fn find_number(&self, wrong: impl Fn(f64, NumberPart) -> bool) -> Option<NetworkNumber> {
        self.nodes().find_map(|(id, node)| {
            let (part, number) = find(&node.operation, &wrong)?;
            Some(NetworkNumber { node: id.index(), operation: node.operation.name(), part, number })
        })
    }
}

fn find<S: Copy + Into<f64>>(
    operation: &Operation<S>,
    wrong: &impl Fn(f64, NumberPart) -> bool,
) -> Option<(NumberPart, f64)> {
    let among = |numbers: &[S], part: &dyn Fn(usize) -> NumberPart| {
        let numbers = numbers.iter().enumerate().map(|(at, &number)| (part(at), number.into()));
        numbers.into_iter().find(|&(part, number)| wrong(number, part))
    };
    match operation {
        Operation::Affine { weight, bias, .. } => {
            let columns = weight.columns().max(1);
            let part = |at| NumberPart::Weight { row: at / columns, column: at % columns };
            let bias = || among(bias.as_ref()?, &NumberPart::Bias);
            among(weight.entries(), &part).or_else(bias)
        }
        Operation::Combine { summands, constant } => {
            let factor = |factor: &Factor<S>| match factor {
                Factor::Scalar(number) => among(std::slice::from_ref(number), &NumberPart::Factor),
                Factor::Features(numbers) => among(numbers, &NumberPart::Factor),
            };
            let constant = || among(constant.as_ref()?, &NumberPart::Constant);
            summands.iter().find_map(|summand| factor(&summand.factor)).or_else(constant)
        }
        Operation::Elementwise { activation: Function::Known(activation), .. } => {
            let parameters = activation.parameters().into_iter();
            let mut parameters = parameters.map(|(name, value)| (NumberPart::Parameter(name), value.value()));
            parameters.find(|&(part, number)| wrong(number, part))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GraphBuilder, Matrix};
    use crate::{Activation, Network};

    fn chain(weight: [f64; 2], bias: f64) -> Network<f64> {
        let weight = Matrix::from_row_major(1, 2, weight.to_vec()).unwrap();
        Network::builder(2).affine(weight, Some(vec![bias])).elementwise(Activation::Tanh).build().unwrap()
    }

    #[test]
    fn numbers_that_are_not_finite_are_found_with_their_place() {
        assert_eq!(chain([1.0, -1e300], 0.0).unsound_number(), None);
        let found = chain([1.0, f64::INFINITY], 0.0).unsound_number().unwrap();
        assert_eq!((found.node, found.part), (1, NumberPart::Weight { row: 0, column: 1 }));
        assert_eq!(found.to_string(), "entry [0, 1] of the weight of node n1 (affine) is inf");
        let found = chain([1.0, 0.0], f64::NAN).unsound_number().unwrap();
        assert_eq!(found.part, NumberPart::Bias(0));
    }

    #[test]
    fn a_mask_may_be_infinite_but_not_a_factor() {
        let graph = |factor: f64, constant: f64| {
            let mut graph = GraphBuilder::new(1);
            let x = graph.input();
            let mask = graph.constant(&[1], vec![constant]).unwrap();
            let scaled = graph.scale(x, factor).unwrap();
            let sum = graph.add(scaled, mask).unwrap();
            graph.build(sum).unwrap()
        };
        assert_eq!(graph(2.0, f64::NEG_INFINITY).unsound_number(), None);
        assert!(graph(f64::INFINITY, 0.0).unsound_number().is_some());
        assert!(graph(2.0, f64::NAN).unsound_number().is_some());
        assert!(graph(2.0, f64::INFINITY).unsound_number().is_some());
    }
}
