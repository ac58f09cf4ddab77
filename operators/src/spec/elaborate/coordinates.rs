//! The coordinates of a file.

use hashbrown::HashMap;

use super::scope::Role;
use super::{Elaborator, Value};
use crate::diagnostic::{Code, Diagnostic, MOST_MISTAKES, Span};
use crate::document::decode::{Name, Spanned, Tried};
use crate::spec::file::{CoordinateGroup, CoordinateKind, CoordinatesFile, NamesFile};
use crate::spec::{Coordinates, Options, limits};

/// The name that means time in a plain list of coordinates.
const TIME: &str = "t";

/// Where coordinates are declared, and which of them are counted.
#[derive(Default)]
pub(super) struct Places {
    /// The first coordinate of each name or count in the file, and its place; in order.
    firsts: Vec<(u32, Span)>,
    /// Counted coordinates, by the name before the number: the first, and how many.
    pub(super) families: HashMap<String, (u32, u32)>,
}

impl Places {
    /// Where a coordinate is declared.
    pub(super) fn of(&self, index: u32) -> Option<Span> {
        let behind = self.firsts.partition_point(|first| first.0 <= index);
        self.firsts.get(behind.checked_sub(1)?).map(|first| first.1)
    }
}

/// The coordinates that a file declares.
pub(super) fn coordinates(
    file: &CoordinatesFile,
    options: &Options<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Coordinates, Places)> {
    let mut draft = Draft::default();
    let (span, time) = match file {
        CoordinatesFile::List(list) => {
            list.value.iter().for_each(|name| draft.name(name));
            (list.span, draft.names.iter().position(|name| name == TIME))
        }
        CoordinatesFile::Split(groups) => {
            let mut time = None;
            for CoordinateGroup { kind, names } in &groups.value {
                let first = draft.names.len();
                let asked = options.dimension.filter(|_| *kind == CoordinateKind::Space);
                if let Err(mistake) = draft.group(names, asked) {
                    diagnostics.extend(mistake.map(|mistake| *mistake));
                    return None;
                }
                match kind {
                    CoordinateKind::Space => {}
                    CoordinateKind::Time => time = Some(first),
                    CoordinateKind::Parameters => draft.parameters.extend(first..draft.names.len()),
                }
            }
            (groups.span, time)
        }
    };
    let (coordinates, places) = draft.finish(time);
    let mistake = match coordinates.space().len() {
        _ if coordinates.is_empty() => {
            Some(Diagnostic::new(Code::InvalidValue, span, "there are no coordinates"))
        }
        count => options.dimension.and_then(|asked| unfit(count, asked, span)),
    };
    let is_right = mistake.is_none();
    diagnostics.extend(mistake);
    is_right.then_some((coordinates, places))
}

/// Coordinates so far.
#[derive(Default)]
struct Draft {
    names: Vec<String>,
    parameters: Vec<usize>,
    places: Places,
}

impl Draft {
    fn next(&self) -> u32 {
        u32::try_from(self.names.len()).expect("limits keep the number of coordinates below 2³²")
    }

    fn name(&mut self, name: &Name) {
        self.places.firsts.push((self.next(), name.span));
        self.names.push(name.text.clone());
    }

    /// Takes in one group; where it is a single count, `asked` coordinates. A mistake that was reported is an empty error.
    fn group(
        &mut self,
        file: &Spanned<NamesFile>,
        asked: Option<u64>,
    ) -> Result<(), Option<Box<Diagnostic>>> {
        match &file.value {
            NamesFile::Names(names) => names.iter().for_each(|name| self.name(name)),
            NamesFile::Counted(families) => {
                let is_only = families.entries.len() == 1;
                for (family, count) in &families.entries {
                    let written = count.as_ref().ok_or(None)?.value;
                    let count = asked.filter(|_| is_only).unwrap_or(written);
                    self.family(family, count, family.span.to(file.span)).map_err(Some)?;
                }
            }
        }
        Ok(())
    }

    fn family(&mut self, family: &Name, count: u64, span: Span) -> Result<(), Box<Diagnostic>> {
        if count == 0 || count > limits::COORDINATES.saturating_sub(self.names.len() as u64) {
            let message = format!("there can be 1 to {} coordinates, not {count}", limits::COORDINATES);
            let code = if count == 0 { Code::InvalidValue } else { Code::TooLarge };
            return Err(Box::new(Diagnostic::new(code, span, message)));
        }
        let first = self.next();
        self.places.firsts.push((first, family.span));
        self.names.extend((1..=count).map(|index| format!("{}{index}", family.text)));
        let length = self.next() - first;
        self.places.families.entry_ref(&family.text).or_insert((first, length));
        Ok(())
    }

