//! log |det| and sign det where a graph spells them as compositions of a determinant.
//!
//! A determinant of many rows overflows, or is rounded to zero, long before its logarithm is anything but ordinary. So log g,
//! sign g and step g are taken apart where g is made of determinants by what a logarithm turns into sums:
//!
//! | g | log \|g\| | sign g |
//! |---|---|---|
//! | det X | log \|det X\| | sign det X |
//! | a · b, c · a | log \|a\| + log \|b\|, log \|c\| + log \|a\| | products of signs |
//! | \|a\| | log \|a\| | + |
//! | aᵖ, 1/a, √a | p log \|a\| | that of a for odd p, + for even; for other p, + where a is positive |
//! | eᵃ, as a factor | a | + |
//! | the same in another order | in that order | in that order |
//!
//! log g = log |g| + log sign g, the last of which is NaN for −1, as log g is. Other factors have the logarithms of their
//! absolute values. What is no longer read is dropped by [`simplify`](super::super::simplify). Checked by
//! `logarithms_of_determinants_are_one_node` and `logarithms_of_determinants_neither_overflow_nor_vanish`.

use super::{GraphBuilder, GraphError, TensorId, Value};
use crate::activation::{Activation, Function, LARGEST_EXPONENT};
use crate::jet::JetScalar;
use crate::network::{Factor, NodeId, Operation, Piece};

/// Longer compositions stay as they are.
const MOST_PARTS: usize = 64;

/// A value made of determinants.
#[derive(Debug)]
enum Form<S> {
    Determinant(TensorId),
    Exponential(NodeId),
    Other(NodeId),
    Scaled(Box<Self>, Factor<S>),
    Product(Box<Self>, Box<Self>),
    Magnitude(Box<Self>),
    Power(Box<Self>, f64),
    Arranged(Box<Self>, Vec<Piece>),
}

/// log |g| and sign g, both as vectors; without a sign, g is not negative.
struct Parts {
    logarithm: TensorId,
    sign: Option<TensorId>,
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// The logarithm, sign or step of what is made of determinants.
    pub(super) fn of_determinant(
        &mut self,
        function: &Function,
        x: TensorId,
    ) -> Result<Option<TensorId>, GraphError> {
        let Function::Known(function @ (Activation::Log | Activation::Sign | Activation::Step)) = *function
        else {
            return Ok(None);
        };
        let Value::Node { id, shape } = self.value(x).clone() else { return Ok(None) };
        // Exact arithmetic has no logarithms, but it has signs.
        let has_logarithms = S::series(&Activation::Log.into(), &S::one(), &mut [S::zero()]).is_ok();
        if self.determinants.is_empty() || !has_logarithms {
            return Ok(None);
        }
        let mut budget = MOST_PARTS;
        let form = self.form(id, &mut budget).filter(|_| budget > 0);
        let Some(form) = form else { return Ok(None) };
        let result = match function {
            Activation::Log => {
                let Parts { logarithm, sign } = self.parts(&form)?;
                self.guarded(logarithm, sign)?
            }
            _ if !form.has_sign() => return Ok(None),
            _ => {
                let Some(sign) = self.parts(&form)?.sign else { return Ok(None) };
                if function == Activation::Step { self.apply(function, sign)? } else { sign }
            }
        };
        self.reshape(result, &shape).map(Some)
    }

    /// The logarithm where the sign is not negative, else NaN.
    fn guarded(&mut self, logarithm: TensorId, sign: Option<TensorId>) -> Result<TensorId, GraphError> {
        let Some(sign) = sign else { return Ok(logarithm) };
        let guard = self.apply(Activation::Log, sign)?;
        self.add(logarithm, guard)
    }

    /// How a node is made of determinants; nothing if it is not. When it is of more parts than `budget`, that ends at 0.
    fn form(&self, id: NodeId, budget: &mut usize) -> Option<Form<S>> {
        *budget = budget.checked_sub(1)?;
        if let Some(&matrices) = self.determinants.get(&id) {
            return Some(Form::Determinant(matrices));
        }
        match &self.nodes[id.index()].operation {
            Operation::Elementwise { input, activation: Function::Known(activation) } => {
                let power = power(*activation);
                if power.is_none() && *activation != Activation::Abs {
                    return None;
                }
                let inner = Box::new(self.form(*input, budget)?);
                Some(match power {
                    Some(exponent) => Form::Power(inner, exponent),
                    None => Form::Magnitude(inner),
                })
            }
            Operation::Product { left, right } => {
                let (a, b) = (self.form(*left, budget), self.form(*right, budget));
                if a.is_none() && b.is_none() {
                    return None;
                }
                let [a, b] =
                    [(a, left), (b, right)].map(|(form, &id)| form.unwrap_or_else(|| self.factor(id)));
                Some(Form::Product(Box::new(a), Box::new(b)))
            }
            Operation::Combine { summands, constant: None } => {
                let [summand] = &summands[..] else { return None };
                Some(Form::Scaled(Box::new(self.form(summand.input, budget)?), summand.factor.clone()))
            }
            Operation::Arrange { pieces } => {
                let source = pieces.first()?.source?;
                let is_rearranged = pieces.iter().all(|piece| piece.source == Some(source));
                is_rearranged.then_some(())?;
                Some(Form::Arranged(Box::new(self.form(source, budget)?), pieces.clone()))
            }
            _ => None,
        }
    }

    /// A factor that is made of anything else.
    fn factor(&self, id: NodeId) -> Form<S> {
        match &self.nodes[id.index()].operation {
            Operation::Elementwise { input, activation: Function::Known(Activation::Exp) } => {
                Form::Exponential(*input)
            }
            _ => Form::Other(id),
        }
    }

