//! Taylor mode along single directions, standard and collapsed.
//!
//! | notation | name |
//! |---|---|
//! | τᵣ | the perturbation along direction r; τᵣτₛ = 0 for r ≠ s |
//! | Kᵣ | the highest order that any readout takes along r |
//! | σ | the sum of the highest coefficients, weighted |
//!
//! *Standard*: channels τᵣᵏ for 1 ≤ k ≤ Kᵣ. *Collapsed*: only for k < Kᵣ, and τᵣ^{Kᵣ} = Σₒ wᵣₒ σₒ: the highest coefficient
//! enters every layer linearly, so it is summed over all directions first. A direction that serves order one alone is
//! nothing but a seed on σ. There are as many σ as the weights have independent rows.
//!
//! Source: Dangel, Siebert, Zeinhofer, Walther, "Collapsing Taylor Mode Automatic Differentiation", NeurIPS 2025, section 3.
//! Checked by the certificate, like every algebra.

use std::collections::BTreeMap;

use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{Polynomial, Rational, SparseVector};

use super::StrategyError;
use super::directions::DirectionTable;
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout, Seed};

/// What becomes of the highest coefficient of each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Top {
    /// It keeps a channel of its own.
    Separate,
    /// It is summed over all directions.
    Collapsed,
}

pub(super) fn propose(
    symbols: &[&Polynomial],
    top: Top,
    most: u64,
) -> Result<(JetAlgebra, Vec<Readout>), StrategyError> {
    let table = DirectionTable::new(symbols, most)?;
    let directions: Vec<Line> = table.weights.into_iter().map(Line::from).collect();
    let sums = match top {
        Top::Separate => Vec::new(),
        Top::Collapsed => collapsed_sums(&directions, symbols.len()),
    };
    let collapsed = top == Top::Collapsed;
    let own: u64 = directions.iter().map(|line| u64::from(line.highest - u32::from(collapsed))).sum();
    let channels = 1 + own + sums.len() as u64;
    if channels > most {
        return Err(StrategyError::Channels { channels, limit: most });
    }
    let mut builder = Builder::new(symbols.len(), &table.value);
    let layout = Layout::new(&directions, collapsed);
    for (number, line) in directions.iter().enumerate() {
        builder.add_direction(number, line, &layout, &sums);
    }
    builder.add_sums(&directions, &layout, &sums);
    Ok(builder.finish(&layout, sums.len()))
}

/// One direction with the weights of all readouts at every order in use.
struct Line {
    direction: Seed,
    weights: BTreeMap<u32, SparseVector<usize>>,
    /// Kᵣ
    highest: u32,
}

impl From<(Seed, BTreeMap<u32, SparseVector<usize>>)> for Line {
    fn from((direction, weights): (Seed, BTreeMap<u32, SparseVector<usize>>)) -> Self {
        let highest = weights.last_key_value().map_or(0, |(&order, _)| order);
        Self { direction, weights, highest }
    }
}

/// One σ: the weights wᵣ by number of the direction, and what each readout takes of it.
struct Sum {
    weights: SparseVector<usize>,
    read_by: SparseVector<usize>,
}

/// One σ for each independent row of highest weights; the first weight of each is scaled to one.
fn collapsed_sums(lines: &[Line], readouts: usize) -> Vec<Sum> {
    let mut rows = vec![Vec::new(); readouts];
    for (number, line) in lines.iter().enumerate() {
        for (&readout, weight) in line.weights[&line.highest].iter() {
            rows[readout].push((number, weight.clone()));
        }
    }
    let mut echelon = Echelon::new();
    let mut sums: Vec<Sum> = Vec::new();
    for (readout, row) in rows.into_iter().enumerate() {
        let Some(scale) = row.first().map(|(_, weight)| weight.clone()) else { continue };
        let weights = SparseVector::from_entries(row).scale(&scale.recip());
        match echelon.insert(weights.clone()) {
            Insertion::Independent(_) => {
                sums.push(Sum { weights, read_by: SparseVector::from_entries([(readout, scale)]) });
            }
            Insertion::Dependent(combination) => {
                for (&sum, factor) in combination.iter() {
                    sums[sum].read_by.add_entry(readout, factor * &scale);
                }
            }
        }
    }
    sums
}

