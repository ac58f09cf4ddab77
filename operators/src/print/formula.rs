//! Formula nodes as text.

use crate::plan::Plan;
use crate::spec::{Pointwise, PointwiseId};

use super::rule::sum_text;

/// `n2`
pub(crate) fn node_name(id: PointwiseId) -> String {
    format!("n{}", id.index())
}

/// The right-hand side that defines a node, its kind first: `part p0`, `coordinate x`, `sum 2*n0 - n1`,
/// `product n0^2*n3^-1`, `call sin(n4)`.
pub(crate) fn node_text(plan: &Plan, node: &Pointwise) -> String {
    match node {
        Pointwise::Constant(value) => format!("number {value}"),
        Pointwise::Irrational(number) => format!("constant {}", number.name()),
        Pointwise::Coordinate(index) => format!("coordinate {}", plan.coordinates()[*index as usize]),
        Pointwise::LinearPart(part) => format!("part p{}", part.index()),
        Pointwise::Sum(terms) => {
            format!("sum {}", sum_text(terms.iter().map(|(id, weight)| (weight, node_name(*id)))))
        }
        Pointwise::Product(factors) => {
            let factor = |&(id, exponent): &(PointwiseId, i32)| match exponent {
                1 => node_name(id),
                _ => format!("{}^{exponent}", node_name(id)),
            };
            format!("product {}", itertools::join(factors.iter().map(factor), "*"))
        }
        Pointwise::Call(function, arguments) => {
            format!("call {function}({})", itertools::join(arguments.iter().map(|&id| node_name(id)), ", "))
        }
    }
}
