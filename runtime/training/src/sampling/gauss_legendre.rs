//! Gauss–Legendre quadrature.
//!
//! | notation | here |
//! |---|---|
//! | Pₙ, Legendre polynomial | `legendre` |
//! | xᵢ, zeros of Pₙ | nodes |
//! | wᵢ = 2 / ((1 − xᵢ²) Pₙ′(xᵢ)²) | weights |
//!
//! *Statement:* Σᵢ wᵢ p(xᵢ) = ∫₋₁¹ p dx for polynomials p of degree ≤ 2n − 1
//! (<https://dlmf.nist.gov/3.5.E15>, weights <https://dlmf.nist.gov/3.5.E19> with the table for Legendre).
//! Pₙ by (k + 1) Pₖ₊₁ = (2k + 1) x Pₖ − k Pₖ₋₁ (<https://dlmf.nist.gov/18.9.E1>); its zeros by Newton's method from
//! cos(π (i + 3/4) / (n + 1/2)). Checked by `gauss_legendre_integrates_polynomials_of_degree_2n_minus_1`.

use std::f64::consts::PI;

use super::number::float;

/// Nodes of (−1, 1) in rising order, and their weights, which sum to 2. Empty for n = 0.
pub fn gauss_legendre(n: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut nodes, mut weights) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n.div_ceil(2) {
        let middle = 2 * i + 1 == n;
        let x = if middle { 0.0 } else { zero(n, libm::cos(PI * (float(i) + 0.75) / (float(n) + 0.5))) };
        let (_, slope) = legendre(n, x);
        let weight = 2.0 / ((1.0 - x * x) * slope * slope);
        (nodes[i], nodes[n - 1 - i]) = (-x, x);
        (weights[i], weights[n - 1 - i]) = (weight, weight);
    }
    (nodes, weights)
}

/// The zero of Pₙ near x: Newton's method, which has converged after one step more than it needs.
fn zero(n: usize, mut x: f64) -> f64 {
    for _ in 0..100 {
        let (value, slope) = legendre(n, x);
        let step = value / slope;
        x -= step;
        if step.abs() <= 2.0 * f64::EPSILON {
            break;
        }
    }
    x
}

/// Pₙ(x) and Pₙ′(x) = n (x Pₙ − Pₙ₋₁) / (x² − 1), for |x| < 1 and n ≥ 1.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 1..n {
        let k = float(k);
        (before, value) = (value, ((2.0 * k + 1.0) * x * value - k * before) / (k + 1.0));
    }
    (value, float(n) * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauss_legendre_integrates_polynomials_of_degree_2n_minus_1() {
        for n in 1..=40 {
            let (nodes, weights) = gauss_legendre(n);
            for degree in 0..2 * n {
                let power = i32::try_from(degree).unwrap();
                let sum: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x.powi(power)).sum();
                let exact = if degree % 2 == 0 { 2.0 / float(degree + 1) } else { 0.0 };
                // n terms of at most 2, each with a few roundings times the degree.
                assert!(
                    (sum - exact).abs() < 4e-16 * float(n + 2),
                    "n = {n}, degree {degree}: {sum} {exact}"
                );
            }
        }
    }

    #[test]
    fn gauss_legendre_of_n_nodes_misses_degree_2n() {
        let (nodes, weights) = gauss_legendre(3);
        let sum: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x.powi(6)).sum();
        assert!((sum - 2.0 / 7.0).abs() > 1e-2);
    }

    #[test]
    fn nodes_of_large_rules_rise_and_their_weights_sum_to_two() {
        let (nodes, weights) = gauss_legendre(1001);
        assert!(nodes.is_sorted_by(|a, b| a < b) && nodes[0] > -1.0);
        assert!((weights.iter().sum::<f64>() - 2.0).abs() < 1e-13);
    }
}
