//! A few points forwards and back, on one thread.

use jetc_operators::Plan;
use jetc_operators::passes::analyse;

use super::{Layout, Sums, Tape};
use crate::element::Scalar;
use crate::executor::place::Keep;
use crate::executor::readout::Outputs;
use crate::executor::reduction::Reduced;
use crate::executor::rules::{Chunk, Cotangents};
use crate::executor::run;
use crate::executor::schedule::Schedule;
use crate::executor::workspace::Workspace;
use crate::float::Float;
use crate::kernel::aligned::Aligned;
use crate::math::InstructionSet;
use crate::network::{Network, NodeId};

/// Everything that a leaf needs and no thread changes.
#[derive(Debug)]
pub(crate) struct Passes<T> {
    pub(crate) schedule: Schedule<T>,
    pub(crate) outputs: Outputs<T>,
    pub(crate) tape: Tape<T>,
    pub(crate) layout: Layout<T>,
    pub(crate) set: InstructionSet,
}

/// Buffers of one thread.
#[derive(Debug)]
pub(crate) struct Leaf<T: 'static> {
    forward: Workspace<T>,
    /// One for each buffer of the tape.
    cotangents: Vec<Aligned<T>>,
    /// Cotangents on their way to be added to others.
    added: Aligned<T>,
    /// Derivatives of the formulas, one column for each of their nodes.
    formula: Vec<f64>,
    /// Cotangents of the results.
    columns: Vec<T>,
}

impl<T: Float> Leaf<T> {
    /// For so many points.
    pub(crate) fn new(passes: &Passes<T>, points: usize) -> Self {
        let Passes { schedule, outputs, tape, .. } = passes;
        let programs = schedule.programs().chain(tape.programs());
        Self {
            forward: Workspace::with_programs(schedule, outputs, points, programs),
            cotangents: tape.buffers.iter().map(|&size| Aligned::zeros(size * points)).collect(),
            added: Aligned::zeros(tape.largest_added() * points),
            formula: vec![0.0; outputs.scratch(points)],
            columns: vec![T::ZERO; outputs.width() * points],
        }
    }
}

impl<T: Float> Passes<T> {
    /// For a plan, which may be reduced, on a network; `has_names`: whether the columns of the results have names.
    pub(crate) fn new<S: Scalar + Into<f64> + Copy>(
        (plan, reduced): (&Plan, Option<&Reduced>),
        network: &Network<S>,
        has_names: bool,
        set: InstructionSet,
    ) -> Self {
        let forms = analyse(plan, &network.topology());
        let schedule = Schedule::new(plan, network, &forms, reduced, Keep::All, set);
        let outputs = Outputs::new(plan, &schedule, has_names);
        let tape = Tape::new(plan, network, &forms, set);
        let layout = Layout::new((plan, reduced), &forms, &schedule, network.derived_len());
        Self { schedule, outputs, tape, layout, set }
    }

    /// Bytes that one point takes.
    pub(crate) fn bytes_per_point(&self) -> usize {
        let numbers = self.tape.buffers.iter().sum::<usize>() + self.tape.largest_added();
        let formulas = 2 * self.outputs.scratch(1) * size_of::<f64>();
        self.schedule.bytes_per_point() + numbers * size_of::<T>() + formulas
    }

    /// Takes other derived numbers of the network.
    pub(crate) fn refill(&mut self, (plan, reduced): (&Plan, Option<&Reduced>), derived: &[T]) {
        self.schedule.refill((plan, reduced), derived);
        self.outputs.refill(&self.schedule);
        self.tape.refill(derived);
        self.layout.refill((plan, reduced), &self.schedule);
    }

    /// The results at some points.
    pub(crate) fn forward(&self, points: &[T], results: &mut [T], leaf: &mut Leaf<T>) {
        run::chunk(&self.schedule, self.set, points, 0, &mut leaf.forward);
        self.outputs.write(&self.schedule, points, &mut leaf.forward, results);
    }

