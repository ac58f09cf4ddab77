//! ρ(x̂^α) = α! · [ξ^α] P for every |α| ≤ K, monomial by monomial, in an algebra that is one.
//!
//! The program proves its plans through a generating function. Here every power of x̂ is multiplied out.

use std::collections::BTreeMap;

use jetc_combinatorics::Rational;
use jetc_combinatorics::multi_index::graded;
use num_traits::{One, Zero};

use crate::printed::{Printed, printed};

/// An element by its coefficients that are not zero.
type Element = BTreeMap<usize, Rational>;

fn unit(channel: usize) -> Element {
    Element::from([(channel, Rational::one())])
}

/// Products by pairs of factors, both ways round.
struct Table(BTreeMap<(usize, usize), Vec<(usize, Rational)>>);

impl Table {
    fn new(plan: &Printed) -> Self {
        let mut table: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for channel in 0..plan.seeds.len() {
            table.insert((0, channel), vec![(channel, Rational::one())]);
            table.insert((channel, 0), vec![(channel, Rational::one())]);
        }
        for (left, right, result, coefficient) in &plan.products {
            table.entry((*left, *right)).or_default().push((*result, coefficient.clone()));
            if left != right {
                table.entry((*right, *left)).or_default().push((*result, coefficient.clone()));
            }
        }
        Self(table)
    }

    fn multiply(&self, a: &Element, b: &Element) -> Element {
        let mut product = Element::new();
        for (left, x) in a {
            for (right, y) in b {
                for (result, coefficient) in self.0.get(&(*left, *right)).into_iter().flatten() {
                    *product.entry(*result).or_default() += x * y * coefficient;
                }
            }
        }
        product.retain(|_, entry| !entry.is_zero());
        product
    }

    fn is_associative(&self, channels: usize) -> bool {
        let units: Vec<Element> = (1..channels).map(unit).collect();
        units.iter().all(|a| {
            units.iter().all(|b| {
                let ab = self.multiply(a, b);
                units.iter().all(|c| self.multiply(&ab, c) == self.multiply(a, &self.multiply(b, c)))
            })
        })
    }
}

#[test]
fn every_built_in_plan_reads_its_symbols_on_all_monomials() {
    for (operator, strategy) in crate::all() {
        let plan = printed(operator, strategy);
        let table = Table::new(&plan);
        let variables = u32::try_from(plan.coordinates).unwrap();
        let perturbation = |variable: u32| -> Element {
            let entries = plan.seeds.iter().map(|seed| seed[variable as usize].clone()).enumerate();
            entries.filter(|(_, entry)| !entry.is_zero()).collect()
        };
        // One order more than that of the operator must read zero.
        for alpha in graded(variables, plan.order + 1) {
            let factors = alpha.pairs().flat_map(|(variable, exponent)| vec![variable; exponent as usize]);
            let power =
                factors.fold(unit(0), |power, variable| table.multiply(&power, &perturbation(variable)));
            for (weights, symbol) in &plan.readouts {
                let found: Rational = power.iter().map(|(channel, entry)| &weights[*channel] * entry).sum();
                let expected = symbol.coefficient(&alpha) * Rational::from_integer(alpha.factorial());
                assert_eq!(found, expected, "{operator}, {strategy}: {alpha}");
            }
        }
    }
}

#[test]
fn every_built_in_algebra_is_associative() {
    for (operator, strategy) in crate::all() {
        let plan = printed(operator, strategy);
        for (left, right, result, _) in &plan.products {
            assert!(0 < *left && left <= right && right < result, "{operator}, {strategy}: {left}*{right}");
        }
        assert!(Table::new(&plan).is_associative(plan.seeds.len()), "{operator}, {strategy}");
    }
}
