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
use super::super::context::{Context, Role};
use crate::activation::Activation;
use crate::network::TensorId;

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

/// A matrix, transposed if it is [in, out] as it is given.
pub(super) fn plain(
    numbers: &Numbers,
    role: Role,
    transpose: bool,
    context: &mut Context<'_>,
) -> Option<TensorId> {
    let tensor = context.values(numbers, role)?;
    let matrix = context.matrix(tensor, &numbers.name(), numbers.span())?;
    if transpose { context.attempt(|graph| graph.transpose_matrix(matrix)) } else { Some(matrix) }
}

/// Wᵢ = gᵢ Vᵢ/‖Vᵢ‖; with one factor for all, the norm is that of the whole matrix.
pub(super) fn normalised(
    direction: Option<TensorId>,
    scale: Option<TensorId>,
    span: Span,
    context: &mut Context<'_>,
) -> Option<TensorId> {
    let (direction, scale) = (direction?, scale?);
    let rows = context.graph.shape(direction)[0];
    let scale = context.flat(scale)?;
    let factors = context.graph.shape(scale)[0];
    if !fits(direction, if factors == 1 { rows } else { factors }, span, context) {
        return None;
    }
    let over: &[isize] = if factors == 1 && rows != 1 { &[0, 1] } else { &[1] };
    let weight = context.attempt(|graph| {
        let norms = graph.norm(direction, over, true)?;
        let column = graph.reshape(scale, &[factors, 1])?;
        let factors = graph.divide(column, norms)?;
        graph.multiply(direction, factors)
    })?;
    finite(weight, span, context)
}

impl Factorised {
    pub(super) fn matrix(&self, transpose: bool, context: &mut Context<'_>) -> Option<TensorId> {
        let direction = plain(&self.v, Role::Trained("factorised.v"), transpose, context);
        let (span, factors) = match (&self.s, &self.g) {
            (Some(s), None) => {
                let logarithms = context.vector(s, Role::Trained("factorised.s"))?;
                (s.span(), context.attempt(|graph| graph.apply(Activation::Exp, logarithms))?)
            }
            (None, Some(g)) => (g.span(), context.vector(g, Role::Trained("factorised.g"))?),
            _ => {
                context.mismatch(self.v.span(), "a factorised weight has either `s` or `g` beside `v`");
                return None;
            }
        };
        let direction = direction?;
        let count = context.graph.shape(factors)[0];
        if !fits(direction, count, span, context) {
            return None;
        }
        // diag(factors) V
        let weight = context.attempt(|graph| {
            let column = graph.reshape(factors, &[count, 1])?;
            graph.multiply(direction, column)
        })?;
        finite(weight, span, context)
    }
}

/// Whether there is a factor for each row; reported otherwise.
fn fits(matrix: TensorId, found: usize, span: Span, context: &mut Context<'_>) -> bool {
    let shape = context.graph.shape(matrix).to_vec();
    if found != shape[0] {
        context.mismatch(span, format!("{}, but V has shape {shape:?}", counted(found, "factor")));
    }
    found == shape[0]
}

/// The weight, if its entries are numbers; reported otherwise.
fn finite(weight: TensorId, span: Span, context: &mut Context<'_>) -> Option<TensorId> {
    let columns = context.graph.shape(weight)[1];
    let entries = context.graph.constant_entries(weight)?;
    if let Some(at) = entries.iter().position(|entry| !entry.is_finite()) {
        let place = format!("entry [{}, {}] of the weight", at / columns, at % columns);
        let message = format!("{place} comes out as {}", entries[at]);
        context.reader.report(Code::InvalidNumber, span, message);
        return None;
    }
    Some(weight)
}
