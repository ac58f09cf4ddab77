//! Branches that all take what comes in, put together: side by side, added, or multiplied entry by entry.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};

use super::super::context::Context;
use super::super::layer::{Incoming, Layer, Transform};
use super::super::tensor_files::TensorFiles;
use crate::network::TensorId;

/// Lists of layers; an empty one is the identity.
#[derive(Debug, Clone)]
struct Branches(Vec<Layer>);

/// `concat: [[…], […]]`: results one after another along the last axis.
#[derive(Debug, Clone)]
pub(in super::super) struct Concat(Branches);

/// `add: [[…], […]]`
#[derive(Debug, Clone)]
pub(in super::super) struct Add(Branches);

/// `multiply: [[…], […]]`
#[derive(Debug, Clone)]
pub(in super::super) struct Multiply(Branches);

macro_rules! decode_branches {
    ($($Type:ident),+) => { $(
        impl Decode for $Type {
            fn expected() -> String {
                "a list of branches, each a layer or a list of layers".to_owned()
            }

            fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                if node.sequence().is_none_or(<[_]>::is_empty) {
                    reader.wrong_kind(node, &Self::expected());
                    return None;
                }
                Vec::decode(node, reader).map(|layers| Self(Branches(layers)))
            }

            fn schema(schemas: &mut Schemas) -> Json {
                Vec::<Layer>::schema(schemas)
            }
        }
    )+ };
}

decode_branches!(Concat, Add, Multiply);

impl Branches {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        // They all take the same, so whoever tells is right.
        let mut said = self.0.iter().map(|layer| layer.inputs(weights));
        said.find(|incoming| matches!(incoming, Incoming::Features(_)))
            .unwrap_or_else(|| Incoming::first(&self.0, weights))
    }

    /// The results of all branches.
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<Vec<TensorId>> {
        let branch =
            |(number, layer): (usize, &Layer)| layer.apply_within(&format!("[{number}]"), x, context);
        let results: Vec<_> = self.0.iter().enumerate().map(branch).collect();
        results.into_iter().collect()
    }
}

impl Transform for Concat {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        self.0.inputs(weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let results = self.0.apply(x, context)?;
        context.attempt(|graph| graph.concat(&results, -1))
    }
}

impl Transform for Add {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        self.0.inputs(weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let results = self.0.apply(x, context)?;
        let terms: Vec<(TensorId, f64)> = results.into_iter().map(|result| (result, 1.0)).collect();
        context.attempt(|graph| graph.combine(&terms))
    }
}

impl Transform for Multiply {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        self.0.inputs(weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let results = self.0.apply(x, context)?;
        context.attempt(|graph| {
            let one = graph.scalar(1.0);
            results.into_iter().try_fold(one, |product, result| graph.multiply(product, result))
        })
    }
}
