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

pub use dot::plan_dot;
pub use explain::{Alternatives, plan_explain};
pub use json::{comparison_json, plan_json};
pub use parse::{PlanTextError, parse_plan};
pub use passes::passes_text;
pub use svg::plan_svg;
pub use text::{comparison_text, plan_text};
