//! From the records of a file to a problem.

use std::path::Path;

use jetc_operators::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use jetc_operators::document::decode::{Decode, Named, Reader, Spanned, Text};
use jetc_operators::document::{Document, Node, OffsetMap, Value};
use jetc_operators::expression;
use jetc_operators::spec::{Coordinates, Options, ReadMatrix};
use jetc_runtime::Activation;

use super::columns::Columns;
use super::declarations::{Additions, Declarations, at, text};
use super::file::{HardFile, NetworkFile, PointsFile, ProblemFile, SolutionFile, TermChoices, UnknownFile};
use super::given;
use super::network::{Layout, Model};
use super::space::{Mistakes, Place, Space, take};
use super::{Problem, ProblemError, Settings, Solution, TermKind, TermPoints, TermSpec, Unknown};
use crate::domain::{Domain, Region};

/// The hidden layers of a network that the file says nothing of.
const HIDDEN: [usize; 2] = [32, 32];
/// The weight of a condition and of data, beside equations of weight one: they hold for values, equations for derivatives.
const OF_CONDITIONS: f64 = 100.0;

impl Problem {
    /// Reads the problem file at `path`.
    ///
    /// # Errors
    /// Every mistake in the file, and files that cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ProblemError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path)
            .map_err(|reason| ProblemError::Io { path: path.display().to_string(), reason })?;
        let document = Document::from_bytes(&path.display().to_string(), &bytes)?;
        Self::read(&document, path.parent().unwrap_or(Path::new("")), None)
    }

    /// Reads a problem from text; files that it names are in the current folder.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_yaml(source_name: &str, text: &str) -> Result<Self, ProblemError> {
        Self::read(&Document::parse(source_name, text)?, Path::new(""), None)
    }

    /// Reads a problem from a document, with the folder of the files that it names.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read(
        document: &Document,
        folder: &Path,
        matrices: Option<&dyn ReadMatrix>,
    ) -> Result<Self, ProblemError> {
        let mut reader = Reader::new(&document.text);
        let file = ProblemFile::decode(&document.root, &mut reader);
        let mut mistakes = reader.diagnostics;
        let options = Options { matrices, ..Options::default() };
        let built = file.and_then(|file| Builder { document, folder, file }.build(&options, &mut mistakes));
        match built {
            Some(problem) if mistakes.is_empty() => Ok(problem),
            _ => Err(document.error(mistakes).into()),
        }
    }
}

struct Builder<'a> {
    document: &'a Document,
    folder: &'a Path,
    file: ProblemFile,
}

/// What is known once the declarations are read.
struct Ground<'a> {
    coordinates: Coordinates,
    fields: Vec<String>,
    unknowns: Vec<String>,
    declarations: &'a Declarations<'a>,
}

