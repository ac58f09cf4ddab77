//! The rules of the univariate strategies in the notation of Dangel et al. (2025), section 3.
//!
//! *Normalisation: derivatives.* h_{k,r} is the k-th derivative along direction r, k! times the Taylor coefficient in
//! the channels; coefficients are the multiplicities ν(π) of Faà di Bruno's formula.

use jetc_combinatorics::faa_di_bruno::multiplicity;
use jetc_combinatorics::{Partition, Partitions};
use num_traits::One;

use crate::plan::Plan;
use crate::strategy::Strategy;

/// One line for each order, none for plans that do not run along single directions.
pub(crate) fn rules_in_derivatives(plan: &Plan) -> Vec<String> {
    let order = plan.order();
    let along_direction = |k: u32| format!("g_{{{k},r}} = {}", sum(Partitions::of(k).collect()));
    match plan.strategy() {
        Strategy::Standard => (1..=order).map(along_direction).collect(),
        Strategy::Collapsed if order > 0 => {
            (1..order).map(along_direction).chain([collapsed(order)]).collect()
        }
        _ => Vec::new(),
    }
}

/// The highest order summed over the directions: its own coefficient enters through g′ alone.
fn collapsed(order: u32) -> String {
    let inner: Vec<Partition> = Partitions::of(order).filter(|partition| partition.len() > 1).collect();
    let head = format!("sum_r w_r*g_{{{order},r}} = g^(1)*(sum_r w_r*h_{{{order},r}})");
    if inner.is_empty() { head } else { format!("{head} + sum_r w_r*({})", sum(inner)) }
}

/// Σ ν(π) g⁽|π|⁾ ∏ h_{j,r}
fn sum(partitions: Vec<Partition>) -> String {
    itertools::join(partitions.into_iter().map(|partition| term(&partition)), " + ")
}

fn term(partition: &Partition) -> String {
    let nu = multiplicity(partition);
    let factors = partition.blocks().iter().map(|&(part, count)| match count {
        1 => format!("h_{{{part},r}}"),
        _ => format!("h_{{{part},r}}^{count}"),
    });
    let product = format!("g^({})*{}", partition.len(), itertools::join(factors, "*"));
    if nu.is_one() { product } else { format!("{nu}*{product}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::spec::Options;

    #[test]
    fn the_forward_laplacian_is_the_collapsed_rule_of_order_two() {
        let spec = builtin::find("laplacian").unwrap().spec(&Options::default()).unwrap();
        let rules = rules_in_derivatives(&spec.plan(Strategy::Collapsed).unwrap());
        assert_eq!(
            rules,
            [
                "g_{1,r} = g^(1)*h_{1,r}",
                "sum_r w_r*g_{2,r} = g^(1)*(sum_r w_r*h_{2,r}) + sum_r w_r*(g^(2)*h_{1,r}^2)",
            ]
        );
    }

    #[test]
    fn the_fourth_order_has_the_known_multiplicities() {
        let spec = builtin::find("biharmonic").unwrap().spec(&Options::default()).unwrap();
        let rules = rules_in_derivatives(&spec.plan(Strategy::Standard).unwrap());
        let fourth = "g_{4,r} = g^(1)*h_{4,r} + 4*g^(2)*h_{3,r}*h_{1,r} + 3*g^(2)*h_{2,r}^2 \
                      + 6*g^(3)*h_{2,r}*h_{1,r}^2 + g^(4)*h_{1,r}^4";
        assert_eq!(rules[3], fourth);
    }
}
