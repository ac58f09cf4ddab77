//! The primitive operations: everything else is composed of them.
//!
//! | operation | rule in a jet algebra |
//! |---|---|
//! | [`Operation::Affine`], [`Operation::Arrange`], [`Operation::Combine`] | linear: every channel alike, constants on channel 0 alone |
//! | [`Operation::Elementwise`] | g(h₀ + N) = Σₖ g⁽ᵏ⁾(h₀)/k! Nᵏ |
//! | [`Operation::Product`], [`Operation::MatrixProduct`] | the product table |
//! | [`Operation::Maximum`], [`Operation::Select`] | every channel is taken from where channel 0 says |
//! | [`Operation::Compare`] | of channel 0 alone; all others vanish |
//! | [`Operation::Custom`] | the library user's |

use std::sync::Arc;

use jetc_operators::topology;

use super::{Choice, CustomNode, Matrix, NodeId, NumberList, Relation};
use crate::activation::Function;

/// What a node computes.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation<S> {
    /// The point itself.
    Input,
    /// y = W x + b for each block of `weight.columns()` consecutive features; in jets, W acts on every channel and b on
    /// the value alone.
    Affine {
        /// The node that x comes from.
        input: NodeId,
        /// W, shape \[features out, features in\].
        weight: Matrix<S>,
        /// b, one entry for each feature out.
        bias: Option<NumberList<S>>,
    },
    /// Features of other nodes in a new order: slices, concatenations, transposes, repetitions, zeros.
    Arrange {
        /// What stands in the result, one piece after another.
        pieces: Vec<Piece>,
    },
    /// y = Σ factor ⊙ x + constant, of nodes with equally many features.
    Combine {
        /// The summands; without any, the constant stands alone.
        summands: Vec<Summand<S>>,
        /// Added to the value, one entry for each feature.
        constant: Option<NumberList<S>>,
    },
    /// y = g(x) for each feature.
    Elementwise {
        /// The node that x comes from.
        input: NodeId,
        /// g
        activation: Function,
    },
    /// y = u ⊙ v, feature by feature.
    Product {
        /// u
        left: NodeId,
        /// v
        right: NodeId,
    },
    /// Y = U V, for each of a number of matrices.
    MatrixProduct {
        /// U, shape \[batch, rows, inner\].
        left: NodeId,
        /// V, shape \[batch, inner, columns\].
        right: NodeId,
        /// The shapes.
        shape: MatrixShape,
    },
    /// The largest of each block of `count` consecutive features, the first of them if there are several.
    Maximum {
        /// The node that is read.
        input: NodeId,
        /// How many features compete.
        count: usize,
        /// Whether the result counts as constant: its derivatives vanish. Softmax and the like, which do not depend on
        /// what is subtracted, take it so.
        detached: bool,
    },
    /// u or v, feature by feature and with all channels: nothing of the other one is read.
    Select {
        /// What decides.
        choice: Choice,
        /// u
        left: NodeId,
        /// v
        right: NodeId,
    },
    /// 1 where a relation holds between two values, else 0; its derivatives vanish.
    Compare {
        /// The relation.
        relation: Relation,
        /// What stands on its left.
        left: NodeId,
        /// What stands on its right.
        right: NodeId,
    },
    /// A node of the library's user.
    Custom {
        /// The nodes that are read.
        inputs: Vec<NodeId>,
        /// What it computes.
        node: Arc<dyn CustomNode>,
    },
}

/// Equally spaced features of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The node; nothing for zeros.
    pub source: Option<NodeId>,
    /// The first feature.
    pub start: usize,
    /// From one feature to the next; 0 repeats one.
    pub step: isize,
    /// How many features.
    pub length: usize,
}

impl Piece {
    /// The feature of the source that stands at `position` of the piece.
    pub fn feature(&self, position: usize) -> usize {
        self.start.wrapping_add_signed(self.step.wrapping_mul(position.cast_signed()))
    }
}

/// factor ⊙ x.
#[derive(Debug, Clone, PartialEq)]
pub struct Summand<S> {
    /// The node that x comes from.
    pub input: NodeId,
    /// What it is multiplied with.
    pub factor: Factor<S>,
}

/// The factor of a summand.
#[derive(Debug, Clone, PartialEq)]
pub enum Factor<S> {
    /// The same for every feature.
    Scalar(S),
    /// One for each feature.
    Features(NumberList<S>),
}

