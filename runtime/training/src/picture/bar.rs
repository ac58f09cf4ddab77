//! The bar beside a field that says which colour is which value.

use super::bitmap::Bitmap;
use super::colour::{COLOURS, Map};
use super::frame::{GAP, LABEL, NAME, Ruler, TICK, upright, widest};
use super::scene::{Anchor, Colour, Picture, Rectangle, Shape, Stroke, Text};

/// Colours, and the values at both ends of them.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) map: Map,
    pub(super) ruler: Ruler,
}

/// Its distance from the field, and its width.
const APART: f64 = 10.0;
const WIDTH: f64 = 12.0;

impl Bar {
    /// The room that it takes beside a field of that height.
    pub(super) fn room(&self, height: f64) -> f64 {
        let ticks = self.ruler.upwards(height);
        let name = self.ruler.full_name(&ticks);
        let name = if name.is_empty() { 0.0 } else { GAP + name_width(&name) };
        APART + WIDTH + TICK + GAP + widest(&ticks) + name + 2.0 * GAP
    }

    /// Draws it beside a field.
    pub(super) fn draw(&self, picture: &mut Picture, field: Rectangle) {
        let place = Rectangle { left: field.right() + APART, width: WIDTH, ..field };
        let cells = (0..COLOURS).rev().collect();
        let bitmap = Bitmap { columns: 1, cells, palette: self.map.palette() };
        picture.shapes.push(Shape::Image { place, bitmap });
        picture.line(place.outline(), Stroke::new(Colour::SOFT, 1.0));
        let ticks = self.ruler.upwards(place.height);
        let right = place.right();
        let mut marks = Vec::new();
        for tick in &ticks.ticks {
            let y = place.bottom() - tick.place * place.height;
            marks.push(vec![[right, y], [right + TICK, y]]);
            let label = [right + TICK + GAP, y + 0.36 * LABEL];
            picture.text(Text::new(&tick.label, label, LABEL, Anchor::Start));
        }
        picture.lines(marks, Stroke::new(Colour::SOFT, 1.0));
        let name = self.ruler.full_name(&ticks);
        if !name.is_empty() {
            let right = right + TICK + GAP + widest(&ticks) + GAP + name_width(&name);
            upright(picture, &name, [right, place.top + 0.5 * place.height], place.height);
        }
    }
}

/// Of an upright name, which is turned unless it is short.
fn name_width(name: &str) -> f64 {
    super::font::width(name, NAME).min(1.2 * NAME)
}
