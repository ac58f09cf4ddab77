//! The glyphs of labels: how wide they are, and their outlines.
//!
//! Pictures must look alike where no fonts are installed, so a font comes with the code: the Latin, Greek and mathematical
//! glyphs of DejaVu Sans 2.37, free to use and to change (`font/LICENSE`).
//!
//! Lengths in the font are in units of 1/`units_per_em`; an em is the size of the text.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Families that viewers of SVG should try, with the same or nearly the same widths.
pub(super) const FAMILIES: &str = "DejaVu Sans, Verdana, sans-serif";

static FACE: LazyLock<Face<'static>> = LazyLock::new(|| {
    Face::parse(include_bytes!("font/DejaVuSans-subset.ttf"), 0).expect("the font in the code is whole")
});

/// How long a text of that size is.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| advance(glyph(letter))).sum::<f64>() * size
}

/// The longest beginning of a text that fits into a length, with an ellipsis where something is left out.
pub(super) fn fitted(text: &str, size: f64, length: f64) -> String {
    if width(text, size) <= length {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while kept.pop().is_some() && width(&kept, size) + width("…", size) > length {}
    kept.push('…');
    kept
}

/// Outlines of a text that begins at (0, 0), upwards positive, given to `pen` as it would be at that size.
pub(super) fn outline(text: &str, size: f64, pen: &mut impl OutlineBuilder) {
    let scale = size as f32 / f32::from(FACE.units_per_em());
    let mut left = 0.0;
    for letter in text.chars() {
        let glyph = glyph(letter);
        FACE.outline_glyph(glyph, &mut Placed { pen: &mut *pen, scale, left });
        left += (advance(glyph) * size) as f32;
    }
}

/// Glyph 0 is the box of letters that are missing.
fn glyph(letter: char) -> GlyphId {
    FACE.glyph_index(letter).unwrap_or(GlyphId(0))
}

/// In ems.
fn advance(glyph: GlyphId) -> f64 {
    f64::from(FACE.glyph_hor_advance(glyph).unwrap_or(0)) / f64::from(FACE.units_per_em())
}

/// Scales, then moves to the right.
struct Placed<'a, P> {
    pen: &'a mut P,
    scale: f32,
    left: f32,
}

impl<P> Placed<'_, P> {
    fn at(&self, x: f32, y: f32) -> [f32; 2] {
        [self.left + self.scale * x, self.scale * y]
    }
}

impl<P: OutlineBuilder> OutlineBuilder for Placed<'_, P> {
    fn move_to(&mut self, x: f32, y: f32) {
        let [x, y] = self.at(x, y);
        self.pen.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let [x, y] = self.at(x, y);
        self.pen.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ([x1, y1], [x, y]) = (self.at(x1, y1), self.at(x, y));
        self.pen.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ([x1, y1], [x2, y2], [x, y]) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.pen.curve_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.pen.close();
    }
}
