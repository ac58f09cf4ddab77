//! Directions: maps from a unit cube onto the unit sphere that keep areas.
//!
//! | d | cube | map |
//! |---|---|---|
//! | 2 | u | (cos 2πu, sin 2πu) |
//! | 3 | (u, v) | z = 2u − 1 and longitude 2πv (Archimedes) |
//! | more | pairs (u, v), one for two coordinates | g / \|g\| of normal numbers g = √(−2 ln(1 − u)) (cos 2πv, sin 2πv) |
//!
//! *Source:* G. E. P. Box, M. E. Muller, A note on the generation of random normal deviates, 1958,
//! <https://doi.org/10.1214/aoms/1177706645>; M. E. Muller, 1959, <https://doi.org/10.1145/377939.377946>. Checked by
//! `boundaries_of_balls_are_uniform_in_each_dimension`.

use std::f64::consts::TAU;

use crate::sampling::tensor::Rule;

/// Coordinates of the cube for directions of d dimensions, d ≥ 2.
pub(super) fn axes(dimension: usize) -> usize {
    match dimension {
        2 => 1,
        3 => 2,
        _ => dimension.next_multiple_of(2),
    }
}

/// Their rules: equidistant longitudes, Gauss–Legendre in heights. None above three dimensions.
pub(super) fn rules(dimension: usize) -> Option<Vec<Rule>> {
    match dimension {
        2 => Some(vec![Rule::Even]),
        3 => Some(vec![Rule::Legendre, Rule::Even]),
        _ => None,
    }
}

/// Writes the direction of a point of the cube, \[d\].
pub(super) fn write(cube: &[f64], direction: &mut [f64]) {
    match (&mut *direction, cube) {
        ([x, y], [u]) => (*x, *y) = circle(*u),
        ([x, y, z], [u, v]) => {
            let (cos, sin) = circle(*v);
            // 1 − (2u − 1)² = 4u (1 − u)
            let across = 2.0 * (u * (1.0 - u)).sqrt();
            (*x, *y, *z) = (across * cos, across * sin, 2.0 * u - 1.0);
        }
        _ => {
            for (pair, normal) in cube.chunks(2).zip(direction.chunks_mut(2)) {
                let length = (-2.0 * libm::log(1.0 - pair[0])).sqrt();
                let (cos, sin) = circle(pair[1]);
                for (component, part) in normal.iter_mut().zip([cos, sin]) {
                    *component = length * part;
                }
            }
            normalise(direction);
        }
    }
}

/// The point of the unit circle at a fraction of its length.
fn circle(position: f64) -> (f64, f64) {
    (libm::cos(TAU * position), libm::sin(TAU * position))
}

/// Divides by the length; the first unit vector where there is none.
pub(super) fn normalise(vector: &mut [f64]) {
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length > 0.0 {
        for x in vector {
            *x /= length;
        }
    } else {
        vector[0] = 1.0;
    }
}
