//! A vector field: arrows over the colours of its magnitude.
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

/// A vector field over a grid.
#[derive(Clone, Debug)]
pub struct Arrows {
    magnitude: HeatMap,
    field: Field,
}

/// Vectors in the order of [`Axes`].
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) axes: Axes,
    pub(super) vectors: Vec<[f64; 2]>,
}

impl Arrows {
    /// Components along x and y in the order of [`Axes`]; vectors that are not finite are left out.
    pub fn new(title: impl Into<String>, axes: Axes, u: &[f64], v: &[f64]) -> Self {
        let vectors: Vec<[f64; 2]> = u.iter().zip(v).map(|(u, v)| [*u, *v]).collect();
        let magnitude = vectors.iter().map(|[u, v]| u.hypot(*v)).collect();
        let magnitude = HeatMap::new(title, axes.clone(), magnitude);
        Self { magnitude, field: Field { axes, vectors } }
    }

    /// The same with a name beside its bar, as |u|.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { magnitude: self.magnitude.named(name), ..self }
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
        draw_arrows(&self.field, &self.field.axes.frame(place), picture);
    }
}

fn draw_arrows(field: &Field, frame: &Frame, picture: &mut Picture) {
    let arrows: Vec<[Point; 2]> = field.arrows(frame);
    let shafts: Vec<Vec<Point>> = arrows.iter().map(|[tail, tip]| vec![*tail, *tip]).collect();
    let heads = arrows.iter().map(head).collect();
    picture.lines(shafts.clone(), Stroke::new(Colour::INK, 2.6));
    picture.lines(shafts, Stroke::new(Colour::WHITE, 1.2));
    draw_heads(heads, picture);
}

/// White with a dark rim, visible over every colour.
pub(super) fn draw_heads(heads: Vec<Vec<Point>>, picture: &mut Picture) {
    let closed = heads.iter().map(|head| head.iter().chain(head.first()).copied().collect()).collect();
    picture.lines(closed, Stroke::new(Colour::INK, 1.4));
    picture.shapes.push(Shape::Areas { areas: heads, fill: Colour::WHITE });
}

/// The triangle at the tip of an arrow; shorter for short arrows.
pub(super) fn head([tail, tip]: &[Point; 2]) -> Vec<Point> {
    let [dx, dy] = [tip[0] - tail[0], tip[1] - tail[1]];
    let length = dx.hypot(dy);
    let size = HEAD.min(0.6 * length) / length.max(f64::MIN_POSITIVE);
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

    /// The vector of the cell at places between 0 and 1.
    pub(super) fn at(&self, place: Point) -> Option<[f64; 2]> {
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
