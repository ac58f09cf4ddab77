//! Features of other nodes in a new order: every channel alike.

use super::Chunk;
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::copy_piece;
use crate::network::Piece;

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
}
