//! Operations that move features and compute nothing.
//!
//! Each is a list of [`Stretch`]es: where in the operands the result is found, piece after piece. A stretch over nodes that are
//! arranged themselves is traced back to where the features come from, so chains of such operations are one node, or
//! none where everything stays where it is.

use jetc_operators::counted;

use super::shape::{axes, axis, broadcast, for_each_position, size, strides};
use super::{GraphBuilder, GraphError, TensorId, Value};
use crate::jet::JetScalar;
use crate::network::{Operation, Piece};

/// Equally spaced entries of an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Which operand; nothing for zeros.
    pub(super) operand: Option<usize>,
    pub(super) start: usize,
    pub(super) step: isize,
    pub(super) length: usize,
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// The same numbers in another shape.
    ///
    /// # Errors
    /// [`GraphError::Reshape`] if the sizes differ.
    pub fn reshape(&mut self, x: TensorId, shape: &[usize]) -> Result<TensorId, GraphError> {
        let from = self.shape(x);
        if size(from) != size(shape) {
            return Err(GraphError::Reshape { from: from.to_vec(), to: shape.to_vec() });
        }
        let mut value = self.value(x).clone();
        match &mut value {
            Value::Node { shape: old, .. } | Value::Constant { shape: old, .. } => *old = shape.to_vec(),
        }
        Ok(self.push_value(value))
    }

    /// The axes in another order: axis i of the result is axis `order[i]` of x.
    ///
    /// # Errors
    /// [`GraphError::Axis`] unless `order` names every axis once.
    pub fn transpose(&mut self, x: TensorId, order: &[usize]) -> Result<TensorId, GraphError> {
        let from = self.shape(x).to_vec();
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if sorted.iter().copied().ne(0..from.len()) {
            let axis = order.first().map_or(0, |axis| axis.cast_signed());
            return Err(GraphError::Axis { axis, shape: from });
        }
        let old = strides(&from);
        let shape: Vec<usize> = order.iter().map(|&axis| from[axis]).collect();
        let steps: Vec<isize> = order.iter().map(|&axis| old[axis].cast_signed()).collect();
        self.view(x, shape, 0, &steps)
    }

    /// The last two axes exchanged.
    ///
    /// # Errors
    /// [`GraphError::Shape`] for fewer than two axes.
    pub fn transpose_matrix(&mut self, x: TensorId) -> Result<TensorId, GraphError> {
        let rank = self.shape(x).len();
        if rank < 2 {
            let found = self.shape(x).to_vec();
            return Err(GraphError::Shape {
                operation: "transposing",
                expected: "a matrix".to_owned(),
                found,
            });
        }
        let mut order: Vec<usize> = (0..rank).collect();
        order.swap(rank - 1, rank - 2);
        self.transpose(x, &order)
    }

    /// Repeats axes of 1, and adds axes in front, until the shape is reached.
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if that does not lead to the shape.
    pub fn broadcast_to(&mut self, x: TensorId, shape: &[usize]) -> Result<TensorId, GraphError> {
        let from = self.shape(x).to_vec();
        if broadcast(&from, shape)? != shape {
            return Err(GraphError::Broadcast { left: from, right: shape.to_vec() });
        }
        // Only axes of length 1 are new: nothing is repeated.
        if size(&from) == size(shape) {
            return self.reshape(x, shape);
        }
        let new = shape.len() - from.len();
        let old = strides(&from);
        let step = |axis: usize| match axis.checked_sub(new) {
            Some(axis) if from[axis] > 1 => old[axis].cast_signed(),
            _ => 0,
        };
        let steps: Vec<isize> = (0..shape.len()).map(step).collect();
        self.view(x, shape.to_vec(), 0, &steps)
    }

    /// Every `step`-th entry of an axis from `start` on, `length` of them; a negative step runs backwards.
    ///
    /// # Errors
    /// [`GraphError::Axis`] and [`GraphError::Position`] if they are not there.
    pub fn slice(
        &mut self,
        x: TensorId,
        along: isize,
        start: usize,
        step: isize,
        length: usize,
    ) -> Result<TensorId, GraphError> {
        let mut shape = self.shape(x).to_vec();
        let along = axis(along, &shape)?;
        let reach = step.checked_mul(length.saturating_sub(1).cast_signed());
        let last = reach.and_then(|reach| start.checked_add_signed(reach));
        if length > 0 && (start >= shape[along] || last.is_none_or(|last| last >= shape[along])) {
            let position = last.filter(|_| start < shape[along]).unwrap_or(start).cast_signed();
            return Err(GraphError::Position { what: "entry", position, axis: along, shape });
        }
        let old = strides(&shape);
        let mut steps: Vec<isize> = old.iter().map(|stride| stride.cast_signed()).collect();
        steps[along] *= step;
        shape[along] = length;
        self.view(x, shape, start * old[along], &steps)
    }

    /// Entries of an axis by constant positions; negative ones count from the end. The axis becomes the axes `shape` of
    /// the positions.
    ///
    /// # Errors
    /// [`GraphError::Axis`] and [`GraphError::Position`] if they are not there.
    pub fn gather(
        &mut self,
        x: TensorId,
        along: isize,
        positions: &[isize],
        shape: &[usize],
    ) -> Result<TensorId, GraphError> {
        let from = self.shape(x).to_vec();
        let along = axis(along, &from)?;
        if size(shape) != Some(positions.len()) {
            return Err(GraphError::Constant { shape: shape.to_vec(), entries: positions.len() });
        }
        let result = [&from[..along], shape, &from[along + 1..]].concat();
        refuse_large(&result)?;
        let count = from[along];
        let place = |&position: &isize| {
            let from_front = if position < 0 { position.checked_add_unsigned(count)? } else { position };
            usize::try_from(from_front).ok().filter(|&place| place < count)
        };
        let mut places = Vec::with_capacity(positions.len());
        for position in positions {
            let missing = || GraphError::Position {
                what: "entry",
                position: *position,
                axis: along,
                shape: from.clone(),
            };
            places.push(place(position).ok_or_else(missing)?);
        }
        let inner: usize = from[along + 1..].iter().product();
        let outer: usize = from[..along].iter().product();
        let block = |(o, place)| Stretch {
            operand: Some(0),
            start: (o * count + place) * inner,
            step: 1,
            length: inner,
        };
        let stretches = (0..outer).flat_map(|o| places.iter().map(move |&place| (o, place))).map(block);
        let stretches = stretches.collect();
        self.arrange(&[x], stretches, result)
    }

    /// Tensors one after another along an axis.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if it is not there, [`GraphError::Broadcast`] if other axes differ.
    pub fn concat(&mut self, tensors: &[TensorId], along: isize) -> Result<TensorId, GraphError> {
        let Some(&first) = tensors.first() else {
            let expected = "at least one tensor".to_owned();
            return Err(GraphError::Shape { operation: "concat", expected, found: Vec::new() });
        };
        let mut shape = self.shape(first).to_vec();
        let along = axis(along, &shape)?;
        let mut lengths = Vec::new();
        for &tensor in tensors {
            let mut other = self.shape(tensor).to_vec();
            let length = other.get(along).copied().unwrap_or(0);
            if let Some(entry) = other.get_mut(along) {
                *entry = shape[along];
            }
            if other != shape {
                return Err(GraphError::Broadcast { left: shape, right: self.shape(tensor).to_vec() });
            }
            lengths.push(length);
        }
        let inner: usize = shape[along + 1..].iter().product();
        let outer: usize = shape[..along].iter().product();
        let mut stretches = Vec::new();
        for o in 0..outer {
            for (operand, length) in lengths.iter().enumerate() {
                let length = length * inner;
                stretches.push(Stretch { operand: Some(operand), start: o * length, step: 1, length });
            }
        }
        shape[along] = lengths.iter().sum();
        self.arrange(tensors, stretches, shape)
    }

    /// Tensors of one shape along a new axis.
    ///
    /// # Errors
    /// As [`Self::concat`].
    pub fn stack(&mut self, tensors: &[TensorId], along: usize) -> Result<TensorId, GraphError> {
        let mut expanded = Vec::new();
        for &tensor in tensors {
            let mut shape = self.shape(tensor).to_vec();
            if along > shape.len() {
                return Err(GraphError::Axis { axis: along.cast_signed(), shape });
            }
            shape.insert(along, 1);
            expanded.push(self.reshape(tensor, &shape)?);
        }
        self.concat(&expanded, along.cast_signed())
    }

    /// Zeros before and after the entries of each axis: `amounts[axis]` = (before, after).
    ///
    /// # Errors
    /// [`GraphError::Shape`] unless there is a pair for each axis.
    pub fn pad(&mut self, x: TensorId, amounts: &[(usize, usize)]) -> Result<TensorId, GraphError> {
        let mut shape = self.shape(x).to_vec();
        if amounts.len() != shape.len() {
            let expected = format!("{}, as many as there are amounts", counted(amounts.len(), "axis"));
            return Err(GraphError::Shape { operation: "padding", expected, found: shape });
        }
        let mut padded = x;
        for (along, &(before, after)) in amounts.iter().enumerate().filter(|(_, pair)| **pair != (0, 0)) {
            let mut wider = shape.clone();
            wider[along] = wider[along].saturating_add(before).saturating_add(after);
            refuse_large(&wider)?;
            let inner: usize = shape[along + 1..].iter().product();
            let outer: usize = shape[..along].iter().product();
            let length = shape[along] * inner;
            let mut stretches = Vec::new();
            for o in 0..outer {
                stretches.push(Stretch { operand: None, start: 0, step: 0, length: before * inner });
                stretches.push(Stretch { operand: Some(0), start: o * length, step: 1, length });
                stretches.push(Stretch { operand: None, start: 0, step: 0, length: after * inner });
            }
            shape = wider;
            padded = self.arrange(&[padded], stretches, shape.clone())?;
        }
        Ok(padded)
    }

    /// Removes axes of 1; all of them if none is named.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there, or is not 1.
    pub fn squeeze(&mut self, x: TensorId, along: &[isize]) -> Result<TensorId, GraphError> {
        let shape = self.shape(x).to_vec();
        let drop = if along.is_empty() {
            (0..shape.len()).filter(|&axis| shape[axis] == 1).collect()
        } else {
            axes(along, &shape)?
        };
        if let Some(&axis) = drop.iter().find(|&&axis| shape[axis] != 1) {
            return Err(GraphError::Axis { axis: axis.cast_signed(), shape });
        }
        let kept: Vec<usize> =
            (0..shape.len()).filter(|axis| !drop.contains(axis)).map(|axis| shape[axis]).collect();
        self.reshape(x, &kept)
    }

    /// The strided view of x: entry `position` of the result is entry `start + Σ position · steps` of x.
    pub(super) fn view(
        &mut self,
        x: TensorId,
        shape: Vec<usize>,
        start: usize,
        steps: &[isize],
    ) -> Result<TensorId, GraphError> {
        refuse_large(&shape)?;
        let (length, step) = match (shape.last(), steps.last()) {
            (Some(&length), Some(&step)) => (length, step),
            _ => (1, 0),
        };
        let outer = &shape[..shape.len().saturating_sub(1)];
        let mut stretches = Vec::new();
        for_each_position(outer, |position| {
            let reach = position.iter().zip(steps).map(|(&p, &step)| p.cast_signed() * step).sum();
            let start = start.wrapping_add_signed(reach);
            stretches.push(Stretch { operand: Some(0), start, step, length });
        });
        self.arrange(&[x], stretches, shape)
    }

    /// The one way to a new arrangement: `stretches` of `operands`, in `shape`.
    pub(super) fn arrange(
        &mut self,
        operands: &[TensorId],
        stretches: Vec<Stretch>,
        shape: Vec<usize>,
    ) -> Result<TensorId, GraphError> {
        refuse_large(&shape)?;
        debug_assert_eq!(Some(stretches.iter().map(|stretch| stretch.length).sum::<usize>()), size(&shape));
        let constants = self.constant_part(operands, &stretches, &shape)?;
        let pieces = self.traced(operands, stretches);
        if pieces.iter().all(|piece| piece.source.is_none()) {
            let zeros = |graph: &mut Self| {
                let size = shape.iter().product();
                graph.push_constant(shape, vec![S::zero(); size])
            };
            return Ok(constants.unwrap_or_else(|| zeros(self)));
        }
        let moved = match pieces[..] {
            [Piece { source: Some(id), start: 0, step: 1, length }]
                if length == self.nodes[id.index()].features =>
            {
                self.push_value(Value::Node { id, shape: shape.clone() })
            }
            _ => self.push(Operation::Arrange { pieces }, shape.clone())?,
        };
        match constants {
            None => Ok(moved),
            Some(constant) => self.add(moved, constant),
        }
    }

    /// What constant operands contribute, zero elsewhere; nothing if there are none.
    fn constant_part(
        &mut self,
        operands: &[TensorId],
        stretches: &[Stretch],
        shape: &[usize],
    ) -> Result<Option<TensorId>, GraphError> {
        if operands.iter().all(|&operand| self.constant_entries(operand).is_none()) {
            return Ok(None);
        }
        let mut entries = Vec::new();
        for stretch in stretches {
            let constant = stretch.operand.and_then(|operand| self.constant_entries(operands[operand]));
            entries.extend((0..stretch.length).map(|position| match constant {
                Some(constant) => constant[feature(stretch, position)].clone(),
                None => S::zero(),
            }));
        }
        let constant = self.push_constant(shape.to_vec(), entries);
        let is_constant: Vec<bool> = operands.iter().map(|&of| self.node_of(of).is_none()).collect();
        let own = |stretch: &Stretch| Stretch {
            operand: stretch.operand.filter(|&operand| is_constant[operand]),
            ..*stretch
        };
        let stretches: Vec<Stretch> = stretches.iter().map(own).collect();
        let shape = shape.to_vec();
        self.mirrored(constant, operands, |prelude, of| prelude.arrange(of, stretches, shape)).map(Some)
    }

    /// The stretches as pieces of nodes; what is constant becomes zero, what is arranged is traced to its source.
    fn traced(&self, operands: &[TensorId], stretches: Vec<Stretch>) -> Vec<Piece> {
        let mut pieces = Pieces::default();
        for stretch in stretches {
            let Stretch { start, step, length, .. } = stretch;
            let node = stretch.operand.and_then(|operand| match self.value(operands[operand]) {
                Value::Node { id, .. } => Some(*id),
                Value::Constant { .. } => None,
            });
            match node.map(|id| (id, &self.nodes[id.index()].operation)) {
                None => pieces.push(Piece { source: None, start: 0, step: 0, length }),
                Some((_, Operation::Arrange { pieces: inner })) => {
                    let starts: Vec<usize> = starts(inner);
                    for position in 0..length {
                        let entry = feature(&stretch, position);
                        let number = starts.partition_point(|&start| start <= entry) - 1;
                        let piece = &inner[number];
                        let start = piece.source.map_or(0, |_| piece.feature(entry - starts[number]));
                        pieces.push(Piece { source: piece.source, start, step: 0, length: 1 });
                    }
                }
                Some((id, _)) => pieces.push(Piece { source: Some(id), start, step, length }),
            }
        }
        pieces.0
    }
}

