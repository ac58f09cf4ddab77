//! The proof that a plan computes what it says, in exact arithmetic, on every plan that is built.
//!
//! Invariants:
//!
//! 1. no product involves ε₀ as a listed factor, factors are ordered, and results come after both factors. The algebra
//!    is then commutative and its non-value part nilpotent;
//! 2. the product table is associative: (εᵢεⱼ)εₖ does not depend on the grouping. With 1. a jet algebra is a
//!    commutative local algebra, so evaluating a composition layer by layer evaluates the whole function;
//! 3. the value channel has no seed, and no readout names a channel that does not exist;
//! 4. *the certificate*: for every readout ρ with symbol P and all α, ρ(x̂^α) = α! · \[ξ^α\] P.
//!
//! The certificate is checked for all α at once through its generating function: with ξ·x̂ = Σᵢ (sᵢ·ξ) εᵢ,
//! ρ(exp(ξ·x̂)) = Σ_α ρ(x̂^α)/α! ξ^α must be the polynomial P. The exponential series ends because x̂ is nilpotent.
//! Only monomials that occur are ever written down, so 10⁵ variables are no obstacle.
//!
//! Checked by `a_wrong_coefficient_anywhere_is_found` and `every_strategy_is_certified`.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jetc_combinatorics::rational::{integer, product};
use jetc_combinatorics::work::{Work, WorkExceeded};
use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};

use crate::algebra::{ChannelId, JetAlgebra, Readout};
use crate::plan::PlannedReadout;

/// More work in one proof than this is refused, which is a matter of seconds.
const MAX_OPERATIONS: u64 = 10_000_000;

/// A plan that is not what it claims to be. This is never the user's mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// A listed product names ε₀, has its factors out of order, or does not climb.
    #[error("product {left}·{right} → {result} does not climb")]
    NotTriangular {
        /// First factor.
        left: ChannelId,
        /// Second factor.
        right: ChannelId,
        /// The offending channel of the product.
        result: ChannelId,
    },
    /// Two groupings of one triple product differ.
    #[error("the product {first}·{second}·{third} depends on the grouping")]
    NotAssociative {
        /// First factor.
        first: ChannelId,
        /// Second factor.
        second: ChannelId,
        /// Third factor.
        third: ChannelId,
    },
    /// ε₀ is seeded, or a readout names a channel that is not there.
    #[error("channel {channel} is seeded or read where it must not be")]
    BadChannel {
        /// The channel.
        channel: ChannelId,
    },
    /// The proof would take too long, and what is not proven does not run.
    #[error("the proof takes more exact arithmetic than the limit of {MAX_OPERATIONS} operations")]
    TooMuchWork,
    /// A readout does not give its symbol.
    #[error("readout {readout} does not give its symbol")]
    WrongSymbol {
        /// The position of the readout.
        readout: usize,
    },
}

impl From<WorkExceeded> for CertificateError {
    fn from(_: WorkExceeded) -> Self {
        Self::TooMuchWork
    }
}

/// Checks every invariant of the module documentation for `algebra` and its readouts with their symbols.
///
/// # Errors
/// The first invariant that fails.
pub fn certify(algebra: &JetAlgebra, readouts: &[PlannedReadout]) -> Result<(), CertificateError> {
    check_triangular(algebra)?;
    let mut work = Work::new(MAX_OPERATIONS);
    check_associative(algebra, &mut work)?;
    check_channels(algebra, readouts)?;
    let exponential = exponential(algebra, &mut work)?;
    let wrong = readouts.iter().position(|readout| read(&readout.functional, &exponential) != readout.symbol);
    wrong.map_or(Ok(()), |readout| Err(CertificateError::WrongSymbol { readout }))
}

fn check_triangular(algebra: &JetAlgebra) -> Result<(), CertificateError> {
    for p in algebra.products() {
        let (left, right, result) = (p.left, p.right, p.result);
        let climbs = ChannelId::VALUE < left && left <= right && right < result;
        if !climbs || result.index() >= algebra.dimension() {
            return Err(CertificateError::NotTriangular { left, right, result });
        }
    }
    Ok(())
}

/// Products by pair of factors, with the partners of every channel.
struct Table<'a> {
    of_pair: HashMap<(ChannelId, ChannelId), Vec<(ChannelId, &'a Rational)>>,
    partners: BTreeMap<ChannelId, Vec<ChannelId>>,
}

impl<'a> Table<'a> {
    fn new(algebra: &'a JetAlgebra) -> Self {
        let mut of_pair: HashMap<_, Vec<_>> = HashMap::new();
        let mut partners: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for p in algebra.products() {
            let entry = of_pair.entry((p.left, p.right)).or_default();
            if entry.is_empty() {
                partners.entry(p.left).or_default().push(p.right);
                if p.left != p.right {
                    partners.entry(p.right).or_default().push(p.left);
                }
            }
            entry.push((p.result, &p.coefficient));
        }
        Self { of_pair, partners }
    }

