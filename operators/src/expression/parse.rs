//! From tokens to syntax trees.

use super::lexer::{Token, TokenKind, tokens};
use super::{Argument, Expression, Kind, Parsed, Quotient, Sign, limits};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::decode::Text;

/// Reads an expression.
///
/// # Errors
/// The first mistake of syntax, or a size beyond the [`limits`].
pub fn parse(text: &Text) -> Result<Expression, Diagnostic> {
    Parser::new(text)?.text(false).map(|parsed| parsed.left)
}

/// Reads an expression or an equation.
///
/// # Errors
/// The first mistake of syntax, or a size beyond the [`limits`].
pub fn parse_equation(text: &Text) -> Result<Parsed, Diagnostic> {
    Parser::new(text)?.text(true)
}

/// Most pairs of brackets behind one operand.
const MOST_INDICES: usize = 2;

/// The tokens still to come; behind the end there are only more ends.
struct Tokens {
    rest: std::vec::IntoIter<Token>,
    next: Token,
}

impl Tokens {
    fn new(tokens: Vec<Token>) -> Self {
        let mut rest = tokens.into_iter();
        let next = rest.next().unwrap_or(Token { kind: TokenKind::End, span: Span::default() });
        Self { rest, next }
    }

    fn peek(&self) -> &Token {
        &self.next
    }

    fn next(&mut self) -> Token {
        let after = self.rest.next().unwrap_or(Token { kind: TokenKind::End, span: self.next.span });
        std::mem::replace(&mut self.next, after)
    }

    /// Takes the next token if it is one of these signs.
    fn take(&mut self, signs: &[char]) -> Option<(char, Span)> {
        match self.next.kind {
            TokenKind::Sign(sign) if signs.contains(&sign) => Some((sign, self.next().span)),
            _ => None,
        }
    }
}

struct Parser {
    tokens: Tokens,
    depth: usize,
}

type Read = Result<Expression, Diagnostic>;

impl Parser {
    fn new(text: &Text) -> Result<Self, Diagnostic> {
        let tokens = Tokens::new(tokens(text)?);
        if tokens.peek().kind == TokenKind::End {
            return Err(Diagnostic::new(Code::ExpressionSyntax, text.span, "the expression is empty"));
        }
        Ok(Self { tokens, depth: 0 })
    }

    fn text(mut self, may_be_equation: bool) -> Result<Parsed, Diagnostic> {
        let left = self.sum()?;
        let right = match self.tokens.take(&['=']) {
            Some((_, sign)) => Some(self.right_side(sign, may_be_equation)?),
            None => None,
        };
        match self.tokens.next() {
            Token { kind: TokenKind::End, .. } => Ok(Parsed { left, right }),
            token if right.is_some() && token.kind == TokenKind::Sign('=') => {
                let message = "an equation has one `=`";
                Err(Diagnostic::new(Code::ExpressionSyntax, token.span, message)
                    .help("write two outputs, or a list of equations"))
            }
            token => Err(after_operand(&token, right.as_ref().unwrap_or(&left))),
        }
    }

