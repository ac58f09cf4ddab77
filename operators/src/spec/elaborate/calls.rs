//! Calls: derivatives and functions.

use jetc_combinatorics::{MultiIndex, Polynomial};
use num_traits::{One, ToPrimitive, Zero};

use super::subscript::list;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Span, did_you_mean};
use crate::expression::{Argument, Expression, Kind};
use crate::spec::{Function, limits};

/// Functions that derive or combine, by name.
const OPERATORS: &[&str] = &["d", "lap"];

/// A call that is being evaluated.
#[derive(Clone, Copy)]
struct Call<'e> {
    name: &'e str,
    name_span: Span,
    arguments: &'e [Argument],
    span: Span,
}

impl Elaborator {
    pub(super) fn call(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Argument],
        span: Span,
    ) -> Checked<Value> {
        let call = Call { name, name_span, arguments, span };
        match name {
            "d" => self.call_derivative(call),
            "lap" => {
                let [f] = self.arguments(call)?;
                let value = self.evaluate(f)?;
                self.need_space(call)?;
                let laplacian = self.laplacian();
                self.apply(&laplacian, &value, span)
            }
            _ => match Function::from_name(name) {
                Some(function) => self.call_function(function, call),
                None => Err(self.unknown_function(call)),
            },
        }
    }

    /// Exactly N arguments, none with a count.
    fn arguments<'e, const N: usize>(&mut self, call: Call<'e>) -> Checked<[&'e Expression; N]> {
        let values: Vec<&Expression> = call.arguments.iter().map(|argument| &argument.value).collect();
        if let Some(count) = call.arguments.iter().find_map(|argument| argument.count.as_ref()) {
            let message = format!("`{}` takes no counts; only `d` does", call.name);
            self.report(Code::WrongArguments, count.span, message);
            return Err(Reported);
        }
        values.try_into().map_err(|values: Vec<_>| {
            let plural = if N == 1 { "" } else { "s" };
            let message = format!("`{}` takes {N} argument{plural}, not {}", call.name, values.len());
            self.report(Code::WrongArguments, call.span, message);
            Reported
        })
    }

    fn need_space(&mut self, call: Call<'_>) -> Checked<()> {
        if self.coordinates.space().is_empty() {
            let message = format!("`{}` derives in space, and there are no coordinates of space", call.name);
            self.report(Code::WrongArguments, call.span, message);
            return Err(Reported);
        }
        Ok(())
    }

    fn call_function(&mut self, function: Function, call: Call<'_>) -> Checked<Value> {
        let count = function.arguments();
        let expressions: Vec<&Expression> = if count == 1 {
            self.arguments::<1>(call)?.to_vec()
        } else {
            self.arguments::<2>(call)?.to_vec()
        };
        let help = "functions take numbers; of a vector take its components";
        let nodes: Vec<_> = expressions.iter().map(|argument| self.scalar(argument, help)).collect();
        let nodes = nodes.into_iter().collect::<Checked<Vec<_>>>()?;
        let node = match function {
            Function::Pow => self.graph.power(nodes[0], nodes[1]),
            _ => self.graph.call(function, nodes),
        };
        self.check(node, call.span).map(Value::scalar)
    }

    fn unknown_function(&mut self, call: Call<'_>) -> Reported {
        let name = call.name;
        if let Some(role) = self.scope.role(name) {
            let message = format!("`{name}` is {}, not a function", role.with_article());
            self.report(Code::UnknownFunction, call.name_span, message).help =
                Some(format!("for a product write `{name}*(…)`"));
            return Reported;
        }
        let names = || OPERATORS.iter().copied().chain(Function::ALL.iter().map(|function| function.name()));
        let all = || format!("there are {}", names().collect::<Vec<_>>().join(", "));
        let help = did_you_mean(name, names()).unwrap_or_else(all);
        self.report(Code::UnknownFunction, call.name_span, format!("there is no function `{name}`")).help =
            Some(help);
        Reported
    }

    /// `d(f, x: 2, y)`: a derivative along coordinates.
    fn call_derivative(&mut self, call: Call<'_>) -> Checked<Value> {
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
        let orders: Vec<Checked<(u32, u32)>> =
            along.iter().map(|argument| self.derivative_order(argument)).collect();
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

    /// The coordinate and count of an argument `x: 2`.
    fn derivative_order(&mut self, argument: &Argument) -> Checked<(u32, u32)> {
        let Kind::Name(name) = &argument.value.kind else {
            let message = format!("expected a coordinate to derive along; {}", list(&self.coordinates));
            self.report(Code::WrongArguments, argument.value.span, message);
            return Err(Reported);
        };
        let Some(&coordinate) = self.scope.coordinates.get(name.as_str()) else {
            let message = format!("`{name}` is not a coordinate; {}", list(&self.coordinates));
            let help = did_you_mean(name, self.coordinates.names().iter().map(String::as_str));
            self.report(Code::UnknownCoordinate, argument.value.span, message).help = help;
            return Err(Reported);
        };
        let Some(count) = &argument.count else { return Ok((coordinate, 1)) };
        let node = self.scalar(count, "a count is a whole number")?;
        let value = self.graph.as_constant(node).filter(|value| value.is_integer() && !value.is_zero());
        let times = value.and_then(|value| value.to_integer().to_u32());
        let Some(times) = times.filter(|&times| times <= limits::ORDER) else {
            let message = format!("a derivative is taken 1 to {} times", limits::ORDER);
            self.report(Code::TooLarge, count.span, message);
            return Err(Reported);
        };
        Ok((coordinate, times))
    }
}
