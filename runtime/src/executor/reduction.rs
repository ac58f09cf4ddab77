//! Fewer variables than the operator has: it is pulled back through the first affine maps.
//!
//! | notation | name |
//! |---|---|
//! | W, shape \[h, n\] | all affine maps that read the input, one below the other |
//! | V, shape \[g, n\] | the vectors of the variables of the quadratic form through which the operator sees them; C its matrix |
//! | M = (WVᵀ) C (WVᵀ)ᵀ = J D Jᵀ, D = diag(±1) of size r | J = U √\|μ\| from the eigenvectors U and eigenvalues μ of M |
//!
//! Theory: [`jetc_operators::reduction`]. The value still goes through W itself; the columns of J move it along the r new
//! variables. Eigenvalues of at most max(h, n) ε max\|μ\| are what rounding makes of zero and are dropped: in norm, J D Jᵀ
//! differs from M by no more than computing M does. The ratio of the largest to the smallest that is kept is reported as
//! the condition number.
//!
//! Backwards, what follows the first layers depends on W through M alone (beside the value): dM = dW C Wᵀ + W C dWᵀ and J̄ = 2 M̄ J D
//! give W̄ = J̄ D⁻¹ J⁺ W C. So the derivative is that of the unreduced operator, though J itself, which may turn within
//! eigenspaces, has none. Checked against evaluations in all coordinates by `a_reduced_operator_has_the_values_of_the_full_one`.

use std::collections::BTreeMap;
use std::ops::Range;

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Spec};
use jetc_combinatorics::Polynomial;
use jetc_operators::Plan;
use jetc_operators::reduction::{Reduction, Sign};
use num_traits::{Signed, ToPrimitive};

use crate::network::{Matrix, Network, NodeId, Operation};

/// What the first layers left of the coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InputReduction {
    /// How many variables the operator's quadratic form has: coordinates, or directions of the file.
    pub coordinates: usize,
    /// r, how many directions are left of them.
    pub directions: usize,
    /// The largest eigenvalue of M by the smallest that was kept, in size.
    pub condition: f64,
}

impl InputReduction {
    /// What evaluating `plan` on `network` makes of it: the plan in fewer coordinates, if the first layers allow one.
    pub fn of<S: Into<f64> + Copy>(plan: &Plan, network: &Network<S>) -> Option<(Self, Plan)> {
        Reduced::new(plan, network).map(|reduced| (reduced.summary, reduced.plan))
    }
}

/// A plan in fewer variables, and where the new ones move the first layers.
#[derive(Debug)]
pub(crate) struct Reduced {
    pub(crate) plan: Plan,
    /// J for each affine map that reads the input.
    images: BTreeMap<NodeId, Matrix<f64>>,
    /// The column of J that each new variable is.
    columns: BTreeMap<u32, usize>,
    factor: Factor,
    pub(crate) summary: InputReduction,
}

/// Where the new variables move one layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Image<'a> {
    pub(crate) matrix: &'a Matrix<f64>,
    pub(crate) columns: &'a BTreeMap<u32, usize>,
}

/// R of [`Reduced::pull`].
#[derive(Debug)]
pub(crate) struct Pulled {
    rows: Vec<Vec<f64>>,
    /// The row that each new variable has.
    columns: BTreeMap<u32, usize>,
}

impl Pulled {
    /// The row of a variable without a vector in coordinates.
    pub(crate) fn row(&self, variable: u32) -> &[f64] {
        &self.rows[self.columns[&variable]]
    }
}

/// Forms that are not diagonal are written out up to this many coordinates; of others so many columns are taken at a time.
const MOST_DENSE: usize = 4096;

/// Products of weights with entries of vectors: a second.
const MOST_PRODUCTS: usize = 1_000_000_000;

/// More rows than this are not factorised: it would take longer than it saves.
const MOST_ROWS: usize = 4096;

