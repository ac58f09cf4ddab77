//! Random directions, the same on every machine.
//!
//! Each set estimates second-order operators: with its weights, E Σ w v vᵀ = 1 on space, so Σ w (v·∂)² u is Δu on
//! average. With H = ∇²u at a point, n coordinates of space and R directions, the variance of the estimate is
//!
//! | `random:` | v | w | variance |
//! |---|---|---|---|
//! | `rademacher` | entries ±1 | 1/R | (2/R) Σ_{i≠j} Hᵢⱼ² |
//! | `gaussian` | entries N(0, 1) | 1/R | (2/R) Σᵢⱼ Hᵢⱼ² |
//! | `sparse` | unit vectors, drawn without repetition | n/R | (n²/R) (1 − R/n) S², S² = Σᵢ (Hᵢᵢ − mean)²/(n−1) |
//!
//! (Hutchinson's estimator and its variants; the sparse one samples the diagonal.) Numbers come from the counter-based
//! generator Philox 4×32-10 (Salmon, Moraes, Dror and Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC 2011),
//! entry i of direction r from counter r·n + i; so more directions with the same seed begin with the same ones.
//! Gaussian entries come from the transformation of Box and Muller and are rounded to multiples of 2⁻²⁰, so that they are
//! the same on every machine, which changes the variance by less than 10⁻¹².
//!
//! Checked by `the_generator_gives_the_published_numbers`, `estimates_have_the_documented_mean_and_variance`.

use hashbrown::HashMap;
use jetc_combinatorics::Rational;
use num_bigint::BigInt;
use num_traits::One;

use super::file::RandomSet;
use crate::Direction;

/// Directions and their weights.
pub(super) fn directions(set: RandomSet, space: &[u32], count: u64, seed: u64) -> Vec<(Direction, Rational)> {
    let generator = Philox { key: [low(seed), low(seed >> 32)] };
    if set == RandomSet::Sparse {
        let weight = Rational::new(BigInt::from(space.len()), BigInt::from(count));
        let chosen = sample(space.len() as u64, count, &generator);
        return chosen.into_iter().map(|i| (Direction::unit(at(space, i)), weight.clone())).collect();
    }
    let weight = Rational::new(BigInt::one(), BigInt::from(count));
    let row = |r: u64| {
        let entry = |(i, &coordinate): (u64, &u32)| {
            let words = generator.block(r * space.len() as u64 + i, set as u32);
            let entry = if set == RandomSet::Gaussian { normal(words) } else { sign(words) };
            (coordinate, entry)
        };
        (Direction::doubles((0..).zip(space).map(entry)), weight.clone())
    };
    (0..count).map(row).collect()
}

fn at(space: &[u32], index: u64) -> u32 {
    usize::try_from(index)
        .ok()
        .and_then(|index| space.get(index))
        .copied()
        .expect("the index is below the length")
}

fn sign(words: [u32; 4]) -> f64 {
    if words[0] >> 31 == 0 { 1.0 } else { -1.0 }
}

/// A normal number, rounded to a multiple of 2⁻²⁰.
fn normal(words: [u32; 4]) -> f64 {
    const SCALE: f64 = 1_048_576.0;
    let unit =
        |high: u32, low: u32| f64::from(high >> 6) * 2f64.powi(-26) + f64::from(low >> 5) * 2f64.powi(-53);
    // 1 − u lies in (0, 1], where the logarithm exists.
    let radius = (-2.0 * libm::log(1.0 - unit(words[0], words[1]))).sqrt();
    let angle = std::f64::consts::TAU * unit(words[2], words[3]);
    (radius * libm::cos(angle) * SCALE).round() / SCALE
}

/// `count` different numbers below `n`, in the order in which they are drawn: Fisher and Yates' shuffle, of which only
/// the exchanges are kept.
fn sample(n: u64, count: u64, generator: &Philox) -> Vec<u64> {
    let mut moved: HashMap<u64, u64> = HashMap::new();
    let draw = |k: u64| {
        let words = generator.block(k, RandomSet::Sparse as u32);
        let wide = u128::from(words[0]) << 32 | u128::from(words[1]);
        // Uniform up to n/2⁶⁴.
        let other = k + u64::try_from((wide * u128::from(n - k)) >> 64).expect("the product is below 2⁶⁴");
        let chosen = moved.get(&other).copied().unwrap_or(other);
        let displaced = moved.get(&k).copied().unwrap_or(k);
        moved.insert(other, displaced);
        chosen
    };
    (0..count).map(draw).collect()
}

/// The counter-based generator Philox 4×32-10.
struct Philox {
    key: [u32; 2],
}

