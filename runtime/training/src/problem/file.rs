//! The format of problem files: what [`record!`](jetc_operators::record) declares here is decoded, checked, and described by
//! the JSON Schema.

use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::decode::{Decode, Json, Name, Named, Reader, Schemas, Spanned, Text};
use jetc_operators::document::{Node, Value};
use jetc_operators::{keywords, record};
use serde_json::json;

use super::duration::Duration;
use super::size::Size;

record! {
    /// A problem file.
    pub(super) struct ProblemFile {
        /// What the problem is called; without it, the name of the file.
        pub(super) name: Option<String> = "name",
        /// What it is, for people.
        pub(super) description: Option<String> = "description",
        /// The inputs of the network, as in operator files.
        pub(super) coordinates: Raw = "coordinates",
        /// The outputs of the network, as in operator files; without it there is one field `u`.
        pub(super) fields: Option<Raw> = "fields",
        /// Vectors made of fields.
        pub(super) vectors: Option<Raw> = "vectors",
        /// Numbers with names, read exactly.
        pub(super) parameters: Option<Raw> = "parameters",
        /// Expressions with names.
        pub(super) coefficients: Option<Raw> = "coefficients",
        /// Matrices: rows of expressions, or a file.
        pub(super) matrices: Option<Raw> = "matrices",
        /// Sets of directions.
        pub(super) directions: Option<Raw> = "directions",
        /// Numbers that are to be found with the solution, each with where the search starts.
        pub(super) unknown: Option<Named<UnknownFile>> = "unknown",
        /// Where the equations hold: an interval for each coordinate, or for all of a counted family; or `shape` for space, or `points` for a file of points.
        pub(super) domain: DomainFile = "domain",
        /// What holds inside the domain: equations, or expressions that are zero.
        pub(super) equations: Option<Named<EquationFile>> = "equations",
        /// What holds on parts of the domain, such as its boundary and its start.
        pub(super) conditions: Option<Named<ConditionFile>> = "conditions",
        /// Measured values at points of a file, whose columns are names in the equation.
        pub(super) data: Option<Named<DataFile>> = "data",
        /// The solution where it is known, for reports alone: an expression for each field, or `file` with points.
        pub(super) solution: Option<SolutionFile> = "solution",
        /// Coordinates of space in which the solution repeats itself; the network does so exactly.
        pub(super) periodic: Option<Vec<Spanned<Name>>> = "periodic",
        /// What the fields are made of the outputs of the network, which have the same names: conditions that hold exactly.
        pub(super) hard: Option<HardFile> = "hard",
        /// The network; without it, three layers of 32 with tanh.
        pub(super) network: Option<NetworkFile> = "network",
        /// How it is trained.
        pub(super) train: Option<TrainFile> = "train",
    }
}

/// A part of the file that is read as a part of an operator file.
#[derive(Clone, Debug)]
pub(super) struct Raw(pub(super) Node);

impl Decode for Raw {
    fn expected() -> String {
        "what an operator file has here".to_owned()
    }

    fn decode(node: &Node, _: &mut Reader<'_>) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({})
    }
}

record! {
    /// An unknown number.
    pub(super) struct UnknownRecord {
        /// Where the search starts.
        pub(super) start: Text = "start",
        /// The least and the largest value that it may have.
        pub(super) range: Option<Spanned<Vec<Text>>> = "range",
    }
}

/// An unknown: its start, or a record.
#[derive(Clone, Debug)]
pub(super) struct UnknownFile(pub(super) UnknownRecord);

impl Decode for UnknownFile {
    fn expected() -> String {
        "a number to start from, or `{start: 1, range: [0, 10]}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return UnknownRecord::decode(node, reader).map(Self);
        }
        if node.sequence().is_some() || node.is_null() {
            reader.wrong_kind(node, &Self::expected());
            return None;
        }
        Text::decode(node, reader).map(|start| Self(UnknownRecord { start, range: None }))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Text::schema(schemas), UnknownRecord::schema(schemas)] })
    }
}

/// Intervals by coordinate, and the shape of space.
#[derive(Clone, Debug)]
pub(super) struct DomainFile {
    pub(super) intervals: Vec<(Name, Interval)>,
    pub(super) shape: Option<Node>,
    /// A file of points.
    pub(super) points: Option<Spanned<String>>,
    pub(super) span: Span,
}

/// An interval of a coordinate.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    pub(super) ends: [Text; 2],
    pub(super) span: Span,
}

impl Decode for Interval {
    fn expected() -> String {
        "an interval like `[0, 1]`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some([lower, upper]) = node.sequence() else {
            reader.wrong_kind(node, &Self::expected());
            return None;
        };
        let (lower, upper) = (Text::decode(lower, reader), Text::decode(upper, reader));
        Some(Self { ends: [lower?, upper?], span: node.span })
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "type": "array", "items": Text::schema(schemas), "minItems": 2, "maxItems": 2 })
    }
}

