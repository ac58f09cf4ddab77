//! What `jetc gradient` writes reads back, under the names and in the shapes of the model.

use jetc_runtime::Network;
use jetc_runtime::files::{ElementKind, PointReader, TensorFile};
use jetc_tests::command::run;
use jetc_tests::networks::Tensor;
use jetc_tests::npy;
use jetc_tests::numbers::numbers;
use jetc_tests::{model_files, models};
use safetensors::SafeTensors;

use crate::setting::Setting;

/// Two layers as Flax names them, with weights \[in, out\].
fn flax() -> Vec<Tensor> {
    let mut next = numbers(1);
    let mut tensor = |name: &str, shape: &[usize]| {
        let data = (0..shape.iter().product()).map(|_| next()).collect();
        Tensor { name: name.to_owned(), shape: shape.to_vec(), data }
    };
    vec![
        tensor("params/Dense_0/kernel", &[2, 5]),
        tensor("params/Dense_0/bias", &[5]),
        tensor("params/Dense_1/kernel", &[5, 1]),
        tensor("params/Dense_1/bias", &[1]),
    ]
}

#[test]
fn both_formats_have_the_tensors_of_the_model() {
    let tensors = flax();
    let setting = Setting::with_tensors(&tensors, 9);
    for (dtype, kind) in [("f64", ElementKind::F64), ("f32", ElementKind::F32)] {
        setting.run("gradient", &format!("-o g.safetensors --dtype {dtype}")).success();
        setting.run("gradient", &format!("-o g.npz --dtype {dtype}")).success();
        let [one, other] =
            ["g.safetensors", "g.npz"].map(|name| TensorFile::open(setting.path(name)).unwrap());
        for Tensor { name, shape, .. } in &tensors {
            let (one, other) = (one.tensor(name).unwrap(), other.tensor(name).unwrap());
            assert_eq!((&one.shape, one.dtype), (shape, kind), "{name}");
            assert_eq!(one, other, "{name}");
        }
        assert_eq!((one.names().count(), other.names().count()), (tensors.len(), tensors.len()));
        // The package of the format reads the same.
        let bytes = setting.read("g.safetensors");
        let package = SafeTensors::deserialize(&bytes).unwrap();
        let report = setting.report(&format!("--dtype {dtype}"));
        for tensor in report["tensors"].as_array().unwrap() {
            let view = package.tensor(tensor["name"].as_str().unwrap()).unwrap();
            let shape: Vec<u64> = view.shape().iter().map(|&size| size as u64).collect();
            assert_eq!(tensor["shape"], serde_json::json!(shape));
        }
    }
}

#[test]
fn a_jacobian_is_the_same_in_both_formats() {
    let setting = Setting::new(&[2, 5, 1], 11);
    setting.run("gradient", "--jacobian jacobian.npy").success();
    setting.run("gradient", "--jacobian jacobian.npz --memory 4K").success();
    let matrix = setting.matrix("jacobian.npy");
    let mut archive = PointReader::open_array(setting.path("jacobian.npz"), "jacobian").unwrap();
    let mut values = Vec::new();
    assert_eq!(archive.read_block(100, &mut values).unwrap(), matrix.shape[0]);
    assert_eq!(values, matrix.data);
}

#[test]
fn gradients_of_reference_models_have_their_tensors_or_there_is_a_reason() {
    let yaml = model_files::model_cases().into_iter().map(|case| (case.model, case.points, case.coordinates));
    let onnx = models::cases().into_iter();
    let onnx = onnx.map(|mut case| (case.files.swap_remove(0), case.points, case.coordinates));
    let place = tempfile::tempdir().unwrap();
    let mut written = 0;
    for (model, points, coordinates) in yaml.chain(onnx) {
        let width = coordinates.len();
        let bytes = npy::double(points.len() / width, width, &points);
        std::fs::write(place.path().join("points.npy"), bytes).unwrap();
        let names = coordinates.join(", ");
        let operator = format!("coordinates: {{space: [{names}]}}\noutputs: {{lap: lap(u)}}\n");
        std::fs::write(place.path().join("operator.yaml"), operator).unwrap();
        let model_name = model.display().to_string();
        let network = Network::open(&model, None).unwrap();
        let arguments = ["gradient", "operator.yaml", "--model", &model_name, "--points", "points.npy"];
        let outcome = run(place.path(), arguments.into_iter().chain(["-o", "g.npz"]));
        if outcome.status == 2 {
            let reason = if network.parameters().is_empty() {
                "has no parameters to differentiate by"
            } else {
                "has no derivative by its inputs that jetc knows"
            };
            assert!(outcome.stderr.contains(reason), "{model_name}: {}", outcome.stderr);
            continue;
        }
        outcome.success();
        let file = TensorFile::open(place.path().join("g.npz")).unwrap();
        assert_eq!(file.names().count(), network.parameters().tensors().len(), "{model_name}");
        for tensor in network.parameters().tensors() {
            assert_eq!(file.shape(&tensor.name), Some(&tensor.shape[..]), "{model_name}: {}", tensor.name);
        }
        written += 1;
    }
    assert!(written > 30, "only {written} models have gradients");
}
