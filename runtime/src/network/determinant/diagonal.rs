//! A matrix of jets whose value is made diagonal by row and column operations with numbers.
//!
//! B = L A R with L and R matrices of numbers, det L det R = ±1. So det A = ± det B, and for the cofactors C = ∂ det/∂A:
//! C_A = ± Lᵀ C_B Rᵀ, the transposed operations in the opposite order.
//! Checked by `a_determinant_is_leibniz_formula_in_exact_arithmetic` and `cofactors_are_determinants_of_minors`.

use super::elimination::{Place, Remaining};
use super::jets::Field;

/// Rows or columns.
#[derive(Debug, Clone, Copy)]
enum Line {
    Row,
    Column,
}

/// What is done with two rows or two columns.
#[derive(Debug, Clone)]
enum Change<S> {
    Swap,
    /// `to` loses a multiple of `from`.
    Subtract(S),
}

/// One operation.
#[derive(Debug, Clone)]
pub(super) struct Move<S> {
    line: Line,
    change: Change<S>,
    from: usize,
    to: usize,
}

impl<S> Move<S> {
    /// Whether the determinant changes its sign.
    fn is_odd(&self) -> bool {
        matches!(self.change, Change::Swap) && self.from != self.to
    }

    /// The transposed operation.
    fn transposed(self) -> Self {
        Self { from: self.to, to: self.from, ..self }
    }
}

/// Whether all together change the sign of the determinant.
pub(super) fn is_odd<S>(moves: &[Move<S>]) -> bool {
    moves.iter().filter(|step| step.is_odd()).count() % 2 == 1
}

impl<S: Field> Remaining<'_, S> {
    /// Makes the value of the matrix diagonal, and returns how.
    pub(super) fn diagonalise(&mut self) -> Vec<Move<S>> {
        let mut moves = Vec::new();
        for k in 0..self.size {
            let Some(Place { row, column }) = self.pivot_from(k) else { break };
            for (line, from) in [(Line::Row, row), (Line::Column, column)] {
                self.record(Move { line, change: Change::Swap, from, to: k }, &mut moves);
            }
            let diagonal = self.entry(k, k)[0].clone();
            for line in [Line::Row, Line::Column] {
                for to in k + 1..self.size {
                    let place = self.place(line, to, k);
                    let factor = self.entries[place][0].divide(&diagonal);
                    self.record(Move { line, change: Change::Subtract(factor), from: k, to }, &mut moves);
                    self.entries[place][0] = S::zero();
                }
            }
        }
        moves
    }

    /// From C_B to C_A, up to the sign.
    pub(super) fn undo(&mut self, moves: Vec<Move<S>>) {
        moves.into_iter().rev().for_each(|step| self.apply(&step.transposed()));
    }

    fn record(&mut self, step: Move<S>, moves: &mut Vec<Move<S>>) {
        self.apply(&step);
        moves.push(step);
    }

    fn apply(&mut self, Move { line, change, from, to }: &Move<S>) {
        for along in 0..self.size {
            let [from, to] = [from, to].map(|&number| self.place(*line, number, along));
            match change {
                Change::Swap => self.entries.swap(from, to),
                Change::Subtract(factor) => self.subtract(factor, from, to),
            }
        }
    }

    /// The entry of a row or column at a position in it.
    fn place(&self, line: Line, number: usize, along: usize) -> usize {
        match line {
            Line::Row => number * self.size + along,
            Line::Column => along * self.size + number,
        }
    }

    /// Subtracts `factor` times the entry at `from` from that at `to`.
    fn subtract(&mut self, factor: &S, from: usize, to: usize) {
        let factor = factor.negate();
        for channel in 0..self.entries[to].len() {
            self.entries[to][channel] =
                factor.mul_add(&self.entries[from][channel], &self.entries[to][channel]);
        }
    }
}