impl Reduced {
    /// The reduced plan, if the network allows one and it has fewer channels.
    pub(crate) fn new<S: Into<f64> + Copy>(plan: &Plan, network: &Network<S>) -> Option<Self> {
        let layers = first_layers(network)?;
        let reduction = Reduction::of(plan)?;
        let variables = variables(reduction.form());
        let rows: usize = layers.iter().map(|(_, weight)| weight.rows()).sum();
        let (h, g) = (rows, variables.len());
        if h == 0 || g < 2 || h > MOST_ROWS {
            return None;
        }
        let columns = Columns::new(&layers, plan, &variables)?;
        if !columns.are_finite() {
            return None;
        }
        if h >= g && has_full_rank(columns.block(0..g).as_ref()) {
            return None;
        }
        let matrix = pulled_back(&columns, reduction.form(), &variables)?;
        let factor = Factor::new(matrix.as_ref(), h.max(g))?;
        if factor.signs.len() >= g {
            return None;
        }
        let reduced = reduction.plan(plan, &factor.signs).ok()?;
        if reduced.algebra().dimension() >= plan.algebra().dimension() {
            return None;
        }
        let summary =
            InputReduction { coordinates: g, directions: factor.signs.len(), condition: factor.condition };
        let columns = new_variables(&reduced, factor.signs.len());
        Some(Self { plan: reduced, images: factor.images(&layers), columns, factor, summary })
    }

    /// What a first layer's weight gets from the cotangents J̄ of its columns: W̄ = J̄ R with R = D⁻¹ J⁺ (WVᵀ) C V, one row for
    /// each new variable. Nothing where M does not have the rank of WVᵀ, for any weights nearby: what depends on W then is more
    /// than J.
    pub(crate) fn pull<S: Into<f64> + Copy>(&self, plan: &Plan, network: &Network<S>) -> Option<Pulled> {
        let (layers, reduction) = (first_layers(network)?, Reduction::of(plan)?);
        let (form, variables) = (reduction.form(), variables(reduction.form()));
        let (h, r) = (self.factor.columns.nrows(), self.factor.signs.len());
        if !is_definite(form) && r < h {
            return None;
        }
        let columns = Columns::new(&layers, plan, &variables)?;
        let mut rows = vec![vec![0.0; network.inputs()]; r];
        // J⁺ = |μ|⁻¹ Jᵀ, since JᵀJ = |μ|.
        let inverse = Mat::from_fn(r, h, |k, i| {
            let column = self.factor.columns.col(k);
            let sign = if self.factor.signs[k] == Sign::Plus { 1.0 } else { -1.0 };
            sign * column[i] / column.iter().map(|x| x * x).sum::<f64>()
        });
        for_each_block(&columns, form, &variables, |block, _, scaled| {
            let mut product = Mat::<f64>::zeros(r, block.len());
            matmul(product.as_mut(), Accum::Replace, inverse.as_ref(), scaled, 1.0, Par::Seq);
            for (j, variable) in block.enumerate() {
                for &(coordinate, entry) in &columns.vectors[variable] {
                    for (k, row) in rows.iter_mut().enumerate() {
                        row[coordinate] += product[(k, j)] * entry;
                    }
                }
            }
        })?;
        Some(Pulled { rows, columns: self.columns.clone() })
    }

    /// D, on which the reduced plan depends and nothing else of the weights.
    pub(crate) fn signature(&self) -> &[Sign] {
        &self.factor.signs
    }

    /// Where the new variables move the layer of this node.
    pub(crate) fn image(&self, node: NodeId) -> Image<'_> {
        Image { matrix: &self.images[&node], columns: &self.columns }
    }
}

/// The number of each new variable of a reduced plan.
fn new_variables(plan: &Plan, count: usize) -> BTreeMap<u32, usize> {
    let first = plan.variables().coordinates();
    let variable = |number: usize| {
        let name = Reduction::variable_name(number);
        let found = (first..).zip(plan.variables().directions()).find(|(_, named)| named.name == name)?;
        Some((found.0, number))
    };
    (0..count).filter_map(variable).collect()
}

/// The affine maps of the whole input, if nothing else reads it.
fn first_layers<S>(network: &Network<S>) -> Option<Vec<(NodeId, &Matrix<S>)>> {
    let mut layers = Vec::new();
    for (id, node) in network.nodes() {
        match &node.operation {
            Operation::Affine { input: NodeId::INPUT, weight, .. }
                if weight.columns() == network.inputs() =>
            {
                layers.push((id, weight));
            }
            operation if operation.inputs().contains(&NodeId::INPUT) => return None,
            _ => {}
        }
    }
    (!layers.is_empty()).then_some(layers)
}

