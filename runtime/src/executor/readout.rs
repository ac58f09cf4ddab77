//! From the channels of the network's output to the columns of the results, and back.

use jetc_operators::algebra::ChannelId;
use jetc_operators::{Plan, Pointwise, PointwiseId};

use super::formula::{Formulas, Leaf};
use super::rules::{Chunk, CotangentPlace};
use super::schedule::Schedule;
use super::workspace::Workspace;
use super::{EvaluationError, OutputColumn};
use crate::float::Float;

/// The outputs of a plan on a network of known width.
#[derive(Debug)]
pub(crate) struct Outputs<T> {
    /// Without names none.
    columns: Vec<OutputColumn>,
    /// How many there are.
    width: usize,
    /// The readout and the network output of every linear part, for each component in turn.
    parts: Vec<Part<T>>,
    /// One component for each output of the network if the operator names no fields, else one.
    components: usize,
    formulas: Formulas,
    unknowns: Vec<String>,
    /// Linear outputs read their part directly: the position of the part, by output.
    linear: Vec<Option<usize>>,
    roots: Vec<PointwiseId>,
}

/// One linear part: where its channels are, with their weights.
#[derive(Debug)]
struct Part<T> {
    field: usize,
    /// Position among the stacked channels, weight.
    channels: Vec<(usize, T)>,
    /// What channels contribute that are the same at every point, by network output.
    constant: Vec<T>,
    /// All channels, with their weights.
    functional: Vec<(ChannelId, T)>,
}

impl<T: Float> Outputs<T> {
    /// Without names where there may be very many columns.
    pub(crate) fn new(plan: &Plan, schedule: &Schedule<T>, has_names: bool) -> Self {
        let place = schedule.place(schedule.output());
        let components = if plan.fields().is_some() { 1 } else { place.features };
        let parts = plan.parts().iter().map(|part| {
            let mut channels = Vec::new();
            let mut constant = vec![T::ZERO; place.features];
            let mut functional = Vec::new();
            for (channel, weight) in plan.readouts()[part.readout].functional.iter() {
                let weight = T::from_rational(weight);
                functional.push((*channel, weight));
                if let Ok(position) = place.channels.binary_search(channel) {
                    channels.push((position, weight));
                } else if let Some(values) = schedule.constant(schedule.output(), *channel) {
                    for (sum, &value) in constant.iter_mut().zip(&values.values) {
                        *sum += weight * value;
                    }
                }
            }
            Part { field: part.field, channels, constant, functional }
        });
        let as_linear = |id: PointwiseId| match &plan.pointwise()[id.index()] {
            Pointwise::LinearPart(part) => Some(part.index()),
            _ => None,
        };
        Self {
            columns: if has_names { columns(plan, components) } else { Vec::new() },
            width: plan.outputs().len() * components,
            parts: parts.collect(),
            components,
            formulas: Formulas::new(plan.pointwise()),
            unknowns: plan.unknowns().to_vec(),
            linear: plan.outputs().iter().map(|output| as_linear(output.formula)).collect(),
            roots: plan.outputs().iter().map(|output| output.formula).collect(),
        }
    }

    /// Takes what the channels of the output contribute that are the same at every point, after these have changed.
    pub(crate) fn refill(&mut self, schedule: &Schedule<T>) {
        for part in &mut self.parts {
            part.constant.fill(T::ZERO);
            for (channel, weight) in &part.functional {
                let Some(values) = schedule.constant(schedule.output(), *channel) else { continue };
                for (sum, &value) in part.constant.iter_mut().zip(&values.values) {
                    *sum += *weight * value;
                }
            }
        }
    }

