//! Formula nodes as text.

use num_traits::One;

use crate::plan::Plan;
use crate::spec::{Pointwise, PointwiseId};

use super::rule::sum_text;

/// `n2`
pub(crate) fn node_name(id: PointwiseId) -> String {
    format!("n{}", id.index())
}

/// The right-hand side that defines a node, its kind first: `part p0`, `coordinate x`, `unknown nu`, `sum 2*n0 - n1`,
/// `product n0^2*n3^-1`, `call sin(n4)`.
pub(crate) fn node_text(plan: &Plan, node: &Pointwise) -> String {
    match node {
        Pointwise::Constant(value) => format!("number {value}"),
        Pointwise::Irrational(number) => format!("constant {}", number.name()),
        Pointwise::Coordinate(index) => format!("coordinate {}", plan.coordinates()[*index as usize]),
        Pointwise::Unknown(id) => format!("unknown {}", plan.unknowns()[id.index()]),
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

/// A whole formula in one line, its linear parts by readout: `r2(u) + r0(u)*r1(u)`. Deep formulas end in `…`.
pub(crate) fn formula_text(plan: &Plan, id: PointwiseId) -> String {
    inline(plan, id, 12)
}

fn inline(plan: &Plan, id: PointwiseId, depth: usize) -> String {
    if depth == 0 {
        return "…".to_owned();
    }
    let factor = |id: PointwiseId| {
        let text = inline(plan, id, depth - 1);
        if matches!(plan.pointwise()[id.index()], Pointwise::Sum(_)) { format!("({text})") } else { text }
    };
    match &plan.pointwise()[id.index()] {
        Pointwise::Constant(value) => value.to_string(),
        Pointwise::Irrational(number) => number.name().to_owned(),
        Pointwise::Coordinate(index) => plan.coordinates()[*index as usize].clone(),
        Pointwise::Unknown(id) => plan.unknowns()[id.index()].clone(),
        Pointwise::LinearPart(part) => {
            let part = plan.parts()[part.index()];
            let field = plan.fields().map_or("u", |fields| &fields[part.field]);
            format!("r{}({field})", part.readout)
        }
        Pointwise::Sum(terms) => sum_text(terms.iter().map(|(id, weight)| {
            let is_one =
                matches!(plan.pointwise()[id.index()], Pointwise::Constant(ref value) if value.is_one());
            (weight, if is_one { String::new() } else { factor(*id) })
        })),
        Pointwise::Product(factors) => {
            let power = |&(id, exponent): &(PointwiseId, i32)| match exponent {
                1 => factor(id),
                _ => format!("{}^{exponent}", factor(id)),
            };
            itertools::join(factors.iter().map(power), "*")
        }
        Pointwise::Call(function, arguments) => {
            let arguments = arguments.iter().map(|&id| inline(plan, id, depth - 1));
            format!("{function}({})", itertools::join(arguments, ", "))
        }
    }
}
