//! What every topology keeps to; each one is verified when it is built, in debug builds.
//!
//! 1. The first node is the input, and no other one is.
//! 2. A node reads nodes that come before it.
//! 3. An elementwise function has as many features as its input.
//!
//! Checked by `a_broken_topology_is_found`.

use super::{Node, Operation};

/// A rule that a node breaks, by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// There is no first node, or it is no input, or another one is.
    Input(usize),
    /// It reads a node that does not come before it.
    NotBefore(usize),
    /// It has other features than its input.
    Features(usize),
}

/// The first rule that is broken.
pub(super) fn verify(nodes: &[Node]) -> Result<(), Broken> {
    if nodes.is_empty() {
        return Err(Broken::Input(0));
    }
    for (position, node) in nodes.iter().enumerate() {
        let is_input = matches!(node.operation, Operation::Input);
        if is_input != (position == 0) {
            return Err(Broken::Input(position));
        }
        if node.inputs().iter().any(|&input| input >= position) {
            return Err(Broken::NotBefore(position));
        }
        if let Operation::Elementwise { input } = node.operation
            && nodes[input].features != node.features
        {
            return Err(Broken::Features(position));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Topology;

    fn nodes() -> Vec<Node> {
        Topology::multilayer(&[2, 5, 1], "tanh").nodes().to_vec()
    }

    #[test]
    fn a_broken_topology_is_found() {
        let found = |position: usize, operation| {
            let mut nodes = nodes();
            nodes[position].operation = operation;
            verify(&nodes)
        };
        // input, affine, tanh, affine
        assert_eq!(verify(&nodes()), Ok(()));
        assert_eq!(verify(&[]), Err(Broken::Input(0)));
        assert_eq!(found(2, Operation::Input), Err(Broken::Input(2)));
        assert_eq!(found(0, Operation::Linear { inputs: vec![] }), Err(Broken::Input(0)));
        assert_eq!(found(2, Operation::Product { left: 1, right: 2 }), Err(Broken::NotBefore(2)));
        assert_eq!(found(1, Operation::Linear { inputs: vec![3] }), Err(Broken::NotBefore(1)));
        assert_eq!(found(2, Operation::Elementwise { input: 0 }), Err(Broken::Features(2)));
        assert_eq!(found(3, Operation::Linear { inputs: vec![] }), Ok(()));
    }

    #[test]
    #[should_panic = "NotBefore(1)"]
    #[cfg(debug_assertions)]
    fn a_broken_topology_cannot_be_built() {
        let mut nodes = nodes();
        nodes.swap(1, 2);
        let _ = Topology::new(nodes);
    }
}
