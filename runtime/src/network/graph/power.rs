//! Powers of powers in one step: what is smooth as a whole must not pass through a kink or a pole of its parts.
//!
//! √ has no derivative at 0, so neither has a jet that goes through it, although ‖x‖² = Σ x² is a polynomial.
//!
//! | written | becomes |
//! |---|---|
//! | (sᵠ)ᵖ, q > 0 not whole, p > 0, pq ≥ 1 | sᵖᵠ; NaN for s < 0, as it was |
//! | (sᵠ)ᵖ, q even, p > 0 not whole, pq ≥ 1 | \|s\|ᵖᵠ, which is sᵖᵠ where pq is even |
//! | g(\|s\|), g even | g(s) |
//! | \|s\|, s ≥ 0 | s |
//! | exp(−(√s)²) as a gaussian | exp(−s) |
//! | exp(log s), log(exp s) | s; NaN for s < 0 in the first |
//! | g of entries of u, v, …, if g(u) is one of these | the entries of g(u), g(v), … |
//! | (c ⊙ u)ᵖ, (u v)ᵖ, p whole, if a power of u is one of these | cᵖ ⊙ uᵖ, uᵖ vᵖ |
//!
//! Derivatives of \|s\|ʳ at 0 are those of the power up to the order that exists, and 0 for \|s\| itself. Checked by
//! `powers_of_roots_have_all_their_derivatives_at_zero`.

use super::{GraphBuilder, GraphError, TensorId, Value};
use crate::activation::{Activation, Function};
use crate::jet::JetScalar;
use crate::network::{Factor, NodeId, NumberList, Operation, Piece, Relation, Summand};

/// Whole powers up to here are multiplied out.
const MOST: i32 = 64;

/// Entries of so many nodes are looked into: of each one a power may have to be taken.
const MOST_SOURCES: usize = 16;

/// How many products and multiples are looked into, one inside another.
const DEPTH: usize = 4;

/// p, if the function is xᵖ.
fn exponent(function: Activation) -> Option<f64> {
    Some(match function {
        Activation::Square => 2.0,
        Activation::Cube => 3.0,
        Activation::Sqrt => 0.5,
        Activation::Power(p) => p.value(),
        _ => return None,
    })
}

fn is_whole(p: f64) -> bool {
    p.fract() == 0.0
}

fn is_even_whole(p: f64) -> bool {
    p % 2.0 == 0.0
}

/// Whether g(−x) = g(x) and g is smooth at 0.
fn is_even(function: Activation) -> bool {
    let is_even_power = exponent(function).is_some_and(|p| is_even_whole(p) && p.abs() <= f64::from(MOST));
    is_even_power || matches!(function, Activation::Cos | Activation::Cosh | Activation::Gaussian)
}

