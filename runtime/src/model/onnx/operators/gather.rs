//! Entries by constant positions, taken or replaced. Which entry stands where is worked out when the model is read.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, axis};
use super::super::extent::Extent;
use super::super::value::{Batch, Value, Whole};
use super::Handler;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Gather" => gather,
        "GatherElements" => gather_elements,
        "GatherND" => gather_nd,
        "ScatterElements" => scatter_elements,
        "ScatterND" => scatter_nd,
        "NonZero" => non_zero,
        _ => return None,
    })
}

/// From one entry to the next along each axis.
fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// A position counted from the front.
fn place(extent: Extent, length: usize) -> Result<usize> {
    let position = extent.number()?;
    axis(position, length).map_err(|_| NodeProblem::Position { position, length })
}

fn positions(entries: impl Iterator<Item = usize>) -> Vec<isize> {
    entries.map(usize::cast_signed).collect()
}

/// The axis becomes the axes of the positions.
fn gather(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, indices) = (call.operand(0)?, call.whole(1)?);
    let shape = call.shape_of(&x).to_vec();
    let along = axis(call.attributes.int_or("axis", 0)?, shape.len())?;
    apart(x.batch(), &[along])?;
    let batch = match (x.batch(), indices.batch) {
        (Some(_), Some(_)) => return Err(NodeProblem::BatchAxes),
        (Some(batch), None) if batch.axis > along => Some(batch.at(batch.axis - 1 + indices.shape.len())),
        (batch, None) => batch,
        (None, Some(batch)) => Some(batch.at(along + batch.axis)),
    };
    let places = indices.entries.iter().map(|&extent| place(extent, shape[along]));
    let places = positions(places.collect::<Result<Vec<_>>>()?.into_iter());
    let result = [&shape[..along], &indices.shape, &shape[along + 1..]].concat();
    call.room(std::slice::from_ref(&x), &result)?;
    Ok(vec![
        call.moved(&[x], batch, |graph, of| {
            graph.gather(of[0], along.cast_signed(), &places, &indices.shape)
        })?,
    ])
}

impl Call<'_> {
    /// Entries of the operands, one flat list after another.
    fn taken(
        &mut self,
        of: &[Value],
        places: &[isize],
        shape: &[usize],
        batch: Option<Batch>,
    ) -> Result<Value> {
        self.moved(of, batch, |graph, of| {
            let mut flat = Vec::new();
            for &tensor in of {
                let count = graph.shape(tensor).iter().product();
                flat.push(graph.reshape(tensor, &[count])?);
            }
            let joined = graph.concat(&flat, 0)?;
            graph.gather(joined, 0, places, shape)
        })
    }
}

/// Where each index of `indices` points in a tensor of this shape, along one axis.
fn elements(indices: &Whole, shape: &[usize], along: usize) -> Result<Vec<usize>> {
    let fits = indices.shape.len() == shape.len()
        && (0..shape.len()).all(|axis| axis == along || indices.shape[axis] <= shape[axis]);
    if !fits {
        return Err(NodeProblem::Shapes { left: indices.shape.clone(), right: shape.to_vec() });
    }
    let (inner, outer) = (strides(&indices.shape), strides(shape));
    let target = |(number, &extent): (usize, &Extent)| {
        let index = place(extent, shape[along])?;
        let position = |axis: usize| {
            if axis == along { index } else { number / inner[axis] % indices.shape[axis] }
        };
        Ok((0..shape.len()).map(|axis| position(axis) * outer[axis]).sum())
    };
    indices.entries.iter().enumerate().map(target).collect()
}

fn gather_elements(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, indices) = (call.operand(0)?, call.whole(1)?);
    let shape = call.shape_of(&x).to_vec();
    let along = axis(call.attributes.int_or("axis", 0)?, shape.len())?;
    apart(x.batch(), &[along])?;
    same_batch(&x, &Value::Whole(indices.clone()))?;
    let places = positions(elements(&indices, &shape, along)?.into_iter());
    let batch = x.batch();
    Ok(vec![call.taken(&[x], &places, &indices.shape, batch)?])
}

fn same_batch(a: &Value, b: &Value) -> Result<()> {
    if a.batch() == b.batch() { Ok(()) } else { Err(NodeProblem::BatchAxes) }
}

/// Positions whose last axis indexes several axes at once.
struct Tuples {
    /// Where each slice starts.
    starts: Vec<usize>,
    /// Entries of one slice.
    slice: usize,
    /// How many axes are indexed, those in front that both share included.
    depth: usize,
}

fn tuples(indices: &Whole, shape: &[usize], shared: usize) -> Result<Tuples> {
    let refuse = || NodeProblem::Shapes { left: indices.shape.clone(), right: shape.to_vec() };
    let Some((&count, outer)) = indices.shape.split_last() else { return Err(refuse()) };
    let depth = shared.saturating_add(count);
    if depth > shape.len() || shared > outer.len() || outer[..shared] != shape[..shared] || count == 0 {
        return Err(refuse());
    }
    let steps = strides(shape);
    let per_shared: usize = outer[shared..].iter().product();
    let inner = strides(&shape[..shared]);
    let start = |(number, tuple): (usize, &[Extent])| {
        let group = number / per_shared.max(1);
        let in_front: usize = (0..shared).map(|axis| group / inner[axis] % shape[axis] * steps[axis]).sum();
        tuple
            .iter()
            .zip(shared..)
            .try_fold(in_front, |sum, (&extent, axis)| Ok(sum + place(extent, shape[axis])? * steps[axis]))
    };
    let starts = indices.entries.chunks_exact(count).enumerate().map(start).collect::<Result<_>>()?;
    Ok(Tuples { starts, slice: shape[depth..].iter().product(), depth })
}

