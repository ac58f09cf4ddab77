//! The weight of a linear layer, as it is or factored.
//!
//! | written | W |
//! |---|---|
//! | `weight: W` | W |
//! | `direction: V, scale: g` | Wᵢ = gᵢ Vᵢ/‖Vᵢ‖, weight normalisation (Salimans and Kingma 2016; PyTorch's `weight_norm`) |
//! | `factorised: {v: V, s: s}` | diag(exp s) V, random weight factorisation (Wang, Wang, Seidman, Perdikaris 2022) |
//! | `factorised: {v: V, g: g}` | diag(g) V |
//!
//! Checked by `a_factored_weight_is_multiplied_out`.

use jetc_operators::counted;
use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::record;

use super::super::array::Numbers;
use super::super::context::Context;
use crate::network::Matrix;

record! {
    /// A factorised weight.
    pub(super) struct Factorised {
        /// The tensor V, [out, in].
        pub(super) v: Numbers = "v",
        /// The logarithms s of the factors, [out].
        pub(super) s: Option<Numbers> = "s",
        /// The factors exp(s) themselves, [out].
        pub(super) g: Option<Numbers> = "g",
    }
}

/// A matrix of the file, transposed if it is [in, out] there.
pub(super) fn plain(numbers: &Numbers, transpose: bool, context: &mut Context<'_>) -> Option<Matrix<f64>> {
    let array = context.array(numbers)?;
    let matrix = context.matrix(array, &numbers.name(), numbers.span())?;
    Some(if transpose { matrix.transposed() } else { matrix })
}

/// Wᵢ = gᵢ Vᵢ/‖Vᵢ‖
pub(super) fn normalised(
    direction: Option<Matrix<f64>>,
    scale: Option<Vec<f64>>,
    span: Span,
    context: &mut Context<'_>,
) -> Option<Matrix<f64>> {
    let (direction, scale) = (direction?, scale?);
    let norm = |row: &[f64]| row.iter().map(|v| v * v).sum::<f64>().sqrt();
    let norms: Vec<f64> = (0..direction.rows()).map(|i| norm(direction.row(i))).collect();
    // One factor for all: the norm is that of the whole matrix.
    let factors: Vec<f64> = match scale[..] {
        [g] if direction.rows() != 1 => vec![g / norm(direction.entries()); direction.rows()],
        _ => scale.iter().zip(&norms).map(|(g, norm)| g / norm).collect(),
    };
    let found = if scale.len() == 1 { direction.rows() } else { scale.len() };
    scaled(&direction, &factors, found, span, context)
}

impl Factorised {
    pub(super) fn matrix(&self, transpose: bool, context: &mut Context<'_>) -> Option<Matrix<f64>> {
        let direction = plain(&self.v, transpose, context);
        let (span, factors) = match (&self.s, &self.g) {
            (Some(s), None) => {
                let factors = context.vector(s)?;
                (s.span(), factors.into_iter().map(f64::exp).collect())
            }
            (None, Some(g)) => (g.span(), context.vector(g)?),
            _ => {
                context.mismatch(self.v.span(), "a factorised weight has either `s` or `g` beside `v`");
                return None;
            }
        };
        scaled(&direction?, &factors, factors.len(), span, context)
    }
}

/// diag(factors) V; `found` is how many factors the file has.
fn scaled(
    matrix: &Matrix<f64>,
    factors: &[f64],
    found: usize,
    span: Span,
    context: &mut Context<'_>,
) -> Option<Matrix<f64>> {
    let (rows, columns) = (matrix.rows(), matrix.columns());
    if found != rows {
        context.mismatch(span, format!("{}, but V has shape [{rows}, {columns}]", counted(found, "factor")));
        return None;
    }
    let entries = (0..rows).flat_map(|i| matrix.row(i).iter().map(move |v| v * factors[i]));
    let entries: Vec<f64> = entries.collect();
    if let Some(at) = entries.iter().position(|entry| !entry.is_finite()) {
        let place = format!("entry [{}, {}] of the weight", at / columns, at % columns);
        context.reader.report(Code::InvalidNumber, span, format!("{place} comes out as {}", entries[at]));
        return None;
    }
    Matrix::from_row_major(rows, columns, entries)
}
