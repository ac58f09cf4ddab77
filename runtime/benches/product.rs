//! The matrix product of evaluations, with weights prepared, against faer's: `cargo bench -p jetc-runtime --bench product`.
//!
//! Both run the same blocks of rows on all threads, alternately, and are compared by their medians.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "a benchmark prints")]

use std::time::{Duration, Instant};

use jetc_runtime::math::InstructionSet;
use jetc_runtime::{BareProducts, Float, ProductShape};

/// Features in and out.
const SHAPES: [[usize; 2]; 9] =
    [[2, 64], [64, 64], [64, 1], [100, 100], [128, 128], [256, 256], [512, 512], [768, 768], [1024, 1024]];

/// Rows in all.
const ROWS: usize = 40_960;

fn main() {
    println!("GFLOP/s of {ROWS} rows, {}, {} threads", InstructionSet::best(), rayon::current_num_threads());
    println!("{:<4} {:>11} {:>8} {:>8} {:>6}", "", "in → out", "jetc", "faer", "ratio");
    for [inputs, outputs] in SHAPES {
        measure::<f32>(inputs, outputs);
        measure::<f64>(inputs, outputs);
    }
}

fn measure<T: Float>(inputs: usize, outputs: usize) {
    let shape = ProductShape { rows: 1, inputs, outputs };
    let products = BareProducts::<T>::new(&[shape]);
    products.warm_up();
    let (mut jetc, mut faer) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(1) || jetc.len() < 5 {
        jetc.push(time(|| products.run_prepared(ROWS)));
        faer.push(time(|| products.run(ROWS)));
    }
    let speed = |times: Vec<Duration>| shape.flops() as f64 * ROWS as f64 / median(times).as_secs_f64() / 1e9;
    let (jetc, faer) = (speed(jetc), speed(faer));
    println!("{:<4} {inputs:>4} → {outputs:>4} {jetc:>8.0} {faer:>8.0} {:>6.2}", T::NAME, jetc / faer);
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
