//! A gradient in short, and as a table for people.

use jetc_operators::{counted, printable};
use jetc_runtime::Float;
use jetc_runtime::network::Parameter;

use super::Job;

/// What is printed of a gradient.
pub(super) struct Report<'a> {
    pub(super) operator: &'a str,
    pub(super) strategy: &'static str,
    pub(super) dtype: &'static str,
    pub(super) loss: f64,
    pub(super) points: usize,
    pub(super) columns: usize,
    pub(super) parameters: usize,
    /// The Euclidean norm of the gradient.
    pub(super) norm: f64,
    pub(super) tensors: Vec<TensorLine<'a>>,
    pub(super) unknowns: Vec<UnknownLine<'a>>,
}

/// An unknown of the operator, with the derivative of the loss by it.
pub(super) struct UnknownLine<'a> {
    pub(super) name: &'a str,
    pub(super) value: f64,
    pub(super) derivative: f64,
}

/// A tensor of the parameters, and its part of the gradient.
pub(super) struct TensorLine<'a> {
    pub(super) tensor: &'a Parameter,
    pub(super) norm: f64,
    /// How many numbers are NaN or infinite.
    pub(super) not_finite: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new<T: Float>(
        job: &Job<'a>,
        loss: f64,
        [points, columns]: [usize; 2],
        (gradient, by_unknowns): (&[T], &[f64]),
    ) -> Self {
        let line = |tensor: &'a Parameter| {
            let part = &gradient[tensor.offset..][..tensor.size()];
            let not_finite = part.iter().filter(|x| !x.to_f64().is_finite()).count();
            TensorLine { tensor, norm: norm(part), not_finite }
        };
        let numbers = job.unknowns.iter().zip(by_unknowns);
        let unknowns = job
            .plan
            .unknowns()
            .iter()
            .zip(numbers)
            .map(|(name, (&value, &derivative))| UnknownLine { name, value, derivative });
        Self {
            operator: job.plan.name(),
            strategy: job.plan.strategy().name(),
            dtype: T::NAME,
            loss,
            points,
            columns,
            parameters: gradient.len(),
            norm: norm(gradient),
            tensors: job.network.parameters().tensors().iter().map(line).collect(),
            unknowns: unknowns.collect(),
        }
    }

    /// Totals, and a table of tensors.
    pub(super) fn text(&self) -> String {
        let mut rows = vec![["tensor", "shape", "gradient norm"].map(str::to_owned)];
        rows.extend(self.tensors.iter().map(|line| {
            let name = printable(&line.tensor.name).into_owned();
            [name, format!("{:?}", line.tensor.shape), short(line.norm)]
        }));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [0, 1].map(width);
        let line = |[name, shape, norm]: &[String; 3]| {
            format!("{name:0$}  {shape:1$}  {norm}\n", widths[0], widths[1])
        };
        let table: String = rows.iter().map(line).collect();
        let (loss, norm) = (short(self.loss), short(self.norm));
        let [points, columns] = [counted(self.points, "point"), counted(self.columns, "column")];
        let parameters = counted(self.parameters, "parameter");
        let unknown = |line: &UnknownLine<'_>| {
            let (name, derivative) = (printable(line.name), short(line.derivative));
            format!("unknown {name} = {}: derivative {derivative}\n", line.value)
        };
        let unknowns: String = self.unknowns.iter().map(unknown).collect();
        format!(
            "loss           {loss}\ngradient norm  {norm}\n{points}, {columns}, {parameters}\n{unknowns}\n{table}"
        )
    }

    /// What the user should know of the gradient.
    pub(super) fn warning(&self) -> Option<String> {
        let all: usize = self.tensors.iter().map(|line| line.not_finite).sum();
        let first = self.tensors.iter().find(|line| line.not_finite > 0)?;
        Some(format!(
            "{} of the gradient {} NaN or infinite, the first in tensor `{}`",
            counted(all, "number"),
            if all == 1 { "is" } else { "are" },
            first.tensor.name
        ))
    }
}

/// Six digits.
fn short(number: f64) -> String {
    if number.is_finite() && number != 0.0 { format!("{number:.5e}") } else { number.to_string() }
}

/// The Euclidean norm, which neither overflows nor vanishes unless it must.
fn norm<T: Float>(numbers: &[T]) -> f64 {
    let largest = numbers.iter().fold(0.0f64, |largest, x| largest.max(x.to_f64().abs()));
    // `max` passes NaN over.
    let is_finite = numbers.iter().all(|x| x.to_f64().is_finite());
    if largest == 0.0 || !is_finite {
        return numbers.iter().map(|x| x.to_f64().abs()).sum();
    }
    let sum: f64 = numbers.iter().map(|x| (x.to_f64() / largest).powi(2)).sum();
    largest * sum.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_norm_of_large_and_small_numbers_is_right() {
        for scale in [1.0, 1e200, 1e-200] {
            let found = norm(&[3.0 * scale, 0.0, -4.0 * scale]) / scale;
            assert!((found - 5.0).abs() < 1e-14, "{found} at {scale:e}");
        }
        assert!(norm::<f64>(&[]).abs() < f64::MIN_POSITIVE);
        assert!(norm(&[1.0, f64::NAN]).is_nan() && norm(&[1.0, -f64::INFINITY]).is_infinite());
    }
}
