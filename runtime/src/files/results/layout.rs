//! What the columns of a result are called, and how they are grouped.

use std::collections::BTreeSet;

use super::super::{FileError, Origin};

/// The outputs of a computation as columns of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultLayout {
    precision: ResultPrecision,
    groups: Vec<ResultGroup>,
}

/// One output: one array of an `.npz`, some columns elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultGroup {
    /// The output's name.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
}

/// The precision of the numbers in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultPrecision {
    /// Four bytes.
    F32,
    /// Eight bytes.
    F64,
}

impl ResultLayout {
    /// A layout without columns.
    pub fn new(precision: ResultPrecision) -> Self {
        Self { precision, groups: Vec::new() }
    }

    /// Adds an output with these columns behind the others.
    #[must_use]
    pub fn group<S: Into<String>>(
        mut self,
        name: impl Into<String>,
        columns: impl IntoIterator<Item = S>,
    ) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        self.groups.push(ResultGroup { name: name.into(), columns });
        self
    }

    /// The precision of the numbers.
    pub fn precision(&self) -> ResultPrecision {
        self.precision
    }

    /// The outputs in order.
    pub fn groups(&self) -> &[ResultGroup] {
        &self.groups
    }

    /// The number m of columns of all outputs.
    pub fn columns(&self) -> usize {
        self.groups.iter().map(|group| group.columns.len()).sum()
    }

    /// The names of all columns in order.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flat_map(|group| &group.columns).map(String::as_str)
    }

    /// Checks that there is a column, and that names differ.
    pub(super) fn check(&self, origin: &Origin) -> Result<(), FileError> {
        if self.columns() == 0 {
            return Err(FileError::NoColumns { origin: origin.clone() });
        }
        let (mut columns, mut groups) = (BTreeSet::new(), BTreeSet::new());
        let twice = self.column_names().find(|name| !columns.insert(*name));
        let mut names = self.groups.iter().map(|group| group.name.as_str());
        match twice.or_else(|| names.find(|name| !groups.insert(*name))) {
            Some(name) => Err(FileError::DuplicateName { origin: origin.clone(), name: name.to_owned() }),
            None => Ok(()),
        }
    }
}

impl ResultPrecision {
    /// Bytes of one number.
    pub(in super::super) fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Appends `values` as little-endian bytes.
    pub(in super::super) fn encode<T: ResultFloat>(self, values: &[T], bytes: &mut Vec<u8>) {
        for value in values {
            match self {
                Self::F32 => bytes.extend_from_slice(&value.to_f32().to_le_bytes()),
                Self::F64 => bytes.extend_from_slice(&value.to_f64().to_le_bytes()),
            }
        }
    }
}

/// The number types of results: `f32` and `f64`.
pub trait ResultFloat: Copy + sealed::Sealed {
    /// The value, rounded to the nearest `f32`.
    fn to_f32(self) -> f32;
    /// The value.
    fn to_f64(self) -> f64;
}

impl ResultFloat for f32 {
    fn to_f32(self) -> f32 {
        self
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl ResultFloat for f64 {
    #[allow(clippy::cast_possible_truncation, reason = "rounding is what was asked for")]
    fn to_f32(self) -> f32 {
        self as f32
    }

    fn to_f64(self) -> f64 {
        self
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
