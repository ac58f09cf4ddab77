//! Balls and ellipsoids.

use super::*;
use crate::sampling::number::float;

fn ellipsoid() -> Shape {
    Shape::ellipsoid(vec![1.0, -2.0, 0.5], vec![1.0, 2.0, 0.5]).unwrap()
}

#[test]
fn moments_of_balls_are_those_of_integrals() {
    for d in [2, 3, 4, 7] {
        let shape = Shape::ball(vec![0.0; d], 2.0).unwrap();
        for scheme in [Scheme::Uniform, Scheme::Sobol, Scheme::LatinHypercube] {
            let points = draw(&space(shape.clone()), &Region::Interior, 4096, scheme);
            assert_eq!(points.len(), 4096);
            assert!((0..4096).all(|row| shape.contains(points.point(row))));
            // The mean of |x|² is r² d/(d + 2), of x₀x₁ it is 0. Deviations of single points are below r², so that six
            // standard errors are 6·4/64.
            let square = mean(&points, |x, _| x.iter().map(|x| x * x).sum());
            assert!((square - 4.0 * float(d) / float(d + 2)).abs() < 0.1, "{scheme:?} d = {d}: {square}");
            let product = mean(&points, |x, _| x[0] * x[1]);
            assert!(product.abs() < 0.1, "{scheme:?} d = {d}: {product}");
            // Half of the volume is within the radius r 2^(−1/d).
            let radius = 2.0 * 0.5_f64.powf(1.0 / float(d));
            let half = mean(&points, |x, _| f64::from(x.iter().map(|x| x * x).sum::<f64>().sqrt() < radius));
            assert!((half - 0.5).abs() < 6.0 * 0.5 / 64.0, "{scheme:?} d = {d}: {half}");
        }
    }
}

#[test]
fn gauss_points_of_balls_integrate_polynomials() {
    let disc = Shape::ellipsoid(vec![1.0, 0.0], vec![1.0, 3.0]).unwrap();
    let points = draw(&space(disc), &Region::Interior, 100, Scheme::Gauss);
    assert_eq!(points.len(), 100);
    // The mean of ξ⁴η² over the unit disc is 1/64.
    let found = mean(&points, |x, _| (x[0] - 1.0).powi(4) * x[1].powi(2));
    assert!((found * 64.0 / 9.0 - 1.0).abs() < 1e-13, "{}", found * 64.0 / 9.0);

    let points = draw(&space(ellipsoid()), &Region::Interior, 1000, Scheme::Gauss);
    // The mean of ξ²η²ζ² over the unit ball is 1/315.
    let found = mean(&points, |x, _| ((x[0] - 1.0) * (x[1] + 2.0) * (x[2] - 0.5)).powi(2));
    assert!((found * 315.0 - 1.0).abs() < 1e-12, "{}", found * 315.0);
}

#[test]
fn grids_of_balls_are_inside_and_nearly_as_many_as_asked() {
    let shape = ellipsoid();
    let points = draw(&space(shape.clone()), &Region::Interior, 1000, Scheme::Grid);
    assert!((900..=1100).contains(&points.len()), "{}", points.len());
    assert!((0..points.len()).all(|row| shape.contains(points.point(row))));
    assert_weights_sum_to_one(&points);
}

#[test]
fn boundaries_of_balls_are_uniform_in_each_dimension() {
    for d in [2, 3, 4, 5] {
        let shape = Shape::ball(vec![0.5; d], 0.75).unwrap();
        for scheme in [Scheme::Uniform, Scheme::Sobol, Scheme::LatinHypercube] {
            let points = draw(&space(shape.clone()), &Region::Boundary, 4096, scheme);
            assert_outward(&points, &shape);
            // Each component has the second moment 1/d and the fourth 3/(d (d + 2)); six errors are 6/64 at most.
            for axis in 0..d {
                let second = mean(&points, |_, n| n[axis].powi(2));
                let fourth = mean(&points, |_, n| n[axis].powi(4));
                assert!((second - 1.0 / float(d)).abs() < 0.04, "{scheme:?} d = {d}: {second}");
                assert!((fourth - 3.0 / float(d * (d + 2))).abs() < 0.04, "{scheme:?} d = {d}: {fourth}");
            }
        }
    }
}

