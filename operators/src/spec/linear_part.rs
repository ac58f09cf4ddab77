//! Linear differential operators with constant coefficients.
//!
//! A [`LinearPart`] is P(∂) of one field, with its symbol in the [`Variables`](super::Variables) of the operator.
//! Normalisation: derivatives, not Taylor coefficients: `u_xx` is 1·ξ².

use jetc_combinatorics::Polynomial;

/// Names one of the linear parts of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinearPartId(u32);

impl LinearPartId {
    /// The id of the linear part at `index`.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("limits keep the number of linear parts below 2³²"))
    }

    /// Its place in [`OperatorSpec::linear_parts`](super::OperatorSpec::linear_parts).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// P(∂) applied to one field: one readout of the jet algebra.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinearPart {
    /// The field it is applied to, an index into the network's outputs; 0 where the file declares no fields.
    pub field: usize,
    /// Q with P(ξ) = Q(Vξ): a polynomial in the operator's variables.
    pub symbol: Polynomial,
}

impl LinearPart {
    /// The highest order of a derivative; 0 for a part without terms.
    pub fn order(&self) -> u32 {
        self.symbol.degree()
    }
}
