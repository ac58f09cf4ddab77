//! Derivatives written as subscripts: `u_xxy`, `u_x1x2`, `u_x1_x2`.

use jetc_combinatorics::{MultiIndex, Polynomial};
use num_traits::One;

use super::scope::{Definition, Role, Scope};
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Span, did_you_mean};
use crate::spec::Coordinates;

/// What a subscript can mean.
enum Reading {
    /// A derivative.
    Derivative(MultiIndex),
    /// Two different derivatives.
    Ambiguous(MultiIndex, MultiIndex),
    /// Nothing: no coordinate begins at this byte.
    Stuck(usize),
}

/// Reads a subscript as a sequence of coordinates; underscores may separate them.
fn read(subscript: &str, scope: &Scope) -> Reading {
    let length = subscript.len();
    let mut reached = vec![false; length + 1];
    reached[0] = true;
    let mut farthest = 0;
    for start in 0..length {
        if reached[start] {
            farthest = start;
            for (end, _) in steps(subscript, start, scope) {
                reached[end] = true;
            }
        }
    }
    if !reached[length] {
        return Reading::Stuck(farthest);
    }
    // Up to two readings of what begins at each byte; more would say nothing new.
    let mut readings: Vec<Vec<MultiIndex>> = vec![Vec::new(); length + 1];
    readings[length].push(MultiIndex::one());
    for start in (0..length).rev().filter(|&start| reached[start]) {
        let mut found: Vec<MultiIndex> = Vec::new();
        for (end, coordinate) in steps(subscript, start, scope) {
            for rest in &readings[end] {
                let reading = match coordinate {
                    Some(coordinate) => rest * &MultiIndex::variable(coordinate),
                    None => rest.clone(),
                };
                if found.len() < 2 && !found.contains(&reading) {
                    found.push(reading);
                }
            }
        }
        readings[start] = found;
    }
    let mut whole = std::mem::take(&mut readings[0]).into_iter();
    match (whole.next(), whole.next()) {
        (Some(one), None) => Reading::Derivative(one),
        (Some(one), Some(other)) => Reading::Ambiguous(one, other),
        (None, _) => Reading::Stuck(farthest),
    }
}

/// The coordinates that can begin at a byte, the longest first, and where they end.
fn steps(subscript: &str, start: usize, scope: &Scope) -> Vec<(usize, Option<u32>)> {
    let longest = scope.longest_coordinate.min(subscript.len() - start);
    let coordinate = |length: usize| {
        let name = subscript.get(start..start + length)?;
        scope.coordinates.get(name).map(|&index| (start + length, Some(index)))
    };
    let mut steps: Vec<_> = (1..=longest).rev().filter_map(coordinate).collect();
    if subscript.as_bytes()[start] == b'_' {
        steps.push((start + 1, None));
    }
    steps
}

impl Elaborator<'_> {
    /// The derivative `name`, whose part before `split` is `definition`.
    pub(super) fn subscripted(
        &mut self,
        name: &str,
        split: usize,
        span: Span,
        definition: &Definition,
    ) -> Checked<Value> {
        let (stem, subscript) = (&name[..split], &name[split + 1..]);
        if matches!(definition.role, Role::Parameter | Role::Unknown | Role::Directions) {
            let message = format!("`{stem}` is {}; it has no derivatives", definition.role.with_article());
            self.report(Code::UnknownName, span, message);
            return Err(Reported);
        }
        match read(subscript, &self.scope) {
            Reading::Derivative(order) if order.degree() > 0 => {
                let value = definition.value.clone().ok_or(Reported)?;
                self.apply(&Polynomial::term(order, One::one()), &value, span)
            }
            Reading::Ambiguous(one, other) => {
                let (one, other) = (self.written(stem, &one), self.written(stem, &other));
                let message = format!("`{name}` can be read as {one} and as {other}");
                self.report(Code::AmbiguousSubscript, span, message).help = Some(format!("write `'{one}'`"));
                Err(Reported)
            }
            Reading::Derivative(_) => Err(self.stuck(name, split, 0, span)),
            Reading::Stuck(at) => Err(self.stuck(name, split, at, span)),
        }
    }

    fn stuck(&mut self, name: &str, split: usize, at: usize, span: Span) -> Reported {
        let rest = &name[split + 1 + at..];
        let letter: String = rest.chars().take(1).collect();
        let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
        let unknown = letter + &digits;
        let message = if unknown.is_empty() {
            format!("`{name}` has an empty subscript")
        } else {
            format!("`{unknown}` is not a coordinate; {}", list(&self.coordinates))
        };
        // Names are written without breaks, so offsets in the name are offsets in the file, unless there are escapes.
        let start = span.start + split + 1 + at;
        let is_escaped = span.end - span.start != name.len();
        let place = if is_escaped { span } else { Span::new(start, start + unknown.len()) };
        let help = did_you_mean(name, self.scope.names());
        self.report(Code::UnknownCoordinate, place, message).help = help;
        Reported
    }

    /// A derivative in the notation that is never ambiguous.
    fn written(&self, stem: &str, order: &MultiIndex) -> String {
        format!("d({stem}, {})", self.counts(order))
    }

    fn counts(&self, order: &MultiIndex) -> String {
        let count = |(coordinate, times)| format!("{}: {times}", self.coordinates.name(coordinate));
        order.pairs().map(count).collect::<Vec<_>>().join(", ")
    }

    /// A subscript as arguments of `d`, `x: 2, y: 1` for `xxy`.
    pub(super) fn counted(&self, subscript: &str) -> Option<String> {
        match read(subscript, &self.scope) {
            Reading::Derivative(order) if order.degree() > 0 => Some(self.counts(&order)),
            _ => None,
        }
    }
}

/// "coordinates are x, y, t".
pub(super) fn list(coordinates: &Coordinates) -> String {
    let names = coordinates.names();
    match names {
        [only] => format!("the only coordinate is {only}"),
        _ if names.len() <= 8 => format!("coordinates are {}", names.join(", ")),
        _ => format!("coordinates are {}, {}, … {}", names[0], names[1], names[names.len() - 1]),
    }
}
