//! Whole evaluations, and gradients of their mean square, against the bare matrix products of their live channels, in one run.
//!
//! `cargo bench -p jetc-runtime --bench evaluation [-- FILTER]`
//!
//! They are measured alternately and compared by their medians, so that a noisy machine slows all. Per cent of that limit is
//! what counts, and for gradients how many times the products; absolute times are of one machine. `jetc bench` does the same for any operator and network.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark prints"
)]

use std::time::{Duration, Instant};

use jetc_operators::spec::Options;
use jetc_operators::{Strategy, builtin};
use jetc_runtime::{
    Activation, BareProducts, Differentiator, Evaluator, Float, Matrix, Network, ProductShape,
};

struct Case {
    operator: &'static str,
    dimension: usize,
    hidden: &'static [usize],
    points: usize,
}

const CASES: [Case; 7] = [
    Case { operator: "laplacian", dimension: 50, hidden: &[768, 768, 512, 512], points: 128 },
    Case { operator: "laplacian", dimension: 50, hidden: &[768, 768, 512, 512], points: 2048 },
    Case { operator: "biharmonic", dimension: 5, hidden: &[768, 768, 512, 512], points: 32 },
    Case { operator: "biharmonic", dimension: 5, hidden: &[768, 768, 512, 512], points: 256 },
    Case { operator: "laplacian", dimension: 2, hidden: &[64, 64, 64], points: 10_000 },
    Case { operator: "biharmonic", dimension: 2, hidden: &[64, 64, 64], points: 10_000 },
    Case { operator: "laplacian", dimension: 3, hidden: &[128, 128, 128, 128], points: 10_000 },
];

/// Input reduction: many coordinates cost, behind the first layer, as many as the layer is wide.
const MANY_COORDINATES: [Case; 2] = [
    Case { operator: "laplacian", dimension: 128, hidden: &[128, 128, 128], points: 256 },
    Case { operator: "laplacian", dimension: 100_000, hidden: &[128, 128, 128], points: 256 },
];

fn main() {
    let filter: Option<String> = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    println!(
        "{:<46} {:>4} {:>10} {:>10} {:>9} {:>6} {:>10} {:>9} {:>11}",
        "case", "d", "jetc", "products", "GFLOP/s", "limit", "gradient", "products", "evaluations"
    );
    for (case, has_gradient) in CASES.iter().zip([true; 7]).chain(MANY_COORDINATES.iter().zip([false; 2])) {
        measure::<f32>(case, has_gradient, filter.as_deref());
        measure::<f64>(case, has_gradient, filter.as_deref());
    }
}

fn measure<T: Float>(case: &Case, has_gradient: bool, filter: Option<&str>) {
    let layers: Vec<usize> = [&[case.dimension][..], case.hidden, &[1]].concat();
    let name = format!("{} {} {} N={}", T::NAME, case.operator, arrows(&layers), case.points);
    if filter.is_some_and(|filter| !name.contains(filter)) {
        return;
    }
    let options = Options { dimension: Some(case.dimension as u64), ..Options::default() };
    let spec = builtin::find(case.operator).unwrap().spec(&options).unwrap();
    let plan = spec.plan(Strategy::Auto).unwrap();
    let channels = plan.algebra().dimension();
    let network = network(&layers);
    let evaluator = Evaluator::<T>::new(&plan, &network).unwrap();
    let differentiator = has_gradient.then(|| Differentiator::<T>::new(&plan, &network).unwrap());
    let points: Vec<T> = (0..case.points * case.dimension).map(number).collect();
    let mut results = vec![T::ZERO; case.points];
    let mut gradient = vec![T::ZERO; network.parameters().len()];
    let products = evaluator.products();
    let bare_products = BareProducts::<T>::new(&products);
    let mut evaluate = || evaluator.evaluate_into(&points, &mut results).unwrap();
    let mut multiply = || bare_products.run(case.points);
    let mut differentiate = || {
        if let Some(differentiator) = &differentiator {
            differentiator.loss_and_gradient(&points, None, &mut gradient).unwrap();
        }
    };
    let [jetc, bare, gradient] = alternate([&mut evaluate, &mut multiply, &mut differentiate]);
    let flops = case.points as f64 * products.iter().map(ProductShape::flops).sum::<u64>() as f64;
    print!(
        "{name:<46} {channels:>4} {:>8.2}ms {:>8.2}ms {:>9.0} {:>5.0}%",
        jetc * 1e3,
        bare * 1e3,
        flops / bare / 1e9,
        100.0 * bare / jetc
    );
    if has_gradient {
        print!(" {:>8.2}ms {:>9.2} {:>11.2}", gradient * 1e3, gradient / bare, gradient / jetc);
    }
    println!();
}

/// Medians in seconds of alternating measurements, over about two seconds for each.
fn alternate<const COUNT: usize>(mut work: [&mut dyn FnMut(); COUNT]) -> [f64; COUNT] {
    let mut times = [const { Vec::new() }; COUNT];
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2 * COUNT as u64) || times[0].len() < 5 {
        for (times, work) in times.iter_mut().zip(&mut work) {
            let start = Instant::now();
            work();
            times.push(start.elapsed().as_secs_f64());
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    })
}

fn network(layers: &[usize]) -> Network<f64> {
    let mut builder = Network::builder(layers[0]);
    for (layer, pair) in layers.windows(2).enumerate() {
        if layer > 0 {
            builder = builder.elementwise(Activation::Tanh);
        }
        let scale = 1.0 / (pair[0] as f64).sqrt();
        let weight = (0..pair[0] * pair[1]).map(|i| scale * number::<f64>(i)).collect();
        builder = builder.affine(
            Matrix::from_row_major(pair[1], pair[0], weight).unwrap(),
            Some((0..pair[1]).map(number).collect()),
        );
    }
    builder.build().unwrap()
}

/// Numbers in (−1, 1) without pattern.
fn number<T: Float>(index: usize) -> T {
    let bits = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (bits ^ (bits >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    T::from_f64((mixed >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
}

fn arrows(layers: &[usize]) -> String {
    layers.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
}
