//! Sums, differences, products, quotients, powers, remainders, the larger and the smaller: of floating-point numbers in
//! the network, of whole numbers at once.

use super::super::NodeProblem;
use super::super::call::{Call, Result};
use super::super::extent::Extent;
use super::super::value::{Array, Value, Whole};
use super::{Handler, one};
use crate::activation::Activation;
use crate::network::{GraphBuilder, GraphError, TensorId};

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Add" => |call| binary(call, Extent::add, GraphBuilder::add),
        "Sub" => |call| binary(call, Extent::subtract, GraphBuilder::subtract),
        "Mul" => |call| binary(call, Extent::multiply, GraphBuilder::multiply),
        "Div" => |call| binary(call, Extent::divide, GraphBuilder::divide),
        "Sum" => |call| fold(call, Extent::add, Call::add),
        "Max" => |call| fold(call, Extent::larger, |call, a, b| call.extreme(a, b, true)),
        "Min" => |call| fold(call, Extent::smaller, |call, a, b| call.extreme(a, b, false)),
        "Mean" => mean,
        "Pow" => power,
        "Mod" => remainder,
        "Clip" => clip,
        _ => return None,
    })
}

type OnReal = fn(&mut GraphBuilder<f64>, TensorId, TensorId) -> std::result::Result<TensorId, GraphError>;
type OnWhole = fn(Extent, Extent) -> Result<Extent>;

fn binary(call: &mut Call<'_>, on_whole: OnWhole, on_real: OnReal) -> Result<Vec<Value>> {
    if let (Value::Whole(a), Value::Whole(b)) = (call.operand(0)?, call.operand(1)?) {
        return Ok(vec![Value::Whole(call.whole_pairs(a, b, on_whole)?)]);
    }
    let (a, b) = (call.real(0)?, call.real(1)?);
    one(call.combine(a, b, on_real)?)
}

/// Any number of operands, from left to right.
fn fold<'a>(
    call: &mut Call<'a>,
    on_whole: OnWhole,
    on_real: impl Fn(&mut Call<'a>, Array, Array) -> Result<Array>,
) -> Result<Vec<Value>> {
    let mut result = call.operand(0)?;
    for position in 1..call.inputs.len() {
        result = match (result, call.operand(position)?) {
            (Value::Whole(a), Value::Whole(b)) => Value::Whole(call.whole_pairs(a, b, on_whole)?),
            (Value::Real(a), _) => {
                let b = call.real(position)?;
                Value::Real(on_real(call, a, b)?)
            }
            (other, _) => {
                let (position, found) = (position - 1, other.kind());
                return Err(NodeProblem::Kind { position, found, expected: "numbers of one kind" });
            }
        };
    }
    Ok(vec![result])
}

impl Call<'_> {
    /// Whole numbers entry by entry, broadcast.
    pub(in crate::model::onnx) fn whole_pairs(
        &mut self,
        a: Whole,
        b: Whole,
        step: impl Fn(Extent, Extent) -> Result<Extent>,
    ) -> Result<Whole> {
        let (a, b) = self.broadcast_pair(Value::Whole(a), Value::Whole(b))?;
        let (Value::Whole(a), Value::Whole(b)) = (a, b) else { return Err(NodeProblem::Overflow) };
        let entries = a.entries.iter().zip(b.entries.iter()).map(|(&a, &b)| step(a, b));
        Ok(Whole { entries: entries.collect::<Result<_>>()?, ..a })
    }

    /// Both in the shape that they are broadcast to.
    pub(in crate::model::onnx) fn broadcast_pair(&mut self, a: Value, b: Value) -> Result<(Value, Value)> {
        let (shape, batch) = self.common_shape(&[&a, &b])?;
        let mut full = |value| self.moved(&[value], batch, |graph, of| graph.broadcast_to(of[0], &shape));
        Ok((full(a)?, full(b)?))
    }

    /// The larger or the smaller of two; against a constant by a clip, which rounds nothing.
    pub(in crate::model::onnx) fn extreme(&mut self, a: Array, b: Array, larger: bool) -> Result<Array> {
        for (x, bound) in [(a, b), (b, a)] {
            let fits = self.rank(bound) <= self.rank(x);
            let bound = if fits { self.constant_scalar(bound) } else { None };
            if let Some(bound) = bound.filter(|bound| !bound.is_nan()) {
                let (low, high) = if larger { (bound, f64::INFINITY) } else { (f64::NEG_INFINITY, bound) };
                return self.function(Activation::Clip { low: low.into(), high: high.into() }, x);
            }
        }
        self.combine(a, b, if larger { GraphBuilder::maximum } else { GraphBuilder::minimum })
    }
}

#[allow(clippy::cast_precision_loss, reason = "nodes have few operands")]
fn mean(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let mut sum = call.real(0)?;
    for position in 1..call.inputs.len() {
        let next = call.real(position)?;
        sum = call.add(sum, next)?;
    }
    let factor = 1.0 / call.inputs.len() as f64;
    one(call.scale(sum, factor)?)
}

