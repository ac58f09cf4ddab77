use super::judge::{Function, function, values};
use super::points::{Points, Random};
use crate::math::{self, Fused, InstructionSet, Real, Separate};

macro_rules! functions {
    ($($name:ident: |$x:ident| $body:expr;)*) => {
        $(function!($name, |$x| $body);)*

        #[test]
        fn vectors_have_the_bits_of_scalars() {
            $(
                bits_agree::<$name, f32>();
                bits_agree::<$name, f64>();
            )*
        }
    };
}

functions! {
    Exp: |x| math::exp::<T, F>(x);
    Expm1: |x| math::expm1::<T, F>(x);
    Log: |x| math::log::<T, F>(x);
    Log1p: |x| math::log1p::<T, F>(x);
    Tanh: |x| math::tanh::<T, F>(x);
    TanhOfPair: |x| math::tanh_and_derivative::<T, F>(x).0;
    TanhDerivative: |x| math::tanh_and_derivative::<T, F>(x).1;
    Sinh: |x| math::sinh::<T, F>(x);
    Cosh: |x| math::cosh::<T, F>(x);
    Sigmoid: |x| math::sigmoid::<T, F>(x);
    SigmoidDerivative: |x| math::sigmoid_and_derivative::<T, F>(x).1;
    Softplus: |x| math::softplus::<T, F>(x);
    Sin: |x| math::sin::<T, F>(x);
    Cos: |x| math::cos::<T, F>(x);
    Atan: |x| math::atan::<T, F>(x);
    Erf: |x| math::erf::<T, F>(x);
    Erfc: |x| math::erfc::<T, F>(x);
    NormalCdf: |x| math::normal_cdf::<T, F>(x);
    Gaussian: |x| math::gaussian::<T, F>(x);
    GaussianOfSquare: |x| math::gaussian_of_square::<T, F>(x);
    Tanhshrink: |x| math::tanhshrink::<T, F>(x);
    Power: |x| math::pow::<T, F>(x.abs(), T::from_f64(1.7));
    Reciprocal: |x| math::reciprocal(x);
    Root: |x| x.sqrt();
}

/// The vector code gives, at any place in a tile, what the scalar function gives.
fn bits_agree<G: Function, T: Points>() {
    let mut random = Random(7);
    let points: Vec<T> = T::points();
    let points: Vec<T> = (0..4099).map(|_| random.choose(&points)).collect();
    for set in InstructionSet::available() {
        let scalar: fn(T) -> T =
            if set.is_fused() { |x| G::call::<T, Fused>(x) } else { |x| G::call::<T, Separate>(x) };
        for start in 0..3 {
            for (x, y) in points[start..].iter().zip(values::<G, T>(set, &points[start..])) {
                let name = core::any::type_name::<G>();
                let want = scalar(*x);
                assert!(same(y, want), "{name} at {x:e} with {set}: {y:e} instead of {want:e}");
            }
        }
    }
}

fn same<T: Real>(a: T, b: T) -> bool {
    a.to_f64().to_bits() == b.to_f64().to_bits() || (a.to_f64().is_nan() && b.to_f64().is_nan())
}
