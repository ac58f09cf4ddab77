//! A line of thousands of points in few, that looks the same.
//!
//! In each column of pixels a line keeps its first, its lowest, its highest and its last point: what lies between them covers
//! the same pixels.
//!
//! Source: U. Jugel, Z. Jerzak, G. Hackenbroich, V. Markl, *M4: a visualization-oriented time series data aggregation*,
//! VLDB 2014. Checked by `a_thinned_line_keeps_its_ends_and_its_extremes`.

use super::scene::Point;

/// Lines between gaps, from pixels that are nothing where a value cannot be shown.
pub(super) fn lines(points: impl IntoIterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut lines = vec![Vec::new()];
    for point in points {
        match (point, lines.last_mut()) {
            (Some(point), Some(line)) => line.push(point),
            _ => lines.push(Vec::new()),
        }
    }
    lines.into_iter().filter(|line| !line.is_empty()).map(|line| visible(thinned(&line))).collect()
}

fn thinned(line: &[Point]) -> Vec<Point> {
    let columns = line.chunk_by(|[a, _], [b, _]| a.floor() == b.floor());
    columns.flat_map(kept).collect()
}

/// First, lowest, highest and last in their order, each once.
fn kept(column: &[Point]) -> Vec<Point> {
    let extreme = |sign: f64| {
        let heights = column.iter().map(|[_, y]| sign * y);
        heights.enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(index, _)| index)
    };
    let mut kept = vec![0, extreme(1.0), extreme(-1.0), column.len() - 1];
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|index| column[index]).collect()
}

/// A single point becomes a short stroke.
fn visible(line: Vec<Point>) -> Vec<Point> {
    match line[..] {
        [[x, y]] => vec![[x - 1.0, y], [x + 1.0, y]],
        _ => line,
    }
}
