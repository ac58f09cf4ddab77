//! A periodic embedding: in place of a coordinate x of period L stand cos(2πkx/L), sin(2πkx/L) for k = 1 … harmonics, so
//! that what follows is exactly periodic (Dong and Ni, J. Comput. Phys. 435 (2021)).

use jetc_operators::diagnostic::{Code, did_you_mean};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Spanned};
use jetc_operators::record;
use serde_json::json;

use super::super::array::Numbers;
use super::super::context::Context;
use super::super::layer::{Incoming, Transform};
use super::super::limits;
use super::super::tensor_files::TensorFiles;
use super::fourier::{Wave, waves};
use crate::network::TensorId;

record! {
    /// A periodic embedding.
    pub(in super::super) struct PeriodicRecord {
        /// The name of an input, or a position counted from 0.
        coordinate: Spanned<String> = "coordinate",
        /// The period L, 2π if not given.
        period: Option<Numbers> = "period",
        /// How many multiples of the lowest frequency, 1 if not given.
        harmonics: Option<Spanned<u64>> = "harmonics",
        /// The order of the waves of each harmonic, `[cos, sin]` if not given.
        order: Option<Vec<Wave>> = "order",
    }
}

/// `periodic: {coordinate: x, period: 1}`, or a list of these.
#[derive(Debug, Clone)]
pub(in super::super) struct Periodic(Vec<PeriodicRecord>);

impl Decode for Periodic {
    fn expected() -> String {
        "a mapping with `coordinate` and `period`, or a list of these".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.sequence().is_some() {
            return Vec::decode(node, reader).map(Self);
        }
        PeriodicRecord::decode(node, reader).map(|record| Self(vec![record]))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let one = PeriodicRecord::schema(schemas);
        json!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// A coordinate that is replaced.
struct Embedded<'a> {
    position: usize,
    frequency: f64,
    harmonics: u32,
    order: &'a [Wave],
}

impl Transform for Periodic {
    fn inputs(&self, _: &TensorFiles) -> Incoming {
        Incoming::Untold
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let width = x.map(|x| context.graph.shape(x).to_vec());
        if let Some(shape) = width.as_ref().filter(|shape| shape.len() != 1) {
            context.mismatch(context.place, format!("what comes in has shape {shape:?}; expected one axis"));
            return None;
        }
        let width = width.map(|shape| shape[0]);
        let embedded: Vec<_> = self.0.iter().map(|record| record.read(width, context)).collect();
        let embedded = embedded.into_iter().collect::<Option<Vec<_>>>()?;
        let (x, width) = (x?, width?);
        let mut pieces = Vec::new();
        for position in 0..width {
            let entry = context.attempt(|graph| graph.slice(x, 0, position, 1, 1))?;
            match embedded.iter().find(|embedded| embedded.position == position) {
                None => pieces.push(entry),
                Some(embedded) => {
                    for harmonic in 1..=embedded.harmonics {
                        let frequency = embedded.frequency * f64::from(harmonic);
                        let weight = context.attempt(|graph| graph.constant(&[1, 1], vec![frequency]))?;
                        pieces.push(waves(entry, weight, embedded.order, context)?);
                    }
                }
            }
        }
        context.attempt(|graph| graph.concat(&pieces, 0))
    }
}

impl PeriodicRecord {
    fn read(&self, width: Option<usize>, context: &mut Context<'_>) -> Option<Embedded<'_>> {
        let position = self.position(width, context);
        let period =
            self.period.as_ref().map_or(Some(std::f64::consts::TAU), |period| context.number(period));
        let harmonics = match &self.harmonics {
            None => Some(1),
            Some(Spanned { value, span }) => {
                let within = (1..=limits::HARMONICS).contains(value);
                if !within {
                    let message = format!("expected 1 to {} harmonics", limits::HARMONICS);
                    context.reader.report(Code::TooLarge, *span, message);
                }
                u32::try_from(*value).ok().filter(|_| within)
            }
        };
        let order = self.order.as_deref().unwrap_or(&Wave::ORDER);
        let frequency = std::f64::consts::TAU / period?;
        if !frequency.is_finite() {
            let span = self.period.as_ref().map_or(self.coordinate.span, Numbers::span);
            context.reader.report(Code::InvalidNumber, span, "a period must not be 0");
            return None;
        }
        Some(Embedded { position: position?, frequency, harmonics: harmonics?, order })
    }

    fn position(&self, width: Option<usize>, context: &mut Context<'_>) -> Option<usize> {
        let Spanned { value, span } = &self.coordinate;
        let names = context.inputs.map(super::super::file::Inputs::names).unwrap_or_default();
        let position = value.parse().ok().or_else(|| names.iter().position(|name| name == value));
        let Some(position) = position else {
            let guess = did_you_mean(value, names.iter().map(String::as_str));
            let help =
                guess.unwrap_or_else(|| "name the inputs, `inputs: [x, y]`, or give a position".to_owned());
            let message = format!("`{value}` is no input");
            context.reader.report(Code::UnknownCoordinate, *span, message).help = Some(help);
            return None;
        };
        if let Some(width) = width.filter(|&width| position >= width) {
            context.mismatch(*span, format!("there is no feature {position}; {width} come in"));
            return None;
        }
        Some(position)
    }
}
