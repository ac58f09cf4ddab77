//! Formula nodes as text.

use crate::plan::Plan;
use crate::spec::{Pointwise, PointwiseId};

use super::rule::sum_text;

/// `n2`
pub(crate) fn node_name(id: PointwiseId) -> String {
    format!("n{}", id.index())
}

/// The right-hand side that defines a node: `p0`, `x`, `2*n0 - n1`, `n0^2*n3^-1`, `sin(n4)`.
pub(crate) fn node_text(plan: &Plan, node: &Pointwise) -> String {
    match node {
        Pointwise::Constant(value) => value.to_string(),
        Pointwise::Irrational(number) => number.name().to_owned(),
        Pointwise::Coordinate(index) => plan.coordinates()[*index as usize].clone(),
        Pointwise::LinearPart(part) => format!("p{}", part.index()),
        Pointwise::Sum(terms) => sum_text(terms.iter().map(|(id, weight)| (weight, node_name(*id)))),
        Pointwise::Product(factors) => {
            let factor = |&(id, exponent): &(PointwiseId, i32)| match exponent {
                1 => node_name(id),
                _ => format!("{}^{exponent}", node_name(id)),
            };
            itertools::join(factors.iter().map(factor), "*")
        }
        Pointwise::Call(function, arguments) => {
            format!("{function}({})", itertools::join(arguments.iter().map(|&id| node_name(id)), ", "))
        }
    }
}
