//! Elementwise functions and their derivatives to any order.
//!
//! *Normalisation: Taylor coefficients.* The series of g at x is gₖ = g⁽ᵏ⁾(x)/k! for k = 0 … K. Every family of functions
//! has one file with its recurrence, which follows from a differential equation that the function solves; recurrences are
//! written index for index. Each is checked at random points against exact series by an addition theorem or an equation
//! (`tests`), against values in fifty digits, and end to end against nested automatic differentiation.
//!
//! Where a function has a kink or a jump, its derivatives are those of one side or 0, as PyTorch takes them; each variant
//! of [`Activation`] says which. Beyond a domain (log x for x < 0) the value is NaN. NaN passes through.
//!
//! A function of your own is an [`ElementwiseFunction`].

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

mod function;
mod parameter;
mod rule;
mod select;
mod smoothness;
mod text;
mod unit;
mod advice;

mod elu;
mod exp;
mod gaussian;
mod gelu;
mod gelu_tanh;
mod identity;
mod inverse;
mod log;
mod mish;
mod pieces;
mod power;
mod root;
mod rounding;
mod sigmoid;
mod silu;
mod sin;
mod softplus;
mod softsign;
mod tanh;
#[cfg(test)]
mod tests;

pub use function::{ElementwiseFunction, Function};
pub use parameter::Parameter;
pub(crate) use rule::{Rule, RuleVisitor, in_units};
pub(crate) use select::LARGEST_EXPONENT;
pub use select::NotRational;
pub use smoothness::Smoothness;
pub use text::UnknownActivation;
pub(crate) use unit::unit_of_powers;

use crate::element::{Analytic, Element, Ordered};

/// An elementwise function of the library.
///
/// In text a function is its name, in lower case, with its parameters in parentheses, by position or by name:
/// `tanh`, `leaky-relu(0.2)`, `elu(alpha=1)`. Parameters that are left out have their default. The names of PyTorch, JAX,
/// Keras and ONNX are understood too, whatever their case and hyphens: `LeakyReLU`, `hard_tanh`, `Swish`.
///
/// ```
/// use jetc_runtime::Activation;
///
/// let activation: Activation = "LeakyReLU(negative_slope=0.2)".parse()?;
/// assert_eq!(activation, Activation::LeakyRelu(0.2.into()));
/// assert_eq!(activation.to_string(), "leaky-relu(0.2)");
/// # Ok::<(), jetc_runtime::activation::UnknownActivation>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Activation {
    /// x
    Identity,
    /// x²
    Square,
    /// x³
    Cube,
    /// xᵖ. Whole p from −64 to 64 are multiplied out, and x may have any sign; for any other p it is NaN where x < 0.
    Power(Parameter),
    /// 1/x
    Reciprocal,
    /// √x; the derivatives at 0 are infinite
    Sqrt,
    /// 1/√x
    Rsqrt,
    /// tanh x
    Tanh,
    /// sin x
    Sin,
    /// cos x
    Cos,
    /// tan x
    Tan,
    /// arcsin x
    Asin,
    /// arccos x
    Acos,
    /// arctan x
    Atan,
    /// sinh x
    Sinh,
    /// cosh x
    Cosh,
    /// arsinh x
    Asinh,
    /// arcosh x
    Acosh,
    /// artanh x
    Atanh,
    /// eˣ
    Exp,
    /// 2ˣ
    Exp2,
    /// log x
    Log,
    /// exp(−x²)
    Gaussian,
    /// erf x
    Erf,
    /// 1 − erf x
    Erfc,
    /// 1/(1 + e⁻ˣ)
    Sigmoid,
    /// log(1/(1 + e⁻ˣ))
    LogSigmoid,
    /// log(1 + eˣ)
    Softplus,
    /// log(1 + e^{βx})/β where βx ≤ `threshold`, else x. PyTorch's defaults are β = 1 and a threshold of 20.
    ScaledSoftplus {
        /// β
        beta: Parameter,
        /// The largest βx that is not taken for large.
        threshold: Parameter,
    },
    /// x/(1 + e⁻ˣ), also called swish
    Silu,
    /// x Φ(x) with the normal distribution function Φ, the exact form (`approximate='none'` in PyTorch)
    Gelu,
    /// x (1 + tanh(√(2/π)(x + 0.044715 x³)))/2 (`approximate='tanh'` in PyTorch)
    GeluTanh,
    /// x tanh(log(1 + eˣ))
    Mish,
    /// x − tanh x
    Tanhshrink,
    /// x/(1 + |x|); at 0 the derivatives beyond the first are 0
    Softsign,
    /// α(eˣ − 1) for x ≤ 0, else x; at 0 the derivatives are those of the left side, α/k!
    Elu(Parameter),
    /// s α(eˣ − 1) for x ≤ 0, else s x, with s = 1.0507… and α = 1.6732…; at 0 as [`Activation::Elu`]
    Selu,
    /// α(e^{x/α} − 1) for x ≤ 0, else x; at 0 as [`Activation::Elu`]
    Celu(Parameter),
    /// max(x, 0); the derivative at 0 is 0
    Relu,
    /// x for x > 0, else slope · x; the derivative at 0 is the slope
    LeakyRelu(Parameter),
    /// x for x > θ, else a value; the derivative at θ is 0
    ThresholdedRelu {
        /// θ
        theta: Parameter,
        /// The value up to θ.
        value: Parameter,
    },
    /// min(max(x, low), high), as `relu6` and `hardtanh`; the derivatives at both ends are 0
    Clip {
        /// The least value.
        low: Parameter,
        /// The largest value.
        high: Parameter,
    },
    /// αx + β between 0 and 1; the derivatives at both ends are 0
    HardSigmoid {
        /// α > 0
        alpha: Parameter,
        /// β
        beta: Parameter,
    },
    /// x times [`Activation::HardSigmoid`] with α = 1/6, β = 1/2; the derivatives at −3 and 3 are 0 and 1
    HardSwish,
    /// x − λ for x > λ, x + λ for x < −λ, else 0; the derivatives at both ends are 0
    Softshrink(Parameter),
    /// x for |x| > λ, else 0; the derivatives at both ends are 0
    Hardshrink(Parameter),
    /// |x|; the derivative at 0 is 0
    Abs,
    /// −1, 0 or 1; every derivative is 0
    Sign,
    /// 1 for x > 0, else 0; every derivative is 0
    Step,
    /// The largest whole number up to x; every derivative is 0
    Floor,
    /// The smallest whole number from x on; every derivative is 0
    Ceil,
    /// The nearest whole number, the even one of two; every derivative is 0
    Round,
}

