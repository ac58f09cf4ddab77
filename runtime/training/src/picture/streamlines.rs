//! Lines along a vector field, evenly spaced.
//!
//! The picture is divided into squares, each of which belongs to one line at most. A line begins in the middle of a free square
//! and follows the field both ways, until it would enter a square that has a line, leaves the picture, comes where the field
//! is zero or unknown, or goes round inside of a square. Short lines are given up.
//!
//! | notation | name |
//! |---|---|
//! | w = (u, −v) in pixels, of length 1 | [`direction`] |
//! | p ← p ± h (k₁ + 2k₂ + 2k₃ + k₄)/6, the classical method of Runge and Kutta | [`advanced`] |
//!
//! Source of the spacing: B. Jobard, W. Lefer, *Creating evenly-spaced streamlines of arbitrary density*, 1997, with squares in
//! place of distances. Checked by `streamlines_of_a_rotation_are_circles` and `streamlines_keep_apart`.

use super::arrows::{Field, in_pixels};
use super::frame::Frame;
use super::scene::{Point, Rectangle};

/// The side of a square, a step h and the shortest line, in pixels.
const SIDE: f64 = 14.0;
const STEP: f64 = 3.0;
const SHORTEST: f64 = 45.0;

/// Steps in one square, after which a line is taken to turn around a point for ever.
const LONGEST_STAY: usize = 12;

/// Lines in pixels, each in the direction of the field.
pub(super) fn streamlines(field: &Field, frame: &Frame) -> Vec<Vec<Point>> {
    let mut squares = Squares::over(frame.place);
    let mut lines = Vec::new();
    for index in squares.inwards() {
        if squares.owners[index].is_none() {
            lines.extend(line_from(squares.middle(index), lines.len(), field, frame, &mut squares));
        }
    }
    lines
}

/// The line through a point, if it is long enough; else its squares are free again.
fn line_from(
    seed: Point,
    owner: usize,
    field: &Field,
    frame: &Frame,
    squares: &mut Squares,
) -> Option<Vec<Point>> {
    direction(seed, field, frame)?;
    let start = squares.index(seed)?;
    squares.owners[start] = Some(owner);
    let mut line = followed(seed, -STEP, owner, field, frame, squares);
    line.reverse();
    line.push(seed);
    line.extend(followed(seed, STEP, owner, field, frame, squares));
    let long = line.len() as f64 * STEP >= SHORTEST;
    if !long {
        squares.free(owner);
    }
    long.then_some(line)
}

/// Points after the first, in steps forwards or backwards.
fn followed(
    seed: Point,
    step: f64,
    owner: usize,
    field: &Field,
    frame: &Frame,
    squares: &mut Squares,
) -> Vec<Point> {
    let mut points = Vec::new();
    let (mut point, mut square, mut stay) = (seed, squares.index(seed), 0);
    while let Some(next) = advanced(point, step, field, frame) {
        let entered = squares.index(next);
        if entered != square && !entered.is_some_and(|entered| squares.take(entered, owner)) {
            break;
        }
        stay = if entered == square { stay + 1 } else { 0 };
        if stay > LONGEST_STAY {
            break;
        }
        (point, square) = (next, entered);
        points.push(point);
    }
    points
}

/// One step.
fn advanced(p: Point, h: f64, field: &Field, frame: &Frame) -> Option<Point> {
    let slope =
        |k: Point, part: f64| direction([p[0] + part * h * k[0], p[1] + part * h * k[1]], field, frame);
    let k1 = direction(p, field, frame)?;
    let k2 = slope(k1, 0.5)?;
    let k3 = slope(k2, 0.5)?;
    let k4 = slope(k3, 1.0)?;
    let along = |axis: usize| p[axis] + h * (k1[axis] + 2.0 * k2[axis] + 2.0 * k3[axis] + k4[axis]) / 6.0;
    Some([along(0), along(1)])
}

/// Where the field goes, in pixels, of length 1.
fn direction([x, y]: Point, field: &Field, frame: &Frame) -> Option<Point> {
    let Rectangle { left, width, height, .. } = frame.place;
    let place = [(x - left) / width, (frame.place.bottom() - y) / height];
    let [dx, dy] = in_pixels(field.between(place)?, frame);
    let length = dx.hypot(dy);
    (length > 0.0 && length.is_finite()).then(|| [dx / length, dy / length])
}

/// Which line each square belongs to, by row from the top.
struct Squares {
    place: Rectangle,
    columns: usize,
    rows: usize,
    owners: Vec<Option<usize>>,
}

impl Squares {
    fn over(place: Rectangle) -> Self {
        let [columns, rows] = [place.width, place.height].map(|side| (side / SIDE).ceil() as usize);
        Self { place, columns, rows, owners: vec![None; columns * rows] }
    }

    fn index(&self, [x, y]: Point) -> Option<usize> {
        let [x, y] = [x - self.place.left, y - self.place.top];
        let inside = (0.0..self.place.width).contains(&x) && (0.0..self.place.height).contains(&y);
        inside.then(|| (y / SIDE) as usize * self.columns + (x / SIDE) as usize)
    }

    fn middle(&self, index: usize) -> Point {
        let [i, j] = [index % self.columns, index / self.columns].map(|n| (n as f64 + 0.5) * SIDE);
        [self.place.left + i, self.place.top + j]
    }

    /// Whether a square could be had.
    fn take(&mut self, index: usize, owner: usize) -> bool {
        let free = self.owners[index].is_none();
        if free {
            self.owners[index] = Some(owner);
        }
        free
    }

    fn free(&mut self, owner: usize) {
        for square in &mut self.owners {
            square.take_if(|found| *found == owner);
        }
    }

    /// From the border to the middle, since lines along the border are the longest.
    fn inwards(&self) -> Vec<usize> {
        let depth = |index: &usize| {
            let [i, j] = [index % self.columns, index / self.columns];
            i.min(j).min(self.columns - 1 - i).min(self.rows - 1 - j)
        };
        let mut all: Vec<usize> = (0..self.owners.len()).collect();
        all.sort_by_key(depth);
        all
    }
}
