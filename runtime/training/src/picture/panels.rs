//! Several boxes on one sheet, in rows and columns.
//!
//! Boxes of a column begin and end at the same places, and so do boxes of a row, whatever the labels around them need. A
//! field over two axes of space keeps its shape: the height of its row follows from the width of its column.

use super::arrows::Arrows;
use super::chart::Chart;
use super::font::{fitted, width};
use super::frame::{Margins, TITLE};
use super::heat::HeatMap;
use super::scene::{Anchor, Picture, Rectangle, Text};

/// One box of [`panels()`].
#[derive(Clone, Debug)]
pub enum Panel {
    /// Lines.
    Chart(Chart),
    /// A field.
    HeatMap(HeatMap),
    /// A vector field.
    Arrows(Arrows),
}

impl From<Chart> for Panel {
    fn from(chart: Chart) -> Self {
        Self::Chart(chart)
    }
}

impl From<HeatMap> for Panel {
    fn from(map: HeatMap) -> Self {
        Self::HeatMap(map)
    }
}

impl From<Arrows> for Panel {
    fn from(arrows: Arrows) -> Self {
        Self::Arrows(arrows)
    }
}

impl Panel {
    fn inside(&self) -> &dyn Inside {
        match self {
            Self::Chart(chart) => chart,
            Self::HeatMap(map) => map,
            Self::Arrows(arrows) => arrows,
        }
    }
}

/// What is inside of a box, and what is written around it.
pub(super) trait Inside {
    fn title(&self) -> &str;

    /// Width over height, where it matters.
    fn aspect(&self) -> Option<f64>;

    /// The room around a box of that width and height, without the title.
    fn margins(&self, size: [f64; 2]) -> Margins;

    fn draw(&self, picture: &mut Picture, place: Rectangle);
}

/// Rows of panels, from the top, on one sheet.
///
/// # Example: a solution, what is exact and the error, for each of two fields
///
/// ```
/// use jetc_training::picture::{Axes, Axis, Colours, HeatMap, Panel, panels};
///
/// let axes = Axes { x: Axis::space("x", [0.0, 1.0]), y: Axis::space("y", [0.0, 1.0]), columns: 2 };
/// let row = |name: &str, found: [f64; 4], exact: [f64; 4]| {
///     let error = found.iter().zip(&exact).map(|(found, exact)| found - exact).collect();
///     let map = |title: &str, values| HeatMap::new(format!("{name}: {title}"), axes.clone(), values).named(name);
///     let [found, exact] = HeatMap::alike([map("solution", found.to_vec()), map("exact", exact.to_vec())]);
///     vec![Panel::from(found), exact.into(), map("error", error).colours(Colours::Errors).into()]
/// };
/// let picture = panels(&[
///     row("u", [0.0, 1.0, 2.0, 3.0], [0.0, 1.1, 2.0, 3.0]),
///     row("v", [1.0, 1.0, 0.5, 0.0], [1.0, 1.0, 0.4, 0.1]),
/// ]);
/// assert!(picture.svg().contains("v: error"));
/// ```
pub fn panels(rows: &[Vec<Panel>]) -> Picture {
    let sheet = Sheet::of(rows);
    let mut picture = Picture::new(sheet.width(), sheet.height());
    let mut top = EDGE;
    for (panels, row) in rows.iter().zip(&sheet.rows) {
        let mut left = EDGE;
        for (panel, column) in panels.iter().zip(&sheet.columns) {
            let place = Rectangle {
                left: left + column.before,
                top: top + row.before,
                width: column.length,
                height: row.length,
            };
            draw(panel.inside(), &mut picture, place, column);
            left += column.full();
        }
        top += row.full();
    }
    picture
}

/// Around the sheet.
const EDGE: f64 = 10.0;

/// The height of a row over the width of its columns is between these.
const HIGHEST: f64 = 1.25;
const LOWEST: f64 = 0.12;

