//! The format of operator files: what [`record!`](crate::record) declares here is decoded, checked, and described by
//! the JSON Schema.

use serde_json::json;

use crate::diagnostic::{Code, Span};
use crate::document::Node;
use crate::document::decode::{Decode, Json, Name, Named, Reader, Schemas, Spanned, Text, Tried};
use crate::record;

record! {
    /// An operator file.
    pub(super) struct OperatorFile {
        /// What the operator is called; without it, the name of the file.
        pub(super) name: Option<String> = "name",
        /// What the operator is, for people.
        pub(super) description: Option<String> = "description",
        /// The inputs of the network, in order.
        pub(super) coordinates: CoordinatesFile = "coordinates",
        /// The outputs of the network, in order: names, or a name and a count as in `{u: 3}` for u1, u2, u3. Without it there is one field `u`, and the operator is applied to each output.
        pub(super) fields: Option<Tried<NamesFile>> = "fields",
        /// Vectors made of fields.
        pub(super) vectors: Option<Named<Vec<Name>>> = "vectors",
        /// Numbers with names, read exactly: `27/10`, `0.1`, `2*pi`.
        pub(super) parameters: Option<Named<Formula>> = "parameters",
        /// Names of numbers that have no value yet and get one when the operator is evaluated, as in inverse problems; in expressions they stand where parameters may.
        pub(super) unknown: Option<UnknownFile> = "unknown",
        /// Expressions with names, usually in the coordinates; a list of them is a vector.
        pub(super) coefficients: Option<Named<Formula>> = "coefficients",
        /// Matrices: rows of expressions, or a file.
        pub(super) matrices: Option<Named<MatrixSource>> = "matrices",
        /// Sets of directions.
        pub(super) directions: Option<Named<DirectionSet>> = "directions",
        /// What is computed at each point.
        pub(super) outputs: Named<OutputFile> = "outputs",
    }
}

record! {
    /// Coordinates by kind.
    pub(super) struct SplitCoordinates {
        /// The coordinates of space: names, or a name and a count as in `{x: 3}` for x1, x2, x3.
        pub(super) space: Option<Tried<Spanned<NamesFile>>> = "space",
        /// The coordinate of time.
        pub(super) time: Option<Tried<Spanned<Name>>> = "time",
        /// Inputs of the network that are neither space nor time, such as a viscosity that it was trained for: names, or a name and a count.
        pub(super) parameters: Option<Tried<Spanned<NamesFile>>> = "parameters",
    }
}

record! {
    /// An output.
    pub(super) struct OutputRecord {
        /// The output as an expression, or a list of them.
        pub(super) expression: Option<Formula> = "expression",
        /// The order of the operator; checked.
        pub(super) order: Option<Spanned<u64>> = "K",
        /// The number of summands; checked.
        pub(super) summands: Option<Spanned<u64>> = "R",
        /// The indices of the sum, each with the set of directions it runs through.
        pub(super) sum: Option<Named<Name>> = "sum",
        /// The directions of the derivative: indices of the sum, or coordinates.
        pub(super) derivative: Option<Spanned<Vec<Name>>> = "derivative",
        /// The factor of every summand.
        pub(super) weight: Option<Text> = "weight",
        /// The field that is derived, if there are several.
        pub(super) field: Option<Name> = "field",
    }
}

record! {
    /// A set of directions.
    pub(super) struct DirectionSet {
        /// `standard`: the unit vectors of space.
        pub(super) set: Option<Spanned<StandardSet>> = "set",
        /// The directions themselves, one row each: entries for all coordinates, or for those of space.
        pub(super) rows: Option<Rows> = "rows",
        /// A file with a matrix whose rows are the directions.
        pub(super) file: Option<Spanned<String>> = "file",
        /// Whether the columns of the matrix in `file` are the directions, not its rows.
        pub(super) transpose: Option<Spanned<bool>> = "transpose",
        /// Random directions in space, so that Σ weight v vᵀ is the unit matrix on average; needs `R`.
        pub(super) random: Option<Spanned<RandomSet>> = "random",
        /// What the random directions follow from; the same seed gives the same directions everywhere.
        pub(super) seed: Option<Spanned<u64>> = "seed",
        /// A weight for each direction, 1 if not given.
        pub(super) weights: Option<Spanned<Vec<Text>>> = "weights",
        /// The number of directions; checked, and for random directions chosen.
        pub(super) count: Option<Spanned<u64>> = "R",
    }
}

crate::keywords! {
    /// A set of directions that needs no numbers.
    pub(super) enum StandardSet {
        /// The unit vectors of space.
        Standard = "standard",
    }
}

