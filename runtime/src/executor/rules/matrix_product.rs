//! Y = U V: the product table, term by term, each a product of matrices.
//!
//! Backwards the same terms: Ū += c Ȳ Vᵀ and V̄ += c Uᵀ Ȳ.

use jetc_operators::algebra::ChannelId;
use jetc_operators::program::{Program, Slot};

use super::{Chunk, CotangentPlace, Cotangents, Side};
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::Rows;
use crate::kernel::matrices::{AddProducts, add_left, add_right};
use crate::network::{MatrixShape, NodeId};

/// Products of matrices.
#[derive(Debug)]
pub(crate) struct MatrixProduct<T> {
    left: NodeId,
    right: NodeId,
    shape: MatrixShape,
    terms: Vec<Term<T>>,
}

/// coefficient · U_left · V_right, added to one channel of the result.
#[derive(Debug)]
struct Term<T> {
    target: ChannelId,
    coefficient: T,
    left: ChannelId,
    right: ChannelId,
}

impl<T: Float> MatrixProduct<T> {
    pub(crate) fn new([left, right]: [NodeId; 2], shape: MatrixShape, program: &Program) -> Self {
        let terms = program.instructions().iter().flat_map(|instruction| {
            instruction.terms.iter().filter_map(|term| {
                match (instruction.target, term.left, term.right) {
                    (Slot::Output(target), Slot::Input(left), Slot::Second(right)) => {
                        Some(Term { target, coefficient: T::from_rational(&term.coefficient), left, right })
                    }
                    // A product has no other slots.
                    _ => None,
                }
            })
        });
        Self { left, right, shape, terms: terms.collect() }
    }

    pub(super) fn forward(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T]) {
        let [of_left, of_right] = [self.left, self.right].map(|node| chunk.schedule.place(node).features);
        for (channel, rows) in chunk.channels(to, target) {
            rows.fill(T::ZERO);
            for term in self.terms.iter().filter(|term| term.target == channel) {
                let (Some(u), Some(v)) =
                    (chunk.rows(self.left, term.left), chunk.rows(self.right, term.right))
                else {
                    unreachable!("a term reads channels that are present");
                };
                for (point, output) in rows.chunks_exact_mut(to.features).enumerate() {
                    let (left, right) = (u.row(point, of_left), v.row(point, of_right));
                    let (shape, coefficient) = (self.shape, term.coefficient);
                    T::add_products(chunk.set, AddProducts { shape, coefficient, left, right, output });
                }
            }
        }
    }

    /// The cotangent of the factor on one side.
    pub(super) fn pull(
        &self,
        side: Side,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
    ) {
        let other = if side == Side::Left { self.right } else { self.left };
        let (of_other, of_result) = (chunk.schedule.place(other).features, cotangents.place.features);
        for (channel, rows) in to.channels_mut(cotangents.count, target) {
            rows.fill(T::ZERO);
            for term in &self.terms {
                let (wanted, factor) = match side {
                    Side::Left => (term.left, term.right),
                    Side::Right => (term.right, term.left),
                };
                let (true, Some(y), Some(factor)) =
                    (wanted == channel, cotangents.rows(term.target), chunk.rows(other, factor))
                else {
                    continue;
                };
                let (y, c) = (Rows::Each(y), term.coefficient);
                for (point, row) in rows.chunks_exact_mut(to.features).enumerate() {
                    let (y, factor) = (y.row(point, of_result), factor.row(point, of_other));
                    match side {
                        Side::Left => add_left(self.shape, c, y, factor, row),
                        Side::Right => add_right(self.shape, c, factor, y, row),
                    }
                }
            }
        }
    }
}
