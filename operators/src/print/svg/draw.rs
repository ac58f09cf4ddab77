//! Painting a placed figure, with its title above and its legend below.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::canvas::{Anchor, Canvas, Paint, curve};
use super::escape::escaped;
use super::figure::{Figure, LARGE, SMALL};
use super::layers::{Item, Layers};
use super::math::Math;
use super::place::{Place, places};
use super::roles::Sameness;
use crate::counted::counted;
use crate::plan::Plan;
use crate::print::formula::formula_text;
use crate::printable::printable;

/// By order, starting at zero: the palette of Okabe and Ito, which colour-blind readers can tell apart.
const PALETTE: [&str; 7] = ["#5f6368", "#0072b2", "#d55e00", "#009e73", "#b5539c", "#b8860b", "#3a9bd1"];

const INK: &str = "#1f2328";
const GREY: &str = "#5f6368";
const PAPER: &str = "#ffffff";
const SHADE: &str = "#e9ebee";

const MARGIN: f64 = 24.0;
const TITLE: f64 = 20.0;

/// Outputs that are written below the title.
const MOST_OUTPUTS: usize = 4;

/// Widest line of the title and of the outputs.
const WIDEST: f64 = 640.0;

/// The plan as an SVG document: legible, self-contained, and of bounded size. The same plan always gives the same bytes.
///
/// # Example
/// ```
/// use jetc_operators::print::plan_svg;
/// use jetc_operators::{OperatorSpec, Strategy};
///
/// let laplacian = "coordinates: [x, y]\nfields: [u]\noutputs: {f: u_xx + u_yy}\n";
/// let plan = OperatorSpec::from_yaml("laplacian.yaml", laplacian)?.plan(Strategy::Minimal)?;
/// assert!(plan_svg(&plan).starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan_svg(plan: &Plan) -> String {
    let figure = Figure::new(plan);
    let graph = Layers::new(&figure);
    let mut places = places(&figure, &graph);
    let head = head(plan);
    let legend = legend(&figure);
    let drawing = places.iter().map(|place| place.right()).fold(0.0, f64::max);
    let texts =
        head.iter().map(|(text, size)| text.width(*size)).chain([legend.iter().map(Entry::width).sum()]);
    let width = texts.fold(drawing, f64::max) + 2.0 * MARGIN;
    let top = MARGIN + head.iter().map(|(_, size)| 1.5 * size).sum::<f64>() + 40.0;
    for place in &mut places {
        place.x += MARGIN;
        place.y += top;
    }
    let bottom = places.iter().map(|place| place.bottom()).fold(top, f64::max);
    let height = bottom + 36.0 + MARGIN;

    let mut canvas = Canvas::default();
    let mut y = MARGIN;
    for (number, (text, size)) in head.iter().enumerate() {
        y += 1.5 * size;
        canvas.text(
            (MARGIN, y - 0.5 * size),
            Anchor::Start,
            text,
            *size,
            if number == 0 { INK } else { GREY },
        );
    }
    let scene = Scene { figure: &figure, graph: &graph, places: &places };
    scene.headings(&mut canvas, top - 16.0);
    scene.lines(&mut canvas);
    scene.nodes(&mut canvas);
    let mut x = MARGIN;
    for entry in &legend {
        entry.draw(&mut canvas, (x, height - MARGIN));
        x += entry.width();
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         font-family=\"'STIX Two Text', 'Latin Modern Roman', 'Times New Roman', 'DejaVu Serif', serif\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>\n{}</svg>\n",
        escaped(&format!(
            "{}: {} plan with {}",
            printable(plan.name()),
            plan.strategy(),
            counted(plan.algebra().dimension(), "channel")
        )),
        canvas.elements
    )
}

/// The name, the facts, and the outputs by readouts, with font sizes.
fn head(plan: &Plan) -> Vec<(Math, f64)> {
    let channels = plan.algebra().dimension();
    let facts = format!(
        "{} strategy · {} · order {} · proven",
        plan.strategy(),
        counted(channels, "channel"),
        plan.order()
    );
    let mut lines = vec![(Math::roman(printable(plan.name())), TITLE), (Math::roman(facts), LARGE - 2.0)];
    for output in plan.outputs().iter().take(MOST_OUTPUTS) {
        let formula: String = formula_text(plan, output.formula).chars().take(300).collect();
        lines.push((Math::roman(format!("{} = ", output.name)).then(Math::parse(&formula)), LARGE - 2.0));
    }
    let more = plan.outputs().len().saturating_sub(MOST_OUTPUTS);
    if more > 0 {
        lines.push((Math::roman(format!("and {}", counted(more, "more output"))), LARGE - 2.0));
    }
    lines.into_iter().map(|(text, size)| (text.cut(size, WIDEST), size)).collect()
}

fn colour(order: u32) -> &'static str {
    PALETTE[order as usize % PALETTE.len()]
}

fn mark_paint(is_square: bool) -> (f64, Paint) {
    let (radius, fill) = if is_square { (2.0, SHADE) } else { (10.0, PAPER) };
    (radius, Paint { stroke: GREY, width: 1.0, fill })
}

/// A sign with its explanation.
struct Entry {
    is_square: Option<bool>,
    text: Math,
}

impl Entry {
    fn width(&self) -> f64 {
        let sign = if self.is_square.is_some() { 26.0 } else { 0.0 };
        sign + self.text.width(SMALL) + 20.0
    }

    fn draw(&self, canvas: &mut Canvas, (mut x, y): (f64, f64)) {
        if let Some(is_square) = self.is_square {
            let (radius, paint) = mark_paint(is_square);
            canvas.rectangle(Place { x: x + 10.0, y: y - 4.0, width: 20.0, height: 14.0 }, radius, paint);
            x += 26.0;
        }
        canvas.text((x, y), Anchor::Start, &self.text, SMALL, GREY);
    }
}

