//! Equations, conditions and data: each an operator of its own, with its points.

use jetc_operators::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use jetc_operators::document::decode::Spanned;
use jetc_operators::document::{Node, Value};

use super::{Builder, Ground, gather, mentioned, number};
use crate::domain::{Domain, Region};
use crate::problem::columns::Columns;
use crate::problem::declarations::{Additions, at};
use crate::problem::file::{PointsFile, TermChoices};
use crate::problem::space::{Mistakes, Place, Space, take};
use crate::problem::{TermKind, TermPoints, TermSpec};

/// The weight of a condition and of data, beside equations of weight one: they hold for values, equations for derivatives.
const OF_CONDITIONS: f64 = 100.0;

impl Builder<'_> {
    pub(super) fn terms(
        &self,
        ground: &Ground<'_>,
        space: &Space<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Vec<TermSpec>> {
        let file = &self.file;
        let mut terms: Vec<Option<TermSpec>> = Vec::new();
        for (name, equation) in file.equations.iter().flat_map(|equations| &equations.entries) {
            let Some(equation) = equation else {
                terms.push(None);
                continue;
            };
            let place = TermPoints::Regions(vec![Region::Interior]);
            let draft =
                Draft { name: &name.text, kind: TermKind::Equation, node: &equation.output, columns: &[] };
            terms.push(draft.term(place, &equation.choices, ground, space, mistakes));
        }
        for (name, condition) in file.conditions.iter().flat_map(|conditions| &conditions.entries) {
            let Some(condition) = condition else {
                terms.push(None);
                continue;
            };
            let choices = TermChoices { weight: condition.weight.clone(), points: condition.points.clone() };
            let term = match (&condition.at, &condition.require, &condition.mean) {
                (None, None, Some(mean)) => {
                    let place = TermPoints::Regions(vec![Region::Interior]);
                    let draft = Draft { name: &name.text, kind: TermKind::Mean, node: &mean.0, columns: &[] };
                    draft.term(place, &choices, ground, space, mistakes)
                }
                (Some(at), Some(require), None) => {
                    let places = space.places(&at.0, mistakes);
                    let draft =
                        Draft { name: &name.text, kind: TermKind::Condition, node: &require.0, columns: &[] };
                    places
                        .and_then(|places| self.condition(&draft, places, &choices, ground, space, mistakes))
                }
                _ => {
                    let message =
                        format!("condition `{}` needs `at` and `require`, or `mean` alone", name.text);
                    mistakes.push(Diagnostic::new(Code::MissingKey, name.span, message));
                    None
                }
            };
            terms.push(term);
        }
        for (name, data) in file.data.iter().flat_map(|data| &data.entries) {
            let term = data.as_ref().and_then(|data| {
                let choices = TermChoices { weight: data.weight.clone(), points: None };
                let columns = self.columns(&data.file, mistakes)?;
                let draft = Draft {
                    name: &name.text,
                    kind: TermKind::Data,
                    node: &data.require.0,
                    columns: &columns.names,
                };
                let term = draft.term(TermPoints::Rows(Vec::new()), &choices, ground, space, mistakes)?;
                rows(term, &columns, data.file.span, ground, mistakes)
            });
            terms.push(term);
        }
        // Names that are none were reported.
        let is_given = |key| self.document.root.get(key).is_some();
        if terms.is_empty() && !["equations", "conditions", "data"].into_iter().any(is_given) {
            let message = "there is nothing to solve: the file has no `equations`, `conditions` or `data`";
            mistakes.push(Diagnostic::new(
                Code::MissingKey,
                Span::at(self.document.root.span.start),
                message,
            ));
        }
        if terms.is_empty() {
            return None;
        }
        terms.into_iter().collect()
    }

    /// A condition in regions, or at the points of a file.
    fn condition(
        &self,
        draft: &Draft<'_>,
        places: Vec<Place>,
        choices: &TermChoices,
        ground: &Ground<'_>,
        space: &Space<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<TermSpec> {
        let (mut regions, mut files) = (Vec::new(), Vec::new());
        for place in places {
            match place {
                Place::Region(region) => regions.push(region),
                Place::File(name, span) => files.push(Spanned { value: name, span }),
            }
        }
        match (files.as_slice(), regions.is_empty()) {
            ([], _) => draft.term(TermPoints::Regions(regions), choices, ground, space, mistakes),
            ([file], true) => {
                let columns = self.columns(file, mistakes)?;
                let draft = Draft { columns: &columns.names, ..*draft };
                let term = draft.term(TermPoints::Rows(Vec::new()), choices, ground, space, mistakes)?;
                rows(term, &columns, file.span, ground, mistakes)
            }
            _ => {
                let message = "a file of points stands alone; write a condition of its own for it";
                mistakes.push(Diagnostic::new(Code::InvalidValue, files[0].span, message));
                None
            }
        }
    }

    /// How many points each term has.
    pub(super) fn counts(&self, terms: &mut [TermSpec], domain: &Domain, mistakes: &mut Mistakes) {
        let points = self.file.train.as_ref().and_then(|train| train.points.as_ref());
        let dimension = domain.columns().len();
        for term in &mut *terms {
            if term.count > 0 {
                continue;
            }
            term.count = match (points, term.kind) {
                (Some(PointsFile::All(count)), TermKind::Equation) => {
                    usize::try_from(count.value).unwrap_or(1)
                }
                (_, TermKind::Equation | TermKind::Mean) => match dimension {
                    1 => 64,
                    2 => 900,
                    3 => 1500,
                    _ => 2000,
                },
                _ => match dimension {
                    1 => 2,
                    2 => 120,
                    3 => 600,
                    _ => 1000,
                },
            };
        }
        let Some(PointsFile::Each(each)) = points else { return };
        for (name, count) in &each.entries {
            let known = terms.iter().position(|term| term.name == name.text);
            match (known, count) {
                (Some(term), Some(count)) => {
                    terms[term].count = usize::try_from(count.value).unwrap_or(1).max(1);
                }
                (None, _) => {
                    let help = did_you_mean(&name.text, terms.iter().map(|term| term.name.as_str()));
                    let message = format!("there is no term `{}`", name.text);
                    mistakes.push(Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help));
                }
                _ => {}
            }
        }
    }
}

