//! Expressions as tensors of a graph: the language of operator files without its derivatives.
//!
//! A value is a number, shape \[\], or a vector; operations go entry by entry, and numbers go with vectors.

use jetc_operators::RealFunction;
use jetc_operators::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use jetc_operators::document::decode::Text;
use jetc_operators::expression::{Argument, Expression, Kind, Quotient, Sign, parse};
use jetc_operators::spec::Irrational;
use num_traits::ToPrimitive;

use crate::activation::Activation;
use crate::element::Scalar;
use crate::network::{GraphBuilder, GraphError, TensorId};

/// Boxed, for a diagnostic is large.
type Failed = Box<Diagnostic>;

/// What names stand for.
pub(super) trait Names {
    /// The tensor of a name, if there is one.
    fn tensor(&self, name: &str, graph: &mut GraphBuilder<f64>) -> Option<TensorId>;
    /// All names that come into question, for guesses.
    fn known(&self) -> Vec<String>;
}

/// No names but those of constants.
struct NoNames;

impl Names for NoNames {
    fn tensor(&self, _: &str, _: &mut GraphBuilder<f64>) -> Option<TensorId> {
        None
    }
    fn known(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The value of an expression without names.
pub(super) fn constant(text: &Text) -> Result<f64, Failed> {
    let mut graph = GraphBuilder::new(0);
    let tensor = value(text, &NoNames, &mut graph)?;
    match graph.constant_entries(tensor) {
        Some(&[number]) => Ok(number),
        _ => Err(Box::new(Diagnostic::new(Code::ShapeMismatch, text.span, "expected one number"))),
    }
}

/// The value of an expression.
pub(super) fn value(
    text: &Text,
    names: &impl Names,
    graph: &mut GraphBuilder<f64>,
) -> Result<TensorId, Failed> {
    Formula { names, graph }.value(&parse(text)?)
}

struct Formula<'a, N> {
    names: &'a N,
    graph: &'a mut GraphBuilder<f64>,
}

impl<N: Names> Formula<'_, N> {
    /// The value of an expression; the numbers of constants are finite.
    fn value(&mut self, expression: &Expression) -> Result<TensorId, Failed> {
        let tensor = self.any_value(expression)?;
        let constants = self.graph.constant_entries(tensor).unwrap_or_default();
        match constants.iter().find(|number| !number.is_finite()) {
            None => Ok(tensor),
            Some(number) => {
                let message = format!("this is {number} in double precision");
                let help = "the numbers of a network must be finite";
                Err(Box::new(Diagnostic::new(Code::InvalidNumber, expression.span, message).help(help)))
            }
        }
    }

    fn any_value(&mut self, expression: &Expression) -> Result<TensorId, Failed> {
        let span = expression.span;
        match &expression.kind {
            Kind::Number(number) => Ok(self.graph.scalar(f64::from_rational(number))),
            Kind::Name(name) => self.name(name, span),
            Kind::Sum(summands) => {
                let sign = |sign: &Sign| if *sign == Sign::Plus { 1.0 } else { -1.0 };
                let terms = summands.iter().map(|(s, summand)| Ok((self.value(summand)?, sign(s))));
                let terms: Vec<(TensorId, f64)> = terms.collect::<Result<_, Failed>>()?;
                at(span, self.graph.combine(&terms))
            }
            Kind::Product(factors) => {
                let mut product = self.graph.scalar(1.0);
                for (quotient, factor) in factors {
                    let factor = self.value(factor)?;
                    let next = match quotient {
                        Quotient::Times => self.graph.multiply(product, factor),
                        Quotient::Over => self.graph.divide(product, factor),
                    };
                    product = at(span, next)?;
                }
                Ok(product)
            }
            Kind::Power(base, exponent) => self.power(base, exponent, span),
            Kind::Call { name, name_span, arguments } => self.call(name, *name_span, arguments, span),
            Kind::List(elements) => {
                let mut entries = Vec::new();
                for element in elements {
                    entries.push(self.vector(element)?);
                }
                at(span, self.graph.concat(&entries, 0))
            }
            Kind::Index(of, indices) => self.component(of, indices, span),
        }
    }

