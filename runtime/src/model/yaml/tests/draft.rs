//! Model files that are written for state dicts, and the names that model files give.

use safetensors::tensor::{Dtype, TensorView};

use super::super::draft;
use super::{network, values};
use crate::activation::Activation;
use crate::model::ModelError;
use crate::network::Network;

/// A state dict with layers 2 → 3 → 1 under these names.
fn written(folder: &std::path::Path, layers: [[&str; 2]; 2], transposed: bool) -> std::path::PathBuf {
    let numbers: Vec<u8> = (0..6).flat_map(|number| (f64::from(number) / 4.0 - 0.6).to_le_bytes()).collect();
    let shapes = if transposed { [[2, 3], [3, 1]] } else { [[3, 2], [1, 3]] };
    let view = |shape: &[usize]| {
        let length = shape.iter().product::<usize>() * 8;
        TensorView::new(Dtype::F64, shape.to_vec(), &numbers[..length]).unwrap()
    };
    let tensors = [
        (layers[0][0], view(&shapes[0])),
        (layers[0][1], view(&[3])),
        (layers[1][0], view(&shapes[1])),
        (layers[1][1], view(&[1])),
    ];
    let path = folder.join("net.safetensors");
    std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();
    path
}

#[test]
fn a_draft_reads_back_to_the_same_network() {
    for (layers, transposed) in [
        ([["0.weight", "0.bias"], ["2.weight", "2.bias"]], false),
        ([["net.0.weight", "net.0.bias"], ["net.2.weight", "net.2.bias"]], false),
        ([["fc1.weight", "fc1.bias"], ["fc2.weight", "fc2.bias"]], false),
        (
            [
                ["params/Dense_0/kernel", "params/Dense_0/bias"],
                ["params/Dense_1/kernel", "params/Dense_1/bias"],
            ],
            true,
        ),
        ([["mlp/~/linear_0/w", "mlp/~/linear_0/b"], ["mlp/~/linear_1/w", "mlp/~/linear_1/b"]], true),
        ([["layers[0].weight", "layers[0].bias"], ["layers[1].weight", "layers[1].bias"]], false),
        ([["dense/kernel:0", "dense/bias:0"], ["dense_1/kernel:0", "dense_1/bias:0"]], true),
        (
            [
                ["['a']['l_0']['kernel']", "['a']['l_0']['bias']"],
                ["['a']['l_1']['kernel']", "['a']['l_1']['bias']"],
            ],
            true,
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), layers, transposed);
        let activation: Activation = "scaled-softplus(3, 20)".parse().unwrap();
        let text = draft(&path, "net.safetensors", Some(activation)).unwrap();
        assert!(!text.contains('#'), "{text}");
        let yaml = folder.path().join("net.yaml");
        std::fs::write(&yaml, &text).unwrap();
        let drafted = Network::open(&yaml, None).unwrap_or_else(|error| panic!("{text}{error}"));
        let read = Network::open(&path, Some(activation)).unwrap();
        assert_eq!(values(&drafted, &[0.3, -0.7]), values(&read, &[0.3, -0.7]), "{text}");
    }
}

#[test]
fn a_draft_of_free_names_says_that_it_is_a_guess() {
    let folder = tempfile::tempdir().unwrap();
    let layers = [["start.weight", "start.bias"], ["end.weight", "end.bias"]];
    let path = written(folder.path(), layers, false);
    assert!(Network::open(&path, Some(Activation::Tanh)).is_err());
    assert_eq!(
        draft(&path, "net.safetensors", Some(Activation::Tanh)).unwrap(),
        "# The layers are a guess from names and shapes: check their order, and what is between them.\nweights: net.safetensors\n\
         layers:\n  - linear: start\n  - tanh\n  - linear: end\n"
    );
}

#[test]
fn a_draft_is_of_a_state_dict_with_an_activation() {
    let refused = |path: &str, activation| draft(path.as_ref(), "w", activation).unwrap_err();
    assert!(matches!(refused("a.onnx", Some(Activation::Tanh)), ModelError::NoStateDict { .. }));
    assert!(matches!(refused("a.npz", None), ModelError::ActivationMissing { .. }));
    assert!(refused("a.pt", None).to_string().contains("save_file(net.state_dict()"));
}

#[test]
fn a_model_file_names_inputs_and_outputs() {
    for (yaml, inputs, outputs) in [
        ("inputs: [t, x]\nlayers: []\noutput: {v: sin(x), u: x*t}", Some("t x"), Some("v u")),
        ("inputs: {x: 2}\nlayers: []\noutput: {a: '[x1, x2]', b: x1}", Some("x1 x2"), Some("a1 a2 b")),
        ("inputs: 2\nlayers: []\nfields: [p, q]", None, Some("p q")),
        ("inputs: 2\nlayers: []\noutput: u", None, None),
    ] {
        let network = network(yaml).unwrap();
        let names =
            |text: Option<&str>| text.map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(network.input_names().map(<[String]>::to_vec), names(inputs), "{yaml}");
        assert_eq!(network.output_names().map(<[String]>::to_vec), names(outputs), "{yaml}");
    }
}
