//! Determinants of small matrices in the last two axes, written out along the first row:
//! |A| = Σⱼ (−1)ʲ a₀ⱼ |A without row 0 and column j|.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart};
use super::super::value::{Array, Value};
use super::{Handler, one};
use crate::network::{GraphBuilder, GraphError, Tensor};

/// The largest matrix that is written out.
const LARGEST: usize = 3;

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    (op_type == "Det").then_some(determinant)
}

fn determinant(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let x = call.real(0)?;
    let shape = call.shape(x).to_vec();
    let &[ref outer @ .., rows, columns] = &shape[..] else {
        return Err(NodeProblem::Axis { axis: -2, rank: shape.len() });
    };
    apart(x.batch, &[outer.len(), outer.len() + 1])?;
    if rows != columns {
        return Err(NodeProblem::Shapes { left: vec![rows], right: vec![columns] });
    }
    if rows == 0 || rows > LARGEST {
        let what = format!("the determinant of a matrix of {rows} rows");
        return Err(NodeProblem::Option { what, remedy: "matrices of up to 3 rows are written out" });
    }
    let all: Vec<usize> = (0..columns).collect();
    let result = expansion(call.graph, x.tensor, 0, &all)?;
    one(Array { tensor: call.graph.reshape(result, outer)?, ..x })
}

/// The determinant of the rows from `row` on and these columns, shape \[…, 1, 1\].
fn expansion(
    graph: &mut GraphBuilder<f64>,
    x: Tensor,
    row: usize,
    columns: &[usize],
) -> std::result::Result<Tensor, GraphError> {
    let line = graph.slice(x, -2, row, 1, 1)?;
    let mut terms = Vec::new();
    for (number, &column) in columns.iter().enumerate() {
        let mut term = graph.slice(line, -1, column, 1, 1)?;
        let others: Vec<usize> = columns.iter().copied().filter(|&other| other != column).collect();
        if !others.is_empty() {
            let minor = expansion(graph, x, row + 1, &others)?;
            term = graph.multiply(term, minor)?;
        }
        terms.push((term, if number % 2 == 0 { 1.0 } else { -1.0 }));
    }
    graph.combine(&terms)
}
