//! Convolution and pooling over windows, in any number of space axes.

use jetc_operators::counted;

use super::arrange::Stretch;
use super::shape::for_each_position;
use super::{GraphBuilder, GraphError, TensorId};
use crate::jet::JetScalar;

/// Zeros before and after an axis.
pub type Padding = (usize, usize);

/// How a window moves over the space axes; one entry for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The size of the window.
    pub size: Vec<usize>,
    /// From one window to the next.
    pub stride: Vec<usize>,
    /// From one entry of a window to the next.
    pub dilation: Vec<usize>,
    /// Zeros around x.
    pub padding: Vec<Padding>,
}

impl Window {
    /// A window of this size that moves by one entry, without padding.
    pub fn new(size: &[usize]) -> Self {
        let ones = vec![1; size.len()];
        Self { size: size.to_vec(), stride: ones.clone(), dilation: ones, padding: vec![(0, 0); size.len()] }
    }

    /// How many windows there are along each axis.
    fn counts(&self, space: &[usize]) -> Option<Vec<usize>> {
        let count = |axis: usize| {
            let (before, after) = self.padding[axis];
            let length = space[axis].checked_add(before)?.checked_add(after)?;
            let reach = self.dilation[axis].checked_mul(self.size[axis].checked_sub(1)?)?.checked_add(1)?;
            Some(length.checked_sub(reach)?.checked_div(self.stride[axis])? + 1)
        };
        (0..space.len()).map(count).collect()
    }

    fn has_axes(&self, axes: usize) -> bool {
        [self.size.len(), self.stride.len(), self.dilation.len(), self.padding.len()]
            .iter()
            .all(|&len| len == axes)
    }
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// The convolution (cross-correlation, as deep learning has it) of x, shape \[channels, space …\], with a weight of
    /// shape \[channels out, channels/groups, size …\], plus a bias for each channel out.
    ///
    /// # Errors
    /// [`GraphError::Shape`] if the shapes do not go together.
    pub fn convolution(
        &mut self,
        x: TensorId,
        weight: TensorId,
        bias: Option<TensorId>,
        window: &Window,
        groups: usize,
    ) -> Result<TensorId, GraphError> {
        let weight_shape = &self.shape(weight).to_vec()[..];
        let shape = self.shape(x).to_vec();
        let refuse = |expected: String| GraphError::Shape {
            operation: "a convolution",
            expected,
            found: shape.clone(),
        };
        let &[out, per_group, ref size @ ..] = weight_shape else {
            return Err(refuse(format!("a weight [out, in, size …], not {weight_shape:?},")));
        };
        if size != window.size
            || groups == 0
            || out % groups != 0
            || shape.first() != Some(&(per_group * groups))
        {
            return Err(refuse(format!(
                "[{per_group}·{groups} groups, space …] with a weight {weight_shape:?}"
            )));
        }
        if bias.is_some_and(|bias| self.shape(bias) != [out]) {
            return Err(refuse(format!("a bias of {}", counted(out, "entry"))));
        }
        let (columns, counts) = self.windows(x, window)?;
        let taken = per_group * size.iter().product::<usize>();
        let windows: usize = counts.iter().product();
        let out_per_group = out / groups;
        let mut results = Vec::new();
        for group in 0..groups {
            // [windows, channels, size]: the channels of the group side by side.
            let part = self.slice(columns, 1, group * per_group, 1, per_group)?;
            let part = self.reshape(part, &[windows, taken])?;
            let matrix = self.slice(weight, 0, group * out_per_group, 1, out_per_group)?;
            let matrix = self.reshape(matrix, &[out_per_group, taken])?;
            let bias = match bias {
                Some(bias) => Some(self.slice(bias, 0, group * out_per_group, 1, out_per_group)?),
                None => None,
            };
            let result = self.affine(part, matrix, bias)?;
            results.push(self.transpose_matrix(result)?);
        }
        let result = if let [one] = results[..] { one } else { self.concat(&results, 0)? };
        self.reshape(result, &[&[out], &counts[..]].concat())
    }

    /// The mean over windows of x, shape \[channels, space …\]; padding counts as zeros.
    ///
    /// # Errors
    /// [`GraphError::Shape`] if the window does not fit.
    pub fn average_pool(&mut self, x: TensorId, window: &Window) -> Result<TensorId, GraphError> {
        let channels = self.shape(x).first().copied().unwrap_or(0);
        let (columns, counts) = self.windows(x, window)?;
        let means = self.mean(columns, &[-1], false)?;
        let transposed = self.transpose_matrix(means)?;
        self.reshape(transposed, &[&[channels], &counts[..]].concat())
    }

    /// The largest over windows of x, shape \[channels, space …\], which must not be padded.
    ///
    /// # Errors
    /// [`GraphError::Shape`] if the window does not fit.
    pub fn maximum_pool(&mut self, x: TensorId, window: &Window) -> Result<TensorId, GraphError> {
        let found = self.shape(x).to_vec();
        if window.padding.iter().any(|&padding| padding != (0, 0)) {
            let expected = "a window without padding".to_owned();
            return Err(GraphError::Shape { operation: "taking the largest", expected, found });
        }
        let channels = found.first().copied().unwrap_or(0);
        let (columns, counts) = self.windows(x, window)?;
        let largest = self.largest(columns, &[-1], false)?;
        let transposed = self.transpose_matrix(largest)?;
        self.reshape(transposed, &[&[channels], &counts[..]].concat())
    }

    /// All windows, shape \[windows, channels, entries of a window\], and how many there are along each axis.
    fn windows(&mut self, x: TensorId, window: &Window) -> Result<(TensorId, Vec<usize>), GraphError> {
        let shape = self.shape(x).to_vec();
        let refuse = || GraphError::Shape {
            operation: "a window",
            expected: format!("[channels, space …] that a window of {:?} fits into", window.size),
            found: shape.clone(),
        };
        let Some((&channels, space)) = shape.split_first() else { return Err(refuse()) };
        if !window.has_axes(space.len()) {
            return Err(refuse());
        }
        let counts = window.counts(space).ok_or_else(refuse)?;
        let amounts = [&[(0, 0)], &window.padding[..]].concat();
        let padded = self.pad(x, &amounts)?;
        let padded_space = self.shape(padded)[1..].to_vec();
        let strides = super::shape::strides(&padded_space);
        let area: usize = padded_space.iter().product();
        let entries: usize = window.size.iter().product();
        let total: usize = counts.iter().product();
        let result = vec![total, channels, entries];
        if super::shape::size(&result).is_none_or(|size| size > super::MOST_FEATURES) {
            return Err(GraphError::TooLarge { shape: result, limit: super::MOST_FEATURES });
        }
        let mut stretches = Vec::new();
        for_each_position(&counts, |corner| {
            for channel in 0..channels {
                for_each_position(&window.size, |inside| {
                    let place = |axis: usize| {
                        (corner[axis] * window.stride[axis] + inside[axis] * window.dilation[axis])
                            * strides[axis]
                    };
                    let start = channel * area + (0..space.len()).map(place).sum::<usize>();
                    stretches.push(Stretch { operand: Some(0), start, step: 1, length: 1 });
                });
            }
        });
        Ok((self.arrange(&[padded], stretches, result)?, counts))
    }
}
