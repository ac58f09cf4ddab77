//! log |det X| of square matrices over a jet algebra.
//!
//! With X = X₀ + N, N nilpotent, and M = X₀⁻¹ N,
//!
//! log |det X| = log |det X₀| + tr log(1 + M) = log |det X₀| + Σ_{k=1..K} (−1)ᵏ⁺¹/k · tr Mᵏ
//!
//! (Jacobi's formula, to every order). X₀ is factorised with partial pivoting; of the highest powers only the trace is
//! formed, tr(A B) = Σᵢⱼ Aᵢⱼ Bⱼᵢ. *Normalisation: Taylor coefficients.* Where X₀ is singular, the value is −∞ and all
//! derivatives are NaN. Checked by `the_determinant_of_a_jet_is_leibniz_formula`.

use jetc_operators::algebra::JetAlgebra;

use super::CustomNode;
use crate::reference::Jet;

/// log |det X| of each of `batch` matrices, and behind them the signs of the determinants, which count as constant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogDeterminant {
    pub(crate) batch: usize,
    /// Rows and columns of each matrix.
    pub(crate) size: usize,
}

impl CustomNode for LogDeterminant {
    fn name(&self) -> &'static str {
        "log-determinant"
    }

    fn features(&self, inputs: &[usize]) -> Result<usize, String> {
        let expected = self.batch * self.size * self.size;
        match inputs {
            [found] if *found == expected => Ok(2 * self.batch),
            _ => Err(format!("takes {} matrices of {} rows and columns", self.batch, self.size)),
        }
    }

    fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64> {
        let area = self.size * self.size;
        let order = algebra.nilpotency();
        let mut channels = vec![vec![0.0; 2 * self.batch]; algebra.dimension()];
        for b in 0..self.batch {
            let matrix = inputs[0].map_channels(|channel| channel[b * area..(b + 1) * area].to_vec());
            let (logarithms, sign) = self.logarithm(&matrix, algebra, order);
            for (channel, logarithm) in channels.iter_mut().zip(logarithms) {
                channel[b] = logarithm;
            }
            channels[0][self.batch + b] = sign;
        }
        Jet::new(channels)
    }
}

impl LogDeterminant {
    /// The channels of log |det X| of one matrix, and the sign of det X₀.
    fn logarithm(&self, matrix: &Jet<f64>, algebra: &JetAlgebra, order: usize) -> (Vec<f64>, f64) {
        let n = self.size;
        let factors = Factors::new(matrix.channel(0), n);
        let mut solved = matrix.map_channels(|channel| factors.solve(channel));
        solved = nilpotent(&solved);
        let product = |a: &[f64], b: &[f64]| -> Vec<f64> {
            let entry = |i: usize, j: usize| (0..n).map(|k| a[i * n + k] * b[k * n + j]).sum();
            (0..n * n).map(|place| entry(place / n, place % n)).collect()
        };
        let trace = |a: &[f64]| (0..n).map(|i| a[i * n + i]).sum::<f64>();
        let trace_of_product = |a: &[f64], b: &[f64]| -> Vec<f64> {
            vec![(0..n * n).map(|place| a[place] * b[place % n * n + place / n]).sum()]
        };
        let mut sum: Vec<f64> = solved.channels().iter().map(|channel| trace(channel)).collect();
        let mut power = solved.clone();
        for k in 2..=order {
            let traces = power.bilinear(&solved, algebra, trace_of_product);
            #[allow(clippy::cast_precision_loss, reason = "orders are small")]
            let factor = if k % 2 == 0 { -1.0 / k as f64 } else { 1.0 / k as f64 };
            for (sum, trace) in sum.iter_mut().zip(traces.channels()) {
                *sum += factor * trace[0];
            }
            if k < order {
                power = power.bilinear(&solved, algebra, product);
            }
        }
        sum[0] = factors.log_determinant();
        (sum, factors.sign)
    }
}

/// The jet without its value.
fn nilpotent(jet: &Jet<f64>) -> Jet<f64> {
    let mut channels = jet.channels().to_vec();
    channels[0].fill(0.0);
    Jet::new(channels)
}

/// P X = L U
struct Factors {
    size: usize,
    /// L below the diagonal, U on it and above.
    entries: Vec<f64>,
    /// Row i of P X is row `rows[i]` of X.
    rows: Vec<usize>,
    sign: f64,
}