/// The variables of a form, in order.
fn variables(form: &Polynomial) -> Vec<u32> {
    let mut variables: Vec<u32> = form.terms().flat_map(|(m, _)| m.pairs().map(|(v, _)| v)).collect();
    variables.sort_unstable();
    variables.dedup();
    variables
}

/// WVᵀ, a few columns at a time: there may be very many.
struct Columns<'a, S> {
    /// The rows of all layers.
    rows: Vec<&'a [S]>,
    /// V by its entries that are not zero.
    vectors: Vec<Vec<(usize, f64)>>,
}

impl<'a, S: Into<f64> + Copy> Columns<'a, S> {
    /// Nothing where a variable has no vector, or where the products would take longer than they save.
    fn new(layers: &[(NodeId, &'a Matrix<S>)], plan: &Plan, variables: &[u32]) -> Option<Self> {
        let rows: Vec<&[S]> =
            layers.iter().flat_map(|&(_, weight)| (0..weight.rows()).map(|i| weight.row(i))).collect();
        let vector = |&variable: &u32| {
            let direction = plan.variables().direction(variable)?;
            Some(direction.iter().map(|(coordinate, entry)| (coordinate as usize, entry.to_f64())).collect())
        };
        let vectors: Vec<Vec<(usize, f64)>> = variables.iter().map(vector).collect::<Option<_>>()?;
        let entries: usize = vectors.iter().map(Vec::len).sum();
        (entries.saturating_mul(rows.len()) <= MOST_PRODUCTS).then_some(Self { rows, vectors })
    }

    fn are_finite(&self) -> bool {
        let is_finite =
            |row: &&[S]| self.vectors.iter().flatten().all(|&(j, entry)| (entry * row[j].into()).is_finite());
        self.rows.iter().all(is_finite)
    }

    fn block(&self, columns: Range<usize>) -> Mat<f64> {
        let vectors = &self.vectors[columns];
        let dot =
            |row: &[S], vector: &[(usize, f64)]| vector.iter().map(|&(j, entry)| entry * row[j].into()).sum();
        Mat::from_fn(self.rows.len(), vectors.len(), |i, j| dot(self.rows[i], &vectors[j]))
    }
}

/// (WVᵀ) C (WVᵀ)ᵀ
fn pulled_back<S: Into<f64> + Copy>(
    columns: &Columns<'_, S>,
    form: &Polynomial,
    variables: &[u32],
) -> Option<Mat<f64>> {
    let h = columns.rows.len();
    let mut product = Mat::zeros(h, h);
    for_each_block(columns, form, variables, |_, weight, scaled| {
        matmul(product.as_mut(), Accum::Add, scaled, weight.transpose(), 1.0, Par::Seq);
    })?;
    Some(product)
}

/// Calls `work` with some columns at a time: their numbers, those of WVᵀ, and those of (WVᵀ) C.
fn for_each_block<S: Into<f64> + Copy>(
    columns: &Columns<'_, S>,
    form: &Polynomial,
    variables: &[u32],
    mut work: impl FnMut(Range<usize>, MatRef<'_, f64>, MatRef<'_, f64>),
) -> Option<()> {
    let (h, g) = (columns.rows.len(), variables.len());
    let position =
        |variable: u32| variables.binary_search(&variable).expect("the variable is one of the form's");
    if is_diagonal(form) {
        let mut factors = vec![0.0; g];
        for (monomial, coefficient) in form.terms() {
            factors[position(monomial.pairs().next()?.0)] = coefficient.to_f64()?;
        }
        for first in (0..g).step_by(MOST_DENSE) {
            let block = first..g.min(first + MOST_DENSE);
            let weight = columns.block(block.clone());
            let scaled = Mat::from_fn(h, block.len(), |i, j| weight[(i, j)] * factors[first + j]);
            work(block, weight.as_ref(), scaled.as_ref());
        }
        return Some(());
    }
    if g > MOST_DENSE {
        return None;
    }
    let mut matrix = Mat::<f64>::zeros(g, g);
    for (monomial, coefficient) in form.terms() {
        let places: Vec<usize> = monomial.pairs().map(|(v, _)| position(v)).collect();
        let value = coefficient.to_f64()?;
        match places[..] {
            [i] => matrix[(i, i)] = value,
            [i, j] => (matrix[(i, j)], matrix[(j, i)]) = (value / 2.0, value / 2.0),
            _ => return None,
        }
    }
    let weight = columns.block(0..g);
    let mut scaled = Mat::zeros(h, g);
    matmul(scaled.as_mut(), Accum::Replace, weight.as_ref(), matrix.as_ref(), 1.0, Par::Seq);
    work(0..g, weight.as_ref(), scaled.as_ref());
    Some(())
}

fn is_diagonal(form: &Polynomial) -> bool {
    form.terms().all(|(monomial, _)| monomial.pairs().len() == 1)
}

/// Whether the form is a sum of squares with one sign: then M has the rank of WVᵀ.
fn is_definite(form: &Polynomial) -> bool {
    let mut signs = form.terms().map(|(_, coefficient)| coefficient.is_positive());
    is_diagonal(form) && signs.next().is_some_and(|first| signs.all(|sign| sign == first))
}

/// Whether the columns are independent up to rounding.
fn has_full_rank(weight: MatRef<'_, f64>) -> bool {
    let (h, g) = (weight.nrows(), weight.ncols());
    let mut gram = Mat::zeros(g, g);
    matmul(gram.as_mut(), Accum::Replace, weight.transpose(), weight, 1.0, Par::Seq);
    Factor::new(gram.as_ref(), h.max(g)).is_some_and(|factor| factor.signs.len() == g)
}

/// M = J D Jᵀ
#[derive(Debug)]
struct Factor {
    /// D
    signs: Vec<Sign>,
    /// J
    columns: Mat<f64>,
    condition: f64,
}

impl Factor {
    /// `size` is the larger of the dimensions of what M was computed from.
    fn new(matrix: MatRef<'_, f64>, size: usize) -> Option<Self> {
        let n = matrix.nrows();
        let (mut values, mut vectors) = (Diag::zeros(n), Mat::zeros(n, n));
        let parameters = Spec::default();
        let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, parameters);
        let mut memory = MemBuffer::new(scratch);
        let stack = MemStack::new(&mut memory);
        let (s, u) = (values.as_mut(), Some(vectors.as_mut()));
        self_adjoint_evd(matrix, s, u, Par::Seq, stack, parameters).ok()?;
        let values: Vec<f64> = (0..n).map(|i| values[i]).collect();
        let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        #[allow(clippy::cast_precision_loss, reason = "a size in a rough bound")]
        let negligible = size as f64 * f64::EPSILON * largest;
        let kept: Vec<usize> = (0..n).filter(|&i| values[i].abs() > negligible).collect();
        let smallest = kept.iter().fold(largest, |smallest, &i| smallest.min(values[i].abs()));
        Some(Self {
            signs: kept.iter().map(|&i| if values[i] > 0.0 { Sign::Plus } else { Sign::Minus }).collect(),
            columns: Mat::from_fn(n, kept.len(), |i, j| vectors[(i, kept[j])] * values[kept[j]].abs().sqrt()),
            condition: if kept.is_empty() { 1.0 } else { largest / smallest },
        })
    }

    /// The rows of J that belong to each layer.
    fn images<S>(&self, layers: &[(NodeId, &Matrix<S>)]) -> BTreeMap<NodeId, Matrix<f64>> {
        let mut first = 0;
        let image = |(id, weight): &(NodeId, &Matrix<S>)| {
            let (rows, columns) = (weight.rows(), self.columns.ncols());
            let entries = (first..first + rows).flat_map(|i| (0..columns).map(move |j| self.columns[(i, j)]));
            let entries = entries.collect();
            first += rows;
            (
                *id,
                Matrix::from_row_major(rows, columns, entries)
                    .expect("as many entries as rows and columns say"),
            )
        };
        layers.iter().map(image).collect()
    }
}
