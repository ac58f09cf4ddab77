//! One node with its operands, and the rules of the batch axis that all operators share.

use super::attributes::Attributes;
use super::extent::Extent;
use super::value::{Array, Batch, Value, Whole};
use super::{MOST_ENTRIES, MOST_FEATURES, NodeProblem};
use crate::network::{GraphBuilder, GraphError, TensorId, broadcast};

pub(super) type Result<T> = std::result::Result<T, NodeProblem>;

/// A node that is to be carried out.
pub(super) struct Call<'a> {
    pub(super) graph: &'a mut GraphBuilder<f64>,
    pub(super) op_type: &'a str,
    pub(super) inputs: Vec<Option<Value>>,
    pub(super) outputs: usize,
    pub(super) attributes: Attributes<'a>,
    pub(super) opset: i64,
    /// The length of the batch, where the file has a fixed one.
    pub(super) fixed: Option<usize>,
    /// The folder of the model.
    pub(super) folder: &'a std::path::Path,
}

impl Call<'_> {
    /// An operand, if it is there.
    pub(super) fn optional(&self, position: usize) -> Option<&Value> {
        self.inputs.get(position)?.as_ref()
    }

    pub(super) fn operand(&self, position: usize) -> Result<Value> {
        self.optional(position).cloned().ok_or(NodeProblem::Operand { position })
    }

    /// All operands; none may be missing.
    pub(super) fn operands(&self) -> Result<Vec<Value>> {
        if self.inputs.is_empty() {
            return Err(NodeProblem::Operand { position: 0 });
        }
        (0..self.inputs.len()).map(|position| self.operand(position)).collect()
    }

    /// An operand of floating-point numbers.
    pub(super) fn real(&self, position: usize) -> Result<Array> {
        self.optional_real(position)?.ok_or(NodeProblem::Operand { position })
    }

    pub(super) fn optional_real(&self, position: usize) -> Result<Option<Array>> {
        match self.optional(position) {
            None => Ok(None),
            Some(Value::Real(array)) => Ok(Some(*array)),
            Some(other) => {
                Err(NodeProblem::Kind { position, found: other.kind(), expected: "floating-point numbers" })
            }
        }
    }

    /// An operand of booleans.
    pub(super) fn truth(&self, position: usize) -> Result<Array> {
        match self.operand(position)? {
            Value::Truth(array) => Ok(array),
            other => Err(NodeProblem::Kind { position, found: other.kind(), expected: "booleans" }),
        }
    }

    /// An operand of whole numbers.
    pub(super) fn whole(&self, position: usize) -> Result<Whole> {
        match self.operand(position)? {
            Value::Whole(whole) => Ok(whole),
            other => Err(NodeProblem::Kind { position, found: other.kind(), expected: "whole numbers" }),
        }
    }

    /// A list of numbers that do not depend on the batch: an operand, or an attribute of older opsets.
    pub(super) fn list(&self, name: &'static str, position: usize) -> Result<Option<Vec<i64>>> {
        if let Some(list) = self.attributes.ints(name) {
            return Ok(Some(list.to_vec()));
        }
        if self.optional(position).is_none() {
            return Ok(None);
        }
        self.whole(position)?.entries.iter().map(|extent| extent.number()).collect::<Result<_>>().map(Some)
    }

    pub(super) fn shape(&self, array: Array) -> &[usize] {
        self.graph.shape(array.tensor)
    }

    pub(super) fn rank(&self, array: Array) -> usize {
        self.shape(array).len()
    }

    /// The shape of a value of any kind.
    pub(super) fn shape_of<'v>(&'v self, value: &'v Value) -> &'v [usize] {
        match value {
            Value::Real(array) | Value::Truth(array) => self.shape(*array),
            Value::Whole(whole) => &whole.shape,
        }
    }

    /// Whether an array is the same for all points.
    pub(super) fn is_constant(&self, array: Array) -> bool {
        self.graph.constant_entries(array.tensor).is_some()
    }

    /// The entries of an array that is the same for all points, where the result is decided by them: what they come from is
    /// no parameter any more.
    pub(super) fn constant(&mut self, array: Array) -> Option<&[f64]> {
        self.graph.fixed_entries(array.tensor)
    }

    /// The one entry of a constant, likewise.
    pub(super) fn constant_scalar(&mut self, array: Array) -> Option<f64> {
        if self.shape(array).iter().product::<usize>() != 1 {
            return None;
        }
        match self.constant(array) {
            Some([entry]) => Some(*entry),
            _ => None,
        }
    }

    /// A new constant.
    pub(super) fn new_constant(&mut self, shape: &[usize], entries: Vec<f64>) -> Result<Array> {
        Ok(Array { tensor: self.graph.constant(shape, entries)?, batch: None })
    }

    /// The axis that operands are aligned at the batch, counted in the broadcast shape.
    ///
    /// The batch must stand in one axis for all that have one, with one length, and the others must have 1 there.
    pub(super) fn common_batch(&self, values: &[&Value]) -> Result<Option<Batch>> {
        let rank = values.iter().map(|value| self.shape_of(value).len()).max().unwrap_or(0);
        let mut common: Option<(Batch, usize)> = None;
        for value in values {
            let shape = self.shape_of(value);
            if let Some(batch) = value.batch() {
                let found = (batch.at(rank - shape.len() + batch.axis), shape[batch.axis]);
                if *common.get_or_insert(found) != found {
                    return Err(NodeProblem::BatchAxes);
                }
            }
        }
        let Some((batch, _)) = common else { return Ok(None) };
        for value in values.iter().filter(|value| value.batch().is_none()) {
            let shape = self.shape_of(value);
            let length = (batch.axis + shape.len()).checked_sub(rank).map_or(1, |axis| shape[axis]);
            if length != 1 {
                return Err(NodeProblem::BatchAxes);
            }
        }
        Ok(Some(batch))
    }

    /// The shape that all are broadcast to, and its batch; checked for its size.
    pub(super) fn common_shape(&self, values: &[&Value]) -> Result<(Vec<usize>, Option<Batch>)> {
        let batch = self.common_batch(values)?;
        let mut shape = Vec::new();
        for value in values {
            shape = broadcast(&shape, self.shape_of(value))?;
        }
        let is_active = values.iter().any(|value| self.is_active(value));
        room(is_active, &shape)?;
        Ok((shape, batch))
    }

    /// Whether a value depends on the point.
    fn is_active(&self, value: &Value) -> bool {
        match value {
            Value::Real(array) | Value::Truth(array) => !self.is_constant(*array),
            Value::Whole(_) => false,
        }
    }

    /// Refuses a result of these operands that is too large, before it is made.
    pub(super) fn room(&self, of: &[Value], shape: &[usize]) -> Result<()> {
        room(of.iter().any(|value| self.is_active(value)), shape)
    }

    /// Two arrays entry by entry.
    pub(super) fn combine(
        &mut self,
        a: Array,
        b: Array,
        step: impl FnOnce(&mut GraphBuilder<f64>, TensorId, TensorId) -> std::result::Result<TensorId, GraphError>,
    ) -> Result<Array> {
        let (_, batch) = self.common_shape(&[&Value::Real(a), &Value::Real(b)])?;
        Ok(Array { tensor: step(self.graph, a.tensor, b.tensor)?, batch })
    }

    pub(super) fn add(&mut self, a: Array, b: Array) -> Result<Array> {
        self.combine(a, b, GraphBuilder::add)
    }

    pub(super) fn multiply(&mut self, a: Array, b: Array) -> Result<Array> {
        self.combine(a, b, GraphBuilder::multiply)
    }

    /// What only moves entries, for values of any kind: whole numbers are moved by their positions.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positions are below 2^53"
    )]
    pub(super) fn moved(
        &mut self,
        values: &[Value],
        batch: Option<Batch>,
        step: impl FnOnce(&mut GraphBuilder<f64>, &[TensorId]) -> std::result::Result<TensorId, GraphError>,
    ) -> Result<Value> {
        let (mut tensors, mut entries) = (Vec::new(), Vec::new());
        let kind = values.first().map_or("nothing", Value::kind);
        for (position, value) in values.iter().enumerate() {
            if value.kind() != kind {
                return Err(NodeProblem::Kind { position, found: value.kind(), expected: kind });
            }
            tensors.push(match value {
                Value::Real(array) | Value::Truth(array) => array.tensor,
                Value::Whole(whole) => {
                    let start = entries.len();
                    entries.extend_from_slice(&whole.entries);
                    let places = (start..entries.len()).map(|place| place as f64).collect();
                    self.graph.constant(&whole.shape, places)?
                }
            });
        }
        let tensor = step(self.graph, &tensors)?;
        Ok(match values.first() {
            Some(Value::Whole(_)) => {
                let places = self.graph.constant_entries(tensor).unwrap_or_default();
                let moved = places.iter().map(|&place| entries[place as usize]).collect();
                Value::Whole(Whole { shape: self.graph.shape(tensor).to_vec(), entries: moved, batch })
            }
            Some(Value::Truth(_)) => Value::Truth(Array { tensor, batch }),
            _ => Value::Real(Array { tensor, batch }),
        })
    }
}

