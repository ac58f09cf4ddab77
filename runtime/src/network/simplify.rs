//! Fewer nodes for the same function: what importers write in pieces becomes one affine map, and what nobody reads goes.
//!
//! | before | after |
//! |---|---|
//! | factor ⊙ (W x + b) + c | W′ x + b′ |
//! | W (factor ⊙ x + c) + b | W′ x + b′ |
//! | Σ factor ⊙ (Σ factor ⊙ x + c) + c | one combination |
//! | V (W x + b) + c, if V W is no larger than V and W | W′ x + b′ |
//!
//! Each joins a node with the one it reads, and only where nobody else reads that one. Checked by
//! `simplified_networks_compute_the_same`.

use super::{Factor, Matrix, Node, NodeId, NumberList, Operation, Summand};
use crate::reference::ReferenceScalar;

/// The nodes that `output` needs, joined where possible; the output comes last.
pub(super) fn simplify<S: ReferenceScalar>(mut nodes: Vec<Node<S>>, output: NodeId) -> Vec<Node<S>> {
    let mut readers = readers(&nodes, output);
    for number in 0..nodes.len() {
        // What nobody reads must not absorb what somebody does.
        if readers[number] == 0 {
            continue;
        }
        // A node that was joined may be joined again.
        while let Some(joined) = joined(&nodes, &readers, number) {
            let Joined { operation, absorbed } = joined;
            readers[absorbed.index()] -= 1;
            // The readers of what the absorbed node reads stay as many: it loses one and the joined node is one more.
            nodes[number].operation = operation;
            nodes[absorbed.index()].operation = Operation::Combine { summands: Vec::new(), constant: None };
        }
    }
    compact(nodes, output)
}

struct Joined<S> {
    operation: Operation<S>,
    absorbed: NodeId,
}

/// How often each node is read; the output once more.
fn readers<S>(nodes: &[Node<S>], output: NodeId) -> Vec<usize> {
    let mut readers = vec![0; nodes.len()];
    let mut needed = vec![false; nodes.len()];
    needed[output.index()] = true;
    readers[output.index()] = 1;
    for number in (0..nodes.len()).rev().filter(|&number| number <= output.index()) {
        if needed[number] {
            for input in nodes[number].operation.inputs() {
                readers[input.index()] += 1;
                needed[input.index()] = true;
            }
        }
    }
    readers
}

fn joined<S: ReferenceScalar>(nodes: &[Node<S>], readers: &[usize], number: usize) -> Option<Joined<S>> {
    let node = &nodes[number];
    let alone = |input: NodeId| readers[input.index()] == 1;
    match &node.operation {
        Operation::Combine { summands, constant } => {
            if let [summand] = &summands[..]
                && alone(summand.input)
                && let Operation::Affine { input, weight, bias } = &nodes[summand.input.index()].operation
                && let Some(operation) =
                    scaled_affine(*input, weight, bias.as_deref(), &summand.factor, constant.as_deref())
            {
                return Some(Joined { operation, absorbed: summand.input });
            }
            let inner = summands.iter().position(|summand| {
                let is_combination = |summand: &Summand<S>| {
                    matches!(&nodes[summand.input.index()].operation, Operation::Combine { summands, .. } if !summands.is_empty())
                };
                alone(summand.input) && is_combination(summand)
            })?;
            let absorbed = summands[inner].input;
            let operation = nested(
                node.features,
                summands,
                constant.as_deref(),
                inner,
                &nodes[absorbed.index()].operation,
            )?;
            Some(Joined { operation, absorbed })
        }
        Operation::Affine { input, weight, bias } if alone(*input) => {
            let operation = match &nodes[input.index()].operation {
                Operation::Combine { summands, constant } => {
                    let [summand] = &summands[..] else { return None };
                    affine_of_scaled(weight, bias.as_deref(), summand, constant.as_deref())
                }
                Operation::Affine { input, weight: inner, bias: shift } => {
                    composed(*input, weight, bias.as_deref(), inner, shift.as_deref())
                }
                _ => None,
            }?;
            Some(Joined { operation, absorbed: *input })
        }
        _ => None,
    }
}

/// One period of a factor or constant that repeats for every block of an affine map.
fn period<S: Clone + PartialEq>(entries: &[S], length: usize) -> Option<&[S]> {
    let first = entries.get(..length)?;
    entries.chunks(length.max(1)).all(|block| block == first).then_some(first)
}

/// Entry i of a factor that repeats with this period.
fn periodic<S: Clone + PartialEq>(factor: &Factor<S>, length: usize) -> Option<Vec<S>> {
    match factor {
        Factor::Scalar(factor) => Some(vec![factor.clone(); length]),
        Factor::Features(factors) => period(factors, length).map(<[S]>::to_vec),
    }
}

/// factor ⊙ (W x + b) + c
fn scaled_affine<S: ReferenceScalar>(
    input: NodeId,
    weight: &Matrix<S>,
    bias: Option<&[S]>,
    factor: &Factor<S>,
    constant: Option<&[S]>,
) -> Option<Operation<S>> {
    let rows = weight.rows();
    let factor = periodic(factor, rows)?;
    let constant = match constant {
        Some(constant) => Some(period(constant, rows)?),
        None => None,
    };
    let entries = (0..rows).flat_map(|i| weight.row(i).iter().map(|w| w.mul(&factor[i])).collect::<Vec<_>>());
    let weight = Matrix::from_row_major(rows, weight.columns(), entries.collect())?;
    let scaled = |i: usize| bias.map(|bias| bias[i].mul(&factor[i]));
    let bias = (bias.is_some() || constant.is_some()).then(|| {
        let entry = |i: usize| match (scaled(i), constant.map(|constant| &constant[i])) {
            (Some(b), Some(c)) => b.add(c),
            (Some(b), None) => b,
            (None, Some(c)) => c.clone(),
            (None, None) => S::zero(),
        };
        (0..rows).map(entry).collect()
    });
    Some(Operation::Affine { input, weight, bias })
}

