//! Where the operations of a network have derivatives.

use super::{Network, NodeId, Operation};
use crate::activation::Smoothness;

impl<S> Operation<S> {
    /// Where it has derivatives. A node of one's own is taken for smooth, and so is a maximum that counts as constant.
    pub fn smoothness(&self) -> Smoothness {
        match self {
            Self::Elementwise { activation, .. } => activation.smoothness(),
            Self::Maximum { detached: false, .. } | Self::Select { .. } => {
                Smoothness::Piecewise { degree: Some(1) }
            }
            Self::Compare { .. } => Smoothness::Piecewise { degree: Some(0) },
            _ => Smoothness::Smooth,
        }
    }
}

impl<S> Network<S> {
    /// The nodes that are not smooth everywhere.
    pub fn rough_nodes(&self) -> impl Iterator<Item = (NodeId, Smoothness)> {
        let nodes = self.nodes().map(|(id, node)| (id, node.operation.smoothness()));
        nodes.filter(|(_, smoothness)| *smoothness != Smoothness::Smooth)
    }
}
