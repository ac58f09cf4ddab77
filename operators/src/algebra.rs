//! Jet algebras: what every propagation scheme is an instance of.
//!
//! | notation | name |
//! |---|---|
//! | ε₀ = 1, ε₁ … ε_{d−1} | the channels, [`ChannelId`] 0 … d−1 |
//! | εᵢεⱼ = Σ cᵢⱼₖ εₖ | the product table, [`Product`] |
//! | sᵢ ∈ ℚᵐ | the seed of channel i, over the variables of the operator ([`crate::spec::Variables`]) |
//! | x̂ = Σ Vᵀsᵢ εᵢ | the perturbation that is pushed through the network, V the vectors of the variables |
//!
//! *Normalisation: Taylor coefficients.* A value in the network is u = Σ uᵢεᵢ with u₀ the value at the point; the
//! coefficients uᵢ carry no factorials, so f(x + x̂) = Σ_α ∂^α f(x)/α! · x̂^α.
//!
//! Channels are sorted so that products climb: in εᵢεⱼ only channels after both i and j appear.

use jetc_combinatorics::{Rational, SparseVector};

/// A linear combination of variables.
pub type Seed = SparseVector<u32>;

/// One basis element of a jet algebra: one vector that goes through every layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(u32);

impl ChannelId {
    /// ε₀ = 1, which carries the plain value.
    pub const VALUE: Self = Self(0);

    /// The channel of this position.
    ///
    /// # Panics
    /// Above 2³² channels.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("an algebra has fewer than 2^32 channels"))
    }

    /// The position among the channels.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Display for ChannelId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "c{}", self.0)
    }
}

/// What a channel is called and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// A name in the notation of the strategy: `x^2*y`, `d3^2`, `sigma1`.
    pub name: String,
    /// The order of differentiation at which this channel is first reached.
    pub order: u32,
    /// sᵢ, zero for most channels of order above one.
    pub seed: Seed,
}

/// One entry of the product table: ε`left` ε`right` contains `coefficient` ε`result`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The factor that comes first, never [`ChannelId::VALUE`].
    pub left: ChannelId,
    /// The factor that comes second; `left ≤ right`.
    pub right: ChannelId,
    /// The channel in the product, after both factors.
    pub result: ChannelId,
    /// cᵢⱼₖ, never zero.
    pub coefficient: Rational,
}

/// A finite-dimensional commutative local algebra over ℚ with a seeded basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JetAlgebra {
    channels: Vec<Channel>,
    products: Vec<Product>,
}

/// ρ ∈ ℚᵈ: the linear functional that reads one operator out of the channels.
pub type Readout = SparseVector<ChannelId>;

impl JetAlgebra {
    /// An algebra from its channels (without ε₀, which is added) and its product table in any order.
    pub(crate) fn new(channels: Vec<Channel>, mut products: Vec<Product>) -> Self {
        products.sort_by_key(|p| (p.left, p.right, p.result));
        let value = Channel { name: "1".to_owned(), order: 0, seed: Seed::zero() };
        Self { channels: std::iter::once(value).chain(channels).collect(), products }
    }

    /// A ⊗ ℚ\[δ\]/(δ²), the algebra of u + u′ δ with u and u′ in A: channel i is εᵢ and channel d + i is εᵢ δ. What computes in
    /// any jet algebra computes its own derivatives in this one.
    #[must_use]
    pub fn with_dual_number(&self) -> Self {
        let d = self.dimension();
        let shifted = |id: ChannelId| ChannelId::new(d + id.index());
        let varied = |channel: &Channel| Channel {
            name: format!("{}*delta", channel.name),
            order: channel.order + 1,
            seed: Seed::zero(),
        };
        let one = || Rational::from_integer(1.into());
        let by_delta = self.channels().skip(1).map(|(id, _)| Product {
            left: id,
            right: shifted(ChannelId::VALUE),
            result: shifted(id),
            coefficient: one(),
        });
        let mixed = |left: ChannelId, right: ChannelId, p: &Product| Product {
            left,
            right: shifted(right),
            result: shifted(p.result),
            coefficient: p.coefficient.clone(),
        };
        let straight = self.products.iter().map(|p| mixed(p.left, p.right, p));
        let crossed = self.products.iter().filter(|p| p.left != p.right).map(|p| mixed(p.right, p.left, p));
        let products = self.products.iter().cloned().chain(by_delta).chain(straight).chain(crossed).collect();
        let channels = self.channels[1..].iter().cloned().chain(self.channels.iter().map(varied)).collect();
        Self::new(channels, products)
    }

    /// d, the number of channels with the value channel.
    pub fn dimension(&self) -> usize {
        self.channels.len()
    }

    /// All channels, the value channel first.
    pub fn channels(&self) -> impl ExactSizeIterator<Item = (ChannelId, &Channel)> + DoubleEndedIterator {
        self.channels.iter().enumerate().map(|(index, channel)| (ChannelId::new(index), channel))
    }

    /// One channel.
    pub fn channel(&self, id: ChannelId) -> &Channel {
        &self.channels[id.index()]
    }

    /// The largest k with Nᵏ ≠ 0 possible for N without value part, by the length of chains in the product table.
    pub fn nilpotency(&self) -> usize {
        let mut chain = vec![1; self.dimension()];
        chain[0] = 0;
        let mut products: Vec<&Product> = self.products.iter().collect();
        products.sort_by_key(|p| p.result);
        for p in products {
            let length = chain[p.left.index()] + chain[p.right.index()];
            chain[p.result.index()] = length.max(chain[p.result.index()]);
        }
        chain.into_iter().max().unwrap_or(0)
    }

    /// The product table, sorted by (left, right, result); products with ε₀ are understood.
    pub fn products(&self) -> &[Product] {
        &self.products
    }
}
