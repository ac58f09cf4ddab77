//! Laws of points of regions.

mod boxes;
mod balls;
mod polygons;
mod combinations;
mod refinement;

use super::{Points, SamplingError, Scheme, sample};
use crate::domain::{Column, Domain, Region, Shape};

const SCHEMES: [Scheme; 5] =
    [Scheme::Grid, Scheme::Uniform, Scheme::Sobol, Scheme::LatinHypercube, Scheme::Gauss];

/// Space alone, columns in its order.
fn space(shape: Shape) -> Domain {
    let columns = (0..shape.dimension()).map(Column::Space).collect();
    Domain::new(Some(shape), None, vec![], columns).unwrap()
}

fn draw(domain: &Domain, region: &Region, count: usize, scheme: Scheme) -> Points {
    sample(domain, region, count, scheme, 11, 3).unwrap()
}

/// The weighted mean of a function of coordinates and normal.
fn mean(points: &Points, f: impl Fn(&[f64], &[f64]) -> f64) -> f64 {
    let value = |row| points.weights[row] * f(points.point(row), points.normal(row).unwrap_or(&[]));
    (0..points.len()).map(value).sum()
}

fn assert_weights_sum_to_one(points: &Points) {
    let sum: f64 = points.weights.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12 && points.weights.iter().all(|&weight| weight > 0.0), "{sum}");
}

/// Normals of length one that point from the inside to the outside.
fn assert_outward(points: &Points, shape: &Shape) {
    for row in 0..points.len() {
        let (x, n) = (points.point(row), points.normal(row).unwrap());
        let length: f64 = n.iter().map(|n| n * n).sum::<f64>().sqrt();
        assert!((length - 1.0).abs() < 1e-14, "{length}");
        let moved = |step: f64| -> Vec<f64> { x.iter().zip(n).map(|(x, n)| x + step * n).collect() };
        assert!(shape.encloses(&moved(-1e-6)) && !shape.contains(&moved(1e-6)), "{x:?} {n:?}");
    }
}
