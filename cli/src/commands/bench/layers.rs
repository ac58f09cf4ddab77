//! A network from `--layers`, with random weights.
//!
//! Affine maps between the widths and one activation between them. Weights and biases are uniform in ±1/√inputs, as
//! PyTorch starts them, and the same in every run: times do not depend on them, as long as nothing overflows.

use anyhow::{bail, ensure};
use jetc_operators::{OperatorSpec, counted, printable};
use jetc_runtime::{Activation, Matrix, Network};

use super::random::uniform;

/// Most features behind the inputs.
const MOST_FEATURES: usize = 1 << 16;

/// Most weights and biases: a gigabyte in double precision.
const MOST_PARAMETERS: u128 = 1 << 27;

/// The width of the hidden layers where none is given.
const USUAL: usize = 64;

/// What is asked for where neither a model nor layers are: three layers of 64 for this operator.
pub(super) fn usual(spec: &OperatorSpec) -> Vec<usize> {
    let outputs = spec.fields.as_ref().map_or(1, Vec::len);
    vec![spec.coordinates.len(), USUAL, USUAL, USUAL, outputs]
}

/// Whether widths make a network of a size that can be measured.
pub(super) fn check(widths: &[usize]) -> anyhow::Result<()> {
    ensure!(
        widths.len() >= 2,
        "--layers has {} width; it takes two or more, from the inputs to the outputs, such as 3,64,64,1",
        widths.len()
    );
    if let Some(position) = widths.iter().position(|&width| width == 0) {
        bail!("--layers: width {} is 0; every layer has at least one feature", position + 1);
    }
    if let Some(width) = widths[1..].iter().find(|&&width| width > MOST_FEATURES) {
        bail!(
            "--layers: {width} features are too many for one layer; the limit is {MOST_FEATURES} behind the inputs"
        );
    }
    let parameters = widths.windows(2).map(|pair| (pair[0] as u128 + 1) * pair[1] as u128).sum::<u128>();
    ensure!(
        parameters <= MOST_PARAMETERS,
        "--layers makes {parameters} parameters; the limit is {MOST_PARAMETERS}, so narrow the layers"
    );
    Ok(())
}

/// Whether widths that the user gave fit the operator.
pub(super) fn check_operator(widths: &[usize], spec: &OperatorSpec) -> anyhow::Result<()> {
    let (first, last, coordinates) = (widths[0], widths[widths.len() - 1], spec.coordinates.len());
    ensure!(
        first == coordinates,
        "--layers starts with {first} but the operator `{}` has {}; start it with {coordinates}, or change the \
         operator's dimension",
        printable(&spec.name),
        counted(coordinates, "coordinate")
    );
    if let Some(fields) = spec.fields.as_ref().map(Vec::len).filter(|&fields| fields != last) {
        bail!(
            "--layers ends in {last} but the operator `{}` names {}; end it in {fields}",
            printable(&spec.name),
            counted(fields, "field")
        );
    }
    Ok(())
}

/// The network; widths are checked.
pub(super) fn network(widths: &[usize], activation: Activation) -> anyhow::Result<Network<f64>> {
    let mut builder = Network::builder(widths[0]);
    let mut numbers = uniform(1);
    for (layer, pair) in widths.windows(2).enumerate() {
        if layer > 0 {
            builder = builder.elementwise(activation);
        }
        #[allow(clippy::cast_precision_loss, reason = "a width is far below 2^53")]
        let scale = 1.0 / (pair[0] as f64).sqrt();
        let mut next =
            |count: usize| -> Vec<f64> { numbers.by_ref().take(count).map(|x| scale * x).collect() };
        let weight = Matrix::from_row_major(pair[1], pair[0], next(pair[0] * pair[1]));
        builder = builder.affine(weight.expect("as many entries as its shape says"), Some(next(pair[1])));
    }
    Ok(builder.build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_widths_are_refused_with_a_remedy() {
        let trillion = 1_000_000_000_000;
        let cases = [
            (&[3][..], "two or more"),
            (&[], "two or more"),
            (&[3, 0, 1], "width 2 is 0"),
            (&[0, 1], "width 1 is 0"),
            (&[3, trillion, 1], "the limit is 65536"),
            (&[trillion, 1], "narrow the layers"),
            (&[usize::MAX, 60_000, 60_000, 1], "narrow the layers"),
        ];
        for (widths, expected) in cases {
            let message = check(widths).unwrap_err().to_string();
            assert!(message.contains(expected), "{widths:?}: {message}");
        }
        check(&[50, 768, 768, 512, 512, 1]).unwrap();
        check(&[100_000, 128, 1]).unwrap();
    }

    #[test]
    fn a_network_has_the_widths_asked_for() {
        let network = network(&[3, 8, 2], Activation::Tanh).unwrap();
        assert_eq!(network.topology().widths(), "3 → 8 → 2");
        assert_eq!(network.trainable_numbers(), 3 * 8 + 8 + 8 * 2 + 2);
    }
}
