//! Sets of directions.

use jetc_combinatorics::Rational;
use num_traits::One;

use super::{Checked, Elaborator, Reported};
use crate::Direction;
use crate::counted;
use crate::diagnostic::{Code, Span};
use crate::document::decode::{Name, Spanned, Text};
use crate::spec::file::{DirectionSet, RandomSet, Rows, StandardSet};
use crate::spec::{limits, random};

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

impl Elaborator<'_> {
    /// The directions of a set of this name.
    pub(super) fn direction_set(&mut self, set: &DirectionSet, name: &Name) -> Checked<Directions> {
        let span = name.span;
        if self.coordinates.space().is_empty() && (set.set.is_some() || set.random.is_some()) {
            let message = "there are no coordinates of space for these directions";
            self.report(Code::InvalidValue, span, message).help = Some("give them as `rows`".to_owned());
            return Err(Reported);
        }
        let directions = match (&set.set, &set.rows, &set.file, &set.random) {
            (Some(Spanned { value: StandardSet::Standard, .. }), None, None, None) => self.standard(),
            (None, Some(rows), None, None) => self.rows(rows, &name.text)?,
            (None, None, Some(file), None) => {
                let transpose = set.transpose.as_ref().is_some_and(|transpose| transpose.value);
                self.file(file, transpose, &name.text)?
            }
            (None, None, None, Some(random)) => self.random(random, set, name)?,
            _ => {
                let message =
                    "a set of directions is given by exactly one of `set`, `rows`, `file` and `random`";
                self.report(Code::WrongKind, span, message).help =
                    Some("for example `{set: standard}` or `{rows: [[1, 0], [1, 1]]}`".to_owned());
                return Err(Reported);
            }
        };
        if set.file.is_none() {
            self.refuse(set.transpose.as_ref(), "`transpose` belongs to a `file`");
        }
        if set.random.is_none() {
            self.refuse(set.seed.as_ref(), "`seed` belongs to `random` directions");
        }
        let directions = self.weighted(directions, set.weights.as_ref())?;
        if let Some(stated) = set.count.as_ref().filter(|stated| stated.value != directions.0.len() as u64) {
            let message = format!(
                "R is {}, but the set has {}",
                stated.value,
                counted(directions.0.len(), "direction")
            );
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

    fn file(&mut self, file: &Spanned<String>, transpose: bool, name: &str) -> Checked<Directions> {
        let matrix = self.matrix_file(file, transpose)?;
        let places = self.places(matrix[0].len(), file.span)?;
        let row = |(index, entries): (usize, Vec<f64>)| {
            let direction = Direction::doubles(places.iter().copied().zip(entries));
            self.weighted_direction(direction, Rational::one(), (name, index))
        };
        Ok(Directions(matrix.into_iter().enumerate().map(row).collect()))
    }

    /// A direction as a variable; where it is a new one, it is called after its set and its place there.
    fn weighted_direction(
        &mut self,
        direction: Direction,
        weight: Rational,
        (set, index): (&str, usize),
    ) -> WeightedDirection {
        let name = || format!("{set}[{}]", index + 1);
        WeightedDirection { direction: self.graph.directions.variable(direction, name), weight }
    }

    fn random(
        &mut self,
        random: &Spanned<RandomSet>,
        set: &DirectionSet,
        name: &Name,
    ) -> Checked<Directions> {
        let Some(count) = &set.count else {
            let message = "random directions need their number `R`";
            self.report(Code::MissingKey, name.span, message).help = Some("add `R: 10`".to_owned());
            return Err(Reported);
        };
        let space = self.coordinates.space().to_vec();
        let most = match random.value {
            RandomSet::Sparse => space.len() as u64,
            _ => limits::RANDOM_ENTRIES / space.len().max(1) as u64,
        };
        if !(1..=most).contains(&count.value) {
            let message =
                format!("R must be from 1 to {most} for these directions in {} dimensions", space.len());
            self.report(Code::TooLarge, count.span, message);
            return Err(Reported);
        }
        let seed = set.seed.as_ref().map_or(0, |seed| seed.value);
        let directions = random::directions(random.value, &space, count.value, seed);
        let weighted =
            |(index, (direction, weight))| self.weighted_direction(direction, weight, (&name.text, index));
        Ok(Directions(directions.into_iter().enumerate().map(weighted).collect()))
    }

    fn rows(&mut self, rows: &Rows, name: &str) -> Checked<Directions> {
        if rows.value.len() as u64 > limits::DIRECTIONS {
            let message =
                format!("there are {} directions; the limit is {}", rows.value.len(), limits::DIRECTIONS);
            self.report(Code::TooLarge, Span::at(rows.span.start), message);
            return Err(Reported);
        }
        let directions: Vec<Checked<WeightedDirection>> =
            rows.value.iter().enumerate().map(|(index, row)| self.row(row, (name, index))).collect();
        directions.into_iter().collect::<Checked<Vec<_>>>().map(Directions)
    }

    fn row(&mut self, row: &Spanned<Vec<Text>>, name: (&str, usize)) -> Checked<WeightedDirection> {
        let places = self.places(row.value.len(), row.span)?;
        let entries: Vec<Checked<Rational>> = row.value.iter().map(|entry| self.number(entry)).collect();
        let entries = entries.into_iter().collect::<Checked<Vec<_>>>()?;
        let direction = Direction::exact(places.into_iter().zip(entries));
        Ok(self.weighted_direction(direction, Rational::one(), name))
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
        self.report(
            Code::ShapeMismatch,
            span,
            format!("this row has {}, not {expected}", counted(length, "entry")),
        )
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
            let message = format!(
                "{} for {}",
                counted(weights.value.len(), "weight"),
                counted(directions.0.len(), "direction")
            );
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
