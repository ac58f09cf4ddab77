//! What names mean.

use hashbrown::HashMap;

use super::coordinates::Places;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::spec::{Coordinates, Irrational};

/// What a name was declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Coordinate,
    Coordinates,
    Field,
    Vector,
    Parameter,
    Unknown,
    Coefficient,
    Matrix,
    Directions,
}

impl Role {
    pub(super) fn with_article(self) -> &'static str {
        match self {
            Self::Coordinate => "a coordinate",
            Self::Coordinates => "the vector of the counted coordinates",
            Self::Field => "a field",
            Self::Vector => "a vector",
            Self::Parameter => "a parameter",
            Self::Unknown => "an unknown",
            Self::Coefficient => "a coefficient",
            Self::Matrix => "a matrix",
            Self::Directions => "a set of directions",
        }
    }
}

/// Letters that keyboards and fonts exchange: the micro sign, and variants of Greek letters.
const LOOKALIKES: [(char, char); 5] = [('\u{b5}', 'μ'), ('ϕ', 'φ'), ('ϵ', 'ε'), ('ϑ', 'θ'), ('ϱ', 'ρ')];

/// A name and its meaning.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) role: Role,
    /// `None`: it was wrong, and has been reported. Sets of directions have no value of their own.
    pub(super) value: Option<Value>,
    /// Where it is declared, unless it is the field `u` of a file without `fields`.
    place: Option<Span>,
}

/// The names of a file.
pub(super) struct Scope {
    definitions: HashMap<String, Definition>,
    /// Names in the order of declaration, for advice.
    order: Vec<String>,
    pub(super) coordinates: HashMap<String, u32>,
    pub(super) longest_coordinate: usize,
    /// Where coordinates are declared, and which of them are counted.
    places: Places,
}

impl Scope {
    pub(super) fn new(coordinates: &Coordinates, places: Places) -> Self {
        let names = coordinates.names();
        Self {
            definitions: HashMap::new(),
            order: Vec::new(),
            coordinates: names.iter().cloned().zip(0..).collect(),
            longest_coordinate: names.iter().map(String::len).max().unwrap_or(0),
            places,
        }
    }

    /// Where a name is declared.
    pub(super) fn place(&self, name: &str) -> Option<Span> {
        let family = || self.places.families.get(name).map(|family| family.0);
        let coordinate = || self.coordinates.get(name).copied().or_else(family);
        match self.get(name) {
            Some(definition) => definition.place,
            None => self.places.of(coordinate()?),
        }
    }

    /// Where a coordinate is declared.
    pub(super) fn coordinate_place(&self, index: u32) -> Option<Span> {
        self.places.of(index)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        self.definitions.get(name)
    }

    /// What a name was declared as, coordinates included.
    pub(super) fn role(&self, name: &str) -> Option<Role> {
        let coordinate = || self.coordinates.contains_key(name).then_some(Role::Coordinate);
        let family = || self.places.families.contains_key(name).then_some(Role::Coordinates);
        self.get(name).map(|definition| definition.role).or_else(coordinate).or_else(family)
    }

    pub(super) fn insert(&mut self, name: &str, place: Option<Span>, role: Role, value: Option<Value>) {
        if self.definitions.insert(name.to_owned(), Definition { role, value, place }).is_none() {
            self.order.push(name.to_owned());
        }
    }

    /// All names but those of a great many coordinates.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }
}

