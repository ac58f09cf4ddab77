//! A symmetric matrix of doubles as a sum of squares, by elimination with complete pivoting.
//!
//! | notation | name |
//! |---|---|
//! | A = Σ d l lᵀ | the matrix; d is [`Pivot::weight`], l is [`Pivot::direction`] |
//! | S | what is left of A, over the rows that are not eliminated yet |
//! | μ₁, μ₀ | the largest entry of S in size on its diagonal, and off it |
//!
//! Where μ₁ ≥ α μ₀, α = (1 + √17)/8, the largest diagonal entry is the pivot. Otherwise the two rows of the largest other entry
//! are turned by the rotation that makes their block diag(λ₁, λ₂), and both are pivots; |λ| ≥ (1 − α) μ₀, so no entry of an l is
//! larger than √2/(1 − α) < 4, and the growth of S is that of Bunch and Parlett. Entries of at most 2⁻⁴⁶ of the largest of A
//! are zero: after n steps in doubles each carries an error of a few n 2⁻⁵³.
//!
//! Only + − × ÷ and √ are used, each rounded as IEEE 754 says and none of them fused, so results are the same on every
//! machine.
//!
//! Source: J. R. Bunch and B. N. Parlett, "Direct methods for solving symmetric indefinite systems of linear equations",
//! SIAM J. Numer. Anal. 8 (1971). Checked by `pivots_rebuild_the_matrix`, `as_many_pivots_as_the_rank` and
//! `no_direction_is_long`.

/// Entries of at most this part of the largest are zero: 2⁻⁴⁶.
pub(super) const ZERO: f64 = f64::EPSILON * 64.0;

/// (1 + √17)/8
const ALPHA: f64 = 0.640_388_203_202_208;

/// One square d (l·ξ)².
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pivot {
    pub(super) weight: f64,
    /// l by row of the matrix; rows that were eliminated before are not there.
    pub(super) direction: Vec<(usize, f64)>,
}

/// The squares of a symmetric matrix of finite entries.
pub(super) fn pivots(matrix: Vec<Vec<f64>>) -> Vec<Pivot> {
    let largest = matrix.iter().flatten().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    let mut rest = Rest { names: (0..matrix.len()).collect(), rows: matrix };
    let mut pivots = Vec::new();
    while let Some(choice) = rest.choose(ZERO * largest) {
        match choice {
            Choice::One(r) => pivots.push(rest.eliminate(r)),
            // p > q: removing row p leaves row q in its place.
            Choice::Two(p, q) => {
                let (name_p, name_q) = (rest.names[p], rest.names[q]);
                let (cosine, sine) = rest.turn(p, q);
                let mut turned = |row, on_p, on_q| {
                    let mut pivot = rest.eliminate(row);
                    pivot.direction.retain(|(name, _)| *name != name_p && *name != name_q);
                    pivot.direction.extend([(name_p, on_p), (name_q, on_q)]);
                    pivots.push(pivot);
                };
                turned(p, cosine, sine);
                turned(q, -sine, cosine);
            }
        }
    }
    pivots
}

enum Choice {
    One(usize),
    Two(usize, usize),
}

/// S, with the row of A that each of its rows is.
struct Rest {
    names: Vec<usize>,
    rows: Vec<Vec<f64>>,
}

impl Rest {
    /// The next pivots; nothing where all that is left is negligible.
    fn choose(&self, negligible: f64) -> Option<Choice> {
        let (mut diagonal, mut other) = ((0.0, 0), (0.0, (0, 0)));
        for (i, row) in self.rows.iter().enumerate() {
            if row[i].abs() > diagonal.0 {
                diagonal = (row[i].abs(), i);
            }
            for (j, entry) in row[..i].iter().enumerate() {
                if entry.abs() > other.0 {
                    other = (entry.abs(), (i, j));
                }
            }
        }
        if diagonal.0.max(other.0) <= negligible {
            None
        } else if diagonal.0 >= ALPHA * other.0 {
            Some(Choice::One(diagonal.1))
        } else {
            Some(Choice::Two(other.1.0, other.1.1))
        }
    }

