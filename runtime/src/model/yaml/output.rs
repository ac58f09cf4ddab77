//! What the network gives: expressions in the inputs and in what comes out of the layers.
//!
//! A factor that vanishes where the solution is known makes the network satisfy a boundary condition exactly: with
//! `output: (1 - x^2)*u`, u vanishes at x = ±1 whatever the layers are.

use std::collections::BTreeMap;

use jetc_operators::counted;
use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::decode::Name;

use super::super::entry_names;
use super::context::Context;
use super::file::{Inputs, ModelFile, Output};
use super::formula::{self, Names};
use crate::network::{GraphBuilder, TensorId};

/// Entries of the point, and entries of what comes out of the layers.
#[derive(Debug)]
struct Scope {
    entries: BTreeMap<String, Place>,
    point: TensorId,
    features: TensorId,
    width: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// One coordinate.
    Coordinate(usize),
    /// All of them.
    Point,
    /// One field.
    Field(usize),
    /// All of them.
    Fields,
}

/// The output, and the names of its entries as far as the file gives them.
pub(super) fn apply(
    file: &ModelFile,
    features: Option<TensorId>,
    context: &mut Context<'_>,
) -> Option<(TensorId, Option<Vec<String>>)> {
    let features = features?;
    let width = context.graph.shape(features).iter().product();
    if let Some(fields) = file.fields.as_ref().filter(|fields| fields.value.len() != width) {
        let message = format!(
            "{} for {} of the layers",
            counted(fields.value.len(), "field"),
            counted(width, "output")
        );
        context.mismatch(fields.span, message);
        return None;
    }
    let Some(output) = &file.output else {
        let fields = file.fields.as_ref();
        return Some((
            features,
            fields.map(|fields| fields.value.iter().map(|name| name.text.clone()).collect()),
        ));
    };
    let point = context.graph.input();
    let flat = context.attempt(|graph| graph.reshape(features, &[width]))?;
    let mut scope = Scope { entries: BTreeMap::new(), point, features: flat, width };
    let inputs = context.inputs.cloned();
    let count = context.graph.shape(point)[0] as u64;
    scope.declare_inputs(&inputs.unwrap_or(Inputs::Count(count)), context);
    scope.declare_fields(file.fields.as_ref().map(|fields| &fields.value[..]), context);
    let expressions: Vec<_> = match output {
        Output::One(text) => vec![text],
        Output::Several(named) => named.entries.iter().filter_map(|(_, text)| text.as_ref()).collect(),
    };
    let mut results = Vec::new();
    for text in expressions {
        let result = formula::value(text, &scope, &mut context.graph);
        results.push(result.map_err(|diagnostic| context.reader.diagnostics.push(*diagnostic)).ok());
    }
    let results: Vec<TensorId> = results.into_iter().collect::<Option<_>>()?;
    let names = names_of(output, &results, context);
    let output = context.attempt(|graph| {
        let mut vectors = Vec::new();
        for tensor in results {
            let size = graph.shape(tensor).iter().product();
            vectors.push(graph.reshape(tensor, &[size])?);
        }
        graph.concat(&vectors, 0)
    })?;
    Some((output, names))
}

/// `u` for a number called so, `u1`, `u2` … for the entries of a vector; none for one expression alone.
fn names_of(output: &Output, results: &[TensorId], context: &Context<'_>) -> Option<Vec<String>> {
    let Output::Several(named) = output else { return None };
    let names = named.entries.iter().zip(results).flat_map(|((name, _), &result)| {
        entry_names(&name.text, context.graph.shape(result).iter().product())
    });
    Some(names.collect())
}

impl Scope {
    fn declare_inputs(&mut self, inputs: &Inputs, context: &mut Context<'_>) {
        let spans: Vec<Span> = match inputs {
            Inputs::Names(names) => names.iter().map(|name| name.span).collect(),
            Inputs::Count(_) | Inputs::Vector(..) => Vec::new(),
        };
        for (number, name) in inputs.names().into_iter().enumerate() {
            let span = spans.get(number).copied().unwrap_or_default();
            self.declare(name, Place::Coordinate(number), span, context);
        }
        match inputs {
            Inputs::Vector(name, _) => self.declare(name.text.clone(), Place::Point, name.span, context),
            Inputs::Count(_) => self.declare("x".to_owned(), Place::Point, Span::default(), context),
            Inputs::Names(_) => (),
        }
    }

    fn declare_fields(&mut self, fields: Option<&[Name]>, context: &mut Context<'_>) {
        let Some(names) = fields else {
            // Names that the inputs have are theirs.
            self.entries.entry("u".to_owned()).or_insert(Place::Fields);
            for number in 0..self.width {
                self.entries.entry(format!("u{}", number + 1)).or_insert(Place::Field(number));
            }
            return;
        };
        for (number, name) in names.iter().enumerate() {
            self.declare(name.text.clone(), Place::Field(number), name.span, context);
        }
    }

    fn declare(&mut self, name: String, place: Place, span: Span, context: &mut Context<'_>) {
        if self.entries.contains_key(&name) {
            context.reader.report(Code::NameClash, span, format!("`{name}` is declared twice"));
            return;
        }
        self.entries.insert(name, place);
    }
}

impl Names for Scope {
    fn tensor(&self, name: &str, graph: &mut GraphBuilder<f64>) -> Option<TensorId> {
        let entry = |graph: &mut GraphBuilder<f64>, of, number| {
            let slice = graph.slice(of, 0, number, 1, 1).ok()?;
            graph.reshape(slice, &[]).ok()
        };
        match *self.entries.get(name)? {
            Place::Point => Some(self.point),
            Place::Coordinate(number) => entry(graph, self.point, number),
            Place::Fields if self.width == 1 => entry(graph, self.features, 0),
            Place::Fields => Some(self.features),
            Place::Field(number) => entry(graph, self.features, number),
        }
    }

    fn known(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }
}
