//! Numbers in place of what comes in: fixed sensor values of an operator network, for example.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Transform};
use super::super::tensor_files::TensorFiles;
use super::scale::decode_as_numbers;
use crate::network::TensorId;

/// `constant: sensors`
#[derive(Debug, Clone)]
pub(in super::super) struct Constant(Numbers);

decode_as_numbers!(Constant);

impl Transform for Constant {
    fn inputs(&self, _: &TensorFiles) -> Incoming {
        Incoming::Untold
    }

    fn apply(&self, _: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        context.values(&self.0, Role::Named)
    }
}
