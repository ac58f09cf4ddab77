//! How large an expression may be.

/// Most tokens (numbers, names, signs) of one expression.
pub const TOKENS: usize = 100_000;

/// Longest name in an expression, subscript included.
pub const NAME_LETTERS: usize = 256;

/// Deepest nesting of parentheses, calls and exponents.
pub const DEPTH: usize = 64;