    fn product(&self, a: ChannelId, b: ChannelId) -> &[(ChannelId, &'a Rational)] {
        self.of_pair.get(&(a.min(b), a.max(b))).map_or(&[], Vec::as_slice)
    }

    /// (εₐ ε_b) ε_c
    fn triple(&self, a: ChannelId, b: ChannelId, c: ChannelId) -> SparseVector<ChannelId> {
        let mut sum = SparseVector::zero();
        for (middle, first) in self.product(a, b) {
            for (result, second) in self.product(*middle, c) {
                sum.add_entry(*result, product(first, second));
            }
        }
        sum
    }
}

/// Visits every triple with a grouping that may be non-zero and compares all its groupings.
fn check_associative(algebra: &JetAlgebra, work: &mut Work) -> Result<(), CertificateError> {
    let table = Table::new(algebra);
    for p in algebra.products() {
        let (first, second) = (p.left, p.right);
        for &third in table.partners.get(&p.result).map_or(&[][..], Vec::as_slice) {
            work.spend(3 * table.product(first, second).len())?;
            let grouped = table.triple(first, second, third);
            if grouped != table.triple(second, third, first) || grouped != table.triple(first, third, second)
            {
                return Err(CertificateError::NotAssociative { first, second, third });
            }
        }
    }
    Ok(())
}

fn check_channels(algebra: &JetAlgebra, readouts: &[PlannedReadout]) -> Result<(), CertificateError> {
    if !algebra.channel(ChannelId::VALUE).seed.is_empty() {
        return Err(CertificateError::BadChannel { channel: ChannelId::VALUE });
    }
    let named = readouts.iter().flat_map(|readout| readout.functional.iter()).map(|(&channel, _)| channel);
    match named.max() {
        Some(channel) if channel.index() >= algebra.dimension() => {
            Err(CertificateError::BadChannel { channel })
        }
        _ => Ok(()),
    }
}

/// An element of the algebra with polynomial coefficients; absent channels are zero.
pub(crate) type Element = BTreeMap<ChannelId, Polynomial>;

/// exp(ξ·x̂) = Σₖ (ξ·x̂)ᵏ/k!, term by term as x̂ · previous / k until a term vanishes.
fn exponential(algebra: &JetAlgebra, work: &mut Work) -> Result<Element, WorkExceeded> {
    let perturbation: Element = algebra
        .channels()
        .filter(|(_, channel)| !channel.seed.is_empty())
        .map(|(id, channel)| (id, Polynomial::linear(channel.seed.iter().map(|(&v, c)| (v, c)))))
        .collect();
    let mut sum = Element::from([(ChannelId::VALUE, Polynomial::constant(integer(1)))]);
    let mut term = perturbation.clone();
    for k in 2u32.. {
        if term.is_empty() {
            break;
        }
        let next = multiply(algebra, &perturbation, &term, &(integer(1) / integer(k)), work)?;
        for (channel, polynomial) in term {
            sum.entry(channel).or_default().add_scaled(&polynomial, &integer(1));
        }
        term = next;
    }
    Ok(sum)
}

/// factor · a · b for elements without value part.
pub(crate) fn multiply(
    algebra: &JetAlgebra,
    a: &Element,
    b: &Element,
    factor: &Rational,
    work: &mut Work,
) -> Result<Element, WorkExceeded> {
    let mut terms: BTreeMap<ChannelId, Vec<(MultiIndex, Rational)>> = BTreeMap::new();
    let mut accumulate = |x: Option<&Polynomial>, y: Option<&Polynomial>, result, coefficient: &Rational| {
        let (Some(x), Some(y)) = (x, y) else { return Ok(()) };
        work.spend(x.terms().len() * y.terms().len())?;
        let scaled = x.product_terms(y).map(|(monomial, value)| (monomial, product(&value, coefficient)));
        terms.entry(result).or_default().extend(scaled);
        Ok(())
    };
    for p in algebra.products() {
        let coefficient = &p.coefficient * factor;
        accumulate(a.get(&p.left), b.get(&p.right), p.result, &coefficient)?;
        if p.left != p.right {
            accumulate(a.get(&p.right), b.get(&p.left), p.result, &coefficient)?;
        }
    }
    let collected = terms.into_iter().map(|(channel, terms)| (channel, Polynomial::from_terms(terms)));
    Ok(collected.filter(|(_, polynomial)| !polynomial.is_zero()).collect())
}

/// ρ of an element.
fn read(readout: &Readout, element: &Element) -> Polynomial {
    let channels = readout.iter().filter_map(|(channel, weight)| Some((element.get(channel)?, weight)));
    Polynomial::from_terms(channels.flat_map(|(polynomial, weight)| {
        polynomial
            .terms()
            .map(move |(monomial, coefficient)| (monomial.clone(), product(coefficient, weight)))
    }))
}
