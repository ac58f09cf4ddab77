//! Softmax and its relatives, and normalisation layers, as they are in evaluation.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, axis, signed};
use super::super::value::{Array, Value};
use super::{Handler, one};
use crate::activation::Activation;
use crate::network::GraphBuilder;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Softmax" | "LogSoftmax" => softmax,
        "LayerNormalization" => layer,
        "RMSNormalization" | "SimplifiedLayerNormalization" => root_mean_square,
        "BatchNormalization" => batch,
        "InstanceNormalization" => instance,
        "GroupNormalization" => group,
        "LpNormalization" => length,
        _ => return None,
    })
}

/// Along one axis; before opset 13 over all axes from it on together.
fn softmax(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let shape = call.shape(x).to_vec();
    let together = call.opset < 13;
    let along = axis(call.attributes.int_or("axis", if together { 1 } else { -1 })?, shape.len())?;
    let last = if together { shape.len() } else { along + 1 };
    apart(x.batch, &(along..last).collect::<Vec<_>>())?;
    let joined = [&shape[..along], &[shape[along..last].iter().product()], &shape[last..]].concat();
    let tensor = call.graph.reshape(x.tensor, &joined)?;
    let along = along.cast_signed();
    let result = if call.op_type == "Softmax" {
        call.graph.softmax(tensor, along)?
    } else {
        call.graph.log_softmax(tensor, along)?
    };
    one(Array { tensor: call.graph.reshape(result, &shape)?, ..x })
}

/// The axes from `axis` on.
fn last_axes(call: &Call<'_>, x: Array) -> Result<Vec<usize>> {
    let rank = call.rank(x);
    let first = axis(call.attributes.int_or("axis", -1)?, rank)?;
    let axes: Vec<usize> = (first..rank).collect();
    apart(x.batch, &axes)?;
    Ok(axes)
}

fn epsilon(call: &Call<'_>) -> Result<f64> {
    call.attributes.float_or("epsilon", 1e-5)
}

impl Call<'_> {
    /// x · scale + shift, each as far as it is there.
    fn scaled(&mut self, x: Array, scale: Option<Array>, shift: Option<Array>) -> Result<Array> {
        let mut result = x;
        if let Some(scale) = scale {
            result = self.multiply(result, scale)?;
        }
        match shift {
            Some(shift) => self.add(result, shift),
            None => Ok(result),
        }
    }
}

fn layer(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let (axes, epsilon) = (signed(&last_axes(call, x)?), epsilon(call)?);
    let (scale, shift) = (call.optional_real(1)?, call.optional_real(2)?);
    let tensor = call.graph.normalise(x.tensor, &axes, epsilon, None, None)?;
    one(call.scaled(Array { tensor, ..x }, scale, shift)?)
}

fn root_mean_square(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let (axes, epsilon) = (signed(&last_axes(call, x)?), epsilon(call)?);
    let scale = call.optional_real(1)?;
    let tensor = call.graph.rms_normalise(x.tensor, &axes, epsilon, None)?;
    one(call.scaled(Array { tensor, ..x }, scale, None)?)
}

/// One entry for each channel, axis 1 of `rank` axes.
fn per_channel(call: &mut Call<'_>, position: usize, rank: usize) -> Result<Array> {
    let x = call.real(position)?;
    let count = call.shape(x).iter().product();
    let mut shape = vec![1; rank.saturating_sub(1)];
    if let Some(first) = shape.first_mut() {
        *first = count;
    }
    Ok(Array { tensor: call.graph.reshape(x.tensor, &shape)?, batch: None })
}

