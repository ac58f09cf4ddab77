//! Calls of functions: values that are exact, and partial derivatives.

use jetc_combinatorics::Rational;
use num_traits::{One, Signed, Zero};

use super::{Failure, Graph, Node, NodeId};
use crate::spec::RealFunction;

impl Graph {
    /// A function of formulas; where the value is an exact number, that number.
    pub(crate) fn call(&mut self, function: RealFunction, arguments: Vec<NodeId>) -> Result<NodeId, Failure> {
        let constants: Option<Vec<Rational>> =
            arguments.iter().map(|&argument| self.as_constant(argument).cloned()).collect();
        if let Some(value) = constants.and_then(|constants| exact_value(function, &constants).transpose()) {
            return self.constant(value?);
        }
        if matches!(function, RealFunction::Min | RealFunction::Max) && arguments[0] == arguments[1] {
            return Ok(arguments[0]);
        }
        self.intern(Node::Call(function, arguments))
    }

    /// ∂f/∂gᵢ of the call `id`, which is f(g₁, …). Where f has a kink, the mean of both sides.
    pub(super) fn partial(
        &mut self,
        id: NodeId,
        function: RealFunction,
        arguments: &[NodeId],
        index: usize,
    ) -> Result<NodeId, Failure> {
        let g = arguments[0];
        let call = |graph: &mut Self, function| graph.call(function, vec![g]);
        match function {
            RealFunction::Sin => call(self, RealFunction::Cos),
            RealFunction::Cos => {
                let sine = call(self, RealFunction::Sin)?;
                self.scale(sine, &-Rational::one())
            }
            RealFunction::Sinh => call(self, RealFunction::Cosh),
            RealFunction::Cosh => call(self, RealFunction::Sinh),
            // 1 + tan², 1 − tanh²
            RealFunction::Tan | RealFunction::Tanh => {
                let square = self.integer_power(id, 2)?;
                let sign = if function == RealFunction::Tan { Rational::one() } else { -Rational::one() };
                self.sum([(Self::ONE, Rational::one()), (square, sign)])
            }
            RealFunction::Atan => {
                let square = self.integer_power(g, 2)?;
                let denominator = self.plus(Self::ONE, square)?;
                self.quotient(Self::ONE, denominator)
            }
            RealFunction::Exp => Ok(id),
            RealFunction::Log => self.quotient(Self::ONE, g),
            RealFunction::Sqrt => {
                let reciprocal = self.quotient(Self::ONE, id)?;
                self.scale(reciprocal, &Rational::new(1.into(), 2.into()))
            }
            RealFunction::Abs => call(self, RealFunction::Sign),
            RealFunction::Sign | RealFunction::Step => Ok(Self::ZERO),
            // 1 where this argument is the one that is taken, 0 where it is not.
            RealFunction::Min | RealFunction::Max => {
                let sign = if function == RealFunction::Max { Rational::one() } else { -Rational::one() };
                let lead = self.sum([(arguments[index], sign.clone()), (arguments[1 - index], -sign)])?;
                self.call(RealFunction::Step, vec![lead])
            }
            RealFunction::Pow if index == 0 => {
                let exponent = self.sum([(arguments[1], Rational::one()), (Self::ONE, -Rational::one())])?;
                let power = self.power(g, exponent)?;
                self.times(arguments[1], power)
            }
            RealFunction::Pow => {
                let logarithm = call(self, RealFunction::Log)?;
                self.times(id, logarithm)
            }
        }
    }
}

/// The value of a function where it is a fraction.
fn exact_value(function: RealFunction, arguments: &[Rational]) -> Result<Option<Rational>, Failure> {
    let x = &arguments[0];
    let (zero, one) = (Rational::zero(), Rational::one());
    Ok(match function {
        RealFunction::Sin
        | RealFunction::Tan
        | RealFunction::Sinh
        | RealFunction::Tanh
        | RealFunction::Atan
            if x.is_zero() =>
        {
            Some(zero)
        }
        RealFunction::Cos | RealFunction::Cosh | RealFunction::Exp if x.is_zero() => Some(one),
        RealFunction::Log if x.is_one() => Some(zero),
        RealFunction::Log if !x.is_positive() => {
            return Err(Failure::OutsideDomain("the logarithm of a number that is not positive"));
        }
        RealFunction::Sqrt if x.is_negative() => {
            return Err(Failure::OutsideDomain("the square root of a negative number"));
        }
        RealFunction::Sqrt => square_root(x),
        RealFunction::Abs => Some(x.abs()),
        RealFunction::Sign => Some(x.signum()),
        RealFunction::Step => Some((x.signum() + one) / Rational::from_integer(2.into())),
        RealFunction::Min => Some(x.min(&arguments[1]).clone()),
        RealFunction::Max => Some(x.max(&arguments[1]).clone()),
        RealFunction::Pow if x.is_negative() => {
            return Err(Failure::OutsideDomain("a broken power of a negative number"));
        }
        RealFunction::Pow if x.is_one() => Some(one),
        RealFunction::Pow if x.is_zero() && arguments[1].is_positive() => Some(zero),
        RealFunction::Pow if x.is_zero() => return Err(Failure::DivisionByZero),
        _ => None,
    })
}

/// The square root of a square.
fn square_root(x: &Rational) -> Option<Rational> {
    let root = Rational::new(x.numer().sqrt(), x.denom().sqrt());
    (&root * &root == *x).then_some(root)
}