impl Decode for DomainFile {
    fn expected() -> String {
        "an interval for each coordinate, like `{x: [-1, 1], t: [0, 1]}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(pairs) = node.mapping() else {
            reader.wrong_kind(node, &Self::expected());
            return None;
        };
        let mut domain = Self { intervals: Vec::new(), shape: None, points: None, span: node.span };
        for (key, value) in pairs {
            if key.text() == Some("shape") {
                domain.shape = Some(value.clone());
                continue;
            }
            if key.text() == Some("points") && value.sequence().is_none() {
                domain.points = Spanned::decode(value, reader);
                continue;
            }
            let (name, interval) = (Name::decode(key, reader), Interval::decode(value, reader));
            domain.intervals.extend(name.zip(interval));
        }
        Some(domain)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({
            "type": "object",
            "properties": { "shape": {}, "points": { "type": ["string", "array"] } },
            "additionalProperties": Interval::schema(schemas),
        })
    }
}

/// What every term may say of itself beside its equation.
#[derive(Clone, Debug, Default)]
pub(super) struct TermChoices {
    /// The factor of its mean square in the loss.
    pub(super) weight: Option<Text>,
    /// How many points it has.
    pub(super) points: Option<Spanned<u64>>,
}

/// An equation, with choices if it is a mapping.
#[derive(Clone, Debug)]
pub(super) struct EquationFile {
    /// What an operator file has for an output.
    pub(super) output: Node,
    pub(super) choices: TermChoices,
}

impl Decode for EquationFile {
    fn expected() -> String {
        "an equation, a list of them, or `{expression: …, weight: 1, points: 4000}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(pairs) = node.mapping() else {
            if node.is_null() {
                reader.wrong_kind(node, &Self::expected());
                return None;
            }
            return Some(Self { output: node.clone(), choices: TermChoices::default() });
        };
        // The weight of a sum over directions belongs to the sum.
        let is_sum = node.get("sum").is_some();
        let (mut rest, mut choices, mut is_right) = (Vec::new(), TermChoices::default(), true);
        for (key, value) in pairs {
            match key.text() {
                Some("points") => {
                    choices.points = Spanned::decode(value, reader);
                    is_right &= choices.points.is_some();
                }
                Some("weight") if !is_sum => {
                    choices.weight = Text::decode(value, reader);
                    is_right &= choices.weight.is_some();
                }
                _ => rest.push((key.clone(), value.clone())),
            }
        }
        let output = match rest.as_slice() {
            [(key, value)] if key.text() == Some("expression") => value.clone(),
            [] => {
                let help = "add `expression:` with an equation".to_owned();
                reader.report(Code::MissingKey, Span::at(node.span.start), "the equation is missing").help =
                    Some(help);
                return None;
            }
            _ => Node { span: node.span, value: Value::Mapping(rest) },
        };
        is_right.then_some(Self { output, choices })
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let text = Text::schema(schemas);
        json!({ "anyOf": [
            text,
            { "type": "array" },
            { "type": "object", "properties": {
                "expression": {}, "weight": text, "points": { "type": "integer", "minimum": 1 },
            } },
        ] })
    }
}

record! {
    /// A condition.
    pub(super) struct ConditionFile {
        /// Where it holds: `boundary`, `start`, `end`, an equation like `x = 0`, a point like `{x: 0, y: 0}`, `{file: rim.csv}`, a part of the shape by its name, or a list of these.
        pub(super) at: Option<Raw> = "at",
        /// One equation or a list of them; `normal` is the outward unit normal, and `dn(f)` the derivative along it.
        pub(super) require: Option<Raw> = "require",
        /// An equation for mean values over the domain, instead of `at` and `require`.
        pub(super) mean: Option<Raw> = "mean",
        /// The factor of its mean square in the loss.
        pub(super) weight: Option<Text> = "weight",
        /// How many points it has.
        pub(super) points: Option<Spanned<u64>> = "points",
    }
}

record! {
    /// Measured values.
    pub(super) struct DataFile {
        /// A file (.csv, .npz) with a column for each coordinate and for what was measured.
        pub(super) file: Spanned<String> = "file",
        /// One equation or a list of them, in fields and columns of the file.
        pub(super) require: Raw = "require",
        /// The factor of its mean square in the loss.
        pub(super) weight: Option<Text> = "weight",
    }
}

/// The known solution.
#[derive(Clone, Debug)]
pub(super) enum SolutionFile {
    /// An expression for each field.
    Expressions(Vec<(Name, Node)>),
    /// Columns of a file.
    File(Spanned<String>),
}

impl Decode for SolutionFile {
    fn expected() -> String {
        "an expression for each field like `{u: sin(pi*x)}`, or `{file: solution.npz}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(pairs) = node.mapping() else {
            reader.wrong_kind(node, &Self::expected());
            return None;
        };
        if let [(key, file)] = pairs
            && key.text() == Some("file")
        {
            return Spanned::decode(file, reader).map(Self::File);
        }
        let named = |(key, value): &(Node, Node)| Some((Name::decode(key, reader)?, value.clone()));
        let all: Vec<Option<_>> = pairs.iter().map(named).collect();
        all.into_iter().collect::<Option<Vec<_>>>().map(Self::Expressions)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [
            { "type": "object", "properties": { "file": { "type": "string" } }, "required": ["file"] },
            Named::<Text>::schema(schemas),
        ] })
    }
}