/// What the signs mean that occur in the figure.
fn legend(figure: &Figure) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (is_square, text) in
        [(false, "product of two channels, with its coefficient"), (true, "square of a channel")]
    {
        if figure.marks.iter().any(|mark| mark.is_square == is_square) {
            entries.push(Entry { is_square: Some(is_square), text: Math::roman(text) });
        }
    }
    if !figure.is_drawn(0) {
        let text = Math::roman("not shown: the value channel, which no readout reads");
        entries.push(Entry { is_square: None, text });
    }
    let note = match figure.sameness {
        Sameness::Single => "",
        Sameness::Isomorphic => "×n: n channels with the same products and readouts up to renaming",
        Sameness::Shape => "×n: n channels with the same order and exponents",
        Sameness::Order => "×n: n channels of the same order",
    };
    if !note.is_empty() {
        entries.push(Entry { is_square: None, text: Math::roman(note) });
    }
    entries
}

struct Scene<'a> {
    figure: &'a Figure,
    graph: &'a Layers,
    places: &'a [Place],
}

impl Scene<'_> {
    /// The orders above their columns.
    fn headings(&self, canvas: &mut Canvas, y: f64) {
        for layer in &self.graph.columns {
            let mut orders = BTreeSet::new();
            let mut is_readouts = false;
            for &node in layer {
                match self.graph.items[node] {
                    Item::Channels(number) => {
                        orders.insert(self.figure.boxes[number].order);
                    }
                    Item::Readout(_) => is_readouts = true,
                    Item::Mark(_) | Item::Way(_) => {}
                }
            }
            let text = match (orders.len(), is_readouts) {
                (0, false) => continue,
                (0, true) => "readouts".to_owned(),
                _ => format!("order {}", itertools::join(orders, ", ")),
            };
            let x = self.places[layer[0]].x;
            canvas.text((x, y), Anchor::Middle, &Math::roman(text), SMALL, GREY);
        }
    }

    /// The lines, one path for each colour and width; ends are marked with arrows.
    fn lines(&self, canvas: &mut Canvas) {
        let mut paths: BTreeMap<(u32, bool), String> = BTreeMap::new();
        for line in &self.graph.lines {
            let (from, to) = (self.places[line.from], self.places[line.to]);
            let (source, target) = (self.graph.items[line.from], self.graph.items[line.to]);
            let order = match source {
                Item::Channels(number) | Item::Way(number) => self.figure.boxes[number].order,
                Item::Mark(_) | Item::Readout(_) => 0,
            };
            let is_square = matches!(target, Item::Mark(number) if self.figure.marks[number].is_square);
            let end = match target {
                Item::Channels(_) | Item::Readout(_) => to.left() - 6.0,
                Item::Mark(_) | Item::Way(_) => to.left(),
            };
            if let Item::Way(_) = source {
                let trunk = paths.entry((order, false)).or_default();
                write!(trunk, "M{:.1} {:.1}H{:.1}", from.left(), from.y, from.right())
                    .expect("writing to a string does not fail");
            }
            let path = paths.entry((order, is_square)).or_default();
            path.push_str(&curve((from.right(), from.y), (end, to.y)));
        }
        for ((order, is_square), data) in paths {
            canvas.path(&data, colour(order), if is_square { 2.0 } else { 1.1 });
        }
        let reached: BTreeSet<usize> = self.graph.lines.iter().map(|line| line.to).collect();
        for node in reached {
            if matches!(self.graph.items[node], Item::Channels(_) | Item::Readout(_)) {
                canvas.arrow((self.places[node].left(), self.places[node].y), GREY);
            }
        }
    }

    fn nodes(&self, canvas: &mut Canvas) {
        for (&item, &place) in self.graph.items.iter().zip(self.places) {
            match item {
                Item::Channels(number) => self.channels(canvas, number, place),
                Item::Mark(number) => {
                    let mark = &self.figure.marks[number];
                    let (radius, paint) = mark_paint(mark.is_square);
                    canvas.rectangle(place, radius, paint);
                    canvas.text((place.x, place.y + 4.0), Anchor::Middle, &mark.label, SMALL, INK);
                }
                Item::Readout(number) => {
                    let readout = &self.figure.readouts[number];
                    canvas.rectangle(place, 3.0, Paint { stroke: INK, width: 1.2, fill: SHADE });
                    canvas.text((place.x, place.y - 3.0), Anchor::Middle, &readout.functional, LARGE, INK);
                    canvas.text((place.x, place.y + 14.0), Anchor::Middle, &readout.symbol, SMALL, GREY);
                }
                Item::Way(_) => {}
            }
        }
    }

    fn channels(&self, canvas: &mut Canvas, number: usize, place: Place) {
        let channels = &self.figure.boxes[number];
        let stroke = colour(channels.order);
        let paint = Paint { stroke, width: 1.4, fill: PAPER };
        if channels.count > 1 {
            // The edge of a second box behind the first.
            canvas.rectangle(Place { x: place.x + 3.5, y: place.y + 3.5, ..place }, 7.0, paint);
        }
        canvas.rectangle(place, 7.0, paint);
        let base = if channels.seed.is_some() { -2.0 } else { 5.0 };
        canvas.text((place.x, place.y + base), Anchor::Middle, &channels.name, LARGE, INK);
        if let Some(seed) = &channels.seed {
            canvas.text((place.x, place.y + 14.0), Anchor::Middle, seed, SMALL, GREY);
        }
    }
}
