//! Measurements as a picture: time over batch size on logarithmic axes, one panel for each precision.
//!
//! | in the picture | measured |
//! |---|---|
//! | line with full marks | a strategy: medians |
//! | dashed line with open marks, of the same colour | the bare matrix products of that strategy |
//! | thin line with triangles, of the same colour | its gradients, if they are measured |
//!
//! Checked by `a_chart_is_well_formed_and_names_its_lines`.

use std::ops::Range;

use jetc_operators::{Strategy, counted, printable};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, ValueFormatter};
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::report::{Measured, Measurement, Report, Series, Timing, real};

/// Pixels: the width for one panel and for several, and the heights of the picture and its parts.
const WIDTHS: [u32; 2] = [760, 1160];
const HEIGHT: u32 = 520;
const HEADING: u32 = 66;
const LEGEND: u32 = 36;

/// Lines behind the curves.
const GRID: RGBColor = RGBColor(222, 222, 222);

const FONT: &str = "sans-serif";

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The picture as SVG.
pub(super) fn view(report: &Report) -> anyhow::Result<String> {
    let mut svg = String::new();
    {
        let panels = report.by_dtype().count();
        let width = WIDTHS[usize::from(panels > 1)];
        let area = SVGBackend::with_string(&mut svg, (width, HEIGHT)).into_drawing_area();
        draw(report, &area, width)?;
        area.present()?;
    }
    Ok(svg)
}

fn draw(report: &Report, area: &Area<'_>, width: u32) -> anyhow::Result<()> {
    area.fill(&WHITE)?;
    heading(report, area, width)?;
    let (_, body) = area.split_vertically(HEADING);
    let (plots, key) = body.split_vertically(HEIGHT - HEADING - LEGEND);
    legend(report, &key, width)?;
    let measured = || report.series.iter().filter_map(|series| series.outcome.as_ref().ok());
    let x = Axis::over(measured().flat_map(|m| curve(m, |m| &m.jetc)).map(|(x, _)| x));
    let y = Axis::over(
        measured()
            .flat_map(|m| curve(m, |m| &m.jetc).chain(curve(m, |m| &m.bare)).chain(gradients(m)))
            .map(|(_, y)| y),
    );
    let (Some(x), Some(y)) = (x, y) else {
        plots.draw(&Text::new("nothing was measured", (30, 30), font(16)))?;
        return Ok(());
    };
    let panels = plots.split_evenly((1, report.by_dtype().count()));
    for ((dtype, series), panel) in report.by_dtype().zip(&panels) {
        plot(dtype, series, panel, [&x, &y])?;
    }
    Ok(())
}

fn heading(report: &Report, area: &Area<'_>, width: u32) -> anyhow::Result<()> {
    let Report { operator, network, instructions, .. } = report;
    let threads = counted(report.threads, "thread");
    let title = format!("{}: time over batch size", printable(operator));
    let facts = format!("network {network}, {threads}, {instructions}");
    for (text, size, top) in [(title, 20, 12), (facts, 13, 42)] {
        area.draw(&Text::new(fitted(&text, width - 40, size), (20, top), font(size)))?;
    }
    Ok(())
}

