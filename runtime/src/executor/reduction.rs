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

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Spec};
use jetc_combinatorics::{MultiIndex, Polynomial};
use jetc_operators::Plan;
use jetc_operators::reduction::{Reduction, Sign};
use num_traits::ToPrimitive;

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
        Reduced::new(plan, network).map(|(plan, reduced)| (reduced.summary(), plan))
    }
}

/// Where the variables of a reduced plan move the first layers.
#[derive(Debug)]
pub(crate) struct Reduced {
    source: Source,
    factor: Factor,
    /// J for each affine map that reads the input.
    images: BTreeMap<NodeId, Matrix<f64>>,
    /// R, for derivatives: what a first layer's weight gets from the cotangents J̄ of its columns is W̄ = J̄ R, with
    /// R = D⁻¹ J⁺ (WVᵀ) C V, one row for each new variable.
    slopes: Option<Vec<Vec<f64>>>,
    /// The column of J that each new variable is.
    columns: BTreeMap<u32, usize>,
}

/// Where the new variables move one layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Image<'a> {
    pub(crate) matrix: &'a Matrix<f64>,
    pub(crate) columns: &'a BTreeMap<u32, usize>,
}

/// Forms that are not diagonal are written out up to this many coordinates; of others so many columns are taken at a time.
const MOST_DENSE: usize = 4096;

/// Products of weights with entries of vectors: a second.
const MOST_PRODUCTS: usize = 1_000_000_000;

/// More rows than this are not factorised: it would take longer than it saves.
const MOST_ROWS: usize = 4096;

impl Reduced {
    /// The plan in fewer variables, if the network allows one and it has fewer channels.
    pub(crate) fn new<S: Into<f64> + Copy>(plan: &Plan, network: &Network<S>) -> Option<(Plan, Self)> {
        let (layers, reduction) = (first_layers(network)?, Reduction::of(plan)?);
        let source = Source::new(plan, reduction.form())?;
        let factor = source.factor(&layers)?;
        let reduced = reduction.plan(plan, &factor.signs).ok()?;
        if reduced.algebra().dimension() >= plan.algebra().dimension() {
            return None;
        }
        let (images, columns) = (factor.images(&layers), new_variables(&reduced, factor.signs.len()));
        Some((reduced, Self { source, factor, images, slopes: None, columns }))
    }

    /// The same for derivatives, if they can be taken from what is left: see [`Source::slopes`].
    pub(crate) fn differentiable<S: Into<f64> + Copy>(
        plan: &Plan,
        network: &Network<S>,
    ) -> Option<(Plan, Self)> {
        let (plan, mut reduced) = Self::new(plan, network)?;
        reduced.slopes = Some(reduced.source.slopes(&reduced.factor, &first_layers(network)?)?);
        Some((plan, reduced))
    }

    /// Takes other weights of the first layers; false, and nothing has changed, if these leave another number of directions or
    /// other signs: then the reduced plan is not the same, and everything is to be compiled anew.
    pub(crate) fn set<S: Into<f64> + Copy>(&mut self, layers: &[Layer<'_, S>]) -> bool {
        let factor = self.source.factor(layers).filter(|factor| factor.signs == self.factor.signs);
        let Some(factor) = factor else { return false };
        if self.slopes.is_some() {
            let Some(slopes) = self.source.slopes(&factor, layers) else { return false };
            self.slopes = Some(slopes);
        }
        self.images = factor.images(layers);
        self.factor = factor;
        true
    }

    pub(crate) fn summary(&self) -> InputReduction {
        InputReduction {
            coordinates: self.source.vectors.len(),
            directions: self.factor.signs.len(),
            condition: self.factor.condition,
        }
    }

    /// Where the new variables move the layer of this node.
    pub(crate) fn image(&self, node: NodeId) -> Image<'_> {
        Image { matrix: &self.images[&node], columns: &self.columns }
    }

