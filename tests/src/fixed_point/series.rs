//! The Taylor series of tanh and sin in fixed point, for the reference executor.
//!
//! tanh: t′ = 1 − t², so (k+1) tₖ₊₁ = \[k = 0\] − Σ_{j=0}^{k} tⱼ tₖ₋ⱼ. sin: the derivatives are sin, cos, −sin, −cos in turn.
//!
//! Checked by `a_network_of_one_layer_has_its_closed_form`.

use jetc_operators::algebra::JetAlgebra;
use jetc_runtime::Activation;
use jetc_runtime::activation::{Function, NotRational};
use jetc_runtime::element::Element;
use jetc_runtime::jet::{Jet, JetScalar, NotExact};
use jetc_runtime::network::CustomNode;

use super::Fixed;

impl<const BITS: u64> JetScalar for Fixed<BITS> {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        match function {
            Function::Known(Activation::Tanh) => tanh(x, series),
            Function::Known(Activation::Sin) => sin(x, series),
            other => return Err(missing(other.to_string())),
        }
        Ok(())
    }

    fn custom(node: &dyn CustomNode, _: &JetAlgebra, _: &[&Jet<Self>]) -> Result<Jet<Self>, NotExact> {
        Err(missing(node.name().to_owned()))
    }
}

fn missing(function: String) -> NotExact {
    NotExact { function, reason: NotRational::Function }
}

fn tanh<const BITS: u64>(x: &Fixed<BITS>, series: &mut [Fixed<BITS>]) {
    let Some(first) = series.first_mut() else { return };
    *first = x.tanh();
    for k in 0..series.len() - 1 {
        let square = (0..=k).fold(Fixed::zero(), |sum, j| series[j].mul_add(&series[k - j], &sum));
        let one = if k == 0 { Fixed::one() } else { Fixed::zero() };
        series[k + 1] = over(&one.sub(&square), k + 1);
    }
}

fn sin<const BITS: u64>(x: &Fixed<BITS>, series: &mut [Fixed<BITS>]) {
    let (sin, cos) = x.sin_cos();
    let (minus_sin, minus_cos) = (Fixed::zero().sub(&sin), Fixed::zero().sub(&cos));
    let derivatives = [sin, cos, minus_sin, minus_cos];
    let mut factorial = 1;
    for (k, entry) in series.iter_mut().enumerate() {
        factorial *= k.max(1);
        *entry = over(&derivatives[k % 4], factorial);
    }
}

/// x/n
fn over<const BITS: u64>(x: &Fixed<BITS>, n: usize) -> Fixed<BITS> {
    x.scale(1, i32::try_from(n).expect("orders are small"))
}