impl Builder<'_> {
    fn build(&self, options: &Options<'_>, mistakes: &mut Mistakes) -> Option<Problem> {
        let file = &self.file;
        let declarations = Declarations::new(self.document, options);
        let unknown_names: Vec<String> = names(file.unknown.as_ref());
        let outputs = vec![("jetc_nothing".to_owned(), text("0"))];
        let additions = Additions { columns: unknown_names.clone(), outputs, ..Additions::default() };
        let declared = declarations.operator("declarations", additions);
        let declared = declared.map_err(|error| take(error, mistakes)).ok()?;
        let ground = Ground {
            coordinates: without(&declared.coordinates, &unknown_names),
            fields: declared.fields.clone().unwrap_or_else(|| vec!["u".to_owned()]),
            unknowns: unknown_names,
            declarations: &declarations,
        };
        let coordinates = ground.coordinates.clone();
        let mut space = Space::new(&coordinates, &declarations);
        let cloud = match &file.domain.points {
            Some(points) => self.columns(points, mistakes).map(|columns| (columns, points.span)),
            None => None,
        };
        let is_readable = cloud.is_some() || file.domain.points.is_none();
        let domain = if is_readable { space.domain(&file.domain, cloud, mistakes) } else { None };
        let unknowns = self.unknowns(&space, mistakes);
        let settings = match &file.train {
            Some(train) => Settings::of(train, &space, &self.document.text, mistakes),
            None => Settings::default(),
        };
        let terms = self.terms(&ground, &space, mistakes);
        let solution = self.solution(&ground, mistakes);
        let outputs = ground.fields.iter().map(|field| (format!("found_{field}"), text(field))).collect();
        let view = declarations.operator("fields", Additions { outputs, ..Additions::default() });
        let view = view.map_err(|error| take(error, mistakes)).ok();
        let domain = domain?;
        let model = self.model(&ground, &domain, settings.seed, mistakes)?;
        let mut terms = terms?;
        self.counts(&mut terms, &domain, mistakes);
        Some(Problem {
            name: file.name.clone().unwrap_or_else(|| stem(&self.document.source_name)),
            description: file.description.clone(),
            view: view?,
            vectors: self.vectors(&ground),
            coordinates: ground.coordinates,
            fields: ground.fields,
            domain,
            terms,
            unknowns: unknowns?,
            solution: solution?,
            model,
            settings,
        })
    }

    /// Vectors that are two fields, where space has two dimensions.
    fn vectors(&self, ground: &Ground<'_>) -> Vec<(String, [usize; 2])> {
        let pairs = self.document.root.get("vectors").and_then(Node::mapping).unwrap_or_default();
        let place = |node: &Node| ground.fields.iter().position(|field| Some(field.as_str()) == node.text());
        let vector = |(name, fields): &(Node, Node)| match fields.sequence() {
            Some([u, v]) => Some((name.text()?.to_owned(), [place(u)?, place(v)?])),
            _ => None,
        };
        let is_plane = ground.coordinates.space().len() == 2;
        pairs.iter().filter(|_| is_plane).filter_map(vector).collect()
    }

    fn unknowns(&self, space: &Space<'_>, mistakes: &mut Mistakes) -> Option<Vec<Unknown>> {
        let mut unknowns = Vec::new();
        for (name, unknown) in self.file.unknown.iter().flat_map(|unknown| &unknown.entries) {
            let UnknownFile(record) = unknown.as_ref()?;
            let start = number(&record.start, space, mistakes)?;
            let range = match &record.range {
                None => None,
                Some(range) => {
                    let nodes: Vec<Node> = range.value.iter().map(|end| at(&end.text, end.span)).collect();
                    let ends = space.numbers(&nodes.iter().collect::<Vec<_>>(), mistakes)?;
                    match ends[..] {
                        [lower, upper] if lower < upper && lower <= start && start <= upper => {
                            Some([lower, upper])
                        }
                        _ => {
                            let message = "a range is `[lower, upper]`, and the start lies in it";
                            mistakes.push(Diagnostic::new(Code::InvalidValue, range.span, message));
                            return None;
                        }
                    }
                }
            };
            unknowns.push(Unknown { name: name.text.clone(), start, range });
        }
        Some(unknowns)
    }

    fn terms(
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

    fn columns(&self, file: &Spanned<String>, mistakes: &mut Mistakes) -> Option<Columns> {
        Columns::open(&self.folder.join(&file.value))
            .map_err(|reason| {
                let message = format!("{}: {reason}", file.value);
                mistakes.push(Diagnostic::new(Code::MatrixFile, file.span, message));
            })
            .ok()
    }

    /// `None` for a solution that was wrong; without one there is nothing inside.
    #[expect(clippy::option_option, reason = "not given and wrong are different")]
    fn solution(&self, ground: &Ground<'_>, mistakes: &mut Mistakes) -> Option<Option<Solution>> {
        let Some(file) = &self.file.solution else { return Some(None) };
        let (mut outputs, mut fields, mut columns, mut points) = (Vec::new(), Vec::new(), Vec::new(), None);
        match file {
            SolutionFile::Expressions(expressions) => {
                for (name, node) in expressions {
                    if !ground.fields.contains(&name.text) {
                        let help = did_you_mean(&name.text, ground.fields.iter().map(String::as_str));
                        let message = format!("`{}` is no field", name.text);
                        mistakes
                            .push(Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help));
                        return None;
                    }
                    outputs.push((format!("found_{}", name.text), at(&name.text, name.span)));
                    outputs.push((format!("exact_{}", name.text), node.clone()));
                    fields.push(name.text.clone());
                }
            }
            SolutionFile::File(file) => {
                let found = self.columns(file, mistakes)?;
                for field in &ground.fields {
                    if found.get(field).is_some() {
                        let exact = format!("exact_{field}");
                        outputs.push((format!("found_{field}"), at(field, file.span)));
                        outputs.push((format!("known_{field}"), at(&exact, file.span)));
                        columns.push(exact);
                        fields.push(field.clone());
                    }
                }
                points = Some((found, file.span));
            }
        }
        let additions = Additions { columns, outputs, ..Additions::default() };
        let spec = ground.declarations.operator("solution", additions);
        let spec = spec.map_err(|error| take(error, mistakes)).ok()?;
        let points = match points {
            None => None,
            Some((found, span)) => {
                let place = |name: &String| {
                    let field =
                        name.strip_prefix("exact_").filter(|field| fields.iter().any(|known| known == field));
                    found.get(field.unwrap_or(name))
                };
                Some(gather(spec.coordinates.names(), place, found.rows(), span, mistakes)?)
            }
        };
        Some(Some(Solution { spec, fields, points }))
    }

    fn model(
        &self,
        ground: &Ground<'_>,
        domain: &Domain,
        seed: u64,
        mistakes: &mut Mistakes,
    ) -> Option<Model> {
        let empty = NetworkFile {
            hidden: None,
            activation: None,
            fourier: None,
            factorised: None,
            model: None,
            from: None,
        };
        let file = self.file.network.as_ref().unwrap_or(&empty);
        if let Some(model) = &file.model {
            return self.given(file, model, ground.coordinates.names(), seed, mistakes);
        }
        let mut layout = Layout {
            inputs: ground.coordinates.names().to_vec(),
            ranges: domain.ranges(),
            hidden: HIDDEN.to_vec(),
            activation: "tanh".to_owned(),
            factorised: file.factorised.unwrap_or(false),
            fields: ground.fields.clone(),
            ..Layout::default()
        };
        if let Some(hidden) = &file.hidden {
            layout.hidden = hidden.value.iter().map(|&width| usize::try_from(width).unwrap_or(0)).collect();
            if layout.hidden.iter().any(|&width| width == 0 || width > 1 << 16) {
                let message = "widths of layers are from 1 to 65536";
                mistakes.push(Diagnostic::new(Code::InvalidValue, hidden.span, message));
                return None;
            }
        }
        if let Some(activation) = &file.activation {
            if let Err(error) = activation.value.parse::<Activation>() {
                mistakes.push(Diagnostic::new(Code::InvalidValue, activation.span, error.to_string()));
                return None;
            }
            layout.activation.clone_from(&activation.value);
        }
        let space = Space::new(&ground.coordinates, ground.declarations);
        if let Some(fourier) = &file.fourier {
            let scale = match &fourier.scale {
                Some(scale) => number(scale, &space, mistakes)?,
                None => 1.0,
            };
            layout.fourier = Some((usize::try_from(fourier.features.value).ok()?, scale));
        }
        for name in self.file.periodic.iter().flatten() {
            let found = ground.coordinates.names().iter().position(|known| *known == name.value.text);
            let Some(index) = found else {
                let message = format!("`{}` is no coordinate", name.value.text);
                mistakes.push(Diagnostic::new(Code::UnknownName, name.span, message));
                return None;
            };
            layout.periodic.push(index);
        }
        layout.periodic.sort_unstable();
        layout.output = match &self.file.hard {
            None => None,
            Some(HardFile::One(text)) => {
                let [field] = ground.fields.as_slice() else {
                    let message = format!(
                        "there are {} fields; write an expression for each: `{{u: …, v: …}}`",
                        ground.fields.len()
                    );
                    mistakes.push(Diagnostic::new(Code::InvalidValue, text.span, message));
                    return None;
                };
                Some(vec![(field.clone(), self.inlined(text, &space, mistakes)?)])
            }
            Some(HardFile::Each(each)) => {
                let mut output = Vec::new();
                for field in &ground.fields {
                    let given = each.iter().find(|(name, _)| name.text == *field);
                    output.push((
                        field.clone(),
                        match given {
                            Some((_, text)) => self.inlined(text, &space, mistakes)?,
                            None => field.clone(),
                        },
                    ));
                }
                Some(output)
            }
        };
        let mut model = Model::random(&layout, seed);
        if let Some(from) = &file.from {
            self.begin_with(&mut model, from, mistakes);
        }
        if let Err(error) = model.network() {
            let span = self.file.hard.as_ref().map_or(self.document.root.span, |hard| match hard {
                HardFile::One(text) => text.span,
                HardFile::Each(each) => each.first().map_or(self.document.root.span, |(name, _)| name.span),
            });
            mistakes.push(Diagnostic::new(Code::InvalidValue, span, error.to_string()));
            return None;
        }
        Some(model)
    }

    /// The model of a file, with weights of another one if they are given.
    fn given(
        &self,
        file: &NetworkFile,
        model: &Spanned<String>,
        inputs: &[String],
        seed: u64,
        mistakes: &mut Mistakes,
    ) -> Option<Model> {
        self.stands_alone(file, model.span, mistakes);
        let found = given::model(self.folder, model, inputs, seed).map_err(|reason| {
            let message = format!("{}: {reason}", model.value);
            mistakes.push(Diagnostic::new(Code::InvalidValue, model.span, message));
        });
        let mut found = found.ok()?;
        if let Some(from) = &file.from {
            self.begin_with(&mut found, from, mistakes);
        }
        Some(found)
    }

    /// Reports what a model file says itself.
    fn stands_alone(&self, file: &NetworkFile, span: Span, mistakes: &mut Mistakes) {
        let beside = [
            ("hidden", file.hidden.is_some(), "as layers `linear: {out: 32}`"),
            ("activation", file.activation.is_some(), "as a layer"),
            ("fourier", file.fourier.is_some(), "as a layer `fourier: {features: 64}`"),
            ("factorised", file.factorised.is_some(), "as `linear: {out: 32, factorised: true}`"),
            ("periodic", self.file.periodic.is_some(), "as a layer `periodic: {coordinate: x, period: 1}`"),
            ("hard", self.file.hard.is_some(), "as `output: x*(1 - x)*u`"),
        ];
        for (key, _, how) in beside.into_iter().filter(|(_, is_given, _)| *is_given) {
            let message = format!("with `model`, `{key}` has no effect");
            let help = format!("write it into the model file, {how}");
            mistakes.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        }
    }

    /// Takes weights of a file to start from.
    fn begin_with(&self, model: &mut Model, from: &Spanned<String>, mistakes: &mut Mistakes) {
        match model.take(&self.folder.join(&from.value)) {
            Ok(missing) if missing.is_empty() => {}
            Ok(missing) => {
                let listed = missing.iter().take(6).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                let message = format!("{} has no tensor of this shape: {}", from.value, listed.join(", "));
                mistakes.push(Diagnostic::new(Code::UnknownTensor, from.span, message));
            }
            Err(error) => {
                mistakes.push(Diagnostic::new(Code::UnknownTensor, from.span, error.to_string()));
            }
        }
    }

    /// An expression with the numbers of parameters in the place of their names.
    fn inlined(&self, text: &Text, space: &Space<'_>, mistakes: &mut Mistakes) -> Option<String> {
        let parameters = self.document.root.get("parameters").and_then(Node::mapping).unwrap_or_default();
        let mut result = text.text.clone();
        for name in mentioned(&at(&text.text, text.span)) {
            if parameters.iter().any(|(key, _)| key.text() == Some(name.as_str())) {
                let value = space.numbers(&[&at(&name, text.span)], mistakes)?[0];
                result = replaced(&result, &name, &format!("({value:?})"));
            }
        }
        Some(result)
    }

    /// How many points each term has.
    fn counts(&self, terms: &mut [TermSpec], domain: &Domain, mistakes: &mut Mistakes) {
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

/// Rows from columns by name.
fn gather<'c>(
    names: &[String],
    column: impl Fn(&String) -> Option<&'c [f64]>,
    rows: usize,
    span: Span,
    mistakes: &mut Mistakes,
) -> Option<Vec<f64>> {
    let missing: Vec<&str> = names.iter().filter(|name| column(name).is_none()).map(String::as_str).collect();
    if !missing.is_empty() {
        let message = format!("the file has no column for {}", missing.join(", "));
        mistakes.push(Diagnostic::new(Code::MatrixFile, span, message));
        return None;
    }
    let columns: Vec<&[f64]> = names.iter().filter_map(column).collect();
    Some((0..rows).flat_map(|row| columns.iter().map(move |column| column[row])).collect())
}