    /// The row of R of a new variable.
    pub(crate) fn slope(&self, variable: u32) -> &[f64] {
        let slopes = self.slopes.as_ref().expect("whoever differentiates has asked for it");
        &slopes[self.columns[&variable]]
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

/// The quadratic form through which an operator sees its variables, and their vectors: all that pulling it back through
/// first layers takes.
#[derive(Debug)]
struct Source {
    form: Form,
    /// V by its entries that are not zero, one row for each variable of the form.
    vectors: Vec<Vec<(usize, f64)>>,
    /// n
    inputs: usize,
}

/// C
#[derive(Debug)]
enum Form {
    Diagonal(Vec<f64>),
    Dense(Mat<f64>),
}

impl Source {
    /// Nothing where a variable has no vector, or the form is too large to be written out.
    fn new(plan: &Plan, form: &Polynomial) -> Option<Self> {
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
    fn factor<S: Into<f64> + Copy>(&self, layers: &[Layer<'_, S>]) -> Option<Factor> {
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
    fn slopes<S: Into<f64> + Copy>(&self, factor: &Factor, layers: &[Layer<'_, S>]) -> Option<Vec<Vec<f64>>> {
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

impl Form {
    /// Nothing where it is not diagonal, and too large to be written out.
    fn new(form: &Polynomial, variables: &[u32]) -> Option<Self> {
        let g = variables.len();
        let position =
            |variable: u32| variables.binary_search(&variable).expect("the variable is one of the form's");
        let places = |monomial: &MultiIndex| -> Vec<usize> {
            monomial.pairs().map(|(variable, _)| position(variable)).collect()
        };
        if form.terms().all(|(monomial, _)| monomial.pairs().len() == 1) {
            let mut factors = vec![0.0; g];
            for (monomial, coefficient) in form.terms() {
                factors[*places(monomial).first()?] = coefficient.to_f64()?;
            }
            return Some(Self::Diagonal(factors));
        }
        if g > MOST_DENSE {
            return None;
        }
        let mut matrix = Mat::<f64>::zeros(g, g);
        for (monomial, coefficient) in form.terms() {
            let value = coefficient.to_f64()?;
            match places(monomial)[..] {
                [i] => matrix[(i, i)] = value,
                [i, j] => (matrix[(i, j)], matrix[(j, i)]) = (value / 2.0, value / 2.0),
                _ => return None,
            }
        }
        Some(Self::Dense(matrix))
    }

    /// Whether it is a sum of squares with one sign: then M has the rank of WVᵀ.
    fn is_definite(&self) -> bool {
        match self {
            Self::Diagonal(factors) => {
                factors.iter().all(|&factor| factor > 0.0) || factors.iter().all(|&factor| factor < 0.0)
            }
            Self::Dense(_) => false,
        }
    }
}

/// An affine map of the whole input, by the entries of its weight, row by row.
#[derive(Debug)]
pub(crate) struct Layer<'a, S: Clone> {
    pub(crate) node: NodeId,
    pub(crate) entries: Cow<'a, [S]>,
    /// n
    pub(crate) inputs: usize,
}

impl<S: Clone> Layer<'_, S> {
    fn rows(&self) -> impl ExactSizeIterator<Item = &[S]> {
        self.entries.chunks_exact(self.inputs.max(1))
    }
}

/// The affine maps of the whole input, if nothing else reads it.
fn first_layers<S: Clone>(network: &Network<S>) -> Option<Vec<Layer<'_, S>>> {
    let (mut layers, inputs) = (Vec::new(), network.inputs());
    for (node, found) in network.nodes() {
        match &found.operation {
            Operation::Affine { input: NodeId::INPUT, weight, .. } if weight.columns() == inputs => {
                layers.push(Layer { node, entries: Cow::Borrowed(weight.entries()), inputs });
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
    /// V
    vectors: &'a [Vec<(usize, f64)>],
}

impl<'a, S: Into<f64> + Copy> Columns<'a, S> {
    /// Nothing where the products would take longer than they save.
    fn new(layers: &'a [Layer<'_, S>], vectors: &'a [Vec<(usize, f64)>]) -> Option<Self> {
        let rows: Vec<&[S]> = layers.iter().flat_map(Layer::rows).collect();
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
    fn images<S: Clone>(&self, layers: &[Layer<'_, S>]) -> BTreeMap<NodeId, Matrix<f64>> {
        let mut first = 0;
        let image = |layer: &Layer<'_, S>| {
            let (rows, columns) = (layer.rows().len(), self.columns.ncols());
            let entries = (first..first + rows).flat_map(|i| (0..columns).map(move |j| self.columns[(i, j)]));
            let entries = entries.collect();
            first += rows;
            (
                layer.node,
                Matrix::from_row_major(rows, columns, entries)
                    .expect("as many entries as rows and columns say"),
            )
        };
        layers.iter().map(image).collect()
    }
}
