//! Comparisons, booleans, and choices by them.
//!
//! A comparison of values that depend on the point is locally constant: 0 or 1, with derivatives of 0. A choice by it takes
//! the branch with all its derivatives, whatever the other branch is. Choices by constants only move entries.

use super::super::NodeProblem;
use super::super::call::{Call, Result};
use super::super::extent::Extent;
use super::super::value::{Array, Value};
use super::Handler;
use crate::activation::Activation;
use crate::network::Relation;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" => compare,
        "Not" => not,
        "And" | "Or" | "Xor" => connect,
        "IsNaN" => is_nan,
        "IsInf" => is_infinite,
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
    /// Whether the relation that a node is named after holds: not at all where one is NaN.
    pub(super) fn compare_real(&mut self, a: Array, b: Array, op_type: &str) -> Result<Array> {
        let (a, b) = if op_type.starts_with("Greater") { (b, a) } else { (a, b) };
        let relation = match op_type {
            "Less" | "Greater" => Relation::Less,
            "Equal" => Relation::Equal,
            _ => Relation::LessOrEqual,
        };
        self.combine(a, b, |graph, a, b| graph.compare(relation, a, b))
    }

    /// 1 − x
    pub(super) fn complement(&mut self, x: Array) -> Result<Array> {
        let one = self.graph.scalar(1.0);
        Ok(Array { tensor: self.graph.subtract(one, x.tensor)?, ..x })
    }

    /// a where the condition holds, else b.
    pub(in crate::model::onnx) fn choice(&mut self, condition: Array, a: Value, b: Value) -> Result<Value> {
        let (_, batch) = self.common_shape(&[&Value::Truth(condition), &a, &b])?;
        if matches!(a, Value::Whole(_)) && self.constant(condition).is_none() {
            return Err(NodeProblem::NotConstant {
                position: 0,
                what: "the condition of a choice of whole numbers",
            });
        }
        self.moved(&[a, b], batch, |graph, of| graph.select(condition.tensor, of[0], of[1]))
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

/// Only NaN does not equal itself.
fn is_nan(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let is_number = call.compare_real(x, x, "Equal")?;
    Ok(vec![Value::Truth(call.complement(is_number)?)])
}

/// |x| = ∞, or one of both signs.
fn is_infinite(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let (negative, positive) =
        (call.attributes.flag("detect_negative", true)?, call.attributes.flag("detect_positive", true)?);
    let size = match (negative, positive) {
        (true, true) => call.function(Activation::Abs, x)?,
        (false, true) => x,
        (true, false) => call.scale(x, -1.0)?,
        (false, false) => call.scale(x, 0.0)?,
    };
    let infinity = call.new_constant(&[], vec![f64::INFINITY])?;
    Ok(vec![Value::Truth(call.compare_real(size, infinity, "Equal")?)])
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
