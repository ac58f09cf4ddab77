//! From the parameters θ to the numbers z of the operations, and networks with other parameters.
//!
//! | notation | name |
//! |---|---|
//! | θ ↦ z | [`Network::prelude`]; none if z = θ |
//! | how many numbers z has | [`Network::derived_len`] |
//! | y = f(x; z) | the network |
//!
//! The prelude is a network like any other: its input is θ, its output z, and its own numbers are constants. So
//! derivatives by θ are those by z, taken through one more network. Checked by
//! `a_network_with_the_parameters_it_has_is_itself` and `a_network_with_other_parameters_is_that_of_another_file`.

use std::ops::Range;

use super::graph::joined_pieces;
use super::{Factor, Matrix, Network, Node, NumberList, Operation, Parameters, Piece, Summand};
use crate::jet::{JetScalar, NotExact};
use crate::reference;

/// Why a network cannot have these parameters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParametersError {
    /// Too few or too many numbers.
    #[error("the network has {expected} parameters, but {found} numbers are given; give one for each")]
    Count {
        /// How many parameters there are.
        expected: usize,
        /// How many numbers there are.
        found: usize,
    },
    /// A weight is derived by a function that this arithmetic does not have.
    #[error("the weights cannot be derived from the parameters; take a network of floats")]
    Function(#[from] NotExact),
}

impl<S> Network<S> {
    /// The parameters, θ, as they were read.
    pub fn parameters(&self) -> &Parameters<S> {
        &self.parameters
    }

    /// θ ↦ z: the network that derives the numbers of the operations from the parameters. None if z = θ.
    pub fn prelude(&self) -> Option<&Self> {
        self.prelude.as_deref()
    }

    /// How many numbers are derived from the parameters: the length of z.
    pub fn derived_len(&self) -> usize {
        self.prelude.as_ref().map_or(self.parameters.len(), |prelude| prelude.outputs())
    }

    /// The same network with a prelude; nothing for z = θ.
    pub(super) fn derived_by(mut self, parameters: Parameters<S>, prelude: Option<Self>) -> Self {
        debug_assert!(prelude.as_ref().is_none_or(|prelude| prelude.inputs() == parameters.len()));
        self.parameters = parameters;
        self.prelude = prelude.map(Box::new);
        self
    }
}

impl<S: JetScalar> Network<S> {
    /// The same network with other parameters θ.
    ///
    /// # Errors
    /// [`ParametersError`] for another number of them.
    ///
    /// # Example: twice the weights
    /// ```
    /// use jetc_runtime::{Matrix, Network};
    /// let weight = Matrix::from_row_major(1, 2, vec![1.0, -1.0]).unwrap();
    /// let network = Network::builder(2).affine(weight, None).build()?;
    /// let twice: Vec<f64> = network.parameters().values().iter().map(|weight| 2.0 * weight).collect();
    /// let weight = Matrix::from_row_major(1, 2, vec![2.0, -2.0]).unwrap();
    /// assert_eq!(network.with_parameters(&twice)?, Network::builder(2).affine(weight, None).build()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_parameters(&self, theta: &[S]) -> Result<Self, ParametersError> {
        let (expected, found) = (self.parameters.len(), theta.len());
        if expected != found {
            return Err(ParametersError::Count { expected, found });
        }
        let derived = match &self.prelude {
            None => theta.to_vec(),
            Some(prelude) => reference::value(prelude, theta)?,
        };
        let mut network = self.clone();
        for node in &mut network.nodes {
            node.operation.refill(&derived);
        }
        network.parameters = self.parameters.with_values(theta.to_vec());
        Ok(network)
    }
}

impl<S: Clone> Network<S> {
    /// The list with entry `order[i]` at place i. Where it is derived from parameters, the prelude derives it in that order.
    pub(super) fn reordered(&mut self, numbers: &NumberList<S>, order: &[usize]) -> NumberList<S> {
        let values: NumberList<S> = order.iter().map(|&place| numbers[place].clone()).collect();
        let Some(origin) = numbers.origin() else { return values };
        let end = origin + numbers.len();
        let is_shared = self.readers_of(&(origin..end)) > 1;
        let theta = Node { operation: Operation::Input, features: self.parameters.len() };
        let prelude = self.prelude.get_or_insert_with(|| Box::new(Self::new(vec![theta])));
        let (last, length) = (prelude.output(), prelude.outputs());
        let piece = |start, length| Piece { source: Some(last), start, step: 1, length };
        let own = order.iter().map(|&place| piece(origin + place, 1));
        // What others read stays where it is.
        let (before, after) = if is_shared { (length, length) } else { (origin, end) };
        let pieces = std::iter::once(piece(0, before)).chain(own).chain([piece(after, length - after)]);
        let operation = Operation::Arrange { pieces: joined_pieces(pieces) };
        let features = before + order.len() + length - after;
        prelude.nodes.push(Node { operation, features });
        values.with_origin(Some(before))
    }

