//! Exact derivatives in one direction: dual numbers over any scalar.
//!
//! | notation | name |
//! |---|---|
//! | a + b δ, δ² = 0 | [`Dual`] |
//! | g⁽ᵏ⁾(a + b δ)/k! = gₖ(a) + (k+1) gₖ₊₁(a) b δ | their series: one order more of the scalar's |
//! | Aᵈ over dual numbers = (A ⊗ ℚ[δ]/(δ²))ᵈ | nodes of the library's user: the same node over an algebra of twice as many channels |
//!
//! A network of dual numbers evaluated by this module is differentiated by its weights or its point, in exact arithmetic
//! where the scalar is exact. It is the oracle of everything that goes backwards. Numbers are ordered by their values first,
//! so that choices fall as they do without δ; of two equal values the one with the larger derivative counts as larger.

use jetc_combinatorics::Rational;
use jetc_operators::algebra::JetAlgebra;

use crate::activation::Function;
use crate::element::{Element, Scalar};
use crate::jet::custom::CustomNode;
use crate::jet::{Jet, JetScalar, NotExact};

/// a + b δ.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub struct Dual<S> {
    /// a
    pub value: S,
    /// b
    pub derivative: S,
}

impl<S: Element> Dual<S> {
    /// A number that does not vary.
    pub fn constant(value: S) -> Self {
        Self { value, derivative: S::zero() }
    }
}

impl<S: Element> Element for Dual<S> {
    fn fraction(numerator: i32, denominator: i32) -> Self {
        Self::constant(S::fraction(numerator, denominator))
    }
    fn add(&self, other: &Self) -> Self {
        Self { value: self.value.add(&other.value), derivative: self.derivative.add(&other.derivative) }
    }
    fn sub(&self, other: &Self) -> Self {
        Self { value: self.value.sub(&other.value), derivative: self.derivative.sub(&other.derivative) }
    }
    fn mul(&self, other: &Self) -> Self {
        let derivative = self.derivative.mul(&other.value).add(&self.value.mul(&other.derivative));
        Self { value: self.value.mul(&other.value), derivative }
    }
}

impl<S: Scalar> Scalar for Dual<S> {
    fn from_rational(value: &Rational) -> Self {
        Self::constant(S::from_rational(value))
    }
}

impl<S: JetScalar> JetScalar for Dual<S> {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        let mut inner = vec![S::zero(); series.len() + 1];
        S::series(function, &x.value, &mut inner)?;
        for (k, entry) in series.iter_mut().enumerate() {
            let order = i32::try_from(k + 1).expect("orders are small");
            entry.value = inner[k].clone();
            entry.derivative = inner[k + 1].scale(order, 1).mul(&x.derivative);
        }
        Ok(())
    }

    fn custom(
        node: &dyn CustomNode,
        algebra: &JetAlgebra,
        inputs: &[&Jet<Self>],
    ) -> Result<Jet<Self>, NotExact> {
        let inputs: Vec<Jet<S>> = inputs.iter().map(|input| input.split()).collect();
        let result = S::custom(node, &algebra.with_dual_number(), &inputs.iter().collect::<Vec<_>>())?;
        let (values, derivatives) = result.channels().split_at(algebra.dimension());
        let dual =
            |(value, derivative): (&S, &S)| Self { value: value.clone(), derivative: derivative.clone() };
        let join = |(u, v): (&Vec<S>, &Vec<S>)| u.iter().zip(v).map(dual).collect();
        Ok(Jet::new(values.iter().zip(derivatives).map(join).collect()))
    }
}

impl<S: Element> Jet<Dual<S>> {
    /// The same over the algebra with δ: first the channels of all values, then those of all derivatives.
    fn split(&self) -> Jet<S> {
        let part = |of: fn(&Dual<S>) -> &S| {
            self.channels().iter().map(move |channel| channel.iter().map(|x| of(x).clone()).collect())
        };
        Jet::new(part(|x| &x.value).chain(part(|x| &x.derivative)).collect())
    }
}