/// Where every power of every direction lives: channels sorted by order, sums last.
struct Layout {
    collapsed: bool,
    /// (order, direction) of channels 1, 2, …
    powers: Vec<(u32, usize)>,
}

impl Layout {
    fn new(lines: &[Line], collapsed: bool) -> Self {
        let mut powers: Vec<(u32, usize)> = lines
            .iter()
            .enumerate()
            .flat_map(|(number, line)| (1..=line.highest - u32::from(collapsed)).map(move |k| (k, number)))
            .collect();
        powers.sort_unstable();
        Self { collapsed, powers }
    }

    fn power(&self, direction: usize, order: u32) -> ChannelId {
        let position = self.powers.binary_search(&(order, direction)).expect("the power has a channel");
        ChannelId::new(position + 1)
    }

    fn sum(&self, number: usize) -> ChannelId {
        ChannelId::new(self.powers.len() + 1 + number)
    }
}

struct Builder {
    channels: BTreeMap<ChannelId, Channel>,
    products: Vec<Product>,
    readouts: Vec<Vec<(ChannelId, Rational)>>,
}

impl Builder {
    fn new(readouts: usize, value: &SparseVector<usize>) -> Self {
        let mut entries = vec![Vec::new(); readouts];
        for (&readout, weight) in value.iter() {
            entries[readout].push((ChannelId::VALUE, weight.clone()));
        }
        Self { channels: BTreeMap::new(), products: Vec::new(), readouts: entries }
    }

    /// The channels τᵏ of one direction with their products and readouts.
    fn add_direction(&mut self, number: usize, line: &Line, layout: &Layout, sums: &[Sum]) {
        let kept = line.highest - u32::from(layout.collapsed);
        for k in 1..=kept {
            let seed = if k == 1 { line.direction.clone() } else { Seed::zero() };
            let name = if k == 1 { format!("d{}", number + 1) } else { format!("d{}^{k}", number + 1) };
            self.channels.insert(layout.power(number, k), Channel { name, order: k, seed });
            for (&readout, weight) in line.weights.get(&k).into_iter().flat_map(SparseVector::iter) {
                self.readouts[readout].push((layout.power(number, k), weight.clone()));
            }
        }
        for a in 1..=kept {
            for b in a..=line.highest - a {
                self.add_power_product(number, (a, b), kept, layout, sums);
            }
        }
    }

    /// τᵃ τᵇ = τᵃ⁺ᵇ, which is Σ w σ at the collapsed order.
    fn add_power_product(
        &mut self,
        number: usize,
        (a, b): (u32, u32),
        kept: u32,
        layout: &Layout,
        sums: &[Sum],
    ) {
        let (left, right) = (layout.power(number, a), layout.power(number, b));
        let mut push = |result, coefficient| self.products.push(Product { left, right, result, coefficient });
        if a + b <= kept {
            push(layout.power(number, a + b), integer(1));
            return;
        }
        for (position, sum) in sums.iter().enumerate() {
            if let Some(weight) = sum.weights.get(&number) {
                push(layout.sum(position), weight.clone());
            }
        }
    }

    /// The channels σ; directions of order one seed them.
    fn add_sums(&mut self, lines: &[Line], layout: &Layout, sums: &[Sum]) {
        for (position, sum) in sums.iter().enumerate() {
            let mut seed = Seed::zero();
            let mut order = 1;
            for (&number, weight) in sum.weights.iter() {
                let line = &lines[number];
                order = order.max(line.highest);
                if line.highest == 1 {
                    seed.add_scaled(&line.direction, weight);
                }
            }
            let name = format!("sigma{}", position + 1);
            self.channels.insert(layout.sum(position), Channel { name, order, seed });
            for (&readout, weight) in sum.read_by.iter() {
                self.readouts[readout].push((layout.sum(position), weight.clone()));
            }
        }
    }

    fn finish(self, layout: &Layout, sums: usize) -> (JetAlgebra, Vec<Readout>) {
        debug_assert_eq!(self.channels.len(), layout.powers.len() + sums);
        let algebra = JetAlgebra::new(self.channels.into_values().collect(), self.products);
        (algebra, self.readouts.into_iter().map(Readout::from_entries).collect())
    }
}