    /// How many lists of numbers stand in this part of z, or reach into it.
    fn readers_of(&self, part: &Range<usize>) -> usize {
        let lists = self.nodes.iter().flat_map(|node| node.operation.number_lists());
        let reaches = |list: &&NumberList<S>| {
            list.origin().is_some_and(|origin| origin < part.end && origin + list.len() > part.start)
        };
        lists.filter(reaches).count()
    }
}

impl<S> Operation<S> {
    /// Applies `change` to every list of numbers.
    pub(crate) fn for_each_list(&mut self, mut change: impl FnMut(&mut NumberList<S>)) {
        match self {
            Self::Affine { weight, bias, .. } => {
                change(weight.numbers_mut());
                bias.iter_mut().for_each(change);
            }
            Self::Combine { summands, constant } => {
                for Summand { factor, .. } in summands {
                    if let Factor::Features(factors) = factor {
                        change(factors);
                    }
                }
                constant.iter_mut().for_each(change);
            }
            _ => {}
        }
    }
}

impl<S: Clone> Operation<S> {
    /// Takes the numbers that are derived from parameters out of `derived`.
    fn refill(&mut self, derived: &[S]) {
        self.for_each_list(|numbers| {
            if let Some(origin) = numbers.origin() {
                *numbers = NumberList::derived(derived[origin..][..numbers.len()].to_vec(), origin);
            }
        });
    }
}

impl<S> Matrix<S> {
    fn numbers_mut(&mut self) -> &mut NumberList<S> {
        &mut self.entries
    }
}

#[cfg(test)]
mod tests {
    use jetc_combinatorics::Rational;

    use super::*;
    use crate::Activation;
    use crate::network::GraphBuilder;

    fn chain(seed: i32) -> Network<Rational> {
        let entries =
            |count: i32, seed: i32| (0..count).map(move |i| Rational::new((i * seed - 3).into(), 7.into()));
        let matrix = |rows, columns, seed| {
            let count = i32::try_from(rows * columns).unwrap();
            Matrix::from_row_major(rows, columns, entries(count, seed).collect()).unwrap()
        };
        Network::builder(2)
            .affine(matrix(3, 2, seed), Some(entries(3, seed + 1).collect()))
            .elementwise(Activation::Square)
            .affine(matrix(1, 3, seed + 2), None)
            .build()
            .unwrap()
    }

    #[test]
    fn a_network_with_the_parameters_it_has_is_itself() {
        let (network, other) = (chain(2), chain(5));
        let tensors = network.parameters().tensors().iter();
        let tensors: Vec<_> = tensors.map(|p| (p.name.as_str(), &p.shape[..], p.offset)).collect();
        let expected: [(&str, &[usize], usize); 3] =
            [("layers.0.weight", &[3, 2], 0), ("layers.0.bias", &[3], 6), ("layers.1.weight", &[1, 3], 9)];
        assert_eq!(tensors, expected);
        assert!(network.prelude().is_none());
        assert_eq!(network.with_parameters(network.parameters().values()).unwrap(), network);
        assert_eq!(network.with_parameters(other.parameters().values()).unwrap(), other);
        assert_ne!(network, other);
    }

    #[test]
    fn every_parameter_has_a_number() {
        let error = chain(2).with_parameters(&[]).unwrap_err();
        assert_eq!(error, ParametersError::Count { expected: 12, found: 0 });
        assert_eq!(
            error.to_string(),
            "the network has 12 parameters, but 0 numbers are given; give one for each"
        );
    }

    #[test]
    fn a_converted_network_has_converted_parameters() {
        let mut graph = GraphBuilder::<f64>::new(1);
        let weight = graph.parameter("w", &[1, 1], vec![0.5]).unwrap();
        let factor = graph.apply(Activation::Exp, weight).unwrap();
        let output = graph.affine(graph.input(), factor, None).unwrap();
        let network = graph.build(output).unwrap();
        #[allow(clippy::cast_possible_truncation, reason = "one half is exact")]
        let single = network.map(|&number| number as f32);
        assert_eq!(single.parameters().values(), [0.5f32]);
        let moved = single.with_parameters(&[0.0]).unwrap();
        assert_eq!(moved.prelude().map(|prelude| prelude.prelude().is_none()), Some(true));
        let Operation::Affine { weight, .. } = &moved.nodes[1].operation else { panic!("one affine map") };
        assert_eq!(weight.entries(), [1.0f32]);
    }
}
