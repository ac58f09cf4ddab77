//! Operators that see many variables through one quadratic form only, and what is left of them in fewer.
//!
//! | notation | name |
//! |---|---|
//! | Q₁ … Q_m ∈ ℚ\[η₁ … η_k\] | the symbols of a plan's readouts, in variables with the vectors V, shape \[k, n\] |
//! | q(η) | [`Reduction::form`], a quadratic form |
//! | Qₒ = pₒ(q, η) | the symbols through the form; other variables stay as they are |
//! | f(x) = g(W x) | a network whose first map is W, shape \[h, n\] |
//!
//! To such a network variables are vectors WVᵀ in h dimensions instead of V in n, and q becomes ζᵀMζ with M = (WVᵀ) C (WVᵀ)ᵀ, C
//! the matrix of q. If M = J D Jᵀ with D = diag(±1) of size r = rank M ≤ h, then with new variables y that stand for the columns
//! of J, f̃(x, y) = g(W x + J y),
//!
//! P(∂ₓ) f = p(Σⱼ Dⱼ ∂²/∂yⱼ², V∂ₓ) f̃ at y = 0:
//!
//! the same operator in r instead of k variables. J is data, as V is, and a matter of the runtime; everything here is exact, and the reduced plan is proven like any other. Checked by `a_reduced_symbol_is_the_pulled_back_one` and, end to
//! end, by evaluations in hundreds of dimensions.

use std::collections::{BTreeMap, BTreeSet};

use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, Zero};

use crate::compile::PlanError;
use crate::plan::Plan;
use crate::spec::{Coordinates, LinearPart, OperatorSpec};

/// Terms that multiplying out the powers of the form may take.
const MOST_TERMS: u128 = 4_000_000;

/// The sign of one square of the diagonalised form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// +1
    Plus,
    /// −1
    Minus,
}

/// pₒ by powers of the form: pₒ(q, ξ) = Σ `powers[k]` qᵏ.
type Outer = BTreeMap<u32, Polynomial>;

/// The symbols of a plan through one quadratic form.
#[derive(Debug, Clone)]
pub struct Reduction {
    form: Polynomial,
    outer: Vec<Outer>,
}

impl Reduction {
    /// The form through which the readouts of a plan see as many coordinates as possible, if there is one.
    pub fn of(plan: &Plan) -> Option<Self> {
        let symbols: Vec<&Polynomial> = plan.readouts().iter().map(|readout| &readout.symbol).collect();
        if symbols.iter().all(|symbol| symbol.degree() <= 2) {
            return Self::of_second_order(&symbols);
        }
        Self::of_powers(&symbols)
    }

    /// q, homogeneous of degree two.
    pub fn form(&self) -> &Polynomial {
        &self.form
    }

    /// What the new variable of this number, from 0, is called in [`Self::plan`].
    pub fn variable_name(number: usize) -> String {
        format!("y[{}]", number + 1)
    }

    /// The same operator with the form replaced by Σ ±∂²/∂yⱼ² in new variables, whose vectors are for the caller to say.
    ///
    /// # Errors
    /// [`PlanError`] if the reduced operator exceeds a limit.
    pub fn plan(&self, plan: &Plan, signs: &[Sign]) -> Result<Plan, PlanError> {
        let mut variables = plan.variables().clone();
        let squares = signs.iter().enumerate().map(|(number, sign)| {
            let variable = variables.push(Self::variable_name(number), None);
            let weight = if *sign == Sign::Plus { integer(1) } else { integer(-1) };
            (MultiIndex::from_pairs([(variable, 2)]), weight)
        });
        let form = Polynomial::from_terms(squares.collect::<Vec<_>>());
        let symbols: Vec<Polynomial> = self.outer.iter().map(|outer| substituted(outer, &form)).collect();
        let part = |part: &crate::PlannedPart| LinearPart {
            field: part.field,
            symbol: symbols[part.readout].clone(),
        };
        let spec = OperatorSpec {
            name: plan.name().to_owned(),
            description: None,
            coordinates: Coordinates::new(plan.coordinates().to_vec(), plan.time())
                .with_parameters(plan.parameters().to_vec()),
            variables,
            fields: plan.fields().map(<[String]>::to_vec),
            unknowns: plan.unknowns().to_vec(),
            linear_parts: plan.parts().iter().map(part).collect(),
            pointwise: plan.pointwise().to_vec(),
            outputs: plan.outputs().to_vec(),
        };
        spec.plan(plan.strategy())
    }

