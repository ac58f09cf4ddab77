//! Calls of functions: values that are exact, and partial derivatives.

use jetc_combinatorics::Rational;
use num_traits::{One, Signed, Zero};

use super::{Failure, Graph, Node, NodeId};
use crate::spec::Function;

impl Graph {
    /// A function of formulas; where the value is an exact number, that number.
    pub(crate) fn call(&mut self, function: Function, arguments: Vec<NodeId>) -> Result<NodeId, Failure> {
        let constants: Option<Vec<Rational>> =
            arguments.iter().map(|&argument| self.as_constant(argument).cloned()).collect();
        if let Some(value) = constants.and_then(|constants| exact_value(function, &constants).transpose()) {
            return self.constant(value?);
        }
        if matches!(function, Function::Min | Function::Max) && arguments[0] == arguments[1] {
            return Ok(arguments[0]);
        }
        self.intern(Node::Call(function, arguments))
    }

    /// ∂f/∂gᵢ of the call `id`, which is f(g₁, …). Where f has a kink, the mean of both sides.
    pub(super) fn partial(
        &mut self,
        id: NodeId,
        function: Function,
        arguments: &[NodeId],
        index: usize,
    ) -> Result<NodeId, Failure> {
        let g = arguments[0];
        let call = |graph: &mut Self, function| graph.call(function, vec![g]);
        match function {
            Function::Sin => call(self, Function::Cos),
            Function::Cos => {
                let sine = call(self, Function::Sin)?;
                self.scale(sine, &-Rational::one())
            }
            Function::Sinh => call(self, Function::Cosh),
            Function::Cosh => call(self, Function::Sinh),
            // 1 + tan², 1 − tanh²
            Function::Tan | Function::Tanh => {
                let square = self.integer_power(id, 2)?;
                let sign = if function == Function::Tan { Rational::one() } else { -Rational::one() };
                self.sum([(Self::ONE, Rational::one()), (square, sign)])
            }
            Function::Atan => {
                let square = self.integer_power(g, 2)?;
                let denominator = self.plus(Self::ONE, square)?;
                self.quotient(Self::ONE, denominator)
            }
            Function::Exp => Ok(id),
            Function::Log => self.quotient(Self::ONE, g),
            Function::Sqrt => {
                let reciprocal = self.quotient(Self::ONE, id)?;
                self.scale(reciprocal, &Rational::new(1.into(), 2.into()))
            }
            Function::Abs => call(self, Function::Sign),
            Function::Sign | Function::Step => Ok(Self::ZERO),
            // 1 where this argument is the one that is taken, 0 where it is not.
            Function::Min | Function::Max => {
                let sign = if function == Function::Max { Rational::one() } else { -Rational::one() };
                let lead = self.sum([(arguments[index], sign.clone()), (arguments[1 - index], -sign)])?;
                self.call(Function::Step, vec![lead])
            }
            Function::Pow if index == 0 => {
                let exponent = self.sum([(arguments[1], Rational::one()), (Self::ONE, -Rational::one())])?;
                let power = self.power(g, exponent)?;
                self.times(arguments[1], power)
            }
            Function::Pow => {
                let logarithm = call(self, Function::Log)?;
                self.times(id, logarithm)
            }
        }
    }
}

/// The value of a function where it is a fraction.
fn exact_value(function: Function, arguments: &[Rational]) -> Result<Option<Rational>, Failure> {
    let x = &arguments[0];
    let (zero, one) = (Rational::zero(), Rational::one());
    Ok(match function {
        Function::Sin | Function::Tan | Function::Sinh | Function::Tanh | Function::Atan if x.is_zero() => {
            Some(zero)
        }
        Function::Cos | Function::Cosh | Function::Exp if x.is_zero() => Some(one),
        Function::Log if x.is_one() => Some(zero),
        Function::Log if !x.is_positive() => {
            return Err(Failure::OutsideDomain("the logarithm of a number that is not positive"));
        }
        Function::Sqrt if x.is_negative() => {
            return Err(Failure::OutsideDomain("the square root of a negative number"));
        }
        Function::Sqrt => square_root(x),
        Function::Abs => Some(x.abs()),
        Function::Sign => Some(x.signum()),
        Function::Step => Some((x.signum() + one) / Rational::from_integer(2.into())),
        Function::Min => Some(x.min(&arguments[1]).clone()),
        Function::Max => Some(x.max(&arguments[1]).clone()),
        Function::Pow if x.is_negative() => {
            return Err(Failure::OutsideDomain("a broken power of a negative number"));
        }
        Function::Pow if x.is_one() => Some(one),
        Function::Pow if x.is_zero() && arguments[1].is_positive() => Some(zero),
        Function::Pow if x.is_zero() => return Err(Failure::DivisionByZero),
        _ => None,
    })
}

/// The square root of a square.
fn square_root(x: &Rational) -> Option<Rational> {
    let root = Rational::new(x.numer().sqrt(), x.denom().sqrt());
    (&root * &root == *x).then_some(root)
}
