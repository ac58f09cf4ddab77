//! Fewer nodes for the same function: what importers write in pieces becomes one affine map, and what nobody reads goes.
//!
//! | before | after |
//! |---|---|
//! | factor ⊙ (W x + b) + c | W′ x + b′ |
//! | W (factor ⊙ x + c) + b | W′ x + b′ |
//! | Σ factor ⊙ (Σ factor ⊙ x + c) + c | one combination |
//! | V (W x + b) + c, if V W is no larger than V and W | W′ x + b′ |
//!
//! Each joins a node with the one it reads, and only where nobody else reads that one. Where numbers come from parameters,
//! the prelude computes the same with them. Checked by `simplified_networks_compute_the_same` and
//! `derived_constants_follow_their_parameters`.

use super::{
    Factor, GraphBuilder, GraphError, Matrix, Node, NodeId, NumberList, Operation, Summand, TensorId,
};
use crate::jet::JetScalar;

/// The prelude, where there are parameters: what is done to the numbers of operations is done there, too.
type Prelude<'a, S> = Option<&'a mut GraphBuilder<S>>;

/// The nodes that `output` needs, joined where possible; the output comes last.
pub(super) fn simplify<S: JetScalar + PartialEq>(
    mut nodes: Vec<Node<S>>,
    output: NodeId,
    mut prelude: Prelude<'_, S>,
) -> Vec<Node<S>> {
    let mut readers = readers(&nodes, output);
    for number in 0..nodes.len() {
        // What nobody reads must not absorb what somebody does.
        if readers[number] == 0 {
            continue;
        }
        // A node that was joined may be joined again.
        while let Some(joined) = joined(&nodes, &readers, number, &mut prelude) {
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

fn joined<S: JetScalar + PartialEq>(
    nodes: &[Node<S>],
    readers: &[usize],
    number: usize,
    prelude: &mut Prelude<'_, S>,
) -> Option<Joined<S>> {
    let node = &nodes[number];
    let alone = |input: NodeId| readers[input.index()] == 1;
    match &node.operation {
        Operation::Combine { summands, constant } => {
            if let [summand] = &summands[..]
                && alone(summand.input)
                && let Operation::Affine { input, weight, bias } = &nodes[summand.input.index()].operation
                && let Some(operation) =
                    scaled_affine(*input, weight, bias.as_ref(), &summand.factor, constant.as_ref(), prelude)
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
                constant.as_ref(),
                inner,
                &nodes[absorbed.index()].operation,
                prelude,
            )?;
            Some(Joined { operation, absorbed })
        }
        Operation::Affine { input, weight, bias } if alone(*input) => {
            let operation = match &nodes[input.index()].operation {
                Operation::Combine { summands, constant } => {
                    let [summand] = &summands[..] else { return None };
                    affine_of_scaled(weight, bias.as_ref(), summand, constant.as_ref(), prelude)
                }
                Operation::Affine { input, weight: inner, bias: shift } => {
                    composed(*input, weight, bias.as_ref(), inner, shift.as_ref(), prelude)
                }
                _ => None,
            }?;
            Some(Joined { operation, absorbed: *input })
        }
        _ => None,
    }
}

/// One period of a factor or constant that repeats for every block of an affine map.
fn period<S: JetScalar + PartialEq>(
    numbers: &NumberList<S>,
    length: usize,
    prelude: &mut Prelude<'_, S>,
) -> Option<NumberList<S>> {
    let first = numbers.get(..length)?;
    let Some(origin) = numbers.origin() else {
        let repeats = numbers.chunks(length.max(1)).all(|block| block == first);
        return repeats.then(|| first.to_vec().into());
    };
    // Parameters may be equal by chance: only their origin shows that they repeat.
    if numbers.len() == length {
        return Some(numbers.clone());
    }
    let all = numbers.len();
    if !prelude.as_ref()?.repeats(origin, length) {
        return None;
    }
    let origin = derived(prelude, &[(numbers, &[all])], |prelude, of| prelude.slice(of[0], 0, 0, 1, length))?;
    Some(NumberList::from(first.to_vec()).with_origin(origin))
}

/// A factor that repeats with this period.
fn periodic<S: JetScalar + PartialEq>(
    factor: &Factor<S>,
    length: usize,
    prelude: &mut Prelude<'_, S>,
) -> Option<NumberList<S>> {
    match factor {
        Factor::Scalar(factor) => Some(vec![factor.clone(); length].into()),
        Factor::Features(factors) => period(factors, length, prelude),
    }
}

/// The origin of a list that is `operation` of others. The outer `None` is a failure: then nothing is joined.
#[allow(clippy::option_option, reason = "a list without origin is no failure")]
fn derived<S: JetScalar + PartialEq>(
    prelude: &mut Prelude<'_, S>,
    lists: &[(&NumberList<S>, &[usize])],
    operation: impl FnOnce(&mut GraphBuilder<S>, &[TensorId]) -> Result<TensorId, GraphError>,
) -> Option<Option<usize>> {
    match prelude {
        None => Some(None),
        Some(prelude) => prelude.origin_of(lists, operation).ok(),
    }
}

/// The same of a list that is there only if others are.
fn optional<'a, S>(
    list: Option<&'a NumberList<S>>,
    shape: &'a [usize],
) -> Vec<(&'a NumberList<S>, &'a [usize])> {
    list.map(|list| (list, shape)).into_iter().collect()
}

/// factor ⊙ (W x + b) + c
fn scaled_affine<S: JetScalar + PartialEq>(
    input: NodeId,
    weight: &Matrix<S>,
    bias: Option<&NumberList<S>>,
    factor: &Factor<S>,
    constant: Option<&NumberList<S>>,
    prelude: &mut Prelude<'_, S>,
) -> Option<Operation<S>> {
    let (rows, columns) = (weight.rows(), weight.columns());
    let factor = periodic(factor, rows, prelude)?;
    let constant = match constant {
        Some(constant) => Some(period(constant, rows, prelude)?),
        None => None,
    };
    let entries = (0..rows).flat_map(|i| weight.row(i).iter().map(|w| w.mul(&factor[i])).collect::<Vec<_>>());
    let entries: NumberList<S> = entries.collect();
    let lists: [(_, &[usize]); 2] = [(weight.numbers(), &[rows, columns]), (&factor, &[rows, 1])];
    let origin = derived(prelude, &lists, |prelude, of| prelude.times(of[0], of[1]))?;
    let weight = Matrix::from_numbers(rows, columns, entries.with_origin(origin))?;
    if bias.is_none() && constant.is_none() {
        return Some(Operation::Affine { input, weight, bias: None });
    }
    let scaled = |i: usize| bias.map(|bias| bias[i].mul(&factor[i]));
    let entry = |i: usize| match (scaled(i), constant.as_ref().map(|constant| &constant[i])) {
        (Some(b), Some(c)) => b.add(c),
        (Some(b), None) => b,
        (None, Some(c)) => c.clone(),
        (None, None) => S::zero(),
    };
    let entries: NumberList<S> = (0..rows).map(entry).collect();
    let shape = [rows];
    let is_scaled = bias.is_some();
    let mut lists = optional(constant.as_ref(), &shape);
    if let Some(bias) = bias {
        lists.extend([(bias, &shape[..]), (&factor, &shape[..])]);
    }
    let origin = derived(prelude, &lists, |prelude, of| match of {
        [shift, bias, factor] => {
            let scaled = prelude.times(*bias, *factor)?;
            prelude.add(scaled, *shift)
        }
        [bias, factor] if is_scaled => prelude.times(*bias, *factor),
        _ => Ok(of[0]),
    })?;
    Some(Operation::Affine { input, weight, bias: Some(entries.with_origin(origin)) })
}

/// W (factor ⊙ x + c) + b
fn affine_of_scaled<S: JetScalar + PartialEq>(
    weight: &Matrix<S>,
    bias: Option<&NumberList<S>>,
    summand: &Summand<S>,
    constant: Option<&NumberList<S>>,
    prelude: &mut Prelude<'_, S>,
) -> Option<Operation<S>> {
    let (rows, columns) = (weight.rows(), weight.columns());
    let factor = periodic(&summand.factor, columns, prelude)?;
    let constant = match constant {
        Some(constant) => Some(period(constant, columns, prelude)?),
        None => None,
    };
    let bias = shifted_bias(weight, bias, constant.as_ref(), prelude)?;
    let entries =
        (0..rows).flat_map(|i| weight.row(i).iter().zip(&*factor).map(|(w, f)| w.mul(f)).collect::<Vec<_>>());
    let entries: NumberList<S> = entries.collect();
    let lists: [(_, &[usize]); 2] = [(weight.numbers(), &[rows, columns]), (&factor, &[columns])];
    let origin = derived(prelude, &lists, |prelude, of| prelude.times(of[0], of[1]))?;
    let weight = Matrix::from_numbers(rows, columns, entries.with_origin(origin))?;
    Some(Operation::Affine { input: summand.input, weight, bias })
}

/// W c + b, where c is what is added to the input of an affine map; the outer `None` is a failure.
#[allow(clippy::option_option, reason = "no bias is no failure")]
fn shifted_bias<S: JetScalar + PartialEq>(
    weight: &Matrix<S>,
    bias: Option<&NumberList<S>>,
    constant: Option<&NumberList<S>>,
    prelude: &mut Prelude<'_, S>,
) -> Option<Option<NumberList<S>>> {
    let (rows, columns) = (weight.rows(), weight.columns());
    let entry = |i: usize| {
        let start = bias.map_or_else(S::zero, |bias| bias[i].clone());
        let constant = constant.map_or(&[][..], |constant| constant);
        weight.row(i).iter().zip(constant).fold(start, |sum, (w, c)| w.mul_add(c, &sum))
    };
    let Some(constant) = constant else { return Some(bias.cloned()) };
    let entries: NumberList<S> = (0..rows).map(entry).collect();
    let (matrix, row, column) = ([rows, columns], [columns], [rows]);
    let mut lists = vec![(weight.numbers(), &matrix[..]), (constant, &row[..])];
    lists.extend(optional(bias, &column));
    let origin = derived(prelude, &lists, |prelude, of| prelude.affine(of[1], of[0], of.get(2).copied()))?;
    Some(Some(entries.with_origin(origin)))
}

/// V (W x + b) + c
fn composed<S: JetScalar + PartialEq>(
    input: NodeId,
    outer: &Matrix<S>,
    outer_bias: Option<&NumberList<S>>,
    inner: &Matrix<S>,
    inner_bias: Option<&NumberList<S>>,
    prelude: &mut Prelude<'_, S>,
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
    let entries: NumberList<S> = (0..outer.rows()).flat_map(row).collect();
    let lists: [(_, &[usize]); 2] = [
        (outer.numbers(), &[outer.rows(), outer.columns()]),
        (inner.numbers(), &[inner.rows(), inner.columns()]),
    ];
    let origin = derived(prelude, &lists, |prelude, of| prelude.matmul(of[0], of[1]))?;
    let weight = Matrix::from_numbers(outer.rows(), inner.columns(), entries.with_origin(origin))?;
    let bias = shifted_bias(outer, outer_bias, inner_bias, prelude)?;
    Some(Operation::Affine { input, weight, bias })
}

/// The summands of an inner combination in place of it.
fn nested<S: JetScalar + PartialEq>(
    features: usize,
    summands: &[Summand<S>],
    constant: Option<&NumberList<S>>,
    position: usize,
    inner: &Operation<S>,
    prelude: &mut Prelude<'_, S>,
) -> Option<Operation<S>> {
    let Operation::Combine { summands: inner_summands, constant: inner_constant } = inner else {
        return None;
    };
    let outer = &summands[position].factor;
    let mut joined: Vec<Summand<S>> = summands[..position].to_vec();
    for summand in inner_summands {
        joined.push(Summand {
            input: summand.input,
            factor: product(features, outer, &summand.factor, prelude)?,
        });
    }
    joined.extend_from_slice(&summands[position + 1..]);
    let scaled = match inner_constant {
        Some(inner) => Some(match product(features, outer, &Factor::Features(inner.clone()), prelude)? {
            Factor::Features(scaled) => scaled,
            Factor::Scalar(number) => vec![number; features].into(),
        }),
        None => None,
    };
    let constant = match (constant, scaled) {
        (Some(a), Some(b)) => {
            let entries: NumberList<S> = a.iter().zip(b.iter()).map(|(a, b)| a.add(b)).collect();
            let shape = [features];
            let lists = [(a, &shape[..]), (&b, &shape[..])];
            Some(entries.with_origin(derived(prelude, &lists, |prelude, of| prelude.add(of[0], of[1]))?))
        }
        (Some(a), None) => Some(a.clone()),
        (None, b) => b,
    };
    Some(Operation::Combine { summands: joined, constant })
}

/// The factor that two factors are.
fn product<S: JetScalar + PartialEq>(
    features: usize,
    outer: &Factor<S>,
    inner: &Factor<S>,
    prelude: &mut Prelude<'_, S>,
) -> Option<Factor<S>> {
    if let (Factor::Scalar(a), Factor::Scalar(b)) = (outer, inner) {
        return Some(Factor::Scalar(a.mul(b)));
    }
    let entries: NumberList<S> = (0..features).map(|i| outer.at(i).mul(inner.at(i))).collect();
    let one = |factor: &Factor<S>| match factor {
        Factor::Scalar(number) => NumberList::from(vec![number.clone()]),
        Factor::Features(factors) => factors.clone(),
    };
    let (outer, inner) = (one(outer), one(inner));
    let shapes = [[outer.len()], [inner.len()]];
    let lists = [(&outer, &shapes[0][..]), (&inner, &shapes[1][..])];
    let origin = derived(prelude, &lists, |prelude, of| prelude.times(of[0], of[1]))?;
    Some(Factor::Features(entries.with_origin(origin)))
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