/// Exact conditions: an expression, or one for each field.
#[derive(Clone, Debug)]
pub(super) enum HardFile {
    One(Text),
    Each(Vec<(Name, Text)>),
}

impl Decode for HardFile {
    fn expected() -> String {
        "an expression in coordinates and fields, or one for each field".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(pairs) = node.mapping() else { return Text::decode(node, reader).map(Self::One) };
        let mut each = Vec::new();
        for (key, value) in pairs {
            let (name, text) = (Name::decode(key, reader), Text::decode(value, reader));
            each.push((name?, text?));
        }
        Some(Self::Each(each))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Text::schema(schemas), Named::<Text>::schema(schemas)] })
    }
}

record! {
    /// A network.
    pub(super) struct NetworkFile {
        /// The widths of the layers between inputs and outputs.
        pub(super) hidden: Option<Spanned<Vec<u64>>> = "hidden",
        /// The function between layers, tanh if not given.
        pub(super) activation: Option<Spanned<String>> = "activation",
        /// Fourier features (cos 2πBx, sin 2πBx) in place of the coordinates: how many rows B has, and its standard deviation.
        pub(super) fourier: Option<FourierFile> = "fourier",
        /// Whether weights are factorised, W = diag(exp s) V.
        pub(super) factorised: Option<bool> = "factorised",
        /// A model file; its weights begin at random if it names none.
        pub(super) model: Option<Spanned<String>> = "model",
        /// Weights to start from, of a network of this shape (.safetensors, .npz).
        pub(super) from: Option<Spanned<String>> = "from",
    }
}

record! {
    /// Random Fourier features.
    pub(super) struct FourierFile {
        /// How many frequencies.
        pub(super) features: Spanned<u64> = "features",
        /// The standard deviation of the frequencies, 1 if not given.
        pub(super) scale: Option<Text> = "scale",
    }
}

keywords! {
    /// How points are chosen.
    pub(super) enum SamplingWord {
        /// Equidistant.
        Grid = "grid",
        /// Random.
        Uniform = "uniform",
        /// A Sobol sequence.
        Sobol = "sobol",
        /// One in each of so many intervals of every coordinate.
        LatinHypercube = "latin-hypercube",
        /// The nodes of Gauss' quadrature.
        Gauss = "gauss",
    }
}

keywords! {
    /// How the terms of the loss are weighted.
    pub(super) enum WeightsWord {
        /// As the file says.
        Fixed = "fixed",
        /// So that their gradients have equal lengths.
        Balanced = "balanced",
    }
}

record! {
    /// How to train.
    pub(super) struct TrainFile {
        /// `auto`, `gauss-newton`, `l-bfgs`, `broyden`, `adam`, or a list of phases like `{adam: {steps: 1000}}`.
        pub(super) method: Option<Raw> = "method",
        /// What random numbers follow from, 0 if not given.
        pub(super) seed: Option<u64> = "seed",
        /// The most time, like `60 s` or `5 min`.
        pub(super) time: Option<Duration> = "time",
        /// The most steps.
        pub(super) steps: Option<Spanned<u64>> = "steps",
        /// The loss that is small enough.
        pub(super) tolerance: Option<Text> = "tolerance",
        /// How many points: for all equations, or by the names of terms.
        pub(super) points: Option<PointsFile> = "points",
        /// How points are chosen; `gauss` in two dimensions or fewer, otherwise `sobol`, if not given.
        pub(super) sampling: Option<SamplingWord> = "sampling",
        /// New points every so many steps: `every 100`, or `adaptive` where residuals are large, or `never`; when they are spent, if not given.
        pub(super) resample: Option<Spanned<String>> = "resample",
        /// Whether early times come first.
        pub(super) causal: Option<bool> = "causal",
        /// How the terms of the loss are weighted.
        pub(super) weights: Option<WeightsWord> = "weights",
        /// The most memory for what a method holds, like `512 MiB`: the choice of `auto` follows from it.
        pub(super) memory: Option<Size> = "memory",
        /// The numbers to compute in: f64.
        pub(super) dtype: Option<Spanned<String>> = "dtype",
    }
}

/// Numbers of points.
#[derive(Clone, Debug)]
pub(super) enum PointsFile {
    /// Of every equation.
    All(Spanned<u64>),
    /// By term.
    Each(Named<Spanned<u64>>),
}

impl Decode for PointsFile {
    fn expected() -> String {
        "a number, or numbers by the names of terms".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            Named::decode(node, reader).map(Self::Each)
        } else {
            Spanned::decode(node, reader).map(Self::All)
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let count = json!({ "type": "integer", "minimum": 1 });
        json!({ "anyOf": [count, Named::<Spanned<u64>>::schema(schemas)] })
    }
}