/// Boxes of a row or of a column: their length, and the most room before and after them.
#[derive(Clone, Copy, Debug, Default)]
struct Band {
    before: f64,
    length: f64,
    after: f64,
}

impl Band {
    fn full(&self) -> f64 {
        self.before + self.length + self.after
    }
}

struct Sheet {
    columns: Vec<Band>,
    rows: Vec<Band>,
}

impl Sheet {
    fn of(rows: &[Vec<Panel>]) -> Self {
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let length =
            if count == 1 && rows.len() == 1 && has_chart(&rows[0]) { 640.0 } else { box_width(count) };
        let mut sheet = Self { columns: vec![Band { length, ..Band::default() }; count], rows: Vec::new() };
        for panels in rows {
            let row = sheet.add(panels, length);
            sheet.rows.push(row);
        }
        sheet
    }

    /// Makes room for a row.
    fn add(&mut self, panels: &[Panel], length: f64) -> Band {
        let height = row_height(panels, length);
        let mut row = Band { length: height, ..Band::default() };
        for (panel, column) in panels.iter().zip(&mut self.columns) {
            let margins = panel.inside().margins([length, height]);
            let title = if panel.inside().title().is_empty() { 0.0 } else { TITLE + 4.0 };
            row.before = row.before.max(margins.top + title);
            row.after = row.after.max(margins.bottom + 6.0);
            column.before = column.before.max(margins.left);
            column.after = column.after.max(margins.right + 6.0);
        }
        row
    }

    fn width(&self) -> f64 {
        2.0 * EDGE + self.columns.iter().map(Band::full).sum::<f64>()
    }

    fn height(&self) -> f64 {
        2.0 * EDGE + self.rows.iter().map(Band::full).sum::<f64>()
    }
}

fn box_width(columns: usize) -> f64 {
    match columns {
        0 | 1 => 460.0,
        2 => 360.0,
        3 => 300.0,
        _ => 250.0,
    }
}

fn has_chart(panels: &[Panel]) -> bool {
    panels.iter().any(|panel| matches!(panel, Panel::Chart(_)))
}

/// As high as the highest of those that keep their shape; charts are not flattened.
fn row_height(panels: &[Panel], length: f64) -> f64 {
    let kept = panels.iter().filter_map(|panel| panel.inside().aspect()).map(|aspect| length / aspect);
    let highest =
        kept.fold(None, |highest: Option<f64>, height| Some(highest.map_or(height, |h| h.max(height))));
    let free = length * if panels.len() == 1 && has_chart(panels) { 0.58 } else { 0.75 };
    let height = highest.unwrap_or(free).clamp(LOWEST * length, HIGHEST * length);
    if has_chart(panels) { height.max(0.55 * length) } else { height }
}

/// A panel in the middle of its place, and its title.
fn draw(inside: &dyn Inside, picture: &mut Picture, place: Rectangle, column: &Band) {
    let fitting = inside.aspect().map_or(place, |aspect| with_aspect(place, aspect));
    inside.draw(picture, fitting);
    let above = inside.margins([place.width, place.height]).top;
    let longest = column.before + place.width;
    let title = fitted(inside.title(), TITLE, longest);
    let half = 0.5 * width(&title, TITLE);
    let [first, last] = [place.left - column.before + half, place.right() - half];
    let middle = (place.left + 0.5 * place.width).min(last).max(first);
    let top = fitting.top - above - 4.0;
    picture.text(Text::new(title, [middle, top], TITLE, Anchor::Middle));
}

/// The largest rectangle of that shape in the middle of another.
fn with_aspect(place: Rectangle, aspect: f64) -> Rectangle {
    let width = place.width.min(place.height * aspect);
    let height = width / aspect;
    Rectangle {
        left: place.left + 0.5 * (place.width - width),
        top: place.top + 0.5 * (place.height - height),
        width,
        height,
    }
}
