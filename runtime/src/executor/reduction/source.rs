//! The quadratic form with the vectors of its variables, pulled back through first layers: M = (WVᵀ) C (WVᵀ)ᵀ, and the rows
//! R = D⁻¹ J⁺ W C along which derivatives go back.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use jetc_combinatorics::Polynomial;
use jetc_operators::Plan;
use jetc_operators::reduction::Sign;

use super::factor::{Factor, has_full_rank};
use super::form::{Form, MOST_DENSE, variables};
use super::layers::{Columns, Layer};

/// More rows than this are not factorised: it would take longer than it saves.
const MOST_ROWS: usize = 4096;

/// The quadratic form through which an operator sees its variables, and their vectors: all that pulling it back through
/// first layers takes.
#[derive(Debug)]
pub(super) struct Source {
    form: Form,
    /// V by its entries that are not zero, one row for each variable of the form.
    pub(super) vectors: Vec<Vec<(usize, f64)>>,
    /// n
    inputs: usize,
}

impl Source {
    /// Nothing where a variable has no vector, or the form is too large to be written out.
    pub(super) fn new(plan: &Plan, form: &Polynomial) -> Option<Self> {
        let variables = variables(form);
        let vector = |&variable: &u32| {
            let direction = plan.variables().direction(variable)?;
            Some(direction.iter().map(|(coordinate, entry)| (coordinate as usize, entry.to_f64())).collect())
        };
        let vectors: Vec<Vec<(usize, f64)>> = variables.iter().map(vector).collect::<Option<_>>()?;
        Some(Self { form: Form::new(form, &variables)?, vectors, inputs: plan.coordinates().len() })
    }

    /// M = J D Jᵀ for the first layers; nothing where that leaves as many directions as there are variables, or takes longer than
    /// it saves.
    pub(super) fn factor<S: Into<f64> + Copy>(&self, layers: &[Layer<'_, S>]) -> Option<Factor> {
        let columns = Columns::new(layers, &self.vectors)?;
        let (h, g) = (columns.rows.len(), self.vectors.len());
        if h == 0 || g < 2 || h > MOST_ROWS || !columns.are_finite() {
            return None;
        }
        if h >= g && has_full_rank(columns.block(0..g).as_ref()) {
            return None;
        }
        let mut product = Mat::zeros(h, h);
        self.for_each_block(&columns, |_, weight, scaled| {
            matmul(product.as_mut(), Accum::Add, scaled, weight.transpose(), 1.0, Par::Seq);
        });
        Factor::new(product.as_ref(), h.max(g)).filter(|factor| factor.signs.len() < g)
    }

    /// R. Nothing where M does not have the rank of WVᵀ, for any weights nearby: what depends on W then is more than J.
    pub(super) fn slopes<S: Into<f64> + Copy>(
        &self,
        factor: &Factor,
        layers: &[Layer<'_, S>],
    ) -> Option<Vec<Vec<f64>>> {
        let (h, r) = (factor.columns.nrows(), factor.signs.len());
        if !self.form.is_definite() && r < h {
            return None;
        }
        let columns = Columns::new(layers, &self.vectors)?;
        let mut rows = vec![vec![0.0; self.inputs]; r];
        // J⁺ = |μ|⁻¹ Jᵀ, since JᵀJ = |μ|.
        let inverse = Mat::from_fn(r, h, |k, i| {
            let column = factor.columns.col(k);
            let sign = if factor.signs[k] == Sign::Plus { 1.0 } else { -1.0 };
            sign * column[i] / column.iter().map(|x| x * x).sum::<f64>()
        });
        self.for_each_block(&columns, |block, _, scaled| {
            let mut product = Mat::<f64>::zeros(r, block.len());
            matmul(product.as_mut(), Accum::Replace, inverse.as_ref(), scaled, 1.0, Par::Seq);
            for (j, vector) in self.vectors[block].iter().enumerate() {
                for &(coordinate, entry) in vector {
                    for (k, row) in rows.iter_mut().enumerate() {
                        row[coordinate] += product[(k, j)] * entry;
                    }
                }
            }
        });
        Some(rows)
    }

    /// Calls `work` with some columns at a time: their numbers, those of WVᵀ, and those of (WVᵀ) C.
    fn for_each_block<S: Into<f64> + Copy>(
        &self,
        columns: &Columns<'_, S>,
        mut work: impl FnMut(Range<usize>, MatRef<'_, f64>, MatRef<'_, f64>),
    ) {
        let (h, g) = (columns.rows.len(), self.vectors.len());
        match &self.form {
            Form::Diagonal(factors) => {
                for first in (0..g).step_by(MOST_DENSE) {
                    let block = first..g.min(first + MOST_DENSE);
                    let weight = columns.block(block.clone());
                    let scaled = Mat::from_fn(h, block.len(), |i, j| weight[(i, j)] * factors[first + j]);
                    work(block, weight.as_ref(), scaled.as_ref());
                }
            }
            Form::Dense(matrix) => {
                let weight = columns.block(0..g);
                let mut scaled = Mat::zeros(h, g);
                matmul(scaled.as_mut(), Accum::Replace, weight.as_ref(), matrix.as_ref(), 1.0, Par::Seq);
                work(0..g, weight.as_ref(), scaled.as_ref());
            }
        }
    }
}
