//! Fewer variables than the operator has: it is pulled back through the first affine maps.
//!
//! | notation | name |
//! |---|---|
//! | W, shape \[h, n\] | all affine maps that read the input, one below the other |
//! | V, shape \[g, n\] | the vectors of the variables of the quadratic form through which the operator sees them; C its matrix |
//! | M = (WVᵀ) C (WVᵀ)ᵀ = J D Jᵀ, D = diag(±1) of size r | J = U √\|μ\| from the eigenvectors U and eigenvalues μ of M |
//!
//! | in this folder | file |
//! |---|---|
//! | W | `layers.rs` |
//! | C | `form.rs` |
//! | M, and R for the way back, from both | `source.rs` |
//! | J and D from M | `factor.rs` |
//!
//! Theory: [`jetc_operators::reduction`]. The value still goes through W itself; the columns of J move it along the r new
//! variables. Eigenvalues of at most max(h, n) ε max\|μ\| are what rounding makes of zero and are dropped: in norm, J D Jᵀ
//! differs from M by no more than computing M does. The ratio of the largest to the smallest that is kept is reported as
//! the condition number.
//!
//! Backwards, what follows the first layers depends on W through M alone (beside the value): dM = dW C Wᵀ + W C dWᵀ and J̄ = 2 M̄ J D
//! give W̄ = J̄ D⁻¹ J⁺ W C. So the derivative is that of the unreduced operator, though J itself, which may turn within
//! eigenspaces, has none. Checked against evaluations in all coordinates by `a_reduced_operator_has_the_values_of_the_full_one`.

mod factor;
mod form;
mod layers;
mod source;

use std::collections::BTreeMap;

use jetc_operators::Plan;
use jetc_operators::reduction::Reduction;

use crate::network::{Matrix, Network, NodeId};
use factor::Factor;
pub(crate) use layers::Layer;
use layers::first_layers;
use source::Source;

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
