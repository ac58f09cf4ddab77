//! The tables, in Markdown.

use jetc_tests::accuracy::Case;

use super::{Row, Study};

/// Cancellation and errors relative to the rms.
pub(crate) fn by_rms(studies: &[Study]) -> String {
    let heads = "d | readout | layer | f64 median | f64 max | f32 median | f32 max | f64 median / layer";
    table("Errors relative to the rms", heads, studies, |row| {
        let (c, double, single) = (row.cancellation, row.double, row.single);
        let numbers = [c.readout, c.layer, double.median, double.largest, single.median, single.largest];
        let [channels, ratio] = [row.channels.to_string(), number(double.median / c.layer)];
        [vec![channels], numbers.map(number).into(), vec![ratio]].concat()
    })
}

/// Errors relative to the value at each point.
pub(crate) fn by_point(studies: &[Study]) -> String {
    let heads = "f64 median | f64 max | f32 median | f32 max";
    table("Errors relative to the value at each point", heads, studies, |row| {
        let errors = [row.double, row.single];
        errors.iter().flat_map(|e| [number(e.median_by_point), number(e.largest_by_point)]).collect()
    })
}

/// Errors in `f32` by the width of the network, beside what storing numbers costs.
pub(crate) fn widths(studies: &[Study]) -> String {
    let heads = "layer | f64 median | f32 median | f32 max | stored median | stored max";
    table("Width", heads, studies, |row| {
        let (single, stored) = (row.single, row.stored);
        let errors = [row.double.median, single.median, single.largest, stored.median, stored.largest];
        std::iter::once(row.cancellation.layer).chain(errors).map(number).collect()
    })
}

/// How far the reference is from other ways to compute it.
pub(crate) fn reference<'a>(studies: impl Iterator<Item = &'a Study>) -> String {
    let lines = studies.map(|study| {
        let apart = study.rows.iter().fold(0.0, |most: f64, row| most.max(row.disagreement));
        [names(&study.case), [apart, study.uncertainty].map(|x| format!("{x:.0e}")).into()].concat()
    });
    markdown("The reference against itself", "network | D | operator | strategies | 256 bits", lines)
}

/// One line for each study and strategy.
fn table(title: &str, heads: &str, studies: &[Study], cells: impl Fn(&Row) -> Vec<String>) -> String {
    let cells = &cells;
    let lines = studies.iter().flat_map(|study| {
        let line = move |row: &Row| [names(&study.case), vec![row.strategy.to_string()], cells(row)].concat();
        study.rows.iter().map(line)
    });
    markdown(title, &format!("network | D | operator | strategy | {heads}"), lines)
}

fn markdown(title: &str, heads: &str, lines: impl Iterator<Item = Vec<String>>) -> String {
    let rule = heads.split('|').map(|_| "---").collect::<Vec<_>>().join(" | ");
    let lines = lines.map(|cells| format!("| {} |\n", cells.join(" | ")));
    format!("### {title}\n\n| {heads} |\n| {rule} |\n{}", lines.collect::<String>())
}

fn names(case: &Case) -> Vec<String> {
    vec![case.network_name(), case.dimension.to_string(), case.sign().to_owned()]
}

/// Two digits, without an exponent.
fn number(value: f64) -> String {
    if value < 0.1 {
        format!("{value:.3}")
    } else if value < 1.0 {
        format!("{value:.2}")
    } else if value < 10.0 {
        format!("{value:.1}")
    } else {
        let digit = 10_f64.powf(value.log10().floor() - 1.0);
        format!("{:.0}", (value / digit).round() * digit)
    }
}
