//! A plan: a certified jet algebra with everything it takes to turn a network into the outputs of an operator.

use jetc_combinatorics::Polynomial;

use crate::algebra::{JetAlgebra, Readout};
use crate::certificate::{CertificateError, certify};
use crate::passes::{Cost, analyse};
use crate::spec::{Coordinates, LinearPart, OperatorSpec, OutputSpec, Pointwise};
use crate::squares::{Preparation, PreparedPart, SquaresError};
use crate::strategy::{MAX_CHANNELS, Strategy, StrategyError, propose};
use crate::topology::Topology;

/// Why an operator has no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The operator is too large for the strategy.
    #[error("{} cannot carry this operator", carrier(*strategy))]
    TooLarge {
        /// The strategy that was asked for; [`Strategy::Auto`] has tried all.
        strategy: Strategy,
        /// The bound that was hit.
        source: StrategyError,
    },
    /// The plan is wrong. This is a defect of jetc, never of the operator; nothing was run.
    #[error("the {strategy} plan failed its own proof, which is a defect of jetc")]
    Unproven {
        /// The strategy.
        strategy: Strategy,
        /// The invariant that failed.
        source: CertificateError,
    },
}

/// Who cannot carry an operator, and who might.
fn carrier(strategy: Strategy) -> String {
    match strategy {
        Strategy::Auto => "no strategy".to_owned(),
        strategy => format!("the {strategy} strategy (of several that `auto` tries)"),
    }
}

/// A tenth, as a fraction: less elementwise work than that is not worth looking for another strategy.
const WORTH_A_LOOK: (u64, u64) = (1, 10);

/// One linear functional of the jet, with the symbol it is proven to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReadout {
    /// P, with P(∂) the operator.
    pub symbol: Polynomial,
    /// ρ, with ρ(f(x + x̂)) = P(∂) f(x).
    pub functional: Readout,
    /// e, where P is what was asked for rounded to short numbers: no second-order coefficient is off by more than 2⁻ᵉ times the
    /// largest of those that share variables. Nothing where P is what was asked for.
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

/// A proven way to compute the outputs of an operator. Immutable; made by [`OperatorSpec::plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    name: String,
    coordinates: Coordinates,
    fields: Option<Vec<String>>,
    strategy: Strategy,
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
    pub(crate) fields: Option<Vec<String>>,
    pub(crate) strategy: Strategy,
    pub(crate) algebra: JetAlgebra,
    pub(crate) readouts: Vec<PlannedReadout>,
    pub(crate) parts: Vec<PlannedPart>,
    pub(crate) pointwise: Vec<Pointwise>,
    pub(crate) outputs: Vec<OutputSpec>,
}

