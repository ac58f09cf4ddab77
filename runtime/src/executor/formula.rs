//! The pointwise formulas of an operator, evaluated in double precision for a chunk of points.

use jetc_operators::{Function, Pointwise};
use num_traits::ToPrimitive;

/// Formula nodes with rounded constants; every node comes after the nodes it uses.
#[derive(Debug)]
pub(crate) struct Formulas {
    nodes: Vec<FormulaNode>,
}

#[derive(Debug)]
enum FormulaNode {
    Constant(f64),
    Coordinate(usize),
    Part(usize),
    Sum(Vec<(usize, f64)>),
    Product(Vec<(usize, i32)>),
    Call(Function, Vec<usize>),
}

impl Formulas {
    pub(crate) fn new(nodes: &[Pointwise]) -> Self {
        let double = |value: &jetc_combinatorics::Rational| value.to_f64().unwrap_or(f64::NAN);
        let convert = |node: &Pointwise| match node {
            Pointwise::Constant(value) => FormulaNode::Constant(double(value)),
            Pointwise::Irrational(number) => FormulaNode::Constant(number.value()),
            Pointwise::Coordinate(index) => FormulaNode::Coordinate(*index as usize),
            Pointwise::LinearPart(part) => FormulaNode::Part(part.index()),
            Pointwise::Sum(terms) => {
                FormulaNode::Sum(terms.iter().map(|(id, weight)| (id.index(), double(weight))).collect())
            }
            Pointwise::Product(factors) => {
                FormulaNode::Product(factors.iter().map(|(id, exponent)| (id.index(), *exponent)).collect())
            }
            Pointwise::Call(function, arguments) => {
                FormulaNode::Call(*function, arguments.iter().map(|id| id.index()).collect())
            }
        };
        Self { nodes: nodes.iter().map(convert).collect() }
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
                    FormulaNode::Part(number) => part(*number, point),
                    FormulaNode::Sum(terms) => {
                        terms.iter().fold(0.0, |sum, &(id, weight)| weight.mul_add(at(id, point), sum))
                    }
                    FormulaNode::Product(factors) => factors
                        .iter()
                        .fold(1.0, |product, &(id, exponent)| product * at(id, point).powi(exponent)),
                    FormulaNode::Call(function, arguments) => {
                        call(*function, at(arguments[0], point), arguments.get(1).map(|&id| at(id, point)))
                    }
                };
            }
        }
    }
}

fn call(function: Function, x: f64, second: Option<f64>) -> f64 {
    let y = second.unwrap_or(f64::NAN);
    match function {
        Function::Sin => x.sin(),
        Function::Cos => x.cos(),
        Function::Tan => x.tan(),
        Function::Sinh => x.sinh(),
        Function::Cosh => x.cosh(),
        Function::Tanh => x.tanh(),
        Function::Atan => x.atan(),
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Sqrt => x.sqrt(),
        Function::Abs => x.abs(),
        Function::Sign if x == 0.0 => 0.0,
        Function::Sign => x.signum(),
        Function::Step if x == 0.0 => 0.5,
        Function::Step => 0.5 + 0.5 * x.signum(),
        // NaN passes through, unlike in f64::min and f64::max.
        Function::Min | Function::Max if x.is_nan() || y.is_nan() => f64::NAN,
        Function::Min => x.min(y),
        Function::Max => x.max(y),
        Function::Pow => x.powf(y),
        _ => f64::NAN,
    }
}
