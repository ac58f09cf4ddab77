//! The same entries in another shape: reshape, flatten, squeeze, unsqueeze.
//!
//! The batch stays together where as many entries stand before it: with axes \[p, o·N·c, q\] that become \[p′, o′·N·c′, q′\],
//! p o = p′ o′ and c q = c′ q′. So heads can be split off the batch, N·H, and positions joined with it, L·N.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, axes, axis, signed, size};
use super::super::extent::Extent;
use super::super::value::{Batch, Value};
use super::Handler;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Reshape" => reshape,
        "Flatten" => flatten,
        "Squeeze" => squeeze,
        "Unsqueeze" => unsqueeze,
        _ => return None,
    })
}

fn reshape(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let extents = match call.attributes.ints("shape") {
        Some(list) => list.iter().map(|&entry| Extent::Number(entry)).collect(),
        None => call.whole(1)?.entries.to_vec(),
    };
    let copies_zeros = !call.attributes.flag("allowzero", false)?;
    let target = Target::new(&extents, call.shape_of(&x), x.batch(), copies_zeros)?;
    Ok(vec![call.reshaped(x, target)?])
}

/// A new shape, some of it still open.
struct Target {
    /// Lengths for one point; nothing for the one that follows from the others.
    lengths: Vec<Option<usize>>,
    batch: Option<usize>,
}

impl Target {
    fn new(
        extents: &[Extent],
        from: &[usize],
        from_batch: Option<Batch>,
        copies_zeros: bool,
    ) -> Result<Self> {
        let mut target = Self { lengths: Vec::new(), batch: None };
        for (axis, &extent) in extents.iter().enumerate() {
            let length = match extent {
                Extent::Number(-1) if target.lengths.contains(&None) => return Err(NodeProblem::Overflow),
                Extent::Number(-1) => None,
                Extent::Number(0) if copies_zeros => {
                    if from_batch.is_some_and(|batch| batch.axis == axis) {
                        target.set_batch(axis)?;
                    }
                    let rank = from.len();
                    let missing = NodeProblem::Axis { axis: axis.cast_signed() as i64, rank };
                    Some(*from.get(axis).ok_or(missing)?)
                }
                Extent::Number(number) => Some(usize::try_from(number).map_err(|_| NodeProblem::Overflow)?),
                Extent::Batch(factor) => {
                    target.set_batch(axis)?;
                    if !factor.is_integer() {
                        return Err(NodeProblem::BatchSize);
                    }
                    Some(usize::try_from(factor.to_integer()).map_err(|_| NodeProblem::Overflow)?)
                }
            };
            target.lengths.push(length);
        }
        Ok(target)
    }

    fn set_batch(&mut self, axis: usize) -> Result<()> {
        match self.batch.replace(axis) {
            Some(_) => Err(NodeProblem::BatchShape),
            None => Ok(()),
        }
    }

    /// All lengths, the open one such that there are `count` entries.
    fn close(&self, count: usize) -> Result<Vec<usize>> {
        let known: Vec<usize> = self.lengths.iter().flatten().copied().collect();
        let known = size(&known)?;
        let open = count.checked_div(known).unwrap_or(0);
        Ok(self.lengths.iter().map(|length| length.unwrap_or(open)).collect())
    }

    /// Finds the batch where it is written as a number: `fixed` of them, behind entries as many as before.
    fn find_fixed(&mut self, before: usize, count: usize, fixed: usize) {
        for axis in 0..self.lengths.len() {
            let prefix: Option<usize> = self.lengths[..axis].iter().copied().product();
            if let (Some(prefix), Some(length)) = (prefix, self.lengths[axis])
                && prefix == before
                && length % fixed == 0
            {
                let mut lengths = self.lengths.clone();
                lengths[axis] = Some(length / fixed);
                let candidate = Self { lengths, batch: Some(axis) };
                if candidate.close(count).is_ok_and(|shape| shape.iter().product::<usize>() == count) {
                    *self = candidate;
                    return;
                }
            }
        }
    }
}

impl Call<'_> {
    fn reshaped(&mut self, x: Value, mut target: Target) -> Result<Value> {
        let from = self.shape_of(&x).to_vec();
        let count = size(&from)?;
        let batch = x.batch();
        if let Some(Batch { axis, outer }) = batch {
            let before = from[..axis].iter().product::<usize>() * outer;
            if let (None, Some(fixed)) = (target.batch, self.fixed.filter(|&fixed| fixed > 1)) {
                target.find_fixed(before, count, fixed);
            }
            if target.batch.is_none() {
                target.batch = target.lengths.iter().position(Option::is_none);
            }
            let place = target.batch.ok_or(NodeProblem::BatchShape)?;
            let shape = target.close(count)?;
            let outer = whole_quotient(before, shape[..place].iter().product());
            let outer = outer.filter(|&outer| whole_quotient(shape[place], outer).is_some());
            let batch = Batch { axis: place, outer: outer.ok_or(NodeProblem::BatchShape)? };
            return self.moved(&[x], Some(batch), |graph, of| graph.reshape(of[0], &shape));
        }
        if target.batch.is_some() {
            return Err(NodeProblem::BatchSize);
        }
        let shape = target.close(count)?;
        self.moved(&[x], None, |graph, of| graph.reshape(of[0], &shape))
    }
}

/// a/b, if that is whole.
fn whole_quotient(a: usize, b: usize) -> Option<usize> {
    (a.checked_rem(b)? == 0).then(|| a / b)
}

/// \[p, q\]: axes before and from `axis` on.
fn flatten(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let shape = call.shape_of(&x).to_vec();
    let rank = shape.len();
    let along = call.attributes.int_or("axis", 1)?;
    let at = if along == rank.cast_signed() as i64 { rank } else { axis(along, rank)? };
    let lengths =
        vec![Some(shape[..at].iter().product::<usize>()), Some(shape[at..].iter().product::<usize>())];
    let batch = x.batch().map(|batch| usize::from(batch.axis >= at));
    Ok(vec![call.reshaped(x, Target { lengths, batch })?])
}

/// Axes are an operand, before opset 13 an attribute.
fn squeeze(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let shape = call.shape_of(&x).to_vec();
    let batch = x.batch();
    let dropped = match call.list("axes", 1)? {
        Some(list) => axes(&list, shape.len())?,
        None => (0..shape.len())
            .filter(|&axis| shape[axis] == 1 && batch.is_none_or(|batch| batch.axis != axis))
            .collect(),
    };
    apart(batch, &dropped)?;
    let batch = batch.map(|batch| batch.without(&dropped));
    let dropped = signed(&dropped);
    Ok(vec![call.moved(&[x], batch, |graph, of| {
        if dropped.is_empty() { Ok(of[0]) } else { graph.squeeze(of[0], &dropped) }
    })?])
}

/// Axes are an operand, before opset 13 an attribute.
fn unsqueeze(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    let list = call.list("axes", 1)?.ok_or(NodeProblem::Operand { position: 1 })?;
    let mut shape = call.shape_of(&x).to_vec();
    let mut batch = x.batch();
    for new in axes(&list, shape.len() + list.len())? {
        shape.insert(new.min(shape.len()), 1);
        batch = batch.map(|batch| batch.at(batch.axis + usize::from(new <= batch.axis)));
    }
    Ok(vec![call.moved(&[x], batch, |graph, of| graph.reshape(of[0], &shape))?])
}
