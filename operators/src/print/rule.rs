//! Faà di Bruno's formula of an algebra, written out for every channel.

use std::collections::BTreeMap;

use jetc_combinatorics::rational::integer;
use jetc_combinatorics::work::Work;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, Signed};

use crate::algebra::{ChannelId, JetAlgebra};
use crate::certificate::{Element, multiply};

/// How one channel goes through an elementwise function: by k, the polynomial \[Nᵏ\]ᵢ in the input channels.
pub(crate) type Rule = Vec<(u32, Polynomial)>;

/// Rules of more terms than this are not written out: nobody would read them.
const MAX_TERMS: u64 = 500_000;

/// The rules of all channels but the value: g(h)ᵢ = Σₖ gₖ \[Nᵏ\]ᵢ with gₖ = g⁽ᵏ⁾(h₀)/k!. None if they are too long.
pub(crate) fn rules(algebra: &JetAlgebra) -> Option<BTreeMap<ChannelId, Rule>> {
    let mut work = Work::new(MAX_TERMS);
    let nilpotent: Element = algebra
        .channels()
        .skip(1)
        .map(|(id, _)| {
            (id, Polynomial::variable(u32::try_from(id.index()).expect("channels are numbered in 32 bits")))
        })
        .collect();
    let mut rules: BTreeMap<ChannelId, Rule> = BTreeMap::new();
    let mut power = nilpotent.clone();
    for exponent in 1u32.. {
        if power.is_empty() {
            break;
        }
        let next = multiply(algebra, &power, &nilpotent, &integer(1), &mut work).ok()?;
        for (channel, polynomial) in power {
            rules.entry(channel).or_default().push((exponent, polynomial));
        }
        power = next;
    }
    Some(rules)
}

/// `g1*h4 + g2*(2*h1*h3 + h2^2)`
pub(crate) fn rule_text(rule: &Rule) -> String {
    let summand = |(exponent, polynomial): &(u32, Polynomial)| {
        let inner = polynomial_text(polynomial, |variable| format!("h{variable}"));
        if polynomial.terms().len() > 1 {
            format!("g{exponent}*({inner})")
        } else {
            format!("g{exponent}*{inner}")
        }
    };
    itertools::join(rule.iter().map(summand), " + ")
}

/// A polynomial with the given names: `x^2 + 1/3*x*y - 2`.
pub(crate) fn polynomial_text(polynomial: &Polynomial, name: impl Fn(u32) -> String) -> String {
    let terms =
        polynomial.terms().map(|(monomial, coefficient)| (coefficient, monomial_text(monomial, &name)));
    sum_text(terms)
}

fn monomial_text(monomial: &MultiIndex, name: &impl Fn(u32) -> String) -> String {
    let factor = |(variable, exponent): (u32, u32)| {
        if exponent > 1 { format!("{}^{exponent}", name(variable)) } else { name(variable) }
    };
    itertools::join(monomial.pairs().map(factor), "*")
}

/// `a - 2*b + 1/3`: terms by coefficient; an empty name stands for one.
pub(crate) fn sum_text<'a>(terms: impl Iterator<Item = (&'a Rational, String)>) -> String {
    let mut text = String::new();
    for (coefficient, name) in terms {
        let (sign, size) = (coefficient.is_negative(), coefficient.abs());
        text.push_str(match (text.is_empty(), sign) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        });
        let factor = match (name.is_empty(), size.is_one()) {
            (true, _) => size.to_string(),
            (false, true) => name,
            (false, false) => format!("{size}*{name}"),
        };
        text.push_str(&factor);
    }
    if text.is_empty() { "0".to_owned() } else { text }
}
