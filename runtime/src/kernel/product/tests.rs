//! Products against their definition.

use super::*;

/// Numbers in (−1, 1) that single precision holds.
fn numbers<T: Float>(count: usize, seed: u64) -> Vec<T> {
    let mut state = seed | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 40) as i32) / f64::from(1 << 23) - 1.0
    };
    (0..count).map(|_| T::from_f64(next())).collect()
}

/// Shapes on both sides of every boundary: dot products, one to four vectors, tails of rows and columns, long sums.
const SHAPES: [[usize; 3]; 12] = [
    [1, 1, 1],
    [7, 3, 2],
    [13, 64, 4],
    [5, 33, 5],
    [9, 2, 64],
    [50, 64, 64],
    [49, 17, 100],
    [3, 0, 7],
    [8, 300, 31],
    [97, 257, 49],
    [4, 769, 65],
    [2, 1600, 3],
];

fn check<T: Float>() {
    for [rows, inner, features] in SHAPES {
        let x: Vec<T> = numbers(rows * inner, 1);
        let w: Vec<T> = numbers(features * inner, 2);
        let bias: Vec<T> = numbers(features, 3);
        let matrix = Matrix::from_row_major(features, inner, w.clone()).unwrap();
        for set in InstructionSet::available() {
            let weights = PackedMatrix::new(set, &matrix, |&x| x);
            assert!(weights.entries() == w, "{inner}×{features} {set}");
            let transposed = PackedMatrix::transposed(set, &matrix.transposed(), |&x| x);
            assert!(transposed.entries() == w, "{inner}×{features} {set}");
            let mut y = vec![T::NAN; rows * features];
            weights.multiply(&x, Some(&bias), &mut y);
            for (index, &found) in y.iter().enumerate() {
                let (row, feature) = (index / features, index % features);
                let terms = (0..inner).map(|k| x[row * inner + k].to_f64() * w[feature * inner + k].to_f64());
                let sizes = terms.clone().map(f64::abs).sum::<f64>() + bias[feature].to_f64().abs();
                let expected = terms.sum::<f64>() + bias[feature].to_f64();
                // A sum of m terms in any order: (m − 1) u Σ|terms|, with products rounded once more; u is half an epsilon.
                #[allow(clippy::cast_precision_loss)]
                let bound = (inner as f64 + 2.0) * T::EPSILON.to_f64() * sizes;
                let error = (found.to_f64() - expected).abs();
                assert!(error <= bound, "{rows}×{inner}×{features} {set}, entry {row}, {feature}: {error:e}");
            }
        }
    }
}

#[test]
fn products_are_those_of_the_definition() {
    check::<f32>();
    check::<f64>();
}

#[test]
fn a_row_has_the_same_bits_in_any_company() {
    for [rows, inner, features] in SHAPES {
        let matrix = Matrix::from_row_major(features, inner, numbers::<f32>(features * inner, 4)).unwrap();
        let x: Vec<f32> = numbers(rows * inner, 5);
        let fused = InstructionSet::available().into_iter().filter(|set| set.is_fused());
        let mut first: Option<Vec<u32>> = None;
        for set in fused {
            let weights = PackedMatrix::new(set, &matrix, |&x| x);
            let mut together = vec![0.0; rows * features];
            weights.multiply(&x, None, &mut together);
            let mut alone = vec![0.0; rows * features];
            for row in 0..rows {
                weights.multiply(&x[row * inner..][..inner], None, &mut alone[row * features..][..features]);
            }
            let bits = |y: &[f32]| y.iter().map(|y| y.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&together), bits(&alone), "{rows}×{inner}×{features} {set}");
            // Nor do the bits depend on how many lanes a vector has.
            assert_eq!(first.get_or_insert_with(|| bits(&together)), &bits(&together), "{set}");
        }
    }
}

fn check_outer<T: Float>() {
    // On both sides of every boundary: groups of features, panels and blocks of columns, parts of the rows.
    for [rows, features, inner] in [
        [1, 1, 1],
        [0, 3, 4],
        [7, 13, 5],
        [33, 64, 2],
        [100, 50, 64],
        [20, 97, 433],
        [1030, 9, 100],
        [513, 1, 64],
    ] {
        let distance = inner + 3;
        let (y, x) = (numbers::<T>(rows * features, 6), numbers::<T>(rows * distance, 7));
        let before = numbers::<T>(features * inner, 8);
        let mut first: Option<Vec<u64>> = None;
        for set in InstructionSet::available() {
            let mut sums = before.clone();
            // Room that has been used for something else.
            let mut packed = Packed::default();
            let one = |values| Strided::new(values, rows.min(1), 1, 1);
            add_outer_products(set, one(&y), one(&x), &mut [T::ZERO], &mut packed);
            let (left, right) =
                (Strided::new(&y, rows, features, features), Strided::new(&x, rows, inner, distance));
            add_outer_products(set, left, right, &mut sums, &mut packed);
            for (at, &found) in sums.iter().enumerate() {
                let (i, j) = (at / inner, at % inner);
                let terms = (0..rows).map(|k| y[k * features + i].to_f64() * x[k * distance + j].to_f64());
                let sizes = terms.clone().map(f64::abs).sum::<f64>() + before[at].to_f64().abs();
                let expected = terms.sum::<f64>() + before[at].to_f64();
                // As for products.
                #[allow(clippy::cast_precision_loss)]
                let bound = (rows as f64 + 2.0) * T::EPSILON.to_f64() * sizes;
                let error = (found.to_f64() - expected).abs();
                assert!(error <= bound, "{rows}×{features}×{inner} {set}, entry {i}, {j}: {error:e}");
            }
            if set.is_fused() {
                let bits: Vec<u64> = sums.iter().map(|x| x.to_f64().to_bits()).collect();
                assert_eq!(first.get_or_insert_with(|| bits.clone()), &bits, "{set}");
            }
        }
    }
}

#[test]
fn outer_products_are_those_of_the_definition() {
    check_outer::<f32>();
    check_outer::<f64>();
}
