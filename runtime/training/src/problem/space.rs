//! From intervals and shapes of the file to a domain, and from `at` to its regions.

use jetc_operators::diagnostic::{Code, Diagnostic, Span, SpecError, did_you_mean};
use jetc_operators::document::Node;
use jetc_operators::spec::Coordinates;

use super::columns::Columns;
use super::declarations::{Declarations, at};
use super::file::{DomainFile, Interval};
use crate::domain::{Cloud, Column, Domain, Region, Shape};

/// Mistakes so far.
pub(super) type Mistakes = Vec<Diagnostic>;

/// Where a condition holds.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Region(Region),
    /// The points of a file.
    File(String, Span),
}

/// A domain with the names of its columns.
#[derive(Debug)]
pub(super) struct Space<'a> {
    pub(super) coordinates: &'a Coordinates,
    declarations: &'a Declarations<'a>,
    /// Named parts of the shape, with the numbers that lead to them.
    parts: Vec<(String, Vec<usize>)>,
    /// Whether the domain is given by points.
    is_cloud: bool,
    /// The range of each coordinate, once the domain is known.
    ranges: Vec<[f64; 2]>,
}

/// The kinds of shapes.
const KINDS: &str = "`box`, `ball`, `ellipsoid`, `polygon`, `union`, `intersection` or `difference`";

impl<'a> Space<'a> {
    pub(super) fn new(coordinates: &'a Coordinates, declarations: &'a Declarations<'a>) -> Self {
        Self { coordinates, declarations, parts: Vec::new(), is_cloud: false, ranges: Vec::new() }
    }

