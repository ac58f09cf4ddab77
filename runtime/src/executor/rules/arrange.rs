//! Features of other nodes in a new order: every channel alike. Backwards every feature goes back to where it came from.

use super::{Chunk, CotangentPlace, Cotangents};
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::copy_piece;
use crate::network::{NodeId, Piece};

/// Pieces, one after another.
#[derive(Debug)]
pub(crate) struct Arrange {
    pub(crate) pieces: Vec<Piece>,
}

impl Arrange {
    pub(super) fn forward<T: Float>(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T]) {
        for (channel, rows) in chunk.channels(to, target) {
            let mut first = 0;
            for piece in &self.pieces {
                let source = piece
                    .source
                    .and_then(|node| Some((chunk.rows(node, channel)?, chunk.schedule.place(node).features)));
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

    /// x̄ of one of the nodes.
    pub(super) fn pull<T: Float>(
        &self,
        input: NodeId,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
    ) {
        for (channel, rows) in to.channels_mut(cotangents.count, target) {
            rows.fill(T::ZERO);
            let Some(y) = cotangents.rows(channel) else { continue };
            let mut first = 0;
            for piece in &self.pieces {
                if piece.source == Some(input) {
                    let points =
                        y.chunks_exact(cotangents.place.features).zip(rows.chunks_exact_mut(to.features));
                    for (y, x) in points {
                        add_back(piece, &y[first..first + piece.length], x);
                    }
                }
                first += piece.length;
            }
        }
    }
}

/// The entries of a piece, added to where they came from.
pub(crate) fn add_back<T: Float>(piece: &Piece, entries: &[T], row: &mut [T]) {
    for (position, &entry) in entries.iter().enumerate() {
        row[piece.feature(position)] += entry;
    }
}