impl<S> Factor<S> {
    /// The factor of one feature.
    pub fn at(&self, feature: usize) -> &S {
        match self {
            Self::Scalar(factor) => factor,
            Self::Features(factors) => &factors[feature],
        }
    }

    fn map<T>(&self, convert: &impl Fn(&S) -> T) -> Factor<T> {
        match self {
            Self::Scalar(factor) => Factor::Scalar(convert(factor)),
            Self::Features(factors) => Factor::Features(factors.map(convert)),
        }
    }
}

/// How many matrices of which shape are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatrixShape {
    /// How many products.
    pub batch: usize,
    /// Rows of U and of the result.
    pub rows: usize,
    /// Columns of U, rows of V.
    pub inner: usize,
    /// Columns of V and of the result.
    pub columns: usize,
}

impl<S> Operation<S> {
    /// The nodes it reads, each as often as it is read.
    pub fn inputs(&self) -> Vec<NodeId> {
        match self {
            Self::Input => Vec::new(),
            Self::Affine { input, .. } | Self::Elementwise { input, .. } | Self::Maximum { input, .. } => {
                vec![*input]
            }
            Self::Arrange { pieces } => pieces.iter().filter_map(|piece| piece.source).collect(),
            Self::Combine { summands, .. } => summands.iter().map(|summand| summand.input).collect(),
            Self::Product { left, right }
            | Self::MatrixProduct { left, right, .. }
            | Self::Compare { left, right, .. } => vec![*left, *right],
            Self::Select { choice, left, right } => {
                choice.condition().into_iter().chain([*left, *right]).collect()
            }
            Self::Custom { inputs, .. } => inputs.clone(),
        }
    }

    /// What to call it in print.
    pub fn name(&self) -> String {
        match self {
            Self::Input => "input".to_owned(),
            Self::Affine { .. } => "affine".to_owned(),
            Self::Arrange { .. } => "arrange".to_owned(),
            Self::Combine { .. } => "combine".to_owned(),
            Self::Elementwise { activation, .. } => activation.to_string(),
            Self::Product { .. } => "product".to_owned(),
            Self::MatrixProduct { .. } => "matrix-product".to_owned(),
            Self::Maximum { .. } => "maximum".to_owned(),
            Self::Select { choice, .. } => choice.name().to_owned(),
            Self::Compare { relation, .. } => relation.name().to_owned(),
            Self::Custom { node, .. } => node.name().to_owned(),
        }
    }

    /// The lists of its numbers.
    pub(crate) fn number_lists(&self) -> Vec<&NumberList<S>> {
        match self {
            Self::Affine { weight, bias, .. } => std::iter::once(weight.numbers()).chain(bias).collect(),
            Self::Combine { summands, constant } => {
                let factors = summands.iter().filter_map(|summand| match &summand.factor {
                    Factor::Scalar(_) => None,
                    Factor::Features(factors) => Some(factors),
                });
                factors.chain(constant).collect()
            }
            _ => Vec::new(),
        }
    }

    /// How many numbers were trained, or could be.
    pub fn trainable_numbers(&self) -> usize {
        match self {
            Self::Affine { weight, bias, .. } => {
                weight.entries().len() + bias.as_deref().map_or(0, <[S]>::len)
            }
            Self::Combine { summands, constant } => {
                let factors = summands.iter().map(|summand| match &summand.factor {
                    Factor::Scalar(_) => 0,
                    Factor::Features(factors) => factors.len(),
                });
                factors.sum::<usize>() + constant.as_deref().map_or(0, <[S]>::len)
            }
            _ => 0,
        }
    }

