//! Second-order operators in long numbers, whose plans are rounded, against explicit second derivatives.
//!
//! u(x) = Σᵢ aᵢ sin(wᵢ·x + bᵢ) has A:∇²u = −Σᵢ aᵢ (wᵢᵀA wᵢ) sin(wᵢ·x + bᵢ).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write;

use jetc_operators::{OperatorSpec, Strategy};
use jetc_runtime::{Activation, Evaluator, Matrix, Network};
use jetc_tests::compare::{scale, worst};
use jetc_tests::numbers::{numbers, points};

const DIMENSION: usize = 30;
const WIDTH: usize = 8;
const POINTS: usize = 5;

/// Rows of random numbers.
fn rows(count: usize, length: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut next = numbers(seed);
    (0..count).map(|_| (0..length).map(|_| next()).collect()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `[[…], …]` with every digit.
fn yaml(rows: &[Vec<f64>]) -> String {
    let row = |row: &Vec<f64>| {
        let entries: Vec<String> = row.iter().map(|entry| format!("{entry:e}")).collect();
        format!("[{}]", entries.join(", "))
    };
    format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(", "))
}

/// Evaluates the operator in every strategy; `expected` gives, for w and the sine and cosine of its phase, each output.
fn check(text: &str, channels: usize, expected: impl Fn(&[f64], f64, f64) -> Vec<f64>) {
    let (w, a, b) = (rows(WIDTH, DIMENSION, 1), rows(1, WIDTH, 2).concat(), rows(1, WIDTH, 3).concat());
    let network = Network::builder(DIMENSION)
        .affine(Matrix::from_row_major(WIDTH, DIMENSION, w.concat()).unwrap(), Some(b.clone()))
        .elementwise(Activation::Sin)
        .affine(Matrix::from_row_major(1, WIDTH, a.clone()).unwrap(), None)
        .build()
        .unwrap();
    let points = points(POINTS, DIMENSION, 4);
    let spec = OperatorSpec::from_yaml("long.yaml", text).unwrap();
    let truth: Vec<f64> = points
        .chunks(DIMENSION)
        .flat_map(|x| {
            let mut sums = vec![0.0; spec.outputs.len()];
            for i in 0..WIDTH {
                let phase = dot(&w[i], x) + b[i];
                for (sum, value) in sums.iter_mut().zip(expected(&w[i], phase.sin(), phase.cos())) {
                    *sum += a[i] * value;
                }
            }
            sums
        })
        .collect();
    for strategy in Strategy::CONCRETE {
        let plan = spec.plan(strategy).unwrap();
        if strategy == Strategy::Minimal {
            assert_eq!(plan.algebra().dimension(), channels);
        }
        let mut found = vec![0.0; truth.len()];
        Evaluator::new(&plan, &network).unwrap().evaluate_into(&points, &mut found).unwrap();
        let worst = worst(&found, &truth, scale(&truth));
        assert!(worst.error < 1e-12, "{strategy}: {worst}");
    }
}

#[test]
fn a_dense_symmetric_matrix_is_contracted_with_the_hessian() {
    let matrix = rows(DIMENSION, DIMENSION, 10);
    let text = format!(
        "coordinates: {{space: {{x: {DIMENSION}}}}}\nmatrices:\n  A: {}\noutputs:\n  value: u\n  drift: u_x3\n  \
         all: hess(u, A) + 2*u_x1 - u\n",
        yaml(&matrix)
    );
    check(&text, DIMENSION + 2, |w, sine, cosine| {
        let form: f64 = matrix.iter().zip(w).map(|(row, w_i)| w_i * dot(row, w)).sum();
        vec![sine, w[2] * cosine, -form * sine + 2.0 * w[0] * cosine - sine]
    });
}

#[test]
fn more_directions_than_dimensions_cost_the_dimension() {
    let directions = rows(2 * DIMENSION, DIMENSION, 11);
    let weights: Vec<String> =
        (0..2 * DIMENSION).map(|r| if r % 3 == 0 { "-1" } else { "1" }.to_owned()).collect();
    let text = format!(
        "coordinates: {{space: {{x: {DIMENSION}}}}}\ndirections:\n  v: {{rows: {}, weights: [{}]}}\noutputs:\n  \
         sum: {{sum: {{r: v}}, derivative: [r, r]}}\n",
        yaml(&directions),
        weights.join(", ")
    );
    check(&text, DIMENSION + 2, |w, sine, _| {
        let squares = directions.iter().enumerate().map(|(r, v)| {
            let sign = if r % 3 == 0 { -1.0 } else { 1.0 };
            sign * dot(v, w).powi(2)
        });
        vec![-squares.sum::<f64>() * sine]
    });
}

#[test]
fn directions_of_low_rank_cost_their_rank() {
    let (left, right) = (rows(DIMENSION, 4, 12), rows(4, DIMENSION, 13));
    let combined = |row: &Vec<f64>| -> Vec<f64> {
        (0..DIMENSION).map(|j| (0..4).map(|k| row[k] * right[k][j]).sum()).collect()
    };
    let directions: Vec<Vec<f64>> = left.iter().map(combined).collect();
    let mut text = format!("coordinates: {{space: {{x: {DIMENSION}}}}}\ndirections:\n  v: {{rows: ");
    writeln!(text, "{}}}\noutputs:\n  sum: {{sum: {{r: v}}, derivative: [r, r]}}", yaml(&directions))
        .unwrap();
    check(&text, 6, |w, sine, _| vec![-directions.iter().map(|v| dot(v, w).powi(2)).sum::<f64>() * sine]);
}

#[test]
fn two_dense_matrices_share_the_coordinates() {
    let [a, b] = [14, 15].map(|seed| rows(DIMENSION, DIMENSION, seed));
    let text = format!(
        "coordinates: {{space: {{x: {DIMENSION}}}}}\nmatrices:\n  A: {}\n  B: {}\noutputs:\n  first: hess(u, A)\n  \
         second: hess(u, B)\n",
        yaml(&a),
        yaml(&b)
    );
    check(&text, DIMENSION + 3, |w, sine, _| {
        let form = |m: &[Vec<f64>]| m.iter().zip(w).map(|(row, w_i)| w_i * dot(row, w)).sum::<f64>();
        vec![-form(&a) * sine, -form(&b) * sine]
    });
}
