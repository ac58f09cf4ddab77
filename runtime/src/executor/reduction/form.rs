//! C, the matrix of a quadratic form.

use faer::Mat;
use jetc_combinatorics::{MultiIndex, Polynomial};
use num_traits::ToPrimitive;

/// Forms that are not diagonal are written out up to this many coordinates; of others so many columns are taken at a time.
pub(super) const MOST_DENSE: usize = 4096;

/// C
#[derive(Debug)]
pub(super) enum Form {
    Diagonal(Vec<f64>),
    Dense(Mat<f64>),
}

impl Form {
    /// Nothing where it is not diagonal, and too large to be written out.
    pub(super) fn new(form: &Polynomial, variables: &[u32]) -> Option<Self> {
        let g = variables.len();
        let position =
            |variable: u32| variables.binary_search(&variable).expect("the variable is one of the form's");
        let places = |monomial: &MultiIndex| -> Vec<usize> {
            monomial.pairs().map(|(variable, _)| position(variable)).collect()
        };
        if form.terms().all(|(monomial, _)| monomial.pairs().len() == 1) {
            let mut factors = vec![0.0; g];
            for (monomial, coefficient) in form.terms() {
                factors[*places(monomial).first()?] = coefficient.to_f64()?;
            }
            return Some(Self::Diagonal(factors));
        }
        if g > MOST_DENSE {
            return None;
        }
        let mut matrix = Mat::<f64>::zeros(g, g);
        for (monomial, coefficient) in form.terms() {
            let value = coefficient.to_f64()?;
            match places(monomial)[..] {
                [i] => matrix[(i, i)] = value,
                [i, j] => (matrix[(i, j)], matrix[(j, i)]) = (value / 2.0, value / 2.0),
                _ => return None,
            }
        }
        Some(Self::Dense(matrix))
    }

    /// Whether it is a sum of squares with one sign: then M has the rank of WVᵀ.
    pub(super) fn is_definite(&self) -> bool {
        match self {
            Self::Diagonal(factors) => {
                factors.iter().all(|&factor| factor > 0.0) || factors.iter().all(|&factor| factor < 0.0)
            }
            Self::Dense(_) => false,
        }
    }
}

/// The variables of a form, in order.
pub(super) fn variables(form: &Polynomial) -> Vec<u32> {
    let mut variables: Vec<u32> = form.terms().flat_map(|(m, _)| m.pairs().map(|(v, _)| v)).collect();
    variables.sort_unstable();
    variables.dedup();
    variables
}