    /// One entry of a vector, counted from 0.
    fn component(&mut self, of: &Expression, indices: &[Expression], span: Span) -> Result<TensorId, Failed> {
        let vector = self.vector(of)?;
        let size = self.graph.shape(vector).iter().product::<usize>();
        let at_most = |index: &Expression| match &index.kind {
            Kind::Number(number) if number.is_integer() => {
                number.to_integer().to_usize().filter(|&place| place < size)
            }
            _ => None,
        };
        let [index] = indices else {
            return Err(Box::new(Diagnostic::new(Code::ShapeMismatch, span, "a vector has one index")));
        };
        let Some(place) = at_most(index) else {
            let message = format!("an index is a whole number from 0 to {}", size.saturating_sub(1));
            return Err(Box::new(Diagnostic::new(Code::InvalidValue, index.span, message)));
        };
        let entry = at(span, self.graph.slice(vector, 0, place, 1, 1))?;
        at(span, self.graph.reshape(entry, &[]))
    }

    /// A value with one axis.
    fn vector(&mut self, expression: &Expression) -> Result<TensorId, Failed> {
        let value = self.value(expression)?;
        let size = self.graph.shape(value).iter().product();
        at(expression.span, self.graph.reshape(value, &[size]))
    }

    fn name(&mut self, name: &str, span: Span) -> Result<TensorId, Failed> {
        if let Some(tensor) = self.names.tensor(name, self.graph) {
            return Ok(tensor);
        }
        if let Some(constant) = Irrational::ALL.into_iter().find(|constant| constant.name() == name) {
            return Ok(self.graph.scalar(constant.value()));
        }
        let mut known = self.names.known();
        known.extend(Irrational::ALL.map(|constant| constant.name().to_owned()));
        let help = did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| {
            const SHOWN: usize = 12;
            let rest = if known.len() > SHOWN { " …" } else { "" };
            format!("the names are {}{rest}", known[..known.len().min(SHOWN)].join(", "))
        });
        Err(Box::new(
            Diagnostic::new(Code::UnknownName, span, format!("`{name}` is not declared")).help(help),
        ))
    }

    /// A constant exponent is a power; any other makes exp(exponent · log base).
    fn power(&mut self, base: &Expression, exponent: &Expression, span: Span) -> Result<TensorId, Failed> {
        let (base, exponent) = (self.value(base)?, self.value(exponent)?);
        self.powers(base, exponent, span)
    }

    fn powers(&mut self, base: TensorId, exponent: TensorId, span: Span) -> Result<TensorId, Failed> {
        let is_one = self.graph.constant_entries(exponent).is_some_and(|entries| entries.len() == 1);
        let exponents = if is_one { self.graph.fixed_entries(exponent) } else { None };
        let power = exponents.map(|exponents| Activation::Power(exponents[0].into()));
        if let Some(power) = power {
            return at(span, self.graph.apply(power, base));
        }
        let logarithm = at(span, self.graph.apply(Activation::Log, base))?;
        let product = at(span, self.graph.multiply(exponent, logarithm))?;
        at(span, self.graph.apply(Activation::Exp, product))
    }

    fn call(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Argument],
        span: Span,
    ) -> Result<TensorId, Failed> {
        let takes = |count: usize| {
            let message = format!("`{name}` takes {count} argument{}", if count == 1 { "" } else { "s" });
            let is_right = arguments.len() == count && arguments.iter().all(|a| a.count.is_none());
            if is_right {
                Ok(())
            } else {
                Err(Box::new(Diagnostic::new(Code::WrongArguments, name_span, message)))
            }
        };
        if let Some(reduction) = Reduction::from_name(name) {
            takes(reduction.arguments())?;
            let vectors = arguments
                .iter()
                .map(|argument| self.vector(&argument.value))
                .collect::<Result<Vec<_>, _>>()?;
            return at(span, reduction.apply(self.graph, &vectors));
        }
        let Some(function) = RealFunction::from_name(name) else {
            let known: Vec<&str> = RealFunction::ALL
                .iter()
                .map(|f| f.name())
                .chain(Reduction::ALL.map(Reduction::name))
                .collect();
            // The exact name of an activation is not a slip for a function that looks like it: erf is not exp.
            let help = match name.parse::<Activation>() {
                Ok(activation) => {
                    Some(format!("`{activation}` is an activation: apply it as a layer, before `output`"))
                }
                Err(_) => did_you_mean(name, known.iter().copied()),
            };
            let help = help.unwrap_or_else(|| format!("there are {}", known.join(", ")));
            let message = format!("there is no function `{name}` here");
            return Err(Box::new(Diagnostic::new(Code::UnknownFunction, name_span, message).help(help)));
        };
        takes(function.arguments())?;
        let values =
            arguments.iter().map(|argument| self.value(&argument.value)).collect::<Result<Vec<_>, _>>()?;
        self.function(function, &values, span)
    }

    fn function(
        &mut self,
        function: RealFunction,
        values: &[TensorId],
        span: Span,
    ) -> Result<TensorId, Failed> {
        let activation = match function {
            RealFunction::Sin => Activation::Sin,
            RealFunction::Cos => Activation::Cos,
            RealFunction::Tan => Activation::Tan,
            RealFunction::Sinh => Activation::Sinh,
            RealFunction::Cosh => Activation::Cosh,
            RealFunction::Tanh => Activation::Tanh,
            RealFunction::Atan => Activation::Atan,
            RealFunction::Exp => Activation::Exp,
            RealFunction::Log => Activation::Log,
            RealFunction::Sqrt => Activation::Sqrt,
            RealFunction::Abs => Activation::Abs,
            RealFunction::Sign => Activation::Sign,
            RealFunction::Min => return at(span, self.graph.minimum(values[0], values[1])),
            RealFunction::Max => return at(span, self.graph.maximum(values[0], values[1])),
            RealFunction::Pow => return self.powers(values[0], values[1], span),
            // (1 + sign)/2, which is 1/2 at zero.
            RealFunction::Step => {
                let sign = at(span, self.graph.apply(Activation::Sign, values[0]))?;
                let half = self.graph.scalar(0.5);
                return at(span, self.graph.combine(&[(sign, 0.5), (half, 1.0)]));
            }
        };
        at(span, self.graph.apply(activation, values[0]))
    }
}

/// Functions of vectors that give a number.
#[derive(Debug, Clone, Copy)]
enum Reduction {
    Sum,
    Product,
    Dot,
    Norm,
}

impl Reduction {
    const ALL: [Self; 4] = [Self::Sum, Self::Product, Self::Dot, Self::Norm];

    fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Product => "prod",
            Self::Dot => "dot",
            Self::Norm => "norm",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reduction| reduction.name() == name)
    }

    fn arguments(self) -> usize {
        if matches!(self, Self::Dot) { 2 } else { 1 }
    }

    fn apply(self, graph: &mut GraphBuilder<f64>, vectors: &[TensorId]) -> Result<TensorId, GraphError> {
        match self {
            Self::Sum => graph.sum(vectors[0], &[0], false),
            Self::Product => graph.product(vectors[0], &[0], false),
            Self::Norm => graph.norm(vectors[0], &[0], false),
            Self::Dot => {
                let product = graph.multiply(vectors[0], vectors[1])?;
                graph.sum(product, &[0], false)
            }
        }
    }
}

fn at(span: Span, result: Result<TensorId, GraphError>) -> Result<TensorId, Failed> {
    result.map_err(|error| Box::new(Diagnostic::new(Code::ShapeMismatch, span, error.to_string())))
}
