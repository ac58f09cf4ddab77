//! The smallest algebra of second-order operators that share one form, with a diagonal product table.
//!
//! | notation | name |
//! |---|---|
//! | Pₒ = cₒ Q + lₒ·ξ + kₒ | the symbols; Q = Σ dᵣ (sᵣ·ξ)² along independent sᵣ, and c = 1 for the first with Q in it |
//! | qᵣ | the channel seeded with sᵣ; qᵣ² = (dᵣ/d₁) σ and qᵣqₛ = 0 |
//! | σ | the channel of order two, ρₒ(σ) = 2 d₁ cₒ; its seed is that of the first lₒ, l/(2d₁) |
//!
//! What the other operators have of first order, lₒ − cₒl, is read from the qᵣ where it lies in the span of the sᵣ, and
//! from channels of its own where it does not. So d = 2 + dim span{sᵣ, lₒ − cₒl}, which is the dimension of the span of all
//! derivatives of the Pₒ: no algebra has fewer. Where the numbers of the sᵣ are long, their span is not looked at; there
//! may then be more channels than the least. Checked by the certificate, like every algebra, and by
//! `powers_of_the_laplacian_have_the_published_channel_counts`.

use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::quadratic_form::Square;
use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, Zero};

use super::Proposal;
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout};
use crate::spec::Direction;
use crate::squares::{PreparedPart, proportion};

/// The algebra, if all parts have order two at most and the same second-order part up to factors.
pub(super) fn propose(parts: &[PreparedPart], coordinates: &[String]) -> Option<Proposal> {
    let forms: Vec<Polynomial> = parts.iter().map(|part| part.symbol.homogeneous_part(2)).collect();
    let base = forms.iter().position(|form| !form.is_zero())?;
    let factors: Vec<Rational> = parts
        .iter()
        .zip(&forms)
        .map(|(part, form)| factor(part, form, &forms[base]))
        .collect::<Option<_>>()?;
    let squares = parts[base].squares.as_ref()?;
    let sigma_per_square = &squares.first()?.weight;
    let base_slope = slope(&parts[base].symbol);
    let slopes = parts.iter().zip(&factors).map(|(part, factor)| {
        let mut slope = slope(&part.symbol);
        slope.add_scaled(&base_slope, &-factor);
        slope
    });
    let first_order = FirstOrder::new(squares, slopes, parts[base].is_long);
    let mut channels = first_order.channels(coordinates);
    let sigma = ChannelId::new(channels.len() + 1);
    channels.push(Channel {
        name: format!("{}^2", channels[0].name),
        order: 2,
        seed: base_slope.scale(&(integer(2) * sigma_per_square).recip()),
    });
    let products = (1..).zip(squares).map(|(number, square)| {
        let q = ChannelId::new(number);
        Product { left: q, right: q, result: sigma, coefficient: &square.weight / sigma_per_square }
    });
    let readouts =
        parts.iter().zip(&factors).zip(first_order.readouts).map(|((part, factor), mut entries)| {
            entries.push((ChannelId::VALUE, part.symbol.coefficient(&MultiIndex::one())));
            entries.push((sigma, integer(2) * sigma_per_square * factor));
            Readout::from_entries(entries)
        });
    let readouts = readouts.collect();
    Some(Proposal { algebra: JetAlgebra::new(channels, products.collect()), readouts })
}

/// cₒ, if the form is a multiple of the base, which is not zero.
fn factor(part: &PreparedPart, form: &Polynomial, base: &Polynomial) -> Option<Rational> {
    part.squares.as_ref()?;
    if form.is_zero() { Some(Rational::zero()) } else { proportion(form, base) }
}

/// lₒ
fn slope(symbol: &Polynomial) -> Direction {
    let linear = symbol.terms().filter(|(monomial, _)| monomial.degree() == 1);
    Direction::from_entries(linear.flat_map(|(monomial, coefficient)| {
        monomial.pairs().map(|(variable, _)| (variable, coefficient.clone())).collect::<Vec<_>>()
    }))
}

/// The channels of order one, and what the readouts take of them.
struct FirstOrder {
    seeds: Vec<Direction>,
    squares: usize,
    readouts: Vec<Vec<(ChannelId, Rational)>>,
}

impl FirstOrder {
    fn new(squares: &[Square], slopes: impl Iterator<Item = Direction>, is_long: bool) -> Self {
        let mut seeds: Vec<Direction> = squares.iter().map(|square| square.direction.clone()).collect();
        let mut echelon = Echelon::new();
        // The channel of the first vector of the echelon.
        let first = 1 + if is_long { squares.len() } else { 0 };
        let mut readouts = Vec::new();
        for slope in slopes {
            if slope.is_empty() {
                readouts.push(Vec::new());
                continue;
            }
            if !is_long && echelon.rank() == 0 {
                for seed in &seeds {
                    echelon.insert(seed.clone());
                }
            }
            readouts.push(match echelon.insert(slope.clone()) {
                Insertion::Independent(number) => {
                    seeds.push(slope);
                    vec![(ChannelId::new(first + number), Rational::one())]
                }
                Insertion::Dependent(combination) => {
                    let weights =
                        combination.iter().map(|(&n, weight)| (ChannelId::new(first + n), weight.clone()));
                    weights.collect()
                }
            });
        }
        Self { seeds, squares: squares.len(), readouts }
    }

    /// Named like the coordinate along which they are seeded, or numbered.
    fn channels(&self, coordinates: &[String]) -> Vec<Channel> {
        let channel = |(number, seed): (usize, &Direction)| {
            let name = match seed.as_unit() {
                Some(&variable) => coordinates[variable as usize].clone(),
                None if number < self.squares => format!("q{}", number + 1),
                None => format!("l{}", number + 1 - self.squares),
            };
            Channel { name, order: 1, seed: seed.clone() }
        };
        self.seeds.iter().enumerate().map(channel).collect()
    }
}
