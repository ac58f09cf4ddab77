//! Residual-based adaptive distribution of points (RAD).
//!
//! | notation | here |
//! |---|---|
//! | rᵢ, residual at candidate i; 𝔼 over candidates with their weights wᵢ | `residuals`, `candidates.weights` |
//! | k, c | `exponent`, `offset` |
//!
//! *Statement:* candidate i is drawn with p(i) ∝ wᵢ (|rᵢ|ᵏ / 𝔼\[|r|ᵏ\] + c), without replacement
//! (C. Wu et al., A comprehensive study of non-adaptive and residual-based adaptive sampling, 2023,
//! <https://arxiv.org/abs/2207.10289>, equation 2; k = c = 1 is their default). Drawing one after the other is taking
//! the smallest of −ln(uᵢ)/pᵢ (P. S. Efraimidis, P. G. Spirakis, <https://doi.org/10.1016/j.ipl.2005.11.003>). Checked by
//! `adaptive_points_are_where_residuals_are_large` and `offsets_mix_uniform_points_into_adaptive_ones`.

use super::error::SamplingError;
use super::number::float;
use super::points::Points;
use super::random::{Generator, Purpose};

/// The rows of `count` different candidates, in rising order, more likely where `residuals` \[N\] are large.
///
/// # Errors
/// Fewer candidates than `count`, no or infinite residuals, negative exponents or offsets.
pub fn adaptive(
    candidates: &Points,
    residuals: &[f64],
    count: usize,
    exponent: f64,
    offset: f64,
    seed: u64,
    stream: u64,
) -> Result<Vec<usize>, SamplingError> {
    check(candidates, residuals, count, exponent, offset)?;
    let mut generator = Generator::new(seed, stream, Purpose::Selection);
    let densities = densities(candidates, residuals, exponent, offset);
    let mut races: Vec<(f64, f64, usize)> = densities
        .iter()
        .enumerate()
        .map(|(row, density)| {
            // 1 − u is in (0, 1]. Where the density is zero the race is lost, in an order of its own.
            let time = -libm::log(1.0 - generator.number());
            (time / density.max(f64::MIN_POSITIVE), time, row)
        })
        .collect();
    races.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut rows: Vec<usize> = races[..count].iter().map(|&(_, _, row)| row).collect();
    rows.sort_unstable();
    Ok(rows)
}

fn check(points: &Points, residuals: &[f64], count: usize, k: f64, c: f64) -> Result<(), SamplingError> {
    if residuals.len() != points.len() {
        return Err(SamplingError::Residuals { found: residuals.len(), expected: points.len() });
    }
    if count > points.len() {
        return Err(SamplingError::FewCandidates { count, candidates: points.len() });
    }
    for (name, value) in [("exponent", k), ("offset", c)] {
        if !(value.is_finite() && value >= 0.0) {
            return Err(SamplingError::Refinement { name, value });
        }
    }
    match residuals.iter().position(|residual| !residual.is_finite()) {
        Some(index) => Err(SamplingError::ResidualNotFinite { index, value: residuals[index] }),
        None => Ok(()),
    }
}

/// N wᵢ (|rᵢ|ᵏ / 𝔼\[|r|ᵏ\] + c); equal densities where all residuals are zero. The greatest residual is divided out
/// first, so that no power overflows.
fn densities(points: &Points, residuals: &[f64], exponent: f64, offset: f64) -> Vec<f64> {
    let most = residuals.iter().fold(0.0, |most: f64, residual| most.max(residual.abs()));
    let power = |residual: f64| if most > 0.0 { libm::pow(residual.abs() / most, exponent) } else { 1.0 };
    let powers: Vec<f64> = residuals.iter().map(|&residual| power(residual)).collect();
    let mean: f64 = powers.iter().zip(&points.weights).map(|(power, weight)| power * weight).sum();
    let mean = if mean > 0.0 { mean } else { 1.0 };
    let n = float(points.len());
    powers.iter().zip(&points.weights).map(|(power, weight)| n * weight * (power / mean + offset)).collect()
}
