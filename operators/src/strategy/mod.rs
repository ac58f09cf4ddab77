//! Three ways from linear operators to a jet algebra.
//!
//! | strategy | algebra | channels d |
//! |---|---|---|
//! | [`Strategy::Standard`] | R directions: τᵣᵏ, k ≤ K, τᵣτₛ = 0 | 1 + KR |
//! | [`Strategy::Collapsed`] | the same with all τᵣᴷ identified (τᵣᴷ = wᵣσ) | 1 + (K−1)R + 1 |
//! | [`Strategy::Minimal`] | ℚ\[t\]/Ann P, Macaulay's inverse system | the least possible |
//!
//! A strategy only proposes; [`crate::certificate`] decides. Symbols can be written in several variables ([`Basis`]), and what
//! a strategy makes of them differs: it proposes one algebra for each, and [`crate::compile`] chooses.

mod basis;
mod minimal;
mod second_order;
mod univariate;
mod directions;

use std::fmt;

use jetc_combinatorics::{InverseSystemError, MultiIndex, Polynomial};

pub use basis::Basis;

use crate::algebra::{JetAlgebra, Readout};
use crate::frame::Frame;
use crate::spec::Variables;

/// How an operator becomes a jet algebra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strategy {
    /// The cheapest of the others.
    Auto,
    /// The smallest algebra that carries the operator.
    Minimal,
    /// Collapsed Taylor mode: the highest coefficients are summed over all directions before propagation.
    Collapsed,
    /// Standard Taylor mode: one full jet for each direction.
    Standard,
}

impl Strategy {
    /// The three strategies that build an algebra, from the plainest to the smallest.
    pub const CONCRETE: [Self; 3] = [Self::Standard, Self::Collapsed, Self::Minimal];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Minimal => "minimal",
            Self::Collapsed => "collapsed",
            Self::Standard => "standard",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An algebra with one readout for each symbol.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Proposal {
    pub(crate) basis: Basis,
    pub(crate) algebra: JetAlgebra,
    pub(crate) readouts: Vec<Readout>,
    /// The symbols in the variables of the basis, with what rounding them has cost.
    pub(crate) symbols: Vec<(Polynomial, Option<u32>)>,
}

/// What variables are called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) coordinates: &'a [String],
    pub(crate) variables: &'a Variables,
}

impl Names<'_> {
    pub(crate) fn of(self, variable: u32) -> String {
        match self.variables.named(variable) {
            None => self.coordinates[variable as usize].clone(),
            Some(named) => named.name.clone(),
        }
    }
}

/// `x^2*y`
fn monomial_name(monomial: &MultiIndex, names: Names<'_>) -> String {
    let factors = monomial.pairs().map(|(variable, exponent)| {
        let name = names.of(variable);
        if exponent > 1 { format!("{name}^{exponent}") } else { name }
    });
    itertools::join(factors, "*")
}

/// Why a strategy found no algebra for an operator: always its size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrategyError {
    /// The inverse system is out of bounds.
    #[error(transparent)]
    InverseSystem(#[from] InverseSystemError),
    /// Telling second-order parts apart takes too long.
    #[error("telling the second-order parts apart takes more exact arithmetic than the limit allows")]
    TooMuchWork,
    /// Interpolating mixed derivatives would take too long.
    #[error(
        "interpolating the mixed derivatives (one is of order {order} in {variables} directions) takes more terms than \
         the limit of {limit}"
    )]
    Interpolation {
        /// Order of the derivative that broke the limit.
        order: u32,
        /// How many different directions it mixes.
        variables: usize,
        /// The limit.
        limit: u64,
    },
    /// The algebra was found, but its proof would take too long.
    #[error(
        "the proof of the plan takes more exact arithmetic than the limit allows; a lower order or fewer coordinates take less"
    )]
    Proof,
    /// The algebra has more channels than any machine could carry.
    #[error("the plan needs {channels} channels, more than the limit of {limit}")]
    Channels {
        /// Channels needed.
        channels: u64,
        /// The limit.
        limit: u64,
    },
}

/// More channels than this are refused.
pub const MAX_CHANNELS: u64 = 1_000_000;

/// Work in one elimination, in the units of [`jetc_combinatorics::elimination::Echelon::work`]: a second.
const MOST_WORK: u64 = 20_000_000;

