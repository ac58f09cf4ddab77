//! Calls that derive: `d`, `lap`, `grad`, `div`, `curl`, `hess`.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, ToPrimitive, Zero};

use super::calls::Call;
use super::direction_sets::Directions;
use super::scope::Role;
use super::subscript::list;
use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::Code;
use crate::diagnostic::did_you_mean;
use crate::expression::{Argument, Expression, Kind};
use crate::spec::limits;
use crate::symbolic::{Graph, NodeId};

impl Elaborator<'_> {
    /// The coordinates of space, of which there must be some.
    fn space(&mut self, call: Call<'_>) -> Checked<Vec<u32>> {
        let charged = self.graph.charge(self.coordinates.space().len());
        self.check(charged, call.span)?;
        let space = self.coordinates.space().to_vec();
        if space.is_empty() {
            let message = format!("`{}` derives in space, and there are no coordinates of space", call.name);
            self.report(Code::WrongArguments, call.span, message).help =
                Some("derivatives along other coordinates are written `u_t` or `d(u, t)`".to_owned());
            return Err(Reported);
        }
        Ok(space)
    }

    pub(super) fn call_laplacian(&mut self, call: Call<'_>) -> Checked<Value> {
        let [value] = self.values(call)?;
        let space = self.space(call)?;
        let squares = space.into_iter().map(|i| (MultiIndex::from_pairs([(i, 2)]), Rational::one()));
        self.apply(&Polynomial::from_terms(squares), &value, call.span)
    }

    pub(super) fn call_gradient(&mut self, call: Call<'_>) -> Checked<Value> {
        let [value] = self.values(call)?;
        let space = self.space(call)?;
        let shape = match value.shape {
            Shape::Scalar => Shape::Vector(space.len()),
            Shape::Vector(length) => Shape::Matrix(space.len(), length),
            Shape::Matrix(..) => {
                let message = "`grad` of a matrix has three indices".to_owned();
                return Err(self.mismatch(call.span, message, "take it of rows or components"));
            }
        };
        let mut items = Vec::new();
        for coordinate in space {
            for &item in &value.items {
                items.push(self.partial(item, coordinate, call)?);
            }
        }
        Ok(Value { shape, items })
    }

    /// Σᵢ nᵢ ∂ᵢf for the vector n that is called `normal`; of a vector f, for each component.
    pub(super) fn call_normal(&mut self, call: Call<'_>) -> Checked<Value> {
        let gradient = self.call_gradient(call)?;
        let Some(normal) = self.scope.get("normal").map(|definition| definition.value.clone()) else {
            let message = "`dn` derives along the vector `normal`, and nothing is called so".to_owned();
            self.report(Code::UnknownName, call.span, message).help =
                Some("declare it under `coefficients`; conditions on a boundary have it".to_owned());
            return Err(Reported);
        };
        let normal = normal.ok_or(Reported)?;
        let (space, width) = match gradient.shape {
            Shape::Matrix(space, width) => (space, width),
            _ => (gradient.items.len(), 1),
        };
        if normal.shape != Shape::Vector(space) {
            let message = format!(
                "`normal` must be a vector with one component for each of the {space} coordinates of space, this is {}",
                normal.shape
            );
            return Err(self.mismatch(call.span, message, ""));
        }
        let mut sums = Vec::with_capacity(width);
        for column in 0..width {
            let mut terms = Vec::with_capacity(space);
            for row in 0..space {
                let product =
                    self.graph.product([(normal.items[row], 1), (gradient.items[row * width + column], 1)]);
                terms.push(self.check(product, call.span)?);
            }
            sums.push(self.total(terms, call)?);
        }
        Ok(match gradient.shape {
            Shape::Matrix(..) => Value::vector(sums),
            _ => Value { shape: Shape::Scalar, items: sums },
        })
    }

    pub(super) fn call_divergence(&mut self, call: Call<'_>) -> Checked<Value> {
        let [value] = self.values(call)?;
        let space = self.space(call)?;
        let (rows, columns) = match value.shape {
            Shape::Vector(rows) => (rows, 1),
            Shape::Matrix(rows, columns) => (rows, columns),
            Shape::Scalar => (0, 0),
        };
        if rows != space.len() {
            let message = format!(
                "`div` takes a vector with one component for each of the {} coordinates of space, this is {}",
                space.len(),
                value.shape
            );
            let help = "the divergence of a gradient is `lap(u)` or `div(a*grad(u))`";
            return Err(self.mismatch(call.arguments[0].value.span, message, help));
        }
        let mut sums = Vec::with_capacity(columns);
        for column in 0..columns {
            let mut terms = Vec::with_capacity(rows);
            for (row, &coordinate) in space.iter().enumerate() {
                terms.push(self.partial(value.items[row * columns + column], coordinate, call)?);
            }
            sums.push(self.total(terms, call)?);
        }
        Ok(match value.shape {
            Shape::Matrix(..) => Value::vector(sums),
            _ => Value { shape: Shape::Scalar, items: sums },
        })
    }

    pub(super) fn call_curl(&mut self, call: Call<'_>) -> Checked<Value> {
        let [value] = self.values(call)?;
        let space = self.space(call)?;
        match (space.as_slice(), value.shape) {
            (&[x, y], Shape::Scalar) => {
                let along_y = self.partial(value.items[0], y, call)?;
                let along_x = self.partial(value.items[0], x, call)?;
                let minus = self.difference(Graph::ZERO, along_x, call)?;
                Ok(Value::vector(vec![along_y, minus]))
            }
            (&[x, y], Shape::Vector(2)) => {
                self.curl_component(&value, (0, x), (1, y), call).map(Value::scalar)
            }
            (&[x, y, z], Shape::Vector(3)) => {
                let components = [((1, y), (2, z)), ((2, z), (0, x)), ((0, x), (1, y))]
                    .map(|(first, second)| self.curl_component(&value, first, second, call));
                let components: Checked<Vec<NodeId>> = components.into_iter().collect();
                components.map(Value::vector)
            }
            (_, shape) => {
                let message = format!("`curl` of {shape} in {} dimensions does not exist", space.len());
                Err(self.mismatch(call.span, message, "it takes a vector in 2D or 3D, or a number in 2D"))
            }
        }
    }

    /// ∂ᵢFⱼ − ∂ⱼFᵢ
    fn curl_component(
        &mut self,
        value: &Value,
        (i, x): (usize, u32),
        (j, y): (usize, u32),
        call: Call<'_>,
    ) -> Checked<NodeId> {
        let a = self.partial(value.items[j], x, call)?;
        let b = self.partial(value.items[i], y, call)?;
        self.difference(a, b, call)
    }

    pub(super) fn call_hessian(&mut self, call: Call<'_>) -> Checked<Value> {
        let arguments = self.argument_list(call, 1, 2)?;
        let f = self.evaluate(arguments[0]);
        let space = self.space(call)?;
        let Some(with) = arguments.get(1) else { return self.hessian_matrix(&f?, &space, call) };
        if let Some(directions) = self.named_directions(with)? {
            return self.contract_directions(&f?, &directions, call);
        }
        let matrix = self.evaluate(with)?;
        let f = f?;
        let entries: Vec<(u32, u32, NodeId)> = match matrix.shape {
            Shape::Vector(length) if length == space.len() => {
                space.iter().zip(&matrix.items).map(|(&i, &entry)| (i, i, entry)).collect()
            }
            Shape::Matrix(rows, columns) if rows == space.len() && columns == space.len() => {
                let places = space.iter().flat_map(|&i| space.iter().map(move |&j| (i, j)));
                places.zip(&matrix.items).map(|((i, j), &entry)| (i, j, entry)).collect()
            }
            shape => {
                let message =
                    format!("this is {shape}, not a matrix over the {} coordinates of space", space.len());
                let help = "`hess(u, A)` takes a matrix, a vector for a diagonal one, or a set of directions";
                return Err(self.mismatch(with.span, message, help));
            }
        };
        self.contract_hessian(&f, &entries, call)
    }

    fn hessian_matrix(&mut self, f: &Value, space: &[u32], call: Call<'_>) -> Checked<Value> {
        let Some(node) = f.as_scalar() else {
            let message = format!("`hess` takes a number, this is {}", f.shape);
            return Err(self.mismatch(call.span, message, "take it of each component"));
        };
        let mut items = Vec::new();
        for &i in space {
            let first = self.partial(node, i, call)?;
            for &j in space {
                items.push(self.partial(first, j, call)?);
            }
        }
        Ok(Value { shape: Shape::Matrix(space.len(), space.len()), items })
    }

    /// Σ Aᵢⱼ ∂ᵢ∂ⱼ f; the exact entries of A together are one operator.
    fn contract_hessian(
        &mut self,
        f: &Value,
        entries: &[(u32, u32, NodeId)],
        call: Call<'_>,
    ) -> Checked<Value> {
        let product = |i: u32, j: u32| &MultiIndex::variable(i) * &MultiIndex::variable(j);
        let exact = entries
            .iter()
            .filter_map(|&(i, j, entry)| Some((product(i, j), self.graph.as_constant(entry)?.clone())));
        let operator = Polynomial::from_terms(exact.collect::<Vec<_>>());
        let others: Vec<&(u32, u32, NodeId)> =
            entries.iter().filter(|entry| self.graph.as_constant(entry.2).is_none()).collect();
        self.each(f, call.span, |graph, item| {
            let mut terms = vec![(graph.apply(&operator, item)?, Rational::one())];
            for &&(i, j, entry) in &others {
                let second = graph.apply(&Polynomial::term(product(i, j), Rational::one()), item)?;
                terms.push((graph.times(entry, second)?, Rational::one()));
            }
            graph.sum(terms)
        })
    }

    /// The set of directions that an argument names, if it names nothing else.
    fn named_directions(&mut self, argument: &Expression) -> Checked<Option<Directions>> {
        match &argument.kind {
            Kind::Name(name) if self.scope.role(name) == Some(Role::Directions) => {
                self.direction_set_named(name, argument.span).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Σ w (v·∂)² f
    fn contract_directions(&mut self, f: &Value, directions: &Directions, call: Call<'_>) -> Checked<Value> {
        let squares = directions.0.iter().filter_map(|direction| {
            let (variable, factor) = direction.direction.as_ref()?;
            Some((MultiIndex::from_pairs([(*variable, 2)]), factor * factor * &direction.weight))
        });
        self.apply(&Polynomial::from_terms(squares), f, call.span)
    }

    /// `d(f, x: 2, y)`: a derivative along coordinates.
    pub(super) fn call_derivative(&mut self, call: Call<'_>) -> Checked<Value> {
        let Some((f, along)) = call.arguments.split_first().filter(|(_, along)| !along.is_empty()) else {
            let message = "`d` takes what to derive, and the coordinates to derive along";
            self.report(Code::WrongArguments, call.span, message).help =
                Some("for example `d(u, x: 2, y: 1)`".to_owned());
            return Err(Reported);
        };
        if let Some(count) = &f.count {
            self.report(Code::WrongArguments, count.span, "the first argument of `d` is what to derive");
            return Err(Reported);
        }
        let value = self.evaluate(&f.value);
        let orders: Vec<Checked<(u32, u32)>> = (1..)
            .zip(along)
            .map(|(at, argument)| self.derivative_order(&call.arguments[at - 1], argument))
            .collect();
        let orders = orders.into_iter().collect::<Checked<Vec<_>>>()?;
        let total = orders.iter().fold(0u32, |total, order| total.saturating_add(order.1));
        if total > limits::ORDER {
            let message = format!("this derivative has order {total}; the limit is {}", limits::ORDER);
            self.report(Code::TooLarge, call.span, message);
            return Err(Reported);
        }
        let operator = Polynomial::term(MultiIndex::from_pairs(orders), One::one());
        self.apply(&operator, &value?, call.span)
    }

    /// The coordinate and count of an argument `x: 2`; `before` is the argument before it.
    fn derivative_order(&mut self, before: &Argument, argument: &Argument) -> Checked<(u32, u32)> {
        let Kind::Name(name) = &argument.value.kind else {
            let message = format!("expected a coordinate to derive along; {}", list(&self.coordinates));
            let help = self.remedy(before, argument);
            self.report(Code::WrongArguments, argument.value.span, message).help = help;
            return Err(Reported);
        };
        let Some(&coordinate) = self.scope.coordinates.get(name.as_str()) else {
            let message = format!("`{name}` is not a coordinate; {}", list(&self.coordinates));
            let help = self.counted(name).map(|written| format!("write `{written}`"));
            let help =
                help.or_else(|| did_you_mean(name, self.coordinates.names().iter().map(String::as_str)));
            self.report(Code::UnknownCoordinate, argument.value.span, message).help = help;
            return Err(Reported);
        };
        let Some(count) = &argument.count else { return Ok((coordinate, 1)) };
        let node = self.scalar(count, "a count is a whole number")?;
        self.refuse_unknowns(node, "how often to derive", count.span)?;
        let value = self.graph.as_constant(node).filter(|value| value.is_integer() && !value.is_zero());
        let times = value.and_then(|value| value.to_integer().to_u32());
        let Some(times) = times.filter(|&times| times <= limits::ORDER) else {
            let message = format!("a derivative is taken 1 to {} times", limits::ORDER);
            self.report(Code::TooLarge, count.span, message);
            return Err(Reported);
        };
        Ok((coordinate, times))
    }

    /// How an argument of `d` that is no coordinate is written: `x: 2` for `x, 2` and for `x^2`.
    fn remedy(&self, before: &Argument, argument: &Argument) -> Option<String> {
        let coordinate = |expression: &Expression| match &expression.kind {
            Kind::Name(name) if self.scope.coordinates.contains_key(name.as_str()) => Some(name.clone()),
            _ => None,
        };
        let (name, count) = match (&argument.value.kind, &before.count) {
            (Kind::Number(count), None) => match coordinate(&before.value) {
                Some(name) => (name, count),
                None => return Some(format!("for example `d(u, {}: {count})`", self.coordinates.name(0))),
            },
            (Kind::Power(base, exponent), _) => match &exponent.kind {
                Kind::Number(count) => (coordinate(base)?, count),
                _ => return None,
            },
            (Kind::List(_), _) => return Some("write them one by one: `d(u, x, y)`".to_owned()),
            _ => return None,
        };
        Some(format!("a count follows its coordinate behind a colon: `{name}: {count}`"))
    }

    fn partial(&mut self, node: NodeId, coordinate: u32, call: Call<'_>) -> Checked<NodeId> {
        let derived = self.graph.derivative(node, coordinate);
        self.check(derived, call.span)
    }

    /// The sum of nodes.
    pub(super) fn total(&mut self, nodes: Vec<NodeId>, call: Call<'_>) -> Checked<NodeId> {
        let sum = self.graph.sum(nodes.into_iter().map(|node| (node, Rational::one())));
        self.check(sum, call.span)
    }

    /// a − b.
    pub(super) fn difference(&mut self, a: NodeId, b: NodeId, call: Call<'_>) -> Checked<NodeId> {
        let difference = self.graph.sum([(a, Rational::one()), (b, -Rational::one())]);
        self.check(difference, call.span)
    }
}
