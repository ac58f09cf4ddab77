//! The parameters of a model file: the tensors that it names, and weights that it writes out.

use super::{network, network_with};
use crate::network::Network;
use crate::network::alike::assert_parameters;

type Shapes<'a> = &'a [(&'a str, &'a [usize])];

/// The network of a file whose tensors have these shapes, and numbers by `seed`.
fn read(shapes: Shapes<'_>, layers: &str, seed: f64) -> Network<f64> {
    let numbers: Vec<Vec<f64>> = (0u8..)
        .zip(shapes)
        .map(|(tensor, (_, shape))| {
            let count = shape.iter().product::<usize>();
            let number = |at: u8| 0.3 + (seed + f64::from(tensor) * 1.7 + f64::from(at) * 0.9).sin().powi(2);
            (0u8..).take(count).map(number).collect()
        })
        .collect();
    let tensors: Vec<_> =
        shapes.iter().zip(&numbers).map(|((name, shape), numbers)| (*name, *shape, &numbers[..])).collect();
    let yaml = format!("weights: w.safetensors\ninputs: 2\nlayers: {layers}\n");
    network_with(&tensors, &yaml).unwrap_or_else(|error| panic!("{layers}: {error}"))
}

/// Fails unless all tensors of the file are parameters, but for those that are called constants.
fn assert_read(shapes: Shapes<'_>, layers: &str, constants: &[&str]) -> Network<f64> {
    let (network, other) = (read(shapes, layers, 1.0), read(shapes, layers, 2.0));
    // The mean and variance of a batch normalisation are no parameters: they are the same in both files.
    let is_constant = |(name, _): &&(&str, &[usize])| constants.contains(name);
    let parameters: Vec<_> = shapes.iter().filter(|tensor| !is_constant(tensor)).copied().collect();
    if constants.is_empty() {
        assert_parameters(layers, &network, &other, &parameters, constants);
    } else {
        let numbers: Vec<f64> = network.parameters().values().iter().map(|number| number * 1.5).collect();
        let other = network.with_parameters(&numbers).unwrap();
        assert_parameters(layers, &network, &other, &parameters, constants);
    }
    network
}

#[test]
fn the_parameters_of_a_file_are_its_tensors() {
    let plain = assert_read(&[("fc.weight", &[3, 2]), ("fc.bias", &[3])], "[{linear: fc}, tanh]", &[]);
    assert!(plain.prelude().is_none());
    let flax = assert_read(&[("fc.kernel", &[2, 3]), ("fc.bias", &[3])], "[{linear: fc}]", &[]);
    assert_eq!(flax.prelude().map(Network::outputs), Some(9));
    assert_read(
        &[("fc.weight_v", &[3, 2]), ("fc.weight_g", &[3, 1]), ("fc.bias", &[3])],
        "[{linear: fc}]",
        &[],
    );
    assert_read(&[("v", &[3, 2]), ("g", &[1])], "[{linear: {direction: v, scale: g}}]", &[]);
    assert_read(&[("v", &[3, 2]), ("s", &[3])], "[{linear: {factorised: {v: v, s: s}}}]", &[]);
    assert_read(
        &[("v", &[2, 3]), ("g", &[3])],
        "[{linear: {factorised: {v: v, g: g}, transpose: true}}]",
        &[],
    );
    assert_read(&[("n.weight", &[2]), ("n.bias", &[2])], "[{layer-norm: n}]", &[]);
    assert_read(&[("n.weight", &[2])], "[{rms-norm: n}]", &[]);
    assert_read(&[("a", &[]), ("b", &[2])], "[{scale: a}, {shift: b}, tanh]", &[]);
    assert_read(&[("B", &[3, 2])], "[{fourier: {matrix: B, scale: 2*pi}}]", &[]);
    assert_read(&[("s", &[3])], "[{concat: [[], {constant: s}]}]", &[]);
    assert_read(&[("W", &[2, 3, 2])], "[{linear: {weight: 'W[1]'}}]", &[]);
}

#[test]
fn gates_and_blocks_name_their_tensors() {
    let shapes: Shapes<'_> =
        &[("u.weight", &[2, 2]), ("v.weight", &[2, 2]), ("h.weight", &[2, 2]), ("alpha", &[2])];
    assert_read(
        &shapes[..3],
        "[{gated: {encoders: [{linear: u}, {linear: v}], layers: [{linear: h}]}}]",
        &[],
    );
    let block = |number| format!("{{layers: [[{{linear: h}}, tanh]], alpha: 'alpha[{number}]'}}");
    let layers = format!(
        "[{{piratenet: {{encoders: [{{linear: u}}, {{linear: v}}], blocks: [{}, {}]}}}}]",
        block(0),
        block(1)
    );
    let of: Vec<String> =
        read(shapes, &layers, 1.0).parameters().tensors().iter().map(|tensor| tensor.name.clone()).collect();
    assert_eq!(of, ["h.weight", "alpha"], "blocks of one list have no gate");
    let gated = layers.replace("layers: [[", "layers: [[{linear: h}, sin], [");
    let (network, other) = (read(shapes, &gated, 1.0), read(shapes, &gated, 2.0));
    let order: Vec<_> = network
        .parameters()
        .tensors()
        .iter()
        .map(|tensor| (tensor.name.as_str(), &tensor.shape[..]))
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    let mut expected = shapes.to_vec();
    expected.sort_unstable();
    assert_eq!(sorted, expected);
    assert_parameters("piratenet", &network, &other, &order, &[]);
}

#[test]
fn what_describes_the_data_is_no_parameter() {
    let shapes: Shapes<'_> = &[
        ("fc.weight", &[3, 2]),
        ("n.running_mean", &[3]),
        ("n.running_var", &[3]),
        ("n.weight", &[3]),
        ("n.bias", &[3]),
        ("n.num_batches_tracked", &[]),
    ];
    let constants = ["n.running_mean", "n.running_var", "n.num_batches_tracked"];
    let network = assert_read(shapes, "[{linear: fc}, {batch-norm: n}]", &constants);
    assert_eq!(network.nodes().len(), 2, "one affine map");
    let shapes: Shapes<'_> = &[("fc.weight", &[3, 2]), ("mean", &[2]), ("std", &[2])];
    let layers = "[{normalise: {mean: mean, std: std}}, {linear: fc}]";
    let network = assert_read(shapes, layers, &["mean", "std"]);
    assert_eq!(network.nodes().len(), 2, "one affine map");
    let shapes: Shapes<'_> = &[("fc.weight", &[3, 4]), ("B", &[2, 2])];
    let layers = "[{fourier: {matrix: B, fixed: true}}, {linear: fc}]";
    assert_read(shapes, layers, &["B"]);
}

#[test]
fn numbers_that_are_written_out_are_parameters_if_they_are_weights() {
    let layers = "[{scale: 2}, {linear: {weight: [[1, 2]], bias: [3]}}, {residual: [{linear: {weight: [[4]]}}]}, \
        {layer-norm: {weight: [5], bias: [6]}}]";
    let network = network(&format!("inputs: 2\nlayers: {layers}\n")).unwrap();
    let parameters = network.parameters();
    let names: Vec<&str> = parameters.tensors().iter().map(|tensor| tensor.name.as_str()).collect();
    let expected = [
        "layers[1].linear.weight",
        "layers[1].linear.bias",
        "layers[2].residual.layers[0].linear.weight",
        "layers[3].layer-norm.weight",
        "layers[3].layer-norm.bias",
    ];
    assert_eq!(names, expected);
    assert_eq!(parameters.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}