    /// Everything of second order, if the second-order parts of all symbols are multiples of one form.
    fn of_second_order(symbols: &[&Polynomial]) -> Option<Self> {
        let second: Vec<Polynomial> = symbols.iter().map(|symbol| symbol.homogeneous_part(2)).collect();
        let form = second.iter().find(|part| !part.is_zero())?.clone();
        let (leading, scale) = form.terms().next().map(|(m, c)| (m.clone(), c.clone()))?;
        let mut outer = Vec::new();
        for (symbol, part) in symbols.iter().zip(&second) {
            let factor = part.coefficient(&leading) / &scale;
            if form.scale(&factor) != *part {
                return None;
            }
            let mut lower = symbol.homogeneous_part(0);
            lower.add_scaled(&symbol.homogeneous_part(1), &integer(1));
            outer.push(Outer::from([(0, lower), (1, Polynomial::constant(factor))]));
        }
        Some(Self { form, outer })
    }

    /// A form Σ wᵢ ξᵢ² whose powers make up all even powers of its variables.
    fn of_powers(symbols: &[&Polynomial]) -> Option<Self> {
        let even = even_variables(symbols);
        let &first = even.first()?;
        let weights = weights(symbols, first, &even)?;
        let squares = weights.iter().map(|(&v, weight)| (MultiIndex::from_pairs([(v, 2)]), weight.clone()));
        let form = Polynomial::from_terms(squares);
        let outer: Vec<Outer> = symbols.iter().map(|symbol| outer(symbol, first, &weights)).collect();
        for (symbol, outer) in symbols.iter().zip(&outer) {
            if term_count(outer, weights.len()) != symbol.terms().len() as u128
                || substituted(outer, &form) != **symbol
            {
                return None;
            }
        }
        Some(Self { form, outer })
    }
}

/// Σ `powers[k]` formᵏ
fn substituted(outer: &Outer, form: &Polynomial) -> Polynomial {
    let mut sum = Polynomial::zero();
    for (&k, polynomial) in outer {
        let product = polynomial * &form.power(k);
        sum.add_scaled(&product, &integer(1));
    }
    sum
}

/// Variables that have even exponents in every monomial.
fn even_variables(symbols: &[&Polynomial]) -> BTreeSet<u32> {
    let (mut all, mut odd) = (BTreeSet::new(), BTreeSet::new());
    for (monomial, _) in symbols.iter().flat_map(|symbol| symbol.terms()) {
        for (variable, exponent) in monomial.pairs() {
            all.insert(variable);
            if exponent % 2 == 1 {
                odd.insert(variable);
            }
        }
    }
    all.difference(&odd).copied().collect()
}

/// wᵢ with `first` at 1, from the coefficients of ξ_first^{2k} and ξ_first^{2(k−1)} ξᵢ², which are in the ratio 1 : k wᵢ; variables
/// that do not go with `first` are left out.
fn weights(symbols: &[&Polynomial], first: u32, even: &BTreeSet<u32>) -> Option<BTreeMap<u32, Rational>> {
    let is_pure = |monomial: &MultiIndex| {
        monomial.exponent(first) > 0 && monomial.pairs().all(|(v, _)| v == first || !even.contains(&v))
    };
    let (symbol, monomial, coefficient) = symbols.iter().find_map(|symbol| {
        let (monomial, coefficient) = symbol.terms().find(|(monomial, _)| is_pure(monomial))?;
        Some((symbol, monomial, coefficient))
    })?;
    let k = monomial.exponent(first) / 2;
    let weight = |&variable: &u32| {
        let lowered = monomial.pairs().map(|(v, e)| if v == first { (v, e - 2) } else { (v, e) });
        let mixed = MultiIndex::from_pairs(lowered.chain([(variable, 2)]));
        let weight = symbol.coefficient(&mixed) / (coefficient * integer(k));
        (!weight.is_zero()).then_some((variable, weight))
    };
    let others = even.iter().filter(|&&variable| variable != first).filter_map(weight);
    Some(others.chain([(first, Rational::one())]).collect())
}

/// pₒ, read off the monomials in which of the form's variables only `first` occurs.
fn outer(symbol: &Polynomial, first: u32, weights: &BTreeMap<u32, Rational>) -> Outer {
    let mut outer = Outer::new();
    for (monomial, coefficient) in symbol.terms() {
        if monomial.pairs().any(|(v, _)| v != first && weights.contains_key(&v)) {
            continue;
        }
        let rest = MultiIndex::from_pairs(monomial.pairs().filter(|&(v, _)| v != first));
        outer.entry(monomial.exponent(first) / 2).or_default().add_term(rest, coefficient.clone());
    }
    outer
}

