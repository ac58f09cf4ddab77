//! What a plan costs on a network, from counts alone.
//!
//! Products of matrices cost 2 · rows · columns floating-point operations for each channel that differs from point to
//! point. An elementwise multiplication is weighted like [`Cost::FLOPS_PER_MULTIPLICATION`] of those: it loads both
//! its factors from the first-level cache, where a matrix product keeps them in registers.

use jetc_combinatorics::MultiIndex;
use std::collections::BTreeSet;

use super::Forms;
use crate::algebra::ChannelId;
use crate::plan::Plan;
use crate::program::Program;
use crate::topology::{Operation, Topology};

/// The work for one point, and the memory that a point in flight takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// Floating-point operations in matrix products.
    pub product_flops: u64,
    /// Multiplications of elementwise programs; activations themselves not counted.
    pub multiplications: u64,
    /// Numbers that the largest operation reads and writes together.
    pub numbers: u64,
}

impl Cost {
    /// The weight of a multiplication in [`Self::total`].
    pub const FLOPS_PER_MULTIPLICATION: u64 = 4;

    /// The cost of `plan` when every node computes the channels of `forms`.
    pub fn new(plan: &Plan, topology: &Topology, forms: &[Forms]) -> Self {
        let mut cost = Self::default();
        for (node, form) in topology.nodes().iter().zip(forms) {
            let live = form.point.len() as u64;
            let size =
                |number: usize| forms[number].point.len() as u64 * topology.nodes()[number].features as u64;
            let read: u64 = node.inputs().into_iter().map(size).sum();
            cost.numbers = cost.numbers.max(read + live * node.features as u64);
            let present = |input: usize| forms[input].present();
            match &node.operation {
                Operation::Input => {}
                Operation::Linear { .. } => cost.product_flops += live * node.work,
                Operation::Selection { .. } | Operation::Detached { .. } | Operation::Analytic { .. } => {
                    cost.multiplications += live * node.work;
                }
                Operation::Elementwise { input } => {
                    let program = Program::elementwise(plan.algebra(), &present(*input), &form.point);
                    cost.multiplications += program.multiplications() as u64 * node.work;
                }
                Operation::Product { left, right } => {
                    let program =
                        Program::product(plan.algebra(), &present(*left), &present(*right), &form.point);
                    cost.multiplications += program.multiplications() as u64 * node.work;
                }
            }
        }
        cost
    }

    /// Everything in floating-point operations.
    pub fn total(&self) -> u64 {
        self.product_flops + Self::FLOPS_PER_MULTIPLICATION * self.multiplications
    }
}

/// The channels of nested first-order automatic differentiation: k nested dual numbers are 2ᵏ channels, for each partial
/// derivative of order k that occurs.
pub fn nested_channels(plan: &Plan) -> u64 {
    let monomials: BTreeSet<&MultiIndex> = plan
        .readouts()
        .iter()
        .flat_map(|readout| readout.symbol.terms().map(|(monomial, _)| monomial))
        .collect();
    monomials
        .into_iter()
        .fold(0, |sum: u64, m| sum.saturating_add(1u64.checked_shl(m.degree()).unwrap_or(u64::MAX)))
}

/// The same network with as many channels everywhere: what nested differentiation multiplies.
pub(crate) fn nested_flops(plan: &Plan, topology: &Topology) -> u64 {
    let value = Forms { point: [ChannelId::VALUE].into(), ..Forms::default() };
    let one = Cost::new(plan, topology, &vec![value; topology.nodes().len()]);
    one.product_flops.saturating_mul(nested_channels(plan))
}
