//! Choices and comparisons: one of two values, as the values at the point decide.
//!
//! A choice takes a side with all its channels, so nothing of the other one reaches the result: neither its NaN nor its
//! infinities, nor a rounding. What decides is read in channel 0 alone; its derivatives count for nothing.
//!
//! | case | result |
//! |---|---|
//! | the condition is true | left |
//! | it is false, or NaN | right |
//! | larger or smaller, a ≠ b | the side with that value |
//! | a = b | the value of both, and the mean of their derivatives, as PyTorch takes it |
//! | one is NaN | that one: NaN passes through |
//!
//! Comparisons are those of floating-point numbers: nothing is less than, or equal to, NaN.
//!
//! Checked by `a_choice_takes_a_side_with_all_its_channels` and `what_is_not_chosen_does_not_leak`.

use super::NodeId;
use crate::element::Element;

/// What decides between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// The left one where the value of this node is true: 1, not 0.
    Condition(NodeId),
    /// The larger one.
    Larger,
    /// The smaller one.
    Smaller,
}

impl Choice {
    /// The node that decides, if it is neither of the two.
    pub fn condition(self) -> Option<NodeId> {
        match self {
            Self::Condition(node) => Some(node),
            Self::Larger | Self::Smaller => None,
        }
    }

    /// What to call it in print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Condition(_) => "select",
            Self::Larger => "larger",
            Self::Smaller => "smaller",
        }
    }

    pub(super) fn renamed(self, rename: impl Fn(NodeId) -> NodeId) -> Self {
        match self {
            Self::Condition(node) => Self::Condition(rename(node)),
            Self::Larger | Self::Smaller => self,
        }
    }
}

/// The side that one feature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    Left,
    Right,
    /// Both values are equal: half of each.
    Both,
}

impl Pick {
    pub(crate) fn by_condition<S: Element + PartialOrd>(condition: &S) -> Self {
        if *condition > S::fraction(1, 2) { Self::Left } else { Self::Right }
    }

    pub(crate) fn larger<S: PartialOrd>(left: &S, right: &S) -> Self {
        if left > right || is_nan(left) {
            Self::Left
        } else if left == right {
            Self::Both
        } else {
            Self::Right
        }
    }

    pub(crate) fn smaller<S: PartialOrd>(left: &S, right: &S) -> Self {
        if left < right || is_nan(left) {
            Self::Left
        } else if left == right {
            Self::Both
        } else {
            Self::Right
        }
    }

    /// What is picked. Equal numbers are not added up: their sum may overflow.
    pub(crate) fn from<S: Element + PartialEq>(self, left: &S, right: &S) -> S {
        match self {
            Self::Left => left.clone(),
            Self::Right => right.clone(),
            Self::Both if left == right => left.clone(),
            Self::Both => left.scale(1, 2).add(&right.scale(1, 2)),
        }
    }
}

/// Nothing else differs from itself.
#[allow(clippy::eq_op, reason = "it is how NaN is told in any arithmetic")]
fn is_nan<S: PartialEq>(x: &S) -> bool {
    x != x
}

/// A relation between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// a < b
    Less,
    /// a ≤ b
    LessOrEqual,
    /// a = b
    Equal,
}

impl Relation {
    /// What to call it in print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::LessOrEqual => "less-or-equal",
            Self::Equal => "equal",
        }
    }

    /// Whether it holds.
    pub fn holds<S: PartialOrd>(self, a: &S, b: &S) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Equal => a == b,
        }
    }

    /// 1 where it holds, else 0.
    pub(crate) fn indicator<S: Element + PartialOrd>(self, a: &S, b: &S) -> S {
        if self.holds(a, b) { S::one() } else { S::zero() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_passes_through_the_larger_and_the_smaller_whichever_side_it_is_on() {
        for pick in [Pick::larger::<f64>, Pick::smaller::<f64>] {
            for (a, b) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::NAN, f64::INFINITY), (f64::NAN, f64::NAN)]
            {
                assert!(pick(&a, &b).from(&a, &b).is_nan(), "{a}, {b}");
            }
        }
    }

    #[test]
    fn the_larger_and_the_smaller_are_exact_up_to_infinity() {
        let cases =
            [(f64::INFINITY, 5.0), (f64::MAX, f64::MAX), (1e-300, 0.0), (-f64::INFINITY, -f64::INFINITY)];
        for (a, b) in cases {
            assert_eq!(Pick::larger(&a, &b).from(&a, &b).to_bits(), a.to_bits());
            assert_eq!(Pick::smaller(&a, &b).from(&a, &b).to_bits(), b.to_bits());
        }
    }

    #[test]
    fn nothing_is_related_to_nan() {
        for relation in [Relation::Less, Relation::LessOrEqual, Relation::Equal] {
            assert!(!relation.holds(&f64::NAN, &f64::NAN) && !relation.holds(&f64::NAN, &0.0));
        }
        assert_eq!(Pick::by_condition(&f64::NAN), Pick::Right);
    }
}
