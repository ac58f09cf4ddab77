//! Directions of derivatives as variables of symbols.

use hashbrown::HashMap;
use jetc_combinatorics::Rational;
use num_traits::{One, Signed, Zero};

use crate::Direction;

/// Directions as variables of symbols: unit vectors are the coordinates, others are numbered behind them.
#[derive(Debug)]
pub(crate) struct DirectionTable {
    coordinates: u32,
    directions: Vec<Direction>,
    variables: HashMap<Direction, u32>,
}

impl DirectionTable {
    pub(crate) fn new(coordinates: usize) -> Self {
        let coordinates =
            u32::try_from(coordinates).expect("limits keep the number of coordinates below 2³²");
        Self { coordinates, directions: Vec::new(), variables: HashMap::new() }
    }

    /// The derivative of a coordinate along the direction of a variable.
    pub(super) fn entry(&self, variable: u32, coordinate: u32) -> Rational {
        match variable.checked_sub(self.coordinates) {
            None if variable == coordinate => Rational::one(),
            None => Rational::zero(),
            Some(index) => self.directions[index as usize].get(&coordinate).cloned().unwrap_or_default(),
        }
    }

    /// The direction of a variable.
    pub(crate) fn direction(&self, variable: u32) -> Direction {
        match variable.checked_sub(self.coordinates) {
            None => Direction::unit(variable),
            Some(index) => self.directions[index as usize].clone(),
        }
    }

    /// The variable of a direction, and the factor by which the direction is its multiple. Multiples of unit vectors
    /// are unit vectors with a factor; of opposite directions, the one with a positive first entry counts. `None`: the
    /// direction is zero.
    pub(crate) fn variable(&mut self, direction: Direction) -> Option<(u32, Rational)> {
        let (&first, entry) = direction.iter().next()?;
        if direction.len() == 1 {
            return Some((first, entry.clone()));
        }
        let is_negative = entry.is_negative();
        let sign = if is_negative { -Rational::one() } else { Rational::one() };
        let upright = if is_negative { direction.scale(&sign) } else { direction };
        if let Some(&known) = self.variables.get(&upright) {
            return Some((known, sign));
        }
        let next = u32::try_from(self.directions.len()).ok()?.checked_add(self.coordinates)?;
        self.directions.push(upright.clone());
        self.variables.insert(upright, next);
        Some((next, sign))
    }
}
