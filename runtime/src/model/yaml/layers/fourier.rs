//! Random Fourier features, (cos(scale · B x), sin(scale · B x)) (Tancik et al., NeurIPS 2020).

use jetc_operators::{keywords, record};

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Transform};
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
        /// The tensor B, [frequencies, in].
        matrix: Numbers = "matrix",
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
        Incoming::told(shape(&self.matrix, weights).and_then(|shape| shape.get(axis).copied()))
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let role = if self.fixed.unwrap_or(false) { Role::Fixed } else { Role::Named };
        let matrix = weight::plain(&self.matrix, role, self.transpose.unwrap_or(false), context);
        let scale = self.scale.as_ref().map_or(Some(1.0), |scale| context.number(scale));
        let (x, matrix, scale) = (x?, matrix?, scale?);
        let order = self.order.as_deref().unwrap_or(&Wave::ORDER);
        let matrix = context.attempt(|graph| graph.scale(matrix, scale))?;
        waves(x, matrix, order, context)
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
