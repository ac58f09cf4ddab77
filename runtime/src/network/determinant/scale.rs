//! Rows and columns of a matrix in units of powers of two, so that pivots can be compared and products stay in range.
//!
//! Every channel is first measured by its own largest entry, for derivatives of different order have different units. What a
//! row is measured by is the largest of its entries over all channels: a row that is small as a whole is scaled up, but not
//! one whose value alone is small, for dividing by that is what must not happen. Scaling by powers of two is exact.
//! Checked by `rows_and_columns_of_any_size_lose_nothing`.

use crate::jet::Jet;
use crate::math::Real;

/// The value may be this many binary orders smaller than derivatives before those count.
const REACH: i32 = 64;

/// det X = 2^`exponent` · det `matrix`, where each entry of `matrix` is that of X times 2^−`unit`.
pub(super) struct Scaled {
    pub(super) matrix: Jet<f64>,
    pub(super) exponent: i32,
    pub(super) units: Vec<i32>,
}

impl Scaled {
    /// A matrix of `size` rows and columns.
    pub(super) fn new(matrix: &Jet<f64>, size: usize) -> Self {
        let sizes: Vec<Option<i32>> = matrix.channels().iter().map(|channel| largest(channel)).collect();
        let Some(most) = sizes.iter().copied().flatten().max() else {
            return Self { matrix: matrix.clone(), exponent: 0, units: vec![0; size * size] };
        };
        let whole = sizes[0].map_or(most, |value| value.max(most - REACH));
        // How large an entry is, by the channel in which it is largest for that channel.
        let entry = |place: usize| {
            let of_channel =
                |(channel, size): (&Vec<f64>, &Option<i32>)| Some(exponent(channel[place])? - (*size)?);
            matrix.channels().iter().zip(&sizes).filter_map(of_channel).max()
        };
        let entries: Vec<Option<i32>> = (0..size * size).map(entry).collect();
        let row = |i: usize| entries[i * size..][..size].iter().copied().flatten().max().unwrap_or(0);
        let rows: Vec<i32> = (0..size).map(row).collect();
        let column =
            |j: usize| (0..size).filter_map(|i| Some(entries[i * size + j]? - rows[i])).max().unwrap_or(0);
        let columns: Vec<i32> = (0..size).map(column).collect();
        let unit = |place: usize| whole + rows[place / size] + columns[place % size];
        let units: Vec<i32> = (0..size * size).map(unit).collect();
        let scaled = matrix.map_channels(|channel| {
            channel.iter().zip(&units).map(|(x, unit)| times_power_of_two(*x, -unit)).collect()
        });
        let size = i32::try_from(size).expect("matrices are small");
        Self {
            matrix: scaled,
            exponent: size * whole + rows.iter().sum::<i32>() + columns.iter().sum::<i32>(),
            units,
        }
    }
}

/// The largest exponent among finite numbers other than zero.
fn largest(channel: &[f64]) -> Option<i32> {
    channel.iter().filter_map(|&x| exponent(x)).max()
}

/// e with 2ᵉ ≤ |x| < 2ᵉ⁺¹, for x that is finite and not zero; of denormal numbers that of the largest of them.
fn exponent(x: f64) -> Option<i32> {
    let biased = i32::try_from((x.to_bits() >> 52) & 0x7ff).expect("eleven bits");
    (x != 0.0 && x.is_finite()).then_some(biased - 1023)
}

/// 2ᵏ x
pub(super) fn times_power_of_two(mut x: f64, mut k: i32) -> f64 {
    while k != 0 && x != 0.0 {
        let step = k.clamp(-1000, 1000);
        x = x.times_power_of_two(step.into());
        k -= step;
    }
    x
}