impl OperatorSpec {
    /// Compiles the operator and proves the plan in exact arithmetic.
    ///
    /// [`Strategy::Auto`] takes what is cheapest on a network of usual size; see [`Self::plan_for`].
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] if the operator exceeds a limit of the strategy.
    pub fn plan(&self, strategy: Strategy) -> Result<Plan, PlanError> {
        self.plan_for(strategy, &Topology::usual(self.coordinates.len()))
    }

    /// The same for a given network: [`Strategy::Auto`] compares what each strategy costs there.
    ///
    /// No algebra has fewer channels than the minimal one, so another strategy can only save elementwise work; it is
    /// tried where that could be more than a tenth of the whole, or where the minimal algebra is out of reach.
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] if the operator exceeds a limit of the strategy.
    pub fn plan_for(&self, strategy: Strategy, topology: &Topology) -> Result<Plan, PlanError> {
        let distinct = DistinctParts::new(&self.linear_parts)
            .map_err(|source| PlanError::TooLarge { strategy, source: source.into() })?;
        if strategy != Strategy::Auto {
            return self.plan_with(&distinct, strategy, MAX_CHANNELS);
        }
        let minimal = match self.plan_with(&distinct, Strategy::Minimal, MAX_CHANNELS) {
            Ok(minimal) => minimal,
            Err(PlanError::TooLarge { source, .. }) => return self.larger_plan(&distinct, source),
            Err(defect) => return Err(defect),
        };
        let cost = minimal.cost(topology);
        let elementwise = cost.total() - cost.product_flops;
        if elementwise * WORTH_A_LOOK.1 <= cost.total() * WORTH_A_LOOK.0 {
            return Ok(minimal);
        }
        // Products cost the same for each channel: a plan with more channels than this cannot be cheaper.
        let channels = minimal.algebra().dimension() as u128;
        let most = channels * u128::from(cost.total()) / u128::from(cost.product_flops.max(1));
        let most = u64::try_from(most).unwrap_or(MAX_CHANNELS).min(MAX_CHANNELS);
        match self.plan_with(&distinct, Strategy::Collapsed, most) {
            Ok(collapsed) if collapsed.cost(topology).total() < cost.total() => Ok(collapsed),
            _ => Ok(minimal),
        }
    }

    /// The plan of another strategy, where the minimal one is out of reach for the reason given.
    fn larger_plan(&self, distinct: &DistinctParts, reason: StrategyError) -> Result<Plan, PlanError> {
        let plan = self.plan_with(distinct, Strategy::Collapsed, MAX_CHANNELS);
        // One readout has one sum over its directions: the standard algebra is then larger in every respect.
        let plan = match plan {
            Err(_) if distinct.parts.len() > 1 => self.plan_with(distinct, Strategy::Standard, MAX_CHANNELS),
            plan => plan,
        };
        plan.map_err(|_| PlanError::TooLarge { strategy: Strategy::Auto, source: reason })
    }

    /// The number of channels that each concrete strategy needs, in the order of [`Strategy::CONCRETE`].
    pub fn compare(&self) -> [Result<usize, StrategyError>; 3] {
        let distinct = DistinctParts::new(&self.linear_parts);
        Strategy::CONCRETE.map(|strategy| {
            let parts = &distinct.as_ref().map_err(Clone::clone)?.parts;
            let proposal = propose(strategy, parts, self.coordinates.names(), MAX_CHANNELS)?;
            Ok(proposal.algebra.dimension())
        })
    }

    fn plan_with(&self, distinct: &DistinctParts, strategy: Strategy, most: u64) -> Result<Plan, PlanError> {
        let proposal = propose(strategy, &distinct.parts, self.coordinates.names(), most)
            .map_err(|source| PlanError::TooLarge { strategy, source })?;
        let readouts = distinct.parts.iter().zip(proposal.readouts);
        Plan::proven(PlanParts {
            name: self.name.clone(),
            coordinates: self.coordinates.clone(),
            fields: self.fields.clone(),
            strategy,
            algebra: proposal.algebra,
            readouts: readouts
                .map(|(part, functional)| PlannedReadout {
                    symbol: part.symbol.clone(),
                    functional,
                    rounding: part.rounding,
                })
                .collect(),
            parts: distinct.planned.clone(),
            pointwise: self.pointwise.clone(),
            outputs: self.outputs.clone(),
        })
        .map_err(|source| match source {
            CertificateError::TooMuchWork => PlanError::TooLarge { strategy, source: StrategyError::Proof },
            source => PlanError::Unproven { strategy, source },
        })
    }
}

/// The linear parts with each symbol once: lap(u) and lap(v) are one readout of two fields.
struct DistinctParts {
    parts: Vec<PreparedPart>,
    planned: Vec<PlannedPart>,
}

impl DistinctParts {
    fn new(all: &[LinearPart]) -> Result<Self, SquaresError> {
        let mut distinct = Self { parts: Vec::new(), planned: Vec::new() };
        let mut symbols: Vec<Polynomial> = Vec::new();
        let mut preparation = Preparation::default();
        for part in all {
            let symbol = part.symbol();
            let known = symbols.iter().position(|other| *other == symbol);
            if known.is_none() {
                distinct.parts.push(preparation.prepare(part, &symbol)?);
                symbols.push(symbol);
            }
            let readout = known.unwrap_or(symbols.len() - 1);
            distinct.planned.push(PlannedPart { field: part.field, readout });
        }
        Ok(distinct)
    }
}

impl Plan {
    /// The only way to a plan: every one has passed its proof.
    pub(crate) fn proven(parts: PlanParts) -> Result<Self, CertificateError> {
        certify(&parts.algebra, &parts.readouts)?;
        let PlanParts { name, coordinates, fields, strategy, algebra, readouts, parts, pointwise, outputs } =
            parts;
        Ok(Self { name, coordinates, fields, strategy, algebra, readouts, parts, pointwise, outputs })
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

    /// The coordinates that are parameters of the network, neither space nor time.
    pub fn parameters(&self) -> &[u32] {
        self.coordinates.parameters()
    }

    /// Names of the fields, one for each output of the network; none if the operator applies to each output in turn.
    pub fn fields(&self) -> Option<&[String]> {
        self.fields.as_deref()
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
