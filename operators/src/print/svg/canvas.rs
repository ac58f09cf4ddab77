//! The few shapes that drawings are made of, as SVG elements.

use std::fmt::Write;

use super::math::Math;
use super::place::Place;

/// Elements in the order in which they are painted.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pub(super) elements: String,
}

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
}

/// How a shape is painted: colour of its line, width of its line, and filling.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) stroke: &'static str,
    pub(super) width: f64,
    pub(super) fill: &'static str,
}

impl Canvas {
    /// A rectangle with rounded corners.
    pub(super) fn rectangle(&mut self, place: Place, radius: f64, paint: Paint) {
        let Paint { stroke, width, fill } = paint;
        writeln!(
            self.elements,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"{fill}\" \
             stroke=\"{stroke}\" stroke-width=\"{width}\"/>",
            place.left(),
            place.top(),
            place.width,
            place.height
        )
        .expect("writing to a string does not fail");
    }

    /// Lines without filling.
    pub(super) fn path(&mut self, data: &str, stroke: &str, width: f64) {
        writeln!(
            self.elements,
            "<path d=\"{data}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\" stroke-linecap=\"round\"/>"
        )
        .expect("writing to a string does not fail");
    }

    /// An arrow's head that ends at a point and shows to the right.
    pub(super) fn arrow(&mut self, (x, y): (f64, f64), fill: &str) {
        writeln!(self.elements, "<path d=\"M{x:.1} {y:.1}l-7 -3.5v7z\" fill=\"{fill}\"/>")
            .expect("writing to a string does not fail");
    }

    /// One line of text; the point is on its base line.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, text: &Math, size: f64, fill: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
        };
        let content = text.svg(size);
        writeln!(
            self.elements,
            "<text x=\"{x:.1}\" y=\"{y:.1}\"{anchor} font-size=\"{size}\" fill=\"{fill}\">{content}</text>"
        )
        .expect("writing to a string does not fail");
    }
}

/// Path data of a smooth line that leaves and arrives horizontally.
pub(super) fn curve(from: (f64, f64), to: (f64, f64)) -> String {
    let middle = f64::midpoint(from.0, to.0);
    format!(
        "M{:.1} {:.1}C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
        from.0, from.1, from.1, to.1, to.0, to.1
    )
}
