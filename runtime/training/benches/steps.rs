//! Steps of methods beside the bare parts that they cannot do without, in one run.
//!
//! `cargo bench -p jetc-training --bench steps`
//!
//! | step | bare parts |
//! |---|---|
//! | Gauss–Newton in parameter space, J of shape \[M, P\] | J written once, JᵀJ (one triangle) and its Cholesky factors by faer |
//! | Adam | the matrix products of the plan, run alone |
//!
//! Steps and parts alternate and are compared by their medians, so that a noisy machine slows all.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark prints"
)]

use std::time::Instant;

use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, Mat, Par, Side};
use jetc_training::method::LeastSquares;
use jetc_training::{Limits, Problem, Run};

/// Measurements of each.
const RUNS: usize = 15;

fn main() {
    let par = Par::rayon(0);
    println!("{:<34} {:>6} {:>6} {:>10} {:>10} {:>7}", "step", "P", "M", "step", "parts", "times");
    for (hidden, points) in [("[20, 20]", 2800), ("[30, 30]", 2800), ("[24, 24, 24]", 2800)] {
        let (problem, mut run) = begun(&poisson(hidden, points, "gauss-newton"));
        let (rows, columns) = (run.system().residuals(), run.parameters().len());
        let mut parts = Parts::new(rows, columns);
        let [step, bare] = alternate([&mut || run.step(&problem).map(drop).unwrap(), &mut || parts.run(par)]);
        let name = format!("Gauss-Newton, 2-{}-1", hidden.trim_matches(['[', ']']).replace(", ", "-"));
        println!(
            "{name:<34} {columns:>6} {rows:>6} {:>8.1}ms {:>8.1}ms {:>7.2}",
            1e3 * step,
            1e3 * bare,
            step / bare
        );
    }
    let (problem, mut run) = begun(&poisson("[64, 64, 64]", 10_000, "adam"));
    let columns = run.parameters().len();
    let products = jetc_runtime::BareProducts::<f64>::new(&products(&problem, &run));
    let [step, bare] =
        alternate([&mut || run.step(&problem).map(drop).unwrap(), &mut || products.run(10_000)]);
    let name = "Adam, 2-64-64-64-1";
    println!(
        "{name:<34} {columns:>6} {:>6} {:>8.1}ms {:>8.1}ms {:>7.2}",
        10_000,
        1e3 * step,
        1e3 * bare,
        step / bare
    );
}

/// J, JᵀJ and Cholesky's factors.
struct Parts {
    source: Mat<f64>,
    jacobian: Mat<f64>,
    normal: Mat<f64>,
}

impl Parts {
    fn new(rows: usize, columns: usize) -> Self {
        let entry = |i: usize, j: usize| (((i * 7919 + j * 104_729) % 1009) as f64 / 1009.0) - 0.5;
        let source = Mat::from_fn(columns, rows, entry);
        Self { jacobian: source.clone(), source, normal: Mat::zeros(columns, columns) }
    }

    fn run(&mut self, par: Par) {
        // Jᵀ, as rows of J lie one after another.
        self.jacobian.copy_from(&self.source);
        let j = self.jacobian.as_ref();
        let (lower, whole) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
        matmul(self.normal.as_mut(), lower, Accum::Replace, j, whole, j.transpose(), whole, 1.0, par);
        for i in 0..self.normal.nrows() {
            self.normal[(i, i)] += 1.0;
        }
        self.normal.llt(Side::Lower).unwrap();
    }
}

fn begun(text: &str) -> (Problem, Run) {
    let problem = Problem::from_yaml("poisson.yaml", text).unwrap();
    let run = Run::new(&problem, Limits { seconds: None, steps: Some(u64::MAX) }).unwrap();
    (problem, run)
}

fn poisson(hidden: &str, points: usize, method: &str) -> String {
    format!(
        "coordinates: [x, y]\nfields: [u]\ndomain: {{x: [0, 1], y: [0, 1]}}\n\
         equations: {{poisson: {{expression: \"lap(u) = -2*pi^2*sin(pi*x)*sin(pi*y)\", points: {points}}}}}\n\
         conditions: {{rim: {{at: boundary, require: u = 0, points: 200}}}}\n\
         network: {{hidden: {hidden}}}\ntrain: {{method: {method}, resample: never}}\n"
    )
}

/// The products of the Laplacian on the network.
fn products(problem: &Problem, run: &Run) -> Vec<jetc_runtime::ProductShape> {
    use jetc_operators::{Precision, Strategy};
    let (network, spec) = (run.network(), &problem.terms[0].spec);
    let plan = spec.plan_for(Strategy::Auto, &network.topology(), Precision::Double).unwrap();
    jetc_runtime::Evaluator::<f64>::new(&plan, &network).unwrap().products()
}

/// Medians in seconds.
fn alternate<const COUNT: usize>(mut work: [&mut dyn FnMut(); COUNT]) -> [f64; COUNT] {
    let mut times = [const { Vec::new() }; COUNT];
    for _ in 0..RUNS {
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
