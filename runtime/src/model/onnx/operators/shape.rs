//! Shapes, constants and casts: what is known when a model is read.
//!
//! Casts between floating-point types are the identity: everything is computed in the precision of the evaluation.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of the file are rounded and saturate, as these do"
)]

use num_rational::Ratio;

use super::super::call::{Call, Result, shape_from, size};
use super::super::extent::Extent;
use super::super::tensor::{self, ElementType, Numbers, Stored};
use super::super::value::{Array, Batch, Value, Whole};
use super::super::{MOST_ENTRIES, NodeProblem};
use super::Handler;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Constant" => constant,
        "ConstantOfShape" => constant_of_shape,
        "Shape" => shape,
        "Size" => entries,
        "Cast" | "CastLike" => cast,
        "Identity" => identity,
        "Dropout" => dropout,
        "Range" => range,
        "OneHot" => one_hot,
        _ => return None,
    })
}

impl Call<'_> {
    /// Whole numbers as floating-point numbers.
    pub(in crate::model::onnx) fn as_real(&mut self, whole: &Whole) -> Result<Array> {
        let number = |extent: &Extent| Ok(extent.number()? as f64);
        let entries = whole.entries.iter().map(number).collect::<Result<_>>()?;
        let array = self.new_constant(&whole.shape, entries)?;
        Ok(Array { batch: whole.batch, ..array })
    }

    /// A tensor that is stored under a name: floating-point numbers are a parameter.
    pub(in crate::model::onnx) fn initializer(&mut self, name: &str, stored: Stored) -> Result<Value> {
        match stored {
            Stored { shape, numbers: Numbers::Real(entries) } if !is_literal(name, &shape) => {
                let tensor = self.graph.parameter(name, &shape, entries)?;
                Ok(Value::Real(Array { tensor, batch: None }))
            }
            other => {
                self.graph.mention(name, &other.shape);
                self.stored(other)
            }
        }
    }

    /// A stored tensor as a value.
    pub(in crate::model::onnx) fn stored(&mut self, stored: Stored) -> Result<Value> {
        let Stored { shape, numbers } = stored;
        Ok(match numbers {
            Numbers::Real(entries) => Value::Real(self.new_constant(&shape, entries)?),
            Numbers::Truth(entries) => {
                let entries = entries.into_iter().map(|truth| f64::from(u8::from(truth))).collect();
                Value::Truth(self.new_constant(&shape, entries)?)
            }
            Numbers::Whole(entries) => Value::Whole(Whole { shape, entries: entries.into(), batch: None }),
        })
    }
}

/// Whether a tensor is a number of the program: PyTorch's exporter stores these as `scalar_tensor_default_2`, `val_7` or
/// `threshold_cast`, and what was trained under the name that it has in the module.
fn is_literal(name: &str, shape: &[usize]) -> bool {
    let is_numbered = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let is_named = name.strip_prefix("val_").is_some_and(is_numbered)
        || name.starts_with("scalar_tensor_default")
        || name.ends_with("_cast");
    is_named && shape.iter().all(|&length| length == 1)
}

fn constant(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let attributes = &call.attributes;
    let stored = if let Some(proto) = attributes.tensor("value")? {
        tensor::read(proto, call.folder)?
    } else if let Some(floats) = attributes.floats("value_floats") {
        Stored {
            shape: vec![floats.len()],
            numbers: Numbers::Real(floats.iter().map(|&x| x.into()).collect()),
        }
    } else if let Some(ints) = attributes.ints("value_ints") {
        let numbers = Numbers::Whole(ints.iter().map(|&x| Extent::Number(x)).collect());
        Stored { shape: vec![ints.len()], numbers }
    } else if let Some(float) = attributes.float("value_float")? {
        Stored { shape: Vec::new(), numbers: Numbers::Real(vec![float]) }
    } else if let Some(int) = attributes.int("value_int")? {
        Stored { shape: Vec::new(), numbers: Numbers::Whole(vec![Extent::Number(int)]) }
    } else {
        return Err(NodeProblem::Attribute { name: "value" });
    };
    Ok(vec![call.stored(stored)?])
}

