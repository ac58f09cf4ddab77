//! What moves axes and entries: transpose, concat, split, slice, expand, tile.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, axis, shape_from};
use super::super::extent::Extent;
use super::super::value::{Batch, Value};
use super::Handler;
use crate::network::{GraphBuilder, GraphError, TensorId, broadcast};

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Transpose" => transpose,
        "Concat" => concat,
        "Split" => split,
        "Slice" => slice,
        "Expand" => expand,
        "Tile" => tile,
        _ => return None,
    })
}

fn transpose(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let rank = call.shape_of(&x).len();
    let order = match call.attributes.ints("perm") {
        Some(list) => list.iter().map(|&entry| axis(entry, rank)).collect::<Result<Vec<_>>>()?,
        None => (0..rank).rev().collect(),
    };
    Ok(vec![call.transposed(x, &order)?])
}

impl Call<'_> {
    /// Axis i of the result is axis `order[i]` of x; the batch moves along.
    pub(in crate::model::onnx) fn transposed(&mut self, x: Value, order: &[usize]) -> Result<Value> {
        let moved = |batch: Batch| Some(batch.at(order.iter().position(|&axis| axis == batch.axis)?));
        let batch = x.batch().and_then(moved);
        self.moved(&[x], batch, |graph, of| graph.transpose(of[0], order))
    }

    /// Entries of an axis that is not the batch.
    fn part(&mut self, x: &Value, along: usize, start: usize, length: usize) -> Result<Value> {
        let batch = x.batch();
        self.moved(std::slice::from_ref(x), batch, |graph, of| {
            graph.slice(of[0], along.cast_signed(), start, 1, length)
        })
    }
}

fn concat(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let operands = call.operands()?;
    let rank = call.shape_of(&operands[0]).len();
    let along = call.attributes.int("axis")?.ok_or(NodeProblem::Attribute { name: "axis" })?;
    let along = axis(along, rank)?;
    let batch = operands.iter().find_map(Value::batch);
    for operand in &operands {
        if operand.batch().is_some_and(|axis| Some(axis) != batch) {
            return Err(NodeProblem::BatchAxes);
        }
    }
    if operands.len() > 1 {
        apart(batch, &[along])?;
    }
    // All points must have the same lengths elsewhere, also where an operand does not depend on the point: its batch
    // axis would be 1, and stays 1 for one point alone.
    if batch.is_some() && operands.iter().any(|operand| operand.batch().is_none()) {
        return Err(NodeProblem::BatchAxes);
    }
    let lengths = operands.iter().map(|operand| call.shape_of(operand).get(along).copied().unwrap_or(0));
    let total = lengths.fold(0usize, usize::saturating_add);
    let mut shape = call.shape_of(&operands[0]).to_vec();
    shape[along] = total;
    call.room(&operands, &shape)?;
    Ok(vec![call.moved(&operands, batch, |graph, of| graph.concat(of, along.cast_signed()))?])
}

fn split(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let shape = call.shape_of(&x).to_vec();
    let along = axis(call.attributes.int_or("axis", 0)?, shape.len())?;
    let lengths = if let Some(list) = call.list("split", 1)? {
        let lengths = list.iter().map(|&length| usize::try_from(length));
        lengths.collect::<std::result::Result<Vec<_>, _>>().map_err(|_| NodeProblem::Overflow)?
    } else {
        // Equal parts, the last one smaller if need be.
        let parts = call.attributes.int("num_outputs")?.and_then(|n| usize::try_from(n).ok());
        let parts = parts.unwrap_or(call.outputs).clamp(1, shape[along].max(1));
        let length = shape[along].div_ceil(parts);
        (0..parts).map(|part| length.min(shape[along].saturating_sub(part * length))).collect()
    };
    if lengths.len() > 1 {
        apart(x.batch(), &[along])?;
    }
    let total = lengths.iter().fold(0usize, |sum, &length| sum.saturating_add(length));
    if total != shape[along] {
        return Err(GraphError::Reshape { from: vec![shape[along]], to: lengths }.into());
    }
    let mut start = 0;
    let mut parts = Vec::new();
    for length in lengths {
        parts.push(call.part(&x, along, start, length)?);
        start += length;
    }
    Ok(parts)
}

