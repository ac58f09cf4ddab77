//! Batches: threads, strategies, memory, and where a chunk ends.

use jetc_runtime::{Activation, Evaluator, Network};
use jetc_tests::compare::{scale, worst};
use jetc_tests::numbers::points;

use crate::setting::{Setting, bits};

/// The largest difference between two ways to sum the same few hundred products, relative to the largest result
/// (measured: 4e-15, where the weights of a collapsed plan of order four cancel).
const ROUNDING: f64 = 1e-13;

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let setting = Setting::new(&[3, 48, 48, 2]);
    setting.points(3, &points(3000, 3, 1));
    for options in ["biharmonic", "laplacian --dtype f32", "biharmonic --strategy collapsed"] {
        let one = setting.eval(&format!("{options} --points points.npy --threads 1")).success();
        assert_eq!(one.lines().count(), 3001);
        for threads in [2, 3, 8] {
            let many = setting.eval(&format!("{options} --points points.npy --threads {threads}")).success();
            assert!(one == many, "{options}: {threads} threads");
        }
        assert!(
            one == setting.eval(&format!("{options} --points points.npy")).success(),
            "{options}: all cores"
        );
        for memory in ["100K", "1M", "1G"] {
            let found = setting
                .eval(&format!("{options} --points points.npy --memory {memory} --threads 2"))
                .success();
            assert!(one == found, "{options}: {memory}");
        }
    }
}

#[test]
fn too_little_memory_for_one_point_is_refused_with_the_least() {
    let setting = Setting::new(&[3, 48, 48, 2]);
    setting.points(3, &points(10, 3, 1));
    for (memory, expected) in
        [("1K", "more than --memory 1.00 KiB; give at least that"), ("plenty", "such as 64M")]
    {
        let outcome = setting.eval(&format!("biharmonic --points points.npy --memory {memory}"));
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

#[test]
fn all_strategies_give_the_same_numbers() {
    let setting = Setting::new(&[3, 48, 48, 2]);
    setting.points(3, &points(3000, 3, 2));
    for operator in ["laplacian", "biharmonic"] {
        let expected = setting.results(operator).data;
        for strategy in ["standard", "collapsed", "minimal"] {
            let found = setting.results(&format!("{operator} --strategy {strategy}")).data;
            let worst = worst(&found, &expected, scale(&expected));
            assert!(worst.error <= ROUNDING, "{operator}, {strategy}: {worst}");
        }
    }
}

/// The number of points that go through the network of a setting together.
fn chunk_size(setting: &Setting, plan: &jetc_operators::Plan) -> usize {
    let network = Network::open(setting.path("net.safetensors"), Some(Activation::Tanh)).unwrap();
    Evaluator::<f64>::new(plan, &network).unwrap().chunk_size()
}

#[test]
fn a_result_does_not_depend_on_how_many_points_follow() {
    let setting = Setting::new(&[2, 64, 64, 1]);
    let operator = "coordinates: [x, y]\noutputs: {r: u_xxyy - u_x}";
    setting.write("operator.yaml", operator);
    let plan = jetc_operators::OperatorSpec::from_yaml("operator", operator).unwrap();
    let chunk = chunk_size(&setting, &plan.plan(jetc_operators::Strategy::Auto).unwrap());
    let all = points(3000.max(2 * chunk + 3), 2, 3);
    setting.points(2, &all);
    let expected = setting.results("operator.yaml").data;
    for count in [1, 2, 3, chunk - 1, chunk, chunk + 1, chunk + 2, 2 * chunk + 1] {
        setting.points(2, &all[..2 * count]);
        let found = setting.results("operator.yaml").data;
        assert_eq!(bits(&found), bits(&expected[..count]), "{count} points, chunks of {chunk}");
    }
}

#[test]
fn more_points_than_are_held_in_memory_at_a_time_are_all_evaluated() {
    let setting = Setting::new(&[1, 4, 1]);
    // A block is at most a quarter of a million points.
    let count = (1 << 19) + 1000;
    let pattern = points(1000, 1, 4);
    let all: Vec<f64> = (0..count).map(|row| pattern[row % 1000]).collect();
    setting.points(1, &all);
    let found = setting.results("laplacian --dim 1");
    assert_eq!(found.shape, [count, 1]);
    let expected: Vec<f64> = (0..count).map(|row| found.data[row % 1000]).collect();
    assert!(bits(&found.data) == bits(&expected), "a block shows in the results");
}
