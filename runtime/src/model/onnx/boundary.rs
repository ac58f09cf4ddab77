//! Inputs as coordinates, outputs as fields.
//!
//! The inputs, flattened one after another, are the coordinates of the operator. Their batch axis is the free one; a model
//! of one fixed point (\[1, n\], or \[n\]) is applied to each point as it is, and a larger fixed length of axis 0 is taken for
//! the batch that the model was exported with.

use super::super::entry_names;
use super::call::Result as NodeResult;
use super::error::BoundaryProblem;
use super::proto::{Graph, ValueInfo};
use super::tensor::ElementType;
use super::value::{Array, Batch, Value};
use super::{MOST_FEATURES, OnnxError};
use crate::network::{GraphBuilder, GraphError, TensorId};

/// The inputs of a model.
#[derive(Debug)]
pub(super) struct Inputs {
    inputs: Vec<Input>,
    /// The length of the batch, where the file has a fixed one that is larger than 1.
    pub(super) fixed: Option<usize>,
}

#[derive(Debug)]
struct Input {
    name: String,
    /// The shape for one point.
    shape: Vec<usize>,
    batch: Option<usize>,
}

/// A shape of the file: lengths, and which axis is free.
struct Declared {
    lengths: Vec<usize>,
    free: Option<usize>,
}

impl Inputs {
    /// What the graph takes, but for initialisers that are listed as inputs, too.
    pub(super) fn new(graph: &Graph, is_weight: impl Fn(&str) -> bool) -> Result<Self, OnnxError> {
        let mut declared = Vec::new();
        for info in graph.inputs.iter().filter(|info| !is_weight(&info.name)) {
            let shape =
                declaration(info).map_err(|problem| OnnxError::Input { name: info.name.clone(), problem })?;
            declared.push((info.name.clone(), shape));
        }
        let Some((_, first)) = declared.first() else { return Err(OnnxError::NoInputs) };
        let is_free = first.free.is_some();
        let fixed = match first.lengths[..] {
            [length, _, ..] if !is_free && length > 1 => Some(length),
            _ => None,
        };
        let mut inputs = Vec::new();
        for (name, Declared { mut lengths, free }) in declared {
            let batch = if fixed.is_some() { Some(0) } else { free };
            let agrees = free.is_some() == is_free
                && fixed.is_none_or(|fixed| lengths.len() > 1 && lengths[0] == fixed);
            if !agrees {
                return Err(OnnxError::Input { name, problem: BoundaryProblem::Batch });
            }
            if let Some(axis) = batch {
                lengths[axis] = 1;
            }
            inputs.push(Input { name, shape: lengths, batch });
        }
        Ok(Self { inputs, fixed })
    }

    /// n, the number of coordinates.
    pub(super) fn coordinates(&self) -> usize {
        self.inputs.iter().map(|input| input.shape.iter().product::<usize>()).sum()
    }

    /// The names of the coordinates.
    pub(super) fn names(&self) -> Vec<String> {
        let names = |input: &Input| entry_names(&input.name, input.shape.iter().product());
        self.inputs.iter().flat_map(names).collect()
    }

    /// Each input with its name, cut from the point.
    pub(super) fn values(&self, graph: &mut GraphBuilder<f64>) -> Result<Vec<(String, Value)>, GraphError> {
        let mut start = 0;
        let mut values = Vec::new();
        for Input { name, shape, batch } in &self.inputs {
            let length = shape.iter().product();
            let point = graph.input();
            let part = graph.slice(point, 0, start, 1, length)?;
            let tensor = graph.reshape(part, shape)?;
            values.push((name.clone(), Value::Real(Array { tensor, batch: batch.map(Batch::new) })));
            start += length;
        }
        Ok(values)
    }
}

fn declaration(info: &ValueInfo) -> Result<Declared, BoundaryProblem> {
    let tensor = info.kind.as_ref().and_then(|kind| kind.tensor.as_ref()).ok_or(BoundaryProblem::NoShape)?;
    match ElementType::new(tensor.element_type) {
        Ok(ElementType::Float | ElementType::Double | ElementType::Half | ElementType::Brain) => {}
        _ => return Err(BoundaryProblem::Kind { found: "something else" }),
    }
    let shape = tensor.shape.as_ref().ok_or(BoundaryProblem::NoShape)?;
    let (mut lengths, mut free) = (Vec::new(), None);
    let mut coordinates = 1usize;
    for (axis, dim) in shape.dims.iter().enumerate() {
        let length = match dim.value {
            Some(length) => {
                let length = usize::try_from(length).ok().filter(|&length| length > 0);
                length.ok_or(BoundaryProblem::Length { axis, length: dim.value.unwrap_or(0) })?
            }
            None => match free.replace(axis) {
                Some(first) => return Err(BoundaryProblem::FreeAxes { first, second: axis }),
                None => 1,
            },
        };
        coordinates = coordinates.saturating_mul(length);
        lengths.push(length);
    }
    if coordinates > MOST_FEATURES {
        return Err(BoundaryProblem::TooLarge { limit: MOST_FEATURES });
    }
    Ok(Declared { lengths, free })
}

/// The outputs, flattened one after another, and the names of the fields.
pub(super) fn output<'v>(
    graph: &mut GraphBuilder<f64>,
    outputs: &[ValueInfo],
    find: impl Fn(&str) -> Option<&'v Value>,
) -> Result<(TensorId, Vec<String>), OnnxError> {
    if outputs.is_empty() {
        return Err(OnnxError::NoOutputs);
    }
    let (mut flat, mut names) = (Vec::new(), Vec::new());
    for info in outputs {
        let refuse = |problem| OnnxError::Output { name: info.name.clone(), problem };
        let array = match find(&info.name).ok_or_else(|| refuse(BoundaryProblem::Missing))? {
            Value::Real(array) => array,
            other => return Err(refuse(BoundaryProblem::Kind { found: other.kind() })),
        };
        let count = graph.shape(array.tensor).iter().product();
        flat.push(graph.reshape(array.tensor, &[count])?);
        names.extend(entry_names(&info.name, count));
    }
    Ok((graph.concat(&flat, 0)?, names))
}

/// Refuses a result that depends on the point and has no entries, or too many.
pub(super) fn check(value: &Value, graph: &GraphBuilder<f64>) -> NodeResult<()> {
    use super::NodeProblem;
    let Value::Real(array) = value else { return Ok(()) };
    let shape = graph.shape(array.tensor);
    if graph.constant_entries(array.tensor).is_some() {
        return Ok(());
    }
    match shape.iter().product::<usize>() {
        0 => Err(NodeProblem::Empty { shape: shape.to_vec() }),
        count if count > MOST_FEATURES => Err(NodeProblem::TooLarge { limit: MOST_FEATURES }),
        _ => Ok(()),
    }
}
