//! What the channels of all nodes keep to; verified for every analysis, in debug builds.
//!
//! 1. Every node has its forms.
//! 2. Channels are those of the algebra.
//! 3. A channel is the same at every point or not; the value, where it is needed, is not.
//!
//! Checked by `a_broken_analysis_is_found`.

use super::Forms;
use crate::algebra::{ChannelId, JetAlgebra};
use crate::topology::Topology;

/// A rule that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// There are more forms than nodes, or fewer.
    Count,
    /// The node with this position has a channel that the algebra does not have.
    Unknown(usize, ChannelId),
    /// A channel is in both sets.
    Both(usize, ChannelId),
    /// The value is the same at every point.
    ConstantValue(usize),
}

/// The first rule that is broken.
pub(super) fn verify(forms: &[Forms], topology: &Topology, algebra: &JetAlgebra) -> Result<(), Broken> {
    if forms.len() != topology.nodes().len() {
        return Err(Broken::Count);
    }
    for (position, Forms { point, constant }) in forms.iter().enumerate() {
        let mut channels = point.union(constant);
        if let Some(&channel) = channels.find(|channel| channel.index() >= algebra.dimension()) {
            return Err(Broken::Unknown(position, channel));
        }
        if let Some(&channel) = point.intersection(constant).next() {
            return Err(Broken::Both(position, channel));
        }
        if constant.contains(&ChannelId::VALUE) {
            return Err(Broken::ConstantValue(position));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::passes::analyse;
    use crate::spec::Options;
    use crate::strategy::Strategy;

    #[test]
    fn a_broken_analysis_is_found() {
        let options = Options { dimension: Some(2), ..Options::default() };
        let spec = builtin::find("laplacian").unwrap().spec(&options).unwrap();
        let plan = spec.plan(Strategy::Minimal).unwrap();
        let topology = Topology::usual(2);
        let found = |break_it: &dyn Fn(&mut Vec<Forms>)| {
            let mut forms = analyse(&plan, &topology);
            break_it(&mut forms);
            verify(&forms, &topology, plan.algebra())
        };
        let (seed, unknown) = (ChannelId::new(1), ChannelId::new(plan.algebra().dimension()));
        assert_eq!(found(&|_| {}), Ok(()));
        assert_eq!(found(&|forms| forms.truncate(3)), Err(Broken::Count));
        let beyond = found(&|forms| forms[2].point.extend([unknown]));
        assert_eq!(beyond, Err(Broken::Unknown(2, unknown)));
        assert_eq!(found(&|forms| forms[0].point.extend([seed])), Err(Broken::Both(0, seed)));
        let value = found(&|forms| {
            forms[1].point.clear();
            forms[1].constant.extend([ChannelId::VALUE]);
        });
        assert_eq!(value, Err(Broken::ConstantValue(1)));
    }
}
