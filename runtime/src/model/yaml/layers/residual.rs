//! A residual block, x + f(x), or s(x) + f(x) with layers s on the way around.

use jetc_operators::diagnostic::Code;
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use jetc_operators::record;
use serde_json::json;

use super::super::context::Context;
use super::super::layer::{Incoming, Layer, Transform};
use super::super::tensor_files::TensorFiles;
use crate::network::TensorId;

record! {
    /// A residual block.
    pub(in super::super) struct ResidualRecord {
        /// The layers f.
        layers: Layer = "layers",
        /// The layers s on the way around, none if not given.
        skip: Option<Layer> = "skip",
    }
}

/// `residual: […]`, or `residual: {layers: […], skip: […]}`
#[derive(Debug, Clone)]
pub(in super::super) struct Residual(ResidualRecord);

impl Decode for Residual {
    fn expected() -> String {
        "a list of layers, or a mapping with `layers` and `skip`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return ResidualRecord::decode(node, reader).map(Self);
        }
        let layers = Layer::decode(node, reader)?;
        Some(Self(ResidualRecord { layers, skip: None }))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Vec::<Layer>::schema(schemas), ResidualRecord::schema(schemas)] })
    }
}

impl Transform for Residual {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        Incoming::first([&self.0.layers].into_iter().chain(&self.0.skip), weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let result = self.0.layers.apply_within(".layers", x, context);
        let skip = self.0.skip.as_ref();
        let around = skip.map_or(x, |skip| skip.apply_within(".skip", x, context));
        let (result, around) = (result?, around?);
        let (from, to) = (context.graph.shape(around).to_vec(), context.graph.shape(result).to_vec());
        if from != to {
            let message = format!("the layers give shape {to:?}, but shape {from:?} goes around them");
            let help = "give layers that bring both to one shape: `skip: [{linear: …}]`";
            let place = context.place;
            context.reader.report(Code::ShapeMismatch, place, message).help = Some(help.to_owned());
            return context.placeholder(&to);
        }
        context.attempt(|graph| graph.add(around, result))
    }
}
