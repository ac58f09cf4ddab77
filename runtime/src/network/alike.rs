//! Networks that are equal but for rounding, for tests.

use super::Network;

/// The network without its numbers, and the numbers: those of the operations and those of the parameters.
fn taken_apart(network: &Network<f64>) -> (Network<()>, Vec<f64>) {
    let mut numbers = network.parameters().values().to_vec();
    for (_, node) in network.nodes() {
        node.operation.number_lists().into_iter().for_each(|list| numbers.extend_from_slice(list));
    }
    (network.map(|_| ()), numbers)
}

/// Fails unless both networks have the same operations, parameters and origins, and numbers that are equal to rounding.
pub(crate) fn assert_alike(what: &str, found: &Network<f64>, expected: &Network<f64>) {
    let ((found, of_found), (expected, of_expected)) = (taken_apart(found), taken_apart(expected));
    // Custom nodes are compared by name.
    for ((id, found), (_, expected)) in found.nodes().zip(expected.nodes()) {
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{what}, node {id:?}");
    }
    assert_eq!(found.nodes().len(), expected.nodes().len(), "{what}");
    assert_eq!(found.parameters(), expected.parameters(), "{what}");
    assert!(found.prelude() == expected.prelude(), "{what}: the preludes differ");
    for (found, expected) in of_found.iter().zip(&of_expected) {
        let bound = 1e-13 * (1.0 + expected.abs());
        assert!((found - expected).abs() <= bound, "{what}: {found} is not {expected}");
    }
}

/// Fails unless `read` has these parameters, becomes itself with its own numbers, and becomes `other`, which was read from
/// other numbers, with the numbers of that.
pub(crate) fn assert_parameters(
    what: &str,
    read: &Network<f64>,
    other: &Network<f64>,
    parameters: &[(&str, &[usize])],
    constants: &[&str],
) {
    let of = read.parameters();
    let tensors: Vec<(&str, &[usize])> =
        of.tensors().iter().map(|tensor| (tensor.name.as_str(), &tensor.shape[..])).collect();
    assert_eq!(tensors, parameters, "{what}");
    let mut found: Vec<&str> = of.constants().iter().map(|constant| constant.name.as_str()).collect();
    let mut constants = constants.to_vec();
    found.sort_unstable();
    constants.sort_unstable();
    assert_eq!(found, constants, "{what}");
    assert_ne!(of.values(), other.parameters().values(), "{what}: the other numbers are others");
    assert_alike(what, &read.with_parameters(of.values()).unwrap(), read);
    assert_alike(what, &read.with_parameters(other.parameters().values()).unwrap(), other);
    if read.prelude().is_none() {
        assert_eq!(&read.with_parameters(of.values()).unwrap(), read, "{what}: copies are exact");
        assert_eq!(
            &read.with_parameters(other.parameters().values()).unwrap(),
            other,
            "{what}: copies are exact"
        );
    }
}
