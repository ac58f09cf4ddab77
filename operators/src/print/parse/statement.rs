//! A piece of one line, and the ways to read it.

use std::str::FromStr;

use jetc_combinatorics::SparseVector;

use super::PlanTextError;
use super::sum::Sum;
use crate::algebra::ChannelId;
use crate::printable::unescaped;
use crate::spec::{Irrational, LinearPartId, Pointwise, PointwiseId, RealFunction, UnknownId};
use crate::strategy::Basis;

/// Text and the line it stands on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// The line up to a `;` that is not inside quotes.
pub(super) fn without_comment(line: &str) -> &str {
    let (mut in_quotes, mut escaped) = (false, false);
    for (position, sign) in line.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ';' if !in_quotes => return &line[..position],
            _ => {}
        }
    }
    line
}

impl<'a> Statement<'a> {
    pub(super) fn with(self, text: &'a str) -> Self {
        Self { text, ..self }
    }

    pub(super) fn expected(self, expected: &'static str) -> PlanTextError {
        PlanTextError::Line { line: self.line, expected }
    }

    pub(super) fn keyword(self) -> (&'a str, Self) {
        let (keyword, rest) = self.text.split_once(' ').unwrap_or((self.text, ""));
        (keyword, self.with(rest.trim_start()))
    }

    pub(super) fn words(self) -> Vec<String> {
        self.text.split_whitespace().map(str::to_owned).collect()
    }

    pub(super) fn number<N: FromStr>(self) -> Result<N, PlanTextError> {
        self.text.parse().map_err(|_| self.expected("a number"))
    }

    pub(super) fn basis(self) -> Result<Basis, PlanTextError> {
        let found = Basis::ALL.into_iter().find(|basis| basis.name() == self.text);
        found.ok_or_else(|| self.expected("named, squares or coordinates"))
    }

    pub(super) fn split(self, at: &str, expected: &'static str) -> Result<(Self, Self), PlanTextError> {
        let (left, right) = self.text.split_once(at).ok_or_else(|| self.expected(expected))?;
        Ok((self.with(left), self.with(right)))
    }

    pub(super) fn after(self, prefix: &str, expected: &'static str) -> Result<Self, PlanTextError> {
        self.text.strip_prefix(prefix).map(|rest| self.with(rest)).ok_or_else(|| self.expected(expected))
    }

    /// A name in quotes, and what follows it.
    pub(super) fn quoted(self) -> Result<(String, Self), PlanTextError> {
        let (mut name, mut rest) = (String::new(), self.after("\"", "a name in quotes")?.text);
        while let Some(sign) = rest.chars().next() {
            rest = &rest[sign.len_utf8()..];
            match sign {
                '"' => return Ok((name, self.with(rest.trim_start()))),
                '\\' => {
                    let (sign, after) =
                        unescaped(rest).ok_or_else(|| self.expected("an escaped character"))?;
                    name.push(sign);
                    rest = after;
                }
                _ => name.push(sign),
            }
        }
        Err(self.expected("a closing quote"))
    }

    /// `prefix` and a number below `count`.
    pub(super) fn numbered(
        self,
        prefix: &str,
        count: usize,
        expected: &'static str,
    ) -> Result<usize, PlanTextError> {
        let number: usize = self.after(prefix, expected)?.number()?;
        if number < count { Ok(number) } else { Err(self.expected(expected)) }
    }

    pub(super) fn channel(self, count: usize) -> Result<ChannelId, PlanTextError> {
        self.numbered("c", count, "a channel that was declared").map(ChannelId::new)
    }

    pub(super) fn node_id(self, count: usize) -> Result<PointwiseId, PlanTextError> {
        self.numbered("n", count, "a node that was defined").map(PointwiseId::new)
    }

    pub(super) fn sum(self) -> Result<Sum<'a>, PlanTextError> {
        Sum::parse(self)
    }

    /// A linear combination of channels.
    pub(super) fn channels(self, count: usize) -> Result<SparseVector<ChannelId>, PlanTextError> {
        let terms = self.sum()?.resolve(|name| self.with(name).channel(count))?;
        let single = terms.into_iter().map(|(weight, factors)| match factors[..] {
            [(channel, 1)] => Ok((channel, weight)),
            _ => Err(self.expected("a linear combination of channels")),
        });
        Ok(SparseVector::from_entries(single.collect::<Result<Vec<_>, _>>()?))
    }

    /// The right-hand side of a node.
    pub(super) fn node(
        self,
        coordinates: &[String],
        unknowns: &[String],
        before: usize,
    ) -> Result<Pointwise, PlanTextError> {
        let (kind, rest) = self.keyword();
        let id = |name| rest.with(name).node_id(before);
        match kind {
            "number" => Ok(Pointwise::Constant(rest.number()?)),
            "constant" => {
                let found = Irrational::ALL.into_iter().find(|constant| constant.name() == rest.text);
                found.map(Pointwise::Irrational).ok_or_else(|| rest.expected("pi or e"))
            }
            "coordinate" => {
                let found = (0..).zip(coordinates).find(|(_, known)| *known == rest.text);
                let index = found.ok_or_else(|| rest.expected("the name of a coordinate"))?.0;
                Ok(Pointwise::Coordinate(index))
            }
            "unknown" => {
                let found = unknowns.iter().position(|known| *known == rest.text);
                let index = found.ok_or_else(|| rest.expected("the name of an unknown"))?;
                Ok(Pointwise::Unknown(UnknownId::new(index)))
            }
            "part" => {
                let part = rest.numbered("p", usize::MAX, "a part")?;
                Ok(Pointwise::LinearPart(LinearPartId::new(part)))
            }
            "sum" => {
                let terms = rest.sum()?.resolve(id)?.into_iter().map(|(weight, factors)| match factors[..] {
                    [(node, 1)] => Ok((node, weight)),
                    _ => Err(rest.expected("a sum of nodes")),
                });
                Ok(Pointwise::Sum(terms.collect::<Result<_, _>>()?))
            }
            "product" => match rest.sum()?.resolve(id)?.pop() {
                Some((_, factors)) => Ok(Pointwise::Product(factors)),
                None => Err(rest.expected("a product of nodes")),
            },
            "call" => {
                let (name, arguments) = rest.split("(", "a function call")?;
                let function =
                    RealFunction::from_name(name.text).ok_or_else(|| name.expected("a function"))?;
                let list =
                    arguments.text.strip_suffix(')').ok_or_else(|| rest.expected("a closing parenthesis"))?;
                let arguments: Vec<_> = list.split(", ").map(id).collect::<Result<_, _>>()?;
                if arguments.len() != function.arguments() {
                    return Err(rest.expected("as many arguments as the function takes"));
                }
                Ok(Pointwise::Call(function, arguments))
            }
            _ => Err(self.expected("number, constant, coordinate, unknown, part, sum, product or call")),
        }
    }
}
