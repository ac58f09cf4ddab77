//! Adaptive points.

use super::*;
use crate::sampling::adaptive;

fn candidates() -> (Points, Vec<f64>) {
    let domain = space(Shape::cuboid(vec![0.0], vec![1.0]).unwrap());
    let points = draw(&domain, &Region::Interior, 10_000, Scheme::Grid);
    let residuals = points.coordinates.iter().map(|&x| if x < 0.1 { -9.0 } else { 1.0 }).collect();
    (points, residuals)
}

fn share_of_large(rows: &[usize]) -> f64 {
    crate::sampling::number::float(rows.iter().filter(|&&row| row < 1000).count())
        / crate::sampling::number::float(rows.len())
}

#[test]
fn adaptive_points_are_where_residuals_are_large() {
    let (points, residuals) = candidates();
    // 1000 candidates of density 9 and 9000 of density 1: one half each. Six deviations of 400 draws are 0.15.
    let rows = adaptive(&points, &residuals, 400, 1.0, 0.0, 5, 0).unwrap();
    assert!((share_of_large(&rows) - 0.5).abs() < 0.15, "{}", share_of_large(&rows));
    assert!(rows.is_sorted_by(|a, b| a < b));
    assert_eq!(rows, adaptive(&points, &residuals, 400, 1.0, 0.0, 5, 0).unwrap());
    assert_ne!(rows, adaptive(&points, &residuals, 400, 1.0, 0.0, 5, 1).unwrap());
    // With k = 2 it is 81 : 9.
    let rows = adaptive(&points, &residuals, 400, 2.0, 0.0, 5, 0).unwrap();
    assert!(share_of_large(&rows) > 0.8);
}

#[test]
fn offsets_mix_uniform_points_into_adaptive_ones() {
    let (points, residuals) = candidates();
    // 𝔼|r| = 1.8: densities 5 + c and 5/9 + c. c = 1 gives 6000 : 14 000.
    let rows = adaptive(&points, &residuals, 400, 1.0, 1.0, 5, 0).unwrap();
    assert!((share_of_large(&rows) - 0.3).abs() < 0.14, "{}", share_of_large(&rows));
    let rows = adaptive(&points, &residuals, 400, 0.0, 0.0, 5, 0).unwrap();
    assert!((share_of_large(&rows) - 0.1).abs() < 0.09, "{}", share_of_large(&rows));
}

#[test]
fn candidates_without_residual_are_taken_last() {
    let (points, mut residuals) = candidates();
    residuals[1000..].fill(0.0);
    let rows = adaptive(&points, &residuals, 1000, 1.0, 0.0, 5, 0).unwrap();
    assert_eq!(rows, (0..1000).collect::<Vec<_>>());
    assert_eq!(adaptive(&points, &residuals, 10_000, 1.0, 0.0, 5, 0).unwrap().len(), 10_000);
    assert_eq!(adaptive(&points, &vec![0.0; 10_000], 7, 1.0, 0.0, 5, 0).unwrap().len(), 7);
    let huge: Vec<f64> = residuals.iter().map(|r| r * 1e300).collect();
    assert_eq!(
        adaptive(&points, &huge, 10, 2.0, 0.0, 5, 0),
        adaptive(&points, &residuals, 10, 2.0, 0.0, 5, 0)
    );
}

#[test]
fn residuals_that_do_not_go_with_candidates_are_refused() {
    let (points, residuals) = candidates();
    let refused =
        |residuals: &[f64], count, k, c| adaptive(&points, residuals, count, k, c, 0, 0).unwrap_err();
    assert!(matches!(refused(&residuals[1..], 5, 1.0, 1.0), SamplingError::Residuals { found: 9999, .. }));
    assert!(matches!(refused(&residuals, 10_001, 1.0, 1.0), SamplingError::FewCandidates { .. }));
    assert!(matches!(refused(&residuals, 5, -1.0, 1.0), SamplingError::Refinement { name: "exponent", .. }));
    assert!(matches!(
        refused(&vec![f64::NAN; 10_000], 5, 1.0, 1.0),
        SamplingError::ResidualNotFinite { index: 0, .. }
    ));
}

#[test]
fn selected_points_keep_their_rows_and_get_equal_weights() {
    let domain = space(Shape::cuboid(vec![0.0, 0.0], vec![1.0, 2.0]).unwrap());
    let points = draw(&domain, &Region::Boundary, 12, Scheme::Grid);
    let chosen = points.select(&[4, 0]);
    assert_eq!(chosen.point(0), points.point(4));
    assert_eq!(chosen.normal(1), points.normal(0));
    assert_eq!(chosen.weights, [0.5, 0.5]);
}
