//! Networks that begin without weights: shapes, distributions, and the file that they are read from again.

use jetc_operators::document::Document;

use super::super::start::{Begun, Start, begin};
use super::{network_with, values};

/// Every layer whose tensors can begin.
const LAYERS: &str = "
  - normalise: {lower: [-1, 0], upper: [1, 2]}
  - fourier: {features: 3, std: 2, scale: pi}
  - {linear: {out: 5}}
  - tanh
  - linear: {name: fc, out: 4, gain: sqrt(1/4)}
  - layer-norm: n
  - linear: {out: 4, factorised: true}
  - linear: {direction: V, scale: g, bias: b, out: 4}
  - rms-norm: {weight: r}
  - piratenet:
      encoders: [[{linear: {out: 4}}, tanh], [{linear: {name: v, out: 4, factorised: true}}, tanh]]
      blocks:
        - {layers: [[{linear: {out: 4}}, tanh], [{linear: {out: 4}}, tanh], [{linear: {out: 4}}]]}
        - {layers: [[{linear: {weight: W, transpose: true, out: 4}}]], alpha: a}
  - linear: {out: 2}
";

/// Numbers that are all different: 1, −1, 1/2, −1/2, … of what they may be.
fn begun(yaml: &str) -> Result<Begun, String> {
    let (mut at, mut sign) = (1.0, -1.0);
    let mut draw = |start| {
        sign = -sign;
        at += f64::midpoint(sign, 1.0);
        match start {
            Start::Constant(value) => value,
            Start::Uniform { bound } => sign * bound / at,
            Start::Normal { mean, deviation } => mean + sign * deviation / at,
        }
    };
    let document = Document::parse("net.yaml", yaml).map_err(|error| error.to_string())?;
    begin(&document, &mut draw).map_err(|error| error.to_string())
}

#[test]
fn every_tensor_begins_with_its_distribution() {
    let begun = begun(&format!("inputs: [x, y]\nlayers:{LAYERS}")).unwrap();
    let tensor = |name: &str| {
        let found = begun.tensors.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no {name}")).1
    };
    // The first number is 1/2 of the deviation, the next −1/2, then ±1/3.
    let matrix = tensor("layers[1].fourier.matrix");
    assert_eq!((&matrix.shape[..], &matrix.data[..3]), (&[3, 2][..], &[1.0, -1.0, 2.0 / 3.0][..]));
    let shapes: [(&str, &[usize], f64); 14] = [
        ("layers[2].linear.weight", &[5, 6], (6.0f64 / 11.0).sqrt()),
        ("layers[2].linear.bias", &[5], 0.0),
        ("fc.weight", &[4, 5], (6.0f64 / 9.0).sqrt() / 2.0),
        ("fc.bias", &[4], 0.0),
        ("n.weight", &[4], 1.0),
        ("n.bias", &[4], 0.0),
        ("layers[6].linear.s", &[4], 1.1),
        ("V", &[4, 4], (6.0f64 / 8.0).sqrt()),
        ("b", &[4], 0.0),
        ("r", &[4], 1.0),
        ("v.bias", &[4], 0.0),
        ("layers[9].piratenet.blocks[0].layers[2][0].linear.bias", &[4], 0.0),
        ("layers[9].piratenet.blocks[0].alpha", &[], 0.0),
        ("a", &[], 0.0),
    ];
    for (name, shape, bound) in shapes {
        let tensor = tensor(name);
        assert_eq!(tensor.shape, shape, "{name}");
        assert!(tensor.data.iter().all(|number| number.abs() <= bound), "{name} {:?}", tensor.data);
        assert!(!name.ends_with("weight") || tensor.data.iter().any(|&number| number != 0.0), "{name}");
    }
    // diag(exp s) V is what a plain weight would be: its entries are ± bound / k.
    let (v, s) = (tensor("layers[6].linear.v"), tensor("layers[6].linear.s"));
    for (row, s) in v.data.chunks(4).zip(&s.data) {
        for entry in row {
            let part = (6.0f64 / 8.0).sqrt() / (entry * s.exp()).abs();
            assert!((part - part.round()).abs() < 1e-9 && part > 1.5, "{part}");
        }
    }
    // g are the norms of the rows of V.
    for (row, g) in tensor("V").data.chunks(4).zip(&tensor("g").data) {
        let norm = row.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!((norm - g).abs() < 1e-15, "{norm} {g}");
    }
    assert!(!begun.tensors.iter().any(|(name, _)| name.ends_with("transpose")));
    assert_eq!(tensor("W").shape, [4, 4]);
}

#[test]
fn a_file_without_weights_begins_and_is_read_again() {
    let begun = begun(&format!("inputs: [x, y]\nlayers:{LAYERS}")).unwrap();
    let tensors: Vec<_> = begun
        .tensors
        .iter()
        .map(|(name, tensor)| (name.as_str(), &tensor.shape[..], &tensor.data[..]))
        .collect();
    let again = network_with(&tensors, &format!("weights: w.safetensors\ninputs: [x, y]\nlayers:{LAYERS}"));
    let again = again.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.parameters(), begun.network.parameters());
    // All tensors are parameters.
    assert_eq!(again.parameters().tensors().len(), begun.tensors.len());
    let point = [0.3, 1.2];
    assert_eq!(values(&again, &point), values(&begun.network, &point));
}

#[test]
fn a_tensor_that_is_named_twice_begins_once() {
    let begun = begun(
        "{inputs: 2, layers: [{linear: {name: a, out: 2}}, tanh, {linear: {name: a, out: 2}}, {linear: a}]}",
    );
    assert_eq!(begun.unwrap().tensors.len(), 2);
}

#[test]
fn what_cannot_begin_is_shown_with_what_to_do() {
    for (layers, places) in [
        (
            "[{linear: fc1}, tanh, {linear: fc2}]",
            vec![
                "2:19: error[unknown-tensor]: there is no tensor `fc1.weight`",
                "2:40: error[unknown-tensor]: there is no tensor `fc2.weight`",
                "`linear: {out: 64}`",
            ],
        ),
        ("[{linear: {out: 0}}]", vec!["error[too-large]: a layer gives 1 to 1048576 features"]),
        ("[{linear: {out: 3, name: fc, weight: W}}]", vec!["either a `name` or names of its tensors"]),
        ("[{linear: {}}]", vec!["either `weight`, or `direction` and `scale`, or `factorised`, or `out`"]),
        ("[{fourier: {scale: 2}}]", vec!["`features`: how many frequencies"]),
        (
            "[{fourier: {features: 2, matrix: [[1, 2]]}}]",
            vec!["`features: 2`, but the matrix has shape [1, 2]"],
        ),
        ("[{linear: {out: 3, weight: [[1, 2]]}}]", vec!["`out: 3`, but the weight has shape [1, 2]"]),
        (
            "[{linear: {name: a, out: 3}}, {linear: {name: a, out: 3}}]",
            vec!["the weight has shape [3, 2], but what comes in has shape [3]"],
        ),
        ("[{linear: {out: 100000}}, {linear: {out: 100000}}]", vec!["begin with at most 16777216 numbers"]),
    ] {
        let found = begun(&format!("inputs: 2\nlayers: {layers}\n")).map(|_| ()).unwrap_err();
        for place in places {
            assert!(found.contains(place), "{layers}: {found}");
        }
    }
}
