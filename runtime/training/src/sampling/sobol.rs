//! The Sobol sequence, scrambled.
//!
//! | notation | here |
//! |---|---|
//! | vⱼ, direction number, as a column of binary digits | `directions[j]` |
//! | xᵢ = ⊕ⱼ gⱼ vⱼ, g the Gray code of i | `Sobol::next` |
//! | L, lower triangular matrix over 𝔽₂ with unit diagonal; e, digits | `scramble`, `shift` |
//!
//! *Statement:* the first 2ᵐ points are a (t, m, s)-net; in the first two coordinates t = 0: each of the 2ᵐ boxes of
//! sides 2⁻ᵃ × 2⁻ᵇ, a + b = m, has one point. L x ⊕ e keeps that, and makes each point uniformly distributed
//! (J. Matoušek, On the L₂-discrepancy for anchored boxes, J. Complexity 14, 1998,
//! <https://doi.org/10.1006/jcom.1998.0489>). Direction numbers: S. Joe and F. Y. Kuo, Constructing Sobol sequences with
//! better two-dimensional projections, SIAM J. Sci. Comput. 30, 2008, <https://doi.org/10.1137/070709359>, the table
//! new-joe-kuo-6.21201 as packed in the crate `sobol`. Checked by `sobol_points_are_a_net_of_quality_zero_in_the_plane`,
//! `each_coordinate_of_sobol_points_visits_each_interval_once` and `directions_are_those_of_joe_and_kuo`.

use ::sobol::Sobol as Table;
use ::sobol::params::JoeKuoD6;

use super::number::unit;
use super::random::{Generator, Purpose};

/// The first dimension above the table.
const TABLE: usize = 21_201;

/// Digits of the index: the sequence has 2³² points before it repeats.
const DIGITS: usize = 32;

/// A scrambled Sobol sequence in the unit cube.
#[derive(Debug)]
pub(super) struct Sobol {
    /// \[digit of the index\]\[coordinate\]: binary digits of the coordinate from the highest bit.
    directions: Vec<Vec<u64>>,
    state: Vec<u64>,
    index: u32,
}

impl Sobol {
    /// The sequence in s dimensions; none above those of the table.
    pub(super) fn new(dimension: usize, seed: u64, stream: u64) -> Option<Self> {
        let table = match dimension {
            0..=100 => JoeKuoD6::minimal(),
            101..=1000 => JoeKuoD6::standard(),
            1001..=TABLE => JoeKuoD6::extended(),
            _ => return None,
        };
        let mut generator = Generator::new(seed, stream, Purpose::Scrambling);
        let mut directions = vec![vec![0; dimension]; DIGITS];
        for (coordinate, columns) in
            Table::<f64>::init_direction_vals(dimension, DIGITS, &table).iter().enumerate()
        {
            let matrix = triangular(&mut generator);
            for (digit, &column) in columns.iter().enumerate() {
                directions[digit][coordinate] = scramble(&matrix, column);
            }
        }
        let shift = (0..dimension).map(|_| generator.bits()).collect();
        Some(Self { directions, state: shift, index: 0 })
    }

    /// The next point.
    pub(super) fn next(&mut self, point: &mut [f64]) {
        for (x, &bits) in point.iter_mut().zip(&self.state) {
            *x = unit(bits);
        }
        self.index = self.index.wrapping_add(1);
        if let Some(directions) = self.directions.get(self.index.trailing_zeros() as usize) {
            for (bits, direction) in self.state.iter_mut().zip(directions) {
                *bits ^= direction;
            }
        }
    }
}

/// The columns of a random lower triangular matrix with unit diagonal: column j has a 1 in row j and random digits
/// below; rows count from the highest bit.
fn triangular(generator: &mut Generator) -> [u64; DIGITS] {
    std::array::from_fn(|j| {
        let diagonal = 1 << (63 - j);
        diagonal | (generator.bits() & (diagonal - 1))
    })
}

/// The matrix times a column of digits.
fn scramble(matrix: &[u64; DIGITS], digits: u64) -> u64 {
    let rows = matrix.iter().enumerate().filter(|(j, _)| digits >> (63 - j) & 1 == 1);
    rows.fold(0, |sum, (_, column)| sum ^ column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::number::{float, nearest};

    fn points(dimension: usize, count: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut sequence = Sobol::new(dimension, seed, 0).unwrap();
        let mut points = vec![vec![0.0; dimension]; count];
        for point in &mut points {
            sequence.next(point);
        }
        points
    }

    fn cell(x: f64, cells: usize) -> usize {
        nearest((x * float(cells)).floor())
    }

    #[test]
    fn sobol_points_are_a_net_of_quality_zero_in_the_plane() {
        for (seed, m) in [(0, 4), (1, 8), (2, 10)] {
            let points = points(2, 1 << m, seed);
            for a in 0..=m {
                let (wide, high) = (1 << a, 1 << (m - a));
                let mut hits = vec![0; 1 << m];
                for p in &points {
                    hits[cell(p[0], wide) * high + cell(p[1], high)] += 1;
                }
                assert!(hits.iter().all(|&hits| hits == 1), "m = {m}, a = {a}");
            }
        }
    }

    #[test]
    fn each_coordinate_of_sobol_points_visits_each_interval_once() {
        let points = points(1200, 64, 5);
        for axis in 0..1200 {
            let mut hits = [0; 64];
            for p in &points {
                hits[cell(p[axis], 64)] += 1;
            }
            assert!(hits.iter().all(|&hits| hits == 1), "axis {axis}");
        }
    }

    #[test]
    fn directions_are_those_of_joe_and_kuo() {
        // Coordinates 3 and 4 have polynomials x² + x + 1 with m = 1, 3 and x³ + x + 1 with m = 1, 3, 1; the next m are
        // m₃ = 4m₁ ⊕ 2m₂ ⊕ m₁ = 7 and m₄ = 8m₁ ⊕ 4m₂ ⊕ m₁ = 5 by their recurrence, worked by hand.
        let columns = Table::<f64>::init_direction_vals(4, DIGITS, &JoeKuoD6::minimal());
        let m = |coordinate: usize, j: usize| columns[coordinate][j - 1] >> (64 - j);
        assert_eq!([1, 2, 3].map(|j| m(2, j)), [1, 3, 1 << 2 ^ 3 << 1 ^ 1]);
        assert_eq!([1, 2, 3].map(|j| m(3, j)), [1, 3, 1]);
    }

    #[test]
    fn the_sequence_ends_at_the_table() {
        assert!(Sobol::new(TABLE, 0, 0).is_some());
        assert!(Sobol::new(TABLE + 1, 0, 0).is_none());
    }
}
