//! Lines over an axis: losses over steps or seconds, a solution and what is exact, slices at several times.

use super::colour::{LINES, Map};
use super::font::{fitted, width};
use super::frame::{Frame, GAP, LABEL, Margins, Ruler};
use super::number::short;
use super::panels::Inside;
use super::scale::Scale;
use super::scene::{Anchor, Colour, Picture, Point, Rectangle, Shape, Stroke, Text};
use super::thin;

/// Series over common axes.
#[derive(Clone, Debug)]
pub struct Chart {
    title: String,
    names: [String; 2],
    series: Vec<Series>,
    logarithmic: bool,
}

/// What losses are drawn over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Steps of a method.
    Steps,
    /// Seconds since the beginning.
    Seconds,
}

/// A named line.
#[derive(Clone, Debug)]
pub struct Series {
    name: String,
    points: Vec<[f64; 2]>,
    style: Style,
    colour: Option<Colour>,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A line in a colour of its own.
    #[default]
    Line,
    /// A dark, wide line, as for the total.
    Strong,
    /// A dark, dashed line, as for an error or what is exact.
    Dashed,
    /// Points, as for data.
    Dots,
}

impl Series {
    /// Points (x, y), in the order of the line; a name that is empty is not in the legend.
    pub fn new(name: impl Into<String>, points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let points = points.into_iter().collect();
        Self { name: name.into(), points, style: Style::Line, colour: None }
    }

    /// In pixels, with gaps where a value cannot be shown.
    fn lines(&self, frame: &Frame) -> Vec<Vec<Point>> {
        thin::lines(self.points.iter().map(|point| frame.at(*point)))
    }

    /// The same, drawn in another way.
    #[must_use]
    pub fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

impl Chart {
    /// Losses of terms, their total, errors: over steps or seconds, on a logarithmic axis. Losses that are zero are gaps.
    ///
    /// # Example: two terms and their total
    ///
    /// ```
    /// use jetc_training::picture::{Chart, Over, Series, Style};
    ///
    /// let falling = |from: f64| (0..100).map(move |step| [f64::from(step), from * 0.9_f64.powi(step)]);
    /// let terms = vec![
    ///     Series::new("equation", falling(1.0)),
    ///     Series::new("boundary", falling(0.5)),
    ///     Series::new("total", falling(1.5)).style(Style::Strong),
    /// ];
    /// let picture = Chart::losses("Poisson", Over::Steps, terms).picture();
    /// assert!(picture.svg().contains("10⁻²"));
    /// ```
    pub fn losses(title: impl Into<String>, over: Over, series: Vec<Series>) -> Self {
        let x = match over {
            Over::Steps => "steps",
            Over::Seconds => "seconds",
        };
        Self::curves(title, [x, "loss"], series).logarithmic()
    }

    /// Curves over the axes that are named.
    ///
    /// # Example: a solution over what is exact
    ///
    /// ```
    /// use jetc_training::picture::{Chart, Series, Style};
    ///
    /// let over_x = |f: fn(f64) -> f64| (0..=50).map(move |i| f64::from(i) / 50.0).map(move |x| [x, f(x)]);
    /// let found = Series::new("solution", over_x(|x| x.sin() + 1e-2 * x));
    /// let exact = Series::new("exact", over_x(f64::sin)).style(Style::Dashed);
    /// let picture = Chart::curves("u'' = −u", ["x", "u"], vec![found, exact]).picture();
    /// assert!(picture.png(2.0).is_ok());
    /// ```
    pub fn curves(title: impl Into<String>, names: [&str; 2], series: Vec<Series>) -> Self {
        Self { title: title.into(), names: names.map(str::to_owned), series, logarithmic: false }
    }

    /// Curves at several times, later ones lighter. An exact curve is dashed over the one of its time.
    pub fn slices(title: impl Into<String>, names: [&str; 2], slices: &[Slice]) -> Self {
        let times = Scale::over(slices.iter().map(|slice| slice.time), false);
        let mut series = Vec::new();
        for slice in slices {
            let shade = Map::Viridis.at(0.9 * times.place(slice.time).unwrap_or(0.0));
            let name = format!("t = {}", short(slice.time));
            series.push(Series { colour: Some(shade), ..Series::new(name, slice.solution.clone()) });
        }
        for (index, slice) in slices.iter().filter(|slice| !slice.exact.is_empty()).enumerate() {
            let name = if index == 0 { "exact" } else { "" };
            series.push(Series::new(name, slice.exact.clone()).style(Style::Dashed));
        }
        Self::curves(title, names, series)
    }

    /// The same with a logarithmic upright axis.
    #[must_use]
    pub fn logarithmic(self) -> Self {
        Self { logarithmic: true, ..self }
    }

    /// The chart alone.
    pub fn picture(self) -> Picture {
        super::panels(&[vec![self.into()]])
    }

