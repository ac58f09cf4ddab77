//! What the tests share: numbers, and evaluations by the executor and by the reference.

use jetc_operators::Plan;
use jetc_runtime::math::InstructionSet;
use jetc_runtime::reference::evaluate;
use jetc_runtime::{Evaluator, Float, Network};

/// Numbers in (−1, 1) from a counter: the same everywhere, without a dependency.
pub(crate) fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        #[allow(clippy::cast_precision_loss)]
        let unit = (state >> 11) as f64 / (1u64 << 53) as f64;
        2.0 * unit - 1.0
    }
}

/// So many of these numbers.
pub(crate) fn some_numbers(seed: u64, count: usize) -> Vec<f64> {
    let mut next = numbers(seed);
    (0..count).map(|_| next()).collect()
}

/// The results of the executor, on a pool of its own.
pub(crate) fn evaluate_with<T: Float>(
    plan: &Plan,
    network: &Network<f64>,
    points: &[f64],
    set: InstructionSet,
    threads: usize,
) -> Vec<T> {
    let evaluator = Evaluator::<T>::with_instructions(plan, network, set).unwrap();
    let points: Vec<T> = points.iter().map(|&x| T::from_f64(x)).collect();
    let mut results = vec![T::ZERO; points.len() / evaluator.inputs() * evaluator.columns().len()];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| evaluator.evaluate_into(&points, &mut results)).unwrap();
    results
}

/// The reference on every point, in the column order of the evaluator, for operators whose outputs are their readouts.
pub(crate) fn expected(plan: &Plan, network: &Network<f64>, points: &[f64]) -> Vec<f64> {
    let per_point = points.chunks_exact(network.inputs()).flat_map(|point| {
        let values = evaluate(network, plan, point).unwrap();
        plan.parts().iter().flat_map(|part| values[part.readout].clone()).collect::<Vec<_>>()
    });
    per_point.collect()
}
