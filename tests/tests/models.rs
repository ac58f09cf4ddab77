//! Every reference model as an ONNX file, in every strategy, and every file that is no good.
//!
//! The values come from nested first-order automatic differentiation, which shares nothing with jets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the errors that were measured, with --nocapture")]

use std::error::Error;
use std::time::{Duration, Instant};

use jetc_operators::{OperatorSpec, Strategy};
use jetc_runtime::{Evaluator, Network};
use jetc_tests::compare::{scale, worst};
use jetc_tests::models::{ModelCase, cases};
use jetc_tests::reference::{Operator, package};

/// The largest error, relative to the largest value of the operator in its case.
///
/// That is the scale on which an operator is read; single values pass through zero, and have no relative error there.
/// Both sides are sums in double precision that cancel: interpolation weights in `standard` and `collapsed` plans,
/// quotients and roots in the networks.
const BOUND: f64 = 1e-10;

/// A hostile file that is sound but for the order of its nodes, which does not matter.
const READ_ALL_THE_SAME: &str = "out-of-order.onnx";

fn evaluate(case: &ModelCase, operator: &Operator, strategy: Strategy, network: &Network<f64>) -> Vec<f64> {
    let yaml = format!(
        "coordinates: [{}]\noutputs: {{r: '{}'}}\n",
        case.coordinates.join(", "),
        operator.expression()
    );
    let spec = OperatorSpec::from_yaml("reference", &yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    let plan = spec.plan(strategy).unwrap();
    let evaluator = Evaluator::<f64>::new(&plan, network).unwrap();
    let rows = case.points.len() / evaluator.inputs();
    let mut results = vec![0.0; rows * evaluator.columns().len()];
    evaluator.evaluate_into(&case.points, &mut results).unwrap();
    results
}

/// An error with its causes.
fn in_full(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[test]
fn every_model_gives_the_reference_values_in_every_strategy() {
    let mut failures = Vec::new();
    for case in cases() {
        for file in &case.files {
            let name = format!("{}/{}", case.name, file.file_stem().unwrap().to_string_lossy());
            let network = match Network::open(file, None) {
                Ok(network) => network,
                Err(error) => {
                    failures.push(in_full(&error));
                    continue;
                }
            };
            let mut largest: f64 = 0.0;
            for operator in &case.operators {
                for strategy in Strategy::CONCRETE {
                    let found = evaluate(&case, operator, strategy, &network);
                    let worst = worst(&found, &operator.values, scale(&operator.values));
                    largest = largest.max(worst.error);
                    if worst.error > BOUND {
                        failures.push(format!("{name}, {}, {strategy}: {worst}", operator.key));
                    }
                }
            }
            eprintln!("{name:40} {largest:.1e}");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_hostile_file_ends_in_an_error_within_a_second() {
    let folder = package().join("data/models/hostile");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "onnx"));
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    for file in files {
        let start = Instant::now();
        let result = Network::open(&file, None);
        let (elapsed, name) = (start.elapsed(), file.file_name().unwrap().to_string_lossy());
        assert!(elapsed < Duration::from_secs(1), "{name}: {elapsed:?}");
        assert_eq!(result.is_ok(), name == READ_ALL_THE_SAME, "{name}: {result:?}");
        if let Err(error) = result {
            eprintln!("{}  [{elapsed:.1?}]", in_full(&error));
        }
    }
}
