//! Values over a jet algebra: their arithmetic, index for index, and the way back through it.
//!
//! | to work with | file |
//! |---|---|
//! | a value u = Σ uᵢεᵢ with its products and functions: [`Jet`] | `mod.rs` |
//! | products, transposed | `transposed.rs` |
//! | the numbers that jets are made of: [`JetScalar`] | `scalar.rs` |
//! | functions of jets that the library's user defines: [`CustomNode`](crate::network::CustomNode) | `custom.rs` |
//!
//! *Normalisation: Taylor coefficients.* *Architecture invariant:* nothing here knows a network. Checked by
//! `every_strategy_gives_the_derivatives_of_the_polynomial`, in exact arithmetic.

mod scalar;
mod transposed;
pub(crate) mod custom;

pub use scalar::{JetScalar, NotExact};

use jetc_operators::algebra::JetAlgebra;

use crate::activation::Function;
use crate::element::{Element, Scalar};

/// A value with all its channels: `channels[i][feature]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Jet<S> {
    pub(crate) channels: Vec<Vec<S>>,
}

impl<S: Element> Jet<S> {
    /// A jet from its channels, the value first; all must have equally many features.
    ///
    /// # Panics
    /// If they have not, or there is none.
    pub fn new(channels: Vec<Vec<S>>) -> Self {
        let features = channels.first().expect("a jet has a value channel").len();
        assert!(
            channels.iter().all(|channel| channel.len() == features),
            "channels have equally many features"
        );
        Self { channels }
    }

    /// The features of one channel.
    pub fn channel(&self, index: usize) -> &[S] {
        &self.channels[index]
    }

    /// All channels, the value first.
    pub fn channels(&self) -> &[Vec<S>] {
        &self.channels
    }

    /// How many features each channel has.
    pub fn features(&self) -> usize {
        self.channels[0].len()
    }

    /// A linear map, applied to every channel.
    #[must_use]
    pub fn map_channels(&self, map: impl Fn(&[S]) -> Vec<S>) -> Self {
        Self { channels: self.channels.iter().map(|channel| map(channel)).collect() }
    }

    /// The value without its other channels.
    #[must_use]
    pub fn detached(&self) -> Self {
        let mut jet = Self::zero(self.channels.len(), self.features());
        jet.channels[0].clone_from(&self.channels[0]);
        jet
    }

    pub(crate) fn zero(channels: usize, features: usize) -> Self {
        Self { channels: vec![vec![S::zero(); features]; channels] }
    }

    pub(crate) fn add_scaled(&mut self, factor: impl Fn(usize) -> S, other: &Self) {
        for (mine, theirs) in self.channels.iter_mut().zip(&other.channels) {
            for (feature, (entry, value)) in mine.iter_mut().zip(theirs).enumerate() {
                *entry = value.mul_add(&factor(feature), entry);
            }
        }
    }
}

impl<S: Scalar> Jet<S> {
    /// u ⊙ v, feature by feature.
    #[must_use]
    pub fn multiply(&self, other: &Self, algebra: &JetAlgebra) -> Self {
        self.bilinear(other, algebra, |u, v| u.iter().zip(v).map(|(u, v)| u.mul(v)).collect())
    }

    /// Any bilinear map: channel k is β(u₀, vₖ) + β(uₖ, v₀) + Σᵢⱼ cᵢⱼₖ β(uᵢ, vⱼ).
    #[must_use]
    pub fn bilinear(&self, other: &Self, algebra: &JetAlgebra, map: impl Fn(&[S], &[S]) -> Vec<S>) -> Self {
        let (u, v) = (&self.channels, &other.channels);
        let value = map(&u[0], &v[0]);
        let mut product = Self::zero(u.len(), value.len());
        let mut add = |channel: usize, coefficient: Option<&S>, term: Vec<S>| {
            for (entry, term) in product.channels[channel].iter_mut().zip(&term) {
                *entry = match coefficient {
                    Some(coefficient) => coefficient.mul_add(term, entry),
                    None => entry.add(term),
                };
            }
        };
        add(0, None, value);
        for k in 1..u.len() {
            add(k, None, map(&u[0], &v[k]));
            add(k, None, map(&u[k], &v[0]));
        }
        for p in algebra.products() {
            let (i, j, k) = (p.left.index(), p.right.index(), p.result.index());
            let coefficient = S::from_rational(&p.coefficient);
            add(k, Some(&coefficient), map(&u[i], &v[j]));
            if i != j {
                add(k, Some(&coefficient), map(&u[j], &v[i]));
            }
        }
        product
    }
}

