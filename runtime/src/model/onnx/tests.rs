//! Rules of the batch axis and of functions, on models made here.

use std::path::{Path, PathBuf};

use super::error::{BoundaryProblem, NodeProblem, OnnxError};
use super::import::import;
use super::proto::{
    Attribute, Dim, Function, Graph, Model, Node, Opset, Shape, TensorProto, TensorType, Type, ValueInfo,
};
use super::tensor::{self, Numbers};
use crate::network::Network;
use crate::network::alike::{assert_alike, assert_parameters};

const FREE: i64 = -1;

fn value(name: &str, dims: &[i64]) -> ValueInfo {
    let dims = dims.iter().map(|&dim| Dim { value: (dim != FREE).then_some(dim) }).collect();
    let tensor = TensorType { element_type: 11, shape: Some(Shape { dims }) };
    ValueInfo { name: name.to_owned(), kind: Some(Type { tensor: Some(tensor) }) }
}

/// `Add x y -> z`, with whole numbers and lists of them as attributes: `axis=1`, `perm=1,0`.
fn node(text: &str) -> Node {
    let (call, output) = text.split_once(" -> ").unwrap();
    let mut words = call.split(' ');
    let op_type = words.next().unwrap().to_owned();
    let (attributes, inputs): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('='));
    let attribute = |text: &str| {
        let (name, value) = text.split_once('=').unwrap();
        let ints: Vec<i64> = value.split(',').map(|entry| entry.parse().unwrap()).collect();
        Attribute { name: name.to_owned(), int: ints.first().copied(), ints, ..Attribute::default() }
    };
    Node {
        inputs: inputs.into_iter().map(str::to_owned).collect(),
        outputs: vec![output.to_owned()],
        op_type,
        attributes: attributes.into_iter().map(attribute).collect(),
        ..Node::default()
    }
}

fn whole(name: &str, entries: &[i64]) -> TensorProto {
    TensorProto {
        dims: vec![entries.len().cast_signed() as i64],
        element_type: 7,
        longs: entries.to_vec(),
        name: name.to_owned(),
        ..TensorProto::default()
    }
}

fn model(input: &[i64], nodes: &[&str], initializers: Vec<TensorProto>) -> Model {
    let graph = Graph {
        nodes: nodes.iter().map(|text| node(text)).collect(),
        initializers,
        inputs: vec![value("x", input)],
        outputs: vec![value("u", &[])],
    };
    let opsets = vec![Opset { domain: String::new(), version: 17 }];
    Model { graph: Some(graph), opsets, ..Model::default() }
}

fn read(input: &[i64], nodes: &[&str], initializers: Vec<TensorProto>) -> Result<Network<f64>, OnnxError> {
    import(&model(input, nodes, initializers), Path::new("."))
}

fn mixes_points(result: Result<Network<f64>, OnnxError>) -> bool {
    let problem = NodeProblem::MixesPoints { axis: 0 };
    match result {
        Err(OnnxError::Node { problem: found, .. }) => found.to_string() == problem.to_string(),
        _ => false,
    }
}

#[test]
fn reductions_over_the_batch_are_refused_and_others_are_not() {
    let over = |axis| read(&[FREE, 3], &[&format!("ReduceMean x axes={axis} -> u")], Vec::new());
    assert!(mixes_points(over(0)));
    assert!(mixes_points(over(-2)));
    assert_eq!(over(1).unwrap().outputs(), 1);
    let softmax = |axis| read(&[FREE, 3], &[&format!("Softmax x axis={axis} -> u")], Vec::new());
    assert!(mixes_points(softmax(0)) && softmax(1).is_ok());
}

#[test]
fn a_model_of_one_point_is_applied_to_each_point() {
    let network = read(&[1, 3], &["ReduceMean x axes=0 -> u"], Vec::new()).unwrap();
    assert_eq!((network.inputs(), network.outputs()), (3, 3));
    let network = read(&[3], &["ReduceSum x keepdims=0 -> u"], Vec::new()).unwrap();
    assert_eq!((network.inputs(), network.outputs()), (3, 1));
}

#[test]
fn heads_are_split_off_the_batch_and_positions_are_joined_with_it() {
    // [N, 2·3] → [N·2, 3] → [2·N, 3] with the axes exchanged, as positions come before points.
    let nodes = [
        "Reshape x three -> heads",
        "ReduceSum heads last keepdims=1 -> sums",
        "Reshape x split -> points",
        "Transpose points perm=1,0,2 -> positions",
        "Reshape positions three -> rows",
        "Reshape rows joined -> again",
        "Transpose again perm=1,0,2 -> back",
        "Reshape back six -> flat",
        "Reshape sums two -> pairs",
        "Concat flat pairs axis=1 -> u",
    ];
    let constants = vec![
        whole("three", &[-1, 3]),
        whole("last", &[1]),
        whole("split", &[-1, 2, 3]),
        whole("joined", &[2, -1, 3]),
        whole("six", &[-1, 6]),
        whole("two", &[-1, 2]),
    ];
    let network = read(&[FREE, 6], &nodes, constants).unwrap();
    assert_eq!((network.inputs(), network.outputs()), (6, 8));
}

