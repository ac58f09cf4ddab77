//! Sums, means, products and the like over axes, and running sums. None of them may run over the batch.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, axes, axis, signed, size};
use super::super::extent::Extent;
use super::super::value::{Array, Batch, Value, Whole};
use super::{Handler, one};
use crate::activation::Activation;
use crate::network::{GraphBuilder, GraphError, TensorId};

type Over = fn(&mut GraphBuilder<f64>, TensorId, &[isize], bool) -> std::result::Result<TensorId, GraphError>;

/// A function before, the reduction, and a function after.
struct Reduction {
    before: Activation,
    over: Over,
    after: Activation,
}

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    if op_type == "CumSum" {
        return Some(cumulative_sum);
    }
    reduction(op_type).map(|_| reduce as Handler)
}

fn reduction(op_type: &str) -> Option<Reduction> {
    use Activation::{Abs, Identity, Log, Sqrt, Square};
    let (before, over, after): (_, Over, _) = match op_type {
        "ReduceSum" => (Identity, GraphBuilder::sum, Identity),
        "ReduceMean" => (Identity, GraphBuilder::mean, Identity),
        "ReduceProd" => (Identity, GraphBuilder::product, Identity),
        "ReduceMax" => (Identity, GraphBuilder::largest, Identity),
        "ReduceMin" => (Identity, GraphBuilder::smallest, Identity),
        "ReduceL1" => (Abs, GraphBuilder::sum, Identity),
        "ReduceL2" => (Square, GraphBuilder::sum, Sqrt),
        "ReduceSumSquare" => (Square, GraphBuilder::sum, Identity),
        "ReduceLogSum" => (Identity, GraphBuilder::sum, Log),
        "ReduceLogSumExp" => (Identity, GraphBuilder::log_sum_exp, Identity),
        _ => return None,
    };
    Some(Reduction { before, over, after })
}

/// Axes are an operand, in older opsets an attribute; without any, all of them.
fn reduce(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let Some(Reduction { before, over, after }) = reduction(call.op_type) else {
        return Err(NodeProblem::Overflow);
    };
    let x = call.operand(0)?;
    let rank = call.shape_of(&x).len();
    let keep = call.attributes.flag("keepdims", true)?;
    let list = call.list("axes", 1)?.unwrap_or_default();
    let reduced = if !list.is_empty() {
        axes(&list, rank)?
    } else if call.attributes.flag("noop_with_empty_axes", false)? {
        Vec::new()
    } else {
        (0..rank).collect()
    };
    apart(x.batch(), &reduced)?;
    let batch = x.batch().map(|batch| if keep { batch } else { batch.without(&reduced) });
    if let Value::Whole(whole) = x {
        return Ok(vec![Value::Whole(reduce_whole(call, whole, &reduced, keep, batch)?)]);
    }
    let x = call.real(0)?;
    let x = call.function(before, x)?;
    let tensor =
        if reduced.is_empty() { x.tensor } else { over(call.graph, x.tensor, &signed(&reduced), keep)? };
    one(call.function(after, Array { tensor, batch })?)
}

fn reduce_whole(
    call: &mut Call<'_>,
    whole: Whole,
    reduced: &[usize],
    keep: bool,
    batch: Option<Batch>,
) -> Result<Whole> {
    let step = match call.op_type {
        "ReduceSum" => Extent::add,
        "ReduceProd" => Extent::multiply,
        "ReduceMax" => Extent::larger,
        "ReduceMin" => Extent::smaller,
        other => {
            let what = format!("{other} of whole numbers");
            return Err(NodeProblem::Option { what, remedy: "cast them to floating-point numbers" });
        }
    };
    let kept: Vec<usize> = (0..whole.shape.len()).filter(|axis| !reduced.contains(axis)).collect();
    let lengths = |axes: &[usize]| axes.iter().map(|&axis| whole.shape[axis]).collect::<Vec<_>>();
    let count: usize = lengths(reduced).iter().product();
    let shape = if keep {
        let length = |axis: usize| if reduced.contains(&axis) { 1 } else { whole.shape[axis] };
        (0..whole.shape.len()).map(length).collect()
    } else {
        lengths(&kept)
    };
    let order = [&kept[..], reduced].concat();
    let Value::Whole(moved) = call.transposed(Value::Whole(whole), &order)? else {
        return Err(NodeProblem::Overflow);
    };
    let empty = || NodeProblem::Empty { shape: moved.shape.clone() };
    if count == 0 {
        return Err(empty());
    }
    let folded = moved.entries.chunks_exact(count).map(|chunk| {
        let (&first, rest) = chunk.split_first().ok_or_else(empty)?;
        rest.iter().try_fold(first, |sum, &entry| step(sum, entry))
    });
    Ok(Whole { shape, entries: folded.collect::<Result<_>>()?, batch })
}

/// Running sums, from the end with `reverse`.
fn cumulative_sum(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let along = match call.whole(1)?.entries[..] {
        [extent] => axis(extent.number()?, call.rank(x))?,
        _ => return Err(NodeProblem::Operand { position: 1 }),
    };
    apart(x.batch, &[along])?;
    let length = call.shape(x)[along];
    size(&[length, length])?;
    let exclusive = call.attributes.flag("exclusive", false)?;
    let reverse = call.attributes.flag("reverse", false)?;
    let last = length.saturating_sub(1);
    let axis = along.cast_signed();
    let flip = |graph: &mut GraphBuilder<f64>, tensor: TensorId| {
        if reverse { graph.slice(tensor, axis, last, -1, length) } else { Ok(tensor) }
    };
    let tensor = flip(call.graph, x.tensor)?;
    let sums = call.graph.cumulative_sum(tensor, axis, exclusive)?;
    one(Array { tensor: flip(call.graph, sums)?, ..x })
}
