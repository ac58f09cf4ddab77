//! What methods hold besides the network, its points and its residuals: numbers of eight bytes, by the numbers of parameters P
//! and residuals M.
//!
//! | method | numbers |
//! |---|---|
//! | gauss-newton | J, M P; with s = min(M, P) the Gram matrix and its factor, 2 s²; QR of \[J; √μ I\], (M + P) s, where s is small enough for it |
//! | broyden | the inverse Hessian, P² |
//! | l-bfgs | 30 pairs, 60 P |
//! | adam | two means, 2 P |
//!
//! and a few vectors. The largest numbers are far below 2⁶⁴ bytes, and where they are not, too much is what is said.

use crate::method::{GAUSS_NEWTON_WIDEST_QR, L_BFGS_PAIRS};
use crate::problem::MethodChoice;

/// Vectors of P or M numbers that every method has.
const VECTORS: usize = 8;

/// The bytes that a method holds; for `auto`, those of Gauss–Newton.
pub(super) fn bytes(method: MethodChoice, parameters: usize, residuals: usize) -> usize {
    let product = |a: usize, b: usize| a.saturating_mul(b);
    let system = parameters.min(residuals);
    let own = match method {
        MethodChoice::Auto | MethodChoice::GaussNewton => {
            let normal = product(2, product(system, system));
            let stacked = product(parameters.saturating_add(residuals), system);
            let is_stacked = system <= GAUSS_NEWTON_WIDEST_QR;
            product(parameters, residuals).saturating_add(normal).saturating_add(if is_stacked {
                stacked
            } else {
                0
            })
        }
        MethodChoice::Broyden => product(parameters, parameters),
        MethodChoice::LBfgs => product(2 * L_BFGS_PAIRS, parameters),
        MethodChoice::Adam => product(2, parameters),
    };
    let vectors = product(VECTORS, parameters.saturating_add(residuals));
    product(own.saturating_add(vectors), size_of::<f64>())
}

/// A size in words, rounded up.
pub(super) fn words(bytes: usize) -> String {
    let (kibibytes, mebibytes) = (bytes.div_ceil(1 << 10), bytes.div_ceil(1 << 20));
    if mebibytes <= 1 && kibibytes < 1 << 10 {
        format!("{kibibytes} KiB")
    } else if mebibytes < 10 << 10 {
        format!("{mebibytes} MiB")
    } else {
        format!("{} GiB", bytes.div_ceil(1 << 30))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_parameters_and_residuals() {
        let vectors = |p: usize, m: usize| VECTORS * (p + m);
        let numbers = |method, p, m| bytes(method, p, m) / 8;
        // 30 residuals of 10 parameters: J, two matrices [10, 10], and [40, 10].
        assert_eq!(numbers(MethodChoice::GaussNewton, 10, 30), 300 + 200 + 400 + vectors(10, 30));
        assert_eq!(numbers(MethodChoice::GaussNewton, 30, 10), 300 + 200 + 400 + vectors(30, 10));
        // No QR of wide systems.
        assert_eq!(
            numbers(MethodChoice::GaussNewton, 2000, 3000),
            6_000_000 + 8_000_000 + vectors(2000, 3000)
        );
        assert_eq!(numbers(MethodChoice::Broyden, 100, 30), 10_000 + vectors(100, 30));
        assert_eq!(numbers(MethodChoice::Adam, 100, 30), 200 + vectors(100, 30));
        assert_eq!(bytes(MethodChoice::GaussNewton, usize::MAX, usize::MAX), usize::MAX);
        assert_eq!(
            (words(1), words(3 << 20), words(20 << 30)),
            ("1 KiB".into(), "3 MiB".into(), "20 GiB".into())
        );
    }
}