impl Factors {
    fn new(matrix: &[f64], size: usize) -> Self {
        let n = size;
        let (mut a, mut rows, mut sign) = (matrix.to_vec(), (0..n).collect::<Vec<_>>(), 1.0);
        for k in 0..n {
            let pivot =
                (k..n).fold(k, |best, i| if a[i * n + k].abs() > a[best * n + k].abs() { i } else { best });
            if pivot != k {
                rows.swap(k, pivot);
                sign = -sign;
                for j in 0..n {
                    a.swap(k * n + j, pivot * n + j);
                }
            }
            let diagonal = a[k * n + k];
            sign *= if diagonal == 0.0 { 0.0 } else { diagonal.signum() };
            for i in k + 1..n {
                a[i * n + k] /= diagonal;
                for j in k + 1..n {
                    a[i * n + j] -= a[i * n + k] * a[k * n + j];
                }
            }
        }
        Self { size, entries: a, rows, sign }
    }

    fn log_determinant(&self) -> f64 {
        (0..self.size).map(|i| self.entries[i * self.size + i].abs().ln()).sum()
    }

    /// X⁻¹ B
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let (n, a) = (self.size, &self.entries);
        let mut x: Vec<f64> = self.rows.iter().flat_map(|&row| right[row * n..][..n].to_vec()).collect();
        for i in 0..n {
            for k in 0..i {
                for j in 0..n {
                    x[i * n + j] -= a[i * n + k] * x[k * n + j];
                }
            }
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                for j in 0..n {
                    x[i * n + j] -= a[i * n + k] * x[k * n + j];
                }
            }
            for j in 0..n {
                x[i * n + j] /= a[i * n + i];
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jetc_operators::spec::Options;
    use jetc_operators::{Strategy, builtin};

    /// det X = Σ ± ∏ xᵢ,π(ᵢ) by expansion along the first row, in jet arithmetic.
    fn leibniz(entries: &[Vec<Jet<f64>>], algebra: &JetAlgebra) -> Jet<f64> {
        if let [row] = entries {
            return row[0].clone();
        }
        let mut sum: Option<Jet<f64>> = None;
        for (column, first) in entries[0].iter().enumerate() {
            let minor: Vec<Vec<Jet<f64>>> = entries[1..]
                .iter()
                .map(|row| {
                    let kept = row.iter().enumerate().filter(|(j, _)| *j != column);
                    kept.map(|(_, entry)| entry.clone()).collect()
                })
                .collect();
            let sign = if column % 2 == 0 { 1.0 } else { -1.0 };
            let term = first.multiply(&leibniz(&minor, algebra), algebra);
            let term = term.map_channels(|channel| vec![sign * channel[0]]);
            sum = Some(match sum {
                None => term,
                Some(sum) => {
                    let added = sum.channels().iter().zip(term.channels()).map(|(a, b)| vec![a[0] + b[0]]);
                    Jet::new(added.collect())
                }
            });
        }
        sum.unwrap()
    }

    #[test]
    fn the_determinant_of_a_jet_is_leibniz_formula() {
        let options = Options { dimension: Some(2), ..Options::default() };
        let plan =
            builtin::find("biharmonic").unwrap().spec(&options).unwrap().plan(Strategy::Minimal).unwrap();
        let (algebra, n) = (plan.algebra(), 4);
        let number = |k: usize| f64::from(u32::try_from((k * 37 + 11) % 29).unwrap()) / 29.0 - 0.4;
        let channels =
            (0..algebra.dimension()).map(|c| (0..n * n).map(|e| number(c * 16 + e * e + e)).collect());
        let matrix = Jet::new(channels.collect());
        let result = LogDeterminant { batch: 1, size: n }.propagate(algebra, std::slice::from_ref(&matrix));
        let entry = |place: usize| matrix.map_channels(|channel| vec![channel[place]]);
        let entries: Vec<Vec<Jet<f64>>> =
            (0..n).map(|i| (0..n).map(|j| entry(i * n + j)).collect()).collect();
        let determinant = leibniz(&entries, algebra);
        // log |det| by composition: log of det times its sign.
        let sign = determinant.channel(0)[0].signum();
        assert!((result.channel(0)[1] - sign).abs() < f64::EPSILON);
        let positive = determinant.map_channels(|channel| vec![sign * channel[0]]);
        let expected = positive.compose(&crate::Activation::Log.into(), algebra).unwrap();
        for (channel, expected) in expected.channels().iter().enumerate() {
            let (found, expected) = (result.channel(channel)[0], expected[0]);
            assert!(
                (found - expected).abs() <= 1e-11 * (1.0 + expected.abs()),
                "{channel}: {found} {expected}"
            );
        }
    }

    #[test]
    fn a_singular_matrix_has_no_logarithm() {
        let factors = Factors::new(&[1.0, 2.0, 2.0, 4.0], 2);
        assert!(factors.sign == 0.0 && factors.log_determinant() == f64::NEG_INFINITY);
    }
}
