//! Gradients against differences of losses, and against Jacobians.

use jetc_operators::OperatorSpec;
use jetc_operators::Strategy;
use jetc_runtime::files::{PointReader, TensorFile};
use jetc_runtime::{Activation, Evaluator, Network};
use jetc_tests::command::run;
use jetc_tests::compare::{scale, worst};
use jetc_tests::npy;
use jetc_tests::numbers::numbers;
use jetc_tests::reference::project;

use crate::setting::Setting;

const LAPLACIAN: &str = "coordinates: [x, y]\nfields: [u]\noutputs: {laplacian: lap(u)}\n";

/// L of the Laplacian, as an evaluator has it.
fn loss(network: &Network<f64>, points: &[f64], targets: &[f64]) -> f64 {
    let plan = OperatorSpec::from_yaml("laplacian", LAPLACIAN).unwrap().plan(Strategy::Auto).unwrap();
    let mut results = vec![0.0; targets.len()];
    Evaluator::<f64>::new(&plan, network).unwrap().evaluate_into(points, &mut results).unwrap();
    let squares: f64 = results.iter().zip(targets).map(|(r, g)| (r - g).powi(2)).sum();
    squares / f64::from(u32::try_from(targets.len()).unwrap())
}

/// The derivative of L in a direction: central differences, extrapolated to the fourth order.
fn difference(network: &Network<f64>, direction: &[f64], points: &[f64], targets: &[f64]) -> f64 {
    let theta = network.parameters().values();
    let at = |h: f64| {
        let moved: Vec<f64> = theta.iter().zip(direction).map(|(x, d)| x + h * d).collect();
        loss(&network.with_parameters(&moved).unwrap(), points, targets)
    };
    let central = |h: f64| (at(h) - at(-h)) / (2.0 * h);
    let h = 1e-4;
    (4.0 * central(h / 2.0) - central(h)) / 3.0
}

#[test]
fn the_gradient_of_the_poisson_network_is_that_of_central_differences() {
    let (example, place) = (project().join("examples/poisson"), tempfile::tempdir().unwrap());
    let mut next = numbers(7);
    let targets: Vec<f64> = (0..64).map(|_| 10.0 * next()).collect();
    std::fs::write(place.path().join("targets.npy"), npy::double(64, 1, &targets)).unwrap();
    let arguments = "gradient laplacian --model poisson.safetensors --activation tanh --points points.csv";
    let [targets_file, output] =
        ["targets.npy", "gradient.npz"].map(|name| place.path().join(name).display().to_string());
    let files = ["--targets", &targets_file, "-o", &output];
    run(&example, arguments.split(' ').chain(files)).success();

    let network = Network::open(example.join("poisson.safetensors"), Some(Activation::Tanh)).unwrap();
    let file = TensorFile::open(&output).unwrap();
    let tensors = network.parameters().tensors().iter();
    let gradient: Vec<f64> = tensors.flat_map(|tensor| file.tensor(&tensor.name).unwrap().data).collect();
    let mut points = Vec::new();
    PointReader::open(example.join("points.csv")).unwrap().read_block(100, &mut points).unwrap();

    // Random directions, and single parameters of every tensor.
    let count = gradient.len();
    let random = (0..5).map(|_| (0..count).map(|_| next()).collect::<Vec<f64>>());
    let single = (0..count).step_by(41).chain([count - 1]).map(|at| {
        let mut direction = vec![0.0; count];
        direction[at] = 1.0;
        direction
    });
    let (mut found, mut expected) = (Vec::new(), Vec::new());
    for direction in random.chain(single) {
        found.push(gradient.iter().zip(&direction).map(|(g, d)| g * d).sum());
        expected.push(difference(&network, &direction, &points, &targets));
    }
    // The loss is a hundred, and its differences have ten digits less the step of 1e-4 (measured: 5e-11).
    let worst = worst(&found, &expected, scale(&expected));
    assert!(worst.error <= 1e-8, "{worst}");
}

#[test]
fn the_transposed_jacobian_takes_residuals_to_the_gradient() {
    let setting = Setting::new(&[2, 9, 7, 1], 23);
    let mut next = numbers(3);
    let targets: Vec<f64> = (0..46).map(|_| next()).collect();
    setting.write("targets.npy", npy::double(23, 2, &targets));
    let gradient = setting.gradient("--targets targets.npy --jacobian jacobian.npy");
    setting.run("eval", "-o results.npy").success();
    let (jacobian, results) = (setting.matrix("jacobian.npy"), setting.matrix("results.npy").data);
    assert_eq!(jacobian.shape, [2 * 23, gradient.len()]);
    let mut expected = vec![0.0; gradient.len()];
    for ((row, r), g) in jacobian.data.chunks_exact(gradient.len()).zip(&results).zip(&targets) {
        expected.iter_mut().zip(row).for_each(|(sum, entry)| *sum += 2.0 / 23.0 * (r - g) * entry);
    }
    // Both sum 46 products in another order.
    let worst = worst(&gradient, &expected, scale(&expected));
    assert!(worst.error <= 1e-13, "{worst}");

    let report = setting.report("--targets targets.npy");
    let loss: f64 = results.iter().zip(&targets).map(|(r, g)| (r - g).powi(2)).sum::<f64>() / 23.0;
    assert!((report["loss"].as_f64().unwrap() / loss - 1.0).abs() < 1e-13, "{report}, loss {loss}");
    let norm = gradient.iter().map(|x| x * x).sum::<f64>().sqrt();
    assert!((report["gradient_norm"].as_f64().unwrap() / norm - 1.0).abs() < 1e-13, "{report}, norm {norm}");
}
