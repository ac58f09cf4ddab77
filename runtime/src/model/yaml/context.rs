//! What layers are built with: the graph, the tensors, and the mistakes found so far.
//!
//! | numbers | are |
//! |---|---|
//! | a tensor that the file names | a parameter under that name |
//! | a weight or bias that is written out | a parameter that is called after its place, `layers[0].linear.weight` |
//! | other numbers that are written out | constants |
//! | settings and statistics: ε, periods, frequencies that are fixed, the mean and deviation of the data | constants |

use jetc_operators::counted;
use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::decode::Reader;

use super::array::{Array, Numbers, indexed};
use super::file::Inputs;
use super::formula;
use super::limits;
use super::start::Start;
use super::tensor_files::{Missing, TensorFiles};
use crate::network::{GraphBuilder, GraphError, Network, TensorId};

/// The graph, the tensors, and the mistakes found so far.
pub(super) struct Context<'a> {
    /// The network so far.
    pub(super) graph: GraphBuilder<f64>,
    /// The number of inputs and their names, as the file states them.
    pub(super) inputs: Option<&'a Inputs>,
    /// The tensors of the files.
    pub(super) weights: &'a mut TensorFiles,
    /// Where the first numbers of tensors come from that are not there.
    dice: Option<&'a mut (dyn FnMut(Start) -> f64 + 'a)>,
    /// The mistakes.
    pub(super) reader: Reader<'a>,
    /// Where the layer stands that is built now.
    pub(super) place: Span,
    /// The same in words, such as `layers[0].linear`: what numbers that are written there are called.
    path: String,
}

/// What numbers are in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// They do not vary: settings, and statistics of the data.
    Fixed,
    /// A parameter where they are a tensor of a file, a constant where they are written out.
    Named,
    /// A parameter in any case: this part of the layer.
    Trained(&'static str),
}

