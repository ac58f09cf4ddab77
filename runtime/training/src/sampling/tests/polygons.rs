//! Polygons.

use super::*;

/// A chevron, not convex: (0, 0), (2, 0), (3, 2), (1, 1), of area 2.
fn chevron() -> Shape {
    Shape::polygon(vec![[0.0, 0.0], [2.0, 0.0], [3.0, 2.0], [1.0, 1.0]]).unwrap()
}

#[test]
fn gauss_points_of_polygons_integrate_polynomials() {
    let triangle = Shape::polygon(vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]).unwrap();
    let points = draw(&space(triangle), &Region::Interior, 16, Scheme::Gauss);
    // ∫ xᵃyᵇ = a! b! / (a + b + 2)! over the unit triangle, whose area is 1/2.
    let found = mean(&points, |x, _| x[0].powi(3) * x[1].powi(3));
    assert!((found / (2.0 * 36.0 / 40_320.0) - 1.0).abs() < 1e-13, "{found}");

    // By Green's theorem edge by edge, ∫ x dA = 1/6 Σ (xᵢ + xᵢ₊₁)(xᵢyᵢ₊₁ − xᵢ₊₁yᵢ) = (2·0 + 5·4 + 4·1 + 1·0)/6 = 4.
    let points = draw(&space(chevron()), &Region::Interior, 64, Scheme::Gauss);
    let found = mean(&points, |x, _| x[0]);
    assert!((found - 4.0 / chevron().measure().unwrap()).abs() < 1e-13, "{found}");
}

#[test]
fn points_of_polygons_are_inside_and_average_like_gauss_points() {
    let domain = space(chevron());
    let exact = mean(&draw(&domain, &Region::Interior, 64, Scheme::Gauss), |x, _| x[0] * x[1]);
    for scheme in SCHEMES {
        let points = draw(&domain, &Region::Interior, 4000, scheme);
        assert!((0..points.len()).all(|row| chevron().contains(points.point(row))));
        assert_weights_sum_to_one(&points);
        // Values are in [0, 6], mostly below 2: six errors of 4000 points are below 0.2.
        let found = mean(&points, |x, _| x[0] * x[1]);
        assert!((found - exact).abs() < 0.15, "{scheme:?} {found} {exact}");
    }
}

#[test]
fn boundaries_of_polygons_are_uniform_in_length_with_outward_normals() {
    let lengths = [2.0, 5.0_f64.sqrt(), 5.0_f64.sqrt(), 2.0_f64.sqrt()];
    let total: f64 = lengths.iter().sum();
    for scheme in SCHEMES {
        let points = draw(&space(chevron()), &Region::Boundary, 1000, scheme);
        assert_outward(&points, &chevron());
        assert_weights_sum_to_one(&points);
        // The bottom edge has the normal (0, −1); six deviations √(p(1 − p)/1000) are below 0.1.
        let bottom = mean(&points, |_, n| f64::from(n[1] < -0.99));
        assert!((bottom - 2.0 / total).abs() < 0.09, "{scheme:?} {bottom}");
        // Divergence theorem: |A| / |∂A|.
        let flux = mean(&points, |x, n| x[1] * n[1]);
        assert!((flux - chevron().measure().unwrap() / total).abs() < 0.15, "{scheme:?} {flux}");
    }
}

#[test]
fn parts_of_polygons_are_their_edges() {
    let domain = space(chevron());
    let points = draw(&domain, &Region::Part(vec![1]), 10, Scheme::Grid);
    assert_eq!(points.len(), 10);
    assert!(points.coordinates.chunks(2).all(|x| (x[1] - 2.0 * (x[0] - 2.0)).abs() < 1e-14));
    let error = sample(&domain, &Region::Part(vec![4]), 10, Scheme::Grid, 0, 0).unwrap_err();
    assert!(matches!(error, SamplingError::NoPart { part: 4, count: 4, .. }));
}

#[test]
fn faces_of_polygons_are_edges_there_or_sections() {
    let domain = space(chevron());
    let bottom = draw(&domain, &Region::Face { axis: 1, value: 0.0 }, 50, Scheme::Sobol);
    assert!((0..50).all(|row| bottom.point(row)[0] <= 2.0 && bottom.normal(row) == Some(&[0.0, -1.0])));
    let section = draw(&domain, &Region::Face { axis: 0, value: 0.5 }, 50, Scheme::Sobol);
    assert!(section.normals.is_none() && section.coordinates.chunks(2).all(|x| x[1] <= 0.5 + 1e-8));
}