/// Starts, ends, axes and steps are operands, before opset 10 attributes.
fn slice(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let extents = |name, position| -> Result<Option<Vec<Extent>>> {
        match call.attributes.ints(name) {
            Some(list) => Ok(Some(list.iter().map(|&entry| Extent::Number(entry)).collect())),
            None if call.optional(position).is_none() => Ok(None),
            None => Ok(Some(call.whole(position)?.entries.to_vec())),
        }
    };
    let starts = extents("starts", 1)?.ok_or(NodeProblem::Operand { position: 1 })?;
    let ends = extents("ends", 2)?.ok_or(NodeProblem::Operand { position: 2 })?;
    let mut x = call.operand(0)?;
    let rank = call.shape_of(&x).len();
    let default_axes = || (0..starts.len().cast_signed() as i64).collect();
    let along = call.list("axes", 3)?.unwrap_or_else(default_axes);
    let steps = call.list("steps", 4)?.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), along.len(), steps.len()] != [starts.len(); 3] {
        return Err(NodeProblem::Operand { position: 2 });
    }
    for (((&start, &end), &along), &step) in starts.iter().zip(&ends).zip(&along).zip(&steps) {
        let along = axis(along, rank)?;
        let length = call.shape_of(&x)[along];
        if x.batch().is_some_and(|batch| batch.axis == along) {
            let to_the_end = match end {
                Extent::Batch(factor) => factor >= (length.cast_signed() as i64).into(),
                Extent::Number(end) => end >= i64::from(i32::MAX),
            };
            if start == Extent::Number(0) && step == 1 && to_the_end {
                continue;
            }
            return Err(NodeProblem::MixesPoints { axis: along });
        }
        let (first, count) = span(length, start.number()?, end.number()?, step)?;
        let step = isize::try_from(step).map_err(|_| NodeProblem::Overflow)?;
        // A step beyond the axis takes one entry, whatever it is.
        let step = if count <= 1 { 1 } else { step };
        let batch = x.batch();
        x =
            call.moved(&[x], batch, |graph, of| graph.slice(of[0], along.cast_signed(), first, step, count))?;
    }
    Ok(vec![x])
}

/// The first entry and how many there are, as NumPy counts them.
fn span(length: usize, start: i64, end: i64, step: i64) -> Result<(usize, usize)> {
    let length = length.cast_signed() as i64;
    if step == 0 {
        return Err(NodeProblem::ZeroDivision);
    }
    let from_front = |index: i64| if index < 0 { index.saturating_add(length) } else { index };
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let (start, end) = (from_front(start).clamp(low, high), from_front(end).clamp(low, high));
    let count = if step > 0 { (end - start).max(0) } else { (start - end).max(0) };
    let count = usize::try_from(count.cast_unsigned().div_ceil(step.unsigned_abs()))
        .map_err(|_| NodeProblem::Overflow)?;
    Ok((usize::try_from(start.max(0)).map_err(|_| NodeProblem::Overflow)?, count))
}

/// Broadcast to a shape, which may itself be 1 where x is longer.
fn expand(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let (mut target, target_batch) = shape_from(&call.whole(1)?.entries)?;
    let from = call.shape_of(&x).to_vec();
    let rank = from.len().max(target.len());
    let whole = x.batch().map(|batch| batch.at(rank - from.len() + batch.axis));
    let batch = whole.map(|batch| batch.axis);
    let target_batch = target_batch.map(|batch| rank - target.len() + batch);
    if let (Some(batch), None, Some(fixed)) = (batch, target_batch, call.fixed) {
        // The file's own length of the batch, written out.
        if let Some(length) = (batch + target.len()).checked_sub(rank).and_then(|axis| target.get_mut(axis))
            && *length == fixed * from[batch + from.len() - rank]
        {
            *length = 1;
        }
    }
    let at =
        |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |axis| shape[axis]);
    match (batch, target_batch) {
        (Some(a), Some(b)) if a != b || at(&from, a) != at(&target, b) => return Err(NodeProblem::BatchAxes),
        (Some(a), None) if at(&target, a) != 1 => return Err(NodeProblem::BatchAxes),
        (None, Some(b)) if at(&from, b) != 1 => return Err(NodeProblem::BatchAxes),
        _ => {}
    }
    let shape = broadcast(&from, &target)?;
    call.room(std::slice::from_ref(&x), &shape)?;
    Ok(vec![call.moved(&[x], whole.or(target_batch.map(Batch::new)), |graph, of| {
        graph.broadcast_to(of[0], &shape)
    })?])
}

fn tile(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let (repeats, new_batch) = shape_from(&call.whole(1)?.entries)?;
    let from = call.shape_of(&x).to_vec();
    if repeats.len() != from.len() {
        return Err(NodeProblem::Axis { axis: repeats.len().cast_signed() as i64, rank: from.len() });
    }
    if let Some(batch) = x.batch()
        && (new_batch.is_some() || repeats[batch.axis] != 1)
    {
        return Err(NodeProblem::MixesPoints { axis: batch.axis });
    }
    let result: Vec<usize> = from.iter().zip(&repeats).map(|(&a, &b)| a.saturating_mul(b)).collect();
    call.room(std::slice::from_ref(&x), &result)?;
    let step = |graph: &mut GraphBuilder<f64>, of: &[TensorId]| {
        let mut tensor = of[0];
        for (along, &count) in repeats.iter().enumerate().filter(|(_, count)| **count != 1) {
            // [.., length, ..] as [.., 1, length, ..], repeated, and joined again.
            let shape = graph.shape(tensor).to_vec();
            let (before, after) = shape.split_at(along);
            let single = graph.reshape(tensor, &[before, &[1], after].concat())?;
            let repeated = graph.broadcast_to(single, &[before, &[count], after].concat())?;
            let joined = [before, &[count * after[0]], &after[1..]].concat();
            tensor = graph.reshape(repeated, &joined)?;
        }
        Ok(tensor)
    };
    let batch = x.batch().or(new_batch.map(Batch::new));
    Ok(vec![call.moved(&[x], batch, step)?])
}
