//! Calls: which function is meant, and whether its arguments fit.

use super::scope::Role;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Span, did_you_mean};
use crate::expression::{Argument, Expression, Kind};
use crate::spec::RealFunction;

/// A call that is being evaluated.
#[derive(Clone, Copy)]
pub(super) struct Call<'e> {
    pub(super) name: &'e str,
    pub(super) name_span: Span,
    pub(super) arguments: &'e [Argument],
    pub(super) span: Span,
}

macro_rules! operators {
    ($($(#[doc = $doc:literal])+ $Variant:ident = $name:literal,)+) => {
        /// Functions that derive, or that combine vectors.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Operator {
            $($(#[doc = $doc])+ $Variant,)+
        }

        impl Operator {
            const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$Variant),)+];
        }
    };
}

operators! {
    /// `d(f, x: 2, y)`: derivatives along coordinates.
    Derivative = "d",
    /// `lap(f)`: Σᵢ ∂ᵢ²f over space, of each component.
    Laplacian = "lap",
    /// `grad(f)`: ∂ᵢf; of a vector the matrix ∂ᵢfⱼ.
    Gradient = "grad",
    /// `dn(f)`: `dot(normal, grad(f))`, along a vector that is called `normal`.
    Normal = "dn",
    /// `div(F)`: Σᵢ ∂ᵢFᵢ; of a matrix the vector Σᵢ ∂ᵢFᵢⱼ.
    Divergence = "div",
    /// `curl(F)`: in 3D a vector; in 2D the number ∂ₓF₂ − ∂ᵧF₁ of a vector, the vector (∂ᵧf, −∂ₓf) of a number.
    Curl = "curl",
    /// `hess(f)`: the matrix ∂ᵢ∂ⱼf. `hess(f, A)`: Σᵢⱼ Aᵢⱼ ∂ᵢ∂ⱼf for a matrix, a vector (as a diagonal matrix), or a set of directions.
    Hessian = "hess",
    /// `dot(a, b)`: sums over the last index of a and the first of b.
    Dot = "dot",
    /// `contract(A, B)`: Σᵢⱼ AᵢⱼBᵢⱼ.
    Contract = "contract",
    /// `cross(a, b)`: the vector product in 3D; a number in 2D.
    Cross = "cross",
    /// `outer(a, b)`: the matrix aᵢbⱼ.
    Outer = "outer",
    /// `times(a, b)`: products component by component.
    Times = "times",
    /// `norm(a)`: the square root of `dot(a, a)`.
    Norm = "norm",
    /// `sum(a)`: Σᵢ aᵢ of a vector, Σᵢⱼ aᵢⱼ of a matrix.
    Sum = "sum",
    /// `trace(A)`: Σᵢ Aᵢᵢ.
    Trace = "trace",
    /// `transpose(A)`.
    Transpose = "transpose",
    /// `det(A)`, up to 4×4.
    Determinant = "det",
}

