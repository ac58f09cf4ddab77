//! Nodes that the library's user defines.

use std::fmt::Debug;

use jetc_combinatorics::Rational;
use jetc_operators::algebra::JetAlgebra;

use crate::reference::Jet;

/// A smooth function of whole feature vectors, with its own propagation rule.
///
/// The rule is written with the arithmetic of [`Jet`]: products, elementwise functions, linear combinations. It is called
/// for one point at a time, in double precision whatever the evaluation runs in, and every channel of the result may
/// depend on every channel of the inputs. An elementwise function needs less: see
/// [`Activation::Custom`](crate::Activation).
///
/// # Example: the squared norm of a vector
/// ```
/// use jetc_operators::algebra::JetAlgebra;
/// use jetc_runtime::network::CustomNode;
/// use jetc_runtime::reference::Jet;
///
/// #[derive(Debug)]
/// struct SquaredNorm;
///
/// impl CustomNode for SquaredNorm {
///     fn name(&self) -> &str {
///         "squared-norm"
///     }
///     fn features(&self, inputs: &[usize]) -> Result<usize, String> {
///         if inputs.len() == 1 { Ok(1) } else { Err("takes one input".to_owned()) }
///     }
///     fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64> {
///         let square = inputs[0].multiply(&inputs[0], algebra);
///         square.map_channels(|features| vec![features.iter().sum()])
///     }
/// }
/// ```
pub trait CustomNode: Debug + Send + Sync {
    /// What to call it in print.
    fn name(&self) -> &str;

    /// How many features the result has, from the number of features of each input.
    ///
    /// # Errors
    /// Why the node does not take such inputs.
    fn features(&self, inputs: &[usize]) -> Result<usize, String>;

    /// The jet of the result at one point.
    fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64>;

    /// The same in exact arithmetic, for a node that can be computed in it; by default nothing.
    fn propagate_exactly(&self, algebra: &JetAlgebra, inputs: &[Jet<Rational>]) -> Option<Jet<Rational>> {
        let _ = (algebra, inputs);
        None
    }
}

/// Two nodes are the same if they are one object.
impl PartialEq for dyn CustomNode {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self, other)
    }
}
