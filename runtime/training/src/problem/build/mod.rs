//! From the records of a file to a problem.
//!
//! | part | file |
//! |---|---|
//! | declarations, domain, unknowns, and all parts together | this one |
//! | equations, conditions and data | `terms.rs` |
//! | the network | `model.rs` |
//! | the known solution | `solution.rs` |

mod model;
mod solution;
mod terms;

use std::path::Path;

use jetc_operators::diagnostic::{Code, Diagnostic, Span};
use jetc_operators::document::decode::{Decode, Named, Reader, Spanned, Text};
use jetc_operators::document::{Document, Node, OffsetMap, Value};
use jetc_operators::expression;
use jetc_operators::spec::{Coordinates, Options, ReadMatrix};

use super::columns::Columns;
use super::declarations::{Additions, Declarations, at, text};
use super::file::{ProblemFile, UnknownFile};
use super::space::{Mistakes, Space, take};
use super::{Problem, ProblemError, Settings, Unknown};

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
        if let Some(domain) = &domain {
            space.know(domain);
        }
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

    fn columns(&self, file: &Spanned<String>, mistakes: &mut Mistakes) -> Option<Columns> {
        Columns::open(&self.folder.join(&file.value))
            .map_err(|reason| {
                let message = format!("{}: {reason}", file.value);
                mistakes.push(Diagnostic::new(Code::MatrixFile, file.span, message));
            })
            .ok()
    }
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
