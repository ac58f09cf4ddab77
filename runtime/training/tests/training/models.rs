use std::fs;
use std::path::Path;

use jetc_runtime::Network;
use jetc_training::{Limits, Problem, Run};

const PROBLEM: &str = "
coordinates: [x, y]
domain: {x: [-1, 1], y: [0, 2]}
equations: {e: {expression: lap(u) = 1, points: 30}}
conditions: {rim: {at: boundary, require: u = 0, points: 20}}
";

/// Files that begin without weights: as a block, in braces, indented, with inputs and without.
const MODELS: [&str; 3] = [
    "# A PirateNet.
layers:
  - normalise: {lower: [-1, 0], upper: [1, 2]}
  - fourier: {features: 4, std: 1/2, scale: pi, fixed: true}
  - piratenet:
      encoders: [[{linear: {out: 8}}, tanh], [{linear: {out: 8, factorised: true}}, tanh]]
      blocks: [{layers: [[{linear: {out: 8}}, tanh], [{linear: {out: 8}}, tanh]]}]
  - linear: {out: 1}
fields: [u]
output: (1 - x^2)*u
",
    "{layers: [{linear: {out: 6}}, tanh, {residual: [{linear: {out: 6}}, tanh]}, {linear: {name: last, out: 1}}]}",
    "---
  inputs: [y, x]
  layers:
  - gated:
      encoders: [[{linear: {out: 5}}, silu], [{linear: {out: 5}}, silu]]
      layers: [[{linear: {out: 5}}, tanh]]
  - linear: {out: 1}
",
];

fn problem(folder: &Path, model: &str, more: &str) -> Result<Problem, String> {
    fs::write(folder.join("net.yaml"), model).unwrap();
    fs::write(folder.join("p.yaml"), format!("{PROBLEM}{more}")).unwrap();
    Problem::open(folder.join("p.yaml")).map_err(|error| error.to_string())
}

#[test]
fn a_model_without_weights_is_trained_and_read_again() {
    for model in MODELS {
        let folder = tempfile::tempdir().unwrap();
        let given =
            problem(folder.path(), model, "network: {model: net.yaml}\n").unwrap_or_else(|e| panic!("{e}"));
        let out = folder.path().join("out");
        let before = Run::new(&given, Limits::default()).unwrap().progress().loss;
        let limits = Limits { steps: Some(4), seconds: None };
        let outcome = given.train(&out, limits, false, &mut ()).unwrap();
        assert!(outcome.progress.loss < 0.9 * before, "{before} {}", outcome.progress.loss);
        // What is written is a model, and the same one to go on from.
        let network = Network::open(out.join("model.yaml"), None).unwrap_or_else(|e| panic!("{e}"));
        let text = fs::read_to_string(out.join("model.yaml")).unwrap();
        assert!(text.contains("weights: model.safetensors"), "{text}");
        let again = problem(folder.path(), model, "network: {model: out/model.yaml}\n")
            .unwrap_or_else(|e| panic!("{e}"));
        let run = Run::new(&again, Limits::default()).unwrap();
        assert_eq!(run.progress().loss.to_bits(), outcome.progress.loss.to_bits(), "{model}");
        assert_eq!(run.parameters(), network.parameters().values());
        let from = "network: {model: net.yaml, from: out/model.safetensors}\n";
        let from = problem(folder.path(), model, from).unwrap_or_else(|e| panic!("{e}"));
        let run = Run::new(&from, Limits::default()).unwrap();
        assert_eq!(run.progress().loss.to_bits(), outcome.progress.loss.to_bits(), "{model}");
    }
}

#[test]
fn the_seed_decides_how_a_model_begins() {
    let folder = tempfile::tempdir().unwrap();
    let loss = |seed: u64| {
        let more = format!("network: {{model: net.yaml}}\ntrain: {{seed: {seed}}}\n");
        let given = problem(folder.path(), MODELS[1], &more).unwrap();
        Run::new(&given, Limits::default()).unwrap().progress().loss.to_bits()
    };
    assert_eq!(loss(1), loss(1));
    assert_ne!(loss(1), loss(2));
}

#[test]
fn what_a_model_file_says_itself_is_refused_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let more = "periodic: [x]\nhard: x*u\nnetwork: {model: net.yaml, hidden: [3], fourier: {features: 3}}\n";
    let found = problem(folder.path(), MODELS[0], more).unwrap_err();
    for key in ["periodic", "hard", "hidden", "fourier"] {
        let sentence = format!("with `model`, `{key}` has no effect");
        assert!(found.contains(&sentence) && found.contains("output: x*(1 - x)*u"), "{key}: {found}");
    }
    let found =
        problem(folder.path(), "layers: [{linear: fc1}]", "network: {model: net.yaml}\n").unwrap_err();
    assert!(
        found.contains("p.yaml:6:18") && found.contains("net.yaml") && found.contains("`linear: {out: 64}`"),
        "{found}"
    );
}