/// (x − mean)/√(variance + ε) · scale + shift, with the mean and variance of the training.
fn batch(call: &mut Call<'_>) -> Result<Vec<Value>> {
    if call.attributes.flag("training_mode", false)? {
        let remedy = "call `eval()` before the export";
        return Err(NodeProblem::Option { what: "batch normalisation in training".to_owned(), remedy });
    }
    let x = call.real(0)?;
    let (rank, epsilon) = (call.rank(x), epsilon(call)?);
    apart(x.batch, &[1])?;
    let scale = per_channel(call, 1, rank)?;
    let shift = per_channel(call, 2, rank)?;
    let mean = per_channel(call, 3, rank)?;
    let variance = per_channel(call, 4, rank)?;
    // Statistics of the training are no parameters.
    call.constant(mean);
    call.constant(variance);
    let epsilon = call.new_constant(&[], vec![epsilon])?;
    let variance = call.add(variance, epsilon)?;
    let factor = call.function(Activation::Rsqrt, variance)?;
    let factor = call.multiply(factor, scale)?;
    let centred = call.combine(x, mean, GraphBuilder::subtract)?;
    one(call.scaled(centred, Some(factor), Some(shift))?)
}

/// Each channel over all axes behind it.
fn instance(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let rank = call.rank(x);
    let axes: Vec<usize> = (2..rank).collect();
    if axes.is_empty() {
        return Err(NodeProblem::Axis { axis: 2, rank });
    }
    apart(x.batch, &[&[1], &axes[..]].concat())?;
    let (scale, shift) = (per_channel(call, 1, rank)?, per_channel(call, 2, rank)?);
    let epsilon = epsilon(call)?;
    let tensor = call.graph.normalise(x.tensor, &signed(&axes), epsilon, None, None)?;
    one(call.scaled(Array { tensor, ..x }, Some(scale), Some(shift))?)
}

/// Groups of channels with all axes behind them; scale and shift are those of the groups before opset 21, later those
/// of the channels.
fn group(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let shape = call.shape(x).to_vec();
    let rank = shape.len();
    let groups = call.attributes.int("num_groups")?.and_then(|groups| usize::try_from(groups).ok());
    let groups = groups.ok_or(NodeProblem::Attribute { name: "num_groups" })?;
    let channels = *shape.get(1).ok_or(NodeProblem::Axis { axis: 1, rank })?;
    if groups == 0 || !channels.is_multiple_of(groups) {
        return Err(NodeProblem::AttributeKind { name: "num_groups", expected: "a divisor of the channels" });
    }
    apart(x.batch, &(1..rank).collect::<Vec<_>>())?;
    let of_group = channels / groups * shape[2..].iter().product::<usize>();
    let grouped = call.graph.reshape(x.tensor, &[shape[0], groups, of_group])?;
    let epsilon = epsilon(call)?;
    let normalised = call.graph.normalise(grouped, &[-1], epsilon, None, None)?;
    let normalised = Array { tensor: normalised, ..x };
    let count = call.real(1).map(|scale| call.shape(scale).iter().product::<usize>())?;
    if count == channels {
        let tensor = call.graph.reshape(normalised.tensor, &shape)?;
        let (scale, shift) = (per_channel(call, 1, rank)?, per_channel(call, 2, rank)?);
        return one(call.scaled(Array { tensor, ..x }, Some(scale), Some(shift))?);
    }
    let (scale, shift) = (per_channel(call, 1, 3)?, per_channel(call, 2, 3)?);
    let scaled = call.scaled(normalised, Some(scale), Some(shift))?;
    one(Array { tensor: call.graph.reshape(scaled.tensor, &shape)?, ..x })
}

/// x/|x| along an axis, with the sum of moduli or the Euclidean norm.
fn length(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let along = axis(call.attributes.int_or("axis", -1)?, call.rank(x))?;
    apart(x.batch, &[along])?;
    let along = [along.cast_signed()];
    let norm = match call.attributes.int_or("p", 2)? {
        1 => {
            let modulus = call.graph.apply(Activation::Abs, x.tensor)?;
            call.graph.sum(modulus, &along, true)?
        }
        2 => call.graph.norm(x.tensor, &along, true)?,
        _ => return Err(NodeProblem::AttributeKind { name: "p", expected: "1 or 2" }),
    };
    one(Array { tensor: call.graph.divide(x.tensor, norm)?, ..x })
}
