//! What is wrong with an ONNX file.

use std::path::PathBuf;

use itertools::Itertools;
use jetc_operators::{printable, printable_path};

use crate::network::GraphError;

/// Why an ONNX file is no network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// The file is longer than such files can be.
    #[error(
        "{length} bytes are more than the {limit} an ONNX file can have; export the weights as external data"
    )]
    FileSize {
        /// Its length.
        length: u64,
        /// The most.
        limit: u64,
    },
    /// The bytes are no message.
    #[error("this is no ONNX model, it looks like {looks_like}")]
    Malformed {
        /// What the file looks like.
        looks_like: String,
        /// Where decoding fails.
        source: prost::DecodeError,
    },
    /// There is no graph.
    #[error("this is no ONNX model: there is no graph in it")]
    NoGraph,
    /// The versions of the operators are not said.
    #[error("the model imports no opset, so nobody knows what its nodes mean; export it again")]
    NoOpset,
    /// The operators are of a version that nobody knows.
    #[error(
        "the model is written in opset {version}; export it with an opset_version from {least} to {most}"
    )]
    Opset {
        /// The version of the file.
        version: i64,
        /// The oldest that is read.
        least: i64,
        /// The newest that is read.
        most: i64,
    },
    /// More nodes than are read.
    #[error("the model has more than {limit} nodes, functions written out")]
    TooManyNodes {
        /// The most.
        limit: usize,
    },
    /// All numbers together are too many.
    #[error("the numbers of the model, computed constants included, are more than {limit}")]
    TooManyNumbers {
        /// The most.
        limit: usize,
    },
    /// A stored tensor is unsound.
    #[error("tensor `{}`: {problem}", printable(name))]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: TensorProblem,
    },
    /// The inputs are not those of a network at points.
    #[error("input `{}`: {problem}", printable(name))]
    Input {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: BoundaryProblem,
    },
    /// There is nothing to differentiate by.
    #[error("the model has no inputs")]
    NoInputs,
    /// There is nothing to differentiate.
    #[error("the model has no outputs")]
    NoOutputs,
    /// An output is no function of the point.
    #[error("output `{}`: {problem}", printable(name))]
    Output {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: BoundaryProblem,
    },
    /// A name without a value.
    #[error(
        "{node} reads `{}`, which is neither an input, nor a weight, nor computed by a node",
        printable(value)
    )]
    MissingValue {
        /// Who reads it.
        node: NodeName,
        /// What is missing.
        value: String,
    },
    /// A name with several values.
    #[error("`{}` has several values; {node} computes one of them", printable(value))]
    Duplicate {
        /// One of those that compute it.
        node: NodeName,
        /// The name.
        value: String,
    },
    /// Nodes that wait for each other.
    #[error("{} are computed from each other; a network has no cycles", values.iter().map(|v| format!("`{}`", printable(v))).join(", "))]
    Cycle {
        /// Some of the values.
        values: Vec<String>,
    },
    /// A function that calls itself, or calls that are nested too deep.
    #[error("function `{}` calls itself, or calls are nested more than {limit} deep", printable(name))]
    Recursion {
        /// The function.
        name: String,
        /// The deepest.
        limit: usize,
    },
    /// Nodes that cannot be carried, all of them.
    #[error("these nodes cannot be carried:{}", unsupported.iter().map(|u| format!("\n  {u}")).format(""))]
    Unsupported {
        /// Each type once.
        unsupported: Vec<UnsupportedNodes>,
    },
    /// One node that cannot be carried.
    #[error("{node}: {problem}")]
    Node {
        /// Which.
        node: NodeName,
        /// Why.
        problem: NodeProblem,
    },
    /// All together does not fit.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// A node in an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeName {
    /// Its name, or that of a value of its.
    pub name: String,
    /// Its type, with the domain if that is not ONNX's own.
    pub op_type: String,
}

impl std::fmt::Display for NodeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} node `{}`", printable(&self.op_type), printable(&self.name))
    }
}

/// The nodes of one type that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsupportedNodes {
    /// The type, with the domain if that is not ONNX's own.
    pub op_type: String,
    /// The version of the domain.
    pub opset: Option<i64>,
    /// The names of the nodes.
    pub nodes: Vec<String>,
    /// What to do instead.
    pub remedy: &'static str,
}

impl std::fmt::Display for UnsupportedNodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = self.nodes.iter().take(3).map(|name| format!("`{}`", printable(name))).join(", ");
        f.write_str(&printable(&self.op_type))?;
        if let Some(opset) = self.opset {
            write!(f, " (opset {opset})")?;
        }
        write!(f, ": {shown}")?;
        if self.nodes.len() > 3 {
            write!(f, " and {} more", self.nodes.len() - 3)?;
        }
        write!(f, "; {}", self.remedy)
    }
}

/// What is wrong with an input or output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BoundaryProblem {
    /// The shape is not in the file.
    #[error("the file does not say its shape; export the model with shapes, only the batch axis free")]
    NoShape,
    /// More than one axis is free.
    #[error("axes {first} and {second} are both free, only that of the batch may be; fix the others")]
    FreeAxes {
        /// One.
        first: usize,
        /// Another.
        second: usize,
    },
    /// A length that no axis has.
    #[error("axis {axis} has the length {length}")]
    Length {
        /// The axis.
        axis: usize,
        /// Its length.
        length: i64,
    },
    /// Too many coordinates.
    #[error("it has more than {limit} coordinates")]
    TooLarge {
        /// The most.
        limit: usize,
    },
    /// The inputs have different batches.
    #[error("its batch differs from that of the other inputs; export all of them with one free batch axis")]
    Batch,
    /// No floating-point numbers.
    #[error("it holds {found}; floating-point numbers are expected")]
    Kind {
        /// What it holds.
        found: &'static str,
    },
    /// Nothing computes it.
    #[error("no node computes it")]
    Missing,
}

