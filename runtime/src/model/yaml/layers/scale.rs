//! factor · x and x + shift, entry by entry.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::Transform;
use crate::network::TensorId;

/// `scale: 30`
#[derive(Debug, Clone)]
pub(in super::super) struct Scale(Numbers);

/// `shift: [1, 2]`
#[derive(Debug, Clone)]
pub(in super::super) struct Shift(Numbers);

macro_rules! decode_as_numbers {
    ($($Type:ident),+) => { $(
        impl Decode for $Type {
            fn expected() -> String {
                Numbers::expected()
            }

            fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                Numbers::decode(node, reader).map(Self)
            }

            fn schema(schemas: &mut Schemas) -> Json {
                Numbers::schema(schemas)
            }
        }
    )+ };
}

pub(super) use decode_as_numbers;

decode_as_numbers!(Scale, Shift);

impl Transform for Scale {
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let factor = context.values(&self.0, Role::Named);
        let (x, factor) = (x?, factor?);
        context.attempt(|graph| graph.multiply(x, factor))
    }
}

impl Transform for Shift {
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let shift = context.values(&self.0, Role::Named);
        let (x, shift) = (x?, shift?);
        context.attempt(|graph| graph.add(x, shift))
    }
}
