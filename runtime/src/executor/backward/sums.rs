//! What is summed over points: the cotangents of the derived numbers, and those of channels that are the same at every point.
//!
//! | part | numbers |
//! |---|---|
//! | z̄ | one for each derived number of the network |
//! | c̄ = Σ ȳ_c over points | one for each feature of each constant channel c of each affine map y = W x + b |
//!
//! With x_c the same at every point, Σ ȳ_c x_cᵀ = c̄ x_cᵀ: it is added to W̄ once, after all points.

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;
use jetc_operators::spec::Entry;

use crate::executor::reduction::Reduced;
use crate::executor::rules::{Affine, Cotangents, Rule};
use crate::executor::schedule::Schedule;
use crate::float::Float;
use crate::network::NodeId;

/// One number for each thing that is summed.
#[derive(Debug, Clone)]
pub(crate) struct Sums<T> {
    /// z̄, then c̄ in the order of the layout, where they are asked for.
    pub(crate) numbers: Option<Vec<T>>,
    /// The cotangents of the unknowns of the operator.
    pub(crate) unknowns: Vec<f64>,
    /// What is differentiated, where it is a sum over points, too.
    pub(crate) loss: f64,
}

impl<T: Float> Sums<T> {
    /// `has_numbers`: whether anything but the unknowns is asked for.
    pub(crate) fn zero(layout: &Layout<T>, has_numbers: bool) -> Self {
        let numbers = has_numbers.then(|| vec![T::ZERO; layout.len]);
        Self { numbers, unknowns: vec![0.0; layout.unknowns], loss: 0.0 }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let numbers = self.numbers.iter_mut().flatten().zip(other.numbers.iter().flatten());
        for (sum, &number) in numbers {
            *sum += number;
        }
        for (sum, number) in self.unknowns.iter_mut().zip(&other.unknowns) {
            *sum += number;
        }
        self.loss += other.loss;
    }
}

/// Where everything stands.
#[derive(Debug)]
pub(crate) struct Layout<T> {
    /// Length of z.
    pub(crate) derived: usize,
    /// How many unknowns the operator has.
    unknowns: usize,
    maps: Vec<Map<T>>,
    len: usize,
}

/// An affine map with constant channels.
#[derive(Debug)]
struct Map<T> {
    node: NodeId,
    input: NodeId,
    /// The first of its sums.
    start: usize,
    features: usize,
    /// The shape of W.
    rows: usize,
    columns: usize,
    /// Where W stands in z.
    origin: usize,
    /// Each constant channel with x_c.
    channels: Vec<(ChannelId, Vector<T>)>,
}

/// x_c, or a row of R in its place where the plan is reduced: see [`Reduced`].
#[derive(Debug)]
enum Vector<T> {
    /// Entries that are not zero.
    Sparse(Vec<(usize, T)>),
    Dense(Vec<T>),
}

impl<T: Float> Vector<T> {
    /// Calls `work` with every entry that may be other than zero.
    fn for_each(&self, mut work: impl FnMut(usize, T)) {
        match self {
            Self::Sparse(entries) => entries.iter().for_each(|&(at, entry)| work(at, entry)),
            Self::Dense(entries) => entries.iter().enumerate().for_each(|(at, &entry)| work(at, entry)),
        }
    }
}

impl<T: Float> Layout<T> {
    /// For `derived` numbers.
    pub(crate) fn new(
        (plan, reduced): (&Plan, Option<&Reduced>),
        forms: &[Forms],
        schedule: &Schedule<T>,
        derived: usize,
    ) -> Self {
        let unknowns = plan.unknowns().len();
        let mut layout = Self { derived, unknowns, maps: Vec::new(), len: derived };
        for step in &schedule.steps {
            layout.push(step.node, &step.rule, (plan, reduced), schedule, &forms[step.node.index()].constant);
        }
        layout
    }