#[test]
fn shapes_that_tear_the_batch_apart_are_refused() {
    let result = read(&[FREE, 6], &["Reshape x shape -> u"], vec![whole("shape", &[6, -1])]);
    assert!(matches!(result, Err(OnnxError::Node { problem: NodeProblem::BatchShape, .. })), "{result:?}");
}

#[test]
fn points_are_not_combined_with_each_other() {
    let nodes = ["Transpose x perm=1,0 -> t", "MatMul x t -> u"];
    assert!(matches!(
        read(&[FREE, 1], &nodes, Vec::new()),
        Err(OnnxError::Node { problem: NodeProblem::BatchAxes, .. })
    ));
    let nodes = ["Transpose x perm=1,0 -> t", "Add x t -> u"];
    assert!(matches!(
        read(&[FREE, 1], &nodes, Vec::new()),
        Err(OnnxError::Node { problem: NodeProblem::BatchAxes, .. })
    ));
}

#[test]
fn a_fixed_batch_is_free_where_nothing_contradicts() {
    let reshape = ["Reshape x shape -> u"];
    let network = read(&[5, 4], &reshape, vec![whole("shape", &[5, 2, 2])]).unwrap();
    assert_eq!((network.inputs(), network.outputs()), (4, 4));
    let result = read(&[5, 4], &reshape, vec![whole("shape", &[2, 10])]);
    assert!(matches!(result, Err(OnnxError::Node { problem: NodeProblem::BatchShape, .. })), "{result:?}");
}

#[test]
fn the_length_of_the_batch_may_be_computed_with() {
    let nodes = ["Shape x -> s", "Gather s zero -> n", "Concat n two axis=0 -> t", "Reshape x t -> u"];
    let constants = vec![whole("zero", &[0]), whole("two", &[2, 2])];
    assert_eq!(read(&[FREE, 4], &nodes, constants).unwrap().outputs(), 4);
    let nodes = ["Shape x -> s", "Add s s -> t", "Cast t to=11 -> u"];
    let result = read(&[FREE, 4], &nodes, Vec::new());
    assert!(matches!(result, Err(OnnxError::Node { problem: NodeProblem::BatchSize, .. })), "{result:?}");
}

#[test]
fn two_free_axes_are_refused() {
    let result = read(&[FREE, FREE], &["Tanh x -> u"], Vec::new());
    let problem = BoundaryProblem::FreeAxes { first: 0, second: 1 };
    assert!(matches!(result, Err(OnnxError::Input { problem: found, .. }) if found == problem));
}

#[test]
fn the_order_of_nodes_does_not_matter_and_cycles_are_found() {
    let sorted = read(&[FREE, 2], &["Tanh x -> h", "Sin h -> u"], Vec::new()).unwrap();
    assert_eq!(read(&[FREE, 2], &["Sin h -> u", "Tanh x -> h"], Vec::new()).unwrap(), sorted);
    let cycle = read(&[FREE, 2], &["Add x u -> h", "Sin h -> u"], Vec::new());
    assert!(matches!(cycle, Err(OnnxError::Cycle { .. })), "{cycle:?}");
}

#[test]
fn functions_that_call_themselves_end() {
    let mut model = model(&[FREE, 2], &["F x -> u"], Vec::new());
    let mut twice = node("F a -> b");
    twice.domain = "local".to_owned();
    let function = Function {
        name: "F".to_owned(),
        domain: "local".to_owned(),
        inputs: vec!["a".to_owned()],
        outputs: vec!["b".to_owned()],
        nodes: vec![twice],
        ..Function::default()
    };
    model.functions.push(function);
    if let Some(graph) = &mut model.graph {
        graph.nodes[0].domain = "local".to_owned();
    }
    let result = import(&model, Path::new("."));
    assert!(matches!(result, Err(OnnxError::Recursion { .. })), "{result:?}");
}

fn reals(name: &str, dims: &[i64], entries: &[f64]) -> TensorProto {
    TensorProto {
        dims: dims.to_vec(),
        element_type: 11,
        doubles: entries.to_vec(),
        name: name.to_owned(),
        ..TensorProto::default()
    }
}

