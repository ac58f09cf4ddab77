//! Sequences of points of the unit cube \[0, 1)ᵏ.

use super::latin_hypercube::latin_hypercube;
use super::random::{Generator, Purpose};
use super::scheme::Scheme;
use super::sobol::Sobol;

/// A sequence of points of the unit cube without end.
#[derive(Debug)]
pub(super) enum Sequence {
    /// Independent points.
    Uniform(Generator),
    /// The scrambled Sobol sequence.
    Sobol(Sobol),
    /// Latin hypercubes of `count` points, one after the other.
    LatinHypercube { generator: Generator, count: usize, points: Vec<f64>, next: usize },
}

impl Sequence {
    /// The sequence of a scheme in k dimensions.
    pub(super) fn new(scheme: Scheme, dimension: usize, count: usize, seed: u64, stream: u64) -> Self {
        if scheme == Scheme::Uniform {
            return Self::Uniform(Generator::new(seed, stream, Purpose::Uniform));
        }
        let sobol = if scheme == Scheme::Sobol { Sobol::new(dimension, seed, stream) } else { None };
        sobol.map_or_else(
            || {
                let generator = Generator::new(seed, stream, Purpose::LatinHypercube);
                Self::LatinHypercube { generator, count, points: Vec::new(), next: 0 }
            },
            Self::Sobol,
        )
    }

    /// The next point, \[k\].
    pub(super) fn next(&mut self, cube: &mut [f64]) {
        match self {
            Self::Uniform(generator) => cube.fill_with(|| generator.number()),
            Self::Sobol(sobol) => sobol.next(cube),
            Self::LatinHypercube { generator, count, points, next } => {
                if *next == points.len() {
                    (*points, *next) = (latin_hypercube(*count, cube.len(), generator), 0);
                }
                cube.copy_from_slice(&points[*next..*next + cube.len()]);
                *next += cube.len();
            }
        }
    }
}