    fn push<'a>(
        &mut self,
        node: NodeId,
        rule: &Rule<T>,
        plan: (&Plan, Option<&Reduced>),
        schedule: &Schedule<T>,
        constant: impl IntoIterator<Item = &'a ChannelId>,
    ) {
        let Rule::Affine(Affine { input, weights, origin: Some(origin), .. }) = rule else { return };
        let (rows, columns) = (weights.features(), weights.inner());
        let vector = |&channel: &ChannelId| (channel, vector(plan, schedule, *input, channel));
        let channels: Vec<_> = constant.into_iter().map(vector).collect();
        let (start, features) = (self.len, schedule.place(node).features);
        if rows * columns == 0 {
            return;
        }
        self.len += channels.len() * features;
        self.maps.push(Map {
            node,
            input: *input,
            start,
            features,
            rows,
            columns,
            origin: *origin,
            channels,
        });
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Takes the constant channels once more, after the derived numbers of the network have changed.
    pub(crate) fn refill(&mut self, plan: (&Plan, Option<&Reduced>), schedule: &Schedule<T>) {
        // Seeds have not, unless the plan is reduced.
        for map in self.maps.iter_mut().filter(|map| map.input != NodeId::INPUT || plan.1.is_some()) {
            for (channel, entries) in &mut map.channels {
                *entries = vector(plan, schedule, map.input, *channel);
            }
        }
    }

    /// Adds the cotangents of the constant channels of a node for some points.
    pub(crate) fn accumulate(
        &self,
        node: NodeId,
        cotangents: Cotangents<'_, T>,
        points: std::ops::Range<usize>,
        sums: &mut [T],
    ) {
        let Some(map) = self.maps.iter().find(|map| map.node == node) else { return };
        let sums = sums[map.start..].chunks_exact_mut(map.features.max(1));
        for ((channel, _), sum) in map.channels.iter().zip(sums) {
            let Some(rows) = cotangents.rows(*channel) else { continue };
            let rows = &rows[points.start * map.features..points.end * map.features];
            for row in rows.chunks_exact(map.features) {
                for (sum, &entry) in sum.iter_mut().zip(row) {
                    *sum += entry;
                }
            }
        }
    }

    /// Adds ȳ_c·(V x_c) for every point and constant channel of a node, where V stands in the place of W in `tangent`.
    pub(crate) fn dot(&self, node: NodeId, cotangents: Cotangents<'_, T>, tangent: &[T], sums: &mut [T]) {
        let Some(map) = self.maps.iter().find(|map| map.node == node) else { return };
        let mut moved = vec![T::ZERO; map.features];
        for (channel, vector) in &map.channels {
            let Some(rows) = cotangents.rows(*channel) else { continue };
            moved.fill(T::ZERO);
            vector.for_each(|at, entry| {
                let moved = &mut moved[at / map.columns * map.rows..][..map.rows];
                for (row, sum) in moved.iter_mut().enumerate() {
                    *sum += tangent[map.origin + row * map.columns + at % map.columns] * entry;
                }
            });
            for (sum, row) in sums.iter_mut().zip(rows.chunks_exact(map.features.max(1))) {
                *sum += row.iter().zip(&moved).fold(T::ZERO, |sum, (&y, &m)| sum + y * m);
            }
        }
    }

    /// Adds Σ c̄ x_cᵀ to W̄, so that z̄ is complete.
    pub(crate) fn finish(&self, sums: &mut [T]) {
        let (derived, constants) = sums.split_at_mut(self.derived);
        for map in &self.maps {
            let (rows, columns) = (map.rows, map.columns);
            let constants = constants[map.start - self.derived..].chunks_exact(map.features.max(1));
            for ((_, vector), sum) in map.channels.iter().zip(constants) {
                match vector {
                    Vector::Sparse(entries) => {
                        for &(at, entry) in entries {
                            for (row, &c) in sum[at / columns * rows..][..rows].iter().enumerate() {
                                derived[map.origin + row * columns + at % columns] += c * entry;
                            }
                        }
                    }
                    // The map reads the input, all of it at once.
                    Vector::Dense(entries) => {
                        let weight = &mut derived[map.origin..][..rows * columns];
                        for (row, &c) in weight.chunks_exact_mut(columns).zip(sum) {
                            for (entry, &x) in row.iter_mut().zip(entries) {
                                *entry += c * x;
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A constant channel of a node.
fn vector<T: Float>(
    (plan, reduced): (&Plan, Option<&Reduced>),
    schedule: &Schedule<T>,
    node: NodeId,
    channel: ChannelId,
) -> Vector<T> {
    if let Some(constant) = schedule.constant(node, channel) {
        let entries = constant.values[..constant.features].iter().copied().enumerate();
        return Vector::Sparse(entries.filter(|(_, entry)| *entry != T::ZERO).collect());
    }
    if node != NodeId::INPUT {
        return Vector::Sparse(Vec::new());
    }
    if let Some(seed) = plan.seed_vector(channel) {
        let entry = |(coordinate, entry): (u32, Entry<'_>)| {
            let entry = match entry {
                Entry::Exact(value) => T::from_rational(value),
                Entry::Double(value) => T::from_f64(value),
            };
            (coordinate as usize, entry)
        };
        return Vector::Sparse(seed.iter().map(entry).collect());
    }
    let mut sum = vec![0.0; plan.coordinates().len()];
    for (&variable, factor) in plan.algebra().channel(channel).seed.iter() {
        let factor = Entry::Exact(factor).to_f64();
        if let Some(direction) = plan.variables().direction(variable) {
            for (coordinate, entry) in direction.iter() {
                sum[coordinate as usize] += factor * entry.to_f64();
            }
            continue;
        }
        let reduced =
            reduced.expect("whoever leaves a variable without a vector says what stands in its place");
        for (sum, entry) in sum.iter_mut().zip(reduced.slope(variable)) {
            *sum += factor * entry;
        }
    }
    Vector::Dense(sum.into_iter().map(T::from_f64).collect())
}
