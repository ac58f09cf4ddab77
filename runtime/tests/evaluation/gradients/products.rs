//! Losses, Jacobians and their products, unknowns: one against another, and against evaluations.

use jetc_operators::Strategy;
use jetc_runtime::math::Real;
use jetc_runtime::{Differentiator, Evaluator, Gradients};

use super::{OPERATORS, network, operator, perceptron, planar};
use crate::support::some_numbers;

#[test]
fn gradients_have_the_same_bits_for_any_number_of_threads() {
    let (plan, network) = (planar(OPERATORS[3], Strategy::Minimal).plan, perceptron(2, 17));
    let differentiator = Differentiator::<f32>::new(&plan, &network).unwrap();
    let points: Vec<f32> = some_numbers(1, 2 * 5001).into_iter().map(<f32 as Real>::from_f64).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut gradient = vec![0.0f32; network.parameters().len()];
        let loss = pool.install(|| differentiator.loss_and_gradient(&points, None, &mut gradient)).unwrap();
        (loss.to_bits(), gradient.iter().map(|x| x.to_bits()).collect::<Vec<u32>>())
    };
    let one = on(1);
    for threads in [2, 3, 7] {
        assert!(on(threads) == one, "{threads} threads");
    }
}

#[test]
fn gradients_have_the_same_bits_for_any_memory() {
    let (plan, network) = (planar(OPERATORS[3], Strategy::Minimal).plan, perceptron(2, 17));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let (count, parameters) = (2001, network.parameters().len());
    let points = some_numbers(1, 2 * count);
    let direction = some_numbers(2, parameters);
    let all = |differentiator: Differentiator<f64>| {
        pool.install(|| {
            let mut gradient = vec![0.0; parameters];
            let loss = differentiator.loss_and_gradient(&points, None, &mut gradient).unwrap();
            let (mut results, mut products) = (vec![0.0; 2 * count], vec![0.0; 2 * count]);
            differentiator.jvp(&points, &direction, &mut results, &mut products).unwrap();
            let mut jacobian = vec![0.0; 2 * count * parameters];
            differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
            [vec![loss], gradient, products, jacobian]
                .concat()
                .into_iter()
                .map(f64::to_bits)
                .collect::<Vec<_>>()
        })
    };
    let new = || Differentiator::<f64>::new(&plan, &network).unwrap();
    let (unbounded, least) = (all(new()), new().least_memory());
    for memory in [least, 2 * least, 3 * least, 1 << 30] {
        assert!(all(new().with_memory(memory).unwrap()) == unbounded, "{memory} bytes");
    }
    let refused = new().with_memory(least - 1).unwrap_err().to_string();
    assert!(
        refused.contains(&format!("takes {least} bytes, more than the limit of {}", least - 1)),
        "{refused}"
    );
}

