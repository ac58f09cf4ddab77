//! A field over two axes as colours, with a bar that says which colour is which value.

use super::bar::Bar;
use super::bitmap::Bitmap;
use super::colour::{COLOURS, Colours, Map};
use super::frame::{Frame, Margins, Ruler};
use super::panels::Inside;
use super::scale::Scale;
use super::scene::{Picture, Rectangle, Shape};

/// What an axis measures, and how far.
#[derive(Clone, Debug)]
pub struct Axis {
    name: String,
    range: [f64; 2],
    space: bool,
}

impl Axis {
    /// A coordinate of space; two of these have the same scale.
    pub fn space(name: impl Into<String>, range: [f64; 2]) -> Self {
        Self { name: name.into(), range, space: true }
    }

    /// Time, or any other quantity.
    pub fn time(name: impl Into<String>, range: [f64; 2]) -> Self {
        Self { space: false, ..Self::space(name, range) }
    }

    /// The same, with a unit behind its name.
    #[must_use]
    pub fn unit(self, unit: &str) -> Self {
        Self { name: format!("{} [{unit}]", self.name), ..self }
    }

    pub(super) fn ruler(&self) -> Ruler {
        Ruler { scale: Scale::between(self.range, false), name: self.name.clone() }
    }

    fn length(&self) -> f64 {
        let scale = self.ruler().scale;
        scale.high - scale.low
    }
}

/// A regular grid over two axes. The ranges are divided evenly, and each value stands for a cell, best taken at its middle.
///
/// Values are in the order of y, and of x for each y: the one of cell (i, j) is at `j * columns + i`.
#[derive(Clone, Debug)]
pub struct Axes {
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// Cells along x.
    pub columns: usize,
}

impl Axes {
    pub(super) fn frame(&self, place: Rectangle) -> Frame {
        Frame { place, x: self.x.ruler(), y: self.y.ruler() }
    }

    /// Width over height where both axes are space.
    pub(super) fn aspect(&self) -> Option<f64> {
        (self.x.space && self.y.space).then(|| self.x.length() / self.y.length())
    }
}

/// A field over a grid.
#[derive(Clone, Debug)]
pub struct HeatMap {
    title: String,
    axes: Axes,
    values: Vec<f64>,
    colours: Colours,
    name: String,
    range: Option<[f64; 2]>,
}

impl HeatMap {
    /// Values in the order of [`Axes`]; where they are not finite, as outside of a domain, the paper stays white.
    pub fn new(title: impl Into<String>, axes: Axes, values: Vec<f64>) -> Self {
        Self { title: title.into(), axes, values, colours: Colours::Values, name: String::new(), range: None }
    }

    /// The same in other colours.
    #[must_use]
    pub fn colours(self, colours: Colours) -> Self {
        Self { colours, ..self }
    }

    /// The same with a name beside its bar, as u or |u − u*|.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The same with colours from one value to another; values beyond have the colour of the end.
    #[must_use]
    pub fn range(self, range: [f64; 2]) -> Self {
        Self { range: Some(range), ..self }
    }

    /// The same fields, a colour standing for the same value in all of them.
    #[must_use]
    pub fn alike<const N: usize>(maps: [Self; N]) -> [Self; N] {
        let all = Scale::over(maps.iter().flat_map(|map| map.values.iter().copied()), false);
        maps.map(|map| map.range([all.low, all.high]))
    }

    /// The field alone.
    pub fn picture(self) -> Picture {
        super::panels(&[vec![self.into()]])
    }

    /// The bar of colours with the values at its ends.
    fn bar(&self) -> Bar {
        let found = Scale::over(self.values.iter().copied(), false);
        let [low, high] = self.range.unwrap_or([found.low, found.high]);
        let (map, scale) = match self.colours {
            Colours::Signed if low < 0.0 && high > 0.0 => {
                let most = high.max(-low);
                (Map::Vik, Scale::between([-most, most], false))
            }
            Colours::Values | Colours::Signed => (Map::Viridis, Scale::between([low, high], false)),
            Colours::Errors => (Map::Magma, self.errors()),
        };
        Bar { map, ruler: Ruler { scale, name: self.name.clone() } }
    }

    /// The scale of absolute values: as far as they go, but not over more than six decades.
    fn errors(&self) -> Scale {
        let found = Scale::over(self.values.iter().map(|value| value.abs()), true);
        let low = found.low.max(found.high * 1e-6);
        Scale::between(self.range.unwrap_or([low, found.high]), true)
    }

    /// The row of the greatest y comes first.
    fn bitmap(&self, bar: &Bar) -> Bitmap {
        let columns = self.axes.columns.max(1);
        let rows = self.values.chunks_exact(columns).rev();
        let cells = rows.flatten().map(|value| self.cell(*value, &bar.ruler.scale)).collect();
        Bitmap { columns: columns as u32, cells, palette: bar.map.palette() }
    }

    fn cell(&self, value: f64, scale: &Scale) -> u8 {
        if !value.is_finite() {
            return Bitmap::NOTHING;
        }
        // An error of zero is below every decade.
        let value = if self.colours == Colours::Errors { value.abs().max(scale.low) } else { value };
        let last = f64::from(COLOURS - 1);
        scale.place(value).map_or(Bitmap::NOTHING, |place| (place.clamp(0.0, 1.0) * last).round() as u8)
    }
}

impl Inside for HeatMap {
    fn title(&self) -> &str {
        &self.title
    }

    fn aspect(&self) -> Option<f64> {
        self.axes.aspect()
    }

    fn margins(&self, [_, height]: [f64; 2]) -> Margins {
        let axes = Frame::margins(&self.axes.y.ruler(), height);
        let bar = self.bar();
        Margins { right: bar.room(height), top: axes.top + bar.above(), ..axes }
    }

    fn draw(&self, picture: &mut Picture, place: Rectangle) {
        let bar = self.bar();
        if self.values.len() >= self.axes.columns.max(1) {
            picture.shapes.push(Shape::Image { place, bitmap: self.bitmap(&bar) });
        }
        self.axes.frame(place).draw_axes(picture);
        bar.draw(picture, place);
    }
}
