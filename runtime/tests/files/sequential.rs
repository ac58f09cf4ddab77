use jetc_runtime::files::{FileError, Sequential, TensorFile, UnknownTensorReason as Reason};

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