    /// Completes the square of one row and takes it away.
    fn eliminate(&mut self, r: usize) -> Pivot {
        let weight = self.rows[r][r];
        let column: Vec<f64> = self.rows[r].iter().map(|entry| entry / weight).collect();
        for (row, a) in self.rows.iter_mut().zip(&column) {
            if *a != 0.0 {
                for (entry, b) in row.iter_mut().zip(&column) {
                    *entry -= a * b * weight;
                }
            }
        }
        let named = self.names.iter().copied().zip(column).filter(|(_, entry)| *entry != 0.0);
        let direction = named.collect();
        self.names.swap_remove(r);
        self.rows.swap_remove(r);
        for row in &mut self.rows {
            row.swap_remove(r);
        }
        Pivot { weight, direction }
    }

    /// Turns the rows p and q, and the columns, so that their block becomes diagonal: row p then stands for
    /// cosine · p + sine · q, row q for cosine · q − sine · p.
    fn turn(&mut self, p: usize, q: usize) -> (f64, f64) {
        let (a, b, c) = (self.rows[p][p], self.rows[p][q], self.rows[q][q]);
        let (cosine, sine) = rotation(a, b, c);
        let mix = |x: f64, y: f64| (cosine * x + sine * y, cosine * y - sine * x);
        for row in &mut self.rows {
            (row[p], row[q]) = mix(row[p], row[q]);
        }
        for j in 0..self.rows.len() {
            (self.rows[p][j], self.rows[q][j]) = mix(self.rows[p][j], self.rows[q][j]);
        }
        (self.rows[p][q], self.rows[q][p]) = (0.0, 0.0);
        (cosine, sine)
    }
}

/// Cosine and sine of the angle that diagonalises ((a, b), (b, c)), b ≠ 0.
fn rotation(a: f64, b: f64, c: f64) -> (f64, f64) {
    let theta = (c - a) / (2.0 * b);
    let sign = if theta < 0.0 { -1.0 } else { 1.0 };
    // The smaller root of t² − 2θt − 1.
    let tangent = -sign / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    (cosine, tangent * cosine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rebuilt(pivots: &[Pivot], size: usize) -> Vec<Vec<f64>> {
        let mut matrix = vec![vec![0.0; size]; size];
        for Pivot { weight, direction } in pivots {
            for &(i, a) in direction {
                for &(j, b) in direction {
                    matrix[i][j] += weight * a * b;
                }
            }
        }
        matrix
    }

    fn symmetric(size: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
        proptest::collection::vec(-4i32..5, size * size).prop_map(move |entries| {
            let at = |i: usize, j: usize| f64::from(entries[i.max(j) * size + i.min(j)]);
            (0..size)
                .map(|i| {
                    (0..size).map(|j| if i == j { 0.125 * at(i, j).floor() } else { at(i, j) }).collect()
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn pivots_rebuild_the_matrix(matrix in symmetric(6)) {
            let rebuilt = rebuilt(&pivots(matrix.clone()), 6);
            for (row, other) in matrix.iter().zip(&rebuilt) {
                for (a, b) in row.iter().zip(other) {
                    // Six steps on entries of at most 4, each of which may double them at worst.
                    prop_assert!((a - b).abs() < 1e-13, "{a} {b}");
                }
            }
        }

        #[test]
        fn no_direction_is_long(matrix in symmetric(6)) {
            for pivot in pivots(matrix) {
                prop_assert!(pivot.direction.iter().all(|(_, entry)| entry.abs() < 4.0));
            }
        }

        #[test]
        fn as_many_pivots_as_the_rank(rows in proptest::collection::vec(proptest::collection::vec(-3i32..4, 8), 1..8)) {
            // A sum of signed squares of whole numbers: its rank follows from exact elimination.
            let mut form = jetc_combinatorics::Polynomial::zero();
            let mut matrix = vec![vec![0.0; 8]; 8];
            for (number, row) in rows.iter().enumerate() {
                let sign = if number % 2 == 0 { 1 } else { -1 };
                let linear: Vec<_> = row.iter().map(|&e| jetc_combinatorics::rational::integer(e)).collect();
                let linear = jetc_combinatorics::Polynomial::linear((0..).zip(&linear));
                form.add_scaled(&linear.power(2), &jetc_combinatorics::rational::integer(sign));
                for i in 0..8 {
                    for j in 0..8 {
                        matrix[i][j] += f64::from(sign * row[i] * row[j]);
                    }
                }
            }
            let rank = jetc_combinatorics::quadratic_form::diagonalise(&form).len();
            prop_assert_eq!(pivots(matrix).len(), rank);
        }
    }
}
