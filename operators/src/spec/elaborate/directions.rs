//! Sets of directions.

use hashbrown::HashMap;
use jetc_combinatorics::Rational;
use num_traits::{One, Signed};

use super::{Checked, Elaborator, Reported};
use crate::diagnostic::{Code, Span};
use crate::document::decode::{Named, Spanned, Text};
use crate::spec::file::{DirectionSet, StandardSet};
use crate::spec::{Direction, limits};

/// Directions as variables of symbols: unit vectors are the coordinates, others are numbered behind them.
#[derive(Debug)]
pub(super) struct DirectionTable {
    coordinates: u32,
    directions: Vec<Direction>,
    variables: HashMap<Direction, u32>,
}

impl DirectionTable {
    pub(super) fn new(coordinates: usize) -> Self {
        let coordinates =
            u32::try_from(coordinates).expect("limits keep the number of coordinates below 2³²");
        Self { coordinates, directions: Vec::new(), variables: HashMap::new() }
    }

    /// The direction of a variable.
    pub(super) fn direction(&self, variable: u32) -> Direction {
        match variable.checked_sub(self.coordinates) {
            None => Direction::unit(variable),
            Some(index) => self.directions[index as usize].clone(),
        }
    }

    /// The variable of a direction, and the factor by which the direction is its multiple. Multiples of unit vectors
    /// are unit vectors with a factor; of opposite directions, the one with a positive first entry counts. `None`: the
    /// direction is zero.
    fn variable(&mut self, direction: Direction) -> Option<(u32, Rational)> {
        match direction.entries() {
            [] => return None,
            [(coordinate, entry)] => return Some((*coordinate, entry.clone())),
            _ => {}
        }
        let is_negative = direction.entries()[0].1.is_negative();
        let sign = if is_negative { -Rational::one() } else { Rational::one() };
        let upright = if is_negative {
            Direction::from_entries(direction.entries().iter().map(|(i, entry)| (*i, -entry)))
        } else {
            direction
        };
        if let Some(&known) = self.variables.get(&upright) {
            return Some((known, sign));
        }
        let next = u32::try_from(self.directions.len()).ok()?.checked_add(self.coordinates)?;
        self.directions.push(upright.clone());
        self.variables.insert(upright, next);
        Some((next, sign))
    }
}

/// A set of directions.
#[derive(Clone, Debug)]
pub(super) struct Directions(pub(super) Vec<WeightedDirection>);

/// weight · (factor · direction).
#[derive(Clone, Debug)]
pub(super) struct WeightedDirection {
    /// The variable of the direction and the factor; `None` for the zero vector.
    pub(super) direction: Option<(u32, Rational)>,
    /// The factor of every summand in which the direction stands.
    pub(super) weight: Rational,
}

impl Elaborator {
    /// Declares the sets of directions of a file.
    pub(super) fn declare_directions(&mut self, sets: &Named<DirectionSet>) {
        self.check_count(sets);
        for (name, set) in &sets.entries {
            let directions = set.as_ref().and_then(|set| self.direction_set(set, name.span).ok());
            self.directions.insert(name.text.clone(), directions);
        }
    }

    fn direction_set(&mut self, set: &DirectionSet, span: Span) -> Checked<Directions> {
        let directions = match (&set.set, &set.rows) {
            (Some(Spanned { value: StandardSet::Standard, .. }), None) => self.standard(),
            (None, Some(rows)) => self.rows(rows)?,
            _ => {
                let message = "a set of directions is given by exactly one of `set` and `rows`";
                self.report(Code::WrongKind, span, message).help =
                    Some("for example `{set: standard}` or `{rows: [[1, 0], [1, 1]]}`".to_owned());
                return Err(Reported);
            }
        };
        let directions = self.weighted(directions, set.weights.as_ref())?;
        if let Some(stated) = set.count.as_ref().filter(|stated| stated.value != directions.0.len() as u64) {
            let message = format!("R is {}, but there are {} directions", stated.value, directions.0.len());
            self.report(Code::StatedCountDiffers, stated.span, message);
            return Err(Reported);
        }
        Ok(directions)
    }

    fn standard(&self) -> Directions {
        let unit = |&coordinate: &u32| WeightedDirection {
            direction: Some((coordinate, Rational::one())),
            weight: Rational::one(),
        };
        Directions(self.coordinates.space().iter().map(unit).collect())
    }

    fn rows(&mut self, rows: &Spanned<Vec<Spanned<Vec<Text>>>>) -> Checked<Directions> {
        if rows.value.len() as u64 > limits::DIRECTIONS {
            let message =
                format!("there are {} directions; the limit is {}", rows.value.len(), limits::DIRECTIONS);
            self.report(Code::TooLarge, Span::at(rows.span.start), message);
            return Err(Reported);
        }
        let directions: Vec<Checked<WeightedDirection>> =
            rows.value.iter().map(|row| self.row(row)).collect();
        directions.into_iter().collect::<Checked<Vec<_>>>().map(Directions)
    }

    fn row(&mut self, row: &Spanned<Vec<Text>>) -> Checked<WeightedDirection> {
        let places = self.places(row.value.len(), row.span)?;
        let entries: Vec<Checked<Rational>> = row.value.iter().map(|entry| self.number(entry)).collect();
        let entries = entries.into_iter().collect::<Checked<Vec<_>>>()?;
        let direction = Direction::from_entries(places.into_iter().zip(entries));
        Ok(WeightedDirection { direction: self.table.variable(direction), weight: Rational::one() })
    }

    /// The coordinates that the entries of a row belong to: all of them, or those of space.
    fn places(&mut self, length: usize, span: Span) -> Checked<Vec<u32>> {
        let (all, space) = (self.coordinates.len(), self.coordinates.space());
        if length == space.len() {
            return Ok(space.to_vec());
        }
        if length == all {
            return Ok((0..).take(all).collect());
        }
        let expected = if all == space.len() {
            all.to_string()
        } else {
            format!("{all} or, for space alone, {}", space.len())
        };
        self.report(Code::ShapeMismatch, span, format!("this row has {length} entries, not {expected}"))
            .help = Some(super::subscript::list(&self.coordinates));
        Err(Reported)
    }

    fn weighted(
        &mut self,
        directions: Directions,
        weights: Option<&Spanned<Vec<Text>>>,
    ) -> Checked<Directions> {
        let Some(weights) = weights else { return Ok(directions) };
        if weights.value.len() != directions.0.len() {
            let message =
                format!("there are {} weights for {} directions", weights.value.len(), directions.0.len());
            self.report(Code::ShapeMismatch, weights.span, message);
            return Err(Reported);
        }
        let weighted: Vec<Checked<WeightedDirection>> = directions
            .0
            .into_iter()
            .zip(&weights.value)
            .map(|(direction, weight)| {
                let weight = direction.weight * self.number(weight)?;
                Ok(WeightedDirection { weight, direction: direction.direction })
            })
            .collect();
        weighted.into_iter().collect::<Checked<Vec<_>>>().map(Directions)
    }
}
