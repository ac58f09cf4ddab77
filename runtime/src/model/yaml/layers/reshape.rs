//! The same numbers in another shape, row-major.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};

use super::super::context::Context;
use super::super::layer::{Incoming, Transform};
use super::super::tensor_files::TensorFiles;
use crate::network::TensorId;

/// `reshape: [3, 2]`
#[derive(Debug, Clone)]
pub(in super::super) struct Reshape(Vec<u32>);

impl Decode for Reshape {
    fn expected() -> String {
        "a list of lengths".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Vec::decode(node, reader).map(Self)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        Vec::<u32>::schema(schemas)
    }
}

impl Transform for Reshape {
    fn inputs(&self, _: &TensorFiles) -> Incoming {
        Incoming::Untold
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let x = x?;
        let shape: Vec<usize> = self.0.iter().map(|&length| length as usize).collect();
        context.attempt(|graph| graph.reshape(x, &shape))
    }
}
