//! A plan: a certified jet algebra with everything it takes to turn a network into the outputs of an operator.

use std::collections::{BTreeMap, BTreeSet};

use jetc_combinatorics::{MultiIndex, Polynomial};

use crate::algebra::{Channel, ChannelId, JetAlgebra, Readout, Seed};
use crate::certificate::{CertificateError, certify};
use crate::growth::Growth;
use crate::passes::{Cost, analyse};
use crate::spec::{Coordinates, Direction, OutputSpec, Pointwise, Variables};
use crate::strategy::{Basis, Strategy};
use crate::topology::Topology;

/// One linear functional of the jet, with the symbol it is proven to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReadout {
    /// Q in the variables of the plan, with P(ξ) = Q(Vξ) the symbol of the operator.
    pub symbol: Polynomial,
    /// ρ, with ρ(f(x + x̂)) = P(∂) f(x).
    pub functional: Readout,
    /// e, where P is what was asked for rounded to short numbers: no coefficient is off by more than 2⁻ᵉ times the largest of
    /// those that share coordinates. Nothing where P is what was asked for.
    pub rounding: Option<u32>,
}

/// Where a linear part of the operator comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedPart {
    /// Which network output.
    pub field: usize,
    /// Which readout, by position.
    pub readout: usize,
}

/// A basis that a plan could have been written in, and what it would have taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PassedOver {
    /// The basis.
    pub basis: Basis,
    /// Its channels.
    pub channels: usize,
    /// κ of [`Growth`].
    pub growth: f64,
}

impl PassedOver {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self { basis: plan.basis, channels: plan.algebra.dimension(), growth: plan.growth.factor }
    }
}

/// A proven way to compute the outputs of an operator. Immutable; made by
/// [`OperatorSpec::plan`](crate::OperatorSpec::plan).
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    name: String,
    coordinates: Coordinates,
    variables: Variables,
    fields: Option<Vec<String>>,
    unknowns: Vec<String>,
    strategy: Strategy,
    basis: Basis,
    passed_over: Vec<PassedOver>,
    growth: Growth,
    algebra: JetAlgebra,
    readouts: Vec<PlannedReadout>,
    parts: Vec<PlannedPart>,
    pointwise: Vec<Pointwise>,
    outputs: Vec<OutputSpec>,
}

/// Everything a plan is made of, before its proof.
#[derive(Debug)]
pub(crate) struct PlanParts {
    pub(crate) name: String,
    pub(crate) coordinates: Coordinates,
    pub(crate) variables: Variables,
    pub(crate) fields: Option<Vec<String>>,
    pub(crate) unknowns: Vec<String>,
    pub(crate) strategy: Strategy,
    pub(crate) basis: Basis,
    pub(crate) passed_over: Vec<PassedOver>,
    pub(crate) algebra: JetAlgebra,
    pub(crate) readouts: Vec<PlannedReadout>,
    pub(crate) parts: Vec<PlannedPart>,
    pub(crate) pointwise: Vec<Pointwise>,
    pub(crate) outputs: Vec<OutputSpec>,
}

impl Plan {
    /// The only way to a plan: every one has passed its proof.
    pub(crate) fn proven(parts: PlanParts) -> Result<Self, CertificateError> {
        certify(&parts.algebra, &parts.readouts)?;
        let growth = Growth::of(&parts.algebra, &parts.readouts);
        let growth = match parts.basis {
            Basis::Squares => growth.with_squares(&parts.variables, &parts.readouts),
            Basis::Named | Basis::Coordinates => growth,
        };
        let PlanParts {
            name,
            coordinates,
            variables,
            fields,
            unknowns,
            strategy,
            basis,
            passed_over,
            algebra,
            readouts,
            parts,
            pointwise,
            outputs,
        } = parts;
        Ok(Self {
            name,
            coordinates,
            variables,
            fields,
            unknowns,
            strategy,
            basis,
            passed_over,
            growth,
            algebra,
            readouts,
            parts,
            pointwise,
            outputs,
        })
    }