    fn finish(self, time: Option<usize>) -> (Coordinates, Places) {
        let index = |index: usize| u32::try_from(index).expect("an index of a coordinate");
        let parameters = self.parameters.into_iter().map(index).collect();
        (Coordinates::new(self.names, time.map(index)).with_parameters(parameters), self.places)
    }
}

/// The mistake that other than `count` coordinates of space are asked for.
fn unfit(count: usize, asked: u64, span: Span) -> Option<Diagnostic> {
    let message = format!("{asked} coordinates of space are asked for, but the file names {count}");
    let help = "a number of coordinates can be chosen where the file counts them: `{space: {x: 3}}`";
    (asked != count as u64).then(|| Diagnostic::new(Code::StatedCountDiffers, span, message).help(help))
}

impl Elaborator<'_> {
    /// Reports coordinates that are declared twice, each pair of declarations once.
    pub(super) fn check_coordinates(&mut self) {
        if self.scope.coordinates.len() == self.coordinates.len() {
            return;
        }
        let mut first: HashMap<&str, u32> = HashMap::new();
        let mut clashes: Vec<(Option<Span>, Option<Span>, &str)> = Vec::new();
        for (name, index) in self.coordinates.names().iter().zip(0..) {
            let place = self.scope.coordinate_place(index);
            if let Some(other) = first.insert(name, index) {
                let clash = (place, self.scope.coordinate_place(other), name.as_str());
                if clashes.last().is_none_or(|last| (last.0, last.1) != (clash.0, clash.1)) {
                    clashes.push(clash);
                }
            }
        }
        let clashes = clashes.into_iter().take(MOST_MISTAKES).map(|(place, other, name)| {
            Diagnostic::new(
                Code::NameClash,
                place.unwrap_or_default(),
                format!("`{name}` is a coordinate twice"),
            )
            .related(other, "here it is declared first")
        });
        self.diagnostics.extend(clashes.collect::<Vec<_>>());
    }

    /// Declares the fields; without any, the one field `u`.
    pub(super) fn declare_fields(&mut self, fields: Option<&Tried<NamesFile>>) -> Option<Vec<String>> {
        let Some(fields) = fields else {
            let value = self.field(0);
            if self.scope.role("u").is_some() {
                let message = "`u` is a coordinate, and also the field where no `fields` are given";
                let place = self.scope.place("u").unwrap_or_default();
                self.report(Code::NameClash, place, message).help =
                    Some("name the network's outputs: `fields: [v]`".to_owned());
            } else {
                self.scope.insert("u", None, Role::Field, value);
            }
            return None;
        };
        let mut names = Vec::new();
        match fields.0.as_ref()? {
            NamesFile::Names(written) => {
                for name in written {
                    self.declare_field(name.text.clone(), name.span, &mut names);
                }
            }
            NamesFile::Counted(families) => {
                for (family, count) in &families.entries {
                    self.declare_fields_of(family, count.as_ref()?.value, &mut names)?;
                }
            }
        }
        Some(names)
    }

    fn declare_field(&mut self, name: String, span: Span, names: &mut Vec<String>) -> Option<Value> {
        let index = u32::try_from(names.len()).expect("limits keep the number of fields below 2³²");
        let value = self.field(index);
        self.declare(&name, span, Role::Field, value.clone());
        names.push(name);
        value
    }

    /// The fields u1 … u9 of `u: 9`, and `u` as the vector of them.
    fn declare_fields_of(&mut self, family: &Name, count: u64, names: &mut Vec<String>) -> Option<()> {
        if count == 0 || count > (limits::OUTPUTS - names.len()) as u64 {
            let message = format!("there can be 1 to {} fields, not {count}", limits::OUTPUTS);
            let code = if count == 0 { Code::InvalidValue } else { Code::TooLarge };
            self.report(code, family.span, message);
            return None;
        }
        let field = |index| self.declare_field(format!("{}{index}", family.text), family.span, names);
        let fields: Option<Vec<Value>> = (1..=count).map(field).collect();
        let items = fields?.into_iter().flat_map(|field| field.items).collect();
        self.declare(&family.text, family.span, Role::Vector, Some(Value::vector(items)));
        Some(())
    }

    fn field(&mut self, index: u32) -> Option<Value> {
        use jetc_combinatorics::Polynomial;
        use num_traits::One;
        let node = self.graph.linear(index, Polynomial::constant(One::one()));
        self.check(node, Span::at(0)).ok().map(Value::scalar)
    }
}
