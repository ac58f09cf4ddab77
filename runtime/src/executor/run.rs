//! One chunk of points through all steps, on one thread.

use jetc_operators::algebra::ChannelId;

use super::place::Place;
use super::schedule::Schedule;
use super::step::{ChannelRun, MatrixTerm, Step, Work};
use super::workspace::{Tools, Workspace};
use crate::activation::Function;
use crate::float::Float;
use crate::kernel::aligned::Aligned;
use crate::kernel::elementwise::{CompiledProgram, Operands, Source};
use crate::kernel::linear::{Rows, add_scaled, copy_piece, pick_row, winners};
use crate::kernel::matrices::AddProducts;
use crate::kernel::product::Weights;
use crate::math::InstructionSet;
use crate::network::{Choice, CustomNode, MatrixShape, NodeId, Pick, Piece, Relation, Summand};
use crate::reference::Jet;

/// Leaves the jets of the network's output in its buffer; `first` points of the group come before the chunk.
pub(crate) fn chunk<T: Float>(
    schedule: &Schedule<T>,
    set: InstructionSet,
    points: &[T],
    first: usize,
    workspace: &mut Workspace<T>,
) {
    let count = points.len() / schedule.inputs().max(1);
    let Workspace { buffers, tools, ahead, .. } = workspace;
    for step in &schedule.steps {
        // The buffer that is written is taken out, so that all others can be read.
        let to = schedule.place(step.node);
        let buffer = to.buffer.expect("a step has somewhere to write");
        let mut target = std::mem::take(&mut buffers[buffer.0]);
        if let Some(number) = step.ahead {
            let (start, length) = (first * to.features, count * to.features);
            target[..length].copy_from_slice(&ahead[number][start..][..length]);
        } else {
            let run = Run { schedule, set, points, count, buffers };
            run.step(step, to, &mut target, tools);
        }
        buffers[buffer.0] = target;
    }
}

struct Run<'a, T> {
    schedule: &'a Schedule<T>,
    set: InstructionSet,
    points: &'a [T],
    /// Points in this chunk.
    count: usize,
    buffers: &'a [Aligned<T>],
}

impl<'a, T: Float> Run<'a, T> {
    fn step(&self, step: &Step<T>, to: &Place, target: &mut [T], tools: &mut Tools<T>) {
        if to.features == 0 {
            return;
        }
        match &step.work {
            Work::Affine { input, weights, bias, runs } => {
                self.affine(*input, to, weights, bias.as_deref(), runs, target);
            }
            Work::Arrange { pieces } => self.arrange(pieces, to, target),
            Work::Combine { summands, constant } => self.combine(summands, constant.as_deref(), to, target),
            Work::Elementwise { input, function, program } => {
                self.program(program, Some(function), [*input, *input], to, target, tools);
            }
            Work::Product { left, right, program } => {
                self.program(program, None, [*left, *right], to, target, tools);
            }
            Work::MatrixProduct { left, right, shape, terms } => {
                self.matrix_product(*left, *right, *shape, terms, to, target);
            }
            Work::Maximum { input, count } => self.maximum(*input, *count, to, target, &mut tools.winners),
            Work::Select { choice, left, right } => {
                self.select(*choice, *left, *right, to, target, &mut tools.picks);
            }
            Work::Compare { relation, left, right } => self.compare(*relation, *left, *right, to, target),
            Work::Custom { inputs, node } => self.custom(inputs, node.as_ref(), to, target),
        }
    }