/// One panel.
fn plot(dtype: &str, series: &[Series], panel: &Area<'_>, [x, y]: [&Axis; 2]) -> anyhow::Result<()> {
    let mut chart = ChartBuilder::on(panel)
        .margin(12)
        .margin_right(24)
        .x_label_area_size(46)
        .y_label_area_size(70)
        .caption(dtype, font(16))
        .build_cartesian_2d(x.clone(), y.clone())?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .label_style(font(13))
        .axis_desc_style(font(14))
        .x_desc("points in a batch")
        .y_desc("time of a batch (ms)")
        .draw()?;
    for Series { strategy, outcome, .. } in series {
        let Ok(measured) = outcome else { continue };
        let style = color(*strategy).stroke_width(2);
        let line: Vec<(f64, f64)> = curve(measured, |m| &m.jetc).collect();
        let bare: Vec<(f64, f64)> = curve(measured, |m| &m.bare).collect();
        chart.draw_series(bare.iter().map(|&point| Circle::new(point, 3, style)))?;
        chart.draw_series([DashedPathElement::new(bare, 6, 4, style)])?;
        chart.draw_series(line.iter().map(|&point| Circle::new(point, 4, color(*strategy).filled())))?;
        chart.draw_series([PathElement::new(line, style)])?;
        let gradients: Vec<(f64, f64)> = gradients(measured).collect();
        let mark = color(*strategy).filled();
        chart.draw_series(gradients.iter().map(|&point| TriangleMarker::new(point, 5, mark)))?;
        chart.draw_series([PathElement::new(gradients, color(*strategy).stroke_width(1))])?;
    }
    Ok(())
}

/// Which line is which, side by side.
fn legend(report: &Report, area: &Area<'_>, width: u32) -> anyhow::Result<()> {
    let first = report.by_dtype().next().map_or(&[][..], |(_, series)| series);
    let entries = first.iter().map(|Series { strategy, outcome, .. }| match outcome {
        Ok(measured) => (color(*strategy), format!("{strategy}, {}", counted(measured.channels, "channel"))),
        Err(_) => (color(*strategy), format!("{strategy}: no plan")),
    });
    let entries: Vec<(RGBColor, String)> = entries.collect();
    let has_gradients = report
        .series
        .iter()
        .any(|series| series.outcome.as_ref().is_ok_and(|measured| gradients(measured).next().is_some()));
    let step = i32::try_from(width - 40)? / i32::try_from(entries.len() + 1 + usize::from(has_gradients))?;
    let middle = i32::try_from(LEGEND / 2)?;
    let mut left = 20;
    let style = |left| (left + 42, middle, font(13).pos(Pos::new(HPos::Left, VPos::Center)));
    for (color, text) in entries {
        area.draw(&PathElement::new([(left, middle), (left + 34, middle)], color.stroke_width(2)))?;
        area.draw(&Circle::new((left + 17, middle), 4, color.filled()))?;
        let (x, y, style) = style(left);
        area.draw(&Text::new(text, (x, y), style))?;
        left += step;
    }
    let line = vec![(left, middle), (left + 34, middle)];
    area.draw(&DashedPathElement::new(line, 6, 4, BLACK.stroke_width(2)))?;
    area.draw(&Circle::new((left + 17, middle), 3, BLACK.stroke_width(2)))?;
    let (x, y, style) = style(left);
    area.draw(&Text::new("bare products", (x, y), style))?;
    if has_gradients {
        left += step;
        area.draw(&PathElement::new([(left, middle), (left + 34, middle)], BLACK.stroke_width(1)))?;
        area.draw(&TriangleMarker::new((left + 17, middle), 5, BLACK.filled()))?;
        let style = font(13).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new("gradients", (left + 42, middle), style))?;
    }
    Ok(())
}

/// Logarithms of batch sizes and of median milliseconds.
fn curve(measured: &Measured, timing: fn(&Measurement) -> &Timing) -> impl Iterator<Item = (f64, f64)> + '_ {
    measured.measurements().filter_map(move |(points, one)| logarithms(points, timing(one)))
}

/// The same of the gradients that were measured.
fn gradients(measured: &Measured) -> impl Iterator<Item = (f64, f64)> + '_ {
    measured.measurements().filter_map(|(points, one)| logarithms(points, &one.gradient.as_ref()?.timing))
}

fn logarithms(points: usize, timing: &Timing) -> Option<(f64, f64)> {
    let (x, y) = (real(points), 1e3 * timing.median);
    // Without products there is nothing that takes time.
    (y > 0.0).then(|| (x.log10(), y.log10()))
}

