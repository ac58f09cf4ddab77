//! The damped linear least-squares problem min ‖J δ + r‖² + μ ‖δ‖², M residuals and P parameters.
//!
//! | way | when | cost |
//! |---|---|---|
//! | Cholesky of JᵀJ + μ I, with two refinements | μ ≥ [`BENIGN`] tr JᵀJ, or P > [`WIDEST_QR`] | M P² once, P³/3 for each μ |
//! | QR of \[J; √μ I\]: the condition of J is not squared | otherwise | 2 (M + P) P² for each μ |
//! | the same of J Jᵀ + μ I and \[Jᵀ; √μ I\], for δ = Jᵀ y, (J Jᵀ + μ I) y = −r | M < P | P and M exchanged |
//!
//! The order of all sums depends on M and P alone: products are cut into tiles of [`TILE`] columns, and each tile and each
//! factorisation is computed by one thread. So the bits do not depend on the number of threads.
//!
//! Source: Å. Björck, Numerical Methods for Least Squares Problems, SIAM 1996, chapters 2 and 6. Checked by
//! `every_way_solves_the_normal_equations`.

use std::cell::OnceCell;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt;
use faer::linalg::matmul::matmul;
use faer::linalg::qr::no_pivoting::{factor, solve};
use faer::prelude::default;
use faer::{Accum, Conj, Mat, MatMut, MatRef, Par};
use rayon::prelude::*;

/// The largest number of unknowns that is solved for by QR.
pub(crate) const WIDEST_QR: usize = 1600;

/// Damping from which on the normal equations have a condition of 10¹³ at most. A refinement leaves a part of 10⁻³ or so of the
/// error then, and what rounding makes of Jᵀ(b − J δ), ε ‖J‖ ‖r‖ / μ, is 10⁻⁹ of a step of size ‖r‖/√μ.
const BENIGN: f64 = 1e-13;

/// Refinements of a solution of the normal equations.
const REFINEMENTS: usize = 2;

/// Columns of a product that one thread computes at a time.
const TILE: usize = 128;

/// J and r with what is computed once for all μ.
#[derive(Debug)]
pub(crate) struct Damped<'a> {
    jacobian: MatRef<'a, f64>,
    residuals: &'a [f64],
    /// tr JᵀJ
    trace: f64,
    /// JᵀJ or J Jᵀ, the smaller one, lower triangle; once it is asked for.
    gram: OnceCell<Mat<f64>>,
}

/// The problem for one μ, factorised.
#[derive(Debug)]
pub(crate) struct Factor<'a> {
    jacobian: MatRef<'a, f64>,
    damping: f64,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// L Lᵀ of the Gram matrix.
    Cholesky(Mat<f64>),
    /// Q and R of the matrix with √μ I below, or of its transpose: the basis, and its block coefficients.
    Qr(Mat<f64>, Mat<f64>),
}

impl<'a> Damped<'a> {
    /// `jacobian` is \[M, P\], row-major.
    pub(crate) fn new(jacobian: &'a [f64], residuals: &'a [f64]) -> Self {
        let rows = residuals.len();
        let columns = jacobian.len().checked_div(rows).unwrap_or(0);
        let trace = jacobian.iter().map(|x| x * x).sum();
        let jacobian = MatRef::from_row_major_slice(jacobian, rows, columns);
        Self { jacobian, residuals, trace, gram: OnceCell::new() }
    }

    /// tr JᵀJ = ‖J‖²
    pub(crate) fn trace(&self) -> f64 {
        self.trace
    }

    /// g = Jᵀ r, half the gradient of L.
    pub(crate) fn gradient(&self) -> Vec<f64> {
        transposed_times(self.jacobian, self.residuals)
    }

    /// Factorises for μ > 0; `None` where rounding leaves nothing of it.
    pub(crate) fn at(&self, damping: f64) -> Option<Factor<'a>> {
        let (rows, columns) = (self.jacobian.nrows(), self.jacobian.ncols());
        let is_tall = columns <= rows;
        let form = if damping >= BENIGN * self.trace || rows.min(columns) > WIDEST_QR {
            let narrow = || if is_tall { self.jacobian.transpose() } else { self.jacobian };
            Form::Cholesky(cholesky(self.gram.get_or_init(|| gram(narrow())), damping)?)
        } else {
            let tall = if is_tall { self.jacobian } else { self.jacobian.transpose() };
            let (basis, coefficients) = orthogonal(tall, damping);
            Form::Qr(basis, coefficients)
        };
        Some(Factor { jacobian: self.jacobian, damping, form })
    }
}

