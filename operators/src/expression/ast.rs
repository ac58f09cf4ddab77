//! Syntax trees.

use jetc_combinatorics::Rational;

use crate::diagnostic::Span;

/// An expression and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// A text that was read: an expression, or the two sides of an equation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The expression, or the left side.
    pub left: Expression,
    /// The right side.
    pub right: Option<Expression>,
}

/// Whether a summand is added or subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Added.
    Plus,
    /// Subtracted.
    Minus,
}

/// Whether a factor multiplies or divides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotient {
    /// Multiplies.
    Times,
    /// Divides.
    Over,
}

/// Kinds of expressions. Chains of one operation are one node, so nesting is only as deep as the parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number, exactly.
    Number(Rational),
    /// A name, which may carry a subscript: `u_xy`.
    Name(String),
    /// A sum of two summands or more, or a single one with a minus.
    Sum(Vec<(Sign, Expression)>),
    /// A product of two factors or more.
    Product(Vec<(Quotient, Expression)>),
    /// A power.
    Power(Box<Expression>, Box<Expression>),
    /// A function with its arguments.
    Call {
        /// The function's name.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// The arguments.
        arguments: Vec<Argument>,
    },
    /// A list in brackets.
    List(Vec<Expression>),
    /// A component: of a vector, or of a matrix with one index or two.
    Index(Box<Expression>, Vec<Expression>),
}

/// An argument of a function, `value` or `value: count`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The argument.
    pub value: Expression,
    /// What stands behind its colon.
    pub count: Option<Expression>,
}
