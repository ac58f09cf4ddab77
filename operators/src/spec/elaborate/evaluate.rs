//! From syntax trees to values.

use jetc_combinatorics::{Polynomial, Rational};
use num_traits::{One, ToPrimitive};

use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, MOST_MISTAKES, Span};
use crate::expression::{Expression, Kind, Quotient, Sign};
use crate::symbolic::{Failure, Graph, NodeId};

impl Elaborator<'_> {
    /// The value of an expression; all its mistakes are reported.
    pub(super) fn evaluate(&mut self, expression: &Expression) -> Checked<Value> {
        if self.is_exhausted || self.diagnostics.len() >= MOST_MISTAKES {
            return Err(Reported);
        }
        match &expression.kind {
            Kind::Number(value) => {
                let node = self.graph.constant(value.clone());
                self.check(node, expression.span).map(Value::scalar)
            }
            Kind::Name(name) => self.name(name, expression.span),
            Kind::Sum(summands) => self.sum(summands, expression.span),
            Kind::Product(factors) => self.product(factors, expression.span),
            Kind::Power(base, exponent) => self.power(base, exponent),
            Kind::Call { name, name_span, arguments } => {
                self.call(name, *name_span, arguments, expression.span)
            }
            Kind::List(elements) => self.list(elements, expression.span),
            Kind::Index(of, indices) => self.index(of, indices, expression.span),
        }
    }

    /// The values of several expressions; mistakes are reported in all of them.
    pub(super) fn evaluate_all<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e Expression>,
    ) -> Checked<Vec<Value>> {
        let values: Vec<Checked<Value>> =
            expressions.into_iter().map(|expression| self.evaluate(expression)).collect();
        values.into_iter().collect()
    }

    /// The value of an expression that must be a number.
    pub(super) fn scalar(&mut self, expression: &Expression, help: &str) -> Checked<NodeId> {
        let value = self.evaluate(expression)?;
        value.as_scalar().ok_or_else(|| {
            self.mismatch(expression.span, format!("expected a number, this is {}", value.shape), help)
        })
    }

    fn sum(&mut self, summands: &[(Sign, Expression)], span: Span) -> Checked<Value> {
        let values = self.evaluate_all(summands.iter().map(|summand| &summand.1))?;
        let shape = values[0].shape;
        if let Some(other) = values.iter().position(|value| value.shape != shape) {
            let message = format!("this is {}, and cannot be added to {shape}", values[other].shape);
            return Err(self.mismatch(summands[other].1.span, message, "summands have one shape"));
        }
        let mut items = Vec::with_capacity(values[0].items.len());
        for index in 0..values[0].items.len() {
            let terms = summands.iter().zip(&values).map(|((sign, _), value)| {
                let weight = if *sign == Sign::Plus { Rational::one() } else { -Rational::one() };
                (value.items[index], weight)
            });
            let node = self.graph.sum(terms.collect::<Vec<_>>());
            items.push(self.check(node, span)?);
        }
        Ok(Value { shape, items })
    }

    fn product(&mut self, factors: &[(Quotient, Expression)], span: Span) -> Checked<Value> {
        let values = self.evaluate_all(factors.iter().map(|factor| &factor.1))?;
        let mut scalars = Vec::new();
        let mut tensor: Option<&Value> = None;
        for ((quotient, factor), value) in factors.iter().zip(&values) {
            match (value.as_scalar(), quotient) {
                (Some(node), Quotient::Times) => scalars.push((node, 1)),
                (Some(node), Quotient::Over) => {
                    if node == Graph::ZERO {
                        self.diagnostics.push(Failure::DivisionByZero.at(factor.span));
                        return Err(Reported);
                    }
                    scalars.push((node, -1));
                }
                (None, Quotient::Over) => {
                    let message = format!("this is {}, and cannot divide", value.shape);
                    return Err(self.mismatch(factor.span, message, "divide by numbers"));
                }
                (None, Quotient::Times) if tensor.is_some() => {
                    let message = format!("this is {}, and another factor is no number either", value.shape);
                    let help =
                        "the scalar product is `dot(U, V)`, a directional derivative `dot(U, grad(u))`";
                    return Err(self.mismatch(factor.span, message, help));
                }
                (None, Quotient::Times) => tensor = Some(value),
            }
        }
        let node = self.graph.product(scalars);
        let factor = self.check(node, span)?;
        match tensor {
            None => Ok(Value::scalar(factor)),
            Some(tensor) => self.each(tensor, span, |graph, item| graph.times(factor, item)),
        }
    }

    fn power(&mut self, base: &Expression, exponent: &Expression) -> Checked<Value> {
        let help = "a square of a vector is `dot(U, U)`";
        let (base_node, exponent_node) = (self.scalar(base, help), self.scalar(exponent, help));
        let node = self.graph.power(base_node?, exponent_node?);
        self.check(node, base.span.to(exponent.span)).map(Value::scalar)
    }

    fn list(&mut self, elements: &[Expression], span: Span) -> Checked<Value> {
        let values = self.evaluate_all(elements)?;
        let places: Vec<Span> = elements.iter().map(|element| element.span).collect();
        self.stack(values, &places, span)
    }

    /// The vector of numbers, or the matrix of rows; `places` are those of the elements.
    pub(super) fn stack(&mut self, values: Vec<Value>, places: &[Span], span: Span) -> Checked<Value> {
        let inner = values[0].shape;
        let shape = match inner {
            Shape::Scalar => Shape::Vector(values.len()),
            Shape::Vector(columns) => Shape::Matrix(values.len(), columns),
            Shape::Matrix(..) => {
                let message = "this is a list of matrices".to_owned();
                return Err(self.mismatch(span, message, "lists hold numbers or rows"));
            }
        };
        if let Some(other) = values.iter().position(|value| value.shape != inner) {
            let message = format!("this is {}, the first element {inner}", values[other].shape);
            return Err(self.mismatch(places[other], message, "elements of a list have one shape"));
        }
        Ok(Value { shape, items: values.into_iter().flat_map(|value| value.items).collect() })
    }

    /// Left side minus right side; a side that is the number zero is zero of any shape.
    pub(super) fn equation(&mut self, left: &Expression, right: &Expression) -> Checked<Value> {
        let (a, b) = (self.evaluate(left), self.evaluate(right));
        let (mut a, mut b) = (a?, b?);
        let fill = |zero: &mut Value, shape: &Value| {
            if zero.as_scalar() == Some(Graph::ZERO) {
                *zero = Value { shape: shape.shape, items: vec![Graph::ZERO; shape.items.len()] };
            }
        };
        fill(&mut a, &b);
        fill(&mut b, &a);
        if a.shape != b.shape {
            let message = format!("this is {}, and the left side {}", b.shape, a.shape);
            return Err(self.mismatch(right.span, message, "both sides of an equation have one shape"));
        }
        let mut items = Vec::with_capacity(a.items.len());
        for (&a, &b) in a.items.iter().zip(&b.items) {
            let difference = self.graph.sum([(a, Rational::one()), (b, -Rational::one())]);
            items.push(self.check(difference, left.span.to(right.span))?);
        }
        Ok(Value { shape: a.shape, items })
    }

    /// One component of a vector, one row or entry of a matrix; counted from 0.
    fn index(&mut self, of: &Expression, indices: &[Expression], span: Span) -> Checked<Value> {
        let mut value = self.evaluate(of)?;
        for index in indices {
            let (count, length, shape) = match value.shape {
                Shape::Vector(count) => (count, 1, Shape::Scalar),
                Shape::Matrix(rows, columns) => (rows, columns, Shape::Vector(columns)),
                Shape::Scalar => {
                    let message = "a number has no components".to_owned();
                    return Err(self.mismatch(index.span, message, "products are written `a*(b)`"));
                }
            };
            let at = self.component(index, count, value.shape)?;
            value = Value { shape, items: value.items[at * length..(at + 1) * length].to_vec() };
        }
        let charged = self.graph.charge(value.items.len());
        self.check(charged, span).map(|()| value)
    }

    /// An index below `count`.
    fn component(&mut self, index: &Expression, count: usize, shape: Shape) -> Checked<usize> {
        let node = self.scalar(index, "an index is a whole number")?;
        self.refuse_unknowns(node, "an index", index.span)?;
        let value = self.graph.as_constant(node).filter(|value| value.is_integer());
        let Some(value) = value.map(Rational::to_integer) else {
            self.report(Code::InvalidValue, index.span, "an index must be a whole number").help =
                Some("components are counted from 0".to_owned());
            return Err(Reported);
        };
        value.to_usize().filter(|&at| at < count).ok_or_else(|| {
            let what = if matches!(shape, Shape::Matrix(..)) { "row" } else { "component" };
            let message = format!("there is no {what} {value} of {shape}");
            let range = match count {
                1 => format!("the only {what} is 0"),
                _ => format!("{what}s are counted from 0 to {}", count - 1),
            };
            self.report(Code::InvalidValue, index.span, message).help = Some(range);
            Reported
        })
    }

    /// P(∂) of every component.
    pub(super) fn apply(&mut self, operator: &Polynomial, value: &Value, span: Span) -> Checked<Value> {
        self.each(value, span, |graph, item| graph.apply(operator, item))
    }

    /// A function of every component.
    pub(super) fn each(
        &mut self,
        value: &Value,
        span: Span,
        mut function: impl FnMut(&mut Graph, NodeId) -> Result<NodeId, Failure>,
    ) -> Checked<Value> {
        let mut items = Vec::with_capacity(value.items.len());
        for &item in &value.items {
            let node = function(&mut self.graph, item);
            items.push(self.check(node, span)?);
        }
        Ok(Value { shape: value.shape, items })
    }
}
