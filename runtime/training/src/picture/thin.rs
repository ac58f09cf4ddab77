//! A line of thousands of points in few, that looks the same; and the middle of a line that goes up and down too often.
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
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// First, lowest, highest and last of each column of pixels. A single point becomes a short stroke.
pub(super) fn thinned(line: &[Point]) -> Vec<Point> {
    match line {
        [[x, y]] => vec![[x - 2.0, *y], [x + 2.0, *y]],
        _ => columns(line, 1.0).flat_map(kept).collect(),
    }
}

/// Whether a line has so many points that where it is mostly cannot be seen.
pub(super) fn is_dense(line: &[Point]) -> bool {
    let pixels = columns(line, 1.0).count();
    line.len() > 3 * pixels && columns(line, WIDE).nth(3).is_some()
}

/// The mean height in columns of a few pixels: on a logarithmic axis, the geometric mean. The first point stays.
pub(super) fn middle(line: &[Point]) -> Vec<Point> {
    let mean =
        |part: &[Point], axis: usize| part.iter().map(|point| point[axis]).sum::<f64>() / part.len() as f64;
    let means = columns(line, WIDE).map(|part| [mean(part, 0), mean(part, 1)]);
    line.first().copied().into_iter().chain(means).collect()
}

/// Pixels of a column over which a mean is taken.
const WIDE: f64 = 4.0;

/// Parts of a line that stay within columns of so many pixels.
fn columns(line: &[Point], pixels: f64) -> impl Iterator<Item = &[Point]> {
    let column = move |[x, _]: &Point| (x / pixels).floor() as i64;
    line.chunk_by(move |a, b| column(a) == column(b))
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