fn gather_nd(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, indices) = (call.operand(0)?, call.whole(1)?);
    let shape = call.shape_of(&x).to_vec();
    let shared =
        usize::try_from(call.attributes.int_or("batch_dims", 0)?).map_err(|_| NodeProblem::Overflow)?;
    let tuples = tuples(&indices, &shape, shared)?;
    let outer = &indices.shape[..indices.shape.len() - 1];
    let batch = slice_batch(x.batch(), indices.batch, &tuples, shared, outer.len())?;
    let result = [outer, &shape[tuples.depth..]].concat();
    call.room(std::slice::from_ref(&x), &result)?;
    let places = tuples.starts.iter().flat_map(|&start| start..start + tuples.slice);
    let places = positions(places);
    Ok(vec![call.taken(&[x], &places, &result, batch)?])
}

/// Where the batch goes when slices behind `depth` axes stand behind `outer` axes of positions.
fn slice_batch(
    batch: Option<Batch>,
    of_indices: Option<Batch>,
    tuples: &Tuples,
    shared: usize,
    outer: usize,
) -> Result<Option<Batch>> {
    match (batch, of_indices) {
        (None, None) => Ok(None),
        (Some(batch), None) if batch.axis >= tuples.depth => {
            Ok(Some(batch.at(outer + batch.axis - tuples.depth)))
        }
        (Some(batch), Some(other)) if batch == other && batch.axis < shared => Ok(Some(batch)),
        (None, Some(other)) if other.axis < outer && other.axis >= shared => Ok(Some(other)),
        (Some(batch), _) => Err(NodeProblem::MixesPoints { axis: batch.axis }),
        _ => Err(NodeProblem::BatchAxes),
    }
}

/// The entries of `updates` in place of those at `targets`, the last one where several meet.
fn replaced(call: &mut Call<'_>, x: Value, updates: Value, targets: &[usize]) -> Result<Vec<Value>> {
    if call.attributes.text("reduction")?.is_some_and(|reduction| reduction != "none") {
        let what = "a scatter that adds or multiplies".to_owned();
        return Err(NodeProblem::Option { what, remedy: "scatter into zeros and use Add" });
    }
    let shape = call.shape_of(&x).to_vec();
    let count: usize = shape.iter().product();
    let mut places: Vec<isize> = positions(0..count);
    for (number, &target) in targets.iter().enumerate() {
        places[target] = (count + number).cast_signed();
    }
    let batch = x.batch();
    Ok(vec![call.taken(&[x, updates], &places, &shape, batch)?])
}

fn scatter_elements(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, indices, updates) = (call.operand(0)?, call.whole(1)?, call.operand(2)?);
    let shape = call.shape_of(&x).to_vec();
    let along = axis(call.attributes.int_or("axis", 0)?, shape.len())?;
    apart(x.batch(), &[along])?;
    same_batch(&x, &updates)?;
    same_batch(&x, &Value::Whole(indices.clone()))?;
    if call.shape_of(&updates) != indices.shape {
        let (left, right) = (call.shape_of(&updates).to_vec(), indices.shape);
        return Err(NodeProblem::Shapes { left, right });
    }
    let targets = elements(&indices, &shape, along)?;
    replaced(call, x, updates, &targets)
}

fn scatter_nd(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, indices, updates) = (call.operand(0)?, call.whole(1)?, call.operand(2)?);
    let shape = call.shape_of(&x).to_vec();
    let tuples = tuples(&indices, &shape, 0)?;
    let outer = &indices.shape[..indices.shape.len() - 1];
    let batch = slice_batch(x.batch(), indices.batch, &tuples, 0, outer.len())?;
    if updates.batch() != batch || indices.batch.is_some() {
        return Err(NodeProblem::BatchAxes);
    }
    let expected = [outer, &shape[tuples.depth..]].concat();
    if call.shape_of(&updates) != expected {
        return Err(NodeProblem::Shapes { left: call.shape_of(&updates).to_vec(), right: expected });
    }
    let targets: Vec<usize> = tuples.starts.iter().flat_map(|&start| start..start + tuples.slice).collect();
    replaced(call, x, updates, &targets)
}

/// The positions of what is not zero, one row for each axis.
fn non_zero(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.operand(0)?;
    if x.batch().is_some() {
        return Err(NodeProblem::BatchSize);
    }
    let shape = call.shape_of(&x).to_vec();
    let found: Vec<usize> = match &x {
        Value::Whole(whole) => (0..)
            .zip(whole.entries.iter())
            .filter(|(_, e)| **e != Extent::Number(0))
            .map(|(i, _)| i)
            .collect(),
        Value::Real(array) | Value::Truth(array) => {
            let what = "whose zeros are sought";
            let entries = call.constant(*array).ok_or(NodeProblem::NotConstant { position: 0, what })?;
            (0..).zip(entries).filter(|(_, entry)| **entry != 0.0).map(|(i, _)| i).collect()
        }
    };
    let steps = strides(&shape);
    let row = |axis: usize| found.iter().map(move |&i| (i, axis));
    let entry =
        |(i, axis): (usize, usize)| Extent::Number((i / steps[axis] % shape[axis]).cast_signed() as i64);
    let entries = (0..shape.len()).flat_map(row).map(entry).collect();
    Ok(vec![Value::Whole(Whole { shape: vec![shape.len(), found.len()], entries, batch: None })])
}