    /// The tensor of a node, as a vector.
    fn vector(&mut self, id: NodeId) -> TensorId {
        let shape = vec![self.nodes[id.index()].features];
        self.push_value(Value::Node { id, shape })
    }

    fn parts(&mut self, form: &Form<S>) -> Result<Parts, GraphError> {
        match form {
            Form::Determinant(matrices) => {
                let (logarithm, sign) = self.log_determinant(*matrices)?;
                let size = self.shape(sign).iter().product();
                Ok(Parts {
                    logarithm: self.reshape(logarithm, &[size])?,
                    sign: Some(self.reshape(sign, &[size])?),
                })
            }
            Form::Exponential(id) => Ok(Parts { logarithm: self.vector(*id), sign: None }),
            Form::Other(id) => {
                let value = self.vector(*id);
                let magnitude = self.apply(Activation::Abs, value)?;
                let logarithm = self.apply(Activation::Log, magnitude)?;
                Ok(Parts { logarithm, sign: Some(self.apply(Activation::Sign, value)?) })
            }
            Form::Scaled(inner, factor) => self.parts_of_scaled(inner, factor),
            Form::Product(a, b) => {
                let (a, b) = (self.parts(a)?, self.parts(b)?);
                Ok(Parts {
                    logarithm: self.add(a.logarithm, b.logarithm)?,
                    sign: self.product_of_signs(a.sign, b.sign)?,
                })
            }
            Form::Magnitude(inner) => Ok(Parts { sign: None, ..self.parts(inner)? }),
            Form::Power(inner, exponent) => self.parts_of_power(inner, *exponent),
            Form::Arranged(inner, pieces) => {
                let Parts { logarithm, sign } = self.parts(inner)?;
                let sign = sign.map(|sign| self.arranged(sign, pieces)).transpose()?;
                Ok(Parts { logarithm: self.arranged(logarithm, pieces)?, sign })
            }
        }
    }

    fn parts_of_scaled(&mut self, inner: &Form<S>, factor: &Factor<S>) -> Result<Parts, GraphError> {
        let Parts { logarithm, sign } = self.parts(inner)?;
        let size = self.shape(logarithm).iter().product();
        let factor = match factor {
            Factor::Scalar(number) => self.push_constant(vec![size], vec![number.clone(); size]),
            Factor::Features(factors) => self.push_numbers(vec![size], factors.clone()),
        };
        let magnitude = self.apply(Activation::Abs, factor)?;
        let offset = self.apply(Activation::Log, magnitude)?;
        let sign_of_factor = self.apply(Activation::Sign, factor)?;
        Ok(Parts {
            logarithm: self.add(logarithm, offset)?,
            sign: self.product_of_signs(sign, Some(sign_of_factor))?,
        })
    }

    fn parts_of_power(&mut self, inner: &Form<S>, exponent: f64) -> Result<Parts, GraphError> {
        let Parts { logarithm, sign } = self.parts(inner)?;
        let (logarithm, sign) = match is_odd(exponent) {
            Some(true) => (logarithm, sign),
            Some(false) => (logarithm, None),
            None => (self.guarded(logarithm, sign)?, None),
        };
        let factor = S::from_rational(
            &jetc_combinatorics::Rational::from_float(exponent).expect("exponents are finite"),
        );
        Ok(Parts { logarithm: self.scale(logarithm, factor)?, sign })
    }

    fn product_of_signs(
        &mut self,
        a: Option<TensorId>,
        b: Option<TensorId>,
    ) -> Result<Option<TensorId>, GraphError> {
        match (a, b) {
            (Some(a), Some(b)) => self.multiply(a, b).map(Some),
            (sign, None) | (None, sign) => Ok(sign),
        }
    }

    /// The features of another vector in the order of `pieces`.
    fn arranged(&mut self, x: TensorId, pieces: &[Piece]) -> Result<TensorId, GraphError> {
        let source = Some(self.node(x)?);
        let pieces: Vec<Piece> = pieces.iter().map(|&piece| Piece { source, ..piece }).collect();
        let length = pieces.iter().map(|piece| piece.length).sum();
        self.push(Operation::Arrange { pieces }, vec![length])
    }
}

impl<S> Form<S> {
    /// Whether the sign can be found without that of a power of a negative number.
    fn has_sign(&self) -> bool {
        match self {
            Self::Determinant(_) | Self::Exponential(_) | Self::Other(_) => true,
            Self::Scaled(inner, _) | Self::Arranged(inner, _) => inner.has_sign(),
            Self::Product(a, b) => a.has_sign() && b.has_sign(),
            Self::Power(inner, exponent) => is_odd(*exponent) == Some(true) && inner.has_sign(),
            Self::Magnitude(_) => false,
        }
    }
}

/// Whether a whole exponent is odd; nothing for those that do not take negative numbers.
fn is_odd(exponent: f64) -> Option<bool> {
    let takes_negative = exponent.fract() == 0.0 && exponent.abs() <= f64::from(LARGEST_EXPONENT);
    takes_negative.then_some(exponent % 2.0 != 0.0)
}

/// p of xᵖ, p ≠ 0, if that is what the function is.
fn power(activation: Activation) -> Option<f64> {
    Some(match activation {
        Activation::Square => 2.0,
        Activation::Cube => 3.0,
        Activation::Reciprocal => -1.0,
        Activation::Sqrt => 0.5,
        Activation::Rsqrt => -0.5,
        Activation::Power(exponent) if exponent.value() != 0.0 && exponent.value().is_finite() => {
            exponent.value()
        }
        _ => return None,
    })
}