    /// The buffer of a node; that of the input is the points.
    fn buffer(&self, place: &Place) -> &'a [T] {
        place.buffer.map_or(self.points, |buffer| &self.buffers[buffer.0])
    }

    /// One channel of a node; nothing if it is zero.
    fn rows(&self, node: NodeId, channel: ChannelId) -> Option<Rows<'a, T>> {
        let place = self.schedule.place(node);
        if let Ok(position) = place.channels.binary_search(&channel) {
            let length = self.count * place.features;
            return Some(Rows::Each(&self.buffer(place)[position * length..][..length]));
        }
        let constant = self.schedule.constant(node, channel)?;
        Some(Rows::Same(&constant.values[..constant.features]))
    }

    /// The channels of the target, each with its rows.
    fn channels<'t>(
        &self,
        to: &'t Place,
        target: &'t mut [T],
    ) -> impl Iterator<Item = (ChannelId, &'t mut [T])> + use<'t, T> {
        to.channels.iter().copied().zip(target.chunks_exact_mut(self.count * to.features))
    }

    /// One product for all channels; \[channels · points · blocks, in\] to \[channels · points · blocks, out\].
    fn affine(
        &self,
        input: NodeId,
        to: &Place,
        weights: &Weights<T>,
        bias: Option<&[T]>,
        runs: &[ChannelRun],
        target: &mut [T],
    ) {
        let from = self.schedule.place(input);
        let source = self.buffer(from);
        for run in runs {
            let points = run.channels * self.count;
            let x = &source[run.source * self.count * from.features..][..points * from.features];
            let y = &mut target[run.target * self.count * to.features..][..points * to.features];
            let has_bias = to.channels[run.target] == ChannelId::VALUE;
            weights.multiply(x, bias.filter(|_| has_bias), y);
        }
    }

    fn arrange(&self, pieces: &[Piece], to: &Place, target: &mut [T]) {
        for (channel, rows) in self.channels(to, target) {
            let mut first = 0;
            for piece in pieces {
                let source = piece
                    .source
                    .and_then(|node| Some((self.rows(node, channel)?, self.schedule.place(node).features)));
                for (point, row) in rows.chunks_exact_mut(to.features).enumerate() {
                    let output = &mut row[first..first + piece.length];
                    match source {
                        Some((rows, features)) => copy_piece(piece, rows.row(point, features), output),
                        None => output.fill(T::ZERO),
                    }
                }
                first += piece.length;
            }
        }
    }

    fn combine(&self, summands: &[Summand<T>], constant: Option<&[T]>, to: &Place, target: &mut [T]) {
        for (channel, rows) in self.channels(to, target) {
            if let Some(constant) = constant.filter(|_| channel == ChannelId::VALUE) {
                rows.chunks_exact_mut(to.features).for_each(|row| row.copy_from_slice(constant));
            } else {
                rows.fill(T::ZERO);
            }
            for summand in summands {
                let Some(source) = self.rows(summand.input, channel) else { continue };
                for (point, row) in rows.chunks_exact_mut(to.features).enumerate() {
                    add_scaled(&summand.factor, source.row(point, to.features), row);
                }
            }
        }
    }

    fn program(
        &self,
        program: &CompiledProgram<T>,
        function: Option<&Function>,
        [first, second]: [NodeId; 2],
        to: &Place,
        target: &mut [T],
        tools: &mut Tools<T>,
    ) {
        let length = self.count * to.features;
        let source = |node: NodeId, channel: &ChannelId| {
            let place = self.schedule.place(node);
            if let Ok(position) = place.channels.binary_search(channel) {
                if place.buffer.is_some() && place.buffer == to.buffer {
                    return Source::Output(position * length);
                }
                return Source::Slice(&self.buffer(place)[position * length..][..length]);
            }
            let constant =
                self.schedule.constant(node, *channel).expect("a channel that is read is somewhere");
            Source::Pattern { values: &constant.values, features: constant.features }
        };
        let of_first = program.inputs().iter().map(|channel| source(first, channel));
        let of_second = program.seconds().iter().map(|channel| source(second, channel));
        let mut sources = recycled(std::mem::take(&mut tools.sources));
        sources.extend(of_first.chain(of_second));
        let place =
            |channel: &ChannelId| to.channels.binary_search(channel).expect("a live channel has a place");
        tools.targets.clear();
        tools.targets.extend(program.outputs().iter().map(|channel| place(channel) * length));
        let operands = Operands { sources: &sources, output: target, targets: &tools.targets, length };
        program.run(self.set, function, operands, &mut tools.scratch);
        tools.sources = recycled(sources);
    }

    fn matrix_product(
        &self,
        left: NodeId,
        right: NodeId,
        shape: MatrixShape,
        terms: &[MatrixTerm<T>],
        to: &Place,
        target: &mut [T],
    ) {
        let (of_left, of_right) = (self.schedule.place(left).features, self.schedule.place(right).features);
        for (channel, rows) in self.channels(to, target) {
            rows.fill(T::ZERO);
            for term in terms.iter().filter(|term| term.target == channel) {
                let (Some(u), Some(v)) = (self.rows(left, term.left), self.rows(right, term.right)) else {
                    unreachable!("a term reads channels that are present");
                };
                for (point, output) in rows.chunks_exact_mut(to.features).enumerate() {
                    let (left, right) = (u.row(point, of_left), v.row(point, of_right));
                    let products = AddProducts { shape, coefficient: term.coefficient, left, right, output };
                    T::add_products(self.set, products);
                }
            }
        }
    }

    fn maximum(&self, input: NodeId, count: usize, to: &Place, target: &mut [T], largest: &mut Vec<usize>) {
        let features = self.schedule.place(input).features;
        let value = self.rows(input, ChannelId::VALUE).expect("the value decides, so it is present");
        largest.clear();
        largest.resize(self.count * to.features, 0);
        for (point, largest) in largest.chunks_exact_mut(to.features).enumerate() {
            winners(count, value.row(point, features), largest);
        }
        for (channel, rows) in self.channels(to, target) {
            let source = self.rows(input, channel).expect("a live channel is present in what is read");
            let points = rows.chunks_exact_mut(to.features).zip(largest.chunks_exact(to.features));
            for (point, (row, largest)) in points.enumerate() {
                let source = source.row(point, features);
                for (entry, &winner) in row.iter_mut().zip(largest) {
                    *entry = source[winner];
                }
            }
        }
    }

    /// The value of a node that decides.
    fn deciding(&self, node: NodeId) -> Rows<'a, T> {
        self.rows(node, ChannelId::VALUE).expect("the value decides, so it is present")
    }

    fn select(
        &self,
        choice: Choice,
        left: NodeId,
        right: NodeId,
        to: &Place,
        target: &mut [T],
        picks: &mut Vec<Pick>,
    ) {
        let (count, features) = (self.count, to.features);
        picks.clear();
        match choice {
            Choice::Condition(node) => {
                let value = self.deciding(node);
                picks.extend((0..count).flat_map(|p| value.row(p, features)).map(Pick::by_condition));
            }
            Choice::Larger | Choice::Smaller => {
                let (u, v) = (self.deciding(left), self.deciding(right));
                let pick = if choice == Choice::Larger { Pick::larger } else { Pick::smaller };
                let pairs = (0..count).flat_map(|p| u.row(p, features).iter().zip(v.row(p, features)));
                picks.extend(pairs.map(|(u, v)| pick(u, v)));
            }
        }
        for (channel, rows) in self.channels(to, target) {
            let sides = [left, right].map(|node| self.rows(node, channel));
            let points = rows.chunks_exact_mut(features).zip(picks.chunks_exact(features));
            for (point, (row, picks)) in points.enumerate() {
                let [u, v] = sides.map(|side| side.map(|rows| rows.row(point, features)));
                pick_row(picks, u, v, row);
            }
        }
    }

    fn compare(&self, relation: Relation, left: NodeId, right: NodeId, to: &Place, target: &mut [T]) {
        let (a, b) = (self.deciding(left), self.deciding(right));
        // There is no other channel than the value.
        for (_, rows) in self.channels(to, target) {
            for (point, row) in rows.chunks_exact_mut(to.features).enumerate() {
                let pairs = a.row(point, to.features).iter().zip(b.row(point, to.features));
                for (entry, (a, b)) in row.iter_mut().zip(pairs) {
                    *entry = relation.indicator(a, b);
                }
            }
        }
    }

    fn custom(&self, inputs: &[NodeId], node: &dyn CustomNode, to: &Place, target: &mut [T]) {
        let algebra = &self.schedule.algebra;
        for point in 0..self.count {
            let jet = |&input: &NodeId| {
                let features = self.schedule.place(input).features;
                let channel = |(channel, _)| match self.rows(input, channel) {
                    Some(rows) => rows.row(point, features).iter().map(|x| x.to_f64()).collect(),
                    None => vec![0.0; features],
                };
                Jet::new(algebra.channels().map(channel).collect())
            };
            let inputs: Vec<Jet<f64>> = inputs.iter().map(jet).collect();
            let result = node.propagate(algebra, &inputs);
            for (channel, rows) in self.channels(to, target) {
                let row = &mut rows[point * to.features..][..to.features];
                for (entry, &value) in row.iter_mut().zip(result.channel(channel.index())) {
                    *entry = T::from_f64(value);
                }
            }
        }
    }
}

/// The memory of a list whose contents are done with, for references of another lifetime.
fn recycled<'b, T>(mut sources: Vec<Source<'_, T>>) -> Vec<Source<'b, T>> {
    sources.clear();
    // Collecting a list that is mapped in place keeps its allocation.
    sources.into_iter().map(|_| unreachable!("the list is empty")).collect()
}