/// Before anything is written down for a result of this shape.
fn refuse_large(shape: &[usize]) -> Result<(), GraphError> {
    if size(shape).is_none_or(|size| size > super::MOST_FEATURES) {
        return Err(GraphError::TooLarge { shape: shape.to_vec(), limit: super::MOST_FEATURES });
    }
    Ok(())
}

fn feature(stretch: &Stretch, position: usize) -> usize {
    stretch.start.wrapping_add_signed(stretch.step.wrapping_mul(position.cast_signed()))
}

/// Where each piece starts in the result.
fn starts(pieces: &[Piece]) -> Vec<usize> {
    let mut next = 0;
    let start = |piece: &Piece| {
        next += piece.length;
        next - piece.length
    };
    pieces.iter().map(start).collect()
}

/// Pieces that are joined where one continues another.
pub(in crate::network) fn joined(pieces: impl Iterator<Item = Piece>) -> Vec<Piece> {
    let mut joined = Pieces::default();
    pieces.for_each(|piece| joined.push(piece));
    joined.0
}

/// Pieces that are joined with the last one where they continue it.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, piece: Piece) {
        if piece.length == 0 {
            return;
        }
        if let Some(last) = self.0.last_mut()
            && let Some(step) = continues(last, &piece)
        {
            last.step = step;
            last.length += piece.length;
            return;
        }
        self.0.push(piece);
    }
}

/// The common step, if `next` goes on where `last` ends.
fn continues(last: &Piece, next: &Piece) -> Option<isize> {
    if last.source != next.source {
        return None;
    }
    let (Some(_), true) = (last.source, last.length > 0) else { return Some(0) };
    let gap = next.start.cast_signed() - last.feature(last.length - 1).cast_signed();
    let fits = |piece: &Piece| piece.length == 1 || piece.step == gap;
    (fits(last) && fits(next)).then_some(gap)
}
