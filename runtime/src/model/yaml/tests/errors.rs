//! Mistakes: all of them, each in its place, with its name and advice.

use super::{network, network_with};
use crate::model::ModelError;

fn mistakes(yaml: &str) -> String {
    network(yaml).expect_err(yaml)
}

#[test]
fn every_mistake_of_the_layers_is_reported() {
    let yaml = "layers:\n  - tahn\n  - {residul: []}\n  - {linear: a, scale: 2}\n  - {gated: {layers: []}}\n";
    let text = mistakes(yaml);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with(
        "model.yaml:2:5: error[invalid-value]: unknown activation `tahn`, did you mean `tanh`?"
    ));
    assert_eq!(
        lines[1..],
        [
            "model.yaml:3:6: error[unknown-key]: `residul` is no kind of layer (help: did you mean `residual`?)",
            "model.yaml:4:5: error[invalid-value]: a layer has one key, this has 2 (help: begin each layer with `- `, \
         and put what belongs to it into a mapping under its key)",
            "model.yaml:5:13: error[missing-key]: the key `encoders` of a gated network is missing",
        ]
    );
}

#[test]
fn shapes_that_do_not_fit_are_both_named_and_the_rest_is_checked() {
    let yaml = "
inputs: 3
layers:
  - linear: {weight: [[1, 2]], bias: [1, 2]}
  - linear: {weight: [[1, 2], [3, 4]]}
  - residual: [sum]
";
    assert_eq!(
        mistakes(yaml),
        "model.yaml:4:5: error[shape-mismatch]: the weight has shape [1, 2], but what comes in has shape [3] \
         (help: expected a weight of shape [1, 3])\n\
         model.yaml:4:38: error[shape-mismatch]: the bias has shape [2], the weight [1, 2] \
         (help: if the tensor is [in, out], say `{weight: …, bias: …, transpose: true}`)\n\
         model.yaml:5:5: error[shape-mismatch]: the weight has shape [2, 2], but what comes in has shape [1] \
         (help: expected a weight of shape [2, 1])\n\
         model.yaml:6:5: error[shape-mismatch]: the layers give shape [1], but shape [2] goes around them \
         (help: give layers that bring both to one shape: `skip: [{linear: …}]`)"
    );
}

#[test]
fn unknown_tensors_are_guessed_wherever_they_stand() {
    let tensors: [(&str, &[usize], &[f64]); 2] =
        [("fc1.weight", &[1, 2], &[1.0, 2.0]), ("fc1.bias", &[1], &[1.0])];
    let yaml = "weights: w.safetensors\nlayers:\n  - linear: {weight: fc1.wieght, bias: fc1.bias}\n  \
                - residual: [{linear: fcl}, {layer-norm: completely-different}]\n";
    let Err(ModelError::Layers(error)) = network_with(&tensors, yaml) else {
        panic!("a mistake was expected")
    };
    let found: Vec<_> = error
        .diagnostics
        .iter()
        .map(|d| {
            (
                error.line_column(d).line,
                error.line_column(d).column,
                d.code.name(),
                d.message.as_str(),
                d.help.as_deref(),
            )
        })
        .collect();
    let guess = Some("did you mean `fc1.weight`?");
    assert_eq!(
        found,
        [
            (3, 22, "unknown-tensor", "there is no tensor `fc1.wieght`", guess),
            (4, 25, "unknown-tensor", "there is no tensor `fcl.weight`", guess),
            (
                4,
                44,
                "unknown-tensor",
                "there is no tensor `completely-different.weight`",
                Some("there are `fc1.bias`, `fc1.weight`")
            ),
        ]
    );
}

#[test]
fn a_transposed_weight_gets_advice() {
    let text = mistakes("inputs: 3\nlayers: [{linear: {weight: [[1, 2], [3, 4], [5, 6]]}}]\n");
    assert!(text.contains("transpose: true"), "{text}");
    let text = mistakes("layers: [{linear: {weight: [[1, 2, 3], [4, 5, 6]], bias: [1, 2, 3]}}]\n");
    assert!(text.contains("transpose: true"), "{text}");
}

#[test]
fn expressions_are_checked() {
    let with = |rest: &str| mistakes(&format!("inputs: [x, y]\nlayers: [sum]\n{rest}\n"));
    assert_eq!(
        with("output: {a: (1 - z^2)*u, b: sinn(u), c: dot(u)}"),
        "model.yaml:3:18: error[unknown-name]: `z` is not declared (help: the names are u, u1, x, y, pi, e)\n\
         model.yaml:3:29: error[unknown-function]: there is no function `sinn` here (help: did you mean `sin`?)\n\
         model.yaml:3:41: error[wrong-arguments]: `dot` takes 2 arguments"
    );
    assert_eq!(
        with("fields: [u, v]"),
        "model.yaml:3:9: error[shape-mismatch]: 2 fields for 1 output of the layers"
    );
    assert_eq!(with("fields: [x]\noutput: x"), "model.yaml:3:10: error[name-clash]: `x` is declared twice");
}

#[test]
fn the_number_of_inputs_must_be_known() {
    for layers in ["[tanh]", "[{periodic: {coordinate: 0}}, {linear: {weight: [[1, 2]]}}]", "[]"] {
        assert_eq!(mistakes(&format!("layers: {layers}")), "the number of inputs is not known");
    }
}
