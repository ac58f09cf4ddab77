//! YAML documents as trees that remember where everything stands.
//!
//! [`Document::parse`] turns text into [`Node`]s: scalars keep the exact text that was written (so `0.1` is one tenth
//! and `y` is a name), and every node knows its byte range. The [`decode`] layer turns nodes into typed values, reports
//! every mistake with its place, and describes the same shapes as a JSON Schema.
//!
//! | concept | module |
//! |---|---|
//! | [`Node`], [`Value`], [`Scalar`] | `node` |
//! | a text and its tree | [`Document`] |
//! | events of the YAML parser → nodes, within [`limits`] | `builder` |
//! | texts that {…} and […] cut up | `flow` |
//! | offsets inside a scalar → offsets of the file | `offset_map` |
//! | exact numbers | [`number`] |
//! | what names are made of | [`name`] |
//! | nodes → typed values | [`decode`] |
//!
//! *Architecture invariant:* nothing here knows operators; model files are read with the same layer.

mod builder;
pub mod decode;
mod flow;
pub mod limits;
pub mod name;
mod node;
pub mod number;
mod offset_map;
mod text;

pub use node::{Node, Scalar, Style, Value};
pub use offset_map::OffsetMap;
pub use text::Document;
