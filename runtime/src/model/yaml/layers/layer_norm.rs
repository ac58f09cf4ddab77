//! (x − mean)/√(variance + ε) · weight + bias along the last axis; without mean, x/√(mean of x² + ε) · weight.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Spanned};
use jetc_operators::record;
use serde_json::json;

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::Transform;
use super::super::start::Start;
use crate::network::TensorId;

/// The ε of PyTorch.
pub(super) const EPSILON: f64 = 1e-5;

record! {
    /// A normalisation over the features.
    pub(in super::super) struct NormRecord {
        /// The factors, one for each feature.
        weight: Option<Numbers> = "weight",
        /// What is added, one for each feature.
        bias: Option<Numbers> = "bias",
        /// The ε under the root, 1e-5 if not given.
        epsilon: Option<Numbers> = "epsilon",
    }
}

/// The name of a layer, or its tensors.
#[derive(Debug, Clone)]
enum Norm {
    Named(Spanned<String>),
    Tensors(Box<NormRecord>),
}

/// `layer-norm: norm1`
#[derive(Debug, Clone)]
pub(in super::super) struct LayerNorm(Norm);

/// `rms-norm: norm1`
#[derive(Debug, Clone)]
pub(in super::super) struct RmsNorm(Norm);

macro_rules! decode_norms {
    ($($Type:ident),+) => { $(
        impl Decode for $Type {
            fn expected() -> String {
                "the name of a layer, or a mapping with `weight`, `bias` and `epsilon`".to_owned()
            }

            fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                if node.mapping().is_some() {
                    return NormRecord::decode(node, reader).map(|record| Self(Norm::Tensors(Box::new(record))));
                }
                reader.text(node, &Self::expected())?;
                Spanned::decode(node, reader).map(|name| Self(Norm::Named(name)))
            }

            fn schema(schemas: &mut Schemas) -> Json {
                json!({ "anyOf": [{ "type": "string" }, NormRecord::schema(schemas)] })
            }
        }
    )+ };
}

decode_norms!(LayerNorm, RmsNorm);

/// Factors, what is added, and ε.
struct Parts {
    scale: Option<TensorId>,
    shift: Option<TensorId>,
    epsilon: f64,
}

impl Norm {
    /// Lets factors and, with `shifts`, what is added begin, one for each feature of x.
    fn begin(&self, x: TensorId, shifts: bool, context: &mut Context<'_>) -> Option<()> {
        let features = *context.graph.shape(x).last()?;
        match self {
            Self::Named(name) => {
                context.begin(&format!("{}.weight", name.value), &[features], Start::Constant(1.0));
                if shifts {
                    context.begin(&format!("{}.bias", name.value), &[features], Start::Constant(0.0));
                }
            }
            Self::Tensors(record) => {
                for (numbers, value) in [(&record.weight, 1.0), (&record.bias, 0.0)] {
                    if let Some(numbers) = numbers {
                        context.begin_numbers(numbers, &[features], Start::Constant(value));
                    }
                }
            }
        }
        Some(())
    }

    fn parts(&self, context: &mut Context<'_>) -> Option<Parts> {
        match self {
            Self::Named(name) => {
                let Spanned { value, span } = name;
                let scale = context.tensor(&format!("{value}.weight"), *span, Role::Named)?;
                let bias = format!("{value}.bias");
                let mut shift = None;
                if context.weights.shape(&bias).is_some() {
                    shift = Some(context.tensor(&bias, *span, Role::Named)?);
                }
                Some(Parts { scale: Some(scale), shift, epsilon: EPSILON })
            }
            Self::Tensors(record) => {
                let NormRecord { weight, bias, epsilon } = &**record;
                let mut optional = |numbers: &Option<Numbers>, part| match numbers {
                    None => Ok(None),
                    Some(numbers) => context.values(numbers, Role::Trained(part)).map(Some).ok_or(()),
                };
                let (scale, shift) = (optional(weight, "weight"), optional(bias, "bias"));
                let epsilon = epsilon.as_ref().map_or(Some(EPSILON), |epsilon| context.number(epsilon));
                Some(Parts { scale: scale.ok()?, shift: shift.ok()?, epsilon: epsilon? })
            }
        }
    }
}

impl Transform for LayerNorm {
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        if context.is_beginning() {
            self.0.begin(x?, true, context)?;
        }
        let parts = self.0.parts(context);
        let (x, Parts { scale, shift, epsilon }) = (x?, parts?);
        context.attempt(|graph| graph.normalise(x, &[-1], epsilon, scale, shift))
    }
}

impl Transform for RmsNorm {
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        if context.is_beginning() {
            self.0.begin(x?, false, context)?;
        }
        let parts = self.0.parts(context);
        let (x, Parts { scale, shift, epsilon }) = (x?, parts?);
        context.attempt(|graph| {
            let normalised = graph.rms_normalise(x, &[-1], epsilon, scale)?;
            match shift {
                Some(shift) => graph.add(normalised, shift),
                None => Ok(normalised),
            }
        })
    }
}
