//! What the nodes do, one file for each family.
//!
//! | family | file |
//! |---|---|
//! | functions of one operand | `elementwise.rs` |
//! | sums, products, powers, the larger and the smaller | `arithmetic.rs` |
//! | comparisons, booleans, choices by them | `choice.rs` |
//! | shapes, constants, casts | `shape.rs` |
//! | reshape, transpose, slices, concatenation, repetition, padding | `arrange.rs`, `reshape.rs`, `pad.rs` |
//! | entries by constant positions | `gather.rs` |
//! | sums and the like over axes | `reduce.rs` |
//! | matrix products, einsum | `contraction.rs` |
//! | determinants | `determinant.rs` |
//! | softmax and normalisation | `normalise.rs` |
//! | convolution and pooling | `convolution.rs` |
//! | attention | `attention.rs` |

mod elementwise;
mod arithmetic;
mod choice;
mod shape;
mod arrange;
mod reshape;
mod pad;
mod gather;
mod reduce;
mod contraction;
mod determinant;
mod normalise;
mod convolution;
mod attention;
mod remedy;

pub(super) use remedy::remedy;

use super::call::{Call, Result};
use super::value::{Array, Value};

/// Carries a node out: its results in order.
pub(super) type Handler = fn(&mut Call<'_>) -> Result<Vec<Value>>;

/// How to carry out nodes of a type of ONNX's own domain; nothing for types that cannot be.
pub(super) fn handler(op_type: &str) -> Option<Handler> {
    let families = [
        elementwise::handler,
        arithmetic::handler,
        choice::handler,
        shape::handler,
        arrange::handler,
        reshape::handler,
        pad::handler,
        gather::handler,
        reduce::handler,
        contraction::handler,
        determinant::handler,
        normalise::handler,
        convolution::handler,
        attention::handler,
    ];
    families.iter().find_map(|family| family(op_type))
}

/// One result of floating-point numbers.
#[allow(clippy::unnecessary_wraps, reason = "handlers end in it")]
fn one(array: Array) -> Result<Vec<Value>> {
    Ok(vec![Value::Real(array)])
}