fn power(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let exponent = match (call.operand(0)?, call.operand(1)?) {
        (Value::Whole(a), Value::Whole(b)) => {
            return Ok(vec![Value::Whole(call.whole_pairs(a, b, Extent::power)?)]);
        }
        (_, Value::Whole(exponent)) => call.as_real(&exponent)?,
        _ => call.real(1)?,
    };
    let base = call.real(0)?;
    if let Some(exponents) = call.constant(exponent) {
        let exponents = exponents.to_vec();
        return one(call.constant_power(base, exponent, &exponents)?);
    }
    // xʸ = exp(y log x), which needs x > 0.
    let logarithm = call.function(Activation::Log, base)?;
    let product = call.multiply(exponent, logarithm)?;
    one(call.function(Activation::Exp, product)?)
}

impl Call<'_> {
    /// xᵖ with a constant p for each entry: entries of one exponent at a time.
    fn constant_power(&mut self, base: Array, exponent: Array, exponents: &[f64]) -> Result<Array> {
        if let Some(&first) = exponents.first()
            && exponents.iter().all(|p| p.to_bits() == first.to_bits())
            && self.rank(exponent) <= self.rank(base)
            && exponents.len() == 1
        {
            return self.function(power_function(first), base);
        }
        let (full, exponent) = self.broadcast_pair(Value::Real(base), Value::Real(exponent))?;
        let (Value::Real(full), Value::Real(exponent)) = (full, exponent) else {
            return Err(NodeProblem::Overflow);
        };
        let exponents = self.constant(exponent).unwrap_or_default().to_vec();
        let mut distinct = exponents.clone();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup_by(|a, b| a.to_bits() == b.to_bits());
        let shape = self.shape(full).to_vec();
        let flat = self.graph.reshape(full.tensor, &[exponents.len()])?;
        let mut parts = Vec::new();
        let mut places = vec![0isize; exponents.len()];
        let mut next = 0isize;
        for p in distinct {
            let positions = (0isize..).zip(&exponents).filter(|(_, q)| q.to_bits() == p.to_bits());
            let positions: Vec<isize> = positions.map(|(position, _)| position).collect();
            for &position in &positions {
                places[position.unsigned_abs()] = next;
                next += 1;
            }
            let part = self.graph.gather(flat, 0, &positions, &[positions.len()])?;
            parts.push(self.graph.apply(power_function(p), part)?);
        }
        let joined = self.graph.concat(&parts, 0)?;
        Ok(Array { tensor: self.graph.gather(joined, 0, &places, &shape)?, batch: full.batch })
    }
}

fn power_function(exponent: f64) -> Activation {
    if exponent.to_bits() == 0.5f64.to_bits() {
        Activation::Sqrt
    } else if exponent.to_bits() == (-0.5f64).to_bits() {
        Activation::Rsqrt
    } else {
        Activation::Power(exponent.into())
    }
}

/// x − y ⌊x/y⌋; with `fmod` rounded towards zero in place of down.
fn remainder(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let truncated = call.attributes.flag("fmod", false)?;
    if let (Value::Whole(a), Value::Whole(b)) = (call.operand(0)?, call.operand(1)?) {
        return Ok(vec![Value::Whole(call.whole_pairs(a, b, |a, b| a.remainder(b, truncated))?)]);
    }
    let (x, y) = (call.real(0)?, call.real(1)?);
    let quotient = call.combine(x, y, GraphBuilder::divide)?;
    let whole = if truncated {
        let (sign, size) =
            (call.function(Activation::Sign, quotient)?, call.function(Activation::Abs, quotient)?);
        let floor = call.function(Activation::Floor, size)?;
        call.multiply(sign, floor)?
    } else {
        call.function(Activation::Floor, quotient)?
    };
    let multiple = call.multiply(y, whole)?;
    one(call.combine(x, multiple, GraphBuilder::subtract)?)
}

/// Bounds are operands, before opset 11 attributes.
fn clip(call: &mut Call<'_>) -> Result<Vec<Value>> {
    if let Value::Whole(mut whole) = call.operand(0)? {
        for (position, bound) in [(1, Extent::larger as OnWhole), (2, Extent::smaller)] {
            if call.optional(position).is_some() {
                let limit = call.whole(position)?;
                whole = call.whole_pairs(whole, limit, bound)?;
            }
        }
        return Ok(vec![Value::Whole(whole)]);
    }
    let x = call.real(0)?;
    let bound = |call: &mut Call<'_>, position, name, default: f64| -> Result<(Option<f64>, Option<Array>)> {
        match call.optional_real(position)? {
            Some(array) => Ok((call.constant_scalar(array), Some(array))),
            None => Ok((Some(call.attributes.float_or(name, default)?), None)),
        }
    };
    let (low, high) = (bound(call, 1, "min", f64::NEG_INFINITY)?, bound(call, 2, "max", f64::INFINITY)?);
    if let (Some(low), Some(high)) = (low.0, high.0) {
        // With crossed bounds, the upper one wins.
        return one(call.function(Activation::Clip { low: low.min(high).into(), high: high.into() }, x)?);
    }
    let mut result = x;
    for (array, larger) in [(low.1, true), (high.1, false)] {
        if let Some(array) = array {
            result = call.extreme(result, array, larger)?;
        }
    }
    one(result)
}
