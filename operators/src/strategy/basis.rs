//! The variables in which the symbols of a plan are written.

use std::fmt;

use jetc_combinatorics::Polynomial;

use crate::frame::{Frame, Prepared, Rewritten};

/// The variables in which the symbols of a plan are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Those of the file: its coordinates and the directions that it names.
    Named,
    /// The directions of squares that the second-order parts are sums of.
    Squares,
    /// Coordinates, the directions of the file multiplied out.
    Coordinates,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Named, Self::Squares, Self::Coordinates];

    /// The name in plans.
    pub fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Squares => "squares",
            Self::Coordinates => "coordinates",
        }
    }

    /// What it is, in a few words.
    pub fn description(self) -> &'static str {
        match self {
            Self::Named => "the coordinates and directions of the file",
            Self::Squares => "directions in which the second-order part is a sum of squares",
            Self::Coordinates => "the directions of the file multiplied out into coordinates",
        }
    }

    /// The symbols in these variables, if they can be had.
    pub(super) fn symbols(self, frame: &Frame) -> Option<Vec<(Polynomial, Option<u32>)>> {
        let named = |part: &Prepared| (part.named.clone(), None);
        let rewritten = |found: &Rewritten| (found.symbol.clone(), found.rounding);
        match self {
            Self::Named => Some(frame.parts.iter().map(named).collect()),
            Self::Squares => {
                let squares = |part: &Prepared| part.squares.as_ref().map_or_else(|| named(part), rewritten);
                let any = frame.parts.iter().any(|part| part.squares.is_some());
                any.then(|| frame.parts.iter().map(squares).collect())
            }
            Self::Coordinates => frame
                .parts
                .iter()
                .map(|part| part.coordinates.as_ref().map(rewritten))
                .collect::<Option<_>>()
                .filter(|all: &Vec<_>| !all.is_empty()),
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
