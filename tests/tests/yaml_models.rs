//! Model files of the architectures of the field against nested automatic differentiation of the same PyTorch modules.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the errors that were measured, with --nocapture")]

use jetc_operators::{OperatorSpec, Strategy};
use jetc_runtime::{Evaluator, Network};
use jetc_tests::compare::{scale, worst};
use jetc_tests::model_files::{ModelCase, model_cases};

/// The largest error, relative to the largest value of the operator.
const BOUND: f64 = 1e-10;

fn operator_file(case: &ModelCase, formula: &str) -> String {
    let expression = match formula {
        "laplacian" => "lap(u)",
        "biharmonic" => "lap(lap(u))",
        partial_derivatives => partial_derivatives,
    };
    format!("coordinates: {{space: [{}]}}\noutputs: {{r: '{expression}'}}\n", case.coordinates.join(", "))
}

#[test]
fn every_strategy_gives_the_derivatives_of_every_model_file() {
    let mut failures = Vec::new();
    for case in model_cases() {
        let network =
            Network::open(&case.model, None).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        for operator in &case.operators {
            let spec = OperatorSpec::from_yaml(&case.name, &operator_file(&case, &operator.formula)).unwrap();
            for strategy in Strategy::CONCRETE {
                let evaluator = Evaluator::<f64>::new(&spec.plan(strategy).unwrap(), &network).unwrap();
                let mut found = vec![0.0; operator.values.len()];
                evaluator.evaluate_into(&case.points, &mut found).unwrap();
                let worst = worst(&found, &operator.values, scale(&operator.values));
                let name = format!("{}/{}, {strategy}", case.name, operator.key);
                eprintln!("{name:50} {:.1e}", worst.error);
                if worst.error.is_nan() || worst.error > BOUND {
                    failures.push(format!("{name}: {worst}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_architectures_of_the_field_are_all_there() {
    let names: Vec<String> = model_cases().into_iter().map(|case| case.name).collect();
    for name in [
        "mlp",
        "resnet",
        "modified-mlp",
        "piratenet",
        "siren",
        "fourier-features",
        "periodic",
        "weight-factorisation",
        "hard-boundary",
        "flow",
        "deeponet",
        "activations",
    ] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
}
