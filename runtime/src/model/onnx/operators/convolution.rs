//! Convolution and pooling of x, shape \[batch, channels, space …\], one sample at a time.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, size};
use super::super::value::{Array, Value};
use super::{Handler, one};
use crate::network::{GraphBuilder, GraphError, Padding, TensorId, Window};

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "Conv" => convolution,
        "AveragePool" | "MaxPool" => pool,
        "GlobalAveragePool" | "GlobalMaxPool" => global,
        _ => return None,
    })
}

/// Lengths from an attribute, each at least 1.
fn lengths(call: &Call<'_>, name: &'static str, axes: usize) -> Result<Option<Vec<usize>>> {
    let Some(list) = call.attributes.ints(name) else { return Ok(None) };
    let wrong = NodeProblem::AttributeKind { name, expected: "a positive number for each axis of space" };
    let lengths: Option<Vec<usize>> =
        list.iter().map(|&entry| usize::try_from(entry).ok().filter(|&entry| entry > 0)).collect();
    lengths.filter(|lengths| lengths.len() == axes).map(Some).ok_or(wrong)
}

/// How the window of a node moves over these axes of space.
fn window(call: &Call<'_>, space: &[usize], kernel: Option<Vec<usize>>) -> Result<Window> {
    let axes = space.len();
    let size = match kernel {
        Some(size) => size,
        None => {
            lengths(call, "kernel_shape", axes)?.ok_or(NodeProblem::Attribute { name: "kernel_shape" })?
        }
    };
    let mut window = Window::new(&size);
    window.stride = lengths(call, "strides", axes)?.unwrap_or(window.stride);
    window.dilation = lengths(call, "dilations", axes)?.unwrap_or(window.dilation);
    window.padding = padding(call, space, &window)?;
    Ok(window)
}

fn padding(call: &Call<'_>, space: &[usize], window: &Window) -> Result<Vec<Padding>> {
    let axes = space.len();
    let wrong =
        || NodeProblem::AttributeKind { name: "pads", expected: "two numbers for each axis, none negative" };
    let mode = call.attributes.text("auto_pad")?.unwrap_or_default();
    match mode.as_str() {
        "" | "NOTSET" => {
            let Some(list) = call.attributes.ints("pads") else { return Ok(vec![(0, 0); axes]) };
            let list: Option<Vec<usize>> = list.iter().map(|&entry| usize::try_from(entry).ok()).collect();
            let list = list.filter(|list| list.len() == 2 * axes).ok_or_else(wrong)?;
            Ok((0..axes).map(|axis| (list[axis], list[axis + axes])).collect())
        }
        "VALID" => Ok(vec![(0, 0); axes]),
        "SAME_UPPER" | "SAME_LOWER" => {
            let amount = |axis: usize| {
                let (length, stride) = (space[axis], window.stride[axis]);
                let reach = window.dilation[axis].checked_mul(window.size[axis] - 1)?.checked_add(1)?;
                let covered = (length.div_ceil(stride).max(1) - 1).checked_mul(stride)?.checked_add(reach)?;
                let total = covered.saturating_sub(length);
                let (small, large) = (total / 2, total - total / 2);
                Some(if mode == "SAME_UPPER" { (small, large) } else { (large, small) })
            };
            (0..axes).map(amount).collect::<Option<Vec<_>>>().ok_or(NodeProblem::Overflow)
        }
        _ => Err(NodeProblem::AttributeKind { name: "auto_pad", expected: "NOTSET, VALID or SAME_…" }),
    }
}

impl Call<'_> {
    /// Each sample of axis 0 by itself, joined again.
    fn per_sample(
        &mut self,
        x: Array,
        mut step: impl FnMut(&mut GraphBuilder<f64>, TensorId) -> std::result::Result<TensorId, GraphError>,
    ) -> Result<Array> {
        let shape = self.shape(x).to_vec();
        if shape.len() < 3 {
            return Err(NodeProblem::Axis { axis: 2, rank: shape.len() });
        }
        apart(x.batch, &(1..shape.len()).collect::<Vec<_>>())?;
        let mut samples = Vec::new();
        for sample in 0..shape[0] {
            let one = self.graph.slice(x.tensor, 0, sample, 1, 1)?;
            let one = self.graph.reshape(one, &shape[1..])?;
            samples.push(step(self.graph, one)?);
        }
        Ok(Array { tensor: self.graph.stack(&samples, 0)?, ..x })
    }

    /// The axes of space.
    fn space(&self, x: Array) -> Result<Vec<usize>> {
        let shape = self.shape(x);
        let space = shape.get(2..).filter(|space| !space.is_empty());
        space.map(<[usize]>::to_vec).ok_or(NodeProblem::Axis { axis: 2, rank: shape.len() })
    }
}

fn convolution(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (x, weight) = (call.real(0)?, call.real(1)?);
    let constant = |position, what| NodeProblem::NotConstant { position, what };
    let weight_shape = call.shape(weight).to_vec();
    if !call.is_constant(weight) {
        return Err(constant(1, "the weight"));
    }
    let bias = call.optional_real(2)?;
    if bias.is_some_and(|bias| !call.is_constant(bias)) {
        return Err(constant(2, "the bias"));
    }
    let groups = usize::try_from(call.attributes.int_or("group", 1)?).map_err(|_| NodeProblem::Overflow)?;
    let space = call.space(x)?;
    let kernel = weight_shape.get(2..).filter(|kernel| kernel.len() == space.len());
    let kernel = kernel.ok_or(NodeProblem::Shapes { left: weight_shape.clone(), right: space.clone() })?;
    let window = window(call, &space, Some(kernel.to_vec()))?;
    one(call.per_sample(x, |graph, sample| {
        graph.convolution(sample, weight.tensor, bias.map(|bias| bias.tensor), &window, groups)
    })?)
}

/// Padding counts as zeros only if `count_include_pad`.
fn pool(call: &mut Call<'_>) -> Result<Vec<Value>> {
    if call.attributes.flag("ceil_mode", false)? {
        let remedy = "pad x, and use ceil_mode=False";
        return Err(NodeProblem::Option { what: "pooling with ceil_mode".to_owned(), remedy });
    }
    let x = call.real(0)?;
    let space = call.space(x)?;
    let window = window(call, &space, None)?;
    if call.op_type == "MaxPool" {
        return one(call.per_sample(x, |graph, sample| graph.maximum_pool(sample, &window))?);
    }
    let is_padded = window.padding.iter().any(|&padding| padding != (0, 0));
    let means = call.per_sample(x, |graph, sample| graph.average_pool(sample, &window))?;
    if !is_padded || call.attributes.flag("count_include_pad", false)? {
        return one(means);
    }
    let count = size(&space)?;
    let ones = call.graph.constant(&[&[1], &space[..]].concat(), vec![1.0; count])?;
    let share = call.graph.average_pool(ones, &window)?;
    one(call.combine(means, Array { tensor: share, batch: None }, GraphBuilder::divide)?)
}

/// Over all of space.
fn global(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let axes: Vec<usize> = (2..2 + call.space(x)?.len()).collect();
    apart(x.batch, &axes)?;
    let axes = super::super::call::signed(&axes);
    let tensor = if call.op_type == "GlobalAveragePool" {
        call.graph.mean(x.tensor, &axes, true)?
    } else {
        call.graph.largest(x.tensor, &axes, true)?
    };
    one(Array { tensor, ..x })
}