    /// The same operation without its numbers, for a result of `features` features.
    pub(super) fn topology(&self, features: usize) -> topology::Node {
        let positions = |nodes: &[NodeId]| {
            let mut positions: Vec<usize> = nodes.iter().map(|node| node.index()).collect();
            positions.sort_unstable();
            positions.dedup();
            positions
        };
        let size = features as u64;
        let (operation, work) = match self {
            Self::Input => (topology::Operation::Input, 0),
            Self::Affine { weight, .. } => (
                topology::Operation::Linear { inputs: positions(&self.inputs()) },
                2 * size * weight.columns() as u64,
            ),
            Self::Arrange { .. } => (topology::Operation::Linear { inputs: positions(&self.inputs()) }, 0),
            Self::Combine { summands, .. } => {
                let work = 2 * size * summands.len() as u64;
                (topology::Operation::Linear { inputs: positions(&self.inputs()) }, work)
            }
            Self::Elementwise { input, .. } => {
                (topology::Operation::Elementwise { input: input.index() }, size)
            }
            Self::Product { left, right } => {
                (topology::Operation::Product { left: left.index(), right: right.index() }, size)
            }
            Self::MatrixProduct { left, right, shape } => {
                let operation = topology::Operation::Product { left: left.index(), right: right.index() };
                (operation, size * shape.inner as u64)
            }
            Self::Maximum { input, count, detached: true } => {
                (topology::Operation::Detached { inputs: positions(&[*input]) }, size * *count as u64)
            }
            Self::Maximum { input, count, .. } => {
                let (inputs, deciding) = (positions(&[*input]), positions(&[*input]));
                (topology::Operation::Selection { inputs, deciding }, size * *count as u64)
            }
            Self::Select { choice, left, right } => {
                let inputs = positions(&[*left, *right]);
                let deciding = choice.condition().map_or_else(|| inputs.clone(), |node| positions(&[node]));
                (topology::Operation::Selection { inputs, deciding }, size)
            }
            Self::Compare { left, right, .. } => {
                (topology::Operation::Detached { inputs: positions(&[*left, *right]) }, size)
            }
            Self::Custom { inputs, .. } => {
                (topology::Operation::Analytic { inputs: positions(inputs) }, size)
            }
        };
        topology::Node { operation, features, name: self.name(), work }
    }

    /// The same operation on other nodes.
    pub(super) fn renamed(self, rename: impl Fn(NodeId) -> NodeId) -> Self {
        match self {
            Self::Input => Self::Input,
            Self::Affine { input, weight, bias } => Self::Affine { input: rename(input), weight, bias },
            Self::Arrange { pieces } => {
                let piece = |piece: Piece| Piece { source: piece.source.map(&rename), ..piece };
                Self::Arrange { pieces: pieces.into_iter().map(piece).collect() }
            }
            Self::Combine { summands, constant } => {
                let summand = |summand: Summand<S>| Summand { input: rename(summand.input), ..summand };
                Self::Combine { summands: summands.into_iter().map(summand).collect(), constant }
            }
            Self::Elementwise { input, activation } => Self::Elementwise { input: rename(input), activation },
            Self::Product { left, right } => Self::Product { left: rename(left), right: rename(right) },
            Self::MatrixProduct { left, right, shape } => {
                Self::MatrixProduct { left: rename(left), right: rename(right), shape }
            }
            Self::Maximum { input, count, detached } => {
                Self::Maximum { input: rename(input), count, detached }
            }
            Self::Select { choice, left, right } => {
                Self::Select { choice: choice.renamed(&rename), left: rename(left), right: rename(right) }
            }
            Self::Compare { relation, left, right } => {
                Self::Compare { relation, left: rename(left), right: rename(right) }
            }
            Self::Custom { inputs, node } => {
                Self::Custom { inputs: inputs.into_iter().map(rename).collect(), node }
            }
        }
    }

    /// The same operation with every number converted.
    pub(super) fn map<T>(&self, convert: &impl Fn(&S) -> T) -> Operation<T> {
        let all = |numbers: &NumberList<S>| numbers.map(convert);
        match self {
            Self::Input => Operation::Input,
            Self::Affine { input, weight, bias } => {
                Operation::Affine { input: *input, weight: weight.map(convert), bias: bias.as_ref().map(all) }
            }
            Self::Arrange { pieces } => Operation::Arrange { pieces: pieces.clone() },
            Self::Combine { summands, constant } => Operation::Combine {
                summands: summands
                    .iter()
                    .map(|summand| Summand { input: summand.input, factor: summand.factor.map(convert) })
                    .collect(),
                constant: constant.as_ref().map(all),
            },
            Self::Elementwise { input, activation } => {
                Operation::Elementwise { input: *input, activation: activation.clone() }
            }
            Self::Product { left, right } => Operation::Product { left: *left, right: *right },
            Self::MatrixProduct { left, right, shape } => {
                Operation::MatrixProduct { left: *left, right: *right, shape: *shape }
            }
            Self::Maximum { input, count, detached } => {
                Operation::Maximum { input: *input, count: *count, detached: *detached }
            }
            Self::Select { choice, left, right } => {
                Operation::Select { choice: *choice, left: *left, right: *right }
            }
            Self::Compare { relation, left, right } => {
                Operation::Compare { relation: *relation, left: *left, right: *right }
            }
            Self::Custom { inputs, node } => {
                Operation::Custom { inputs: inputs.clone(), node: Arc::clone(node) }
            }
        }
    }
}
