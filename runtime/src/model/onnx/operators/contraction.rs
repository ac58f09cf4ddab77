//! Matrix products and sums of products by index letters.
//!
//! The batch may be rows, columns or an axis before them; a sum over it would mix the points.

use super::super::NodeProblem;
use super::super::call::{Call, Result};
use super::super::value::{Array, Batch, Value};
use super::{Handler, one};

/// The most products of numbers in one product of constant matrices.
const MOST_WORK: usize = 1 << 32;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    Some(match op_type {
        "MatMul" => matmul,
        "Gemm" => gemm,
        "Einsum" => einsum,
        _ => return None,
    })
}

fn matmul(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let (a, b) = (call.real(0)?, call.real(1)?);
    one(call.matrix_product(a, b)?)
}

/// Which of the two operands of a product.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Call<'_> {
    /// The product of matrices in the last two axes, as NumPy's `matmul`.
    pub(in crate::model::onnx) fn matrix_product(&mut self, a: Array, b: Array) -> Result<Array> {
        let (left, right) = (self.rank(a), self.rank(b));
        let outer = left.saturating_sub(2).max(right.saturating_sub(2));
        let rows = usize::from(left >= 2);
        let places = [(a, left, Side::Left), (b, right, Side::Right)].map(|(array, rank, side)| {
            array.batch.map(|Batch { axis: batch, .. }| {
                let inner = if side == Side::Left { rank - 1 } else { rank.saturating_sub(2) };
                match batch {
                    _ if batch == inner => Err(NodeProblem::MixesPoints { axis: batch }),
                    _ if batch + 2 >= rank => Ok(outer + if side == Side::Left { 0 } else { rows }),
                    _ => Ok(outer + 2 + batch - rank),
                }
            })
        });
        let batch = match places {
            [None, None] => None,
            [Some(place), None] | [None, Some(place)] => Some(place?),
            [Some(left), Some(right)] => {
                let (left, right) = (left?, right?);
                if left != right || left >= outer || self.batch_length(a) != self.batch_length(b) {
                    return Err(NodeProblem::BatchAxes);
                }
                Some(left)
            }
        };
        self.check_outer(a, b, batch.filter(|&batch| batch < outer), outer)?;
        let (columns, from) = (self.shape(b).last().copied().unwrap_or(1), self.shape(a));
        let row = from.len().checked_sub(2).map_or(1, |axis| from[axis]);
        let inner = from.last().copied().unwrap_or(1);
        self.room(&[Value::Real(a), Value::Real(b)], &[row, columns])?;
        // What is constant is multiplied out at once.
        if self.is_constant(a)
            && self.is_constant(b)
            && row.saturating_mul(inner).saturating_mul(columns) > MOST_WORK
        {
            return Err(NodeProblem::TooLarge { limit: MOST_WORK });
        }
        let lies = a.batch.or(b.batch);
        let batch = lies.zip(batch).map(|(lies, axis)| lies.at(axis));
        Ok(Array { tensor: self.graph.matmul(a.tensor, b.tensor)?, batch })
    }

    /// How the batch lies in its axis.
    fn batch_length(&self, array: Array) -> Option<(usize, usize)> {
        array.batch.map(|batch| (self.shape(array)[batch.axis], batch.outer))
    }

    /// Where one operand has its batch in an axis before the matrices, the other has 1 there, or the batch.
    fn check_outer(&self, a: Array, b: Array, batch: Option<usize>, outer: usize) -> Result<()> {
        let Some(batch) = batch else { return Ok(()) };
        for array in [a, b] {
            let shape = self.shape(array);
            let axis = (batch + shape.len()).checked_sub(outer + 2);
            let length = axis.and_then(|axis| shape.get(axis)).copied().unwrap_or(1);
            if array.batch.is_none() && length != 1 {
                return Err(NodeProblem::BatchAxes);
            }
        }
        Ok(())
    }
}

