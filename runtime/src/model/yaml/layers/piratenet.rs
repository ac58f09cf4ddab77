//! PirateNet (Wang, Li, Chen, Perdikaris, J. Mach. Learn. Res. 25 (2024)): gated blocks with an adaptive residual connection.
//!
//! With the encoders U, V of x, each block is f = F(h); z = f ⊙ U + (1 − f) ⊙ V; g = G(z); z = g ⊙ U + (1 − g) ⊙ V;
//! h ← α H(z) + (1 − α) h. Of its layers F, G, … H the last stands before the residual connection, a gate follows each other.

use jetc_operators::record;

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Layer, Transform};
use super::super::start::Start;
use super::super::tensor_files::TensorFiles;
use super::gated::{Encoders, Gate};
use crate::network::TensorId;

record! {
    /// A PirateNet.
    pub(in super::super) struct PirateNet {
        /// The layers of U, and those of V.
        encoders: Encoders = "encoders",
        /// The blocks.
        blocks: Vec<Block> = "blocks",
    }
}

record! {
    /// A PirateNet block.
    pub(super) struct Block {
        /// Lists of layers; a gate follows each but the last.
        layers: Vec<Layer> = "layers",
        /// α, how much the block counts: a number or a tensor, such as `alpha` or `alpha[0]`; without it, the place of the block is its name.
        alpha: Option<Numbers> = "alpha",
    }
}

impl Transform for PirateNet {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        self.encoders.inputs(weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let gate = self.encoders.gate(x, context);
        self.blocks.iter().enumerate().fold(x, |h, (number, block)| {
            context.within(&format!(".blocks[{number}]"), |context| block.apply(h, gate, context))
        })
    }
}

impl Block {
    fn apply(&self, h: Option<TensorId>, gate: Option<Gate>, context: &mut Context<'_>) -> Option<TensorId> {
        let place = || Numbers::named(context.place_name("alpha"), context.place);
        let alpha = self.alpha.clone().unwrap_or_else(place);
        context.begin_numbers(&alpha, &[], Start::Constant(0.0));
        let alpha = context.scalar(&alpha, Role::Named);
        let mut z = h;
        for (number, layer) in self.layers.iter().enumerate() {
            z = layer.apply_within(&format!(".layers[{number}]"), z, context);
            if number + 1 < self.layers.len() {
                z = gate.zip(z).and_then(|(gate, z)| gate.apply(z, context));
            }
        }
        let (alpha, h, z) = (alpha?, h?, z?);
        context.attempt(|graph| {
            let one = graph.scalar(1.0);
            let rest = graph.subtract(one, alpha)?;
            let (block, around) = (graph.multiply(alpha, z)?, graph.multiply(rest, h)?);
            graph.add(block, around)
        })
    }
}