    /// From the cotangents of the results, shape \[points, columns\], to sums, after [`Self::forward`] at the same points.
    pub(crate) fn backward(
        &self,
        points: &[T],
        columns: &[T],
        points_cotangents: Option<&mut [T]>,
        leaf: &mut Leaf<T>,
        mut into: Recipient<'_, T>,
    ) {
        let Self { schedule, tape, set, .. } = self;
        let count = points.len() / schedule.inputs().max(1);
        let Leaf { forward, cotangents, added, formula, .. } = leaf;
        let Workspace { buffers, tools, formula: values, .. } = forward;
        let mut of_points = points_cotangents;
        let has_points = of_points.is_some();
        let is_idle = |node: NodeId| !has_points && tape.is_for_points(node);
        let output = schedule.output();
        let unknowns = into.unknowns();
        let pulled = tape.place(output).map(|place| (place, &mut cotangents[place.buffer.0][..]));
        let chunk = Chunk { schedule, set: *set, points, count, buffers };
        self.outputs.pull(&chunk, columns, pulled, (of_points.as_deref_mut(), unknowns), [values, formula]);
        for index in (0..=output.index()).rev() {
            let node = NodeId::new(index);
            let Some(place) = tape.place(node).filter(|_| !is_idle(node)) else { continue };
            let values = std::mem::take(&mut cotangents[place.buffer.0]);
            let of_node = Cotangents { place, values: &values[..place.size(count)], count };
            if node == NodeId::INPUT {
                if let Some(of_points) = of_points.as_deref_mut() {
                    for (sum, &entry) in of_points.iter_mut().zip(of_node.values) {
                        *sum += entry;
                    }
                }
            } else if let Some(step) = schedule.step(node) {
                match &mut into {
                    Recipient::Unknowns(_) => {}
                    Recipient::One(sums, _) => {
                        step.rule.accumulate(&chunk, of_node, 0..count, sums, &mut tools.packed);
                        self.layout.accumulate(node, of_node, 0..count, sums);
                    }
                    Recipient::Each(sums, length) => {
                        for (p, sums) in sums.chunks_exact_mut((*length).max(1)).take(count).enumerate() {
                            step.rule.accumulate(&chunk, of_node, p..p + 1, sums, &mut tools.packed);
                            self.layout.accumulate(node, of_node, p..p + 1, sums);
                        }
                    }
                    Recipient::Products(tangent, sums) => {
                        step.rule.dot(&chunk, of_node, tangent, sums);
                        self.layout.dot(node, of_node, tangent, sums);
                    }
                }
                for pull in tape.pulls(node) {
                    let input = pull.adjoint.input;
                    let Some(to) = tape.place(input).filter(|_| !is_idle(input)) else { continue };
                    let target = &mut cotangents[to.buffer.0][..to.size(count)];
                    if pull.adds {
                        let added = &mut added[..to.size(count)];
                        pull.adjoint.pull(&step.rule, &chunk, of_node, to, added, tools);
                        for (sum, &entry) in target.iter_mut().zip(added.iter()) {
                            *sum += entry;
                        }
                    } else {
                        pull.adjoint.pull(&step.rule, &chunk, of_node, to, target, tools);
                    }
                }
            }
            cotangents[place.buffer.0] = values;
        }
    }

    /// The results of a leaf, and what follows from cotangents that a function makes of them and whose loss it returns.
    pub(crate) fn both(
        &self,
        points: &[T],
        results: &mut [T],
        points_cotangents: Option<&mut [T]>,
        cotangent: impl FnOnce(&[T], &mut [T]) -> f64,
        leaf: &mut Leaf<T>,
        sums: &mut Sums<T>,
    ) {
        self.forward(points, results, leaf);
        let mut columns = std::mem::take(&mut leaf.columns);
        let of_results = &mut columns[..results.len()];
        sums.loss += cotangent(results, of_results);
        if sums.numbers.is_none() && points_cotangents.is_none() && sums.unknowns.is_empty() {
            leaf.columns = columns;
            return;
        }
        let into = match &mut sums.numbers {
            Some(numbers) => Recipient::One(numbers, &mut sums.unknowns),
            None => Recipient::Unknowns(&mut sums.unknowns),
        };
        self.backward(points, of_results, points_cotangents, leaf, into);
        leaf.columns = columns;
    }
}

/// Where the sums of a leaf go.
#[derive(Debug)]
pub(crate) enum Recipient<'a, T> {
    /// The sums of the unknowns alone.
    Unknowns(&'a mut [f64]),
    /// One set of sums for all points, and one of the unknowns'.
    One(&'a mut [T], &'a mut [f64]),
    /// One for each point, each of so many numbers.
    Each(&'a mut [T], usize),
    /// For each point its product with a tangent, which has one number for each derived number.
    Products(&'a [T], &'a mut [T]),
}

impl<T> Recipient<'_, T> {
    fn unknowns(&mut self) -> &mut [f64] {
        match self {
            Self::One(_, unknowns) | Self::Unknowns(unknowns) => unknowns,
            Self::Each(..) | Self::Products(..) => &mut [],
        }
    }
}