impl Elaborator<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Argument],
        span: Span,
    ) -> Checked<Value> {
        let call = Call { name, name_span, arguments, span };
        if let Some((_, operator)) = Operator::ALL.iter().find(|(known, _)| *known == name) {
            return self.call_operator(*operator, call);
        }
        match RealFunction::from_name(name) {
            Some(function) => self.call_function(function, call),
            None => Err(self.unknown_function(call)),
        }
    }

    fn call_operator(&mut self, operator: Operator, call: Call<'_>) -> Checked<Value> {
        match operator {
            Operator::Derivative => self.call_derivative(call),
            Operator::Laplacian => self.call_laplacian(call),
            Operator::Gradient => self.call_gradient(call),
            Operator::Normal => self.call_normal(call),
            Operator::Divergence => self.call_divergence(call),
            Operator::Curl => self.call_curl(call),
            Operator::Hessian => self.call_hessian(call),
            Operator::Dot => self.call_dot(call),
            Operator::Contract => self.call_contract(call),
            Operator::Cross => self.call_cross(call),
            Operator::Outer => self.call_outer(call),
            Operator::Times => self.call_times(call),
            Operator::Norm => self.call_norm(call),
            Operator::Sum => self.call_sum(call),
            Operator::Trace => self.call_trace(call),
            Operator::Transpose => self.call_transpose(call),
            Operator::Determinant => self.call_determinant(call),
        }
    }

    /// Exactly N arguments, none with a count.
    pub(super) fn arguments<'e, const N: usize>(&mut self, call: Call<'e>) -> Checked<[&'e Expression; N]> {
        let values = self.argument_list(call, N, N)?;
        values.try_into().map_err(|_| Reported)
    }

    /// Between `least` and `most` arguments, none with a count.
    pub(super) fn argument_list<'e>(
        &mut self,
        call: Call<'e>,
        least: usize,
        most: usize,
    ) -> Checked<Vec<&'e Expression>> {
        if let Some(count) = call.arguments.iter().find_map(|argument| argument.count.as_ref()) {
            let message = format!("`{}` takes no counts; only `d` does", call.name);
            self.report(Code::WrongArguments, count.span, message);
            return Err(Reported);
        }
        let found = call.arguments.len();
        if (least..=most).contains(&found) {
            return Ok(call.arguments.iter().map(|argument| &argument.value).collect());
        }
        let range = if least == most { least.to_string() } else { format!("{least} or {most}") };
        let plural = if most == 1 { "" } else { "s" };
        let message = format!("`{}` takes {range} argument{plural}, not {found}", call.name);
        self.report(Code::WrongArguments, call.span, message);
        Err(Reported)
    }

    /// The values of exactly N arguments.
    pub(super) fn values<const N: usize>(&mut self, call: Call<'_>) -> Checked<[Value; N]> {
        let expressions = self.arguments::<N>(call)?;
        let values = self.evaluate_all(expressions)?;
        values.try_into().map_err(|_| Reported)
    }

    fn call_function(&mut self, function: RealFunction, call: Call<'_>) -> Checked<Value> {
        let count = function.arguments();
        let expressions = self.argument_list(call, count, count)?;
        let help = "functions take numbers; of a vector take its components";
        let nodes: Vec<_> = expressions.iter().map(|argument| self.scalar(argument, help)).collect();
        let nodes = nodes.into_iter().collect::<Checked<Vec<_>>>()?;
        let node = match function {
            RealFunction::Pow => self.graph.power(nodes[0], nodes[1]),
            _ => self.graph.call(function, nodes),
        };
        self.check(node, call.span).map(Value::scalar)
    }

    fn unknown_function(&mut self, call: Call<'_>) -> Reported {
        let name = call.name;
        if let Some(role) = self.scope.role(name) {
            let message = format!("`{name}` is {}, not a function", role.with_article());
            let is_at_point = call.arguments.iter().all(|argument| match &argument.value.kind {
                Kind::Name(name) => self.scope.role(name) == Some(Role::Coordinate),
                _ => false,
            });
            let help = match role {
                Role::Field if is_at_point => format!("fields depend on all coordinates: write `{name}`"),
                Role::Vector | Role::Matrix | Role::Coordinates => {
                    format!("components are written `{name}[0]`, products `{name}*(…)`")
                }
                _ => format!("for a product write `{name}*(…)`"),
            };
            self.report(Code::UnknownFunction, call.name_span, message).help = Some(help);
            return Reported;
        }
        let operators = || Operator::ALL.iter().map(|operator| operator.0);
        let names = || operators().chain(RealFunction::ALL.iter().map(|function| function.name()));
        let known = || format!("there are {}", names().collect::<Vec<_>>().join(", "));
        let is_derivative =
            name.strip_prefix('d').is_some_and(|rest| self.scope.coordinates.contains_key(rest));
        let help = match synonym(if is_derivative { "diff" } else { name }) {
            Some(meant) => meant.to_owned(),
            None if UNAVAILABLE.contains(&name) => known(),
            None => did_you_mean(name, names()).unwrap_or_else(known),
        };
        self.report(Code::UnknownFunction, call.name_span, format!("there is no function `{name}`")).help =
            Some(help);
        Reported
    }
}

/// Functions of mathematics that the language does not have; names like theirs are not what is meant.
const UNAVAILABLE: [&str; 20] = [
    "erf", "erfc", "erfi", "gamma", "lgamma", "beta", "airy", "besselj", "bessely", "zeta", "floor", "ceil",
    "round", "mod", "rand", "random", "sum", "prod", "integral", "int",
];

/// What is meant by names that other systems use.
fn synonym(name: &str) -> Option<&'static str> {
    Some(match name {
        "laplacian" | "Laplacian" | "laplace" | "delta" | "Δ" => "the Laplacian is `lap(u)`",
        "gradient" | "nabla" => "the gradient is `grad(u)`",
        "divergence" => "the divergence is `div(U)`",
        "diff" | "D" | "deriv" | "derivative" | "partial" => "derivatives are `u_x`, `u_xy` or `d(u, x: 2)`",
        "hessian" | "Hessian" => "the matrix of second derivatives is `hess(u)`",
        "ln" => "the natural logarithm is `log`",
        "inner" => "the scalar product is `dot(U, V)`",
        "arctan" => "the inverse tangent is `atan`",
        "arcsin" | "asin" => "the inverse sine of x is `atan(x/sqrt(1 - x^2))`",
        "arccos" | "acos" => "the inverse cosine of x is `pi/2 - atan(x/sqrt(1 - x^2))`",
        "sec" => "the secant of x is `1/cos(x)`",
        "csc" | "cosec" => "the cosecant of x is `1/sin(x)`",
        "cot" => "the cotangent of x is `cos(x)/sin(x)`",
        "sech" => "write `1/cosh(x)`",
        "log10" => "the logarithm to base 10 is `log(x)/log(10)`",
        "log2" => "the logarithm to base 2 is `log(x)/log(2)`",
        "log1p" => "write `log(1 + x)`",
        "expm1" => "write `exp(x) - 1`",
        "square" => "the square is `x^2`",
        "cbrt" => "the cube root is `x^(1/3)`",
        "relu" => "the positive part is `max(u, 0)`",
        "sigmoid" | "logistic" => "the logistic function of u is `1/(1 + exp(-u))`",
        "softplus" => "write `log(1 + exp(u))`",
        "clip" | "clamp" => "write `min(max(u, a), b)`",
        "where" | "if" | "piecewise" => "for conditions use `step`, `min`, `max` and `abs`",
        "conj" | "real" | "imag" | "Re" | "Im" => {
            "numbers are real: a complex field is two fields, its real and its imaginary part"
        }
        "heaviside" | "H" => "the step at zero is `step`",
        "sgn" => "the sign is `sign`",
        _ => return None,
    })
}
