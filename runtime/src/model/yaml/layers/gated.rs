//! The modified multilayer perceptron of Wang, Teng and Perdikaris (SIAM J. Sci. Comput. 43 (2021)): with two encoders U, V of
//! x, every list of layers z is followed by the gate h ← z ⊙ U + (1 − z) ⊙ V.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use jetc_operators::record;

use super::super::context::Context;
use super::super::layer::{Incoming, Layer, Transform};
use super::super::tensor_files::TensorFiles;
use crate::network::TensorId;

record! {
    /// A gated network.
    pub(in super::super) struct Gated {
        /// The layers of U, and those of V.
        encoders: Encoders = "encoders",
        /// Lists of layers; a gate follows each.
        layers: Vec<Layer> = "layers",
    }
}

/// The layers of U and V.
#[derive(Debug, Clone)]
pub(super) struct Encoders([Layer; 2]);

impl Decode for Encoders {
    fn expected() -> String {
        "a list of two: the layers of U, and those of V".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some([u, v]) = node.sequence() else {
            reader.wrong_kind(node, &Self::expected());
            return None;
        };
        let (u, v) = (Layer::decode(u, reader), Layer::decode(v, reader));
        Some(Self([u?, v?]))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let mut list = Vec::<Layer>::schema(schemas);
        list["minItems"] = 2.into();
        list["maxItems"] = 2.into();
        list
    }
}

/// U and V, ready for gates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gate {
    difference: TensorId,
    v: TensorId,
}

impl Encoders {
    pub(super) fn inputs(&self, weights: &TensorFiles) -> Incoming {
        Incoming::first(&self.0, weights)
    }

    pub(super) fn gate(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<Gate> {
        let [u, v] = &self.0;
        let u = u.apply_within(".encoders[0]", x, context);
        let v = v.apply_within(".encoders[1]", x, context);
        let (u, v) = (u?, v?);
        let difference = context.attempt(|graph| graph.subtract(u, v))?;
        Some(Gate { difference, v })
    }
}

impl Gate {
    /// z ⊙ U + (1 − z) ⊙ V = V + z ⊙ (U − V)
    pub(super) fn apply(self, z: TensorId, context: &mut Context<'_>) -> Option<TensorId> {
        context.attempt(|graph| {
            let product = graph.multiply(z, self.difference)?;
            graph.add(self.v, product)
        })
    }
}

impl Transform for Gated {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        self.encoders.inputs(weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let gate = self.encoders.gate(x, context);
        self.layers.iter().enumerate().fold(x, |h, (number, layer)| {
            let z = layer.apply_within(&format!(".layers[{number}]"), h, context);
            gate?.apply(z?, context)
        })
    }
}
