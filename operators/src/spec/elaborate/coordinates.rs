//! The coordinates of a file.

use hashbrown::HashSet;

use super::scope::Role;
use super::{Elaborator, Value};
use crate::diagnostic::{Code, Diagnostic, MOST_MISTAKES, Span};
use crate::document::decode::{Name, Spanned, Tried};
use crate::spec::file::{CoordinatesFile, OneOrMany, SpaceFile, SplitCoordinates};
use crate::spec::{Coordinates, Options, limits};

/// The name that means time in a plain list of coordinates.
const TIME: &str = "t";

/// The coordinates that a file declares.
pub(super) fn coordinates(
    file: &CoordinatesFile,
    options: &Options<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Coordinates> {
    match file {
        CoordinatesFile::List(list) => {
            let names: Vec<String> = list.value.iter().map(|name| name.text.clone()).collect();
            let time = names.iter().position(|name| name == TIME).and_then(|index| u32::try_from(index).ok());
            let coordinates = Coordinates::new(names, time);
            fits(coordinates.space().len(), list.span, options, diagnostics)?;
            not_empty(coordinates, list.span, diagnostics)
        }
        CoordinatesFile::Split(split) => {
            let mut names = space(&split.space, options, diagnostics)?;
            let index = split.time.as_ref().map(|time| {
                let is_first = time.span.start < split.space.span.start;
                let index = if is_first { 0 } else { names.len() };
                names.insert(index, time.text.clone());
                index
            });
            let time = index.and_then(|index| u32::try_from(index).ok());
            not_empty(Coordinates::new(names, time), split.space.span, diagnostics)
        }
    }
}

fn not_empty(coordinates: Coordinates, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Coordinates> {
    if coordinates.is_empty() {
        diagnostics.push(Diagnostic::new(Code::InvalidValue, span, "there are no coordinates"));
        return None;
    }
    Some(coordinates)
}

fn space(
    file: &Spanned<SpaceFile>,
    options: &Options<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<String>> {
    match &file.value {
        SpaceFile::Names(names) => {
            fits(names.len(), file.span, options, diagnostics)?;
            Some(names.iter().map(|name| name.text.clone()).collect())
        }
        SpaceFile::Counted(families) => {
            let mut names = Vec::new();
            let is_only = families.entries.len() == 1;
            for (family, count) in &families.entries {
                let count = count.as_ref()?;
                let count = options.dimension.filter(|_| is_only).unwrap_or(count.value);
                if count == 0 || count > limits::COORDINATES - names.len() as u64 {
                    let message =
                        format!("there can be 1 to {} coordinates, not {count}", limits::COORDINATES);
                    let code = if count == 0 { Code::InvalidValue } else { Code::TooLarge };
                    diagnostics.push(Diagnostic::new(code, family.span.to(file.span), message));
                    return None;
                }
                names.extend((1..=count).map(|index| format!("{}{index}", family.text)));
            }
            fits(names.len(), file.span, options, diagnostics)?;
            Some(names)
        }
    }
}

/// Whether as many coordinates of space are declared as are asked for.
fn fits(count: usize, span: Span, options: &Options<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<()> {
    let Some(dimension) = options.dimension.filter(|&dimension| dimension != count as u64) else {
        return Some(());
    };
    let message = format!("{dimension} coordinates of space are asked for, but the file names {count}");
    let help = "a number of coordinates can be chosen where the file counts them: `{space: {x: 3}}`";
    diagnostics.push(Diagnostic::new(Code::StatedCountDiffers, span, message).help(help));
    None
}

impl Elaborator<'_> {
    /// Declares the vectors of counted coordinates, and reports coordinates that are declared twice.
    pub(super) fn declare_coordinates(&mut self, file: &CoordinatesFile) {
        self.declare_families(file);
        if self.scope.coordinates.len() == self.coordinates.len() {
            return;
        }
        let mut seen = HashSet::new();
        for name in written_names(file) {
            if !seen.insert(&name.text) && self.diagnostics.len() < MOST_MISTAKES {
                let message = format!("`{}` is a coordinate twice", name.text);
                self.report(Code::NameClash, name.span, message);
            }
        }
        if self.diagnostics.is_empty() {
            let span = match file {
                CoordinatesFile::List(list) => list.span,
                CoordinatesFile::Split(split) => split.space.span,
            };
            self.report(Code::NameClash, span, "two coordinates have one name");
        }
    }

    fn declare_families(&mut self, file: &CoordinatesFile) {
        let CoordinatesFile::Split(SplitCoordinates { space, .. }) = file else { return };
        let SpaceFile::Counted(families) = &space.value else { return };
        let mut rest = self.coordinates.space();
        for (family, _) in &families.entries {
            let numbered = |index: usize| format!("{}{index}", family.text);
            let count =
                (1..).zip(rest).take_while(|(i, c)| self.coordinates.name(**c) == numbered(*i)).count();
            if let (Some(&first), Ok(length)) = (rest.first(), u32::try_from(count)) {
                self.scope.families.insert(family.text.clone(), (first, length));
            }
            rest = &rest[count..];
        }
    }

    /// Declares the fields; without any, the one field `u`.
    pub(super) fn declare_fields(&mut self, fields: Option<&Tried<OneOrMany<Name>>>) -> Option<Vec<String>> {
        let Some(fields) = fields else {
            let value = self.field(0);
            if self.scope.role("u").is_some() {
                let message = "`u` is a coordinate, and also the field where no `fields` are given";
                self.report(Code::NameClash, Span::at(0), message).help =
                    Some("name the network's outputs: `fields: [v]`".to_owned());
            } else {
                self.scope.insert("u", Role::Field, value);
            }
            return None;
        };
        let names = &fields.0.as_ref()?.0;
        for (index, name) in (0..).zip(names) {
            let value = self.field(index);
            self.declare(&name.text, name.span, Role::Field, value);
        }
        Some(names.iter().map(|name| name.text.clone()).collect())
    }

    fn field(&mut self, index: u32) -> Option<Value> {
        use jetc_combinatorics::Polynomial;
        use num_traits::One;
        let node = self.graph.linear(index, Polynomial::constant(One::one()));
        self.check(node, Span::at(0)).ok().map(Value::scalar)
    }
}

fn written_names(file: &CoordinatesFile) -> Vec<&Name> {
    match file {
        CoordinatesFile::List(list) => list.value.iter().collect(),
        CoordinatesFile::Split(SplitCoordinates { space, time }) => {
            let space: Vec<&Name> = match &space.value {
                SpaceFile::Names(names) => names.iter().collect(),
                SpaceFile::Counted(_) => Vec::new(),
            };
            space.into_iter().chain(time).collect()
        }
    }
}
