//! Problem files: equations, where they hold, and how their solution is found.
//!
//! | stage | file |
//! |---|---|
//! | text → records | `file.rs` |
//! | each term → an operator with the declarations of the problem | `declarations.rs` |
//! | intervals, shapes and `at` → domain and regions | `space.rs` |
//! | columns of files | `columns.rs` |
//! | widths → a model | `network.rs` |
//! | a model file → a model | `given.rs` |
//! | `train` → settings | `settings.rs` |
//!
//! All mistakes of a file are reported at once, where they stand.
//!
#![doc = include_str!("problem-files.md")]

mod build;
mod columns;
mod declarations;
mod duration;
mod error;
mod file;
mod given;
mod network;
mod schema;
mod settings;
mod size;
mod space;
mod term;

use jetc_operators::spec::Coordinates;

pub use duration::{Duration, duration};
pub use error::ProblemError;
pub use network::{Model, WEIGHTS};
pub use schema::json_schema;
pub use settings::{MethodChoice, Phase, Resample, Settings};
pub use size::{Size, size};
pub use term::{TermKind, TermPoints, TermSpec};

use crate::domain::Domain;
use jetc_operators::OperatorSpec;

/// A number to be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// Where the search starts.
    pub start: f64,
    /// The least and the largest value.
    pub range: Option<[f64; 2]>,
}

/// What errors are measured against.
#[derive(Debug)]
pub struct Solution {
    /// Has two columns for each field: found, then exact.
    pub spec: OperatorSpec,
    /// The fields that are known.
    pub fields: Vec<String>,
    /// Points where it is known, \[N, n\] in the coordinates of the operator; anywhere if there are none.
    pub points: Option<Vec<f64>>,
}

/// A problem: everything that its file says.
#[derive(Debug)]
pub struct Problem {
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub description: Option<String>,
    /// The inputs of the network.
    pub coordinates: Coordinates,
    /// Its outputs.
    pub fields: Vec<String>,
    /// The operator that gives the fields themselves.
    pub view: OperatorSpec,
    /// Vectors of the plane, by name, as pairs of fields.
    pub vectors: Vec<(String, [usize; 2])>,
    /// Where the equations hold.
    pub domain: Domain,
    /// Equations, conditions and data, in this order.
    pub terms: Vec<TermSpec>,
    /// Numbers to be found.
    pub unknowns: Vec<Unknown>,
    /// The solution where it is known.
    pub solution: Option<Solution>,
    /// The network with its first weights.
    pub model: Model,
    /// How to train.
    pub settings: Settings,
}
