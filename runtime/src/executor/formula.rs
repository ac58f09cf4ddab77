//! The pointwise formulas of an operator, evaluated in double precision for a chunk of points, and their derivatives.
//!
//! Backwards each node adds its cotangent, times the derivative by an argument, to that argument's. At a kink the derivative is
//! that of symbolic differentiation: sign for |x|, 0 for sign and step, half of each for the smaller and the larger of equal
//! numbers. Checked by `derivatives_of_formulas_are_those_of_difference_quotients`.

use std::cmp::Ordering;

use jetc_operators::{Pointwise, RealFunction};
use num_traits::ToPrimitive;

/// Formula nodes with rounded constants; every node comes after the nodes it uses.
#[derive(Debug)]
pub(crate) struct Formulas {
    nodes: Vec<FormulaNode>,
    /// The values of the plan's unknowns, in their order; NaN for those that have none.
    pub(crate) unknowns: Vec<f64>,
}

#[derive(Debug)]
enum FormulaNode {
    Constant(f64),
    Coordinate(usize),
    Unknown(usize),
    Part(usize),
    Sum(Vec<(usize, f64)>),
    Product(Vec<(usize, i32)>),
    /// With the first argument again where there is no second.
    Call(RealFunction, [usize; 2]),
}

impl Formulas {
    pub(crate) fn new(nodes: &[Pointwise]) -> Self {
        let double = |value: &jetc_combinatorics::Rational| value.to_f64().unwrap_or(f64::NAN);
        let convert = |node: &Pointwise| match node {
            Pointwise::Constant(value) => FormulaNode::Constant(double(value)),
            Pointwise::Irrational(number) => FormulaNode::Constant(number.value()),
            Pointwise::Coordinate(index) => FormulaNode::Coordinate(*index as usize),
            Pointwise::Unknown(id) => FormulaNode::Unknown(id.index()),
            Pointwise::LinearPart(part) => FormulaNode::Part(part.index()),
            Pointwise::Sum(terms) => {
                FormulaNode::Sum(terms.iter().map(|(id, weight)| (id.index(), double(weight))).collect())
            }
            Pointwise::Product(factors) => {
                FormulaNode::Product(factors.iter().map(|(id, exponent)| (id.index(), *exponent)).collect())
            }
            Pointwise::Call(function, arguments) => {
                let first = arguments[0].index();
                FormulaNode::Call(*function, [first, arguments.get(1).map_or(first, |id| id.index())])
            }
        };
        Self { nodes: nodes.iter().map(convert).collect(), unknowns: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Fills `values[node · count + point]` for all nodes.
    pub(crate) fn evaluate(
        &self,
        count: usize,
        coordinate: impl Fn(usize, usize) -> f64,
        part: impl Fn(usize, usize) -> f64,
        values: &mut [f64],
    ) {
        for (number, node) in self.nodes.iter().enumerate() {
            let (before, rest) = values.split_at_mut(number * count);
            let at = |id: usize, point: usize| before[id * count + point];
            for (point, value) in rest[..count].iter_mut().enumerate() {
                *value = match node {
                    FormulaNode::Constant(constant) => *constant,
                    FormulaNode::Coordinate(index) => coordinate(*index, point),
                    FormulaNode::Unknown(index) => self.unknowns.get(*index).copied().unwrap_or(f64::NAN),
                    FormulaNode::Part(number) => part(*number, point),
                    FormulaNode::Sum(terms) => {
                        terms.iter().fold(0.0, |sum, &(id, weight)| weight.mul_add(at(id, point), sum))
                    }
                    FormulaNode::Product(factors) => factors
                        .iter()
                        .fold(1.0, |product, &(id, exponent)| product * at(id, point).powi(exponent)),
                    FormulaNode::Call(function, [first, second]) => {
                        function.value(&[at(*first, point), at(*second, point)])
                    }
                };
            }
        }
    }
}

/// What a formula is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    Coordinate(usize),
    Unknown(usize),
    Part(usize),
}

impl Formulas {
    /// From the cotangents of nodes, `slopes[node · count + point]`, to those of leaves, each handed to `add` with its point;
    /// `values` are those of [`Self::evaluate`].
    pub(crate) fn pull(
        &self,
        count: usize,
        values: &[f64],
        slopes: &mut [f64],
        mut add: impl FnMut(Leaf, usize, f64),
    ) {
        for (number, node) in self.nodes.iter().enumerate().rev() {
            let (before, rest) = slopes.split_at_mut(number * count);
            for (point, &cotangent) in rest[..count].iter().enumerate() {
                // What has no part in the result is not looked at: its derivative may be infinite.
                if cotangent == 0.0 {
                    continue;
                }
                let at = |id: usize| values[id * count + point];
                match node {
                    FormulaNode::Constant(_) => {}
                    FormulaNode::Coordinate(index) => add(Leaf::Coordinate(*index), point, cotangent),
                    FormulaNode::Unknown(index) => add(Leaf::Unknown(*index), point, cotangent),
                    FormulaNode::Part(part) => add(Leaf::Part(*part), point, cotangent),
                    FormulaNode::Sum(terms) => {
                        for &(id, weight) in terms {
                            before[id * count + point] += weight * cotangent;
                        }
                    }
                    FormulaNode::Product(factors) => {
                        for (position, &(id, exponent)) in factors.iter().enumerate() {
                            let others = factors.iter().enumerate().filter(|&(other, _)| other != position);
                            let others = others.fold(1.0, |product, (_, &(id, e))| product * at(id).powi(e));
                            let own = f64::from(exponent) * at(id).powi(exponent - 1);
                            before[id * count + point] += cotangent * own * others;
                        }
                    }
                    FormulaNode::Call(function, arguments) => {
                        let derivatives = derivatives(*function, arguments.map(at));
                        for (&id, derivative) in arguments.iter().zip(derivatives).take(function.arguments())
                        {
                            if derivative != 0.0 {
                                before[id * count + point] += cotangent * derivative;
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The derivatives of a function by its arguments; the second is not looked at where there is none.
fn derivatives(function: RealFunction, [x, y]: [f64; 2]) -> [f64; 2] {
    let one = match function {
        RealFunction::Sin => x.cos(),
        RealFunction::Cos => -x.sin(),
        RealFunction::Tan => x.cos().powi(-2),
        RealFunction::Sinh => x.cosh(),
        RealFunction::Cosh => x.sinh(),
        RealFunction::Tanh => x.cosh().powi(-2),
        RealFunction::Atan => 1.0 / (1.0 + x * x),
        RealFunction::Exp => x.exp(),
        RealFunction::Log => 1.0 / x,
        RealFunction::Sqrt => 0.5 / x.sqrt(),
        RealFunction::Abs => RealFunction::Sign.value(&[x]),
        RealFunction::Sign | RealFunction::Step => 0.0,
        RealFunction::Min => return pick(y, x),
        RealFunction::Max => return pick(x, y),
        RealFunction::Pow => return [y * x.powf(y - 1.0), x.powf(y) * x.ln()],
    };
    [one, 0.0]
}

/// Which of two numbers is the larger, half each if they are equal.
fn pick(first: f64, second: f64) -> [f64; 2] {
    match first.partial_cmp(&second) {
        Some(Ordering::Greater) => [1.0, 0.0],
        Some(Ordering::Equal) => [0.5, 0.5],
        Some(Ordering::Less) => [0.0, 1.0],
        None => [f64::NAN, f64::NAN],
    }
}

#[cfg(test)]
mod tests {
    use jetc_operators::{OperatorSpec, RealFunction, Strategy as Channels};
    use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_oneof, proptest};

    use super::{Formulas, Leaf};

    /// Expressions in u, its derivative, the coordinate and an unknown, with every function.
    fn expression() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![Just("u"), Just("u_x"), Just("x"), Just("nu"), Just("3/2"), Just("pi")];
        leaf.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} - 2*{b})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})*({b})^(-2)")),
                (prop::sample::select(RealFunction::ALL), inner.clone(), inner).prop_map(|(f, a, b)| {
                    if f.arguments() == 1 { format!("{f}({a})") } else { format!("{f}({a}, {b})") }
                }),
            ]
        })
    }

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<f64>(),
            -2.0..2.0f64,
            Just(f64::NAN),
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY),
            Just(0.0),
            Just(-0.0),
        ]
    }

    fn is_same(a: f64, b: f64) -> bool {
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
    }

    proptest! {
        #[test]
        fn formulas_mean_the_same_in_operators_and_in_the_executor(
            text in expression(),
            x in number(),
            nu in number(),
            parts in prop::collection::vec(number(), 8),
        ) {
            let yaml = format!("{{coordinates: [x], fields: [u], unknown: nu, outputs: {{r: '{text}'}}}}");
            // Some of them have no value anywhere, like log(-pi): the reader says so.
            if let Ok(spec) = OperatorSpec::from_yaml("test", &yaml) {
                let plan = spec.plan(Channels::Minimal).unwrap();
                let mut formulas = Formulas::new(plan.pointwise());
                formulas.unknowns = vec![nu];
                let mut values = vec![0.0; formulas.len()];
                formulas.evaluate(1, |_, _| x, |part, _| parts[part], &mut values);
                let found = values[plan.outputs()[0].formula.index()];
                let expected = spec.evaluate_with_unknowns(&[x], &parts, &[nu])[0];
                prop_assert!(is_same(found, expected), "{text}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn derivatives_of_formulas_are_those_of_difference_quotients() {
        for &function in RealFunction::ALL {
            let arguments = if function.arguments() == 1 { "u*u_x + x" } else { "u*u_x + x, 1/u - 2*x" };
            let output = format!("nu*{function}({arguments})^2 - u_x^(-3)*nu");
            let yaml =
                format!("{{coordinates: [x], fields: [u], unknown: [nu], outputs: {{r: '{output}'}}}}");
            let spec = OperatorSpec::from_yaml("test", &yaml).unwrap();
            let plan = spec.plan(Channels::Minimal).unwrap();
            let root = plan.outputs()[0].formula.index();
            let mut formulas = Formulas::new(plan.pointwise());
            let mut evaluate = |[x, nu, u, v]: [f64; 4], values: &mut Vec<f64>| {
                formulas.unknowns = vec![nu];
                values.resize(formulas.len(), 0.0);
                formulas.evaluate(1, |_, _| x, |part, _| [u, v][part], values);
                values[root]
            };
            let (at, mut values) = ([0.3, 0.9, 0.7, 0.4], Vec::new());
            let quotients: Vec<f64> = (0..4)
                .map(|variable| {
                    let mut moved = |h: f64| {
                        let mut at = at;
                        at[variable] += h;
                        evaluate(at, &mut values)
                    };
                    (moved(1e-6) - moved(-1e-6)) / 2e-6
                })
                .collect();
            evaluate(at, &mut values);
            let mut slopes = vec![0.0; values.len()];
            slopes[root] = 1.0;
            let mut found = [0.0; 4];
            formulas.pull(1, &values, &mut slopes, |leaf, _, cotangent| match leaf {
                Leaf::Coordinate(_) => found[0] += cotangent,
                Leaf::Unknown(_) => found[1] += cotangent,
                Leaf::Part(part) => found[2 + part] += cotangent,
            });
            for (found, expected) in found.iter().zip(&quotients) {
                // Differences lose half of the digits, and derivatives here are of order one to a hundred.
                assert!((found - expected).abs() < 1e-6, "{function}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn not_a_number_passes_through_every_function() {
        for &function in RealFunction::ALL {
            // 1 to any power is 1, and anything to the power of 0.
            assert!(function.value(&[f64::NAN, 2.0]).is_nan(), "{function}");
        }
        for function in [RealFunction::Min, RealFunction::Max] {
            assert!(function.value(&[2.0, f64::NAN]).is_nan(), "{function}");
        }
    }
}