impl Philox {
    /// Four random words for a counter and a stream.
    fn block(&self, counter: u64, stream: u32) -> [u32; 4] {
        self.rounds([low(counter), low(counter >> 32), stream, 0])
    }

    fn rounds(&self, mut counter: [u32; 4]) -> [u32; 4] {
        let mut key = self.key;
        for _ in 0..10 {
            let a = u64::from(counter[0]) * 0xD251_1F53;
            let b = u64::from(counter[2]) * 0xCD9E_8D57;
            counter =
                [low(b >> 32) ^ counter[1] ^ key[0], low(b), low(a >> 32) ^ counter[3] ^ key[1], low(a)];
            key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
        }
        counter
    }
}

/// The lower half of a word.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is to be cut off")]
fn low(word: u64) -> u32 {
    word as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_traits::ToPrimitive;

    #[test]
    fn the_generator_gives_the_published_numbers() {
        let rounds = |key, counter| Philox { key }.rounds(counter);
        assert_eq!(rounds([0; 2], [0; 4]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            rounds([u32::MAX; 2], [u32::MAX; 4]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            rounds([0xa409_3822, 0x299f_31d0], [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn a_sample_holds_each_number_once() {
        let generator = Philox { key: [7, 0] };
        let mut all = sample(100, 100, &generator);
        assert_eq!(all[..10], sample(100, 10, &generator));
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn directions_follow_from_the_seed() {
        for set in [RandomSet::Rademacher, RandomSet::Gaussian, RandomSet::Sparse] {
            let first = directions(set, &[0, 1, 2, 5], 3, 42);
            assert_eq!(first, directions(set, &[0, 1, 2, 5], 3, 42));
            assert_ne!(first, directions(set, &[0, 1, 2, 5], 3, 43), "{set:?}");
        }
    }

    #[test]
    fn gaussian_entries_are_pinned() {
        let entries = &directions(RandomSet::Gaussian, &[0, 1], 1, 1)[0].0;
        let scaled = entries
            .iter()
            .map(|(_, entry)| entry.to_rational() * Rational::from_integer((1i64 << 20).into()));
        let scaled: Vec<i64> = scaled.map(|entry| entry.to_integer().to_i64().unwrap()).collect();
        assert_eq!(scaled, GAUSSIAN_PIN);
    }

    const GAUSSIAN_PIN: [i64; 2] = [42_086, 316_499];

    /// Mean and variance of Σ w vᵀHv over many seeds, against the table.
    #[test]
    fn estimates_have_the_documented_mean_and_variance() {
        let hessian = [[2.0, 1.0, -0.5], [1.0, -1.0, 0.25], [-0.5, 0.25, 4.0]];
        let trace: f64 = (0..3).map(|i| hessian[i][i]).sum();
        let all: f64 = hessian.iter().flatten().map(|h| h * h).sum();
        let diagonal: f64 = (0..3).map(|i| hessian[i][i] * hessian[i][i]).sum();
        let spread: f64 = (0..3).map(|i| (hessian[i][i] - trace / 3.0).powi(2)).sum::<f64>() / 2.0;
        let count = 2.0;
        let cases = [
            (RandomSet::Rademacher, 2.0 / count * (all - diagonal)),
            (RandomSet::Gaussian, 2.0 / count * all),
            (RandomSet::Sparse, 9.0 / count * (1.0 - count / 3.0) * spread),
        ];
        let seeds = 4000u32;
        for (set, variance) in cases {
            let estimate = |seed: u32| -> f64 {
                let quadratic = |(v, w): (Direction, Rational)| -> f64 {
                    let mut dense = [0.0; 3];
                    v.iter().for_each(|(i, entry)| dense[i as usize] = entry.to_f64());
                    let form =
                        |i: usize| -> f64 { (0..3).map(|j| dense[i] * hessian[i][j] * dense[j]).sum() };
                    w.to_f64().unwrap() * (0..3).map(form).sum::<f64>()
                };
                directions(set, &[0, 1, 2], 2, u64::from(seed)).into_iter().map(quadratic).sum()
            };
            let estimates: Vec<f64> = (0..seeds).map(estimate).collect();
            let mean = estimates.iter().sum::<f64>() / f64::from(seeds);
            let found = estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / f64::from(seeds - 1);
            let tolerance = 5.0 * (variance / f64::from(seeds)).sqrt();
            assert!((mean - trace).abs() < tolerance, "{set:?}: mean {mean} for {trace}");
            assert!((found / variance - 1.0).abs() < 0.15, "{set:?}: variance {found} for {variance}");
        }
    }
}
