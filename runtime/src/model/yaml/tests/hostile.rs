//! Files that ask for too much.

use super::{network, network_with};
use crate::model::ModelError;

fn refused(yaml: &str, word: &str) {
    let error = network(yaml).expect_err("a hostile file");
    assert!(error.len() < 20_000 && error.contains(word), "{error}");
}

#[test]
fn nested_layers_end_in_an_error() {
    refused(&format!("layers: {}", "[".repeat(100_000)), "yaml-limit");
    refused(&format!("layers: {}", "[{residual: ".repeat(100_000)), "yaml-limit");
}

#[test]
fn huge_numbers_end_in_an_error() {
    refused("inputs: 100000000000\nlayers: []", "too-large");
    refused("inputs: 1\nlayers: [{periodic: {coordinate: 0, harmonics: 100000000}}]", "too-large");
    refused("inputs: 2\nlayers: [{reshape: [4294967295, 4294967295, 4294967295]}]", "shape-mismatch");
    refused("inputs: 1\nlayers: [{slice: {start: 4294967295}}]", "shape-mismatch");
    refused("inputs: 2\nlayers: [{scale: 'x[18446744073709551616]'}]", "unknown-tensor");
}

#[test]
fn growing_values_end_in_an_error() {
    let concat = "{concat: [[], []]}";
    refused(&format!("inputs: 2\nlayers: [{}]", vec![concat; 40].join(", ")), "too large");
}

#[test]
fn a_tensor_is_not_read_without_end() {
    let entries = vec![0.5; 1 << 18];
    let tensors: [(&str, &[usize], &[f64]); 1] = [("W", &[512, 512], &entries)];
    let layers = vec!["{linear: {weight: W}}, tanh"; 65];
    let file = |count: usize| format!("weights: w.safetensors\nlayers: [{}]\n", layers[..count].join(", "));
    let error = network_with(&tensors, &file(65)).expect_err("2²⁴ numbers are 64 such tensors");
    let ModelError::Layers(error) = error else { panic!("{error}") };
    assert_eq!(error.diagnostics[0].message, "all layers together may read 16777216 numbers");
}

#[test]
fn odd_files_are_no_panic() {
    for layers in [
        "[{concat: []}]",
        "[{reshape: []}]",
        "[{reshape: [0]}, sum, softmax]",
        "[{reshape: []}, softmax]",
        "[{slice: {start: 1, stop: 1}}]",
        "[{linear: {weight: []}}]",
        "[{linear: {weight: [[]]}}]",
        "[{linear: {}}]",
        "[{constant: []}, sum, {linear: {weight: [[1]]}}]",
        "[{gated: {encoders: [[], []], layers: []}}]",
        "[{piratenet: {encoders: [[], []], blocks: [{layers: [], alpha: 1}]}}]",
        "[{fourier: {matrix: [[1, 1]], order: []}}]",
        "[{periodic: []}]",
        "[{periodic: {coordinate: 0, period: 0}}]",
        "[{normalise: {}}]",
        "[{scale: [[1, 2], [3]]}]",
        "[{layer-norm: {weight: [1, 2, 3]}}]",
        "null",
        "[null]",
        "[{linear: null}]",
    ] {
        let result = network(&format!("inputs: 2\nlayers: {layers}\n"));
        assert!(result.is_ok() || result.is_err_and(|error| error.contains("error[")), "{layers}");
    }
}
