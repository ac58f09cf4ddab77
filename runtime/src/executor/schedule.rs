//! The network as a list of steps over buffers, prepared once for all batches.

use std::borrow::Cow;

use jetc_operators::Plan;
use jetc_operators::algebra::{ChannelId, JetAlgebra};
use jetc_operators::passes::Forms;

use super::constants::{self, Constant, Constants, constants};
use super::place::{Keep, Place, place};
use super::reduction::{Layer, Reduced};
use super::rules::{Affine, Elementwise, Product, Rule};
use super::step::{Step, StepBuilder};
use super::verify;
use crate::bare::ProductShape;
use crate::cache;
use crate::element::Scalar;
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::math::InstructionSet;
use crate::network::{Network, NodeId};

/// Points of a group, for which first layers run ahead: as many rows as make the reading of the weights worth it.
pub(crate) const GROUP: usize = 256;

/// Everything that does not depend on the points.
#[derive(Debug)]
pub(crate) struct Schedule<T> {
    pub(crate) steps: Vec<Step<T>>,
    places: Vec<Place>,
    constants: Vec<Constants<T>>,
    /// Numbers per point in each buffer.
    pub(crate) buffers: Vec<usize>,
    /// For nodes of the library's user.
    pub(crate) algebra: JetAlgebra,
    inputs: usize,
    output: NodeId,
}

impl<T: Float> Schedule<T> {
    /// `forms` are those of the plan on the network. Weights are converted layer by layer: there is never a second copy of the network.
    pub(crate) fn new<S: Scalar + Into<f64> + Copy>(
        plan: &Plan,
        network: &Network<S>,
        forms: &[Forms],
        reduced: Option<&Reduced>,
        keep: Keep,
        set: InstructionSet,
    ) -> Self {
        let constants = constants(plan, network, forms, reduced, set);
        let (places, buffers) = place(network, forms, keep);
        debug_assert_eq!(verify::forwards(network, &places, &buffers, keep == Keep::All), Ok(()));
        let (inputs, output) = (network.inputs(), network.output());
        let mut builder = StepBuilder::new(plan, forms, set);
        let convert = |&weight: &S| T::from_f64(weight.into());
        let steps = network.nodes().filter_map(|(id, node)| builder.step(id, node, &convert));
        let steps = steps.collect();
        let algebra = plan.algebra().clone();
        let mut schedule = Self { steps, places, constants, buffers, algebra, inputs, output };
        if keep == Keep::WhileRead {
            schedule.send_ahead();
        }
        schedule
    }

    fn send_ahead(&mut self) {
        let ahead: Vec<bool> = self.steps.iter().map(|step| self.is_ahead(step)).collect();
        let ahead = self.steps.iter_mut().zip(ahead).filter_map(|(step, ahead)| ahead.then_some(step));
        for (number, step) in ahead.enumerate() {
            step.ahead = Some(number);
        }
    }

    /// Whether the step multiplies the points by weights that the second-level cache cannot keep.
    fn is_ahead(&self, step: &Step<T>) -> bool {
        let Rule::Affine(Affine { input: NodeId::INPUT, weights, .. }) = &step.rule else { return false };
        let bytes = weights.features() * weights.inner() * size_of::<T>();
        self.place(step.node).channels.len() == 1 && bytes > cache::second_level()
    }

    /// Takes other derived numbers of the network.
    pub(crate) fn refill(&mut self, plan: (&Plan, Option<&Reduced>), derived: &[T]) {
        for step in &mut self.steps {
            step.rule.refill(derived);
        }
        constants::refill(plan, &self.steps, &mut self.constants);
    }

    /// The first layers of a plan that is reduced, for other derived numbers of the network.
    pub(crate) fn first_layers<'z>(&self, derived: &'z [T]) -> Vec<Layer<'z, T>> {
        let layer = |step: &Step<T>| {
            let Rule::Affine(Affine { input: NodeId::INPUT, weights, origin, .. }) = &step.rule else {
                return None;
            };
            let inputs = weights.inner();
            let entries = match origin {
                Some(origin) => Cow::Borrowed(&derived[*origin..][..weights.features() * inputs]),
                // A weight that is no parameter stays as it is.
                None => Cow::Owned(weights.entries()),
            };
            Some(Layer { node: step.node, entries, inputs })
        };
        self.steps.iter().filter_map(layer).collect()
    }

    /// Features of the steps that run ahead.
    pub(crate) fn features_ahead(&self) -> impl Iterator<Item = usize> {
        let steps = self.steps.iter().filter(|step| step.ahead.is_some());
        steps.map(|step| self.place(step.node).features)
    }

    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    pub(crate) fn place(&self, node: NodeId) -> &Place {
        &self.places[node.index()]
    }

    pub(crate) fn constant(&self, node: NodeId, channel: ChannelId) -> Option<&Constant<T>> {
        self.constants[node.index()].get(&channel)
    }

    /// The node whose value the readouts read.
    pub(crate) fn output(&self) -> NodeId {
        self.output
    }

    /// The step of a node.
    pub(crate) fn step(&self, node: NodeId) -> Option<&Step<T>> {
        let found = self.steps.binary_search_by_key(&node, |step| step.node).ok()?;
        Some(&self.steps[found])
    }

    /// The products of affine steps.
    pub(crate) fn products(&self) -> Vec<ProductShape> {
        let shape = |step: &Step<T>| {
            let Rule::Affine(Affine { weights, .. }) = &step.rule else { return None };
            let Place { channels, features, .. } = self.place(step.node);
            let (inputs, outputs) = (weights.inner(), weights.features());
            // One weight may serve several blocks of features.
            let blocks = features.checked_div(outputs)?;
            Some(ProductShape { rows: channels.len() * blocks, inputs, outputs })
        };
        self.steps.iter().filter_map(shape).collect()
    }

    /// What all buffers take for one point.
    pub(crate) fn bytes_per_point(&self) -> usize {
        self.buffers.iter().sum::<usize>() * size_of::<T>()
    }

    /// The programs of all elementwise functions and products.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &CompiledProgram<T>> {
        self.steps.iter().filter_map(|step| match &step.rule {
            Rule::Elementwise(Elementwise { program, .. }) | Rule::Product(Product { program, .. }) => {
                Some(&**program)
            }
            _ => None,
        })
    }
}