/// α A B + β C, A and B transposed as asked for.
fn gemm(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let mut matrix = |position, name| -> Result<Array> {
        let x = call.real(position)?;
        let rank = call.rank(x);
        if rank != 2 {
            return Err(NodeProblem::Axis { axis: 1, rank });
        }
        if !call.attributes.flag(name, false)? {
            return Ok(x);
        }
        match call.transposed(Value::Real(x), &[1, 0])? {
            Value::Real(array) => Ok(array),
            other => {
                Err(NodeProblem::Kind { position, found: other.kind(), expected: "floating-point numbers" })
            }
        }
    };
    let (a, b) = (matrix(0, "transA")?, matrix(1, "transB")?);
    let (alpha, beta) = (call.attributes.float_or("alpha", 1.0)?, call.attributes.float_or("beta", 1.0)?);
    let mut product = call.matrix_product(a, b)?;
    if alpha.to_bits() != 1f64.to_bits() {
        product = call.scale(product, alpha)?;
    }
    let Some(mut c) = call.optional_real(2)? else { return one(product) };
    if beta.to_bits() != 1f64.to_bits() {
        c = call.scale(c, beta)?;
    }
    one(call.add(product, c)?)
}

/// `...` stands for axes that are broadcast; it is written out by letters that the equation does not use.
fn einsum(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let equation = call.attributes.text("equation")?.ok_or(NodeProblem::Attribute { name: "equation" })?;
    let equation: String = equation.chars().filter(|c| !c.is_whitespace()).collect();
    let operands = (0..call.inputs.len()).map(|position| call.real(position)).collect::<Result<Vec<_>>>()?;
    let ranks: Vec<usize> = operands.iter().map(|&operand| call.rank(operand)).collect();
    let equation = written_out(&equation, &ranks);
    let (inputs, output) = equation.split_once("->").unwrap_or((&equation, ""));
    let letters: Vec<Vec<char>> = inputs.split(',').map(|term| term.chars().collect()).collect();
    let mut common: Option<(char, usize, usize)> = None;
    for (operand, letters) in operands.iter().zip(&letters) {
        if let Some(batch) = operand.batch {
            let Some(&letter) = letters.get(batch.axis) else { continue };
            let found = (letter, call.shape(*operand)[batch.axis], batch.outer);
            if *common.get_or_insert(found) != found {
                return Err(NodeProblem::BatchAxes);
            }
        }
    }
    let batch = match common {
        None => None,
        Some((letter, _, outer)) => {
            let foreign = operands.iter().zip(&letters).any(|(operand, letters)| {
                letters
                    .iter()
                    .enumerate()
                    .any(|(axis, &c)| c == letter && operand.batch.is_none_or(|batch| batch.axis != axis))
            });
            if foreign {
                return Err(NodeProblem::BatchAxes);
            }
            let axis = output.chars().position(|c| c == letter);
            Some(Batch { axis: axis.ok_or(NodeProblem::MixesPoints { axis: 0 })?, outer })
        }
    };
    let tensors: Vec<_> = operands.iter().map(|operand| operand.tensor).collect();
    one(Array { tensor: call.graph.einsum(&equation, &tensors)?, batch })
}

/// The equation with letters for `...` and with a result.
fn written_out(equation: &str, ranks: &[usize]) -> String {
    let free: Vec<char> = ('A'..='Z').chain('a'..='z').filter(|&c| !equation.contains(c)).collect();
    let (inputs, output) = equation.split_once("->").map_or((equation, None), |(i, o)| (i, Some(o)));
    let mut most = 0;
    let terms: Vec<String> = inputs
        .split(',')
        .zip(ranks.iter().chain(std::iter::repeat(&0)))
        .map(|(term, rank)| {
            let named = term.chars().filter(char::is_ascii_alphabetic).count();
            let axes = rank.saturating_sub(named).min(free.len());
            if term.contains("...") {
                most = most.max(axes);
            }
            term.replace("...", &free[free.len() - axes..].iter().collect::<String>())
        })
        .collect();
    let shared: String = free[free.len() - most..].iter().collect();
    let output = output.map_or_else(
        || {
            let mut letters: Vec<char> = inputs.chars().filter(char::is_ascii_alphabetic).collect();
            letters.sort_unstable();
            let once = |c: &char| letters.iter().filter(|d| *d == c).count() == 1;
            shared.chars().chain(letters.iter().copied().filter(once)).collect()
        },
        |output| output.replace("...", &shared),
    );
    format!("{}->{output}", terms.join(","))
}
