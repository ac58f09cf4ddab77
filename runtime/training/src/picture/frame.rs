//! A box with an axis below and an axis to the left, and the room that these take.

use super::font::{fitted, width};
use super::scale::{Scale, Ticks};
use super::scene::{Anchor, Colour, Picture, Point, Rectangle, Stroke, Text};

/// Sizes of text, in pixels.
pub(super) const TITLE: f64 = 14.0;
pub(super) const NAME: f64 = 12.5;
pub(super) const LABEL: f64 = 11.0;

/// The length of a tick, and the space after it.
pub(super) const TICK: f64 = 4.0;
pub(super) const GAP: f64 = 4.0;

/// Room around a box.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// One axis: its scale and its name.
#[derive(Clone, Debug)]
pub(super) struct Ruler {
    pub(super) scale: Scale,
    pub(super) name: String,
}

impl Ruler {
    /// Ticks for a length along which writing goes.
    fn across(&self, length: f64) -> Ticks {
        let most = (length / 45.0).max(2.0) as usize;
        let fits = |ticks: &Ticks| {
            let places = ticks.ticks.windows(2).map(|pair| pair[1].place - pair[0].place);
            places.fold(1.0, f64::min) * length >= widest(ticks) + 10.0
        };
        (2..=most)
            .rev()
            .map(|count| self.scale.ticks(count))
            .find(fits)
            .unwrap_or_else(|| self.scale.ticks(2))
    }

    /// Ticks for a length across which writing goes.
    pub(super) fn upwards(&self, length: f64) -> Ticks {
        self.scale.ticks((length / 45.0) as usize)
    }

    /// The name, with the power of ten that the ticks leave out.
    pub(super) fn full_name(&self, ticks: &Ticks) -> String {
        match &ticks.factor {
            Some(factor) if self.name.is_empty() => format!("×{factor}"),
            Some(factor) => format!("{} (×{factor})", self.name),
            None => self.name.clone(),
        }
    }
}

/// How wide the longest label is.
pub(super) fn widest(ticks: &Ticks) -> f64 {
    ticks.ticks.iter().map(|tick| width(&tick.label, LABEL)).fold(0.0, f64::max)
}

/// A box, its axes and where it is.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) place: Rectangle,
    pub(super) x: Ruler,
    pub(super) y: Ruler,
}

impl Frame {
    /// The room that axes of a box of that height take.
    pub(super) fn margins(y: &Ruler, height: f64) -> Margins {
        let ticks = y.upwards(height);
        let name = if y.full_name(&ticks).is_empty() { 0.0 } else { NAME + 2.0 * GAP };
        Margins {
            left: TICK + GAP + widest(&ticks) + name,
            right: 14.0,
            top: 8.0,
            bottom: TICK + GAP + LABEL + GAP + NAME + GAP,
        }
    }

    /// The pixel of a point; nothing where it cannot be shown.
    pub(super) fn at(&self, [x, y]: Point) -> Option<Point> {
        let [x, y] = [self.x.scale.place(x)?, self.y.scale.place(y)?];
        Some([self.place.left + x * self.place.width, self.place.bottom() - y * self.place.height])
    }

    /// Lines behind curves, at the ticks.
    pub(super) fn draw_grid(&self, picture: &mut Picture) {
        let Rectangle { left, top, width, height } = self.place;
        let [right, bottom] = [self.place.right(), self.place.bottom()];
        let mut lines = Vec::new();
        for tick in self.x.across(width).ticks {
            let x = left + tick.place * width;
            lines.push(vec![[x, top], [x, bottom]]);
        }
        for tick in self.y.upwards(height).ticks {
            let y = bottom - tick.place * height;
            lines.push(vec![[left, y], [right, y]]);
        }
        picture.lines(lines, Stroke::new(Colour::GRID, 1.0));
    }

    /// The box, the ticks, their labels and the names.
    pub(super) fn draw_axes(&self, picture: &mut Picture) {
        picture.line(self.place.outline(), Stroke::new(Colour::SOFT, 1.0));
        self.draw_x(picture);
        self.draw_y(picture);
    }

    fn draw_x(&self, picture: &mut Picture) {
        let Rectangle { left, width, .. } = self.place;
        let bottom = self.place.bottom();
        let at = |place: f64| left + place * width;
        let ticks = self.x.across(width);
        let mut marks = Vec::new();
        for tick in &ticks.ticks {
            marks.push(vec![[at(tick.place), bottom], [at(tick.place), bottom + TICK]]);
            let label = [at(tick.place), bottom + TICK + GAP + 0.8 * LABEL];
            picture.text(Text::new(&tick.label, label, LABEL, Anchor::Middle));
        }
        marks.extend(
            self.x
                .scale
                .minor_places()
                .into_iter()
                .map(|place| vec![[at(place), bottom], [at(place), bottom + 0.5 * TICK]]),
        );
        picture.lines(marks, Stroke::new(Colour::SOFT, 1.0));
        let name = fitted(&self.x.full_name(&ticks), NAME, width.max(150.0));
        let middle = [at(0.5), bottom + TICK + GAP + LABEL + GAP + 0.8 * NAME];
        picture.text(Text::new(name, middle, NAME, Anchor::Middle));
    }

    fn draw_y(&self, picture: &mut Picture) {
        let Rectangle { left, height, .. } = self.place;
        let bottom = self.place.bottom();
        let at = |place: f64| bottom - place * height;
        let ticks = self.y.upwards(height);
        let mut marks = Vec::new();
        for tick in &ticks.ticks {
            marks.push(vec![[left - TICK, at(tick.place)], [left, at(tick.place)]]);
            let label = [left - TICK - GAP, at(tick.place) + 0.36 * LABEL];
            picture.text(Text::new(&tick.label, label, LABEL, Anchor::End));
        }
        marks.extend(
            self.y
                .scale
                .minor_places()
                .into_iter()
                .map(|place| vec![[left - 0.5 * TICK, at(place)], [left, at(place)]]),
        );
        picture.lines(marks, Stroke::new(Colour::SOFT, 1.0));
        let right = left - TICK - GAP - widest(&ticks) - 2.0 * GAP;
        upright(picture, &self.y.full_name(&ticks), [right, at(0.5)], height);
    }
}

/// The name of an upright axis, which ends at `right`: turned, unless it is a letter or two.
pub(super) fn upright(picture: &mut Picture, name: &str, [right, middle]: Point, height: f64) {
    let short = width(name, NAME) <= 1.2 * NAME;
    let text = if short {
        Text::new(name, [right, middle + 0.36 * NAME], NAME, Anchor::End)
    } else {
        let name = fitted(name, NAME, height.max(120.0));
        Text { upwards: true, ..Text::new(name, [right - 0.2 * NAME, middle], NAME, Anchor::Middle) }
    };
    picture.text(text);
}