impl<S: JetScalar> Jet<S> {
    /// g(h₀ + N) = Σₖ gₖ Nᵏ, feature by feature.
    ///
    /// # Errors
    /// [`NotExact`] if the arithmetic of `S` has no such function, or no value there.
    pub fn compose(&self, function: &Function, algebra: &JetAlgebra) -> Result<Self, NotExact> {
        let mut series = self.channels[0]
            .iter()
            .map(|h0| Series::new(function, h0, None, algebra.nilpotency()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut powers = self.powers(&series, algebra);
        let overflowed: Vec<usize> = (0..self.features()).filter(|&f| is_infinite(&powers, f)).collect();
        for &feature in &overflowed {
            let derivatives: Vec<(S, u32)> = algebra
                .channels()
                .skip(1)
                .map(|(id, channel)| (self.channels[id.index()][feature].clone(), channel.order))
                .collect();
            let is_linear = series[feature].coefficients[2..].iter().all(|c| *c == S::zero());
            if let Some(unit) = S::unit_of_powers(&derivatives, is_linear) {
                let h0 = &self.channels[0][feature];
                series[feature] = Series::new(function, h0, Some(&unit), algebra.nilpotency())?;
            }
        }
        if !overflowed.is_empty() {
            powers = self.powers(&series, algebra);
        }
        let mut output = Self::zero(algebra.dimension(), self.features());
        output.channels[0] = series.iter().map(|series| series.coefficients[0].clone()).collect();
        let mut reached = self.reached();
        for (k, power) in (1..).zip(&powers) {
            // What a power does not reach is left alone: its coefficient may be infinite.
            for channel in (0..output.channels.len()).filter(|&channel| reached[channel]) {
                let entries = output.channels[channel].iter_mut().zip(&power.channels[channel]).zip(&series);
                for ((entry, power), series) in entries {
                    *entry = power.mul_add(&series.coefficients[k], entry);
                }
            }
            reached = next_reached(&reached, &self.reached(), algebra);
        }
        Ok(output)
    }

    /// The channels of N that are other than zero.
    fn reached(&self) -> Vec<bool> {
        let is_reached = |channel: &Vec<S>| channel.iter().any(|entry| *entry != S::zero());
        let derivatives = self.channels.iter().skip(1).map(is_reached);
        std::iter::once(false).chain(derivatives).collect()
    }

    /// (N/u)ᵏ for k = 1 … K.
    fn powers(&self, series: &[Series<S>], algebra: &JetAlgebra) -> Vec<Self> {
        let mut first = self.map_channels(|channel| {
            channel.iter().zip(series).map(|(n, series)| n.mul(&series.factor)).collect()
        });
        first.channels[0].fill(S::zero());
        let next = |power: &Self| Some(power.multiply(&first, algebra));
        std::iter::successors(Some(first.clone()), next).take(algebra.nilpotency()).collect()
    }
}

/// The channels of a product of jets without value, from those of its factors.
fn next_reached(left: &[bool], right: &[bool], algebra: &JetAlgebra) -> Vec<bool> {
    let mut reached = vec![false; left.len()];
    for p in algebra.products() {
        let (i, j) = (p.left.index(), p.right.index());
        reached[p.result.index()] |= (left[i] && right[j]) || (left[j] && right[i]);
    }
    reached
}

/// uᵏ g⁽ᵏ⁾/k! for one feature, and 1/u.
struct Series<S> {
    coefficients: Vec<S>,
    factor: S,
}

impl<S: JetScalar> Series<S> {
    fn new(function: &Function, h0: &S, unit: Option<&S>, order: usize) -> Result<Self, NotExact> {
        let mut coefficients = vec![S::zero(); order + 1];
        let factor = S::series_in_units(function, h0, unit, &mut coefficients)?;
        Ok(Self { coefficients, factor })
    }
}

/// Whether a power is infinite or NaN at a feature.
fn is_infinite<S: JetScalar>(powers: &[Jet<S>], feature: usize) -> bool {
    let differs = |channel: &Vec<S>| channel[feature].sub(&channel[feature]) != S::zero();
    powers.iter().any(|power| power.channels.iter().any(differs))
}
