//! Eigenvalues and eigenvectors of a symmetric matrix in doubles, by Jacobi's cyclic rotations.
//!
//! | notation | name |
//! |---|---|
//! | A = Σ λ v vᵀ | the matrix; λ is [`Eigenpair::value`], v with vᵀv = 1 is [`Eigenpair::vector`] |
//! | (p, q) | the entry that a rotation in the plane of coordinates p and q makes zero |
//!
//! Sweeps go through all p < q in order and rotate where |aₚ_q| > 2⁻⁵⁶ max |A|; a sweep without rotation ends it. What is
//! left off the diagonal is then below the rounding of the largest entry. Only + − × ÷ and √ are used, each rounded as
//! IEEE 754 says and none of them fused, so results are the same on every machine.
//!
//! Source: G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th edition, section 8.5. Checked by
//! `eigenpairs_rebuild_the_matrix` and `known_matrices_have_their_known_eigenvalues`.

/// Rotations of entries below this part of the largest entry would change nothing: 2⁻⁵⁶.
const NEGLIGIBLE: f64 = f64::EPSILON / 16.0;

/// Convergence is quadratic: ten sweeps are many, even for a thousand rows.
const MOST_SWEEPS: usize = 64;

/// One eigenvalue with a unit eigenvector.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Eigenpair {
    pub(super) value: f64,
    pub(super) vector: Vec<f64>,
}

/// All eigenpairs of a symmetric matrix of finite entries, the largest |λ| first.
pub(super) fn eigenpairs(mut matrix: Vec<Vec<f64>>) -> Vec<Eigenpair> {
    let size = matrix.len();
    let largest = matrix.iter().flatten().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    // Row r is the r-th eigenvector.
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|i| (0..size).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    for _ in 0..MOST_SWEEPS {
        let mut is_done = true;
        for p in 0..size {
            for q in p + 1..size {
                if matrix[p][q].abs() > NEGLIGIBLE * largest {
                    is_done = false;
                    let rotation = Rotation::annihilating(&matrix, p, q);
                    rotation.conjugate(&mut matrix);
                    rotation.turn_rows(&mut vectors);
                }
            }
        }
        if is_done {
            break;
        }
    }
    let mut pairs: Vec<Eigenpair> = vectors
        .into_iter()
        .enumerate()
        .map(|(r, vector)| Eigenpair { value: matrix[r][r], vector })
        .collect();
    pairs.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    pairs
}

/// A rotation in the plane of the coordinates p and q.
struct Rotation {
    p: usize,
    q: usize,
    cosine: f64,
    sine: f64,
}

impl Rotation {
    /// The smaller of the two rotations after which aₚ_q = 0: tan² + 2θ tan = 1 with θ = (a_qq − aₚₚ)/(2aₚ_q).
    fn annihilating(matrix: &[Vec<f64>], p: usize, q: usize) -> Self {
        let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
        let sign = if theta < 0.0 { -1.0 } else { 1.0 };
        let tangent = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
        let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
        Self { p, q, cosine, sine: tangent * cosine }
    }

    /// Rows p and q become cos·p − sin·q and sin·p + cos·q.
    fn turn_rows(&self, rows: &mut [Vec<f64>]) {
        let [p, q] = rows.get_disjoint_mut([self.p, self.q]).expect("two rows of the matrix");
        for (a, b) in p.iter_mut().zip(q) {
            (*a, *b) = self.turned(*a, *b);
        }
    }

    fn turned(&self, a: f64, b: f64) -> (f64, f64) {
        (self.cosine * a - self.sine * b, self.sine * a + self.cosine * b)
    }

    /// Rows, then columns; the entry at (p, q) is zero by construction.
    fn conjugate(&self, matrix: &mut [Vec<f64>]) {
        self.turn_rows(matrix);
        for row in matrix.iter_mut() {
            (row[self.p], row[self.q]) = self.turned(row[self.p], row[self.q]);
        }
        matrix[self.p][self.q] = 0.0;
        matrix[self.q][self.p] = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(matrix: &[&[f64]]) -> Vec<f64> {
        let pairs = eigenpairs(matrix.iter().map(|row| row.to_vec()).collect());
        pairs.into_iter().map(|pair| pair.value).collect()
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-14, "{found:?} for {expected:?}");
        }
    }

    #[test]
    fn known_matrices_have_their_known_eigenvalues() {
        assert_close(&values(&[&[2.0, 1.0], &[1.0, 2.0]]), &[3.0, 1.0]);
        let exchanged: Vec<f64> = values(&[&[0.0, 1.0], &[1.0, 0.0]]).into_iter().map(f64::abs).collect();
        assert_close(&exchanged, &[1.0, 1.0]);
        // All ones: 3, and 0 twice.
        assert_close(&values(&[&[1.0; 3][..]; 3]), &[3.0, 0.0, 0.0]);
        // Second differences: 2 − 2 cos(kπ/4), which is 2 + √2, 2, 2 − √2.
        let differences: [&[f64]; 3] = [&[2.0, -1.0, 0.0], &[-1.0, 2.0, -1.0], &[0.0, -1.0, 2.0]];
        assert_close(&values(&differences), &[2.0 + 2f64.sqrt(), 2.0, 2.0 - 2f64.sqrt()]);
        assert_close(&values(&[&[0.0; 2][..]; 2]), &[0.0, 0.0]);
        assert!(values(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn eigenpairs_rebuild_the_matrix(entries in proptest::collection::vec(-1f64..1.0, 64), n in 1usize..9) {
            let entry = |i: usize, j: usize| entries[i.min(j) * 8 + i.max(j)];
            let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
            let pairs = eigenpairs(matrix.clone());
            for i in 0..n {
                for j in 0..n {
                    let rebuilt: f64 = pairs.iter().map(|p| p.value * p.vector[i] * p.vector[j]).sum();
                    prop_assert!((rebuilt - matrix[i][j]).abs() < 1e-13);
                    let product: f64 = (0..n).map(|k| pairs[i].vector[k] * pairs[j].vector[k]).sum();
                    let expected = if i == j { 1.0 } else { 0.0 };
                    prop_assert!((product - expected).abs() < 1e-13);
                }
            }
        }
    }
}