#[test]
fn gauss_points_of_spheres_integrate_polynomials() {
    let ball = Shape::ball(vec![0.0; 3], 1.0).unwrap();
    let points = draw(&space(ball), &Region::Boundary, 100, Scheme::Gauss);
    // The mean of x²y²z² over the unit sphere is 1/105.
    let found = mean(&points, |x, _| (x[0] * x[1] * x[2]).powi(2));
    assert!((found * 105.0 - 1.0).abs() < 1e-13, "{}", found * 105.0);
}

#[test]
fn boundaries_of_ellipsoids_obey_the_divergence_theorem() {
    // The mean of (x − c)ᵢ nⱼ is δᵢⱼ |V| / |∂V|: the same for each axis. Smooth functions of angles: Gauss converges fast.
    let shape = ellipsoid();
    let points = draw(&space(shape.clone()), &Region::Boundary, 10_000, Scheme::Gauss);
    assert_outward(&points, &shape);
    let flux = |i: usize, j: usize| mean(&points, |x, n| (x[i] - [1.0, -2.0, 0.5][i]) * n[j]);
    assert!((flux(1, 1) / flux(0, 0) - 1.0).abs() < 1e-10, "{}", flux(1, 1) / flux(0, 0));
    assert!((flux(2, 2) / flux(0, 0) - 1.0).abs() < 1e-10, "{}", flux(2, 2) / flux(0, 0));
    assert!(flux(0, 1).abs() < 1e-12);
}

#[test]
fn the_length_of_an_ellipse_is_that_of_its_chords() {
    let shape = Shape::ellipsoid(vec![0.0, 0.0], vec![3.0, 1.0]).unwrap();
    let points = draw(&space(shape.clone()), &Region::Boundary, 2000, Scheme::Grid);
    let length: f64 = (0..2000)
        .map(|row| {
            let (a, b) = (points.point(row), points.point((row + 1) % 2000));
            (b[0] - a[0]).hypot(b[1] - a[1])
        })
        .sum();
    // Chords of 1/2000 of the angle are shorter by (π/2000)²/6 at most in relation to the curvature here: 4e-6.
    let flux = mean(&points, |x, n| x[0] * n[0]);
    let ratio = shape.measure().unwrap() / flux / length;
    assert!((ratio - 1.0).abs() < 1e-5, "{ratio}");
}

#[test]
fn sections_of_balls_are_balls() {
    let domain = space(Shape::ball(vec![0.0; 3], 5.0).unwrap());
    for scheme in SCHEMES {
        let points = draw(&domain, &Region::Face { axis: 1, value: 3.0 }, 400, scheme);
        assert!(points.normals.is_none());
        let most = points.coordinates.chunks(3).map(|x| x[0].hypot(x[2])).fold(0.0, f64::max);
        assert!(most <= 4.0 + 1e-9 && most > 3.7, "{scheme:?} {most}");
        assert!(points.coordinates.chunks(3).all(|x| x[1].to_bits() == 3.0_f64.to_bits()));
        // The mean of ρ² over a disc of radius 4 is 8; a grid of 400 cells rounds its edge.
        let square = mean(&points, |x, _| x[0].powi(2) + x[2].powi(2));
        assert!((square - 8.0).abs() < 1.4, "{scheme:?} {square}");
    }
    let pole = draw(&domain, &Region::Face { axis: 1, value: 5.0 }, 400, Scheme::Sobol);
    assert_eq!(pole.coordinates, [0.0, 5.0, 0.0]);
    let outside = Region::Point(vec![Some(4.0), Some(4.0), None]);
    assert_eq!(sample(&domain, &outside, 5, Scheme::Sobol, 0, 0), Err(SamplingError::Empty));
}

#[test]
fn balls_of_ten_thousand_dimensions_have_points() {
    let shape = Shape::ball(vec![0.0; 10_000], 1.0).unwrap();
    for scheme in [Scheme::Uniform, Scheme::Sobol, Scheme::LatinHypercube] {
        for region in [Region::Interior, Region::Boundary] {
            let points = draw(&space(shape.clone()), &region, 4, scheme);
            assert!((0..4).all(|row| shape.contains(points.point(row))));
        }
    }
    let error = sample(&space(shape), &Region::Boundary, 4, Scheme::Grid, 0, 0).unwrap_err();
    assert!(error.to_string().contains("sobol"), "{error}");
}