/// W (factor ⊙ x + c) + b
fn affine_of_scaled<S: ReferenceScalar>(
    weight: &Matrix<S>,
    bias: Option<&[S]>,
    summand: &Summand<S>,
    constant: Option<&[S]>,
) -> Option<Operation<S>> {
    let columns = weight.columns();
    let factor = periodic(&summand.factor, columns)?;
    let constant = match constant {
        Some(constant) => Some(period(constant, columns)?),
        None => None,
    };
    let bias = (bias.is_some() || constant.is_some()).then(|| {
        let entry = |i: usize| {
            let start = bias.map_or_else(S::zero, |bias| bias[i].clone());
            let constant = constant.unwrap_or_default();
            weight.row(i).iter().zip(constant).fold(start, |sum, (w, c)| w.mul_add(c, &sum))
        };
        (0..weight.rows()).map(entry).collect()
    });
    let entries = (0..weight.rows())
        .flat_map(|i| weight.row(i).iter().zip(&factor).map(|(w, f)| w.mul(f)).collect::<Vec<_>>());
    let weight = Matrix::from_row_major(weight.rows(), columns, entries.collect())?;
    Some(Operation::Affine { input: summand.input, weight, bias })
}

/// V (W x + b) + c
fn composed<S: ReferenceScalar>(
    input: NodeId,
    outer: &Matrix<S>,
    outer_bias: Option<&[S]>,
    inner: &Matrix<S>,
    inner_bias: Option<&[S]>,
) -> Option<Operation<S>> {
    let size = |matrix: &Matrix<S>| matrix.rows() * matrix.columns();
    // Blocks of the outer map must be whole outputs of the inner one, or the product is no block map.
    let is_smaller = outer.rows().checked_mul(inner.columns())? <= size(outer) + size(inner);
    if outer.columns() != inner.rows() || !is_smaller {
        return None;
    }
    let row = |i: usize| {
        let mut sums = vec![S::zero(); inner.columns()];
        for (k, v) in outer.row(i).iter().enumerate() {
            for (sum, w) in sums.iter_mut().zip(inner.row(k)) {
                *sum = v.mul_add(w, sum);
            }
        }
        sums
    };
    let weight =
        Matrix::from_row_major(outer.rows(), inner.columns(), (0..outer.rows()).flat_map(row).collect())?;
    let bias = (outer_bias.is_some() || inner_bias.is_some()).then(|| {
        let entry = |i: usize| {
            let start = outer_bias.map_or_else(S::zero, |bias| bias[i].clone());
            outer
                .row(i)
                .iter()
                .zip(inner_bias.unwrap_or_default())
                .fold(start, |sum, (v, b)| v.mul_add(b, &sum))
        };
        (0..outer.rows()).map(entry).collect()
    });
    Some(Operation::Affine { input, weight, bias })
}

/// The summands of an inner combination in place of it.
fn nested<S: ReferenceScalar>(
    features: usize,
    summands: &[Summand<S>],
    constant: Option<&[S]>,
    position: usize,
    inner: &Operation<S>,
) -> Option<Operation<S>> {
    let Operation::Combine { summands: inner_summands, constant: inner_constant } = inner else {
        return None;
    };
    let outer = &summands[position].factor;
    let product = |factor: &Factor<S>| match (outer, factor) {
        (Factor::Scalar(a), Factor::Scalar(b)) => Factor::Scalar(a.mul(b)),
        _ => Factor::Features((0..features).map(|i| outer.at(i).mul(factor.at(i))).collect()),
    };
    let replaced = inner_summands.iter().map(|s| Summand { input: s.input, factor: product(&s.factor) });
    let mut joined: Vec<Summand<S>> = summands[..position].to_vec();
    joined.extend(replaced);
    joined.extend_from_slice(&summands[position + 1..]);
    let scaled = inner_constant.as_ref().map(|inner| {
        let scaled = inner.iter().enumerate().map(|(i, c)| outer.at(i).mul(c));
        scaled.collect::<Vec<S>>()
    });
    let constant = match (constant, scaled) {
        (Some(a), Some(b)) => Some(a.iter().zip(&b).map(|(a, b)| a.add(b)).collect()),
        (Some(a), None) => Some(a.to_vec()),
        (None, b) => b,
    };
    let constant = constant.map(NumberList::from);
    Some(Operation::Combine { summands: joined, constant })
}

/// Only what the output needs, numbered anew. The input stays, whether it is read or not.
fn compact<S>(nodes: Vec<Node<S>>, output: NodeId) -> Vec<Node<S>> {
    let needed = readers(&nodes, output);
    let mut names: Vec<Option<NodeId>> = vec![None; nodes.len()];
    let mut kept = Vec::new();
    for (number, node) in nodes.into_iter().enumerate().take(output.index() + 1) {
        if number > 0 && needed[number] == 0 {
            continue;
        }
        names[number] = Some(NodeId::new(kept.len()));
        let rename =
            |old: NodeId| names[old.index()].expect("a node comes after those it reads, which are kept");
        kept.push(Node { operation: node.operation.renamed(rename), features: node.features });
    }
    kept
}
