//! Tests of lines along a vector field.

use crate::picture::arrows::Field;
use crate::picture::scene::Rectangle;
use crate::picture::streamlines::streamlines;
use crate::picture::{Axes, Axis};

const CELLS: usize = 50;
const PLACE: Rectangle = Rectangle { left: 20.0, top: 10.0, width: 400.0, height: 400.0 };

/// Lines of a field on [−1, 1]², in coordinates of the field.
fn lines(w: impl Fn(f64, f64) -> [f64; 2]) -> Vec<Vec<[f64; 2]>> {
    let at = |index: usize| (index as f64 + 0.5) / CELLS as f64 * 2.0 - 1.0;
    let vectors = (0..CELLS * CELLS).map(|cell| w(at(cell % CELLS), at(cell / CELLS))).collect();
    let axes = Axes { x: Axis::space("x", [-1.0, 1.0]), y: Axis::space("y", [-1.0, 1.0]), columns: CELLS };
    let frame = axes.frame(PLACE);
    let coordinates = |[x, y]: [f64; 2]| [(x - 220.0) / 200.0, (210.0 - y) / 200.0];
    let found = streamlines(&Field { axes, vectors }, &frame);
    found.into_iter().map(|line| line.into_iter().map(coordinates).collect()).collect()
}

#[test]
fn streamlines_of_a_rotation_are_circles() {
    let found = lines(|x, y| [-y, x]);
    assert!(found.len() > 5, "{}", found.len());
    for line in found {
        let radius = line[0][0].hypot(line[0][1]);
        let worst = line.iter().map(|[x, y]| (x.hypot(*y) - radius).abs()).fold(0.0, f64::max);
        assert!(worst < 2e-3, "radius {radius}: {worst}");
        // Counterclockwise.
        assert!(line.windows(2).all(|pair| pair[0][0] * pair[1][1] - pair[0][1] * pair[1][0] > 0.0));
    }
}

#[test]
fn streamlines_keep_apart() {
    let mut heights: Vec<f64> = lines(|_, _| [1.0, 0.0]).iter().map(|line| line[0][1]).collect();
    heights.sort_by(f64::total_cmp);
    assert_eq!(heights.len(), 29, "one in each row of squares");
    assert!(heights.windows(2).all(|pair| pair[1] - pair[0] > 0.06), "{heights:?}");
}

#[test]
fn a_line_that_goes_round_inside_of_a_square_ends() {
    for middle in [-0.9, -0.005, 0.0, 0.37] {
        assert!(!lines(|x, y| [middle - y, x - middle]).is_empty());
        assert!(!lines(|x, y| [middle - y - (x - middle), x - middle - (y - middle)]).is_empty());
    }
}

#[test]
fn streamlines_end_where_the_field_is_zero_or_unknown() {
    assert!(lines(|_, _| [0.0, 0.0]).is_empty());
    assert!(lines(|_, _| [f64::NAN, 1.0]).is_empty());
    let found = lines(|x, _| [if x < 0.0 { 1.0 } else { f64::NAN }, 0.0]);
    assert!(!found.is_empty() && found.iter().flatten().all(|[x, _]| *x < 0.0));
}
