//! Plans as text and as JSON.

mod formula;
mod json;
mod rule;
mod text;

pub use json::{comparison_json, plan_json};
pub use text::{comparison_text, plan_text};
