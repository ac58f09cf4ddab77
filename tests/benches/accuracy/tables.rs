//! The tables, in Markdown.

use jetc_tests::accuracy::Case;

use super::{Row, Study};

/// Cancellation and errors relative to the rms.
pub(crate) fn by_rms(studies: &[Study]) -> String {
    let heads = [
        "g",
        "D",
        "operator",
        "strategy",
        "d",
        "readout",
        "layer",
        "f64 median",
        "f64 max",
        "f32 median",
        "f32 max",
        "f64 median / layer",
    ];
    table("Errors relative to the rms", &heads, studies, |row| {
        let (c, double, single) = (row.cancellation, row.double, row.single);
        let numbers = [c.readout, c.layer, double.median, double.largest, single.median, single.largest];
        [vec![row.channels.to_string()], numbers.map(number).into(), vec![number(double.median / c.layer)]]
            .concat()
    })
}

/// Errors relative to the value at each point.
pub(crate) fn by_point(studies: &[Study]) -> String {
    let heads = ["g", "D", "operator", "strategy", "f64 median", "f64 max", "f32 median", "f32 max"];
    table("Errors relative to the value at each point", &heads, studies, |row| {
        let errors = [row.double, row.single];
        errors.iter().flat_map(|e| [number(e.median_by_point), number(e.largest_by_point)]).collect()
    })
}

/// One line for each study and strategy.
fn table(title: &str, heads: &[&str], studies: &[Study], cells: impl Fn(&Row) -> Vec<String>) -> String {
    let mut lines = vec![format!("### {title}\n"), line(heads), line(&vec!["---"; heads.len()])];
    for study in studies {
        for row in &study.rows {
            let mut all = names(&study.case);
            all.push(row.strategy.to_string());
            all.extend(cells(row));
            lines.push(line(&all));
        }
    }
    lines.join("\n") + "\n"
}

/// Errors by the width of the network.
pub(crate) fn widths(studies: &[Study]) -> String {
    let heads = [
        "width",
        "strategy",
        "layer",
        "f64 median",
        "f64 max",
        "f32 median",
        "f32 max",
        "f32 median / layer",
    ];
    let mut lines = vec!["### Width\n".to_owned(), line(&heads), line(&vec!["---"; heads.len()])];
    for study in studies {
        for row in &study.rows {
            let (layer, double, single) = (row.cancellation.layer, row.double, row.single);
            let mut cells = vec![study.case.hidden[0].to_string(), row.strategy.to_string()];
            let numbers = [layer, double.median, double.largest, single.median, single.largest];
            cells.extend(numbers.map(number));
            cells.push(number(single.median / layer));
            lines.push(line(&cells));
        }
    }
    lines.join("\n") + "\n"
}

/// How far the reference is from other ways to compute it.
pub(crate) fn reference<'a>(studies: impl Iterator<Item = &'a Study>) -> String {
    let heads = ["g", "D", "operator", "width", "strategies", "256 bits"];
    let mut lines =
        vec!["### The reference against itself\n".to_owned(), line(&heads), line(&vec!["---"; heads.len()])];
    for study in studies {
        let apart = study.rows.iter().fold(0.0, |most: f64, row| most.max(row.disagreement));
        let mut cells = names(&study.case);
        cells.push(study.case.hidden[0].to_string());
        cells.extend([apart, study.uncertainty].map(|x| format!("{x:.0e}")));
        lines.push(line(&cells));
    }
    lines.join("\n") + "\n"
}

fn names(case: &Case) -> Vec<String> {
    vec![case.activation.to_string(), case.dimension.to_string(), case.sign().to_owned()]
}

fn line(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |", cells.join(" | "))
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