struct WriteSeries<'a, E> {
    x: &'a E,
    series: &'a mut [E],
}

impl<E: Analytic> RuleVisitor for WriteSeries<'_, E> {
    type Output = ();
    fn visit<R: Rule>(self, rule: R) {
        rule.series(self.x, self.series);
    }
}

struct FindUnit<'a, E> {
    x: &'a E,
}

impl<E: Analytic> RuleVisitor for FindUnit<'_, E> {
    type Output = E;
    fn visit<R: Rule>(self, rule: R) -> E {
        rule.unit(self.x)
    }
}

struct WriteSeriesInUnits<'a, E> {
    x: &'a E,
    unit: &'a E,
    series: &'a mut [E],
}

impl<E: Analytic> RuleVisitor for WriteSeriesInUnits<'_, E> {
    type Output = ();
    fn visit<R: Rule>(self, rule: R) {
        rule.series_in_units(self.x, self.unit, self.series);
    }
}

impl Activation {
    /// A power of two near the distance over which the function varies at x, where that is far from 1: see [`rule`].
    pub(crate) fn unit<E: Analytic>(self, x: &E) -> E {
        self.accept(FindUnit { x })
    }

    /// Writes uᵏ gₖ into `series[k]`, for a power of two u.
    pub(crate) fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        self.accept(WriteSeriesInUnits { x, unit, series });
    }

    /// Writes gₖ = g⁽ᵏ⁾(x)/k! into `series[k]`, for as many orders as there is room.
    pub fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.accept(WriteSeries { x, series });
    }
}

/// k as the i32 that [`Element::scale`] takes.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "orders are small")]
fn int(k: usize) -> i32 {
    k as i32
}

/// Σ_{j=first}^{last} aⱼ a_{k−j}
#[inline(always)]
fn convolve<E: Element>(a: &[E], k: usize, first: usize, last: usize) -> E {
    let mut sum = E::zero();
    for j in first..=last {
        sum = a[j].mul_add(&a[k - j], &sum);
    }
    sum
}

/// x, between −1000 and 1000: beyond, the functions that use it have no derivatives left.
#[inline(always)]
fn limit<E: Ordered>(x: &E) -> E {
    let (least, most) = (E::fraction(-1000, 1), E::fraction(1000, 1));
    x.select_below(&least, &least, &most.select_below(x, &most, x))
}

/// The unit of a function that varies over distances of 1 near 0, and of x for large x: |x| ≥ 0 is given.
#[inline(always)]
fn large<E: Ordered>(size: &E) -> E {
    size.select_below(&E::fraction(FAR, 1), &E::one(), &size.unit())
}

/// The unit of a function with a branch point at this distance.
#[inline(always)]
fn near<E: Ordered>(distance: &E) -> E {
    distance.select_below(&E::fraction(1, FAR), &distance.unit(), &E::one())
}

/// A unit between 1/FAR and FAR is not worth its while: sixteenth powers are still in the range of single precision.
const FAR: i32 = 128;

/// The series of x·f(x) from that of f, in place: (x f)ₖ = x fₖ + fₖ₋₁.
#[inline(always)]
fn multiply_by_x<E: Element>(x: &E, series: &mut [E]) {
    for k in (1..series.len()).rev() {
        series[k] = x.mul_add(&series[k], &series[k - 1]);
    }
    if let Some(first) = series.first_mut() {
        *first = x.mul(first);
    }
}

/// The series of an antiderivative with the given value: Fₖ₊₁ = fₖ/(k+1), in place.
#[inline(always)]
fn integrate<E: Element>(value: E, series: &mut [E]) {
    for k in (1..series.len()).rev() {
        series[k] = series[k - 1].scale(1, int(k));
    }
    if let Some(first) = series.first_mut() {
        *first = value;
    }
}
