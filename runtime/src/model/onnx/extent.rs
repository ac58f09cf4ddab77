//! Whole numbers that may stand for the length of the batch: k, or a·N with a rational a.
//!
//! Exporters compute shapes by nodes. N, the number of points, is not known when a model is read, so it is kept as a
//! symbol; what is neither a number nor a multiple of N is an error. N is positive, and that is all that comparisons know.

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Zero};

use super::NodeProblem;

/// A whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// k
    Number(i64),
    /// a·N, a not 0
    Batch(Ratio<i64>),
}

use Extent::{Batch, Number};

type Result<T> = std::result::Result<T, NodeProblem>;

impl Extent {
    /// The number, if it does not depend on the batch.
    pub(super) fn number(self) -> Result<i64> {
        match self {
            Number(number) => Ok(number),
            Batch(_) => Err(NodeProblem::BatchSize),
        }
    }

    pub(super) fn add(self, other: Self) -> Result<Self> {
        match (self, other) {
            (Number(a), Number(b)) => number(a.checked_add(b)),
            (Batch(a), Batch(b)) => batch(a.checked_add(&b)),
            (a, Number(0)) => Ok(a),
            (Number(0), b) => Ok(b),
            _ => Err(NodeProblem::BatchSize),
        }
    }

    pub(super) fn subtract(self, other: Self) -> Result<Self> {
        match (self, other) {
            (Number(a), Number(b)) => number(a.checked_sub(b)),
            (Batch(a), Batch(b)) => batch(a.checked_sub(&b)),
            (a, Number(0)) => Ok(a),
            _ => Err(NodeProblem::BatchSize),
        }
    }

    pub(super) fn multiply(self, other: Self) -> Result<Self> {
        match (self, other) {
            (Number(a), Number(b)) => number(a.checked_mul(b)),
            (Batch(a), Number(b)) | (Number(b), Batch(a)) => batch(a.checked_mul(&b.into())),
            (Batch(_), Batch(_)) => Err(NodeProblem::BatchSize),
        }
    }

    /// Rounded towards zero between numbers; multiples of N are divided exactly.
    pub(super) fn divide(self, other: Self) -> Result<Self> {
        match (self, other) {
            (_, Number(0)) => Err(NodeProblem::ZeroDivision),
            (Number(a), Number(b)) => number(a.checked_div(b)),
            (Batch(a), Number(b)) => batch(a.checked_div(&b.into())),
            (Batch(a), Batch(b)) => {
                let quotient = a.checked_div(&b).ok_or(NodeProblem::Overflow)?;
                if quotient.is_integer() {
                    Ok(Number(quotient.to_integer()))
                } else {
                    Err(NodeProblem::BatchSize)
                }
            }
            (Number(_), Batch(_)) => Err(NodeProblem::BatchSize),
        }
    }

    /// The remainder with the sign of the divisor, or with that of the dividend if `truncated`.
    pub(super) fn remainder(self, other: Self, truncated: bool) -> Result<Self> {
        let (a, b) = (self.number()?, other.number()?);
        if b == 0 {
            return Err(NodeProblem::ZeroDivision);
        }
        let rest = a.checked_rem(b).unwrap_or(0);
        let crosses = !truncated && rest != 0 && (rest < 0) != (b < 0);
        number(if crosses { rest.checked_add(b) } else { Some(rest) })
    }

    pub(super) fn power(self, other: Self) -> Result<Self> {
        let exponent = u32::try_from(other.number()?).map_err(|_| NodeProblem::Overflow)?;
        number(self.number()?.checked_pow(exponent))
    }

    pub(super) fn negate(self) -> Result<Self> {
        Number(0).subtract(self).or_else(|_| self.multiply(Number(-1)))
    }

    /// Less, equal or greater, where that is the same for every N.
    pub(super) fn compare(self, other: Self) -> Result<std::cmp::Ordering> {
        match (self, other) {
            (Number(a), Number(b)) => Ok(a.cmp(&b)),
            (Batch(a), Batch(b)) => Ok(a.cmp(&b)),
            (Batch(a), Number(b)) if (a > Ratio::zero()) != (b > 0) || b == 0 => {
                Ok(a.cmp(&b.signum().into()))
            }
            (Number(_), Batch(_)) => other.compare(self).map(std::cmp::Ordering::reverse),
            _ => Err(NodeProblem::BatchSize),
        }
    }

    pub(super) fn larger(self, other: Self) -> Result<Self> {
        Ok(if self.compare(other)?.is_lt() { other } else { self })
    }

    pub(super) fn smaller(self, other: Self) -> Result<Self> {
        Ok(if self.compare(other)?.is_gt() { other } else { self })
    }
}

fn number(value: Option<i64>) -> Result<Extent> {
    value.map(Number).ok_or(NodeProblem::Overflow)
}

fn batch(value: Option<Ratio<i64>>) -> Result<Extent> {
    let value = value.ok_or(NodeProblem::Overflow)?;
    Ok(if value.is_zero() { Number(0) } else { Batch(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(numerator: i64, denominator: i64) -> Extent {
        Batch(Ratio::new(numerator, denominator))
    }

    #[test]
    fn the_length_of_the_batch_cancels_where_it_can() {
        let n = points(1, 1);
        assert_eq!(n.multiply(Number(6)).unwrap().divide(Number(4)).unwrap(), points(3, 2));
        assert_eq!(points(6, 1).divide(points(2, 1)).unwrap(), Number(3));
        assert_eq!(n.subtract(n).unwrap(), Number(0));
        assert!(n.add(Number(1)).is_err() && n.multiply(n).is_err());
    }

    #[test]
    fn comparisons_know_that_there_are_points_but_not_how_many() {
        let n = points(1, 1);
        assert!(n.compare(Number(-1)).unwrap().is_gt() && Number(0).compare(n).unwrap().is_lt());
        assert!(n.compare(points(2, 1)).unwrap().is_lt());
        assert!(n.compare(Number(1)).is_err());
    }

    #[test]
    fn whole_numbers_divide_as_onnx_has_it() {
        assert_eq!(Number(-7).divide(Number(2)).unwrap(), Number(-3));
        assert_eq!(Number(-7).remainder(Number(2), false).unwrap(), Number(1));
        assert_eq!(Number(-7).remainder(Number(2), true).unwrap(), Number(-1));
        assert!(Number(1).divide(Number(0)).is_err() && Number(i64::MIN).divide(Number(-1)).is_err());
    }
}