#[test]
fn stored_tensors_are_parameters_under_their_names() {
    // A weight that is stored transposed, scaled by a square; an exponent, a bound and a shape, which are constants.
    let nodes = [
        "Transpose W perm=1,0 -> T",
        "Mul s s -> square",
        "Mul T square -> weight",
        "MatMul x weight -> product",
        "Add product b -> h",
        "PRelu h slope -> p",
        "Pow p exponent -> power",
        "Clip power low -> clipped",
        "Reshape clipped shape -> u",
    ];
    let model = |shift: f64| {
        let entries = |list: &[f64]| list.iter().map(|entry| entry + shift).collect::<Vec<_>>();
        let tensors = vec![
            reals("low", &[], &[0.1]),
            reals("b", &[2], &entries(&[0.5, 0.25])),
            reals("W", &[2, 3], &entries(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
            reals("s", &[], &entries(&[2.0])),
            reals("slope", &[1], &entries(&[0.25])),
            reals("exponent", &[], &[3.0]),
            whole("shape", &[-1, 2]),
        ];
        read(&[FREE, 3], &nodes, tensors).unwrap()
    };
    let parameters: [(&str, &[usize]); 4] = [("W", &[2, 3]), ("s", &[]), ("b", &[2]), ("slope", &[1])];
    assert_parameters("a model", &model(0.0), &model(1.5), &parameters, &["low", "exponent", "shape"]);
    assert_eq!(model(0.0).prelude().map(Network::outputs), Some(6 + 2 + 2));
}

#[test]
fn statistics_of_a_batch_normalisation_are_no_parameters() {
    let of = |name: &str, shift: f64| reals(name, &[3], &[1.0 + shift, 2.0 + shift, 0.5 + shift]);
    let model = |shift: f64| {
        let tensors = vec![of("gamma", shift), of("beta", shift), of("mean", 0.0), of("variance", 0.0)];
        let nodes = ["MatMul x W -> h", "BatchNormalization h gamma beta mean variance -> u"];
        let weight = reals("W", &[2, 3], &[1.0, 2.0, 3.0 + shift, 4.0, 5.0, 6.0]);
        read(&[FREE, 2], &nodes, [vec![weight], tensors].concat()).unwrap()
    };
    let parameters: [(&str, &[usize]); 3] = [("W", &[2, 3]), ("gamma", &[3]), ("beta", &[3])];
    assert_parameters("a model", &model(0.0), &model(0.5), &parameters, &["mean", "variance"]);
    assert_eq!(model(0.0).nodes().len(), 2, "one affine map");
}

/// The models that the tests of the workspace are run on.
fn models() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/models");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let folders = entries(&folder).into_iter().filter(|path| path.is_dir() && !path.ends_with("hostile"));
    let mut files: Vec<PathBuf> = folders.flat_map(|folder| entries(&folder)).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "onnx"));
    files.sort();
    files
}

#[test]
fn models_with_other_parameters_are_those_of_other_files() {
    let files = models();
    assert!(!files.is_empty(), "there are models");
    for file in files {
        let (name, folder) = (file.display().to_string(), file.parent().unwrap());
        let mut model = super::read::read(&file).unwrap();
        let read = import(&model, folder).unwrap();
        let of = read.parameters();
        let mut found: Vec<&str> = of.tensors().iter().map(|tensor| tensor.name.as_str()).collect();
        found.extend(of.constants().iter().map(|constant| constant.name.as_str()));
        found.sort_unstable();
        let stored = &mut model.graph.as_mut().unwrap().initializers;
        let mut names: Vec<&str> = stored.iter().map(|tensor| tensor.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(found, names, "{name}");
        for tensor in stored.iter_mut() {
            let Some((parameter, numbers)) = of.get(&tensor.name) else { continue };
            let read = tensor::read(tensor, folder).unwrap();
            assert_eq!(
                (read.shape, read.numbers),
                (parameter.shape.clone(), Numbers::Real(numbers.to_vec()))
            );
            let other: Vec<f64> = numbers.iter().map(|number| 0.9 * number + 0.01).collect();
            *tensor = reals(&tensor.name, &tensor.dims, &other);
        }
        let other = import(&model, folder).unwrap();
        assert_alike(&name, &read.with_parameters(of.values()).unwrap(), &read);
        assert_alike(&name, &read.with_parameters(other.parameters().values()).unwrap(), &other);
    }
}

#[test]
fn numbers_of_the_program_are_no_parameters() {
    let tensors = vec![
        reals("val_3", &[], &[0.5]),
        reals("scalar_tensor_default", &[1], &[2.0]),
        reals("val_4", &[2], &[1.0, 2.0]),
        reals("alpha", &[], &[3.0]),
    ];
    let nodes =
        ["Mul x val_3 -> a", "Add a scalar_tensor_default -> b", "Mul b val_4 -> c", "Mul c alpha -> u"];
    let network = read(&[FREE, 2], &nodes, tensors).unwrap();
    let names = |tensors: Vec<&String>| tensors.into_iter().cloned().collect::<Vec<_>>();
    let parameters = network.parameters();
    let mut found = names(parameters.tensors().iter().map(|tensor| &tensor.name).collect());
    found.sort();
    assert_eq!(found, ["alpha", "val_4"]);
    let constants = names(parameters.constants().iter().map(|constant| &constant.name).collect());
    assert_eq!(constants, ["scalar_tensor_default", "val_3"]);
}

#[test]
fn bytes_in_memory_are_read_like_a_file() {
    use prost::Message;

    let model = model(&[FREE, 3], &["Tanh x -> h", "ReduceMean h axes=1 -> u"], Vec::new());
    let bytes = model.encode_to_vec();
    let read = Network::from_onnx_bytes("export", &bytes).unwrap();
    assert_eq!(read, import(&model, Path::new(".")).unwrap());
    let error = Network::from_onnx_bytes("export", &bytes[..bytes.len() - 3]).unwrap_err();
    assert!(error.to_string().starts_with("export: "), "{error}");
}
