//! Directions of derivatives as variables of symbols.

use hashbrown::HashMap;
use jetc_combinatorics::{Rational, SparseVector};
use num_traits::{One, Zero};

use crate::Direction;
use crate::spec::Variables;
use crate::spec::direction::signed_power;

/// Directions whose largest entry is between these powers of two stay as they are given.
const ABOUT_ONE: std::ops::RangeInclusive<i32> = -2..=3;

/// Directions as variables of symbols: unit vectors are the coordinates, others are numbered behind them.
#[derive(Debug)]
pub(crate) struct DirectionTable {
    variables: Variables,
    known: HashMap<Direction, u32>,
    /// By direction of fractions with 1 as its first entry: the variable and the first entry of its vector.
    multiples: HashMap<SparseVector<u32>, (u32, Rational)>,
}

impl DirectionTable {
    pub(crate) fn new(coordinates: usize) -> Self {
        Self { variables: Variables::new(coordinates), known: HashMap::new(), multiples: HashMap::new() }
    }

    /// All variables.
    pub(crate) fn into_variables(self) -> Variables {
        self.variables
    }

    /// The derivative of a coordinate along the direction of a variable.
    pub(super) fn entry(&self, variable: u32, coordinate: u32) -> Rational {
        match self.variables.named(variable) {
            None if variable == coordinate => Rational::one(),
            None => Rational::zero(),
            Some(named) => named.direction.as_ref().map(|v| v.entry(coordinate)).unwrap_or_default(),
        }
    }

    /// The variable of a direction, and the factor by which the direction is its multiple; `None` for the zero vector.
    ///
    /// Multiples of unit vectors are coordinates, multiples of a known direction of fractions are that direction. A new
    /// direction is scaled by a power of two where its entries are far from one: so interpolation mixes directions of
    /// one size, and powers of directions stay within the range of doubles.
    pub(crate) fn variable(
        &mut self,
        direction: Direction,
        name: impl FnOnce() -> String,
    ) -> Option<(u32, Rational)> {
        let exponent = direction.exponent()?;
        if direction.len() == 1 {
            let (coordinate, entry) = direction.iter().next()?;
            return Some((coordinate, entry.to_rational()));
        }
        let negate = direction.starts_negative();
        let exponent = if ABOUT_ONE.contains(&exponent) { 0 } else { exponent };
        let factor = signed_power(negate, exponent);
        let scaled =
            if negate || exponent != 0 { direction.times_power(negate, -exponent) } else { direction };
        if let Some(vector) = scaled.as_exact() {
            let first = vector.iter().next()?.1.clone();
            let multiple = vector.scale(&first.recip());
            if let Some((variable, other)) = self.multiples.get(&multiple) {
                return Some((*variable, factor * first / other));
            }
            let variable = self.variables.push(name(), Some(scaled));
            self.multiples.insert(multiple, (variable, first));
            return Some((variable, factor));
        }
        if let Some(&known) = self.known.get(&scaled) {
            return Some((known, factor));
        }
        let variable = self.variables.push(name(), Some(scaled.clone()));
        self.known.insert(scaled, variable);
        Some((variable, factor))
    }
}
