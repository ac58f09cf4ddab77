//! Functions of one operand, entry by entry.
//!
//! Attributes are 32-bit numbers in the file and are taken as they stand; so are ONNX's defaults.

use super::super::NodeProblem;
use super::super::call::{Call, Result};
use super::super::value::{Array, Value};
use super::{Handler, one};
use crate::activation::Activation;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Abs" | "Neg" | "Sign" | "Floor" | "Ceil" | "Round" => signed,
        "Selu" => selu,
        "PRelu" => prelu,
        "Swish" => swish,
        _ if plain(op_type).is_some() || has_parameters(op_type) => apply,
        _ => return None,
    })
}

/// Functions without parameters.
fn plain(op_type: &str) -> Option<Activation> {
    Some(match op_type {
        "Reciprocal" => Activation::Reciprocal,
        "Sqrt" => Activation::Sqrt,
        "Exp" => Activation::Exp,
        "Log" => Activation::Log,
        "Erf" => Activation::Erf,
        "Sin" => Activation::Sin,
        "Cos" => Activation::Cos,
        "Tan" => Activation::Tan,
        "Asin" => Activation::Asin,
        "Acos" => Activation::Acos,
        "Atan" => Activation::Atan,
        "Sinh" => Activation::Sinh,
        "Cosh" => Activation::Cosh,
        "Tanh" => Activation::Tanh,
        "Asinh" => Activation::Asinh,
        "Acosh" => Activation::Acosh,
        "Atanh" => Activation::Atanh,
        "Sigmoid" => Activation::Sigmoid,
        "Softplus" => Activation::Softplus,
        "Softsign" => Activation::Softsign,
        "Relu" => Activation::Relu,
        "HardSwish" => Activation::HardSwish,
        "Mish" => Activation::Mish,
        _ => return None,
    })
}

fn has_parameters(op_type: &str) -> bool {
    matches!(op_type, "Elu" | "Celu" | "LeakyRelu" | "ThresholdedRelu" | "HardSigmoid" | "Shrink" | "Gelu")
}

fn function(call: &Call<'_>) -> Result<Activation> {
    let float = |name, default| call.attributes.float_or(name, default);
    Ok(match call.op_type {
        "Elu" => Activation::Elu(float("alpha", 1.0)?.into()),
        "Celu" => Activation::Celu(float("alpha", 1.0)?.into()),
        "LeakyRelu" => Activation::LeakyRelu(float("alpha", f64::from(0.01f32))?.into()),
        "ThresholdedRelu" => {
            Activation::ThresholdedRelu { theta: float("alpha", 1.0)?.into(), value: 0.0.into() }
        }
        "HardSigmoid" => Activation::HardSigmoid {
            alpha: float("alpha", f64::from(0.2f32))?.into(),
            beta: float("beta", 0.5)?.into(),
        },
        "Gelu" => match call.attributes.text("approximate")?.as_deref() {
            None | Some("none") => Activation::Gelu,
            Some("tanh") => Activation::GeluTanh,
            Some(_) => {
                return Err(NodeProblem::AttributeKind { name: "approximate", expected: "`none` or `tanh`" });
            }
        },
        "Shrink" => {
            let (lambda, bias) = (float("lambd", 0.5)?, float("bias", 0.0)?);
            if bias.to_bits() == lambda.to_bits() {
                Activation::Softshrink(lambda.into())
            } else if bias == 0.0 {
                Activation::Hardshrink(lambda.into())
            } else {
                return Err(NodeProblem::Option {
                    what: format!("a bias of {bias} with a threshold of {lambda}"),
                    remedy: "use a bias of 0 (hard shrink) or of the threshold (soft shrink)",
                });
            }
        }
        other => plain(other).ok_or(NodeProblem::Attribute { name: "op_type" })?,
    })
}

fn apply(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let function = function(call)?;
    let x = call.real(0)?;
    one(call.function(function, x)?)
}

impl Call<'_> {
    /// g(x)
    pub(in crate::model::onnx) fn function(&mut self, function: Activation, x: Array) -> Result<Array> {
        Ok(Array { tensor: self.graph.apply(function, x.tensor)?, ..x })
    }

    /// factor · x
    pub(in crate::model::onnx) fn scale(&mut self, x: Array, factor: f64) -> Result<Array> {
        Ok(Array { tensor: self.graph.scale(x.tensor, factor)?, ..x })
    }
}

/// Functions of whole numbers, too.
fn signed(call: &mut Call<'_>) -> Result<Vec<Value>> {
    use super::super::extent::Extent;
    if let Value::Whole(mut whole) = call.operand(0)? {
        let sign = |x: Extent| Ok(Extent::Number(x.compare(Extent::Number(0))? as i64));
        let entry = |&x: &Extent| match call.op_type {
            "Neg" => x.negate(),
            "Sign" => sign(x),
            "Abs" => x.larger(x.negate()?),
            _ => Ok(x),
        };
        whole.entries = whole.entries.iter().map(entry).collect::<Result<_>>()?;
        return Ok(vec![Value::Whole(whole)]);
    }
    let x = call.real(0)?;
    let function = match call.op_type {
        "Abs" => Activation::Abs,
        "Sign" => Activation::Sign,
        "Floor" => Activation::Floor,
        "Ceil" => Activation::Ceil,
        "Round" => Activation::Round,
        _ => return one(call.scale(x, -1.0)?),
    };
    one(call.function(function, x)?)
}

/// γ elu(x; α)
fn selu(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let alpha = call.attributes.float_or("alpha", f64::from(1.673_263_2_f32))?;
    let gamma = call.attributes.float_or("gamma", f64::from(1.050_701_f32))?;
    let x = call.real(0)?;
    let elu = call.function(Activation::Elu(alpha.into()), x)?;
    one(call.scale(elu, gamma)?)
}

/// x where x > 0, else slope · x.
fn prelu(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, slope) = (call.real(0)?, call.real(1)?);
    // A slope that was trained stays a parameter.
    if !call.graph.varies(slope.tensor)
        && let Some(slope) = call.constant_scalar(slope)
    {
        return one(call.function(Activation::LeakyRelu(slope.into()), x)?);
    }
    let scaled = call.multiply(x, slope)?;
    let zero = call.new_constant(&[], vec![0.0])?;
    let is_positive = call.compare_real(x, zero, "Greater")?;
    Ok(vec![call.choice(is_positive, Value::Real(x), Value::Real(scaled))?])
}

/// x/(1 + exp(−αx))
fn swish(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let alpha = call.attributes.float_or("alpha", 1.0)?;
    let x = call.real(0)?;
    let inner = call.scale(x, alpha)?;
    let silu = call.function(Activation::Sigmoid, inner)?;
    one(call.multiply(x, silu)?)
}