    pub(crate) fn columns(&self) -> &[OutputColumn] {
        &self.columns
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn unknowns(&self) -> &[String] {
        &self.unknowns
    }

    /// Values for the unknowns, in their order.
    pub(crate) fn set_unknowns(&mut self, values: &[f64]) -> Result<(), EvaluationError> {
        let (found, expected) = (values.len(), self.unknowns.len());
        if found != expected {
            return Err(EvaluationError::Length { what: "the list of unknowns", found, expected });
        }
        self.formulas.unknowns = values.to_vec();
        Ok(())
    }

    /// The values of the unknowns, if they have some.
    pub(crate) fn unknown_values(&self) -> &[f64] {
        &self.formulas.unknowns
    }

    /// An error where unknowns have no values.
    pub(crate) fn check_unknowns(&self) -> Result<(), EvaluationError> {
        if self.formulas.unknowns.len() == self.unknowns.len() {
            return Ok(());
        }
        Err(EvaluationError::Unknowns { names: self.unknowns.clone() })
    }

    /// Doubles of scratch for a chunk.
    pub(crate) fn scratch(&self, chunk: usize) -> usize {
        if self.linear.iter().all(Option::is_some) { 0 } else { self.formulas.len() * chunk }
    }

    /// Writes the results of a chunk, row-major \[points, columns\].
    pub(crate) fn write(
        &self,
        schedule: &Schedule<T>,
        points: &[T],
        workspace: &mut Workspace<T>,
        results: &mut [T],
    ) {
        let count = results.len() / self.width;
        let place = schedule.place(schedule.output());
        let Workspace { buffers, formula, .. } = workspace;
        let values: &[T] = match place.buffer {
            Some(buffer) => &buffers[buffer.0],
            // The network is its own input, or no channel of it is live.
            None => points,
        };
        let read = |part: usize, component: usize, point: usize| {
            self.read(part, component, point, [count, place.features], values)
        };
        let width = self.width;
        for component in 0..self.components {
            if formula.len() >= self.formulas.len() * count && !formula.is_empty() {
                let coordinate =
                    |index: usize, point: usize| points[point * schedule.inputs() + index].to_f64();
                let part = |part: usize, point: usize| read(part, component, point).to_f64();
                self.formulas.evaluate(count, coordinate, part, formula);
            }
            for (output, linear) in self.linear.iter().enumerate() {
                let column = output * self.components + component;
                for point in 0..count {
                    results[point * width + column] = match linear {
                        Some(part) => read(*part, component, point),
                        None => T::from_f64(formula[self.roots[output].index() * count + point]),
                    };
                }
            }
        }
    }

    /// A linear part at a point; `values` are the channels of the output, `count` points and `features` of each.
    fn read(
        &self,
        part: usize,
        component: usize,
        point: usize,
        [count, features]: [usize; 2],
        values: &[T],
    ) -> T {
        let part = &self.parts[part];
        let feature = part.field + component;
        part.channels.iter().fold(part.constant[feature], |sum, &(position, weight)| {
            sum + weight * values[(position * count + point) * features + feature]
        })
    }

    /// From the cotangents of a chunk's results, row-major \[points, columns\], to those of the network's output, where it has
    /// some, and of the points themselves and the unknowns, which are added up. `values` and `slopes` are scratch.
    pub(crate) fn pull(
        &self,
        chunk: &Chunk<'_, T>,
        columns: &[T],
        output: Option<(&CotangentPlace, &mut [T])>,
        (mut points, unknowns): (Option<&mut [T]>, &mut [f64]),
        [values, slopes]: [&mut [f64]; 2],
    ) {
        let (count, inputs, width) = (chunk.count, chunk.schedule.inputs(), self.width);
        let place = chunk.schedule.place(chunk.schedule.output());
        let of_output = chunk.buffer(place);
        let mut output = output.map(|(to, target)| {
            target[..to.size(count)].fill(T::ZERO);
            (to, target)
        });
        let mut add = |part: usize, component: usize, point: usize, cotangent: T| {
            let Some((to, target)) = &mut output else { return };
            let part = &self.parts[part];
            for (channel, weight) in &part.functional {
                if let Ok(position) = to.channels.binary_search(channel) {
                    let at = (position * count + point) * to.features + part.field + component;
                    target[at] += *weight * cotangent;
                }
            }
        };
        for component in 0..self.components {
            let column = |output: usize| output * self.components + component;
            for (output, part) in self.linear.iter().enumerate() {
                let Some(part) = part else { continue };
                for point in 0..count {
                    add(*part, component, point, columns[point * width + column(output)]);
                }
            }
            if self.scratch(1) == 0 {
                continue;
            }
            let coordinate = |index: usize, point: usize| chunk.points[point * inputs + index].to_f64();
            let part = |part: usize, point: usize| {
                self.read(part, component, point, [count, place.features], of_output).to_f64()
            };
            self.formulas.evaluate(count, coordinate, part, values);
            slopes[..self.formulas.len() * count].fill(0.0);
            for (output, root) in self.roots.iter().enumerate().filter(|&(o, _)| self.linear[o].is_none()) {
                for point in 0..count {
                    slopes[root.index() * count + point] += columns[point * width + column(output)].to_f64();
                }
            }
            self.formulas.pull(count, values, slopes, |leaf, point, cotangent| match leaf {
                Leaf::Part(part) => add(part, component, point, T::from_f64(cotangent)),
                Leaf::Unknown(index) => {
                    if let Some(sum) = unknowns.get_mut(index) {
                        *sum += cotangent;
                    }
                }
                Leaf::Coordinate(index) => {
                    if let Some(points) = &mut points {
                        points[point * inputs + index] += T::from_f64(cotangent);
                    }
                }
            });
        }
    }
}

fn columns(plan: &Plan, components: usize) -> Vec<OutputColumn> {
    let mut columns = Vec::new();
    for (output, planned) in plan.outputs().iter().enumerate() {
        for component in 0..components {
            let name =
                if components > 1 { format!("{}[{component}]", planned.name) } else { planned.name.clone() };
            columns.push(OutputColumn { name, output });
        }
    }
    columns
}
