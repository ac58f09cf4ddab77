//! A vector field: arrows, or lines along it, over the colours of its magnitude.
//!
//! | notation | name |
//! |---|---|
//! | (u, v) | components along x and along y, for each cell of a grid |
//! | √(u² + v²) | the magnitude, as a [`HeatMap`] |
//!
//! The longest arrow spans the distance of two arrows; directions are those of the picture, so that an arrow is tangent to
//! the path of a particle also where the axes have different scales.

use super::frame::{Frame, Margins};
use super::heat::{Axes, HeatMap};
use super::panels::Inside;
use super::scene::{Colour, Picture, Point, Rectangle, Shape, Stroke};
use super::streamlines::streamlines;

/// A vector field over a grid.
#[derive(Clone, Debug)]
pub struct Arrows {
    magnitude: HeatMap,
    field: Field,
    streamlines: bool,
}

/// Vectors in the order of [`Axes`].
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) axes: Axes,
    pub(super) vectors: Vec<[f64; 2]>,
}

impl Arrows {
    /// Components along x and y in the order of [`Axes`]; vectors that are not finite are left out.
    ///
    /// # Example: a rotation
    ///
    /// ```
    /// use jetc_training::picture::{Arrows, Axes, Axis};
    ///
    /// let axes = Axes { x: Axis::space("x", [-1.0, 1.0]), y: Axis::space("y", [-1.0, 1.0]), columns: 2 };
    /// let rotation = Arrows::new("velocity", axes, &[0.5, 0.5, -0.5, -0.5], &[-0.5, 0.5, -0.5, 0.5]).named("speed");
    /// assert!(rotation.streamlines().picture().png(1.0).is_ok());
    /// ```
    pub fn new(title: impl Into<String>, axes: Axes, u: &[f64], v: &[f64]) -> Self {
        let vectors: Vec<[f64; 2]> = u.iter().zip(v).map(|(u, v)| [*u, *v]).collect();
        let magnitude = vectors.iter().map(|[u, v]| u.hypot(*v)).collect();
        let magnitude = HeatMap::new(title, axes.clone(), magnitude);
        Self { magnitude, field: Field { axes, vectors }, streamlines: false }
    }

    /// The same with a name beside its bar, as |u|.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { magnitude: self.magnitude.named(name), ..self }
    }

    /// The same with evenly spaced lines along the field in place of arrows.
    #[must_use]
    pub fn streamlines(self) -> Self {
        Self { streamlines: true, ..self }
    }

    /// The vector field alone.
    pub fn picture(self) -> Picture {
        super::panels(&[vec![self.into()]])
    }
}

/// The distance of arrows, and the sizes of a head, in pixels.
const APART: f64 = 20.0;
const HEAD: f64 = 5.0;

impl Inside for Arrows {
    fn title(&self) -> &str {
        self.magnitude.title()
    }

    fn aspect(&self) -> Option<f64> {
        self.magnitude.aspect()
    }

    fn margins(&self, size: [f64; 2]) -> Margins {
        self.magnitude.margins(size)
    }

    fn draw(&self, picture: &mut Picture, place: Rectangle) {
        self.magnitude.draw(picture, place);
        let frame = self.field.axes.frame(place);
        if self.streamlines {
            draw_streamlines(streamlines(&self.field, &frame), picture);
        } else {
            draw_arrows(&self.field.arrows(&frame), picture);
        }
    }
}

fn draw_arrows(arrows: &[[Point; 2]], picture: &mut Picture) {
    let shafts: Vec<Vec<Point>> = arrows.iter().map(|[tail, tip]| vec![*tail, *tip]).collect();
    let long = |[tail, tip]: &[Point; 2]| HEAD.min(0.6 * (tip[0] - tail[0]).hypot(tip[1] - tail[1]));
    let heads = arrows.iter().map(|arrow| head(arrow, long(arrow))).collect();
    picture.lines(shafts.clone(), Stroke::new(Colour::INK, 2.6));
    picture.lines(shafts, Stroke::new(Colour::WHITE, 1.2));
    draw_heads(heads, picture);
}

fn draw_streamlines(lines: Vec<Vec<Point>>, picture: &mut Picture) {
    let middles = lines.iter().filter_map(|line| line.get(line.len() / 2 - 1..=line.len() / 2));
    let heads = middles.map(|pair| head(&[pair[0], pair[1]], HEAD)).collect();
    picture.lines(lines.clone(), Stroke::new(Colour::INK, 2.2));
    picture.lines(lines, Stroke::new(Colour::WHITE, 1.1));
    draw_heads(heads, picture);
}

