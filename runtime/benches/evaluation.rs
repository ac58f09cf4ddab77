//! Whole evaluations against the bare matrix products of their live channels, in one run.
//!
//! `cargo bench -p jetc-runtime --bench evaluation [-- FILTER]`
//!
//! The two are measured alternately and compared by their medians, so that a noisy machine slows both. Per cent of that
//! limit is what counts; absolute times are of one machine. `jetc bench` does the same for any operator and network.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark prints"
)]

use std::time::{Duration, Instant};

use jetc_operators::spec::Options;
use jetc_operators::{Strategy, builtin};
use jetc_runtime::{Activation, BareProducts, Evaluator, Float, Matrix, Network, ProductShape};

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
    println!("{:<46} {:>4} {:>10} {:>10} {:>9} {:>6}", "case", "d", "jetc", "products", "GFLOP/s", "limit");
    for case in CASES.iter().chain(&MANY_COORDINATES) {
        measure::<f32>(case, filter.as_deref());
        measure::<f64>(case, filter.as_deref());
    }
}

fn measure<T: Float>(case: &Case, filter: Option<&str>) {
    let layers: Vec<usize> = [&[case.dimension][..], case.hidden, &[1]].concat();
    let name = format!("{} {} {} N={}", T::NAME, case.operator, arrows(&layers), case.points);
    if filter.is_some_and(|filter| !name.contains(filter)) {
        return;
    }
    let options = Options { dimension: Some(case.dimension as u64), ..Options::default() };
    let spec = builtin::find(case.operator).unwrap().spec(&options).unwrap();
    let plan = spec.plan(Strategy::Auto).unwrap();
    let channels = plan.algebra().dimension();
    let evaluator = Evaluator::<T>::new(&plan, &network(&layers)).unwrap();
    let points: Vec<T> = (0..case.points * case.dimension).map(number).collect();
    let mut results = vec![T::ZERO; case.points];
    let products = evaluator.products();
    let bare_products = BareProducts::<T>::new(&products);
    let (jetc, bare) = alternate(
        || evaluator.evaluate_into(&points, &mut results).unwrap(),
        || bare_products.run(case.points),
    );
    let flops = case.points as f64 * products.iter().map(ProductShape::flops).sum::<u64>() as f64;
    println!(
        "{name:<46} {channels:>4} {:>8.2}ms {:>8.2}ms {:>9.0} {:>5.0}%",
        jetc.as_secs_f64() * 1e3,
        bare.as_secs_f64() * 1e3,
        flops / bare.as_secs_f64() / 1e9,
        100.0 * bare.as_secs_f64() / jetc.as_secs_f64()
    );
}

/// Medians of two alternating measurements over about three seconds.
fn alternate(mut first: impl FnMut(), mut second: impl FnMut()) -> (Duration, Duration) {
    let time = |times: &mut Vec<Duration>, work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        times.push(start.elapsed());
    };
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(3) || a.len() < 5 {
        time(&mut a, &mut first);
        time(&mut b, &mut second);
    }
    a.sort();
    b.sort();
    (a[a.len() / 2], b[b.len() / 2])
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
