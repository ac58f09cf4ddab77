//! The bar beside a field that says which colour is which value.

use super::bitmap::Bitmap;
use super::colour::{COLOURS, Map};
use super::font::width;
use super::frame::{GAP, LABEL, NAME, Ruler, TICK, upright, widest};
use super::scale::Ticks;
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
        let name = if self.is_turned(&ticks) { GAP + 1.2 * NAME } else { 0.0 };
        APART + WIDTH + TICK + GAP + widest(&ticks) + name + 2.0 * GAP
    }

    /// The room that it takes above the field.
    pub(super) fn above(&self) -> f64 {
        if self.ruler.name.is_empty() { 0.0 } else { 0.5 * NAME }
    }

    /// Whether the name is too long to be above the bar.
    fn is_turned(&self, ticks: &Ticks) -> bool {
        width(&self.ruler.full_name(ticks), NAME) > WIDTH + TICK + GAP + widest(ticks)
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
        if self.is_turned(&ticks) {
            let right = right + TICK + GAP + widest(&ticks) + GAP + 1.2 * NAME;
            upright(picture, &name, [right, place.top + 0.5 * place.height], place.height);
        } else {
            picture.text(Text::new(name, [place.left, place.top - 7.0], NAME, Anchor::Start));
        }
    }
}
