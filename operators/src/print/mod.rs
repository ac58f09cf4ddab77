//! Plans for people, for programs, and for reading back.
//!
//! | view | function |
//! |---|---|
//! | complete text, every value defined once | [`plan_text`], read back by [`parse_plan`] |
//! | a few lines with costs | [`plan_explain`] |
//! | JSON | [`plan_json`] |
//! | a graph for Graphviz | [`plan_dot`] |
//! | a picture | [`plan_svg`] |
//! | the channels of every node after each pass | [`passes_text`] |

mod comparison;
mod dot;
mod explain;
mod formula;
mod json;
mod paper;
mod parse;
mod passes;
mod rule;
mod svg;
mod text;

pub use comparison::{Alternatives, comparison_json, comparison_text};
pub use dot::plan_dot;
pub use explain::plan_explain;
pub use json::plan_json;
pub use parse::{PlanTextError, parse_plan};
pub use passes::passes_text;
pub use svg::plan_svg;
pub use text::plan_text;

/// Three directions in two dimensions, with numbers too long for an exact elimination.
#[cfg(test)]
const ROUNDED: &str = "
coordinates: [x, y]
directions:
  v: {rows: [[0.12345678901234567891, 1], [0.98765432109876543211, -1], [1, 0.31415926535897932384]]}
outputs:
  diffusion: hess(u, v)
";