crate::keywords! {
    /// Distributions of random directions.
    pub(super) enum RandomSet {
        /// Entries −1 and 1, each with probability 1/2.
        Rademacher = "rademacher",
        /// Entries from the standard normal distribution, rounded to multiples of 2⁻²⁰.
        Gaussian = "gaussian",
        /// Unit vectors, no two equal.
        Sparse = "sparse",
    }
}

record! {
    /// A matrix file.
    pub(super) struct MatrixFile {
        /// The name of the file.
        pub(super) file: Spanned<String> = "file",
        /// Whether to exchange rows and columns.
        pub(super) transpose: Option<bool> = "transpose",
    }
}

/// Rows of expressions.
pub(super) type Rows = Spanned<Vec<Spanned<Vec<Text>>>>;

/// A matrix: rows of expressions, or a file.
#[derive(Clone, Debug)]
pub(super) enum MatrixSource {
    /// The entries.
    Rows(Rows),
    /// A file with the entries.
    File(MatrixFile),
}

impl Decode for MatrixSource {
    fn expected() -> String {
        "a list of rows, or `{file: …}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            MatrixFile::decode(node, reader).map(Self::File)
        } else {
            Spanned::decode(node, reader).map(Self::Rows)
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Vec::<Vec<Text>>::schema(schemas), MatrixFile::schema(schemas)] })
    }
}

/// The coordinates: a list of names, or a mapping by kind.
#[derive(Clone, Debug)]
pub(super) enum CoordinatesFile {
    /// Names in order.
    List(Spanned<Vec<Name>>),
    /// By kind, in the order of the file.
    Split(Spanned<Vec<CoordinateGroup>>),
}

/// Coordinates of one kind.
#[derive(Clone, Debug)]
pub(super) struct CoordinateGroup {
    /// What they are.
    pub(super) kind: CoordinateKind,
    /// Their names; of time there is one.
    pub(super) names: Spanned<NamesFile>,
}

/// Kinds of coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CoordinateKind {
    /// What `lap` and `grad` range over.
    Space,
    /// At most one.
    Time,
    /// Other inputs of the network.
    Parameters,
}

impl SplitCoordinates {
    /// The groups in the order of the keys of `node`; none if one of them was wrong.
    fn groups(self, node: &Node) -> Option<Spanned<Vec<CoordinateGroup>>> {
        let one =
            |time: Spanned<Name>| Spanned { value: NamesFile::Names(vec![time.value]), span: time.span };
        let mut space = tried(self.space)?;
        let mut time = tried(self.time)?.map(one);
        let mut parameters = tried(self.parameters)?;
        let keys = node.mapping().unwrap_or_default().iter().filter_map(|(key, _)| key.text());
        let group = |key| {
            let (kind, names) = match key {
                "space" => (CoordinateKind::Space, space.take()),
                "time" => (CoordinateKind::Time, time.take()),
                "parameters" => (CoordinateKind::Parameters, parameters.take()),
                _ => return None,
            };
            names.map(|names| CoordinateGroup { kind, names })
        };
        let groups: Vec<CoordinateGroup> = keys.filter_map(group).collect();
        // Keys that mean nothing have been reported.
        let is_right = !groups.is_empty() || node.mapping().is_some_and(<[_]>::is_empty);
        is_right.then_some(Spanned { value: groups, span: node.span })
    }
}

/// What was given, if anything; `None` if it was wrong.
#[expect(clippy::option_option, reason = "not given and wrong are different")]
fn tried<T>(given: Option<Tried<T>>) -> Option<Option<T>> {
    match given {
        Some(Tried(value)) => value.map(Some),
        None => Some(None),
    }
}

impl Decode for CoordinatesFile {
    fn expected() -> String {
        "a list of names like `[x, y]`, or `{space: [x, y], time: t, parameters: [mu]}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.sequence().is_some() {
            Spanned::decode(node, reader).map(Self::List)
        } else if node.mapping().is_some() {
            SplitCoordinates::decode(node, reader)?.groups(node).map(Self::Split)
        } else {
            let names = node.text().filter(|_| !node.is_null()).map(|text| text.replace(',', " "));
            let list = names.map(|names| names.split_whitespace().collect::<Vec<_>>().join(", "));
            reader.wrong_kind(node, &Self::expected()).help = list.map(|list| format!("write `[{list}]`"));
            None
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Vec::<Name>::schema(schemas), SplitCoordinates::schema(schemas)] })
    }
}

/// Names in order, or counted.
#[derive(Clone, Debug)]
pub(super) enum NamesFile {
    /// Names in order.
    Names(Vec<Name>),
    /// Names and counts: `{x: 3}` for x1, x2, x3.
    Counted(Named<Spanned<u64>>),
}

