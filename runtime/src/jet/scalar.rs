//! The scalars that jets are made of: floats, exact rationals, and what others make of them.
//!
//! *Normalisation: Taylor coefficients.* Checked by `every_strategy_agrees_with_the_reference_for_every_activation`.

use jetc_combinatorics::Rational;
use jetc_operators::algebra::JetAlgebra;

use super::Jet;
use super::custom::CustomNode;
use crate::activation::{Function, NotRational, in_units, unit_of_powers};
use crate::element::Scalar;

/// A number that jets are made of: functions can be evaluated in it, as far as they can be at all.
pub trait JetScalar: Scalar + PartialOrd {
    /// Writes g⁽ᵏ⁾(x)/k! into `series[k]`.
    ///
    /// # Errors
    /// [`NotExact`] if this arithmetic has no such function.
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact>;

    /// Writes uᵏ g⁽ᵏ⁾(x)/k! into `series[k]` and returns 1/u, where u is `unit`, or a power of two near the distance over
    /// which g varies at x, where that is far from 1. Exact arithmetic has no range to leave: it always takes 1.
    ///
    /// # Errors
    /// As [`Self::series`].
    fn series_in_units(
        function: &Function,
        x: &Self,
        unit: Option<&Self>,
        series: &mut [Self],
    ) -> Result<Self, NotExact> {
        let _ = unit;
        Self::series(function, x, series)?;
        Ok(Self::one())
    }

    /// A unit for derivatives, each with its order, some power of which is infinite; nothing if there is none.
    fn unit_of_powers(derivatives: &[(Self, u32)], is_linear: bool) -> Option<Self> {
        let _ = (derivatives, is_linear);
        None
    }

    /// The jet of a node of the library's user.
    ///
    /// # Errors
    /// [`NotExact`] if this arithmetic is exact and the node knows floating point alone.
    fn custom(
        node: &dyn CustomNode,
        algebra: &JetAlgebra,
        inputs: &[&Jet<Self>],
    ) -> Result<Jet<Self>, NotExact>;
}

impl JetScalar for Rational {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        let result = match function {
            Function::Known(activation) => activation.exact_series(x, series),
            Function::Custom(_) => Err(NotRational::Function),
        };
        result.map_err(|reason| NotExact { function: function.to_string(), reason })
    }

    fn custom(
        node: &dyn CustomNode,
        algebra: &JetAlgebra,
        inputs: &[&Jet<Self>],
    ) -> Result<Jet<Self>, NotExact> {
        let inputs: Vec<Jet<Rational>> = inputs.iter().map(|&input| input.clone()).collect();
        let refused = || NotExact { function: node.name().to_owned(), reason: NotRational::Function };
        node.propagate_exactly(algebra, &inputs).ok_or_else(refused)
    }
}

impl JetScalar for f64 {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        match function {
            Function::Known(activation) => activation.series(x, series),
            Function::Custom(_) if series.is_empty() => (),
            Function::Custom(custom) => custom.series(*x, series),
        }
        Ok(())
    }

    fn series_in_units(
        function: &Function,
        x: &Self,
        unit: Option<&Self>,
        series: &mut [Self],
    ) -> Result<Self, NotExact> {
        let own = match function {
            Function::Known(activation) => activation.unit(x),
            Function::Custom(_) => 1.0,
        };
        let unit = unit.copied().unwrap_or(own);
        match function {
            Function::Known(activation) => activation.series_in_units(x, &unit, series),
            Function::Custom(_) => {
                Self::series(function, x, series)?;
                in_units(&unit, series);
            }
        }
        Ok(1.0 / unit)
    }

    fn unit_of_powers(derivatives: &[(Self, u32)], is_linear: bool) -> Option<Self> {
        unit_of_powers(derivatives.iter().copied(), is_linear)
    }

    fn custom(
        node: &dyn CustomNode,
        algebra: &JetAlgebra,
        inputs: &[&Jet<Self>],
    ) -> Result<Jet<Self>, NotExact> {
        let inputs: Vec<Jet<f64>> = inputs.iter().map(|&input| input.clone()).collect();
        Ok(node.propagate(algebra, &inputs))
    }
}

impl JetScalar for f32 {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        Self::series_in_units(function, x, Some(&1.0), series)?;
        Ok(())
    }

    fn unit_of_powers(derivatives: &[(Self, u32)], is_linear: bool) -> Option<Self> {
        unit_of_powers(derivatives.iter().map(|&(n, order)| (n.into(), order)), is_linear)
    }

    #[allow(clippy::cast_possible_truncation, reason = "f32 is computed in f64 and rounded once")]
    fn series_in_units(
        function: &Function,
        x: &Self,
        unit: Option<&Self>,
        series: &mut [Self],
    ) -> Result<Self, NotExact> {
        // A kernel may ask for every lane: usual lengths need no allocation.
        let (mut few, mut many) = ([0.0; 16], Vec::new());
        let double = if let Some(double) = few.get_mut(..series.len()) {
            double
        } else {
            many.resize(series.len(), 0.0);
            &mut many[..]
        };
        let x = f64::from(*x);
        let unit = unit.copied().unwrap_or_else(|| match function {
            // In single precision the unit must have a reciprocal, too.
            Function::Known(activation) => crate::math::unit(activation.unit(&x) as f32),
            Function::Custom(_) => 1.0,
        });
        f64::series_in_units(function, &x, Some(&unit.into()), double)?;
        for (entry, &mut value) in series.iter_mut().zip(double) {
            *entry = value as f32;
        }
        Ok(1.0 / unit)
    }

    #[allow(clippy::cast_possible_truncation, reason = "f32 is computed in f64 and rounded once")]
    fn custom(
        node: &dyn CustomNode,
        algebra: &JetAlgebra,
        inputs: &[&Jet<Self>],
    ) -> Result<Jet<Self>, NotExact> {
        let widen = |channel: &Vec<f32>| channel.iter().map(|&x| f64::from(x)).collect();
        let inputs: Vec<Jet<f64>> =
            inputs.iter().map(|input| Jet::new(input.channels().iter().map(widen).collect())).collect();
        let result = node.propagate(algebra, &inputs);
        let narrow = |channel: &Vec<f64>| channel.iter().map(|&x| x as f32).collect();
        Ok(Jet::new(result.channels().iter().map(narrow).collect()))
    }
}

/// An activation has no values in exact arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function} cannot be evaluated in exact arithmetic")]
pub struct NotExact {
    /// The activation as it is written.
    pub function: String,
    /// Why not.
    #[source]
    pub reason: NotRational,
}
