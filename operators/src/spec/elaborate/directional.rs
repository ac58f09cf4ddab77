//! Outputs in the notation Σ w · f⁽ᴷ⁾(v₁, …, v_K) over sets of directions.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::One;

use super::direction_sets::{Directions, WeightedDirection};
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::document::decode::{Name, Named, Spanned};
use crate::spec::elaborate::scope::Role;
use crate::spec::file::OutputRecord;
use crate::spec::limits;
use crate::symbolic::Graph;

/// What a factor of the derivative runs along.
#[derive(Clone, Copy)]
enum Along {
    /// The direction of an index of the sum.
    Index(usize),
    /// A coordinate.
    Coordinate(u32),
}

impl Elaborator<'_> {
    /// The value of an output with `sum` and `derivative`.
    pub(super) fn directional(
        &mut self,
        record: &OutputRecord,
        derivative: &Spanned<Vec<Name>>,
        span: Span,
    ) -> Checked<Value> {
        let empty = Named::default();
        let indices = record.sum.as_ref().unwrap_or(&empty);
        self.check_indices(indices)?;
        let sets = self.index_sets(indices);
        let factors = self.factors(indices, derivative);
        let field = self.directional_field(record, span);
        let (sets, factors, field) = (sets?, factors?, field?);
        self.check_summands(record, &sets, indices.span)?;
        let symbol = self.directional_symbol(&sets, &factors, derivative.span)?;
        let node = self.graph.apply(&symbol, field);
        let sum = self.check(node, span)?;
        let Some(weight) = &record.weight else { return Ok(Value::scalar(sum)) };
        let value = self.expression(weight)?;
        let Some(factor) = value.as_scalar() else {
            return Err(self.mismatch(weight.span, format!("a weight is a number, not {}", value.shape), ""));
        };
        let node = self.graph.times(factor, sum);
        self.check(node, span).map(Value::scalar)
    }

    /// Reports indices that are called like something else that can be derived, or derived along.
    fn check_indices(&mut self, indices: &Named<Name>) -> Checked<()> {
        let mut result = Ok(());
        for (index, _) in &indices.entries {
            let Some(role) = self.scope.role(&index.text).filter(|&role| role != Role::Directions) else {
                continue;
            };
            let message =
                format!("the index `{}` of this sum is {} already", index.text, role.with_article());
            let place = self.scope.place(&index.text);
            self.diagnostics.push(
                Diagnostic::new(Code::NameClash, index.span, message)
                    .help("choose another name for the index")
                    .related(place, "here it is declared"),
            );
            result = Err(Reported);
        }
        result
    }

    fn index_sets(&mut self, indices: &Named<Name>) -> Checked<Vec<Directions>> {
        let sets: Vec<Checked<Directions>> =
            indices.entries.iter().map(|(_, set)| self.index_set(set.as_ref().ok_or(Reported)?)).collect();
        sets.into_iter().collect()
    }

    fn index_set(&mut self, set: &Name) -> Checked<Directions> {
        if self.directions.contains_key(&set.text) {
            return self.direction_set_named(&set.text, set.span);
        }
        let help = did_you_mean(&set.text, self.sorted_sets().iter().map(String::as_str));
        let message = format!("there is no set of directions `{}`", set.text);
        self.report(Code::UnknownName, set.span, message).help =
            help.or_else(|| Some("declare it under `directions`".to_owned()));
        Err(Reported)
    }

    /// A copy of the set of directions with this name, which exists.
    pub(super) fn direction_set_named(&mut self, name: &str, span: Span) -> Checked<Directions> {
        let directions = self.directions.get(name).and_then(Option::as_ref).ok_or(Reported)?;
        let charged = self.graph.charge(directions.0.len());
        let directions = directions.clone();
        self.check(charged, span).map(|()| directions)
    }

    fn sorted_sets(&self) -> Vec<String> {
        let mut names: Vec<String> = self.directions.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    fn factors(&mut self, indices: &Named<Name>, derivative: &Spanned<Vec<Name>>) -> Checked<Vec<Along>> {
        if derivative.value.len() > limits::ORDER as usize {
            let message = format!(
                "this derivative has order {}; the limit is {}",
                derivative.value.len(),
                limits::ORDER
            );
            self.report(Code::TooLarge, derivative.span, message);
            return Err(Reported);
        }
        let factors: Vec<Checked<Along>> =
            derivative.value.iter().map(|name| self.factor(indices, name)).collect();
        let mut unused = false;
        for (index, _) in &indices.entries {
            if derivative.value.iter().all(|name| name.text != index.text) {
                let message = format!("the index `{}` of the sum is not used in the derivative", index.text);
                self.report(Code::InvalidValue, index.span, message);
                unused = true;
            }
        }
        if unused { Err(Reported) } else { factors.into_iter().collect() }
    }

    fn factor(&mut self, indices: &Named<Name>, name: &Name) -> Checked<Along> {
        if let Some(index) = indices.entries.iter().position(|entry| entry.0.text == name.text) {
            return Ok(Along::Index(index));
        }
        if let Some(&coordinate) = self.scope.coordinates.get(&name.text) {
            return Ok(Along::Coordinate(coordinate));
        }
        let message = format!("`{}` is neither an index of the sum nor a coordinate", name.text);
        let help = did_you_mean(&name.text, indices.entries.iter().map(|entry| entry.0.text.as_str()));
        self.report(Code::UnknownName, name.span, message).help = help;
        Err(Reported)
    }

    /// The field that is derived: the one named, or the only one.
    fn directional_field(&mut self, record: &OutputRecord, span: Span) -> Checked<crate::symbolic::NodeId> {
        let fields: Vec<String> = self.names_of(Role::Field);
        let (name, place) = match &record.field {
            Some(field) => (field.text.clone(), field.span),
            None if fields.len() == 1 => (fields[0].clone(), span),
            None => {
                let message = "there are several fields; say which one is derived";
                let example = fields.first().map_or("u", String::as_str);
                self.report(Code::MissingKey, span, message).help = Some(format!("add `field: {example}`"));
                return Err(Reported);
            }
        };
        if !fields.contains(&name) {
            let help = did_you_mean(&name, fields.iter().map(String::as_str));
            self.report(Code::UnknownName, place, format!("`{name}` is not a field")).help = help;
            return Err(Reported);
        }
        self.name(&name, place)?.as_scalar().ok_or(Reported)
    }

    fn check_summands(&mut self, record: &OutputRecord, sets: &[Directions], span: Span) -> Checked<()> {
        let count = sets.iter().fold(1u64, |count, set| count.saturating_mul(set.0.len() as u64));
        if count > limits::TERMS {
            let message = format!("the sum has {count} summands; the limit is {}", limits::TERMS);
            self.report(Code::TooLarge, span, message);
            return Err(Reported);
        }
        if let Some(stated) = record.summands.as_ref().filter(|stated| stated.value != count) {
            let message = format!("R is {}, but the sum has {count} summands", stated.value);
            self.report(Code::StatedCountDiffers, stated.span, message);
            return Err(Reported);
        }
        Ok(())
    }

    /// Σ ∏ weight ∏ (v·ξ), with directions as variables.
    fn directional_symbol(
        &mut self,
        sets: &[Directions],
        factors: &[Along],
        span: Span,
    ) -> Checked<Polynomial> {
        let mut symbol = Polynomial::zero();
        let mut position = vec![0usize; sets.len()];
        if sets.iter().any(|set| set.0.is_empty()) {
            return Ok(symbol);
        }
        loop {
            let chosen: Vec<&WeightedDirection> =
                sets.iter().zip(&position).map(|(set, &at)| &set.0[at]).collect();
            if let Some((monomial, weight)) = summand(&chosen, factors) {
                let checked =
                    Graph::check_number(&weight).and_then(|()| self.graph.charge(1 + factors.len()));
                self.check(checked, span)?;
                symbol.add_term(monomial, weight);
            }
            let Some(next) = position.iter().zip(sets).rposition(|(&at, set)| at + 1 < set.0.len()) else {
                return Ok(symbol);
            };
            position[next] += 1;
            position[next + 1..].fill(0);
        }
    }
}

/// One summand: `None` if a direction is zero.
fn summand(chosen: &[&WeightedDirection], factors: &[Along]) -> Option<(MultiIndex, Rational)> {
    let mut weight = chosen.iter().fold(Rational::one(), |product, direction| product * &direction.weight);
    let mut variables = Vec::with_capacity(factors.len());
    for factor in factors {
        match *factor {
            Along::Coordinate(coordinate) => variables.push((coordinate, 1)),
            Along::Index(index) => {
                let (variable, scale) = chosen[index].direction.as_ref()?;
                if !scale.is_one() {
                    weight *= scale;
                }
                variables.push((*variable, 1));
            }
        }
    }
    Some((MultiIndex::from_pairs(variables), weight))
}
