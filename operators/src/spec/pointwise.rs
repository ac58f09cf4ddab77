//! Formulas that are evaluated at each point once the linear parts are known there.

use std::fmt;

use jetc_combinatorics::Rational;

use super::LinearPartId;

/// Names one node of the formulas of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointwiseId(u32);

impl PointwiseId {
    /// The id of the node at `index`.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("limits keep the number of formula nodes below 2³²"))
    }

    /// Its place in [`OperatorSpec::pointwise`](super::OperatorSpec::pointwise).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Names one unknown of a spec: a number that is the same at all points, and given when the operator is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownId(u32);

impl UnknownId {
    /// The id of the unknown at `index`.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("limits keep the number of unknowns below 2³²"))
    }

    /// Its place in [`OperatorSpec::unknowns`](super::OperatorSpec::unknowns).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One node of a formula. Formulas share nodes: together they are a directed acyclic graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pointwise {
    /// A number.
    Constant(Rational),
    /// π or e.
    Irrational(Irrational),
    /// A coordinate of the point.
    Coordinate(u32),
    /// The value of an unknown.
    Unknown(UnknownId),
    /// The value of a linear part.
    LinearPart(LinearPartId),
    /// Σ weight · node; no weight is zero.
    Sum(Vec<(PointwiseId, Rational)>),
    /// ∏ node^exponent; no exponent is zero, negative ones divide.
    Product(Vec<(PointwiseId, i32)>),
    /// A function of as many nodes as it has arguments.
    Call(RealFunction, Vec<PointwiseId>),
}

impl Pointwise {
    /// The nodes this one uses, in order.
    pub fn operands(&self) -> Vec<PointwiseId> {
        match self {
            Self::Constant(_)
            | Self::Irrational(_)
            | Self::Coordinate(_)
            | Self::Unknown(_)
            | Self::LinearPart(_) => Vec::new(),
            Self::Sum(terms) => terms.iter().map(|term| term.0).collect(),
            Self::Product(factors) => factors.iter().map(|factor| factor.0).collect(),
            Self::Call(_, arguments) => arguments.clone(),
        }
    }
}

/// A constant that is no fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Irrational {
    /// π = 3.14159…
    Pi,
    /// e = 2.71828…
    E,
}

impl Irrational {
    /// The nearest double.
    pub fn value(self) -> f64 {
        match self {
            Self::Pi => std::f64::consts::PI,
            Self::E => std::f64::consts::E,
        }
    }

    /// Every constant.
    pub const ALL: [Self; 2] = [Self::Pi, Self::E];

    /// The name in operator files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pi => "pi",
            Self::E => "e",
        }
    }
}

macro_rules! functions {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal / $arguments:literal,)*) => {
        /// A real function that formulas may call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RealFunction {
            $($(#[doc = $doc])* $variant,)*
        }

        impl RealFunction {
            /// Every function.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in operator files.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// How many arguments it takes.
            pub fn arguments(self) -> usize {
                match self {
                    $(Self::$variant => $arguments,)*
                }
            }
        }
    };
}

functions! {
    /// Sine.
    Sin = "sin" / 1,
    /// Cosine.
    Cos = "cos" / 1,
    /// Tangent.
    Tan = "tan" / 1,
    /// Hyperbolic sine.
    Sinh = "sinh" / 1,
    /// Hyperbolic cosine.
    Cosh = "cosh" / 1,
    /// Hyperbolic tangent.
    Tanh = "tanh" / 1,
    /// Inverse tangent.
    Atan = "atan" / 1,
    /// Exponential function.
    Exp = "exp" / 1,
    /// Natural logarithm.
    Log = "log" / 1,
    /// Square root.
    Sqrt = "sqrt" / 1,
    /// Absolute value.
    Abs = "abs" / 1,
    /// −1, 0 or 1 by sign.
    Sign = "sign" / 1,
    /// 0 below zero, 1/2 at zero, 1 above.
    Step = "step" / 1,
    /// The smaller of two numbers; NaN if one is.
    Min = "min" / 2,
    /// The larger of two numbers; NaN if one is.
    Max = "max" / 2,
    /// First argument to the power of the second.
    Pow = "pow" / 2,
}

impl RealFunction {
    /// The function with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }
}

impl fmt::Display for RealFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
