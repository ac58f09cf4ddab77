//! Latin hypercubes: N points with one in each of N equal slices along every coordinate.
//!
//! xᵢⱼ = (πⱼ(i) + uᵢⱼ) / N with random permutations πⱼ and random numbers u (M. D. McKay, R. J. Beckman,
//! W. J. Conover, Technometrics 21, 1979, <https://doi.org/10.1080/00401706.1979.10489755>). Permutations by
//! Fisher–Yates. Checked by `latin_hypercubes_have_one_point_in_each_slice`.

use super::number::{BELOW_ONE, float};
use super::random::Generator;

/// A Latin hypercube of `count` points, row-major \[count, dimension\].
pub(super) fn latin_hypercube(count: usize, dimension: usize, generator: &mut Generator) -> Vec<f64> {
    let mut points = vec![0.0; count * dimension];
    let mut slices: Vec<usize> = (0..count).collect();
    for axis in 0..dimension {
        for last in (1..count).rev() {
            slices.swap(last, generator.below(last + 1));
        }
        for (point, &slice) in points.chunks_exact_mut(dimension).zip(&slices) {
            point[axis] = ((float(slice) + generator.number()) / float(count)).min(BELOW_ONE);
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::number::nearest;
    use crate::sampling::random::Purpose;

    #[test]
    fn latin_hypercubes_have_one_point_in_each_slice() {
        let mut generator = Generator::new(3, 1, Purpose::LatinHypercube);
        // A power of two: the slices are found again without rounding.
        let points = latin_hypercube(64, 7, &mut generator);
        for axis in 0..7 {
            let mut hits = [0; 64];
            points.chunks_exact(7).for_each(|point| hits[nearest((point[axis] * 64.0).floor())] += 1);
            assert!(hits.iter().all(|&hits| hits == 1));
        }
    }
}
