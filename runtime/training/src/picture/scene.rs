//! A picture: shapes in pixels, from the left and from the top, drawn one over another.

use super::bitmap::Bitmap;

/// A picture that can be written as SVG ([`Picture::svg`]) and as PNG ([`Picture::png`]).
#[derive(Clone, Debug)]
pub struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
}

impl Picture {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width: width.ceil(), height: height.ceil(), shapes: Vec::new() }
    }

    /// Width and height in pixels, before a PNG is made larger.
    pub fn size(&self) -> [f64; 2] {
        [self.width, self.height]
    }

    pub(super) fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.lines(vec![points], stroke);
    }

    pub(super) fn lines(&mut self, lines: Vec<Vec<Point>>, stroke: Stroke) {
        if !lines.is_empty() {
            self.shapes.push(Shape::Lines { lines, stroke });
        }
    }

    pub(super) fn text(&mut self, text: Text) {
        self.shapes.push(Shape::Text(text));
    }
}

/// From the left and from the top.
pub(super) type Point = [f64; 2];

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour(pub(super) [u8; 3]);

impl Colour {
    pub(super) const INK: Self = Self([0x26; 3]);
    pub(super) const SOFT: Self = Self([0x59; 3]);
    pub(super) const GRID: Self = Self([0xe3; 3]);
    pub(super) const WHITE: Self = Self([0xff; 3]);

    /// So far on the way to white, from 0 to 1.
    pub(super) fn paler(self, fraction: f64) -> Self {
        Self(
            self.0
                .map(|channel| (f64::from(channel) + fraction * f64::from(u8::MAX - channel)).round() as u8),
        )
    }
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Open lines, all of one stroke.
    Lines {
        lines: Vec<Vec<Point>>,
        stroke: Stroke,
    },
    /// Closed and filled.
    Areas {
        areas: Vec<Vec<Point>>,
        fill: Colour,
    },
    /// Filled circles.
    Dots {
        centres: Vec<Point>,
        radius: f64,
        fill: Colour,
    },
    Text(Text),
    /// A bitmap stretched over a rectangle.
    Image {
        place: Rectangle,
        bitmap: Bitmap,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) colour: Colour,
    pub(super) width: f64,
    pub(super) dashed: bool,
}

impl Stroke {
    pub(super) const fn new(colour: Colour, width: f64) -> Self {
        Self { colour, width, dashed: false }
    }
}

/// The length of a dash and of the gap after it.
pub(super) const DASHES: [f64; 2] = [6.0, 4.0];

/// One line of text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) letters: String,
    /// Where the line of writing begins, has its middle or ends.
    pub(super) at: Point,
    pub(super) size: f64,
    pub(super) anchor: Anchor,
    /// Written upwards.
    pub(super) upwards: bool,
    pub(super) colour: Colour,
}

impl Text {
    pub(super) fn new(letters: impl Into<String>, at: Point, size: f64, anchor: Anchor) -> Self {
        Self { letters: letters.into(), at, size, anchor, upwards: false, colour: Colour::INK }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rectangle {
    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Its outline, closed.
    pub(super) fn outline(&self) -> Vec<Point> {
        let [right, bottom] = [self.right(), self.bottom()];
        let corner = [self.left, self.top];
        vec![corner, [right, self.top], [right, bottom], [self.left, bottom], corner]
    }
}
