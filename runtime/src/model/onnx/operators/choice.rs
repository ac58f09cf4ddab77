//! Comparisons, booleans, and choices by them.
//!
//! A comparison of values that depend on the point is locally constant: 0 or 1, with derivatives of 0. A choice by it is
//! c·a + (1 − c)·b, so both branches must be finite. Choices by constants only move entries.

use super::super::NodeProblem;
use super::super::call::{Call, Result};
use super::super::extent::Extent;
use super::super::value::{Array, Value};
use super::Handler;
use crate::activation::Activation;
use crate::network::GraphBuilder;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" => compare,
        "Not" => not,
        "And" | "Or" | "Xor" => connect,
        "IsNaN" => is_nan,
        "Where" => choose,
        "Trilu" => triangle,
        _ => return None,
    })
}

fn compare(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let op_type = call.op_type;
    let truth = match (call.operand(0)?, call.operand(1)?) {
        (Value::Whole(a), Value::Whole(b)) => {
            let holds = |a: Extent, b: Extent| {
                let order = a.compare(b)?;
                Ok(Extent::Number(i64::from(match op_type {
                    "Equal" => order.is_eq(),
                    "Less" => order.is_lt(),
                    "LessOrEqual" => order.is_le(),
                    "Greater" => order.is_gt(),
                    _ => order.is_ge(),
                })))
            };
            let whole = call.whole_pairs(a, b, holds)?;
            call.as_real(&whole)?
        }
        (Value::Truth(a), Value::Truth(b)) => call.compare_real(a, b, "Equal")?,
        _ => {
            let (a, b) = (call.real(0)?, call.real(1)?);
            call.compare_real(a, b, op_type)?
        }
    };
    Ok(vec![Value::Truth(truth)])
}

impl Call<'_> {
    /// a < b as step(b − a), and the like.
    fn compare_real(&mut self, a: Array, b: Array, op_type: &str) -> Result<Array> {
        let (larger, smaller) = if op_type.starts_with("Less") { (b, a) } else { (a, b) };
        match op_type {
            "Less" | "Greater" => {
                let difference = self.combine(larger, smaller, GraphBuilder::subtract)?;
                self.function(Activation::Step, difference)
            }
            "Equal" => {
                let difference = self.combine(a, b, GraphBuilder::subtract)?;
                let sign = self.function(Activation::Sign, difference)?;
                let differs = self.function(Activation::Abs, sign)?;
                self.complement(differs)
            }
            _ => {
                let difference = self.combine(smaller, larger, GraphBuilder::subtract)?;
                let less = self.function(Activation::Step, difference)?;
                self.complement(less)
            }
        }
    }

    /// 1 − x
    fn complement(&mut self, x: Array) -> Result<Array> {
        let one = self.graph.scalar(1.0);
        Ok(Array { tensor: self.graph.subtract(one, x.tensor)?, ..x })
    }

    /// a where the condition holds, else b. A constant condition picks entries, others weigh the branches.
    pub(in crate::model::onnx) fn choice(&mut self, condition: Array, a: Value, b: Value) -> Result<Value> {
        let (shape, batch) = self.common_shape(&[&Value::Truth(condition), &a, &b])?;
        if let Some(entries) = self.constant(condition) {
            let entries = entries.to_vec();
            let truth =
                self.graph.constant(self.graph.shape(condition.tensor).to_vec().as_slice(), entries)?;
            let truth = self.graph.broadcast_to(truth, &shape)?;
            let holds = self.graph.constant_entries(truth).unwrap_or_default();
            let count = holds.len().cast_signed();
            let place = |(place, &holds): (isize, &f64)| if holds > 0.5 { place } else { place + count };
            let places: Vec<isize> = (0..).zip(holds).map(place).collect();
            return self.moved(&[a, b], batch, |graph, of| {
                let mut flat = Vec::new();
                for &tensor in of {
                    let full = graph.broadcast_to(tensor, &shape)?;
                    flat.push(graph.reshape(full, &[places.len()])?);
                }
                let both = graph.concat(&flat, 0)?;
                graph.gather(both, 0, &places, &shape)
            });
        }
        let (Value::Real(a), Value::Real(b)) = (&a, &b) else {
            return Err(NodeProblem::NotConstant {
                position: 0,
                what: "the condition of a choice of whole numbers",
            });
        };
        let otherwise = self.complement(condition)?;
        let (a, b) = (self.multiply(condition, *a)?, self.multiply(otherwise, *b)?);
        Ok(Value::Real(self.add(a, b)?))
    }
}

fn not(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.truth(0)?;
    Ok(vec![Value::Truth(call.complement(x)?)])
}

/// a ∧ b = ab, a ∨ b = a + b − ab, a ⊕ b = a + b − 2ab
fn connect(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (a, b) = (call.truth(0)?, call.truth(1)?);
    let both = call.multiply(a, b)?;
    let factor = match call.op_type {
        "And" => return Ok(vec![Value::Truth(both)]),
        "Or" => -1.0,
        _ => -2.0,
    };
    let (sum, both) = (call.add(a, b)?, call.scale(both, factor)?);
    Ok(vec![Value::Truth(call.add(sum, both)?)])
}

/// No: exporters guard softmax by it, and what is no number shall show.
fn is_nan(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let shape = call.shape(x).to_vec();
    let entries = vec![0.0; shape.iter().product()];
    let never = call.new_constant(&shape, entries)?;
    Ok(vec![Value::Truth(Array { batch: x.batch, ..never })])
}

fn choose(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let condition = call.truth(0)?;
    let (a, b) = (call.operand(1)?, call.operand(2)?);
    Ok(vec![call.choice(condition, a, b)?])
}

/// The upper or lower triangle of matrices, zero elsewhere.
fn triangle(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let upper = call.attributes.flag("upper", true)?;
    let diagonal = call.list("k", 1)?.and_then(|list| list.first().copied()).unwrap_or(0);
    let x = call.operand(0)?;
    let shape = call.shape_of(&x).to_vec();
    let &[.., rows, columns] = &shape[..] else {
        return Err(NodeProblem::Axis { axis: -2, rank: shape.len() });
    };
    if let Some(batch) = x.batch().filter(|batch| batch.axis + 2 >= shape.len()) {
        return Err(NodeProblem::MixesPoints { axis: batch.axis });
    }
    let is_in = |place: usize| {
        let signed = |index: usize| index.cast_signed() as i64;
        let (row, column) = (signed(place / columns), signed(place % columns));
        let beyond = column.saturating_sub(row).saturating_sub(diagonal);
        if upper { beyond >= 0 } else { beyond <= 0 }
    };
    let truth = (0..rows * columns).map(|place| f64::from(u8::from(is_in(place)))).collect();
    let condition = call.new_constant(&[rows, columns], truth)?;
    let zero = match &x {
        Value::Whole(_) => {
            let entries = vec![Extent::Number(0)].into();
            Value::Whole(super::super::value::Whole { shape: Vec::new(), entries, batch: None })
        }
        Value::Real(_) => Value::Real(call.new_constant(&[], vec![0.0])?),
        Value::Truth(_) => Value::Truth(call.new_constant(&[], vec![0.0])?),
    };
    Ok(vec![call.choice(condition, x, zero)?])
}