    /// The same plan without the directions that nothing goes along.
    pub(crate) fn without_idle_variables(mut self) -> Self {
        let of_seeds = self.algebra.channels().flat_map(|(_, channel)| channel.seed.iter().map(|(&v, _)| v));
        let of_symbols = self.readouts.iter().flat_map(|readout| readout.symbol.terms());
        let of_symbols =
            of_symbols.flat_map(|(monomial, _)| monomial.pairs().map(|(v, _)| v).collect::<Vec<_>>());
        let first = self.variables.coordinates();
        let used: BTreeSet<u32> = of_seeds.chain(of_symbols).filter(|&variable| variable >= first).collect();
        if used.len() == self.variables.directions().len() {
            return self;
        }
        let mut variables = Variables::new(first as usize);
        let mut renamed: BTreeMap<u32, u32> = BTreeMap::new();
        for old in used {
            let named = self.variables.named(old).expect("a direction behind the coordinates").clone();
            renamed.insert(old, variables.push(named.name, named.direction));
        }
        let rename = |variable: u32| renamed.get(&variable).copied().unwrap_or(variable);
        let seed =
            |seed: &Seed| Seed::from_entries(seed.iter().map(|(&v, weight)| (rename(v), weight.clone())));
        let channels = self.algebra.channels().skip(1);
        let channels: Vec<Channel> =
            channels.map(|(_, channel)| Channel { seed: seed(&channel.seed), ..channel.clone() }).collect();
        self.algebra = JetAlgebra::new(channels, self.algebra.products().to_vec());
        for readout in &mut self.readouts {
            let terms = readout.symbol.terms().map(|(monomial, weight)| {
                (MultiIndex::from_pairs(monomial.pairs().map(|(v, e)| (rename(v), e))), weight.clone())
            });
            readout.symbol = Polynomial::from_terms(terms.collect::<Vec<_>>());
        }
        self.variables = variables;
        self
    }

    pub(crate) fn set_passed_over(&mut self, passed_over: Vec<PassedOver>) {
        self.passed_over = passed_over;
    }

    /// What the plan costs for one point on a network.
    pub fn cost(&self, topology: &Topology) -> Cost {
        Cost::new(self, topology, &analyse(self, topology))
    }

    /// The operator's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Names of the coordinates, one for each input of the network.
    pub fn coordinates(&self) -> &[String] {
        self.coordinates.names()
    }

    /// The coordinates of space.
    pub fn space(&self) -> &[u32] {
        self.coordinates.space()
    }

    /// The coordinate of time, if there is one.
    pub fn time(&self) -> Option<u32> {
        self.coordinates.time()
    }

    /// What the symbols and seeds are written in: the coordinates, and directions with their vectors.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// The name of a variable.
    pub fn variable_name(&self, variable: u32) -> &str {
        match self.variables.named(variable) {
            None => &self.coordinates.names()[variable as usize],
            Some(named) => &named.name,
        }
    }

    /// Vᵀs: how the point moves with one channel. Nothing where part of that is for the caller to say, who evaluates
    /// an operator in other coordinates than the network has.
    pub fn seed_vector(&self, channel: ChannelId) -> Option<Direction> {
        let seed = &self.algebra.channel(channel).seed;
        let terms =
            seed.iter().map(|(&variable, weight)| Some((weight, self.variables.direction(variable)?)));
        let terms: Vec<_> = terms.collect::<Option<_>>()?;
        Some(Direction::combination(terms.iter().map(|(weight, direction)| (*weight, direction))))
    }

    /// The variables that the plan is written in.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// What else it could have been written in.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// How much the plan magnifies rounding.
    pub fn growth(&self) -> Growth {
        self.growth
    }

    /// The coordinates that are parameters of the network, neither space nor time.
    pub fn parameters(&self) -> &[u32] {
        self.coordinates.parameters()
    }

    /// Names of the fields, one for each output of the network; none if the operator applies to each output in turn.
    pub fn fields(&self) -> Option<&[String]> {
        self.fields.as_deref()
    }

    /// Names of the numbers that get their values at evaluation, by [`UnknownId`](crate::spec::UnknownId); mostly none.
    pub fn unknowns(&self) -> &[String] {
        &self.unknowns
    }

    /// The strategy that the algebra comes from, never [`Strategy::Auto`].
    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    /// K, the highest order of differentiation.
    pub fn order(&self) -> u32 {
        self.readouts.iter().map(|readout| readout.symbol.degree()).max().unwrap_or(0)
    }

    /// The jet algebra.
    pub fn algebra(&self) -> &JetAlgebra {
        &self.algebra
    }

    /// The linear functionals, each symbol once.
    pub fn readouts(&self) -> &[PlannedReadout] {
        &self.readouts
    }

    /// The linear parts of the formulas, by [`LinearPartId`](crate::spec::LinearPartId).
    pub fn parts(&self) -> &[PlannedPart] {
        &self.parts
    }

    /// The nodes of all formulas; every node comes after the nodes it uses.
    pub fn pointwise(&self) -> &[Pointwise] {
        &self.pointwise
    }

    /// The outputs, in the order of the file.
    pub fn outputs(&self) -> &[OutputSpec] {
        &self.outputs
    }
}