/// The names that the expressions of a node mention.
fn mentioned(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Scalar(scalar) => expression::names(&Text {
            text: scalar.text.clone(),
            span: node.span,
            map: OffsetMap::shift(node.span.start),
        }),
        Value::Sequence(nodes) => nodes.iter().flat_map(mentioned).collect(),
        Value::Mapping(pairs) => pairs.iter().flat_map(|(_, value)| mentioned(value)).collect(),
    }
}

/// The text with another text in the place of a name, where it stands alone.
fn replaced(text: &str, name: &str, by: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(name) {
        let (before, behind) = (&rest[..place], &rest[place + name.len()..]);
        let stands_alone = !before.chars().next_back().or(result.chars().next_back()).is_some_and(is_part)
            && !behind.starts_with(is_part);
        result.push_str(before);
        result.push_str(if stands_alone { by } else { name });
        rest = behind;
    }
    result + rest
}

fn number(text: &Text, space: &Space<'_>, mistakes: &mut Mistakes) -> Option<f64> {
    Some(space.numbers(&[&at(&text.text, text.span)], mistakes)?[0])
}

fn names<T>(named: Option<&Named<T>>) -> Vec<String> {
    named.iter().flat_map(|named| &named.entries).map(|(name, _)| name.text.clone()).collect()
}

/// The coordinates without the last of its parameters, which are unknowns.
fn without(coordinates: &Coordinates, unknowns: &[String]) -> Coordinates {
    let kept: Vec<usize> =
        (0..coordinates.len()).filter(|&index| !unknowns.contains(&coordinates.names()[index])).collect();
    let place =
        |old: u32| kept.iter().position(|&index| index == old as usize).and_then(|at| u32::try_from(at).ok());
    let names = kept.iter().map(|&index| coordinates.names()[index].clone()).collect();
    let parameters = coordinates.parameters().iter().filter_map(|&old| place(old)).collect();
    Coordinates::new(names, coordinates.time().and_then(place)).with_parameters(parameters)
}

/// The name of a file without its folder and ending.
fn stem(source_name: &str) -> String {
    let file = source_name.rsplit(['/', '\\']).next().unwrap_or(source_name);
    file.split_once('.').map_or(file, |(stem, _)| stem).to_owned()
}