fn constant_of_shape(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let target = call.whole(0)?;
    let (shape, batch) = shape_from(&target.entries)?;
    let count = size(&shape)?;
    let numbers = match call.attributes.tensor("value")? {
        None => Numbers::Real(vec![0.0]),
        Some(proto) => tensor::read(proto, call.folder)?.numbers,
    };
    let missing = NodeProblem::AttributeKind { name: "value", expected: "one number" };
    Ok(vec![match numbers {
        Numbers::Real(entries) => {
            let entry = *entries.first().ok_or(missing)?;
            let array = call.new_constant(&shape, vec![entry; count])?;
            Value::Real(Array { batch: batch.map(Batch::new), ..array })
        }
        Numbers::Truth(entries) => {
            let entry = *entries.first().ok_or(missing)?;
            let array = call.new_constant(&shape, vec![f64::from(u8::from(entry)); count])?;
            Value::Truth(Array { batch: batch.map(Batch::new), ..array })
        }
        Numbers::Whole(entries) => {
            let entry = *entries.first().ok_or(missing)?;
            Value::Whole(Whole { shape, entries: vec![entry; count].into(), batch: batch.map(Batch::new) })
        }
    }])
}

/// The lengths of axes; that of the batch is a multiple of N.
fn lengths(call: &Call<'_>, value: &Value) -> Vec<Extent> {
    let batch = value.batch();
    let length = |(axis, &length): (usize, &usize)| {
        let length = length.cast_signed() as i64;
        if batch.is_some_and(|batch| batch.axis == axis) {
            Extent::Batch(Ratio::from_integer(length))
        } else {
            Extent::Number(length)
        }
    };
    call.shape_of(value).iter().enumerate().map(length).collect()
}

fn shape(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let lengths = lengths(call, &call.operand(0)?);
    let rank = lengths.len().cast_signed() as i64;
    let place = |index: i64| {
        let from_front = if index < 0 { index.saturating_add(rank) } else { index };
        usize::try_from(from_front.clamp(0, rank)).unwrap_or(0)
    };
    let start = place(call.attributes.int_or("start", 0)?);
    let end = place(call.attributes.int_or("end", i64::MAX)?);
    Ok(vec![Value::Whole(Whole::list(lengths.get(start..end).unwrap_or_default().to_vec()))])
}

fn entries(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let lengths = lengths(call, &call.operand(0)?);
    let count = lengths.into_iter().try_fold(Extent::Number(1), Extent::multiply)?;
    Ok(vec![Value::Whole(Whole { shape: Vec::new(), entries: vec![count].into(), batch: None })])
}

fn cast(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let like = if call.op_type == "CastLike" { Some(call.operand(1)?) } else { None };
    let to = match like {
        Some(Value::Real(_)) => ElementType::Double,
        Some(Value::Truth(_)) => ElementType::Bool,
        Some(Value::Whole(_)) => ElementType::Signed(8),
        None => {
            let code = call.attributes.int("to")?.ok_or(NodeProblem::Attribute { name: "to" })?;
            ElementType::new(i32::try_from(code).unwrap_or(-1))?
        }
    };
    let is_real =
        matches!(to, ElementType::Float | ElementType::Double | ElementType::Half | ElementType::Brain);
    Ok(vec![match call.operand(0)? {
        value @ Value::Real(_) if is_real => value,
        Value::Truth(array) if is_real => Value::Real(array),
        Value::Whole(whole) if is_real => Value::Real(call.as_real(&whole)?),
        value @ Value::Truth(_) if to == ElementType::Bool => value,
        Value::Whole(whole) if to == ElementType::Bool => {
            let nonzero = |extent: &Extent| Extent::Number(i64::from(*extent != Extent::Number(0)));
            let whole = Whole { entries: whole.entries.iter().map(nonzero).collect(), ..whole };
            Value::Truth(call.as_real(&whole)?)
        }
        Value::Real(array) if to == ElementType::Bool => {
            // NaN is not zero, and so it is true.
            let zero = call.new_constant(&[], vec![0.0])?;
            let is_zero = call.compare_real(array, zero, "Equal")?;
            Value::Truth(call.complement(is_zero)?)
        }
        value @ Value::Whole(_) => value,
        Value::Real(array) | Value::Truth(array) => {
            let what = "what becomes a whole number";
            let entries = call.constant(array).ok_or(NodeProblem::NotConstant { position: 0, what })?;
            // Conversions of Rust saturate, and round towards zero as ONNX's do.
            let entries = entries.iter().map(|&entry| Extent::Number(entry as i64)).collect();
            Value::Whole(Whole { shape: call.shape(array).to_vec(), entries, batch: array.batch })
        }
    }])
}