#[test]
fn rows_of_the_jacobian_are_gradients_of_single_results() {
    let (plan, network) = (planar(OPERATORS[3], Strategy::Minimal).plan, network(&[1, 4, 8, 11]).unwrap());
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let (count, parameters) = (5, network.parameters().len());
    let points = some_numbers(9, 2 * count);
    let (mut results, mut jacobian) = (vec![0.0; 2 * count], vec![0.0; 2 * count * parameters]);
    differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
    for (row, of_row) in jacobian.chunks_exact(parameters).enumerate() {
        let mut cotangents = vec![0.0; 2 * count];
        cotangents[row] = 1.0;
        let mut gradient = vec![0.0; parameters];
        let gradients = Gradients { parameters: Some(&mut gradient), ..Gradients::default() };
        differentiator.vjp(&points, &cotangents, gradients).unwrap();
        let norm = gradient.iter().map(|x| x * x).sum::<f64>().sqrt();
        let off = of_row.iter().zip(&gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // The same terms in another order.
        assert!(off <= 1e-13 * norm, "row {row}: {off:e} of {norm:e}");
    }
}

#[test]
fn the_loss_is_the_mean_square_of_what_an_evaluator_gives() {
    let (plan, network) = (planar(OPERATORS[0], Strategy::Auto).plan, perceptron(2, 8));
    let (points, targets) = (some_numbers(1, 2 * 700), some_numbers(2, 2 * 700));
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let mut gradient = vec![0.0; network.parameters().len()];
    let loss = differentiator.loss_and_gradient(&points, Some(&targets), &mut gradient).unwrap();
    let mut results = vec![0.0; 2 * 700];
    Evaluator::<f64>::new(&plan, &network).unwrap().evaluate_into(&points, &mut results).unwrap();
    let sum: f64 = results.iter().zip(&targets).map(|(r, g)| (r - g).powi(2)).sum();
    assert!((loss - sum / 700.0).abs() < 1e-13 * loss, "{loss}");
}

#[test]
fn products_with_the_jacobian_are_those_of_its_rows() {
    for (bytes, operator) in
        [(&[1, 4, 8, 11][..], OPERATORS[3]), (&[4, 10, 13], OPERATORS[1]), (&[], OPERATORS[2])]
    {
        let (plan, network) = (planar(operator, Strategy::Minimal).plan, network(bytes).unwrap());
        let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
        let (count, parameters) = (70, network.parameters().len());
        let (points, direction) = (some_numbers(9, 2 * count), some_numbers(10, parameters));
        let (mut results, mut jacobian) = (vec![0.0; 2 * count], vec![0.0; 2 * count * parameters]);
        differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
        let (mut again, mut products) = (vec![0.0; 2 * count], vec![0.0; 2 * count]);
        differentiator.jvp(&points, &direction, &mut again, &mut products).unwrap();
        assert_eq!(again, results);
        for (row, product) in jacobian.chunks_exact(parameters).zip(&products) {
            let expected: f64 = row.iter().zip(&direction).map(|(a, b)| a * b).sum();
            let size: f64 = row.iter().map(|a| a.abs()).sum();
            // The same terms in another order.
            assert!((product - expected).abs() <= 1e-13 * size, "{operator}: {product} for {expected}");
        }
    }
}

#[test]
fn the_gram_matrix_is_the_product_of_the_rows() {
    let (plan, network) = (planar(OPERATORS[3], Strategy::Minimal).plan, network(&[1, 4, 8]).unwrap());
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let (count, parameters) = (37, network.parameters().len());
    let (points, size) = (some_numbers(9, 2 * count), 2 * count);
    let (mut results, mut jacobian) = (vec![0.0; size], vec![0.0; size * parameters]);
    differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
    let row = |i: usize| &jacobian[i * parameters..][..parameters];
    // All rows at once, a few points at a time, and point by point.
    for memory in [usize::MAX, 20 * 2 * parameters * 8, 0] {
        let (mut again, mut gram) = (vec![0.0; size], vec![f64::NAN; size * size]);
        differentiator.gram(&points, memory, &mut again, &mut gram).unwrap();
        assert_eq!(again, results);
        for i in 0..size {
            for j in 0..size {
                let expected: f64 = row(i).iter().zip(row(j)).map(|(a, b)| a * b).sum();
                let bound: f64 = row(i).iter().zip(row(j)).map(|(a, b)| (a * b).abs()).sum();
                let found = gram[i * size + j];
                assert!((found - expected).abs() <= 1e-13 * bound, "{memory} bytes, ({i}, {j}): {found}");
            }
        }
    }
}

#[test]
fn unknowns_of_the_operator_have_derivatives() {
    let yaml = "coordinates: [x1, x2]\nunknown: [nu, k]\noutputs: {r: 'u_x1 - nu*lap(u) + exp(k)*u^3'}\n";
    let yaml = yaml.replace("[x1, x2]", "{space: [x1, x2]}");
    let plan = operator(&yaml, Strategy::Minimal).plan;
    let network = perceptron(2, 5);
    let points = some_numbers(3, 2 * 11);
    let mut differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let mut results = vec![0.0; 11];
    let refused = differentiator.vjp(&points, &results, Gradients::default()).unwrap_err();
    assert!(refused.to_string().contains("leaves nu, k unknown"), "{refused}");
    let mut at = |nu: f64, k: f64, unknowns: &mut [f64]| {
        differentiator.set_unknowns(&[nu, k]).unwrap();
        let gradients = Gradients { unknowns: Some(unknowns), ..Gradients::default() };
        let sum = |_: usize, results: &[f64], cotangents: &mut [f64]| {
            cotangents.fill(1.0);
            results.iter().sum()
        };
        differentiator.value_and_vjp(&points, &mut results, sum, gradients).unwrap()
    };
    let (mut gradient, mut other) = ([0.0; 2], [0.0; 2]);
    at(0.3, -0.2, &mut gradient);
    let h = 1e-5;
    let by_nu = (at(0.3 + h, -0.2, &mut other) - at(0.3 - h, -0.2, &mut other)) / (2.0 * h);
    let by_k = (at(0.3, -0.2 + h, &mut other) - at(0.3, -0.2 - h, &mut other)) / (2.0 * h);
    for (found, expected) in gradient.into_iter().zip([by_nu, by_k]) {
        assert!((found - expected).abs() < 1e-8 * expected.abs().max(1.0), "{found} for {expected}");
    }
}
