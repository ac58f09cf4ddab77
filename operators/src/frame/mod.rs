//! The variables that a plan goes along: a pass on the symbols before any strategy sees them.
//!
//! | notation | name |
//! |---|---|
//! | Q(η), P(ξ) = Q(Vξ) | a symbol in the variables that the file names, and in coordinates |
//! | Q′(η′), P(ξ) = Q′(V′ξ) | the same in others: [`Rewritten`] |
//!
//! What a strategy makes of Q is right for every V, so the variables of the file always serve, whatever numbers their vectors
//! hold. Where these vectors depend on each other, others may take fewer channels, and there are two kinds:
//!
//! 1. [`squares`]: the second-order part as Σ dᵣ (sᵣ·ξ)² with independent sᵣ, exactly by LDLᵀ where numbers stay short,
//!    otherwise in doubles, with the distance from what was asked for measured and kept;
//! 2. [`coordinates`]: Q(Vξ) multiplied out, where there are fewer coordinates than directions.
//!
//! Both are offers with a budget: which one is taken, and that nothing is lost by it, is decided where plans are made.

mod component;
mod coordinates;
mod independence;
mod ldl;
mod rounding;
mod squares;

use jetc_combinatorics::Polynomial;

pub(crate) use squares::proportion;

use crate::spec::Variables;

/// A symbol in other variables than those of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewritten {
    /// Q′
    pub(crate) symbol: Polynomial,
    /// e, if Q′ is rounded: no coefficient is further than 2⁻ᵉ of the largest from what was asked for.
    pub(crate) rounding: Option<u32>,
}

/// A symbol with the ways to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prepared {
    /// Q, in the variables of the file.
    pub(crate) named: Polynomial,
    /// Up to order two, along independent directions, where that differs from Q.
    pub(crate) squares: Option<Rewritten>,
    /// Whether strategies that go along directions have fewer to go along with the squares.
    pub(crate) has_fewer_squares: bool,
    /// In coordinates, where the vectors of the file depend on each other.
    pub(crate) coordinates: Option<Rewritten>,
}

/// All symbols of an operator, and the variables in which they are written.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The variables of the file, and behind them the directions of squares.
    pub(crate) variables: Variables,
    /// The symbols.
    pub(crate) parts: Vec<Prepared>,
}

impl Frame {
    /// The symbols in these variables.
    pub(crate) fn new(variables: &Variables, symbols: &[Polynomial]) -> Self {
        let mut variables = variables.clone();
        let in_coordinates = coordinates::multiplied_out(&variables, symbols);
        let mut squares = squares::Squares::default();
        let mut parts = Vec::with_capacity(symbols.len());
        for (number, symbol) in symbols.iter().enumerate() {
            let found = squares.of(symbol, &mut variables);
            parts.push(Prepared {
                named: symbol.clone(),
                has_fewer_squares: found.as_ref().is_some_and(|found| found.has_fewer_directions),
                squares: found.map(|found| found.rewritten),
                coordinates: in_coordinates.as_ref().map(|all| all[number].clone()),
            });
        }
        Self { variables, parts }
    }

    /// K, the highest order of a derivative.
    pub(crate) fn order(&self) -> u32 {
        self.parts.iter().map(|part| part.named.degree()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