/// Colours that people who see few colours can tell apart (Okabe and Ito).
fn color(strategy: Strategy) -> RGBColor {
    match strategy {
        Strategy::Standard => RGBColor(213, 94, 0),
        Strategy::Collapsed => RGBColor(0, 114, 178),
        Strategy::Minimal | Strategy::Auto => RGBColor(0, 158, 115),
    }
}

fn font(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&BLACK)
}

/// Text that is not longer than so many pixels, by the width of usual letters.
fn fitted(text: &str, pixels: u32, size: u32) -> String {
    let most = (pixels * 10 / (size * 6)) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A logarithmic axis: powers of ten, as exponents.
#[derive(Clone)]
struct Axis {
    range: Range<f64>,
    /// 1, 2 and 5 times powers of ten; over many decades the powers alone.
    ticks: Vec<f64>,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low > high {
            return None;
        }
        // A decade at least, and room for the marks.
        let room = (1.0 - (high - low)).max(0.0) / 2.0 + 0.08;
        let range = low - room..high + room;
        let steps: &[f64] = if range.end - range.start > 3.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let decades = std::iter::successors(Some(range.start.floor()), |decade| Some(decade + 1.0));
        let decades = decades.take_while(|&decade| decade <= range.end);
        let ticks = decades.flat_map(|decade| steps.iter().map(move |step| decade + step.log10()));
        let ticks = ticks.filter(|tick| range.contains(tick)).collect();
        Some(Self { range, ticks })
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        #[allow(clippy::cast_possible_truncation, reason = "a pixel of the picture")]
        let offset = (share * f64::from(limit.1 - limit.0)).round() as i32;
        limit.0 + offset
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(exponent: &f64) -> String {
        label(*exponent)
    }
}

/// The number 10ˣ of a tick.
fn label(exponent: f64) -> String {
    // Ticks are 1, 2 or 5 times a power of ten.
    let decimals = (-exponent - 1e-9).ceil().max(0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few decimals")]
    let decimals = decimals as usize;
    format!("{:.decimals$}", 10f64.powf(exponent))
}

#[cfg(test)]
mod tests {
    use super::super::report::{example, example_with_gradients};
    use super::*;

    fn words(svg: &str) -> String {
        let document = roxmltree::Document::parse(svg).unwrap();
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_chart_is_well_formed_and_names_its_lines() {
        let mut report = example();
        "<a & \"b\">".clone_into(&mut report.operator);
        let words = words(&view(&report).unwrap());
        for expected in [
            "<a & \"b\">: time over batch size",
            "network 3 → 64 → 1, 2 threads, AVX2",
            "standard: no plan",
            "minimal, 5 channels",
            "bare products",
            "points in a batch",
            "time of a batch (ms)",
            "f64",
            "f32",
        ] {
            assert!(words.lines().any(|line| line == expected), "{expected}:\n{words}");
        }
    }

    #[test]
    fn gradients_are_drawn_where_they_are_measured() {
        let has = |report: Report| words(&view(&report).unwrap()).lines().any(|line| line == "gradients");
        assert!(has(example_with_gradients()) && !has(example()));
    }

    #[test]
    fn a_chart_of_nothing_says_so() {
        let mut report = example();
        report.series.truncate(1);
        assert!(words(&view(&report).unwrap()).contains("nothing was measured"));
    }

    #[test]
    fn ticks_are_round_numbers_within_the_range() {
        let axis = Axis::over([256.0f64, 10_000.0].map(f64::log10).into_iter()).unwrap();
        let labels: Vec<String> = axis.ticks.iter().map(|&tick| label(tick)).collect();
        assert_eq!(labels, ["500", "1000", "2000", "5000", "10000"]);
        let labels = [0.005f64, 0.02, 0.1, 0.5, 1.0, 20.0].map(|x| label(x.log10()));
        assert_eq!(labels, ["0.005", "0.02", "0.1", "0.5", "1", "20"]);
        assert!(Axis::over([3.0].into_iter()).unwrap().ticks.len() >= 3, "one value has a decade around it");
        assert!(Axis::over(std::iter::empty()).is_none());
    }
}
