//! What a network applies to each feature: a function of the library, or one of its user.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::Activation;

/// An elementwise function that the library does not have.
///
/// # Example: swish with β = 2, whose derivatives come from those of the logistic function
///
/// ```
/// use std::sync::Arc;
/// use jetc_runtime::activation::{ElementwiseFunction, Function};
/// use jetc_runtime::{Matrix, Network};
///
/// /// x s(x) with s(x) = 1/(1 + e^{−βx}), s′ = β(s − s²).
/// #[derive(Debug)]
/// struct Swish {
///     beta: f64,
/// }
///
/// impl ElementwiseFunction for Swish {
///     fn name(&self) -> &str {
///         "swish-beta"
///     }
///
///     fn series(&self, x: f64, series: &mut [f64]) {
///         series[0] = 1.0 / (1.0 + (-self.beta * x).exp());
///         for k in 0..series.len() - 1 {
///             let square: f64 = (0..=k).map(|j| series[j] * series[k - j]).sum();
///             series[k + 1] = self.beta * (series[k] - square) / (k + 1) as f64;
///         }
///         for k in (1..series.len()).rev() {
///             series[k] = x * series[k] + series[k - 1];
///         }
///         series[0] *= x;
///     }
/// }
///
/// let swish = Function::custom(Swish { beta: 2.0 });
/// let weight = Matrix::from_row_major(1, 2, vec![1.0, -0.5]).unwrap();
/// let network = Network::builder(2).affine(weight, None).elementwise(swish).build()?;
/// assert_eq!(network.outputs(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ElementwiseFunction: fmt::Debug + Send + Sync {
    /// The name that plans are printed with.
    fn name(&self) -> &str;
    /// Writes gₖ = g⁽ᵏ⁾(x)/k! into `series[k]`, for each of its entries; there is at least one. In `f32`, x is converted
    /// and the series rounded.
    fn series(&self, x: f64, series: &mut [f64]);
}

/// A function of the library, or one of its user.
#[derive(Debug, Clone)]
pub enum Function {
    /// One that the library has.
    Known(Activation),
    /// Any other; it equals another one if both are the same object.
    Custom(Arc<dyn ElementwiseFunction>),
}

impl Function {
    /// A function of one's own.
    pub fn custom(function: impl ElementwiseFunction + 'static) -> Self {
        Self::Custom(Arc::new(function))
    }

    /// The name, with no parameters.
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Known(activation) => activation.name().into(),
            Self::Custom(function) => function.name().into(),
        }
    }
}

impl From<Activation> for Function {
    fn from(activation: Activation) -> Self {
        Self::Known(activation)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => a == b,
            (Self::Custom(a), Self::Custom(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(activation) => activation.fmt(f),
            Self::Custom(function) => f.pad(function.name()),
        }
    }
}
