//! Random Fourier features, (cos(scale · B x), sin(scale · B x)) (Tancik et al., NeurIPS 2020).

use jetc_operators::diagnostic::Code;
use jetc_operators::document::decode::Spanned;
use jetc_operators::{keywords, record};

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Transform};
use super::super::limits;
use super::super::start::Start;
use super::super::tensor_files::TensorFiles;
use super::linear::shape;
use super::weight;
use crate::activation::Activation;
use crate::network::TensorId;

keywords! {
    /// A wave.
    pub(super) enum Wave {
        /// The cosine.
        Cos = "cos",
        /// The sine.
        Sin = "sin",
    }
}

impl Wave {
    /// The function.
    pub(super) fn activation(self) -> Activation {
        match self {
            Self::Cos => Activation::Cos,
            Self::Sin => Activation::Sin,
        }
    }

    /// The order that is meant if none is given.
    pub(super) const ORDER: [Self; 2] = [Self::Cos, Self::Sin];
}

record! {
    /// Fourier features.
    pub(in super::super) struct Fourier {
        /// The tensor B, [frequencies, in]; without it, the layer's place is its name.
        matrix: Option<Numbers> = "matrix",
        /// How many frequencies there are: what a matrix that begins at random needs.
        features: Option<Spanned<u64>> = "features",
        /// The standard deviation of a matrix that begins at random, 1 if not given.
        std: Option<Numbers> = "std",
        /// What B is multiplied with, 1 if not given; often `2*pi`.
        scale: Option<Numbers> = "scale",
        /// Which waves stand first, `[cos, sin]` if not given.
        order: Option<Vec<Wave>> = "order",
        /// Whether B is [in, frequencies] instead.
        transpose: Option<bool> = "transpose",
        /// Whether B is no parameter of the network; a matrix that is written out is none in any case.
        fixed: Option<bool> = "fixed",
    }
}

impl Transform for Fourier {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        let axis = usize::from(!self.transpose.unwrap_or(false));
        match &self.matrix {
            None => Incoming::Untold,
            Some(matrix) => Incoming::told(shape(matrix, weights).and_then(|shape| shape.get(axis).copied())),
        }
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let matrix = match &self.matrix {
            Some(matrix) => matrix.clone(),
            None if self.features.is_some() => Numbers::named(context.place_name("matrix"), context.place),
            None => {
                let message = "Fourier features have a `matrix`, or `features`: how many frequencies";
                context.reader.report(Code::MissingKey, context.place, message);
                return None;
            }
        };
        self.begin(&matrix, x, context)?;
        let role = if self.fixed.unwrap_or(false) { Role::Fixed } else { Role::Named };
        let matrix = weight::plain(&matrix, role, self.transpose.unwrap_or(false), context);
        let matrix = matrix.filter(|&matrix| self.has_features(matrix, context));
        let scale = self.scale.as_ref().map_or(Some(1.0), |scale| context.number(scale));
        let (x, matrix, scale) = (x?, matrix?, scale?);
        let order = self.order.as_deref().unwrap_or(&Wave::ORDER);
        let matrix = context.attempt(|graph| graph.scale(matrix, scale))?;
        waves(x, matrix, order, context)
    }
}

impl Fourier {
    /// Lets the matrix begin if it is not there; `None` where it cannot.
    fn begin(&self, matrix: &Numbers, x: Option<TensorId>, context: &mut Context<'_>) -> Option<()> {
        let deviation = self.std.as_ref().map_or(Some(1.0), |std| context.number(std))?;
        let Some(features) = &self.features else { return Some(()) };
        if !(1..=limits::FEATURES as u64 / 2).contains(&features.value) {
            let message = format!("expected 1 to {} frequencies", limits::FEATURES / 2);
            context.reader.report(Code::TooLarge, features.span, message);
            return None;
        }
        if context.is_beginning() {
            let columns = *context.graph.shape(x?).last()?;
            let rows = usize::try_from(features.value).ok()?;
            let shape = if self.transpose.unwrap_or(false) { [columns, rows] } else { [rows, columns] };
            context.begin_numbers(matrix, &shape, Start::Normal { mean: 0.0, deviation });
        }
        Some(())
    }

    /// Whether the matrix has as many frequencies as the layer says; reported otherwise.
    fn has_features(&self, matrix: TensorId, context: &mut Context<'_>) -> bool {
        let shape = context.graph.shape(matrix).to_vec();
        match &self.features {
            Some(features) if features.value != shape[0] as u64 => {
                let message = format!("`features: {}`, but the matrix has shape {shape:?}", features.value);
                context.mismatch(features.span, message);
                false
            }
            _ => true,
        }
    }
}

/// The waves of W x, one after another.
pub(super) fn waves(
    x: TensorId,
    weight: TensorId,
    order: &[Wave],
    context: &mut Context<'_>,
) -> Option<TensorId> {
    context.attempt(|graph| {
        let phase = graph.affine(x, weight, None)?;
        let waves = order.iter().map(|wave| graph.apply(wave.activation(), phase));
        let waves = waves.collect::<Result<Vec<_>, _>>()?;
        graph.concat(&waves, -1)
    })
}
