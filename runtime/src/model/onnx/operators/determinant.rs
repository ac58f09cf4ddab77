//! Determinants of the matrices in the last two axes.

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart};
use super::super::value::{Array, Value};
use super::{Handler, one};

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
    one(Array { tensor: call.graph.determinant(x.tensor)?, ..x })
}
