//! Reads the complete text of a plan back.
//!
//! The text is one statement a line, comments after `;`. What follows from the rest (`rule`, `order`, `channels`) is not
//! believed: rules are passed over, counts are compared. The plan that comes out is proven like any other, so a text
//! that was changed by hand is refused unless it is still right. Checked by `a_plan_is_read_back_as_it_was`.

mod statement;
mod sum;

use std::collections::BTreeSet;

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};

use crate::algebra::{Channel, JetAlgebra, Product, Readout, Seed};
use crate::certificate::CertificateError;
use crate::plan::{PassedOver, Plan, PlanParts, PlannedPart, PlannedReadout};
use crate::spec::{Coordinates, Direction, Entry, OutputSpec, Pointwise, Variables};
use crate::strategy::{Basis, Strategy};
use statement::Statement;

/// Why a text is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanTextError {
    /// A line that cannot be read.
    #[error("line {line}: expected {expected}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A statement that every plan has is not there.
    #[error("the statement `{statement}` is missing")]
    Missing {
        /// The statement.
        statement: &'static str,
    },
    /// The text can be read, but the plan is wrong.
    #[error("the plan is not what it says")]
    Unproven(#[from] CertificateError),
}

/// The plan of a text that [`plan_text`](super::plan_text) has written.
///
/// # Errors
/// [`PlanTextError`] for a text that is no plan, and for a plan that does not pass its proof.
pub fn parse_plan(text: &str) -> Result<Plan, PlanTextError> {
    let mut draft = Draft::default();
    for (number, line) in text.lines().enumerate() {
        let code = statement::without_comment(line).trim();
        if !code.is_empty() {
            let statement = Statement { text: code, line: number + 1 };
            draft.read(statement)?;
        }
    }
    draft.finish()
}

/// What has been read so far.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    strategy: Option<Strategy>,
    basis: Option<Basis>,
    passed_over: Vec<PassedOver>,
    coordinates: Vec<String>,
    directions: Vec<(String, Option<Direction>)>,
    time: Option<u32>,
    parameters: Vec<u32>,
    fields: Option<Vec<String>>,
    unknowns: Vec<String>,
    order: Option<u32>,
    count: Option<usize>,
    channels: Vec<Channel>,
    products: Vec<Product>,
    readouts: Vec<PlannedReadout>,
    parts: Vec<PlannedPart>,
    pointwise: Vec<Pointwise>,
    outputs: Vec<OutputSpec>,
}

impl Draft {
    fn read(&mut self, statement: Statement<'_>) -> Result<(), PlanTextError> {
        let (keyword, rest) = statement.keyword();
        match keyword {
            "plan" => self.name = Some(rest.quoted()?.0),
            "strategy" => {
                let found = Strategy::CONCRETE.into_iter().find(|strategy| strategy.name() == rest.text);
                self.strategy = Some(found.ok_or_else(|| rest.expected("standard, collapsed or minimal"))?);
            }
            "basis" => self.basis = Some(rest.basis()?),
            "passed-over" => self.passed_over(rest)?,
            "direction" => self.direction(rest)?,
            "coordinates" => self.coordinates = rest.words(),
            "time" => self.time = Some(self.coordinate(rest)?),
            "parameters" => self.parameters = self.parameters(rest)?,
            "fields" if rest.text == "*" => {}
            "fields" => self.fields = Some(rest.words()),
            "unknowns" => self.unknowns(rest)?,
            "order" => self.order = Some(rest.number()?),
            "channels" => self.count = Some(rest.number()?),
            "channel" => self.channel(rest)?,
            "product" => self.product(rest)?,
            "rule" => {}
            "readout" => self.readout(rest)?,
            "rounded" => {
                let (readout, bits) = rest.split(" within 2^-", "`rK within 2^-E`")?;
                let readout = readout.numbered("r", self.readouts.len(), "a readout")?;
                self.readouts[readout].rounding = Some(bits.number()?);
            }
            "part" => self.part(rest)?,
            "node" => {
                let (_, right) = rest.split(" = ", "`nK = …`")?;
                let node = right.node(&self.coordinates, &self.unknowns, self.pointwise.len())?;
                self.pointwise.push(node);
            }
            "output" => {
                let (name, rest) = rest.quoted()?;
                let rest = rest.after("= ", "`= nK`")?;
                let formula = rest.node_id(self.pointwise.len())?;
                self.outputs.push(OutputSpec { name, formula });
            }
            _ => return Err(statement.expected("a statement such as `channel` or `product`")),
        }
        Ok(())
    }