/// How many monomials pₒ(q, ξ) has for a form of `variables` squares: C(variables + k − 1, k) for each term of power k. What is
/// too much to multiply out has no count that a symbol could have.
fn term_count(outer: &Outer, variables: usize) -> u128 {
    let count = outer.iter().map(|(&k, polynomial)| {
        let monomials = (0..u128::from(k))
            .fold(1u128, |product, i| product.saturating_mul(variables as u128 + i) / (i + 1));
        monomials.saturating_mul(polynomial.terms().len() as u128)
    });
    let total = count.fold(0u128, u128::saturating_add);
    if total > MOST_TERMS { u128::MAX } else { total }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::Strategy;

    fn plan(yaml: &str) -> Plan {
        OperatorSpec::from_yaml("test", yaml)
            .unwrap_or_else(|e| panic!("{e}"))
            .plan(Strategy::Minimal)
            .unwrap()
    }

    /// P(Wᵀζ) against p(Σ ±ηⱼ², ξ) for a map W whose rows are found by hand: W C Wᵀ diagonal with squares ±1.
    #[test]
    fn a_reduced_symbol_is_the_pulled_back_one() {
        // Rows of length 1 that are orthogonal: M is the unit matrix.
        let rows = [[3, 4, 0, 0], [0, 0, 4, -3]];
        for operator in ["lap(u)", "lap(lap(u)) - 3*lap(u) + 2*u", "lap(lap(lap(u)))"] {
            let plan = plan(&format!("coordinates: [a, b, c, d]\noutputs: {{r: {operator}}}"));
            let reduction = Reduction::of(&plan).unwrap();
            let reduced = reduction.plan(&plan, &[Sign::Plus, Sign::Plus]).unwrap();
            // ξ = Wᵀζ with ζ = (ξ₄, ξ₅), the new coordinates of the reduced plan.
            let forms: Vec<Polynomial> = (0..4)
                .map(|i| {
                    let entry = |row: usize| integer(rows[row][i]) / integer(5);
                    Polynomial::from_terms((0..2).map(|r| (MultiIndex::variable(4 + r), entry(r as usize))))
                })
                .collect();
            let mut pulled_back = Polynomial::zero();
            for (monomial, coefficient) in plan.readouts()[0].symbol.terms() {
                let product = monomial.pairs().fold(Polynomial::constant(integer(1)), |product, (v, e)| {
                    &product * &forms[v as usize].power(e)
                });
                pulled_back.add_scaled(&product, coefficient);
            }
            assert_eq!(reduced.readouts()[0].symbol, pulled_back, "{operator}");
        }
    }

    #[test]
    fn other_coordinates_stay_as_they_are() {
        let plan = plan("coordinates: {space: {x: 6}, time: t}\noutputs: {r: u_t - lap(u), s: lap(u), v: u}");
        let reduced = Reduction::of(&plan).unwrap().plan(&plan, &[Sign::Plus; 2]).unwrap();
        // 1, y1, y2, and one channel each for t and σ.
        assert_eq!(reduced.algebra().dimension(), 5);
        assert_eq!((reduced.coordinates().len(), reduced.variables().directions().len()), (7, 2));
        let plan = self::plan("coordinates: {space: {x: 4}, time: t}\noutputs: {r: u_tt + lap(lap(u))}");
        let reduction = Reduction::of(&plan).unwrap();
        assert_eq!(reduction.form().terms().len(), 4);
        assert_eq!(reduction.plan(&plan, &[Sign::Plus]).unwrap().readouts()[0].symbol.terms().len(), 2);
    }

    #[test]
    fn weights_and_their_signs_go_into_the_form() {
        let plan = plan(
            "coordinates: [x, y, z]\noutputs: {r: u_xxxx - 8*u_xxyy + u_xxzz + 16*u_yyyy - 4*u_yyzz + 1/4*u_zzzz}",
        );
        let form = Reduction::of(&plan).unwrap().form;
        let weight = |v| form.coefficient(&MultiIndex::from_pairs([(v, 2)]));
        assert_eq!([weight(0), weight(1), weight(2)], [integer(1), integer(-4), integer(1) / integer(2)]);
    }

    #[test]
    fn operators_that_see_coordinates_one_by_one_are_left_alone() {
        for operator in ["u_xxxx + u_yyyy", "u_xxyy", "u_xxx + u_yyy", "u_xxxx + u_xxyy + u_yyyy"] {
            let plan = plan(&format!("coordinates: [x, y]\noutputs: {{r: {operator}}}"));
            let form = Reduction::of(&plan).map(|reduction| reduction.form);
            assert!(form.is_none_or(|form| form.terms().len() < 2), "{operator}");
        }
        let plan = plan("coordinates: [x, y]\noutputs: {r: u_xx, s: u_yy}");
        assert!(Reduction::of(&plan).is_none());
    }
}
