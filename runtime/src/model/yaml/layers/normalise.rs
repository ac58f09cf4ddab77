//! Input scaling: (x − mean)/std, or 2 (x − lower)/(upper − lower) − 1, which takes the box to [−1, 1]ⁿ. These describe the
//! data, so they are no parameters.

use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use jetc_operators::record;

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Transform};
use super::super::tensor_files::TensorFiles;
use super::linear::shape;
use crate::network::TensorId;

record! {
    /// An input scaling.
    pub(in super::super) struct NormaliseRecord {
        /// What is subtracted.
        mean: Option<Numbers> = "mean",
        /// What is divided by then.
        std: Option<Numbers> = "std",
        /// What becomes −1.
        lower: Option<Numbers> = "lower",
        /// What becomes 1.
        upper: Option<Numbers> = "upper",
    }
}

/// An input scaling and its place.
#[derive(Debug, Clone)]
pub(in super::super) struct Normalise {
    record: NormaliseRecord,
    span: Span,
}

impl Decode for Normalise {
    fn expected() -> String {
        "a mapping with `mean` and `std`, or with `lower` and `upper`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        NormaliseRecord::decode(node, reader).map(|record| Self { record, span: node.span })
    }

    fn schema(schemas: &mut Schemas) -> Json {
        NormaliseRecord::schema(schemas)
    }
}

impl Transform for Normalise {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        let NormaliseRecord { mean, std, lower, upper } = &self.record;
        let shapes =
            [mean, std, lower, upper].into_iter().flatten().filter_map(|numbers| shape(numbers, weights));
        Incoming::told(shapes.filter_map(|shape| shape.last().copied()).max())
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let NormaliseRecord { mean, std, lower, upper } = &self.record;
        let (from, to, is_box) = match (mean, std, lower, upper) {
            (Some(mean), Some(std), None, None) => (mean, std, false),
            (None, None, Some(lower), Some(upper)) => (lower, upper, true),
            _ => {
                let message = format!("expected {}", Self::expected());
                context.reader.report(Code::MissingKey, Span::at(self.span.start), message);
                return None;
            }
        };
        let (from, to) = (context.values(from, Role::Fixed), context.values(to, Role::Fixed));
        let (x, from, to) = (x?, from?, to?);
        context.attempt(|graph| {
            let shifted = graph.subtract(x, from)?;
            if !is_box {
                return graph.divide(shifted, to);
            }
            let width = graph.subtract(to, from)?;
            let fraction = graph.divide(shifted, width)?;
            let one = graph.scalar(1.0);
            graph.combine(&[(fraction, 2.0), (one, -1.0)])
        })
    }
}