    /// Runs `parse` one level deeper.
    fn nested(&mut self, parse: impl FnOnce(&mut Self) -> Read) -> Read {
        if self.depth >= limits::DEPTH {
            let message = format!("the expression is nested more than {} deep", limits::DEPTH);
            return Err(Diagnostic::new(Code::ExpressionTooLarge, self.tokens.peek().span, message)
                .help("name a part of it under `coefficients`"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// What follows the `=` at `sign`.
    fn right_side(&mut self, sign: Span, may_be_equation: bool) -> Read {
        let error = |span: Span, message: &str| Diagnostic::new(Code::ExpressionSyntax, span, message);
        if let Some((_, second)) = self.tokens.take(&['=']) {
            return Err(error(sign.to(second), "an equation has one `=`").help("write `left = right`"));
        }
        if may_be_equation {
            return self.sum();
        }
        Err(error(sign, "this is an expression, which has no `=`")
            .help("write the value alone; only the outputs of an operator may be equations"))
    }

    fn sum(&mut self) -> Read {
        let mut summands = vec![(Sign::Plus, self.product()?)];
        while let Some((sign, _)) = self.tokens.take(&['+', '-']) {
            let sign = if sign == '-' { Sign::Minus } else { Sign::Plus };
            summands.push((sign, self.product()?));
        }
        Ok(chain(summands, Kind::Sum))
    }

    fn product(&mut self) -> Read {
        let mut factors = vec![(Quotient::Times, self.unary()?)];
        while let Some((sign, _)) = self.tokens.take(&['*', '/']) {
            let quotient = if sign == '/' { Quotient::Over } else { Quotient::Times };
            factors.push((quotient, self.unary()?));
        }
        Ok(chain(factors, Kind::Product))
    }

    fn unary(&mut self) -> Read {
        let mut negative = None;
        let mut minus = false;
        while let Some((sign, span)) = self.tokens.take(&['+', '-']) {
            negative.get_or_insert(span);
            minus ^= sign == '-';
        }
        let operand = self.power()?;
        Ok(match negative {
            Some(start) if minus => {
                Expression { span: start.to(operand.span), kind: Kind::Sum(vec![(Sign::Minus, operand)]) }
            }
            _ => operand,
        })
    }

    fn power(&mut self) -> Read {
        let base = self.indexed()?;
        if self.tokens.take(&['^']).is_none() {
            return Ok(base);
        }
        let exponent = self.nested(Self::unary)?;
        let span = base.span.to(exponent.span);
        Ok(Expression { kind: Kind::Power(Box::new(base), Box::new(exponent)), span })
    }

    fn indexed(&mut self) -> Read {
        let mut of = self.primary()?;
        let mut count = 0;
        while !matches!(of.kind, Kind::Number(_)) {
            let Some((_, open)) = self.tokens.take(&['[']) else { break };
            count += 1;
            if count > MOST_INDICES {
                let message = "nothing has more than two indices";
                return Err(Diagnostic::new(Code::ExpressionSyntax, open, message));
            }
            let (indices, close) = self.elements(open)?;
            let span = of.span.to(close);
            of = Expression { kind: Kind::Index(Box::new(of), indices), span };
        }
        Ok(of)
    }

    fn primary(&mut self) -> Read {
        let token = self.tokens.next();
        match token.kind {
            TokenKind::Number(value) => Ok(Expression { kind: Kind::Number(value), span: token.span }),
            TokenKind::Name(name) => self.name_or_call(name, token.span),
            TokenKind::Sign('(') => {
                let inner = self.nested(Self::sum)?;
                let close = self.close(token.span, '(', ')', &inner)?;
                Ok(Expression { span: token.span.to(close), ..inner })
            }
            TokenKind::Sign('[') => self.list(token.span),
            _ => Err(expected_operand(&token)),
        }
    }

    fn name_or_call(&mut self, name: String, name_span: Span) -> Read {
        let Some((_, open)) = self.tokens.take(&['(']) else {
            return Ok(Expression { kind: Kind::Name(name), span: name_span });
        };
        let mut arguments = Vec::new();
        if let Some((_, close)) = self.tokens.take(&[')']) {
            return Ok(Expression {
                span: name_span.to(close),
                kind: Kind::Call { name, name_span, arguments },
            });
        }
        loop {
            let argument = self.argument()?;
            if self.tokens.take(&[',']).is_none() {
                let last = argument.count.as_ref().unwrap_or(&argument.value);
                let close = self.close(open, '(', ')', last)?;
                arguments.push(argument);
                let kind = Kind::Call { name, name_span, arguments };
                return Ok(Expression { span: name_span.to(close), kind });
            }
            arguments.push(argument);
        }
    }

    fn argument(&mut self) -> Result<Argument, Diagnostic> {
        let value = self.nested(Self::sum)?;
        let count = match self.tokens.take(&[':', '=']) {
            Some(_) => Some(self.nested(Self::sum)?),
            None => None,
        };
        Ok(Argument { value, count })
    }

    fn list(&mut self, open: Span) -> Read {
        let (elements, close) = self.elements(open)?;
        Ok(Expression { kind: Kind::List(elements), span: open.to(close) })
    }

    /// What stands between the bracket at `open` and its closing one, and the latter's place.
    fn elements(&mut self, open: Span) -> Result<(Vec<Expression>, Span), Diagnostic> {
        let mut elements = vec![self.nested(Self::sum)?];
        while self.tokens.take(&[',']).is_some() {
            elements.push(self.nested(Self::sum)?);
        }
        let close = self.close(open, '[', ']', &elements[elements.len() - 1])?;
        Ok((elements, close))
    }

    /// The closing bracket that belongs to the one at `open`; `last` is what stands before it.
    fn close(
        &mut self,
        open: Span,
        opening: char,
        sign: char,
        last: &Expression,
    ) -> Result<Span, Diagnostic> {
        if let Some((_, span)) = self.tokens.take(&[sign]) {
            return Ok(span);
        }
        let token = self.tokens.next();
        match token.kind {
            TokenKind::End => {
                let message = format!("this `{opening}` is never closed");
                Err(Diagnostic::new(Code::ExpressionSyntax, open, message).help(format!("add a `{sign}`")))
            }
            _ => Err(after_operand(&token, last)),
        }
    }
}

/// A chain of operands as one node, or the only operand itself.
fn chain<S>(
    mut operands: Vec<(S, Expression)>,
    kind: impl FnOnce(Vec<(S, Expression)>) -> Kind,
) -> Expression {
    if operands.len() == 1
        && let Some((_, only)) = operands.pop()
    {
        return only;
    }
    let span = operands.iter().map(|operand| operand.1.span).reduce(Span::to).unwrap_or_default();
    Expression { kind: kind(operands), span }
}

fn expected_operand(token: &Token) -> Diagnostic {
    let found = match &token.kind {
        TokenKind::End => "the end of the expression".to_owned(),
        TokenKind::Sign(sign) => format!("`{sign}`"),
        TokenKind::Name(name) => format!("`{name}`"),
        TokenKind::Number(_) => "a number".to_owned(),
    };
    let message = format!("expected a number, a name or `(`, found {found}");
    let diagnostic = Diagnostic::new(Code::ExpressionSyntax, token.span, message);
    match token.kind {
        TokenKind::Sign('=') => {
            diagnostic.help("an equation is `left = right`, with something on both sides")
        }
        TokenKind::Sign('*' | '/') => diagnostic.help("products are written `a*b`, powers `a^2`"),
        _ => diagnostic,
    }
}

/// The mistake that `token` follows a complete operand.
fn after_operand(token: &Token, operand: &Expression) -> Diagnostic {
    let error = |message: &str| Diagnostic::new(Code::ExpressionSyntax, token.span, message);
    match &token.kind {
        TokenKind::Name(name) if name.starts_with('_') && matches!(operand.kind, Kind::Index(..)) => {
            error("a component has no subscript")
                .help("derive the vector and take the component, `U_x[0]`, or write `d(U[0], x)`")
        }
        TokenKind::Name(_) | TokenKind::Number(_) | TokenKind::Sign('(' | '[') => {
            let right = match &token.kind {
                TokenKind::Name(name) => name.clone(),
                _ => "(…)".to_owned(),
            };
            let left = last_factor(operand);
            let product = format!("for a product write `{left}*{right}`");
            let help = match (&operand.kind, &token.kind) {
                (Kind::Name(function), TokenKind::Name(_)) => {
                    format!("{product}, for a function `{function}({right})`")
                }
                _ => product,
            };
            error("an operator is missing before this").help(help)
        }
        TokenKind::Sign('=') => error(
            "a `=` stands between the two sides of an output, outside of all brackets",
        )
        .help("an output may be an equation like `u_t = lap(u)`, which means left side minus right side"),
        TokenKind::Sign(sign @ (')' | ']')) => error(&format!("this `{sign}` closes nothing")),
        TokenKind::Sign(',') => error("a `,` separates the arguments of a function only"),
        TokenKind::Sign(':') => error("a `:` belongs into the arguments of `d` only: `d(u, x: 2)`"),
        _ => error("the expression should end here"),
    }
}

/// How the factor at the end of an operand is written in advice.
fn last_factor(operand: &Expression) -> String {
    let last = match &operand.kind {
        Kind::Number(value) => return value.to_string(),
        Kind::Name(name) => return name.clone(),
        Kind::Sum(summands) => summands.last().map(|summand| &summand.1),
        Kind::Product(factors) => factors.last().map(|factor| &factor.1),
        Kind::Power(_, exponent) => Some(&**exponent),
        Kind::Call { .. } | Kind::List(_) | Kind::Index(..) => None,
    };
    // An operand in parentheses ends behind its last part.
    match last.filter(|last| last.span.end == operand.span.end) {
        Some(last) => last_factor(last),
        None => "(…)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::OffsetMap;

    fn text(text: &str) -> Text {
        Text { text: text.to_owned(), span: Span::new(0, text.len()), map: OffsetMap::shift(0) }
    }

    /// The tree with every operation in parentheses.
    fn show(expression: &Expression) -> String {
        match &expression.kind {
            Kind::Number(value) => value.to_string(),
            Kind::Name(name) => name.clone(),
            Kind::Sum(summands) => {
                let show = |(sign, summand): &(Sign, Expression)| {
                    format!("{}{}", if *sign == Sign::Plus { "+" } else { "-" }, show(summand))
                };
                format!("({})", summands.iter().map(show).collect::<String>())
            }
            Kind::Product(factors) => {
                let show = |(quotient, factor): &(Quotient, Expression)| {
                    format!("{}{}", if *quotient == Quotient::Times { "*" } else { "/" }, show(factor))
                };
                format!("({})", factors.iter().map(show).collect::<String>())
            }
            Kind::Power(base, exponent) => format!("({}^{})", show(base), show(exponent)),
            Kind::Call { name, arguments, .. } => {
                let show = |argument: &Argument| match &argument.count {
                    Some(count) => format!("{}:{}", show(&argument.value), show(count)),
                    None => show(&argument.value),
                };
                format!("{name}({})", arguments.iter().map(show).collect::<Vec<_>>().join(","))
            }
            Kind::List(elements) => format!("[{}]", elements.iter().map(show).collect::<Vec<_>>().join(",")),
            Kind::Index(of, indices) => {
                format!("{}@[{}]", show(of), indices.iter().map(show).collect::<Vec<_>>().join(","))
            }
        }
    }

    fn tree(expression: &str) -> String {
        show(&parse(&text(expression)).unwrap())
    }

    fn error(expression: &str) -> (Span, String) {
        let diagnostic = parse_equation(&text(expression)).unwrap_err();
        (diagnostic.span, diagnostic.message + " / " + &diagnostic.help.unwrap_or_default())
    }

    #[test]
    fn operators_bind_as_in_mathematics() {
        assert_eq!(tree("a + b*c - d"), "(+a+(*b*c)-d)");
        assert_eq!(tree("-x^2"), "(-(x^2))");
        assert_eq!(tree("2^-x^3"), "(2^(-(x^3)))");
        assert_eq!(tree("a/b/c"), "(*a/b/c)");
        assert_eq!(tree("a*-b"), "(*a*(-b))");
        assert_eq!(tree("--a"), "a");
        assert_eq!(tree("x**2"), "(x^2)");
        assert_eq!(tree("(a + b)*c"), "(*(+a+b)*c)");
    }

    #[test]
    fn calls_take_counts() {
        assert_eq!(tree("d(u, x1: 2, x2 = 1)"), "d(u,x1:2,x2:1)");
        assert_eq!(tree("f()"), "f()");
        assert_eq!(tree("dot([1, x], grad(u))"), "dot([1,x],grad(u))");
    }

    #[test]
    fn components_are_taken_before_powers() {
        assert_eq!(tree("U[0]^2"), "(U@[0]^2)");
        assert_eq!(tree("-A[1, 0] + grad(u)[n - 1]"), "(+(-A@[1,0])+grad(u)@[(+n-1)])");
        assert_eq!(tree("A[1][0]*[a, b][1]"), "(*A@[1]@[0]*[a,b]@[1])");
    }

    #[test]
    fn an_equation_has_two_sides_where_it_may() {
        let parsed = parse_equation(&text("a + b = 0")).unwrap();
        assert_eq!(
            (show(&parsed.left), parsed.right.as_ref().map(show)),
            ("(+a+b)".to_owned(), Some("0".to_owned()))
        );
        let error = parse(&text("a = b")).unwrap_err();
        assert_eq!(error.span.range(), 2..3);
        assert!(error.message.contains("no `=`"), "{error:?}");
    }

    #[test]
    fn letters_of_every_script_make_names() {
        assert_eq!(tree("φ_xx + νu*Δ2"), "(+φ_xx+(*νu*Δ2))");
        assert_eq!(tree("é*变量_x"), "(*é*变量_x)");
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(tree("0.1 + 1e-3 + 2.5E1"), "(+1/10+1/1000+25)");
    }

    #[test]
    fn mistakes_are_placed_and_explained() {
        let cases = [
            ("2 u", 2..3, "`2*u`"),
            ("u_t + 3(x)", 7..8, "`3*(…)`"),
            ("a +", 3..3, "the end"),
            ("(a", 0..1, "never closed"),
            ("sin(a", 3..4, "never closed"),
            ("a)", 1..2, "closes nothing"),
            ("u_t == lap(u)", 4..6, "`left = right`"),
            ("a = b = c", 6..7, "one `=`"),
            ("(a = b)", 3..4, "outside of all brackets"),
            ("a =", 3..3, "the end"),
            ("= a", 0..1, "both sides"),
            ("u[0][0][0]", 7..8, "two indices"),
            ("U[0]_x", 4..6, "`U_x[0]`"),
            ("∆u", 0..3, "lap(u)"),
            ("x₁", 1..4, "x1"),
            ("a, b", 1..2, "arguments"),
            ("", 0..0, "empty"),
            ("1.2.3", 0..5, "not a number"),
            ("2e", 1..2, "`2*e`"),
            ("a * * b", 4..5, "found `*`"),
        ];
        for (expression, range, part) in cases {
            let (span, message) = error(expression);
            assert_eq!(span.range(), range, "{expression}: {message}");
            assert!(message.contains(part), "{expression}: {message}");
        }
    }

    #[test]
    fn nesting_and_length_are_bounded() {
        for deep in ["(", "-(", "sin(", "x^", "[", "d(u, x: (", "x["] {
            assert_eq!(
                parse(&text(&deep.repeat(100_000))).unwrap_err().code,
                Code::ExpressionTooLarge,
                "{deep}"
            );
        }
        assert!(parse(&text(&"-".repeat(90_000))).is_err());
        assert!(parse(&text(&("x+".repeat(40_000) + "x"))).is_ok());
        assert_eq!(parse(&text(&"x+".repeat(60_000))).unwrap_err().code, Code::ExpressionTooLarge);
    }
}