    fn rulers(&self) -> [Ruler; 2] {
        let all = || self.series.iter().flat_map(|series| &series.points);
        let y = Scale::over(all().map(|[_, y]| *y), self.logarithmic).widened(0.05);
        let x = Scale::over(all().filter(|[_, value]| y.place(*value).is_some()).map(|[x, _]| *x), false);
        let [x_name, y_name] = self.names.clone();
        [Ruler { scale: x, name: x_name }, Ruler { scale: y, name: y_name }]
    }

    /// The colour of each series: its own, a dark one, or the next of the list.
    fn coloured(&self) -> impl Iterator<Item = (&Series, Colour)> {
        let mut next = LINES.iter().cycle();
        self.series.iter().map(move |series| {
            let own = match series.style {
                Style::Strong | Style::Dashed => Some(Colour::INK),
                Style::Line | Style::Dots => next.next().copied(),
            };
            (series, series.colour.or(own).unwrap_or(Colour::INK))
        })
    }

    /// Where each entry of the legend begins: lines of text above a box of that width.
    fn legend(&self, length: f64) -> Vec<(Point, &Series, Colour)> {
        let [mut left, mut top] = [0.0, 0.0];
        let mut entries = Vec::new();
        for (series, colour) in self.coloured().filter(|(series, _)| !series.name.is_empty()) {
            let entry = SAMPLE + GAP + width(&series.name, LABEL).min(length - SAMPLE - GAP);
            if left > 0.0 && left + entry > length {
                [left, top] = [0.0, top + ENTRY];
            }
            entries.push(([left, top], series, colour));
            left += entry + 14.0;
        }
        entries
    }

    fn legend_height(&self, length: f64) -> f64 {
        self.legend(length).last().map_or(0.0, |([_, top], ..)| top + ENTRY)
    }
}

/// A solution over x at one time, and the exact one where it is known.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    /// t.
    pub time: f64,
    /// Points (x, u).
    pub solution: Vec<[f64; 2]>,
    /// Points (x, u), or none.
    pub exact: Vec<[f64; 2]>,
}

/// A sample of a line, and the height of an entry.
const SAMPLE: f64 = 22.0;
const ENTRY: f64 = 17.0;

/// How pale the band of a line of many points is.
const PALE: f64 = 0.72;

impl Inside for Chart {
    fn title(&self) -> &str {
        &self.title
    }

    fn aspect(&self) -> Option<f64> {
        None
    }

    fn margins(&self, [width, height]: [f64; 2]) -> Margins {
        let [_, y] = self.rulers();
        let axes = Frame::margins(&y, height);
        Margins { top: axes.top + self.legend_height(width), ..axes }
    }

    fn draw(&self, picture: &mut Picture, place: Rectangle) {
        let [x, y] = self.rulers();
        let frame = Frame { place, x, y };
        frame.draw_grid(picture);
        for (series, colour) in self.coloured() {
            draw_band(series, colour, &frame, picture);
        }
        for (series, colour) in self.coloured() {
            draw_series(series, colour, &frame, picture);
        }
        frame.draw_axes(picture);
        let top = place.top - 8.0 - self.legend_height(place.width);
        for ([left, below], series, colour) in self.legend(place.width) {
            draw_entry(series, colour, [place.left + left, top + below], place.width, picture);
        }
    }
}

/// All that a line covers, pale, if its points are too many for a line.
fn draw_band(series: &Series, colour: Colour, frame: &Frame, picture: &mut Picture) {
    if series.style != Style::Dots {
        let dense = series.lines(frame).into_iter().filter(|line| thin::is_dense(line));
        let bands = dense.map(|line| thin::thinned(&line)).collect();
        picture.lines(bands, Stroke::new(colour.paler(PALE), 1.0));
    }
}

/// A line, or the middle of its band.
fn draw_series(series: &Series, colour: Colour, frame: &Frame, picture: &mut Picture) {
    match series.style {
        Style::Dots => {
            let centres = series.lines(frame).concat();
            picture.shapes.push(Shape::Dots { centres, radius: 2.2, fill: colour });
        }
        style => {
            let drawn = |line: &Vec<Point>| {
                if thin::is_dense(line) { thin::middle(line) } else { thin::thinned(line) }
            };
            picture.lines(series.lines(frame).iter().map(drawn).collect(), stroke(style, colour));
        }
    }
}

fn stroke(style: Style, colour: Colour) -> Stroke {
    let width = if style == Style::Strong { 2.2 } else { 1.5 };
    Stroke { dashed: style == Style::Dashed, ..Stroke::new(colour, width) }
}

fn draw_entry(series: &Series, colour: Colour, [left, top]: Point, length: f64, picture: &mut Picture) {
    let middle = top + 0.5 * ENTRY;
    match series.style {
        Style::Dots => {
            let centres = vec![[left + 0.5 * SAMPLE, middle]];
            picture.shapes.push(Shape::Dots { centres, radius: 2.6, fill: colour });
        }
        style => picture.line(vec![[left, middle], [left + SAMPLE, middle]], stroke(style, colour)),
    }
    let name = fitted(&series.name, LABEL, length - SAMPLE - GAP);
    picture.text(Text::new(name, [left + SAMPLE + GAP, middle + 0.36 * LABEL], LABEL, Anchor::Start));
}
