//! From text to tokens.

use jetc_combinatorics::Rational;

use super::limits;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::decode::Text;
use crate::document::name;
use crate::document::number::{self, NumberError};

/// A token and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// Kinds of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Number(Rational),
    Name(String),
    /// One of `+ - * / ^ ( ) [ ] , : =`; `**` is read as `^`.
    Sign(char),
    End,
}

/// The tokens of a text, the last one [`TokenKind::End`].
pub(super) fn tokens(text: &Text) -> Result<Vec<Token>, Diagnostic> {
    let mut lexer = Lexer { text, position: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next()?;
        let is_end = token.kind == TokenKind::End;
        tokens.push(token);
        if is_end {
            return Ok(tokens);
        }
        if tokens.len() > limits::TOKENS {
            let message = format!("the expression has more than {} numbers, names and signs", limits::TOKENS);
            return Err(Diagnostic::new(Code::ExpressionTooLarge, text.span, message));
        }
    }
}

struct Lexer<'a> {
    text: &'a Text,
    position: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text.text[self.position..]
    }

    /// The place in the file of the text from `start` to here.
    fn span_from(&self, start: usize) -> Span {
        self.text.map.span(Span::new(start, self.position))
    }

    fn next(&mut self) -> Result<Token, Diagnostic> {
        self.position += self.rest().len() - self.rest().trim_start().len();
        let start = self.position;
        let Some(first) = self.rest().chars().next() else {
            return Ok(Token { kind: TokenKind::End, span: self.end() });
        };
        let kind = match first {
            '0'..='9' | '.' => self.number()?,
            '_' => self.name()?,
            first if name::begins(first) => self.name()?,
            '*' if self.rest().starts_with("**") => self.sign('^', 2),
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | '[' | ']' | ',' | ':' | '=' => self.sign(first, 1),
            other => {
                self.position += other.len_utf8();
                return Err(unexpected(other, self.span_from(start)));
            }
        };
        Ok(Token { kind, span: self.span_from(start) })
    }

    /// The place just behind the last character that is not blank.
    fn end(&self) -> Span {
        let length = self.text.text.trim_end().len();
        match length.checked_sub(1) {
            Some(last) => Span::at(self.text.map.span(Span::new(last, length)).end),
            None => self.text.span,
        }
    }

    fn sign(&mut self, sign: char, length: usize) -> TokenKind {
        self.position += length;
        TokenKind::Sign(sign)
    }

    fn name(&mut self) -> Result<TokenKind, Diagnostic> {
        let name: String = self.rest().chars().take_while(|&character| name::continues(character)).collect();
        let start = self.position;
        self.position += name.len();
        let letters = name.chars().count();
        if letters > limits::NAME_LETTERS {
            let message = format!("this name has {letters} letters; the limit is {}", limits::NAME_LETTERS);
            return Err(Diagnostic::new(Code::ExpressionTooLarge, self.span_from(start), message));
        }
        Ok(TokenKind::Name(name))
    }

    fn number(&mut self) -> Result<TokenKind, Diagnostic> {
        let start = self.position;
        self.position += number_length(self.rest().as_bytes());
        let span = self.span_from(start);
        let written = &self.text.text[start..self.position];
        number::decimal(written).map(TokenKind::Number).map_err(|error| match error {
            NumberError::Malformed => {
                Diagnostic::new(Code::InvalidNumber, span, format!("`{written}` is not a number"))
            }
            limit => Diagnostic::new(Code::NumberTooLarge, span, limit.to_string()),
        })
    }
}

/// Bytes of the number at the beginning: digits and points, and an exponent if one follows.
fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mantissa = bytes.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    if !matches!(bytes.get(mantissa), Some(b'e' | b'E')) {
        return mantissa;
    }
    let sign = usize::from(matches!(bytes.get(mantissa + 1), Some(b'+' | b'-')));
    match digits((mantissa + 1 + sign).min(bytes.len())) {
        0 => mantissa,
        exponent => mantissa + 1 + sign + exponent,
    }
}

fn unexpected(character: char, span: Span) -> Diagnostic {
    let help = match character {
        '∆' => "write the Laplacian of u as `lap(u)`",
        '∇' => "write grad(u), div(U), curl(U), or lap(u) for ∇²u",
        '∂' => "write derivatives as `u_x`, `u_xy` or `d(u, x: 2)`",
        '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | 'ⁿ' => "write powers as `x^2`",
        '₀'..='₉' => "write numbers in names as digits: `x1`",
        '√' => "the square root is `sqrt(u)`",
        '½' | '¼' | '¾' | '⅓' | '⅔' => "write fractions as `1/2`",
        '≤' | '≥' | '≠' | '≈' | '≡' => "an equation is written with `=`",
        '·' | '×' | '⋅' => "write products as `a*b`, scalar products as `dot(U, V)`",
        '−' | '–' => "this is not the minus sign `-` of the keyboard",
        '\'' => "write derivatives as `u_x` or `d(u, x: 2)`",
        '{' | '}' => "group with parentheses",
        '&' | '|' | '<' | '>' | '!' => "for conditions use min, max, abs and step",
        _ => "expressions are made of numbers, names, + - * / ^ and functions",
    };
    let message = format!("`{character}` means nothing in an expression");
    Diagnostic::new(Code::ExpressionSyntax, span, message).help(help)
}