impl<'a> Context<'a> {
    pub(super) fn new(
        count: usize,
        inputs: Option<&'a Inputs>,
        weights: &'a mut TensorFiles,
        dice: Option<&'a mut (dyn FnMut(Start) -> f64 + 'a)>,
        text: &'a str,
    ) -> Self {
        let (graph, reader) = (GraphBuilder::new(count), Reader::new(text));
        let path = "layers".to_owned();
        Self { graph, inputs, weights, dice, reader, place: Span::default(), path }
    }

    /// The network with this output.
    pub(super) fn build(&mut self, output: TensorId) -> Option<Network<f64>> {
        for (name, shape) in self.weights.all() {
            self.graph.mention(&name, shape);
        }
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

    /// What a tensor is called that has no name: after the place of its layer.
    pub(super) fn place_name(&self, part: &str) -> String {
        format!("{}.{part}", self.path)
    }

    /// Whether tensors that are not there begin with the network.
    pub(super) fn is_beginning(&self) -> bool {
        self.dice.is_some()
    }

    /// Lets a tensor begin that is not there; whether it did.
    pub(super) fn begin(&mut self, name: &str, shape: &[usize], start: Start) -> bool {
        if self.weights.shape(name).is_some() {
            return false;
        }
        let Some(dice) = &mut self.dice else { return false };
        let count = shape.iter().fold(1u64, |count, &size| count.saturating_mul(size as u64));
        if self.weights.begun_count().saturating_add(count) > limits::NUMBERS {
            let message = format!("networks begin with at most {} numbers", limits::NUMBERS);
            self.reader.report(Code::TooLarge, self.place, message);
            return false;
        }
        let numbers = (0..count).map(|_| dice(start)).collect();
        self.weights.begin(name, shape, numbers);
        true
    }

    /// The same for numbers, if they are the name of a tensor.
    pub(super) fn begin_numbers(&mut self, numbers: &Numbers, shape: &[usize], start: Start) -> bool {
        match numbers {
            Numbers::Word(text) if formula::constant(text).is_err() && indexed(&text.text).is_none() => {
                self.begin(&text.text, shape, start)
            }
            _ => false,
        }
    }

    /// Numbers as a tensor of the graph.
    pub(super) fn values(&mut self, numbers: &Numbers, role: Role) -> Option<TensorId> {
        let text = match numbers {
            Numbers::List(array, _) => return self.written(array.clone(), role),
            Numbers::Word(text) => text,
        };
        if self.weights.shape(&text.text).is_none() {
            if let Some((name, index)) = indexed(&text.text) {
                return self.entry(name, index, text.span, role);
            }
            if let Ok(number) = formula::constant(text) {
                return self.written(Array { shape: Vec::new(), entries: vec![number] }, role);
            }
        }
        self.tensor(&text.text, text.span, role)
    }

    /// Numbers that stand in the model file itself: parameters only where they are a weight or a bias.
    fn written(&mut self, Array { shape, entries }: Array, role: Role) -> Option<TensorId> {
        let Role::Trained(part) = role else { return self.attempt(|graph| graph.constant(&shape, entries)) };
        let mut name = format!("{}.{part}", self.path);
        while self.weights.shape(&name).is_some() {
            name.push('\'');
        }
        self.attempt(|graph| graph.parameter(&name, &shape, entries))
    }

    /// One entry of the first axis of a tensor.
    fn entry(&mut self, name: &str, index: usize, span: Span, role: Role) -> Option<TensorId> {
        let tensor = self.tensor(name, span, role)?;
        let shape = self.graph.shape(tensor).to_vec();
        let Some((_, rest)) = shape.split_first().filter(|(count, _)| index < **count) else {
            self.mismatch(span, format!("tensor `{name}` has shape {shape:?}; there is no entry {index}"));
            return None;
        };
        self.attempt(|graph| {
            let entry = graph.slice(tensor, 0, index, 1, 1)?;
            graph.reshape(entry, rest)
        })
    }

    /// The tensor of this name, which the file mentions at `span`: a parameter of the network, or a buffer.
    pub(super) fn tensor(&mut self, name: &str, span: Span, role: Role) -> Option<TensorId> {
        let Array { shape, entries } = self.read(name, span)?;
        self.attempt(|graph| match role {
            Role::Fixed => graph.buffer(name, &shape, entries),
            Role::Named | Role::Trained(_) => graph.parameter(name, &shape, entries),
        })
    }

    /// What a file has under this name.
    fn read(&mut self, name: &str, span: Span) -> Option<Array> {
        let (code, message, help) = match self.weights.tensor(name) {
            Ok(tensor) => return Some(Array { shape: tensor.shape, entries: tensor.data }),
            Err(Missing::Unknown(_)) if self.is_beginning() => {
                let help = "name a file of tensors under `weights`; without it, layers begin at random that say how many features \
                            they give: `linear: {out: 64}`, `fourier: {features: 64}`";
                let message = format!("there is no tensor `{name}`, and nothing says its shape");
                (Code::UnknownTensor, message, Some(help.to_owned()))
            }
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
    pub(super) fn vector(&mut self, numbers: &Numbers, role: Role) -> Option<TensorId> {
        let tensor = self.values(numbers, role)?;
        let shape = self.graph.shape(tensor).to_vec();
        let is_column = shape.len() <= 1 || shape.iter().filter(|&&size| size != 1).count() <= 1;
        if !is_column {
            self.wrong_axes(&numbers.name(), numbers.span(), &shape, 1);
            return None;
        }
        self.flat(tensor)
    }

    /// All entries in one axis.
    pub(super) fn flat(&mut self, tensor: TensorId) -> Option<TensorId> {
        let size = self.graph.shape(tensor).iter().product();
        self.attempt(|graph| graph.reshape(tensor, &[size]))
    }

    /// One number, of shape [].
    pub(super) fn scalar(&mut self, numbers: &Numbers, role: Role) -> Option<TensorId> {
        let tensor = self.values(numbers, role)?;
        let shape = self.graph.shape(tensor).to_vec();
        if shape.iter().product::<usize>() == 1 {
            return self.attempt(|graph| graph.reshape(tensor, &[]));
        }
        let message = format!("{} has shape {shape:?}; expected one number", numbers.name());
        self.mismatch(numbers.span(), message);
        None
    }

    /// One number that does not vary.
    pub(super) fn number(&mut self, numbers: &Numbers) -> Option<f64> {
        let tensor = self.scalar(numbers, Role::Fixed)?;
        self.graph.constant_entries(tensor)?.first().copied()
    }

    /// The tensor, if it has two axes.
    pub(super) fn matrix(&mut self, tensor: TensorId, name: &str, span: Span) -> Option<TensorId> {
        let shape = self.graph.shape(tensor).to_vec();
        if shape.len() != 2 {
            self.wrong_axes(name, span, &shape, 2);
            return None;
        }
        Some(tensor)
    }

    /// Builds a part of a layer, for names of what stands in it.
    pub(super) fn within<T>(&mut self, part: &str, build: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(part);
        let result = build(self);
        self.path.truncate(length);
        result
    }

    fn wrong_axes(&mut self, name: &str, span: Span, shape: &[usize], axes: usize) {
        self.mismatch(span, format!("tensor {name} has shape {shape:?}; expected {}", counted(axes, "axis")));
    }

    /// Stands for a result of this shape after a mistake, so that what follows can be checked.
    pub(super) fn placeholder(&mut self, shape: &[usize]) -> Option<TensorId> {
        let size = shape.iter().product();
        self.graph.constant(shape, vec![0.0; size]).ok()
    }
}
