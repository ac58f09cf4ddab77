//! Sums of products by index letters, as NumPy's `einsum`.

use jetc_operators::counted;

use super::{GraphBuilder, GraphError, TensorId};
use crate::jet::JetScalar;

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// Σ over the letters that the result does not have: `ij,jk->ik` is a matrix product.
    ///
    /// Operands are contracted from left to right; a letter must not stand twice in one operand, and `...` is not
    /// known. Without `->` the result has the letters that stand once, in alphabetical order.
    ///
    /// # Errors
    /// [`GraphError::Equation`] for an equation that does not fit, [`GraphError::Broadcast`] for axes that differ.
    pub fn einsum(&mut self, equation: &str, operands: &[TensorId]) -> Result<TensorId, GraphError> {
        let refuse = |reason: String| GraphError::Equation {
            equation: equation.to_owned(),
            operands: operands.len(),
            reason,
        };
        let text: String = equation.chars().filter(|c| !c.is_whitespace()).collect();
        let (inputs, output) = match text.split_once("->") {
            Some((inputs, output)) => (inputs, output.chars().collect()),
            None => (text.as_str(), implicit_output(&text)),
        };
        let terms: Vec<Vec<char>> = inputs.split(',').map(|term| term.chars().collect()).collect();
        if terms.len() != operands.len() {
            return Err(refuse(format!("it has {} operands", terms.len())));
        }
        for letters in terms.iter().chain([&output]) {
            if let Some(letter) = letters.iter().find(|c| !c.is_ascii_alphabetic()) {
                return Err(refuse(format!("`{letter}` is no letter")));
            }
            if let Some(letter) = letters.iter().find(|c| letters.iter().filter(|d| d == c).count() > 1) {
                return Err(refuse(format!("`{letter}` stands twice in one operand")));
            }
        }
        for (letters, &operand) in terms.iter().zip(operands) {
            if letters.len() != self.shape(operand).len() {
                let rank = self.shape(operand).len();
                return Err(refuse(format!(
                    "an operand has {} and {}",
                    counted(letters.len(), "letter"),
                    counted(rank, "axis")
                )));
            }
        }
        if let Some(letter) = output.iter().find(|c| !terms.iter().any(|term| term.contains(c))) {
            return Err(refuse(format!("`{letter}` stands in no operand")));
        }
        let mut current = (operands[0], terms[0].clone());
        for (number, (letters, &operand)) in terms.iter().zip(operands).enumerate().skip(1) {
            let later: Vec<char> = terms[number + 1..].concat();
            let is_kept = |c: &char| output.contains(c) || later.contains(c);
            current = self.contract(&current, &(operand, letters.clone()), is_kept)?;
        }
        let dropped: Vec<char> = current.1.iter().copied().filter(|c| !output.contains(c)).collect();
        current = self.sum_letters(current, &dropped)?;
        let order: Vec<usize> = output.iter().filter_map(|c| current.1.iter().position(|d| d == c)).collect();
        self.transpose(current.0, &order)
    }

    /// Two operands as one matrix product: letters that both have and the result keeps are its batch.
    fn contract(
        &mut self,
        left: &(TensorId, Vec<char>),
        right: &(TensorId, Vec<char>),
        is_kept: impl Fn(&char) -> bool,
    ) -> Result<(TensorId, Vec<char>), GraphError> {
        let lonely = |of: &[char], other: &[char]| -> Vec<char> {
            of.iter().copied().filter(|c| !other.contains(c) && !is_kept(c)).collect()
        };
        let left = self.sum_letters(left.clone(), &lonely(&left.1, &right.1))?;
        let right = self.sum_letters(right.clone(), &lonely(&right.1, &left.1))?;
        let shared = |c: &char| right.1.contains(c);
        let batch: Vec<char> = left.1.iter().copied().filter(|c| shared(c) && is_kept(c)).collect();
        let inner: Vec<char> = left.1.iter().copied().filter(|c| shared(c) && !is_kept(c)).collect();
        let rows: Vec<char> = left.1.iter().copied().filter(|c| !shared(c)).collect();
        let columns: Vec<char> = right.1.iter().copied().filter(|c| !left.1.contains(c)).collect();
        let sizes = |letters: &[char], of: &(TensorId, Vec<char>), graph: &Self| -> Vec<usize> {
            let size = |c: &char| of.1.iter().position(|d| d == c).map_or(1, |axis| graph.shape(of.0)[axis]);
            letters.iter().map(size).collect()
        };
        let (in_left, in_right) = ([&batch[..], &inner].concat(), [&batch[..], &inner].concat());
        let (from_left, from_right) = (sizes(&in_left, &left, self), sizes(&in_right, &right, self));
        if from_left != from_right {
            return Err(GraphError::Broadcast { left: from_left, right: from_right });
        }
        let (batch_sizes, inner_sizes) = from_left.split_at(batch.len());
        let (row_sizes, column_sizes) = (sizes(&rows, &left, self), sizes(&columns, &right, self));
        let product = |sizes: &[usize]| sizes.iter().product::<usize>();
        let a = self.ordered(&left, &[&batch[..], &rows, &inner].concat())?;
        let a = self.reshape(a, &[product(batch_sizes), product(&row_sizes), product(inner_sizes)])?;
        let b = self.ordered(&right, &[&batch[..], &inner, &columns].concat())?;
        let b = self.reshape(b, &[product(batch_sizes), product(inner_sizes), product(&column_sizes)])?;
        let result = self.matmul(a, b)?;
        let result = self.reshape(result, &[batch_sizes, &row_sizes, &column_sizes].concat())?;
        Ok((result, [batch, rows, columns].concat()))
    }

    fn ordered(&mut self, operand: &(TensorId, Vec<char>), letters: &[char]) -> Result<TensorId, GraphError> {
        let order: Vec<usize> =
            letters.iter().filter_map(|c| operand.1.iter().position(|d| d == c)).collect();
        self.transpose(operand.0, &order)
    }

    fn sum_letters(
        &mut self,
        (tensor, letters): (TensorId, Vec<char>),
        dropped: &[char],
    ) -> Result<(TensorId, Vec<char>), GraphError> {
        if dropped.is_empty() {
            return Ok((tensor, letters));
        }
        let axes: Vec<isize> =
            (0..).zip(&letters).filter(|(_, c)| dropped.contains(c)).map(|(axis, _)| axis).collect();
        let tensor = self.sum(tensor, &axes, false)?;
        Ok((tensor, letters.into_iter().filter(|c| !dropped.contains(c)).collect()))
    }
}

fn implicit_output(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(char::is_ascii_alphabetic).collect();
    letters.sort_unstable();
    let once = |letter: &char| letters.iter().filter(|other| *other == letter).count() == 1;
    letters.iter().copied().filter(once).collect()
}
