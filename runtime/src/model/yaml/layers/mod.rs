//! The kinds of layers.

mod word;

mod linear;
mod weight;
mod scale;
mod normalise;
mod layer_norm;
mod batch_norm;

mod fourier;
mod periodic;

mod branches;
mod residual;
mod gated;
mod piratenet;

mod constant;
mod reshape;
mod slice;

pub(super) use word::Word;

use super::layer::Kind;

/// Every kind that is a mapping with one key.
pub(super) const KINDS: &[Kind] = &[
    Kind::new::<linear::Linear>("linear"),
    Kind::new::<scale::Scale>("scale"),
    Kind::new::<scale::Shift>("shift"),
    Kind::new::<normalise::Normalise>("normalise"),
    Kind::new::<layer_norm::LayerNorm>("layer-norm"),
    Kind::new::<layer_norm::RmsNorm>("rms-norm"),
    Kind::new::<batch_norm::BatchNorm>("batch-norm"),
    Kind::new::<fourier::Fourier>("fourier"),
    Kind::new::<periodic::Periodic>("periodic"),
    Kind::new::<branches::Concat>("concat"),
    Kind::new::<branches::Add>("add"),
    Kind::new::<branches::Multiply>("multiply"),
    Kind::new::<residual::Residual>("residual"),
    Kind::new::<gated::Gated>("gated"),
    Kind::new::<piratenet::PirateNet>("piratenet"),
    Kind::new::<constant::Constant>("constant"),
    Kind::new::<reshape::Reshape>("reshape"),
    Kind::new::<slice::Slice>("slice"),
];
