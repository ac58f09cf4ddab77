//! softmax(scale · Q Kᵀ + mask) V, the fused node of opset 23.
//!
//! Q, K and V have shape \[batch, heads, length, size\], or \[batch, length, heads · size\]; several heads of Q may share one of
//! K and V.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart};
use super::super::value::{Array, Value};
use super::{Handler, one};
use crate::activation::Activation;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    (op_type == "Attention").then_some(attention)
}

#[allow(clippy::cast_precision_loss, reason = "heads are small")]
fn attention(call: &mut Call<'_>) -> Result<Vec<Value>> {
    if call.optional(4).is_some() || call.optional(5).is_some() || call.optional(6).is_some() {
        let what = "attention with a cache of past keys".to_owned();
        return Err(NodeProblem::Option { what, remedy: "export without a cache" });
    }
    let (q, joined) = heads(call, 0, "q_num_heads")?;
    let (k, _) = heads(call, 1, "kv_num_heads")?;
    let (v, _) = heads(call, 2, "kv_num_heads")?;
    let shape = call.shape(q).to_vec();
    let (count, width) = (shape[1], shape[3]);
    let (k, v) = (shared(call, k, count)?, shared(call, v, count)?);
    let scale = call.attributes.float_or("scale", 1.0 / (width as f64).sqrt())?;
    let transposed = reordered(call, k, &[0, 1, 3, 2])?;
    let scaled = call.scale(q, scale)?;
    let mut scores = call.matrix_product(scaled, transposed)?;
    let cap = call.attributes.float_or("softcap", 0.0)?;
    if cap != 0.0 {
        if call.optional(3).is_some() {
            let what = "a soft cap together with a mask".to_owned();
            return Err(NodeProblem::Option {
                what,
                remedy: "export with opset 22, which writes attention out",
            });
        }
        let inner = call.scale(scores, 1.0 / cap)?;
        let bounded = call.function(Activation::Tanh, inner)?;
        scores = call.scale(bounded, cap)?;
    }
    scores = masked(call, scores)?;
    let tensor = call.graph.softmax(scores.tensor, -1)?;
    let result = call.matrix_product(Array { tensor, ..scores }, v)?;
    if !joined {
        return one(result);
    }
    let result = reordered(call, result, &[0, 2, 1, 3])?;
    let shape = call.shape(result).to_vec();
    let tensor = call.graph.reshape(result.tensor, &[shape[0], shape[1], shape[2] * shape[3]])?;
    one(Array { tensor, ..result })
}

fn reordered(call: &mut Call<'_>, x: Array, order: &[usize]) -> Result<Array> {
    Ok(Array { tensor: call.graph.transpose(x.tensor, order)?, ..x })
}

/// An operand as \[batch, heads, length, size\], and whether its heads were joined.
fn heads(call: &mut Call<'_>, position: usize, name: &'static str) -> Result<(Array, bool)> {
    let x = call.real(position)?;
    let shape = call.shape(x).to_vec();
    apart(x.batch, &(1..shape.len()).collect::<Vec<_>>())?;
    match shape[..] {
        [_, _, _, _] => Ok((x, false)),
        [batch, length, width] => {
            let heads = call.attributes.int(name)?.ok_or(NodeProblem::Attribute { name })?;
            let heads = usize::try_from(heads).ok().filter(|&heads| heads > 0 && width.is_multiple_of(heads));
            let expected = "a divisor of the width";
            let heads = heads.ok_or(NodeProblem::AttributeKind { name, expected })?;
            let tensor = call.graph.reshape(x.tensor, &[batch, length, heads, width / heads])?;
            Ok((reordered(call, Array { tensor, ..x }, &[0, 2, 1, 3])?, true))
        }
        _ => Err(NodeProblem::Axis { axis: 3, rank: shape.len() }),
    }
}

/// Each head of K or V as often as there are heads of Q for it.
fn shared(call: &mut Call<'_>, x: Array, count: usize) -> Result<Array> {
    let own = call.shape(x)[1];
    if own == count {
        return Ok(x);
    }
    if own == 0 || !count.is_multiple_of(own) {
        return Err(NodeProblem::AttributeKind {
            name: "kv_num_heads",
            expected: "a divisor of q_num_heads",
        });
    }
    let places: Vec<isize> = (0..count).map(|head| (head / (count / own)).cast_signed()).collect();
    Ok(Array { tensor: call.graph.gather(x.tensor, 1, &places, &[count])?, ..x })
}

/// Scores with the mask added, or −∞ where it is false.
fn masked(call: &mut Call<'_>, scores: Array) -> Result<Array> {
    let mut scores = scores;
    match call.optional(3).cloned() {
        None => {}
        Some(Value::Truth(mask)) => scores = where_true(call, mask, scores)?,
        Some(_) => {
            let mask = call.real(3)?;
            scores = call.add(scores, mask)?;
        }
    }
    if !call.attributes.flag("is_causal", false)? {
        return Ok(scores);
    }
    let shape = call.shape(scores).to_vec();
    let (rows, columns) = (shape[2], shape[3]);
    let is_past = |place: usize| f64::from(u8::from(place % columns <= place / columns));
    let mask = call.new_constant(&[rows, columns], (0..rows * columns).map(is_past).collect())?;
    where_true(call, mask, scores)
}

fn where_true(call: &mut Call<'_>, mask: Array, scores: Array) -> Result<Array> {
    let never = call.new_constant(&[], vec![f64::NEG_INFINITY])?;
    match call.choice(mask, Value::Real(scores), Value::Real(never))? {
        Value::Real(array) => Ok(array),
        other => Err(NodeProblem::Kind { position: 3, found: other.kind(), expected: "scores" }),
    }
}