fn identity(call: &mut Call<'_>) -> Result<Vec<Value>> {
    Ok(vec![call.operand(0)?])
}

/// The identity; only training drops entries.
fn dropout(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let trains = call.optional(2).is_some() && {
        let training = call.truth(2)?;
        call.constant_scalar(training) != Some(0.0)
    };
    if trains {
        let remedy = "call `eval()` before the export";
        return Err(NodeProblem::Option { what: "dropout in training".to_owned(), remedy });
    }
    identity(call)
}

/// start, start + step … below the limit.
fn range(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let too_large = NodeProblem::TooLarge { limit: MOST_ENTRIES };
    if let Value::Whole(_) = call.operand(0)? {
        let number = |position| match call.whole(position)?.entries[..] {
            [extent] => extent.number(),
            _ => Err(NodeProblem::Kind { position, found: "a list", expected: "single whole numbers" }),
        };
        let (start, limit, step) = (number(0)?, number(1)?, number(2)?);
        if step == 0 {
            return Err(NodeProblem::ZeroDivision);
        }
        let span = i128::from(limit) - i128::from(start);
        let count = (span + i128::from(step) - i128::from(step.signum())) / i128::from(step);
        let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
        size(&[count]).map_err(|_| too_large)?;
        let entry = |k: usize| Extent::Number(start + step * k.cast_signed() as i64);
        return Ok(vec![Value::Whole(Whole::list((0..count).map(entry).collect()))]);
    }
    let mut number = |position| {
        let array = call.real(position)?;
        call.constant_scalar(array).ok_or(NodeProblem::NotConstant { position, what: "an end of a range" })
    };
    let (start, limit, step) = (number(0)?, number(1)?, number(2)?);
    let count = ((limit - start) / step).ceil().max(0.0);
    if count.is_nan() || count > MOST_ENTRIES as f64 {
        return Err(too_large);
    }
    let entries: Vec<f64> = (0..count as usize).map(|k| start + step * k as f64).collect();
    let shape = [entries.len()];
    super::one(call.new_constant(&shape, entries)?)
}

/// `off` and `on` values along a new axis, by constant positions.
fn one_hot(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let positions = call.whole(0)?;
    let depth = match call.operand(1)? {
        Value::Whole(depth) => depth.entries.first().ok_or(NodeProblem::Operand { position: 1 })?.number()?,
        _ => return Err(NodeProblem::NotConstant { position: 1, what: "the number of classes" }),
    };
    let depth = usize::try_from(depth).map_err(|_| NodeProblem::Overflow)?;
    let rank = positions.shape.len();
    let along = super::super::call::axis(call.attributes.int_or("axis", -1)?, rank + 1)?;
    let count = positions.entries.len();
    size(&[count, depth])?;
    let mut places = Vec::with_capacity(count * depth);
    for extent in positions.entries.iter() {
        let hot = extent.number()?;
        let hot = if hot < 0 { hot.saturating_add(depth.cast_signed() as i64) } else { hot };
        places.extend((0..depth).map(|class| isize::from(usize::try_from(hot) == Ok(class))));
    }
    let last = [&positions.shape[..], &[depth]].concat();
    let mut order: Vec<usize> = (0..rank).collect();
    order.insert(along, rank);
    let batch = positions.batch.map(|batch| batch.at(batch.axis + usize::from(along <= batch.axis)));
    let values = call.operand(2)?;
    Ok(vec![call.moved(&[values], batch, |graph, of| {
        let hot = graph.gather(of[0], 0, &places, &last)?;
        graph.transpose(hot, &order)
    })?])
}