/// White with a dark rim, visible over every colour.
fn draw_heads(heads: Vec<Vec<Point>>, picture: &mut Picture) {
    let closed = heads.iter().map(|head| head.iter().chain(head.first()).copied().collect()).collect();
    picture.lines(closed, Stroke::new(Colour::INK, 1.4));
    picture.shapes.push(Shape::Areas { areas: heads, fill: Colour::WHITE });
}

/// The triangle at the tip of an arrow, so long.
fn head([tail, tip]: &[Point; 2], long: f64) -> Vec<Point> {
    let [dx, dy] = [tip[0] - tail[0], tip[1] - tail[1]];
    let size = long / dx.hypot(dy).max(f64::MIN_POSITIVE);
    let [dx, dy] = [dx * size, dy * size];
    let back = [tip[0] - dx, tip[1] - dy];
    vec![*tip, [back[0] - 0.5 * dy, back[1] + 0.5 * dx], [back[0] + 0.5 * dy, back[1] - 0.5 * dx]]
}

impl Field {
    fn rows(&self) -> usize {
        self.vectors.len() / self.axes.columns.max(1)
    }

    /// Tails and tips in pixels.
    fn arrows(&self, frame: &Frame) -> Vec<[Point; 2]> {
        let Rectangle { left, top, width, height } = frame.place;
        let across = (width / APART).max(1.0).floor() as usize;
        let upwards = (height / APART).max(1.0).floor() as usize;
        let mut found = Vec::new();
        for j in 0..upwards {
            for i in 0..across {
                let place = [(i as f64 + 0.5) / across as f64, (j as f64 + 0.5) / upwards as f64];
                let middle = [left + place[0] * width, top + (1.0 - place[1]) * height];
                found.extend(self.at(place).map(|vector| (middle, in_pixels(vector, frame))));
            }
        }
        let longest = found.iter().map(|(_, [dx, dy])| dx.hypot(*dy)).fold(0.0, f64::max);
        found.iter().filter_map(|(middle, vector)| arrow(*middle, *vector, longest)).collect()
    }

    /// The vector at places between 0 and 1, linear along both axes between the middles of cells.
    pub(super) fn between(&self, place: Point) -> Option<[f64; 2]> {
        let counts = [self.axes.columns, self.rows()];
        let [x, y] = [0, 1].map(|axis| {
            (place[axis] * counts[axis] as f64 - 0.5).clamp(0.0, (counts[axis] as f64 - 1.0).max(0.0))
        });
        let [i, j] = [x, y].map(f64::floor);
        let corner = |i: f64, j: f64| self.at([(i + 0.5) / counts[0] as f64, (j + 0.5) / counts[1] as f64]);
        let mixed = |a: [f64; 2], b: [f64; 2], t: f64| [0, 1].map(|axis| a[axis] + t * (b[axis] - a[axis]));
        let lower = mixed(corner(i, j)?, corner(i + 1.0, j)?, x - i);
        let upper = mixed(corner(i, j + 1.0)?, corner(i + 1.0, j + 1.0)?, x - i);
        Some(mixed(lower, upper, y - j))
    }

    /// The vector of the cell at places between 0 and 1.
    fn at(&self, place: Point) -> Option<[f64; 2]> {
        let [columns, rows] = [self.axes.columns, self.rows()];
        let cell = |place: f64, count: usize| {
            ((place * count as f64).max(0.0) as usize).min(count.saturating_sub(1))
        };
        let vector = self.vectors.get(cell(place[1], rows) * columns + cell(place[0], columns))?;
        vector.iter().all(|component| component.is_finite()).then_some(*vector)
    }
}

/// A vector in pixels, to the right and down.
pub(super) fn in_pixels([u, v]: [f64; 2], frame: &Frame) -> [f64; 2] {
    let [x, y] = [frame.x.scale, frame.y.scale];
    [u * frame.place.width / (x.high - x.low), -v * frame.place.height / (y.high - y.low)]
}

/// Around its middle; nothing where it would be a dot.
fn arrow(middle: Point, [dx, dy]: [f64; 2], longest: f64) -> Option<[Point; 2]> {
    let half = 0.5 * 0.95 * APART / longest;
    let [dx, dy] = [dx * half, dy * half];
    let visible = dx.hypot(dy) > 0.75;
    visible.then(|| [[middle[0] - dx, middle[1] - dy], [middle[0] + dx, middle[1] + dy]])
}