impl Decode for NamesFile {
    fn expected() -> String {
        "a list of names, or a name and a count like `{x: 3}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            Named::decode(node, reader).map(Self::Counted)
        } else if let Some(count) = node.text().filter(|text| text.parse::<u64>().is_ok()) {
            let message = "a count needs a name";
            reader.report(Code::InvalidName, node.span, message).help =
                Some(format!("`{{x: {count}}}` is x1, x2 … x{count}"));
            None
        } else {
            OneOrMany::decode(node, reader).map(|names| Self::Names(names.0))
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let names = OneOrMany::<Name>::schema(schemas);
        json!({ "anyOf": [names, Named::<Spanned<u64>>::schema(schemas)] })
    }
}

/// The names of unknowns: a list, or a single one. Names that are wrong have been reported; the others count.
#[derive(Clone, Debug)]
pub(super) struct UnknownFile {
    /// The names, in order.
    pub(super) names: Vec<Name>,
    /// Where they stand.
    pub(super) span: Span,
}

impl Decode for UnknownFile {
    fn expected() -> String {
        "a list of names like `[nu, k]`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let nodes: Vec<&Node> = if let Some(pairs) = node.mapping() {
            let names = pairs.iter().filter_map(|(key, _)| key.text()).collect::<Vec<_>>().join(", ");
            reader.wrong_kind(node, &Self::expected()).help = Some(format!(
                "write `[{names}]`: unknowns get their values when the operator is evaluated, and numbers that are \
                 known belong under `parameters`"
            ));
            pairs.iter().map(|(key, _)| key).collect()
        } else if let Some(elements) = node.sequence() {
            elements.iter().collect()
        } else if node.is_null() {
            reader.wrong_kind(node, &Self::expected());
            return None;
        } else {
            vec![node]
        };
        let mut names = Vec::with_capacity(nodes.len());
        for node in nodes {
            names.extend(Name::decode(node, reader));
            if reader.is_full() {
                return None;
            }
        }
        Some(Self { names, span: node.span })
    }

    fn schema(schemas: &mut Schemas) -> Json {
        OneOrMany::<Name>::schema(schemas)
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug)]
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<T: Decode> Decode for OneOrMany<T> {
    fn expected() -> String {
        Vec::<T>::expected()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.text().is_some() && !node.is_null() {
            return T::decode(node, reader).map(|one| Self(vec![one]));
        }
        Vec::decode(node, reader).map(Self)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [T::schema(schemas), Vec::<T>::schema(schemas)] })
    }
}

/// An expression, or a list of expressions or rows: a number, vector or matrix.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    /// An expression.
    One(Text),
    /// The elements of a vector, or the rows of a matrix.
    List(Spanned<Vec<Formula>>),
}

impl Formula {
    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::One(text) => text.span,
            Self::List(elements) => elements.span,
        }
    }

    /// The expressions in it, in order.
    pub(super) fn texts(&self) -> Vec<&Text> {
        match self {
            Self::One(text) => vec![text],
            Self::List(elements) => elements.value.iter().flat_map(Self::texts).collect(),
        }
    }
}

impl Decode for Formula {
    fn expected() -> String {
        "an expression, or a list of them".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.sequence() {
            Some([]) => {
                reader.report(Code::WrongKind, node.span, "this list is empty");
                None
            }
            Some(_) => Spanned::decode(node, reader).map(Self::List),
            None if node.text().is_some() && !node.is_null() => Text::decode(node, reader).map(Self::One),
            None => {
                reader.wrong_kind(node, &Self::expected());
                None
            }
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let text = Text::schema(schemas);
        let row = json!({ "type": "array", "items": text });
        json!({ "anyOf": [text, { "type": "array", "items": { "anyOf": [text, row] } }] })
    }
}

/// An output: an expression, or a record.
#[derive(Clone, Debug)]
pub(super) enum OutputFile {
    /// An expression, or a list of them.
    Expression(Formula),
    /// A sum over directions, or an expression with its order.
    Record(Box<OutputRecord>),
}

impl Decode for OutputFile {
    fn expected() -> String {
        "an expression, a list of them, or a mapping with `K`, `sum`, `derivative` and `weight`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            OutputRecord::decode(node, reader).map(|record| Self::Record(Box::new(record)))
        } else if node.is_null() {
            reader.wrong_kind(node, &Self::expected());
            None
        } else {
            Formula::decode(node, reader).map(Self::Expression)
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Formula::schema(schemas), OutputRecord::schema(schemas)] })
    }
}
