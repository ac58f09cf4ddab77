//! Values over a jet algebra, and their arithmetic index for index.
//!
//! *Normalisation: Taylor coefficients.*

use jetc_operators::algebra::JetAlgebra;

use super::{NotExact, ReferenceScalar};
use crate::activation::Function;
use crate::element::{Element, Scalar};

/// One value of the network with all its channels: `channels[i][feature]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Jet<S> {
    pub(super) channels: Vec<Vec<S>>,
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

    pub(super) fn zero(channels: usize, features: usize) -> Self {
        Self { channels: vec![vec![S::zero(); features]; channels] }
    }

    pub(super) fn add_scaled(&mut self, factor: impl Fn(usize) -> S, other: &Self) {
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

impl<S: ReferenceScalar> Jet<S> {
    /// g(h₀ + N) = Σₖ gₖ Nᵏ, feature by feature.
    ///
    /// # Errors
    /// [`NotExact`] if the arithmetic of `S` has no such function, or no value there.
    pub fn compose(&self, function: &Function, algebra: &JetAlgebra) -> Result<Self, NotExact> {
        let features = self.features();
        let order = algebra.nilpotency();
        let mut coefficients = vec![vec![S::zero(); features]; order + 1];
        for (feature, h0) in self.channels[0].iter().enumerate() {
            let mut series = vec![S::zero(); order + 1];
            S::series(function, h0, &mut series)?;
            for (coefficient, value) in coefficients.iter_mut().zip(series) {
                coefficient[feature] = value;
            }
        }
        let mut nilpotent = self.clone();
        nilpotent.channels[0] = vec![S::zero(); features];
        let mut output = Self::zero(algebra.dimension(), features);
        let mut power = nilpotent.clone();
        for coefficient in &coefficients[1..] {
            output.add_scaled(|feature| coefficient[feature].clone(), &power);
            power = power.multiply(&nilpotent, algebra);
        }
        // N has no value; 0 times an infinite derivative must not make one.
        output.channels[0].clone_from(&coefficients[0]);
        Ok(output)
    }
}