/// xʳ by the name that it has.
fn power(r: f64) -> Activation {
    match r {
        1.0 => Activation::Identity,
        2.0 => Activation::Square,
        _ => Activation::Power(r.into()),
    }
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// g(x) without the detour through x, if there is a way.
    pub(super) fn rewritten(&mut self, g: Activation, x: TensorId) -> Result<Option<TensorId>, GraphError> {
        self.rewritten_within(g, x, DEPTH)
    }

    fn rewritten_within(
        &mut self,
        g: Activation,
        x: TensorId,
        depth: usize,
    ) -> Result<Option<TensorId>, GraphError> {
        let Value::Node { id, shape } = self.value(x).clone() else { return Ok(None) };
        if g == Activation::Abs && self.is_nonnegative[id.index()] {
            return Ok(Some(x));
        }
        // Only what is small is copied out of the node.
        match &self.nodes[id.index()].operation {
            Operation::Elementwise { input, activation: Function::Known(f) } => {
                let (input, f) = (*input, *f);
                let s = self.push_value(Value::Node { id: input, shape });
                self.composed(g, f, s, x)
            }
            Operation::Combine { summands, constant: None } if depth > 0 && whole_exponent(g).is_some() => {
                let [summand] = &summands[..] else { return Ok(None) };
                let Summand { input, factor } = summand.clone();
                let u = self.push_value(Value::Node { id: input, shape });
                self.scaled_power(g, &factor, u, depth - 1)
            }
            Operation::Product { left, right } if depth > 0 && whole_exponent(g).is_some() => {
                let sides = [*left, *right];
                let [u, v] = sides.map(|id| self.push_value(Value::Node { id, shape: shape.clone() }));
                self.product_power(g, [u, v], depth - 1)
            }
            Operation::Arrange { pieces } if depth > 0 => {
                let pieces = pieces.clone();
                self.arranged_power(g, pieces, shape, depth - 1)
            }
            _ => Ok(None),
        }
    }

    /// g of entries of other nodes: the same entries of g of those nodes, if one of these is better in one step.
    fn arranged_power(
        &mut self,
        g: Activation,
        mut pieces: Vec<Piece>,
        shape: Vec<usize>,
        depth: usize,
    ) -> Result<Option<TensorId>, GraphError> {
        let Some(sources) = pieces.iter().map(|piece| piece.source).collect::<Option<Vec<NodeId>>>() else {
            return Ok(None);
        };
        let mut powers: Vec<(NodeId, TensorId, Option<TensorId>)> = Vec::new();
        for id in sources {
            if powers.iter().any(|(known, ..)| *known == id) {
                continue;
            }
            if powers.len() == MOST_SOURCES {
                return Ok(None);
            }
            let features = self.nodes[id.index()].features;
            let whole = self.push_value(Value::Node { id, shape: vec![features] });
            powers.push((id, whole, self.rewritten_within(g, whole, depth)?));
        }
        if powers.iter().all(|(.., power)| power.is_none()) {
            return Ok(None);
        }
        let mut sources = Vec::new();
        for (id, whole, power) in powers {
            let power = power.map_or_else(|| self.apply(g, whole), Ok)?;
            sources.push((id, self.node(power)?));
        }
        for piece in &mut pieces {
            // In one pass: a power may be another one's source.
            let power = sources.iter().find(|(id, _)| piece.source == Some(*id));
            piece.source = power.map(|(_, power)| *power);
        }
        self.push(Operation::Arrange { pieces }, shape).map(Some)
    }

    /// g(f(s)), where x = f(s).
    fn composed(
        &mut self,
        g: Activation,
        f: Activation,
        s: TensorId,
        x: TensorId,
    ) -> Result<Option<TensorId>, GraphError> {
        match (g, f) {
            (Activation::Log, Activation::Exp) => return Ok(Some(s)),
            (Activation::Exp, Activation::Log) => return self.where_defined(s, g, x, s).map(Some),
            (Activation::Gaussian, Activation::Sqrt) => {
                let negative = self.negate(s)?;
                let result = self.apply(Activation::Exp, negative)?;
                return self.where_defined(s, g, x, result).map(Some);
            }
            (_, Activation::Abs) if is_even(g) => return self.apply(g, s).map(Some),
            _ => {}
        }
        let (Some(p), Some(q)) = (exponent(g), exponent(f)) else { return Ok(None) };
        let r = p * q;
        if p <= 0.0 || q <= 0.0 || r < 1.0 || !r.is_finite() {
            return Ok(None);
        }
        if !is_whole(q) {
            let result = self.apply(power(r), s)?;
            // Other powers are NaN there by themselves.
            return if is_whole(r) { self.where_defined(s, g, x, result) } else { Ok(result) }.map(Some);
        }
        if !is_even_whole(q) || is_whole(p) {
            return Ok(None);
        }
        let base = if is_even_whole(r) { s } else { self.apply(Activation::Abs, s)? };
        self.apply(power(r), base).map(Some)
    }

    /// The result where s ≥ 0; where it is not, g(x), which is NaN there.
    fn where_defined(
        &mut self,
        s: TensorId,
        g: Activation,
        x: TensorId,
        result: TensorId,
    ) -> Result<TensorId, GraphError> {
        if let Value::Node { id, .. } = self.value(s)
            && self.is_nonnegative[id.index()]
        {
            return Ok(result);
        }
        let zero = self.scalar(S::zero());
        let is_negative = self.compare(Relation::Less, s, zero)?;
        let shape = self.shape(x).to_vec();
        let input = self.node(x)?;
        let undefined = self.push(Operation::Elementwise { input, activation: g.into() }, shape)?;
        self.select(is_negative, undefined, result)
    }

    /// (c ⊙ u)ᵖ, if uᵖ is better in one step.
    fn scaled_power(
        &mut self,
        g: Activation,
        factor: &Factor<S>,
        u: TensorId,
        depth: usize,
    ) -> Result<Option<TensorId>, GraphError> {
        let Some(p) = whole_exponent(g) else { return Ok(None) };
        let Some(power) = self.rewritten_within(g, u, depth)? else { return Ok(None) };
        let raised = |c: &S| (1..p).fold(c.clone(), |product, _| product.mul(c));
        match factor {
            Factor::Scalar(c) => self.scale(power, raised(c)),
            Factor::Features(factors) => {
                let shape = self.shape(power).to_vec();
                let factor = self.push_numbers(shape, factors.clone());
                let raised = (1..p).try_fold(factor, |product, _| self.multiply(product, factor))?;
                self.multiply(raised, power)
            }
        }
        .map(Some)
    }

    /// (u v)ᵖ, if uᵖ or vᵖ is better in one step.
    fn product_power(
        &mut self,
        g: Activation,
        [u, v]: [TensorId; 2],
        depth: usize,
    ) -> Result<Option<TensorId>, GraphError> {
        let (left, right) = (self.rewritten_within(g, u, depth)?, self.rewritten_within(g, v, depth)?);
        if left.is_none() && right.is_none() {
            return Ok(None);
        }
        let left = left.map_or_else(|| self.apply(g, u), Ok)?;
        let right = right.map_or_else(|| self.apply(g, v), Ok)?;
        self.multiply(left, right).map(Some)
    }

    /// a · b, if a root stands in one and the other is it, or a multiple of it.
    pub(super) fn product_of_roots(
        &mut self,
        a: TensorId,
        b: TensorId,
    ) -> Result<Option<TensorId>, GraphError> {
        for (whole, root) in [(a, b), (b, a)] {
            let Some(rest) = self.without(whole, root) else { continue };
            let Some(square) = self.rewritten(Activation::Square, root)? else { continue };
            return match rest {
                Rest::Node(other) => self.multiply(square, other),
                Rest::Factor(Factor::Scalar(factor)) => self.scale(square, factor),
                Rest::Factor(Factor::Features(factors)) => {
                    let shape = self.shape(square).to_vec();
                    let factor = self.push_numbers(shape, factors);
                    self.multiply(square, factor)
                }
            }
            .map(Some);
        }
        Ok(None)
    }

    /// What remains of a product when one of its factors is taken away; nothing if it is no product with this factor.
    fn without(&mut self, product: TensorId, factor: TensorId) -> Option<Rest<S>> {
        let (Value::Node { id, shape }, Value::Node { id: taken, .. }) =
            (self.value(product).clone(), self.value(factor))
        else {
            return None;
        };
        let taken = *taken;
        let other = match &self.nodes[id.index()].operation {
            Operation::Product { left, right } if *left == taken => *right,
            Operation::Product { left, right } if *right == taken => *left,
            Operation::Combine { summands, constant: None } => match &summands[..] {
                [summand] if summand.input == taken => return Some(Rest::Factor(summand.factor.clone())),
                _ => return None,
            },
            _ => return None,
        };
        Some(Rest::Node(self.push_value(Value::Node { id: other, shape })))
    }

    /// Whether the value of an operation is ≥ 0, or NaN, at every point, as far as its form shows it.
    pub(super) fn shows_nonnegative(&self, operation: &Operation<S>) -> bool {
        let of = |node: NodeId| self.is_nonnegative[node.index()];
        // Nothing shows the sign of a parameter.
        let all = |numbers: &NumberList<S>| {
            numbers.origin().is_none() && numbers.iter().all(|number| *number >= S::zero())
        };
        match operation {
            Operation::Elementwise { input, activation: Function::Known(f) } => {
                is_nonnegative(*f, of(*input))
            }
            Operation::Affine { input, weight, bias } => {
                of(*input) && all(weight.numbers()) && bias.as_ref().is_none_or(all)
            }
            Operation::Arrange { pieces } => pieces.iter().all(|piece| piece.source.is_none_or(of)),
            Operation::Combine { summands, constant } => {
                summands.iter().all(|summand| {
                    of(summand.input)
                        && match &summand.factor {
                            Factor::Scalar(factor) => *factor >= S::zero(),
                            Factor::Features(factors) => all(factors),
                        }
                }) && constant.as_ref().is_none_or(all)
            }
            Operation::Product { left, right }
            | Operation::MatrixProduct { left, right, .. }
            | Operation::Select { left, right, .. } => of(*left) && of(*right),
            Operation::Maximum { input, .. } => of(*input),
            Operation::Compare { .. } => true,
            Operation::Input | Operation::Elementwise { .. } | Operation::Custom { .. } => false,
        }
    }
}

/// The other factor of a product.
enum Rest<S> {
    Node(TensorId),
    Factor(Factor<S>),
}

/// p of xᵖ, if it is a positive whole number that is multiplied out.
fn whole_exponent(g: Activation) -> Option<i32> {
    match g {
        Activation::Square => Some(2),
        Activation::Cube => Some(3),
        Activation::Power(p) => p.whole(MOST).filter(|&p| p > 0),
        _ => None,
    }
}

/// Whether g(x) ≥ 0 for all x, or for those x ≥ 0 if x is.
fn is_nonnegative(g: Activation, of_argument: bool) -> bool {
    match g {
        Activation::Abs
        | Activation::Square
        | Activation::Sqrt
        | Activation::Exp
        | Activation::Exp2
        | Activation::Gaussian
        | Activation::Sigmoid
        | Activation::Softplus
        | Activation::Cosh
        | Activation::Relu => true,
        Activation::Power(p) => of_argument || !is_whole(p.value()) || is_even_whole(p.value()),
        Activation::Cube | Activation::Reciprocal | Activation::Tanh | Activation::Identity => of_argument,
        _ => false,
    }
}