impl Factor<'_> {
    /// argmin ‖J δ − b‖² + μ ‖δ‖²
    pub(crate) fn solve(&self, right: &[f64]) -> Option<Vec<f64>> {
        let is_tall = self.jacobian.ncols() <= self.jacobian.nrows();
        let solution = match &self.form {
            Form::Cholesky(factor) if is_tall => {
                let mut solution = transposed_times(self.jacobian, right);
                solve_factored(factor, &mut solution);
                for _ in 0..REFINEMENTS {
                    self.refine(factor, right, &mut solution);
                }
                solution
            }
            Form::Cholesky(factor) => {
                let mut dual = right.to_vec();
                solve_factored(factor, &mut dual);
                let mut solution = transposed_times(self.jacobian, &dual);
                for _ in 0..REFINEMENTS {
                    // b − (J Jᵀ + μ I) y
                    let product = times(self.jacobian, &solution);
                    let mut left: Vec<f64> = right.to_vec();
                    for ((left, product), y) in left.iter_mut().zip(&product).zip(&dual) {
                        *left -= product + self.damping * y;
                    }
                    solve_factored(factor, &mut left);
                    dual.iter_mut().zip(&left).for_each(|(y, correction)| *y += correction);
                    solution = transposed_times(self.jacobian, &dual);
                }
                solution
            }
            Form::Qr(basis, coefficients) if is_tall => stacked(basis, coefficients, right),
            // min ‖Jᵀ y‖² + μ‖y‖² − 2 bᵀy: with R of [Jᵀ; √μ I], RᵀR y = b.
            Form::Qr(basis, _) => transposed_times(self.jacobian, &semi_normal(basis, right)),
        };
        solution.iter().all(|x| x.is_finite()).then_some(solution)
    }

    /// One step of the corrected semi-normal equations.
    fn refine(&self, factor: &Mat<f64>, right: &[f64], solution: &mut [f64]) {
        let product = times(self.jacobian, solution);
        let left: Vec<f64> = right.iter().zip(&product).map(|(b, y)| b - y).collect();
        let mut correction = transposed_times(self.jacobian, &left);
        for (correction, x) in correction.iter_mut().zip(&*solution) {
            *correction -= self.damping * x;
        }
        solve_factored(factor, &mut correction);
        for (x, correction) in solution.iter_mut().zip(&correction) {
            *x += correction;
        }
    }
}

/// A v
pub(crate) fn times(matrix: MatRef<'_, f64>, vector: &[f64]) -> Vec<f64> {
    let mut product = Mat::<f64>::zeros(matrix.nrows(), 1);
    let vector = MatRef::from_column_major_slice(vector, vector.len(), 1);
    let tiles = product.as_mut().par_row_chunks_mut(TILE).enumerate();
    tiles.for_each(|(tile, product)| {
        let part = matrix.subrows(tile * TILE, product.nrows());
        matmul(product, Accum::Replace, part, vector, 1.0, Par::Seq);
    });
    product.col_as_slice(0).to_vec()
}

/// Aᵀ v
fn transposed_times(matrix: MatRef<'_, f64>, vector: &[f64]) -> Vec<f64> {
    let mut product = Mat::<f64>::zeros(matrix.ncols(), 1);
    let vector = MatRef::from_column_major_slice(vector, vector.len(), 1);
    let tiles = product.as_mut().par_row_chunks_mut(TILE).enumerate();
    tiles.for_each(|(tile, product)| {
        let part = matrix.subcols(tile * TILE, product.nrows());
        matmul(product, Accum::Replace, part.transpose(), vector, 1.0, Par::Seq);
    });
    product.col_as_slice(0).to_vec()
}