fn room(is_active: bool, shape: &[usize]) -> Result<()> {
    let count = size(shape)?;
    if is_active && count > MOST_FEATURES {
        return Err(NodeProblem::TooLarge { limit: MOST_FEATURES });
    }
    Ok(())
}

/// The number of entries of a shape that is to be made.
pub(super) fn size(shape: &[usize]) -> Result<usize> {
    let size = shape.iter().try_fold(1usize, |size, &length| size.checked_mul(length));
    size.filter(|&size| size <= MOST_ENTRIES).ok_or(NodeProblem::TooLarge { limit: MOST_ENTRIES })
}

/// An axis counted from the front.
pub(super) fn axis(axis: i64, rank: usize) -> Result<usize> {
    let missing = || NodeProblem::Axis { axis, rank };
    let from_front = if axis < 0 { axis.checked_add_unsigned(rank as u64) } else { Some(axis) };
    let from_front = from_front.and_then(|axis| usize::try_from(axis).ok()).ok_or_else(missing)?;
    if from_front < rank { Ok(from_front) } else { Err(missing()) }
}

/// Axes counted from the front, each once, in order.
pub(super) fn axes(list: &[i64], rank: usize) -> Result<Vec<usize>> {
    let mut axes = list.iter().map(|&entry| axis(entry, rank)).collect::<Result<Vec<_>>>()?;
    axes.sort_unstable();
    axes.dedup();
    Ok(axes)
}

/// Refuses what would mix points.
pub(super) fn apart(batch: Option<Batch>, axes: &[usize]) -> Result<()> {
    match batch {
        Some(Batch { axis, .. }) if axes.contains(&axis) => Err(NodeProblem::MixesPoints { axis }),
        _ => Ok(()),
    }
}

/// As the graph takes axes.
pub(super) fn signed(axes: &[usize]) -> Vec<isize> {
    axes.iter().map(|axis| axis.cast_signed()).collect()
}

/// A shape from whole numbers; N may stand once and is the batch.
pub(super) fn shape_from(extents: &[Extent]) -> Result<(Vec<usize>, Option<usize>)> {
    let mut batch = None;
    let mut shape = Vec::new();
    for (axis, &extent) in extents.iter().enumerate() {
        let length = match extent {
            Extent::Number(number) => number,
            Extent::Batch(factor) if factor.is_integer() && batch.is_none() => {
                batch = Some(axis);
                factor.to_integer()
            }
            Extent::Batch(_) => return Err(NodeProblem::BatchSize),
        };
        shape.push(usize::try_from(length).map_err(|_| NodeProblem::Overflow)?);
    }
    size(&shape)?;
    Ok((shape, batch))
}
