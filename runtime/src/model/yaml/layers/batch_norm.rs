//! Batch normalisation as it is after training: (x − running mean)/√(running variance + ε) · weight + bias. The mean and
//! the variance are buffers, no parameters.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Spanned};
use jetc_operators::record;
use serde_json::json;

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::Transform;
use super::layer_norm::EPSILON;
use crate::network::TensorId;

record! {
    /// A batch normalisation.
    pub(in super::super) struct BatchNormRecord {
        /// The name of the layer, for `name.running_mean`, `name.running_var`, `name.weight` and `name.bias`.
        name: Spanned<String> = "name",
        /// The ε under the root, 1e-5 if not given.
        epsilon: Option<Numbers> = "epsilon",
    }
}

/// `batch-norm: norm1`
#[derive(Debug, Clone)]
pub(in super::super) struct BatchNorm(BatchNormRecord);

impl Decode for BatchNorm {
    fn expected() -> String {
        "the name of a layer, or a mapping with `name` and `epsilon`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return BatchNormRecord::decode(node, reader).map(Self);
        }
        reader.text(node, &Self::expected())?;
        let name = Spanned::decode(node, reader)?;
        Some(Self(BatchNormRecord { name, epsilon: None }))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [{ "type": "string" }, BatchNormRecord::schema(schemas)] })
    }
}

impl Transform for BatchNorm {
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let BatchNormRecord { name: Spanned { value, span }, epsilon } = &self.0;
        let mean = context.tensor(&format!("{value}.running_mean"), *span, Role::Fixed);
        let variance = context.tensor(&format!("{value}.running_var"), *span, Role::Fixed);
        let mut optional = |ending: &str| {
            let name = format!("{value}.{ending}");
            context.weights.shape(&name).is_some().then(|| context.tensor(&name, *span, Role::Named))
        };
        let (weight, bias) = (optional("weight"), optional("bias"));
        let epsilon = epsilon.as_ref().map_or(Some(EPSILON), |epsilon| context.number(epsilon));
        let (x, mean, variance, epsilon) = (x?, mean?, variance?, epsilon?);
        let weight = match weight {
            None => None,
            Some(weight) => Some(weight?),
        };
        let bias = match bias {
            None => None,
            Some(bias) => Some(bias?),
        };
        context.attempt(|graph| {
            let shape = graph.shape(variance).to_vec();
            let variances = graph.fixed_entries(variance).unwrap_or_default();
            let deviations = variances.iter().map(|variance| (variance + epsilon).sqrt()).collect();
            let deviation = graph.constant(&shape, deviations)?;
            let shifted = graph.subtract(x, mean)?;
            let mut result = graph.divide(shifted, deviation)?;
            if let Some(weight) = weight {
                result = graph.multiply(result, weight)?;
            }
            match bias {
                Some(bias) => graph.add(result, bias),
                None => Ok(result),
            }
        })
    }
}