/// A term before it has an operator.
#[derive(Clone, Copy)]
struct Draft<'a> {
    name: &'a str,
    kind: TermKind,
    node: &'a Node,
    /// The columns of its file.
    columns: &'a [String],
}

impl Draft<'_> {
    fn term(
        &self,
        points: TermPoints,
        choices: &TermChoices,
        ground: &Ground<'_>,
        space: &Space<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<TermSpec> {
        let used = mentioned(self.node);
        let mut additions = Additions { columns: ground.unknowns.clone(), ..Additions::default() };
        let normals: Vec<String> = ground
            .coordinates
            .space()
            .iter()
            .map(|&axis| format!("normal_{}", ground.coordinates.name(axis)))
            .collect();
        let is_normal = |name: &String| name == "dn" || name == "normal" || normals.contains(name);
        if self.kind == TermKind::Condition && used.iter().any(is_normal) {
            additions.columns.extend(normals.iter().cloned());
            let entries = normals.iter().map(|name| at(name, self.node.span)).collect();
            let normal = Node { span: self.node.span, value: Value::Sequence(entries) };
            additions.coefficients.push(("normal".to_owned(), normal));
        }
        let is_new = |name: &&String| used.contains(name) && !ground.coordinates.names().contains(name);
        // Normals and unknowns may be columns of the file.
        let known = additions.columns.clone();
        let of_file = self.columns.iter().filter(is_new).filter(|name| !known.contains(name));
        additions.columns.extend(of_file.cloned());
        additions.outputs.push((self.name.to_owned(), self.node.clone()));
        let spec =
            ground.declarations.operator(self.name, additions).map_err(|error| take(error, mistakes)).ok()?;
        let default = if self.kind == TermKind::Equation { 1.0 } else { OF_CONDITIONS };
        let weight = match &choices.weight {
            Some(weight) => number(weight, space, mistakes)?,
            None => default,
        };
        if !(weight > 0.0 && weight.is_finite()) {
            let span = choices.weight.as_ref().map_or(self.node.span, |weight| weight.span);
            mistakes.push(Diagnostic::new(Code::InvalidValue, span, "a weight is positive"));
            return None;
        }
        let count = choices.points.as_ref().map_or(0, |count| usize::try_from(count.value).unwrap_or(0));
        Some(TermSpec { name: self.name.to_owned(), kind: self.kind, spec, weight, points, count })
    }
}

/// The term with the rows of its file.
fn rows(
    mut term: TermSpec,
    columns: &Columns,
    span: Span,
    ground: &Ground<'_>,
    mistakes: &mut Mistakes,
) -> Option<TermSpec> {
    let zeros = vec![0.0; columns.rows()];
    let place = |name: &String| {
        if ground.unknowns.contains(name) { Some(zeros.as_slice()) } else { columns.get(name) }
    };
    let rows = gather(term.spec.coordinates.names(), place, columns.rows(), span, mistakes)?;
    term.points = TermPoints::Rows(rows);
    term.count = columns.rows();
    Some(term)
}
