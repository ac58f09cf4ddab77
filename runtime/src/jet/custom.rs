//! Nodes that the library's user defines.

use std::fmt::Debug;

use jetc_combinatorics::Rational;
use jetc_operators::algebra::JetAlgebra;

use super::Jet;

/// A smooth function of whole feature vectors, with its own propagation rule.
///
/// The rule is written with the arithmetic of [`Jet`]: products, elementwise functions, linear combinations. It is called
/// for one point at a time, in double precision whatever the evaluation runs in, and every channel of the result may
/// depend on every channel of the inputs. An elementwise function needs less: see
/// [`Activation::Custom`](crate::Activation).
///
/// For derivatives in reverse ([`Differentiator`](crate::Differentiator)) a node implements [`PullBack`], too, and hands
/// itself out by [`Self::pull_back`].
///
/// # Example: the squared norm of a vector
/// ```
/// use jetc_operators::algebra::JetAlgebra;
/// use jetc_runtime::network::CustomNode;
/// use jetc_runtime::jet::Jet;
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
/// Its way back is in the example of [`PullBack`].
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

    /// The way back through the node, where it has one; by default it has none, and networks with it are evaluated but not
    /// differentiated. A node that implements [`PullBack`] returns `Some(self)`.
    fn pull_back(&self) -> Option<&dyn PullBack> {
        None
    }
}

/// The way back through a [`CustomNode`], point by point in double precision.
///
/// | notation | name |
/// |---|---|
/// | A, with channels ε₀ = 1 … ε_{d−1} | the algebra |
/// | y = f(x₁, x₂ …) | the jet of the result, from those of the inputs: [`CustomNode::propagate`] |
/// | ⟨u, ū⟩ = Σ over channels c and features i of u_ci ū_ci | a value and a cotangent |
/// | ȳ | the cotangents of the result: ȳ_ci = ∂L/∂y_ci for what is differentiated, L |
/// | dy = Σₖ Gₖ dxₖ, Gₖ over A | the derivative of f at the inputs |
/// | x̄ₖ = Gₖᵀ ȳ | the cotangents of input k |
///
/// *The law.* ⟨dy, ȳ⟩ = Σₖ ⟨dxₖ, x̄ₖ⟩ for all jets dxₖ. Since f is computed in the algebra, so is its derivative: an entry of
/// Gₖ is a jet m by which dx is multiplied, and its transpose is [`Jet::multiply_transposed`], not a product with m. To see
/// whether a pull-back obeys the law, give [`CustomNode::propagate`] inputs over
/// [`JetAlgebra::with_dual_number`]: jets of x + dx δ give y + dy δ. Or compare with differences of
/// [`CustomNode::propagate`].
///
/// *Detached outputs.* A feature that counts as constant (a sign, a position, a number of items) has dy = 0: its cotangents
/// are not read, whatever they are.
///
/// # Example: the squared norm of a vector
/// y = Σᵢ xᵢ², so dy = Σᵢ 2xᵢ dxᵢ and x̄ᵢ = (2xᵢ)ᵀ ȳ.
/// ```
/// use jetc_operators::{OperatorSpec, Strategy, algebra::JetAlgebra};
/// use jetc_runtime::network::{CustomNode, PullBack};
/// use jetc_runtime::{Differentiator, GraphBuilder, Gradients, jet::Jet};
///
/// #[derive(Debug)]
/// struct SquaredNorm;
///
/// impl CustomNode for SquaredNorm {
///     # fn name(&self) -> &str {
///     #     "squared-norm"
///     # }
///     # fn features(&self, inputs: &[usize]) -> Result<usize, String> {
///     #     if inputs.len() == 1 { Ok(1) } else { Err("takes one input".to_owned()) }
///     # }
///     # fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64> {
///     #     let square = inputs[0].multiply(&inputs[0], algebra);
///     #     square.map_channels(|features| vec![features.iter().sum()])
///     # }
///     // As above, and:
///     fn pull_back(&self) -> Option<&dyn PullBack> {
///         Some(self)
///     }
/// }
///
/// impl PullBack for SquaredNorm {
///     fn cotangents(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>], result: &Jet<f64>) -> Vec<Jet<f64>> {
///         let x = &inputs[0];
///         let twice = x.map_channels(|features| features.iter().map(|x| 2.0 * x).collect());
///         let everywhere = result.map_channels(|features| vec![features[0]; x.features()]);
///         vec![twice.multiply_transposed(&everywhere, algebra)]
///     }
/// }
///
/// // r = Δ|x|⁴ = 16 |x|² in two dimensions, so ∂r/∂x = 32 x.
/// let mut graph = GraphBuilder::<f64>::new(2);
/// let input = graph.input();
/// let norm = graph.custom(std::sync::Arc::new(SquaredNorm), &[input])?;
/// let fourth = graph.multiply(norm, norm)?;
/// let network = graph.build(fourth)?;
/// let yaml = "coordinates: {space: [x, y]}\noutputs: {r: lap(u)}\n";
/// let plan = OperatorSpec::from_yaml("laplacian", yaml)?.plan(Strategy::Minimal)?;
/// let differentiator = Differentiator::<f64>::new(&plan, &network)?;
/// let mut gradient = [0.0; 2];
/// let gradients = Gradients { points: Some(&mut gradient), ..Gradients::default() };
/// differentiator.vjp(&[3.0, -1.0], &[1.0], gradients)?;
/// assert_eq!(gradient, [96.0, -32.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait PullBack {
    /// x̄ₖ for every input, at one point.
    ///
    /// Shapes: `inputs` are what [`CustomNode::propagate`] gets; `result` is ȳ, with as many channels as the algebra and as
    /// many features as the result, zero for channels that nothing reads. The answer has one jet for each input, with the
    /// channels and features of that input. An input that is given twice gets two answers, which are added up.
    fn cotangents(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>], result: &Jet<f64>) -> Vec<Jet<f64>>;
}

/// Two nodes are the same if they are one object.
impl PartialEq for dyn CustomNode {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self, other)
    }
}