    fn coordinate(&self, name: Statement<'_>) -> Result<u32, PlanTextError> {
        let found = (0..).zip(&self.coordinates).find(|(_, known)| *known == name.text);
        found.map(|(index, _)| index).ok_or_else(|| name.expected("the name of a coordinate"))
    }

    /// A coordinate or a direction.
    fn variable(&self, name: Statement<'_>) -> Result<u32, PlanTextError> {
        let names = self.coordinates.iter().chain(self.directions.iter().map(|(name, _)| name));
        let found = (0..).zip(names).find(|(_, known)| *known == name.text);
        found.map(|(index, _)| index).ok_or_else(|| name.expected("the name of a coordinate or direction"))
    }

    /// `squares channels 4 growth 1.5e0`
    fn passed_over(&mut self, rest: Statement<'_>) -> Result<(), PlanTextError> {
        let expected = "`BASIS channels N growth X`";
        let (basis, rest) = rest.split(" channels ", expected)?;
        let (channels, growth) = rest.split(" growth ", expected)?;
        let (basis, channels, growth) = (basis.basis()?, channels.number()?, growth.number()?);
        self.passed_over.push(PassedOver { basis, channels, growth });
        Ok(())
    }

    /// `s[1] = 1/3*x + 2*y`, `s[1] doubles 0.5*x`, `y[1]`
    fn direction(&mut self, rest: Statement<'_>) -> Result<(), PlanTextError> {
        let (name, entries) = rest.keyword();
        let direction = match entries.keyword() {
            ("", _) => None,
            ("=", sum) => Some(Direction::exact(linear_form(sum, |name| self.coordinate(name))?)),
            ("doubles", sum) => {
                let entry = |(coordinate, weight)| (coordinate, Entry::Exact(&weight).to_f64());
                let entries = linear_form(sum, |name| self.coordinate(name))?;
                Some(Direction::doubles(entries.into_iter().map(entry)))
            }
            _ => return Err(rest.expected("`NAME = …` or `NAME doubles …`")),
        };
        self.directions.push((name.to_owned(), direction));
        Ok(())
    }

    /// `mu nu`: coordinates, each once and in order, none of them time.
    fn parameters(&self, names: Statement<'_>) -> Result<Vec<u32>, PlanTextError> {
        let found = names.text.split_whitespace().map(|name| self.coordinate(names.with(name)));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let in_order =
            found.is_sorted_by(|a, b| a < b) && self.time.is_none_or(|time| !found.contains(&time));
        if in_order { Ok(found) } else { Err(names.expected("coordinates in order, other than time")) }
    }

    /// `nu k`: names, each once, and no coordinates.
    fn unknowns(&mut self, names: Statement<'_>) -> Result<(), PlanTextError> {
        self.unknowns.extend(names.words());
        let known: BTreeSet<&String> = self.coordinates.iter().chain(&self.unknowns).collect();
        if known.len() == self.coordinates.len() + self.unknowns.len() {
            Ok(())
        } else {
            Err(names.expected("names that are new, after the coordinates"))
        }
    }

    /// `c1 "x" order 1 seed x`
    fn channel(&mut self, rest: Statement<'_>) -> Result<(), PlanTextError> {
        let (id, rest) = rest.split(" ", "`cK \"name\" order K`")?;
        let id = id.channel(self.channels.len() + 1)?;
        if id.index() != self.channels.len() {
            return Err(rest.expected("channels in order"));
        }
        let (name, rest) = rest.quoted()?;
        let rest = rest.after("order ", "`order K`")?;
        let (order, seed) = match rest.split(" seed ", "a seed") {
            Ok((order, seed)) => (order, linear_form(seed, |name| self.variable(name))?),
            Err(_) => (rest, Vec::new()),
        };
        let seed = Seed::from_entries(seed);
        self.channels.push(Channel { name, order: order.number()?, seed });
        Ok(())
    }

