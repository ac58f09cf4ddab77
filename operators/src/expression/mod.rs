//! Expressions: from text to syntax trees.
//!
//! ```text
//! text    = sum [ "=" sum ]                          an equation where one is allowed
//! sum     = product { ("+" | "-") product }
//! product = unary { ("*" | "/") unary }
//! unary   = { "-" | "+" } power
//! power   = indexed [ ("^" | "**") unary ]            right to left; -x^2 is -(x^2)
//! indexed = primary { "[" sum { "," sum } "]" }       behind all but numbers
//! primary = number | name | name "(" [ argument { "," argument } ] ")" | "(" sum ")" | "[" [ sum { "," sum } ] "]"
//! argument = sum [ (":" | "=") sum ]
//! ```
//!
//! Numbers are exact. Every node of the tree knows its place in the file. Length and nesting are bounded by
//! [`limits`], so nothing that works through a tree can run out of stack.

mod ast;
mod lexer;
pub mod limits;
mod parse;

pub use ast::{Argument, Expression, Kind, Parsed, Quotient, Sign};
pub use parse::{parse, parse_equation};

/// The names that a text mentions, function names included, in order; nothing for a text that cannot be read.
pub fn names(text: &crate::document::decode::Text) -> Vec<String> {
    let tokens = lexer::tokens(text).unwrap_or_default();
    tokens
        .into_iter()
        .filter_map(|token| match token.kind {
            lexer::TokenKind::Name(name) => Some(name),
            _ => None,
        })
        .collect()
}
