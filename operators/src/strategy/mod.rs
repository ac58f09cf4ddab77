//! Three ways from linear operators to a jet algebra.
//!
//! | strategy | algebra | channels d |
//! |---|---|---|
//! | [`Strategy::Standard`] | R directions: τᵣᵏ, k ≤ K, τᵣτₛ = 0 | 1 + KR |
//! | [`Strategy::Collapsed`] | the same with all τᵣᴷ identified (τᵣᴷ = wᵣσ) | 1 + (K−1)R + 1 |
//! | [`Strategy::Minimal`] | ℚ\[t\]/Ann P, Macaulay's inverse system | the least possible |
//!
//! A strategy only proposes; [`crate::certificate`] decides.

mod minimal;
mod squares;
mod coordinates;
mod univariate;
mod directions;

use std::fmt;

use jetc_combinatorics::InverseSystemError;

use crate::algebra::{JetAlgebra, Readout};
use crate::squares::{PreparedPart, SquaresError};

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

/// An algebra with one readout for each linear part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) algebra: JetAlgebra,
    pub(crate) readouts: Vec<Readout>,
}

/// Why a strategy found no algebra for an operator: always its size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrategyError {
    /// The inverse system is out of bounds.
    #[error(transparent)]
    InverseSystem(#[from] InverseSystemError),
    /// A second-order part in long numbers has no squares within the tolerance.
    #[error(transparent)]
    Squares(#[from] SquaresError),
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

/// The algebra of one concrete strategy for these parts, if it has at most `most` channels.
pub(crate) fn propose(
    strategy: Strategy,
    parts: &[PreparedPart],
    coordinates: &[String],
    most: u64,
) -> Result<Proposal, StrategyError> {
    match strategy {
        Strategy::Auto | Strategy::Minimal => minimal::propose(parts, coordinates, most),
        Strategy::Collapsed => univariate::propose(parts, univariate::Top::Collapsed, most),
        Strategy::Standard => univariate::propose(parts, univariate::Top::Separate, most),
    }
}

#[cfg(test)]
mod tests;