    /// `c1*c2 = 1/3*c4 + c5`
    fn product(&mut self, rest: Statement<'_>) -> Result<(), PlanTextError> {
        let (factors, results) = rest.split(" = ", "`cI*cJ = …`")?;
        let (left, right) = factors.split("*", "two channels")?;
        let (left, right) = (left.channel(self.channels.len())?, right.channel(self.channels.len())?);
        for (result, coefficient) in results.channels(self.channels.len())?.iter() {
            self.products.push(Product { left, right, result: *result, coefficient: coefficient.clone() });
        }
        Ok(())
    }

    /// `r0 = 2*c4 reads x^2 + y^2`
    fn readout(&mut self, rest: Statement<'_>) -> Result<(), PlanTextError> {
        let (_, right) = rest.split(" = ", "`rK = … reads …`")?;
        let (functional, symbol) = right.split(" reads ", "`… reads …`")?;
        let functional: Readout = functional.channels(self.channels.len())?;
        let terms = symbol.sum()?.resolve(|name| self.variable(symbol.with(name)))?;
        let monomial = |factors: Vec<(u32, i32)>| {
            let positive = factors
                .into_iter()
                .map(|(variable, exponent)| Some((variable, u32::try_from(exponent).ok()?)));
            let pairs: Option<Vec<_>> = positive.collect();
            pairs.map(MultiIndex::from_pairs).ok_or_else(|| symbol.expected("a polynomial"))
        };
        let terms = terms.into_iter().map(|(weight, factors)| Ok((monomial(factors)?, weight)));
        let symbol = Polynomial::from_terms(terms.collect::<Result<Vec<_>, PlanTextError>>()?);
        self.readouts.push(PlannedReadout { symbol, functional, rounding: None });
        Ok(())
    }

    /// `p0 = r0 of u`
    fn part(&mut self, rest: Statement<'_>) -> Result<(), PlanTextError> {
        let (_, right) = rest.split(" = ", "`pK = rK of FIELD`")?;
        let (readout, field) = right.split(" of ", "`rK of FIELD`")?;
        let readout = readout.numbered("r", self.readouts.len(), "a readout")?;
        let names = self.fields.as_deref();
        let position = match names {
            None => (field.text == "*").then_some(0),
            Some(names) => names.iter().position(|name| name == field.text),
        };
        let field = position.ok_or_else(|| field.expected("a field"))?;
        self.parts.push(PlannedPart { field, readout });
        Ok(())
    }

    fn finish(mut self) -> Result<Plan, PlanTextError> {
        let missing = |statement| PlanTextError::Missing { statement };
        if self.channels.is_empty() {
            return Err(missing("channel c0"));
        }
        let (order, count) = (self.order, self.count);
        let mut variables = Variables::new(self.coordinates.len());
        for (name, direction) in self.directions {
            variables.push(name, direction);
        }
        let parts = PlanParts {
            name: self.name.ok_or(missing("plan"))?,
            coordinates: Coordinates::new(self.coordinates, self.time).with_parameters(self.parameters),
            variables,
            fields: self.fields,
            unknowns: self.unknowns,
            strategy: self.strategy.ok_or(missing("strategy"))?,
            basis: self.basis.ok_or(missing("basis"))?,
            passed_over: self.passed_over,
            algebra: JetAlgebra::new(self.channels.split_off(1), self.products),
            readouts: self.readouts,
            parts: self.parts,
            pointwise: self.pointwise,
            outputs: self.outputs,
        };
        let plan = Plan::proven(parts)?;
        if order != Some(plan.order()) {
            return Err(missing("order, with the order of the readouts"));
        }
        if count != Some(plan.algebra().dimension()) {
            return Err(missing("channels, with their number"));
        }
        Ok(plan)
    }
}

/// Names with their weights.
fn linear_form(
    sum: Statement<'_>,
    look_up: impl Fn(Statement<'_>) -> Result<u32, PlanTextError>,
) -> Result<Vec<(u32, Rational)>, PlanTextError> {
    let terms = sum.sum()?.resolve(|name| look_up(sum.with(name)))?;
    let single = terms.into_iter().map(|(weight, factors)| match factors[..] {
        [(variable, 1)] => Ok((variable, weight)),
        _ => Err(sum.expected("a linear form")),
    });
    single.collect()
}

#[cfg(test)]
mod tests;
