//! The format of operator files: what [`record!`](crate::record) declares here is decoded, checked, and described by
//! the JSON Schema.

use serde_json::json;

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
        /// The outputs of the network, in order. Without it there is one field `u`, and the operator is applied to each output.
        pub(super) fields: Option<Tried<OneOrMany<Name>>> = "fields",
        /// Vectors made of fields.
        pub(super) vectors: Option<Named<Vec<Name>>> = "vectors",
        /// Numbers with names, read exactly: `27/10`, `0.1`, `2*pi`.
        pub(super) parameters: Option<Named<Text>> = "parameters",
        /// Expressions with names, usually in the coordinates.
        pub(super) coefficients: Option<Named<Text>> = "coefficients",
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
        pub(super) space: Spanned<SpaceFile> = "space",
        /// The coordinate of time.
        pub(super) time: Option<Name> = "time",
    }
}

record! {
    /// An output.
    pub(super) struct OutputRecord {
        /// The output as an expression.
        pub(super) expression: Option<Text> = "expression",
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
    /// Space and time.
    Split(SplitCoordinates),
}

impl Decode for CoordinatesFile {
    fn expected() -> String {
        "a list of names like `[x, y]`, or `{space: [x, y], time: t}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.sequence().is_some() {
            Spanned::decode(node, reader).map(Self::List)
        } else if node.mapping().is_some() {
            SplitCoordinates::decode(node, reader).map(Self::Split)
        } else {
            reader.wrong_kind(node, &Self::expected());
            None
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Vec::<Name>::schema(schemas), SplitCoordinates::schema(schemas)] })
    }
}

/// The coordinates of space.
#[derive(Clone, Debug)]
pub(super) enum SpaceFile {
    /// Names in order.
    Names(Vec<Name>),
    /// Names and counts: `{x: 3}` for x1, x2, x3.
    Counted(Named<Spanned<u64>>),
}

impl Decode for SpaceFile {
    fn expected() -> String {
        "a list of names, or a name and a count like `{x: 3}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            Named::decode(node, reader).map(Self::Counted)
        } else {
            OneOrMany::decode(node, reader).map(|names| Self::Names(names.0))
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let names = OneOrMany::<Name>::schema(schemas);
        json!({ "anyOf": [names, Named::<Spanned<u64>>::schema(schemas)] })
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

/// An output: an expression, or a record.
#[derive(Clone, Debug)]
pub(super) enum OutputFile {
    /// An expression.
    Expression(Text),
    /// A sum over directions, or an expression with its order.
    Record(Box<OutputRecord>),
}

impl Decode for OutputFile {
    fn expected() -> String {
        "an expression, or a mapping with `K`, `sum`, `derivative` and `weight`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            OutputRecord::decode(node, reader).map(|record| Self::Record(Box::new(record)))
        } else if node.text().is_some() && !node.is_null() {
            Text::decode(node, reader).map(Self::Expression)
        } else {
            reader.wrong_kind(node, &Self::expected());
            None
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Text::schema(schemas), OutputRecord::schema(schemas)] })
    }
}