impl Elaborator<'_> {
    /// Declares a name, unless it means something already, which is reported.
    pub(super) fn declare(&mut self, name: &str, span: Span, role: Role, value: Option<Value>) {
        if let Some(other) = self.scope.role(name) {
            let message = format!("`{name}` is {} already", other.with_article());
            let help = "every coordinate, field, vector, parameter, unknown, coefficient, matrix and set of directions needs its own name";
            let other = self.scope.place(name);
            self.diagnostics.push(
                Diagnostic::new(Code::NameClash, span, message)
                    .help(help)
                    .related(other, "here it is declared"),
            );
        } else {
            self.scope.insert(name, Some(span), role, value);
        }
    }

    /// The value of a name in an expression: something declared, a derivative `u_xy`, or a constant.
    pub(super) fn name(&mut self, name: &str, span: Span) -> Checked<Value> {
        if let Some(definition) = self.scope.get(name) {
            if definition.role == Role::Directions {
                return Err(self.stray_directions(name, span));
            }
            let value = definition.value.as_ref().ok_or(Reported)?;
            // Copies of long vectors are work, too.
            let charged = self.graph.charge(value.items.len());
            let value = value.clone();
            return self.check(charged, span).map(|()| value);
        }
        if let Some(&index) = self.scope.coordinates.get(name) {
            let node = self.graph.coordinate(index);
            return self.check(node, span).map(Value::scalar);
        }
        if let Some((first, count)) = self.scope.places.families.get(name).copied() {
            return self.family(first, count, span);
        }
        for (split, _) in name.rmatch_indices('_') {
            if let Some(definition) = self.scope.get(&name[..split]).cloned() {
                return self.subscripted(name, split, span, &definition);
            }
        }
        let irrational = match name {
            "pi" => Irrational::Pi,
            "e" => Irrational::E,
            _ => return Err(self.unknown_name(name, span)),
        };
        let node = self.graph.irrational(irrational);
        self.check(node, span).map(Value::scalar)
    }

    /// The vector of the coordinates that a file counts, `x` for x1, x2 ….
    fn family(&mut self, first: u32, count: u32, span: Span) -> Checked<Value> {
        let charged = self.graph.charge(count as usize);
        self.check(charged, span)?;
        let mut items = Vec::new();
        for index in first..first + count {
            let node = self.graph.coordinate(index);
            items.push(self.check(node, span)?);
        }
        Ok(Value::vector(items))
    }

    /// Reports a set of directions where a value is needed.
    fn stray_directions(&mut self, name: &str, span: Span) -> Reported {
        let message = format!("`{name}` is a set of directions, which has no value by itself");
        self.report(Code::ShapeMismatch, span, message).help = Some(format!(
            "`hess(u, {name})` is the sum of second derivatives along it; other orders are written with `sum` and \
             `derivative`"
        ));
        Reported
    }

    /// What is meant by names that mathematics has and operator files write otherwise.
    fn notation(&self, name: &str) -> Option<String> {
        if let Some(field) = name.strip_prefix('Δ').filter(|field| self.scope.role(field).is_some()) {
            return Some(format!("the Laplacian of {field} is `lap({field})`"));
        }
        if name.strip_prefix('d').is_some_and(|rest| self.scope.role(rest).is_some()) {
            return Some("derivatives are `u_x`, `u_xy` or `d(u, x: 2)`".to_owned());
        }
        let twin = LOOKALIKES.iter().find_map(|&(a, b)| {
            let other = if name.contains(a) {
                name.replace(a, &b.to_string())
            } else {
                name.replace(b, &a.to_string())
            };
            (other != name && self.scope.role(&other).is_some()).then_some(other)
        });
        if let Some(twin) = twin {
            return Some(format!("`{twin}` is declared, with another letter that looks alike"));
        }
        match name {
            "π" => Some("the constant is `pi`".to_owned()),
            "i" | "j" | "I" => Some(
                "numbers are real: a complex field is two fields, its real and its imaginary part; with `fields: [re, \
                 im]` the equation i ψ_t = -lap(ψ) is `re_t = -lap(im)` and `im_t = lap(re)`"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    fn unknown_name(&mut self, name: &str, span: Span) -> Reported {
        let stem = name.split('_').next().unwrap_or(name);
        let coordinates = || self.coordinates.names().iter().take(100).map(String::as_str);
        let known = || self.scope.names().chain(coordinates());
        let guess = if stem == name || stem.is_empty() {
            did_you_mean(name, known())
        } else {
            did_you_mean(name, known()).or_else(|| did_you_mean(stem, known()))
        };
        let help = self.notation(stem).or(guess);
        let all = || {
            let names: Vec<&str> = self.scope.names().take(12).collect();
            if names.is_empty() { None } else { Some(format!("declared are {}", names.join(", "))) }
        };
        let help = help.or_else(all);
        let what = if stem == name || stem.is_empty() { name } else { stem };
        let message = if what == name {
            format!("`{name}` is not declared")
        } else {
            format!("`{name}` is not declared, and there is no field `{what}` to derive")
        };
        self.report(Code::UnknownName, span, message).help = help;
        Reported
    }
}
