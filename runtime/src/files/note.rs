//! What a reader of points has to say about how it understood a file.

use std::fmt;

use super::csv::Separator;
use super::describe::{listed, shorten};
use crate::names::{NameNote, Named};

/// How a file of points was understood, where that is not obvious.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointNote {
    /// Cells are not separated by commas.
    Cells {
        /// What separates them.
        separator: &'static str,
        /// Whether decimals have a comma.
        decimal_comma: bool,
    },
    /// The first column is an index.
    Index,
    /// The first line is a header of the numbers 0, 1, 2 ….
    CountingHeader,
    /// The first line is a point, though it counts 0, 1, 2 ….
    CountingPoint,
    /// The names of the columns are those of a comment.
    Comment {
        /// The comment.
        text: String,
    },
    /// Coordinates, or the columns of results, are arrays of an archive.
    Arrays {
        /// Which of the two.
        what: Named,
        /// Their names.
        names: Vec<String>,
    },
    /// What else there is was left out.
    LeftOut {
        /// Names of columns or arrays.
        names: Vec<String>,
    },
    /// The names of the columns are those of the coordinates in another order, or others.
    Names(NameNote),
}

impl PointNote {
    pub(super) fn cells(separator: Separator, decimal_comma: bool) -> Self {
        Self::Cells { separator: separator.name(), decimal_comma }
    }

    /// Whether the points may not be what was meant.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::CountingPoint | Self::Names(NameNote { by_name: false, .. }))
    }
}

impl fmt::Display for PointNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cells { separator, decimal_comma } => {
                let decimals = if *decimal_comma { ", and decimals have a comma" } else { "" };
                write!(f, "cells are separated by {separator}{decimals}")
            }
            Self::Index => f.write_str("the first column is an index and was left out"),
            Self::CountingHeader => f.write_str("the first line counts the columns and was read as a header"),
            Self::CountingPoint => f.write_str(
                "the first line, 0, 1, …, was read as a point; if it is the header of pandas, write the file with \
                 header=False",
            ),
            Self::Comment { text } => write!(f, "the comment `{}` names the columns", shorten(text)),
            Self::Arrays { what, names } => {
                write!(f, "the {} are the arrays {}", what.counterpart(), listed(names))
            }
            Self::LeftOut { names } => write!(f, "left out: {}", listed(names)),
            Self::Names(note) => note.fmt(f),
        }
    }
}
