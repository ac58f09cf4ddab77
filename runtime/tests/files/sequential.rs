use jetc_runtime::files::{FileError, Outline, Sequential, TensorFile, UnknownTensorReason as Reason};

use crate::support::{counting, npy, placed, safetensors, zip};

fn read(tensors: &[(&str, &[usize])]) -> Result<Sequential, FileError> {
    let file = placed("net.safetensors", &counting(tensors));
    Sequential::read(&TensorFile::open(&file.path).unwrap())
}

fn reasons(tensors: &[(&str, &[usize])]) -> Vec<(String, Reason)> {
    match read(tensors) {
        Err(FileError::NotSequential { tensors, .. }) => {
            tensors.into_iter().map(|tensor| (tensor.name, tensor.reason)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn layers_come_in_the_order_of_their_numbers() {
    let network = read(&[
        ("10.weight", &[1, 4]),
        ("2.weight", &[4, 3]),
        ("2.bias", &[4]),
        ("0.weight", &[3, 2]),
        ("0.bias", &[3]),
    ])
    .unwrap();
    assert_eq!(network.prefix, "");
    let names: Vec<&str> = network.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["0", "2", "10"]);
    assert_eq!(network.layers[0].weight.shape, [3, 2]);
    assert_eq!(network.layers[1].bias.as_ref().unwrap().data, [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(network.layers[2].bias, None);
}

#[test]
fn any_prefix_will_do_as_long_as_it_is_one() {
    for prefix in ["net.", "layers.", "linears.", "module.net.0.", "_orig_mod.3."] {
        let [first, second] = [format!("{prefix}0.weight"), format!("{prefix}1.weight")];
        let network = read(&[(&first, &[3, 2]), (&second, &[1, 3])]).unwrap();
        assert_eq!(network.prefix, prefix);
        assert_eq!(network.layers[1].name, format!("{prefix}1"));
    }
}

#[test]
fn a_tensor_under_another_prefix_is_reported() {
    let found = reasons(&[("head.0.weight", &[1, 3]), ("net.0.weight", &[3, 2]), ("net.1.weight", &[1, 3])]);
    assert_eq!(found, [("head.0.weight".into(), Reason::Prefix("net.".into()))]);
}

#[test]
fn widths_that_do_not_chain_are_an_error() {
    let error = read(&[("0.weight", &[32, 2]), ("2.weight", &[64, 16])]).unwrap_err();
    let text = error.to_string();
    assert!(text.ends_with("0.weight is [32, 2], 2.weight is [64, 16]: expected 32 columns"), "{text}");
}

#[test]
fn all_tensors_that_were_not_understood_are_reported() {
    let found = reasons(&[
        ("0.weight", &[3, 2]),
        ("0.bias", &[4]),
        ("1.weight", &[3]),
        ("1.bias", &[3]),
        ("1.running_mean", &[3]),
        ("02.weight", &[1, 3]),
        ("99999999999999999999.weight", &[1, 3]),
        ("scale", &[]),
    ]);
    let expected = [
        ("0.bias", Reason::BiasShape(3)),
        ("02.weight", Reason::Name),
        ("1.bias", Reason::BiasAlone),
        ("1.running_mean", Reason::Name),
        ("1.weight", Reason::WeightShape),
        ("99999999999999999999.weight", Reason::Name),
        ("scale", Reason::Name),
    ];
    assert_eq!(found, expected.map(|(name, reason)| (name.to_owned(), reason)));
}

#[test]
fn integers_are_reported_too() {
    let header = r#"{"0.weight":{"dtype":"I8","shape":[1,1],"data_offsets":[0,1]}}"#;
    let file = placed("net.safetensors", &safetensors(header, &[1]));
    let error = Sequential::read(&TensorFile::open(&file.path).unwrap()).unwrap_err();
    assert!(error.to_string().contains("`0.weight` [1, 1]: its elements are of type I8"), "{error}");
}

#[test]
fn an_empty_file_and_an_empty_layer_are_errors() {
    assert!(reasons(&[]).is_empty());
    assert!(matches!(read(&[("0.weight", &[0, 2])]), Err(FileError::Shape { .. })));
    assert!(matches!(read(&[("0.weight", &[2, 0])]), Err(FileError::Shape { .. })));
}

#[test]
fn an_npz_of_weights_will_do() {
    let weight = npy("<f4", true, "(1, 2)", &[1.0f32, 2.0].map(f32::to_le_bytes).concat());
    let file = placed("net.npz", &zip(&[("0.weight.npy", weight)], true));
    let network = Sequential::read(&TensorFile::open(&file.path).unwrap()).unwrap();
    assert_eq!(network.layers[0].weight.data, [1.0, 2.0]);
}

/// Weights are [in, out] where the third entry says so.
const LIBRARIES: [(&str, [[&str; 2]; 3], bool); 12] = [
    (
        "flax",
        [
            ["params/Dense_0/kernel", "params/Dense_0/bias"],
            ["params/Dense_1/kernel", "params/Dense_1/bias"],
            ["params/Dense_2/kernel", "params/Dense_2/bias"],
        ],
        true,
    ),
    (
        "flax with dots",
        [
            ["params.Dense_0.kernel", "params.Dense_0.bias"],
            ["params.Dense_1.kernel", "params.Dense_1.bias"],
            ["params.Dense_10.kernel", "params.Dense_10.bias"],
        ],
        true,
    ),
    (
        "jax keystr",
        [
            ["['params']['Dense_0']['kernel']", "['params']['Dense_0']['bias']"],
            ["['params']['Dense_1']['kernel']", "['params']['Dense_1']['bias']"],
            ["['params']['Dense_2']['kernel']", "['params']['Dense_2']['bias']"],
        ],
        true,
    ),
    ("haiku", [["linear/w", "linear/b"], ["linear_1/w", "linear_1/b"], ["linear_2/w", "linear_2/b"]], true),
    (
        "haiku mlp",
        [
            ["mlp/~/linear_0/w", "mlp/~/linear_0/b"],
            ["mlp/~/linear_1/w", "mlp/~/linear_1/b"],
            ["mlp/~/linear_2/w", "mlp/~/linear_2/b"],
        ],
        true,
    ),
    (
        "equinox",
        [
            ["layers[0].weight", "layers[0].bias"],
            ["layers[1].weight", "layers[1].bias"],
            ["layers[2].weight", "layers[2].bias"],
        ],
        false,
    ),
    (
        "equinox with dots",
        [
            [".layers.0.weight", ".layers.0.bias"],
            [".layers.1.weight", ".layers.1.bias"],
            [".layers.2.weight", ".layers.2.bias"],
        ],
        false,
    ),
    (
        "keras 2",
        [
            ["dense/dense/kernel:0", "dense/dense/bias:0"],
            ["dense_1/dense_1/kernel:0", "dense_1/dense_1/bias:0"],
            ["dense_2/dense_2/kernel:0", "dense_2/dense_2/bias:0"],
        ],
        true,
    ),
    (
        "keras 3",
        [
            ["layers/dense/vars/0", "layers/dense/vars/1"],
            ["layers/dense_1/vars/0", "layers/dense_1/vars/1"],
            ["layers/dense_2/vars/0", "layers/dense_2/vars/1"],
        ],
        true,
    ),
    (
        "data parallel",
        [
            ["module.fc1.weight", "module.fc1.bias"],
            ["module.fc2.weight", "module.fc2.bias"],
            ["module.fc10.weight", "module.fc10.bias"],
        ],
        false,
    ),
    (
        "compiled",
        [
            ["_orig_mod.layers.0.linear.weight", "_orig_mod.layers.0.linear.bias"],
            ["_orig_mod.layers.1.linear.weight", "_orig_mod.layers.1.linear.bias"],
            ["_orig_mod.layers.2.linear.weight", "_orig_mod.layers.2.linear.bias"],
        ],
        false,
    ),
    (
        "nnx",
        [
            ["linear1.kernel.value", "linear1.bias.value"],
            ["linear2.kernel.value", "linear2.bias.value"],
            ["linear3.kernel.value", "linear3.bias.value"],
        ],
        true,
    ),
];

#[test]
fn layers_are_recognised_under_the_names_of_every_library() {
    let widths = [2, 3, 3, 1];
    for (library, layers, transposed) in LIBRARIES {
        let shapes: Vec<[usize; 2]> = (0..3)
            .map(|at| if transposed { [widths[at], widths[at + 1]] } else { [widths[at + 1], widths[at]] })
            .collect();
        let biases: Vec<[usize; 1]> = (0..3).map(|at| [widths[at + 1]]).collect();
        let mut tensors: Vec<(&str, &[usize])> = Vec::new();
        for (at, [weight, bias]) in layers.iter().enumerate() {
            tensors.push((bias, &biases[at]));
            tensors.push((weight, &shapes[at]));
        }
        let network = read(&tensors).unwrap_or_else(|error| panic!("{library}: {error}"));
        for (at, layer) in network.layers.iter().enumerate() {
            assert_eq!(layer.weight.shape, [widths[at + 1], widths[at]], "{library}");
            assert_eq!(layer.bias.as_ref().unwrap().data.len(), widths[at + 1], "{library}");
        }
        // A square kernel tells nothing by its shape: the name decides. Entries count up, row by row as they are stored.
        let second = if transposed { 3.0 } else { 1.0 };
        assert_eq!(network.layers[1].weight.data[..2], [0.0, second], "{library}");
    }
}

#[test]
fn free_names_are_refused_and_outlined_in_an_order_that_their_shapes_allow() {
    let tensors: [(&str, &[usize]); 6] = [
        ("out.weight", &[1, 4]),
        ("hidden.weight", &[4, 3]),
        ("embed.weight", &[3, 2]),
        ("embed.bias", &[3]),
        ("alpha", &[]),
        ("norm.weight", &[3]),
    ];
    let error = read(&tensors).unwrap_err();
    assert!(error.to_string().contains("--as-yaml"), "{error}");
    let file = placed("net.safetensors", &counting(&tensors));
    let outline = Outline::of(&TensorFile::open(&file.path).unwrap()).unwrap();
    let weights: Vec<&str> = outline.layers.iter().map(|layer| layer.weight.as_str()).collect();
    assert_eq!(weights, ["embed.weight", "hidden.weight", "out.weight"]);
    assert!(outline.guessed);
    assert_eq!(outline.left_over, ["alpha", "norm.weight"]);
}

#[test]
fn weights_in_the_shape_of_jax_under_the_names_of_pytorch_get_advice() {
    let without_bias: [(&str, &[usize]); 2] = [("0.weight", &[2, 8]), ("2.weight", &[8, 1])];
    let with_bias: [(&str, &[usize]); 3] = [("0.weight", &[2, 8]), ("0.bias", &[8]), ("2.weight", &[8, 1])];
    for tensors in [&without_bias[..], &with_bias] {
        let error = read(tensors).unwrap_err();
        assert!(error.to_string().contains("transpose: true"), "{error}");
        let file = placed("net.safetensors", &counting(tensors));
        let outline = Outline::of(&TensorFile::open(&file.path).unwrap()).unwrap();
        assert!(outline.guessed && outline.layers.iter().all(|layer| layer.transposed));
    }
}