/// Operators of second order in more monomials than this are not searched for dependences of their derivatives.
const MOST_MONOMIALS_TO_SEARCH: usize = 2000;

/// The algebras of one concrete strategy, each with at most `most` channels, or why there is none; those in the variables
/// of the file come first.
pub(crate) fn propose(
    strategy: Strategy,
    frame: &Frame,
    coordinates: &[String],
    most: u64,
) -> Vec<Result<Proposal, StrategyError>> {
    let names = Names { coordinates, variables: &frame.variables };
    match strategy {
        Strategy::Auto | Strategy::Minimal => least(frame, names),
        Strategy::Collapsed => along_directions(frame, univariate::Top::Collapsed, most),
        Strategy::Standard => along_directions(frame, univariate::Top::Separate, most),
    }
}

type Found = Result<(JetAlgebra, Vec<Readout>), StrategyError>;

/// The least algebra in each basis.
fn least(frame: &Frame, names: Names<'_>) -> Vec<Result<Proposal, StrategyError>> {
    let mut proposals = Vec::new();
    let mut add = |basis: Basis, find: &dyn Fn(&[&Polynomial]) -> Found| {
        if let Some(symbols) = basis.symbols(frame) {
            let polynomials: Vec<&Polynomial> = symbols.iter().map(|(symbol, _)| symbol).collect();
            proposals.push(find(&polynomials).map(|(algebra, readouts)| Proposal {
                basis,
                algebra,
                readouts,
                symbols,
            }));
        }
    };
    let by_elimination = |symbols: &[&Polynomial]| minimal::propose(symbols, names);
    if frame.order() > 2 {
        add(Basis::Named, &by_elimination);
        add(Basis::Coordinates, &by_elimination);
        return proposals;
    }
    let up_to_second_order = |symbols: &[&Polynomial]| second_order::propose(symbols, names);
    add(Basis::Named, &up_to_second_order);
    let named: Vec<&Polynomial> = frame.parts.iter().map(|part| &part.named).collect();
    let monomials: usize = named.iter().map(|symbol| symbol.terms().len()).sum();
    if monomials <= MOST_MONOMIALS_TO_SEARCH && !second_order::is_clearly_least(&named) {
        add(Basis::Named, &by_elimination);
    }
    add(Basis::Coordinates, &up_to_second_order);
    add(Basis::Squares, &up_to_second_order);
    without_long_tables(proposals)
}

/// A product table this many times as long as another is not worth its proof.
const MUCH_LONGER: usize = 10;

/// The algebras but for those that have as many channels as another and a much longer product table, as a dense matrix of
/// second derivatives has beside its squares.
fn without_long_tables(
    proposals: Vec<Result<Proposal, StrategyError>>,
) -> Vec<Result<Proposal, StrategyError>> {
    let size = |found: &Result<Proposal, StrategyError>| {
        found.as_ref().ok().map(|proposal| (proposal.algebra.dimension(), proposal.algebra.products().len()))
    };
    let sizes: Vec<_> = proposals.iter().filter_map(size).collect();
    let is_worth_it = |found: &Result<Proposal, StrategyError>| {
        size(found).is_none_or(|(channels, products)| {
            !sizes.iter().any(|&(other, fewer)| other <= channels && fewer * MUCH_LONGER < products)
        })
    };
    proposals.into_iter().filter(is_worth_it).collect()
}

/// Taylor mode along directions: those of the squares where they are fewer.
fn along_directions(frame: &Frame, top: univariate::Top, most: u64) -> Vec<Result<Proposal, StrategyError>> {
    let mut proposals = Vec::new();
    let has_fewer_squares = frame.parts.iter().any(|part| part.has_fewer_squares);
    let first = if has_fewer_squares { Basis::Squares } else { Basis::Named };
    for basis in [first, Basis::Coordinates] {
        if let Some(symbols) = basis.symbols(frame) {
            let polynomials: Vec<&Polynomial> = symbols.iter().map(|(symbol, _)| symbol).collect();
            let found = univariate::propose(&polynomials, top, most);
            proposals.push(found.map(|(algebra, readouts)| Proposal { basis, algebra, readouts, symbols }));
        }
    }
    proposals
}

#[cfg(test)]
mod tests;