/// What is wrong with a stored tensor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TensorProblem {
    /// A negative dimension, or a product beyond all memory.
    #[error("dims {dims:?} are no shape")]
    Dims {
        /// The dimensions.
        dims: Vec<i64>,
    },
    /// A type of numbers that networks do not have.
    #[error("elements of type {code} ({name}) are not read; store float, double, int or bool")]
    ElementType {
        /// ONNX's number.
        code: i32,
        /// ONNX's name.
        name: &'static str,
    },
    /// The data have another length than the shape says.
    #[error("dims {dims:?} need {expected} bytes or entries, there are {found}")]
    Length {
        /// The dimensions.
        dims: Vec<i64>,
        /// What they need.
        expected: usize,
        /// What there is.
        found: usize,
    },
    /// Raw data and a list of numbers.
    #[error("it has its numbers twice")]
    Twice,
    /// A weight that is no number.
    #[error("entry {position} is NaN; the network was not trained soundly")]
    NotANumber {
        /// Where.
        position: usize,
    },
    /// A weight that is infinite.
    #[error("entry {position} is {value}; the network was not trained soundly")]
    Infinite {
        /// Where.
        position: usize,
        /// Which infinity.
        value: f64,
    },
    /// The key `location` is missing.
    #[error("its data are in another file, which is not named")]
    NoLocation,
    /// A file that is not beside the model.
    #[error(
        "its data are in `{}`, outside of the folder of the model; move the file there",
        printable(location)
    )]
    Outside {
        /// The file.
        location: String,
    },
    /// A place in the file that is none.
    #[error("{key} `{}` of its external data is no number of bytes", printable(value))]
    Place {
        /// `offset` or `length`.
        key: &'static str,
        /// What it says.
        value: String,
    },
    /// The file is too short.
    #[error(
        "{} has {found} bytes, bytes {offset} to {end} are needed; copy the file again",
        printable_path(path)
    )]
    Short {
        /// The file.
        path: PathBuf,
        /// The first byte.
        offset: u64,
        /// Behind the last byte.
        end: u64,
        /// What there is.
        found: u64,
    },
    /// The file cannot be read.
    #[error("{}: {source}; external data belong beside the model", printable_path(path))]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// Why one node cannot be carried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodeProblem {
    /// An input is missing.
    #[error("input {position} is missing")]
    Operand {
        /// Which, counted from 0.
        position: usize,
    },
    /// An attribute is missing.
    #[error("attribute `{name}` is missing")]
    Attribute {
        /// Which.
        name: &'static str,
    },
    /// An attribute is something else.
    #[error("attribute `{name}` must be {expected}")]
    AttributeKind {
        /// Which.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// An input holds something else.
    #[error("input {position} holds {found}; {expected} are expected")]
    Kind {
        /// Which, counted from 0.
        position: usize,
        /// What it holds.
        found: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// Results of different points would depend on each other.
    #[error(
        "axis {axis} is the batch: the node mixes the points of the batch, so its value is no function of one point"
    )]
    MixesPoints {
        /// The axis.
        axis: usize,
    },
    /// Operands whose batches do not go together.
    #[error(
        "the operands have their batches in different axes or lengths, so the points of the batch would be mixed; export \
         the model with one dynamic batch axis"
    )]
    BatchAxes,
    /// A number that depends on how many points there are.
    #[error(
        "it computes with the number of points in a way that depends on the batch; use fixed numbers there"
    )]
    BatchSize,
    /// A new shape that does not keep the batch together.
    #[error("the new shape tears the batch apart; keep the batch as one axis, with -1 for its length")]
    BatchShape,
    /// Something must be known beforehand.
    #[error("input {position}, {what}, depends on the point; it must be constant")]
    NotConstant {
        /// Which, counted from 0.
        position: usize,
        /// What it is.
        what: &'static str,
    },
    /// An axis that is not there.
    #[error("axis {axis} is not there, the value has {rank}")]
    Axis {
        /// The axis.
        axis: i64,
        /// How many there are.
        rank: usize,
    },
    /// A position outside of an axis.
    #[error("position {position} is outside of an axis of length {length}")]
    Position {
        /// The position.
        position: i64,
        /// The length.
        length: usize,
    },
    /// Two shapes that do not go together.
    #[error("shapes {left:?} and {right:?} do not go together")]
    Shapes {
        /// One.
        left: Vec<usize>,
        /// The other.
        right: Vec<usize>,
    },
    /// A number beyond 64 bits, or a size below zero.
    #[error("a shape or position is out of range")]
    Overflow,
    /// A whole number is divided by zero.
    #[error("a whole number is divided by zero")]
    ZeroDivision,
    /// A result without entries.
    #[error("its result has no entries (shape {shape:?})")]
    Empty {
        /// The shape.
        shape: Vec<usize>,
    },
    /// A result that is too large.
    #[error("its result would have more than {limit} entries for one point")]
    TooLarge {
        /// The most.
        limit: usize,
    },
    /// Something that the node's type can do is not done.
    #[error("{} is not carried; {remedy}", printable(what))]
    Option {
        /// What.
        what: String,
        /// What to do instead.
        remedy: &'static str,
    },
    /// The tensor in an attribute is unsound.
    #[error(transparent)]
    Tensor(#[from] TensorProblem),
    /// Shapes do not go together.
    #[error(transparent)]
    Graph(#[from] GraphError),
}