/// The lower triangle of A Aᵀ.
fn gram(matrix: MatRef<'_, f64>) -> Mat<f64> {
    let size = matrix.nrows();
    let mut gram = Mat::<f64>::zeros(size, size);
    let tiles = gram.as_mut().par_col_chunks_mut(TILE).enumerate();
    tiles.for_each(|(tile, columns)| {
        let (first, width) = (tile * TILE, columns.ncols());
        let below = columns.subrows_mut(first, size - first);
        let (left, right) = (matrix.subrows(first, size - first), matrix.subrows(first, width));
        matmul(below, Accum::Replace, left, right.transpose(), 1.0, Par::Seq);
    });
    gram
}

/// L with L Lᵀ = A + μ I.
fn cholesky(gram: &Mat<f64>, damping: f64) -> Option<Mat<f64>> {
    let mut factor = gram.clone();
    let size = factor.nrows();
    for at in 0..size {
        factor[(at, at)] += damping;
    }
    let mut memory = MemBuffer::new(llt::factor::cholesky_in_place_scratch::<f64>(size, Par::Seq, default()));
    let stack = MemStack::new(&mut memory);
    llt::factor::cholesky_in_place(factor.as_mut(), default(), Par::Seq, stack, default()).ok()?;
    Some(factor)
}

fn solve_factored(factor: &Mat<f64>, right: &mut [f64]) {
    let size = right.len();
    let right = MatMut::from_column_major_slice_mut(right, size, 1);
    let mut memory = MemBuffer::new(llt::solve::solve_in_place_scratch::<f64>(size, 1, Par::Seq));
    let stack = MemStack::new(&mut memory);
    llt::solve::solve_in_place_with_conj(factor.as_ref(), Conj::No, right, Par::Seq, stack);
}

/// Q R = \[A; √μ I\]: the basis of Q with R above it, and its block coefficients.
fn orthogonal(matrix: MatRef<'_, f64>, damping: f64) -> (Mat<f64>, Mat<f64>) {
    let (rows, columns) = (matrix.nrows(), matrix.ncols());
    let mut stacked = Mat::<f64>::zeros(rows + columns, columns);
    stacked.as_mut().subrows_mut(0, rows).copy_from(matrix);
    for at in 0..columns {
        stacked[(rows + at, at)] = damping.sqrt();
    }
    let block = factor::recommended_block_size::<f64>(rows + columns, columns);
    let mut coefficients = Mat::<f64>::zeros(block, columns);
    let scratch = factor::qr_in_place_scratch::<f64>(rows + columns, columns, block, Par::Seq, default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    factor::qr_in_place(stacked.as_mut(), coefficients.as_mut(), Par::Seq, stack, default());
    (stacked, coefficients)
}

/// argmin ‖A x − b‖² + μ ‖x‖² with Q R of \[A; √μ I\].
fn stacked(basis: &Mat<f64>, coefficients: &Mat<f64>, right: &[f64]) -> Vec<f64> {
    let (rows, columns) = (basis.nrows(), basis.ncols());
    let mut solution = Mat::<f64>::zeros(rows, 1);
    solution.col_as_slice_mut(0)[..right.len()].copy_from_slice(right);
    let block = coefficients.nrows();
    let scratch = solve::solve_lstsq_in_place_scratch::<f64>(rows, columns, block, 1, Par::Seq);
    let mut memory = MemBuffer::new(scratch);
    solve::solve_lstsq_in_place_with_conj(
        basis.as_ref(),
        coefficients.as_ref(),
        basis.as_ref().subrows(0, columns),
        Conj::No,
        solution.as_mut(),
        Par::Seq,
        MemStack::new(&mut memory),
    );
    solution.col_as_slice(0)[..columns].to_vec()
}

/// y with (AᵀA + μ I) y = b, by R of \[A; √μ I\].
fn semi_normal(basis: &Mat<f64>, right: &[f64]) -> Vec<f64> {
    let upper = basis.as_ref().subrows(0, basis.ncols());
    let mut solution = right.to_vec();
    let size = solution.len();
    let mut column = MatMut::from_column_major_slice_mut(&mut solution, size, 1);
    let (lower, upper) = (upper.transpose(), upper);
    faer::linalg::triangular_solve::solve_lower_triangular_in_place(lower, column.as_mut(), Par::Seq);
    faer::linalg::triangular_solve::solve_upper_triangular_in_place(upper, column.as_mut(), Par::Seq);
    solution
}
