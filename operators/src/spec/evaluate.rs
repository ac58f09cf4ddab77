//! What formulas mean, number for number: the slow reference for every faster way to evaluate them.
//!
//! NaN passes through every function. Checked against the executor of networks by
//! `formulas_mean_the_same_in_operators_and_in_the_executor`.

use num_traits::ToPrimitive;

use super::{OperatorSpec, Pointwise, PointwiseId, RealFunction};

impl OperatorSpec {
    /// The outputs at one point, from the coordinates of the point and the values of all linear parts there.
    ///
    /// # Example
    /// ```
    /// use jetc_operators::spec::OperatorSpec;
    /// let spec = OperatorSpec::from_yaml("", "{coordinates: [x], outputs: {r: x*u_x + 1}}")?;
    /// assert_eq!(spec.evaluate(&[2.0], &[3.0]), [7.0]);
    /// # Ok::<(), jetc_operators::diagnostic::SpecError>(())
    /// ```
    ///
    /// Unknowns have no value, so what depends on them is NaN; [`Self::evaluate_with_unknowns`] gives them one.
    pub fn evaluate(&self, point: &[f64], linear_parts: &[f64]) -> Vec<f64> {
        self.evaluate_with_unknowns(point, linear_parts, &[])
    }

    /// The same with values for [`Self::unknowns`], in their order.
    ///
    /// # Example
    /// ```
    /// use jetc_operators::spec::OperatorSpec;
    /// let spec = OperatorSpec::from_yaml("", "{coordinates: [x], unknown: nu, outputs: {r: nu*u_x + 1}}")?;
    /// assert_eq!(spec.unknowns, ["nu"]);
    /// assert_eq!(spec.evaluate_with_unknowns(&[2.0], &[3.0], &[0.5]), [2.5]);
    /// # Ok::<(), jetc_operators::diagnostic::SpecError>(())
    /// ```
    pub fn evaluate_with_unknowns(&self, point: &[f64], linear_parts: &[f64], unknowns: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.pointwise.len());
        for node in &self.pointwise {
            values.push(match node {
                Pointwise::Constant(value) => value.to_f64().unwrap_or(f64::NAN),
                Pointwise::Irrational(value) => value.value(),
                Pointwise::Coordinate(index) => point[*index as usize],
                Pointwise::Unknown(id) => unknowns.get(id.index()).copied().unwrap_or(f64::NAN),
                Pointwise::LinearPart(part) => linear_parts[part.index()],
                Pointwise::Sum(terms) => terms.iter().fold(0.0, |sum, (term, weight)| {
                    weight.to_f64().unwrap_or(f64::NAN).mul_add(values[term.index()], sum)
                }),
                Pointwise::Product(factors) => {
                    let power = |id: &PointwiseId, exponent: i32| values[id.index()].powi(exponent);
                    factors.iter().fold(1.0, |product, (factor, exponent)| product * power(factor, *exponent))
                }
                Pointwise::Call(function, arguments) => {
                    let arguments: Vec<f64> =
                        arguments.iter().map(|argument| values[argument.index()]).collect();
                    function.value(&arguments)
                }
            });
        }
        self.outputs.iter().map(|output| values[output.formula.index()]).collect()
    }
}

impl RealFunction {
    /// The value of the function; there must be as many arguments as [`RealFunction::arguments`] says.
    pub fn value(self, arguments: &[f64]) -> f64 {
        let x = arguments[0];
        match self {
            Self::Sin => x.sin(),
            Self::Cos => x.cos(),
            Self::Tan => x.tan(),
            Self::Sinh => x.sinh(),
            Self::Cosh => x.cosh(),
            Self::Tanh => x.tanh(),
            Self::Atan => x.atan(),
            Self::Exp => x.exp(),
            Self::Log => x.ln(),
            Self::Sqrt => x.sqrt(),
            Self::Abs => x.abs(),
            Self::Sign => sign(x),
            Self::Step => f64::midpoint(1.0, sign(x)),
            // f64::min and f64::max would swallow NaN.
            Self::Min | Self::Max if x.is_nan() || arguments[1].is_nan() => f64::NAN,
            Self::Min => x.min(arguments[1]),
            Self::Max => x.max(arguments[1]),
            Self::Pow => x.powf(arguments[1]),
        }
    }
}

/// −1, 0 or 1.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}
