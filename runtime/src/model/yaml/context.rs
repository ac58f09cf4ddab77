//! What layers are built with: the graph, the tensors, and the mistakes found so far.

use jetc_operators::counted;
use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::decode::Reader;

use super::array::{Array, Numbers, indexed};
use super::file::Inputs;
use super::formula;
use super::weights::{Missing, Weights};
use crate::network::{GraphBuilder, GraphError, Matrix, Network, Tensor};

/// The graph, the tensors, and the mistakes found so far.
pub(super) struct Context<'a> {
    /// The network so far.
    pub(super) graph: GraphBuilder<f64>,
    /// The number of inputs and their names, as the file states them.
    pub(super) inputs: Option<&'a Inputs>,
    /// The tensors of the files.
    pub(super) weights: &'a Weights,
    /// The mistakes.
    pub(super) reader: Reader<'a>,
    /// Where the layer stands that is built now.
    pub(super) place: Span,
}

impl<'a> Context<'a> {
    pub(super) fn new(count: usize, inputs: Option<&'a Inputs>, weights: &'a Weights, text: &'a str) -> Self {
        let (graph, reader) = (GraphBuilder::new(count), Reader::new(text));
        Self { graph, inputs, weights, reader, place: Span::default() }
    }

    /// The network with this output.
    pub(super) fn build(&mut self, output: Tensor) -> Option<Network<f64>> {
        let graph = std::mem::replace(&mut self.graph, GraphBuilder::new(0));
        self.fitting(graph.build(output))
    }

    /// Adds operations to the graph; shapes that do not fit are reported at the layer.
    pub(super) fn attempt<T>(
        &mut self,
        operation: impl FnOnce(&mut GraphBuilder<f64>) -> Result<T, GraphError>,
    ) -> Option<T> {
        let result = operation(&mut self.graph);
        self.fitting(result)
    }

    fn fitting<T>(&mut self, result: Result<T, GraphError>) -> Option<T> {
        result.map_err(|error| self.mismatch(self.place, error.to_string())).ok()
    }

    /// Reports shapes that do not fit.
    pub(super) fn mismatch(&mut self, span: Span, message: impl Into<String>) {
        self.reader.report(Code::ShapeMismatch, span, message);
    }

    /// The numbers of a list or a tensor.
    pub(super) fn array(&mut self, numbers: &Numbers) -> Option<Array> {
        let text = match numbers {
            Numbers::List(array, _) => return Some(array.clone()),
            Numbers::Word(text) => text,
        };
        if self.weights.shape(&text.text).is_none() {
            if let Some((name, index)) = indexed(&text.text) {
                return self.entry(name, index, text.span);
            }
            if let Ok(number) = formula::constant(text) {
                return Some(Array { shape: Vec::new(), entries: vec![number] });
            }
        }
        self.tensor(&text.text, text.span)
    }

    /// One entry of the first axis of a tensor.
    fn entry(&mut self, name: &str, index: usize, span: Span) -> Option<Array> {
        let Array { shape, entries } = self.tensor(name, span)?;
        let Some((&count, rest)) = shape.split_first().filter(|(count, _)| index < **count) else {
            self.mismatch(span, format!("tensor `{name}` has shape {shape:?}; there is no entry {index}"));
            return None;
        };
        let size = entries.len() / count;
        Some(Array { shape: rest.to_vec(), entries: entries[index * size..(index + 1) * size].to_vec() })
    }

    /// The tensor of this name, which the file mentions at `span`.
    pub(super) fn tensor(&mut self, name: &str, span: Span) -> Option<Array> {
        let (code, message, help) = match self.weights.tensor(name) {
            Ok(tensor) => return Some(Array { shape: tensor.shape, entries: tensor.data }),
            Err(Missing::Unknown(advice)) => {
                (Code::UnknownTensor, format!("there is no tensor `{name}`"), Some(advice))
            }
            Err(Missing::Ambiguous(files)) => {
                let help = "name the files: `weights: {a: …, b: …}`; then tensors are called `a.…` and `b.…`";
                (Code::NameClash, format!("tensor `{name}` is in {files}"), Some(help.to_owned()))
            }
            Err(Missing::TooMuch(most)) => {
                (Code::TooLarge, format!("all layers together may read {most} numbers"), None)
            }
            Err(Missing::File(error)) => (Code::InvalidValue, error.to_string(), None),
        };
        self.reader.report(code, span, message).help = help;
        None
    }

    /// Numbers with one axis; one number alone is a vector of one.
    pub(super) fn vector(&mut self, numbers: &Numbers) -> Option<Vec<f64>> {
        let array = self.array(numbers)?;
        let is_column = array.shape.len() <= 1 || array.shape.iter().filter(|&&size| size != 1).count() <= 1;
        if !is_column {
            self.wrong_axes(&numbers.name(), numbers.span(), &array.shape, 1);
            return None;
        }
        Some(array.entries)
    }

    /// One number.
    pub(super) fn number(&mut self, numbers: &Numbers) -> Option<f64> {
        let array = self.array(numbers)?;
        if let [number] = array.entries[..] {
            return Some(number);
        }
        let message = format!("{} has shape {:?}; expected one number", numbers.name(), array.shape);
        self.mismatch(numbers.span(), message);
        None
    }

    /// Numbers as a constant of the graph.
    pub(super) fn constant(&mut self, numbers: &Numbers) -> Option<Tensor> {
        let array = self.array(numbers)?;
        self.attempt(|graph| graph.constant(&array.shape, array.entries))
    }

    /// An array with two axes as a matrix.
    pub(super) fn matrix(&mut self, array: Array, name: &str, span: Span) -> Option<Matrix<f64>> {
        let Array { shape, entries } = array;
        let matrix = match shape[..] {
            [rows, columns] => Matrix::from_row_major(rows, columns, entries),
            _ => None,
        };
        if matrix.is_none() {
            self.wrong_axes(name, span, &shape, 2);
        }
        matrix
    }

    fn wrong_axes(&mut self, name: &str, span: Span, shape: &[usize], axes: usize) {
        self.mismatch(span, format!("tensor {name} has shape {shape:?}; expected {}", counted(axes, "axis")));
    }

    /// Stands for a result of this shape after a mistake, so that what follows can be checked.
    pub(super) fn placeholder(&mut self, shape: &[usize]) -> Option<Tensor> {
        let size = shape.iter().product();
        self.graph.constant(shape, vec![0.0; size]).ok()
    }
}