    /// The domain of the file; with the columns of its points, and where they are named.
    pub(super) fn domain(
        &mut self,
        file: &DomainFile,
        points: Option<(Columns, Span)>,
        mistakes: &mut Mistakes,
    ) -> Option<Domain> {
        let names = self.coordinates.names();
        self.is_cloud = points.is_some();
        let mut intervals: Vec<Option<[f64; 2]>> = vec![None; names.len()];
        for (name, interval) in &file.intervals {
            let Some(found) = self.interval(interval, mistakes) else { continue };
            let meant = self.meant(&name.text);
            if meant.is_empty() {
                let message = format!("`{}` is no coordinate", name.text);
                let help = did_you_mean(&name.text, names.iter().map(String::as_str));
                mistakes.push(Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help));
            }
            for index in meant {
                intervals[index] = Some(found);
            }
        }
        let cloud = match points {
            None => None,
            Some((columns, span)) => {
                if let Some(shape) = &file.shape {
                    let message = "space is given by points or by a shape, not by both";
                    mistakes.push(Diagnostic::new(Code::InvalidValue, shape.span, message));
                    return None;
                }
                Some(self.cloud(&columns, span, &mut intervals, mistakes)?)
            }
        };
        let shape = match &file.shape {
            Some(node) => Some(self.shape(node, &[], mistakes)?),
            None => None,
        };
        let mut columns = Vec::new();
        let mut parameters = Vec::new();
        let (mut lower, mut upper, mut time, mut missing) = (Vec::new(), Vec::new(), None, Vec::new());
        for (index, name) in names.iter().enumerate() {
            let position = u32::try_from(index).unwrap_or(u32::MAX);
            let is_time = self.coordinates.time() == Some(position);
            let is_space = self.coordinates.space().binary_search(&position).is_ok();
            if is_space && shape.is_some() {
                columns.push(Column::Space(self.coordinates.space().binary_search(&position).unwrap_or(0)));
                continue;
            }
            let Some(interval) = intervals[index] else {
                missing.push(name.as_str());
                continue;
            };
            if is_time {
                columns.push(Column::Time);
                time = Some(interval);
            } else if is_space {
                columns.push(Column::Space(lower.len()));
                lower.push(interval[0]);
                upper.push(interval[1]);
            } else {
                columns.push(Column::Parameter(parameters.len()));
                parameters.push(interval);
            }
        }
        if !missing.is_empty() {
            let listed =
                missing.iter().take(8).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let message = format!("the domain has no interval for {listed}");
            let help = format!("write `{}: [0, 1]` for the values that it takes", missing[0]);
            mistakes.push(Diagnostic::new(Code::MissingKey, Span::at(file.span.start), message).help(help));
            return None;
        }
        let wrong = |error: crate::domain::DomainError| {
            Diagnostic::new(Code::InvalidValue, file.span, error.to_string())
        };
        let space = match shape {
            Some(shape) => Some(shape),
            None if lower.is_empty() => None,
            None => match Shape::cuboid(lower, upper) {
                Ok(shape) => Some(shape),
                Err(error) => {
                    mistakes.push(wrong(error));
                    return None;
                }
            },
        };
        let domain = Domain::new(space, time, parameters, columns);
        let domain = domain.map_err(|error| mistakes.push(wrong(error))).ok()?;
        Some(match cloud {
            Some(cloud) => domain.with_cloud(cloud),
            None => domain,
        })
    }

    /// The points of a file, and their bounds as intervals of its coordinates.
    fn cloud(
        &self,
        columns: &Columns,
        span: Span,
        intervals: &mut [Option<[f64; 2]>],
        mistakes: &mut Mistakes,
    ) -> Option<Cloud> {
        let names = self.coordinates.names();
        let given: Vec<usize> = (0..names.len()).filter(|&at| columns.get(&names[at]).is_some()).collect();
        let missing = (0..names.len()).find(|&at| intervals[at].is_none() && !given.contains(&at));
        if let Some(at) = missing {
            let message = format!("the file has no column for `{}`", names[at]);
            let help = format!("add it, or give the coordinate an interval, `{}: [0, 1]`", names[at]);
            mistakes.push(Diagnostic::new(Code::MatrixFile, span, message).help(help));
            return None;
        }
        if let Some(&at) = given.iter().find(|&&at| intervals[at].is_some()) {
            let message = format!("`{}` has an interval, and a column of the file as well", names[at]);
            mistakes.push(Diagnostic::new(Code::InvalidValue, span, message).help("keep one of them"));
            return None;
        }
        let values: Vec<&[f64]> = given.iter().filter_map(|&at| columns.get(&names[at])).collect();
        let rows = (0..columns.rows()).flat_map(|row| values.iter().map(move |column| column[row])).collect();
        let cloud = Cloud::new(given, rows).map_err(|error| {
            mistakes.push(Diagnostic::new(Code::MatrixFile, span, error.to_string()));
        });
        let cloud = cloud.ok()?;
        for (&column, &bounds) in cloud.columns().iter().zip(cloud.bounds()) {
            intervals[column] = Some(bounds);
        }
        Some(cloud)
    }

    /// The coordinates that a name stands for: one, or those of a counted family.
    fn meant(&self, name: &str) -> Vec<usize> {
        let names = self.coordinates.names();
        if let Some(index) = names.iter().position(|known| known == name) {
            return vec![index];
        }
        let is_numbered = |known: &String| {
            known
                .strip_prefix(name)
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        };
        (0..names.len()).filter(|&index| is_numbered(&names[index])).collect()
    }

    fn interval(&self, interval: &Interval, mistakes: &mut Mistakes) -> Option<[f64; 2]> {
        let nodes: Vec<Node> = interval.ends.iter().map(|end| at(&end.text, end.span)).collect();
        let ends = self.numbers(&nodes.iter().collect::<Vec<_>>(), mistakes)?;
        if ends[0] < ends[1] {
            return Some([ends[0], ends[1]]);
        }
        let message = format!(
            "an interval goes from its lower end to its upper one, {} is not below {}",
            ends[0], ends[1]
        );
        mistakes.push(Diagnostic::new(Code::InvalidValue, interval.span, message));
        None
    }

    pub(super) fn numbers(&self, nodes: &[&Node], mistakes: &mut Mistakes) -> Option<Vec<f64>> {
        self.declarations.numbers(nodes).map_err(|error| take(error, mistakes)).ok()
    }

    fn number(&self, node: &Node, mistakes: &mut Mistakes) -> Option<f64> {
        Some(self.numbers(&[node], mistakes)?[0])
    }

    fn vector(&self, node: &Node, mistakes: &mut Mistakes) -> Option<Vec<f64>> {
        match node.sequence() {
            Some(entries) if !entries.is_empty() => {
                self.numbers(&entries.iter().collect::<Vec<_>>(), mistakes)
            }
            _ => {
                mistakes.push(Diagnostic::new(Code::WrongKind, node.span, "expected a list of numbers"));
                None
            }
        }
    }

    /// The shape of a node, which is the part of space that these numbers lead to.
    fn shape(&mut self, node: &Node, path: &[usize], mistakes: &mut Mistakes) -> Option<Shape> {
        let (key, value) = self.kind(node, path, mistakes)?;
        let word = key.text().unwrap_or_default();
        let shape = match word {
            "box" => {
                let mut ends = (Vec::new(), Vec::new());
                for &index in self.coordinates.space() {
                    let name = self.coordinates.name(index);
                    let Some([lower, upper]) = value.get(name).and_then(Node::sequence) else {
                        let message = format!("the box has no interval for `{name}`");
                        let help = format!("write `{name}: [0, 1]`");
                        mistakes.push(Diagnostic::new(Code::MissingKey, value.span, message).help(help));
                        return None;
                    };
                    let found = self.numbers(&[lower, upper], mistakes)?;
                    ends.0.push(found[0]);
                    ends.1.push(found[1]);
                }
                Shape::cuboid(ends.0, ends.1)
            }
            "ball" | "ellipsoid" => {
                let size = if word == "ball" { "radius" } else { "radii" };
                let (Some(center), Some(extent)) = (value.get("center"), value.get(size)) else {
                    let message = format!("the {word} needs `center` and `{size}`");
                    mistakes.push(Diagnostic::new(Code::MissingKey, value.span, message));
                    return None;
                };
                let center = self.vector(center, mistakes)?;
                if word == "ball" {
                    Shape::ball(center, self.number(extent, mistakes)?)
                } else {
                    Shape::ellipsoid(center, self.vector(extent, mistakes)?)
                }
            }
            "polygon" => {
                let mut vertices = Vec::new();
                for vertex in value.sequence().unwrap_or_default() {
                    if let &[x, y] = self.vector(vertex, mistakes)?.as_slice() {
                        vertices.push([x, y]);
                    } else {
                        let message = "a vertex of a polygon is `[x, y]`";
                        mistakes.push(Diagnostic::new(Code::WrongKind, vertex.span, message));
                        return None;
                    }
                }
                Shape::polygon(vertices)
            }
            "union" | "intersection" | "difference" => {
                let mut shapes = Vec::new();
                for (number, part) in value.sequence().unwrap_or_default().iter().enumerate() {
                    shapes.push(self.shape(part, &[path, &[number]].concat(), mistakes)?);
                }
                match word {
                    "union" => Shape::union(shapes),
                    "intersection" => Shape::intersection(shapes),
                    _ if shapes.is_empty() => {
                        let message = "a difference is a list: a shape, and what is cut out of it";
                        mistakes.push(Diagnostic::new(Code::WrongKind, value.span, message));
                        return None;
                    }
                    _ => {
                        let first = shapes.remove(0);
                        Shape::difference(first, shapes)
                    }
                }
            }
            other => {
                let help = did_you_mean(
                    other,
                    ["box", "ball", "ellipsoid", "polygon", "union", "intersection", "difference"],
                );
                let message = format!("`{other}` is no shape; shapes are {KINDS}");
                mistakes.push(Diagnostic::new(Code::InvalidValue, key.span, message).maybe_help(help));
                return None;
            }
        };
        let shape = shape.map_err(|error| {
            mistakes.push(Diagnostic::new(Code::InvalidValue, value.span, error.to_string()));
        });
        let shape = shape.ok()?;
        if shape.dimension() != self.coordinates.space().len() {
            let message = format!(
                "the shape has {} dimensions, and there are {} coordinates of space",
                shape.dimension(),
                self.coordinates.space().len()
            );
            mistakes.push(Diagnostic::new(Code::ShapeMismatch, value.span, message));
            return None;
        }
        Some(shape)
    }

    /// The only key of a shape, and what is there; names beside it are taken.
    fn kind<'n>(
        &mut self,
        node: &'n Node,
        path: &[usize],
        mistakes: &mut Mistakes,
    ) -> Option<(&'n Node, &'n Node)> {
        let pairs = node.mapping().unwrap_or_default();
        let is_name = |key: &Node| matches!(key.text(), Some("name" | "edges"));
        let mut kinds = pairs.iter().filter(|(key, _)| !is_name(key));
        let (Some((key, value)), None) = (kinds.next(), kinds.next()) else {
            let message = format!("a shape is a mapping with one key: {KINDS}; beside it can stand a `name`");
            mistakes.push(Diagnostic::new(Code::WrongKind, node.span, message));
            return None;
        };
        if let Some(name) = node.get("name") {
            self.name(name, path.to_vec(), mistakes)?;
        }
        if let Some(edges) = node.get("edges") {
            self.edges(edges, value, path, mistakes)?;
        }
        Some((key, value))
    }

    /// Names of the edges of a polygon, from vertex to vertex.
    fn edges(&mut self, names: &Node, polygon: &Node, path: &[usize], mistakes: &mut Mistakes) -> Option<()> {
        let vertices = polygon.sequence().map_or(0, <[Node]>::len);
        let listed = names.sequence().unwrap_or_default();
        if listed.is_empty() || listed.len() != vertices {
            let message = format!(
                "`edges` is a list of {vertices} names: of the edge behind each vertex of the polygon, in order"
            );
            mistakes.push(Diagnostic::new(Code::InvalidValue, names.span, message));
            return None;
        }
        for (number, name) in listed.iter().enumerate() {
            self.name(name, [path, &[number]].concat(), mistakes)?;
        }
        Some(())
    }

    /// Gives a part of the shape a name; several parts may have one.
    fn name(&mut self, name: &Node, part: Vec<usize>, mistakes: &mut Mistakes) -> Option<()> {
        let text = name.text().unwrap_or_default().trim();
        let is_word = text.starts_with(|c: char| c.is_alphabetic())
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let message = if !is_word {
            format!("a name of a part is a word, not `{text}`")
        } else if ["boundary", "start", "end", "interior", "domain"].contains(&text) {
            format!("`{text}` has a meaning of its own; choose another name")
        } else {
            self.parts.push((text.to_owned(), part));
            return Some(());
        };
        mistakes.push(Diagnostic::new(Code::InvalidValue, name.span, message));
        None
    }

    /// What `at` says, one place for each element of a list.
    pub(super) fn places(&self, node: &Node, mistakes: &mut Mistakes) -> Option<Vec<Place>> {
        match node.sequence() {
            Some([]) | None => self.place(node, mistakes),
            Some(nodes) => {
                let places: Vec<_> = nodes.iter().map(|node| self.place(node, mistakes)).collect();
                Some(places.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
            }
        }
    }

    /// One place, or as many as there are parts of a name.
    fn place(&self, node: &Node, mistakes: &mut Mistakes) -> Option<Vec<Place>> {
        if let Some(pairs) = node.mapping() {
            if let [(key, file)] = pairs
                && key.text() == Some("file")
            {
                return Some(vec![Place::File(file.text()?.to_owned(), file.span)]);
            }
            let mut point = vec![None; self.coordinates.len()];
            for (key, value) in pairs {
                let index = self.coordinate(key.text().unwrap_or_default(), key.span, mistakes)?;
                let number = self.number(value, mistakes)?;
                self.check_within(index, number, value.span, mistakes)?;
                point[index] = Some(number);
            }
            return Some(vec![Place::Region(Region::Point(point))]);
        }
        let text = node.text().unwrap_or_default().trim();
        let has_time = self.coordinates.time().is_some();
        let is_region = matches!(text, "boundary") || text.contains('=');
        if self.is_cloud && is_region && !self.is_instant(text) {
            let message = format!("points alone do not tell where `{text}` is");
            let help = "name its points: `at: {file: rim.csv}`";
            mistakes.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
            return None;
        }
        let region = match text {
            "boundary" if !self.coordinates.space().is_empty() => Region::Boundary,
            "start" if has_time => Region::Start,
            "end" if has_time => Region::End,
            "interior" | "domain" => Region::Interior,
            _ => {
                if let Some((name, value)) = text.split_once('=') {
                    let index = self.coordinate(name.trim(), node.span, mistakes)?;
                    let value = self.number(&at(value.trim(), node.span), mistakes)?;
                    self.check_within(index, value, node.span, mistakes)?;
                    self.section(index, value)
                } else {
                    let named = self.parts.iter().filter(|(name, _)| name == text);
                    let places: Vec<Place> =
                        named.map(|(_, part)| Place::Region(Region::Part(part.clone()))).collect();
                    if places.is_empty() {
                        self.no_part(text, node.span, mistakes);
                        return None;
                    }
                    return Some(places);
                }
            }
        };
        Some(vec![Place::Region(region)])
    }

    fn no_part(&self, text: &str, span: Span, mistakes: &mut Mistakes) {
        let words = ["boundary", "start", "end", "interior"].into_iter();
        let known = words.chain(self.parts.iter().map(|(name, _)| name.as_str()));
        let mut names: Vec<String> = self.parts.iter().map(|(name, _)| format!("`{name}`, ")).collect();
        names.dedup();
        let all = || {
            format!(
                "parts are `boundary`, `start`, `end`, {}equations like `x = 0`, points like `{{x: 0, y: 0}}`, \
                 `{{file: rim.csv}}`, and lists of these",
                names.concat()
            )
        };
        let guess = if names.is_empty() { None } else { did_you_mean(text, known) };
        let message = format!("`{text}` is no part of the domain");
        let help = guess.unwrap_or_else(all);
        mistakes.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
    }

    /// Whether a place is a time alone.
    fn is_instant(&self, place: &str) -> bool {
        let time = self.coordinates.time().map(|time| self.coordinates.name(time));
        place.split_once('=').is_some_and(|(name, _)| Some(name.trim()) == time)
    }

    /// Takes notice of the domain, for places that lie outside of it.
    pub(super) fn know(&mut self, domain: &Domain) {
        self.ranges = domain.ranges();
    }

    /// Reports a value that the coordinate does not take anywhere; `None` then.
    fn check_within(&self, index: usize, value: f64, span: Span, mistakes: &mut Mistakes) -> Option<()> {
        let Some(&[lower, upper]) = self.ranges.get(index) else { return Some(()) };
        // Bounds of round shapes are rounded.
        let slack = 1e-12 * (upper - lower);
        if lower - slack <= value && value <= upper + slack {
            return Some(());
        }
        let name = &self.coordinates.names()[index];
        let message =
            format!("{name} = {value} is outside of the domain, where {name} is in [{lower}, {upper}]");
        mistakes.push(Diagnostic::new(Code::InvalidValue, span, message));
        None
    }

    fn section(&self, index: usize, value: f64) -> Region {
        let position = u32::try_from(index).unwrap_or(u32::MAX);
        if self.coordinates.time() == Some(position) {
            return Region::Instant(value);
        }
        if let Ok(axis) = self.coordinates.space().binary_search(&position) {
            return Region::Face { axis, value };
        }
        let mut point = vec![None; self.coordinates.len()];
        point[index] = Some(value);
        Region::Point(point)
    }

    fn coordinate(&self, name: &str, span: Span, mistakes: &mut Mistakes) -> Option<usize> {
        let names = self.coordinates.names();
        let found = names.iter().position(|known| known == name);
        if found.is_none() {
            let help = did_you_mean(name, names.iter().map(String::as_str));
            let message = format!("`{name}` is no coordinate");
            mistakes.push(Diagnostic::new(Code::UnknownName, span, message).maybe_help(help));
        }
        found
    }
}

/// Adds the mistakes of an error.
pub(super) fn take(error: SpecError, mistakes: &mut Mistakes) {
    mistakes.extend(error.diagnostics);
}
