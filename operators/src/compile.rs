//! From an operator to a proven plan: which strategy, in which variables.
//!
//! A strategy proposes an algebra for each way to write the symbols ([`Basis`]). All of them are proven; what is taken is
//!
//! 1. among those whose rounding the type can bear ([`Precision::bearable`]), or that are no worse than four times the best,
//! 2. the one with the fewest channels,
//! 3. and of several, one that relies on no cancellation, in the variables of the file, unless another saves more than a
//!    tenth of the cost.
//!
//! What was passed over is kept in the plan, and printed.

use hashbrown::HashMap;
use jetc_combinatorics::{MultiIndex, Polynomial};

use crate::certificate::CertificateError;
use crate::frame::Frame;
use crate::plan::{PassedOver, Plan, PlanParts, PlannedPart, PlannedReadout};
use crate::spec::{LinearPart, OperatorSpec};
use crate::strategy::{Basis, MAX_CHANNELS, Proposal, Strategy, StrategyError, propose};
use crate::topology::Topology;

/// Why an operator has no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The operator is too large for the strategy.
    #[error("{} carry this operator", carrier(*strategy))]
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
        Strategy::Auto => "no strategy can".to_owned(),
        strategy => format!("the {strategy} strategy (of several that `auto` tries) cannot"),
    }
}

/// The arithmetic that a plan is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// IEEE doubles.
    #[default]
    Double,
    /// IEEE single precision.
    Single,
}

impl Precision {
    /// Growth that costs no digit that anybody would miss: the last 20 bits of doubles, the last 6 of single precision.
    pub fn bearable(self) -> f64 {
        match self {
            Self::Double => 1_048_576.0,
            Self::Single => 64.0,
        }
    }

    /// The unit roundoff.
    pub fn roundoff(self) -> f64 {
        match self {
            Self::Double => f64::EPSILON / 2.0,
            Self::Single => f64::from(f32::EPSILON) / 2.0,
        }
    }

    /// How many decimal digits of a result are left where rounding grows by this factor; negative where none are.
    pub fn digits_left(self, growth: f64) -> f64 {
        -(growth * self.roundoff()).log10()
    }
}

impl std::fmt::Display for Precision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Double => "f64",
            Self::Single => "f32",
        })
    }
}

/// A tenth, as a fraction: less work than that is not worth another way.
const WORTH_A_LOOK: (u64, u64) = (1, 10);

/// Growth up to this many times the least counts as the least.
const NO_WORSE: f64 = 4.0;

impl OperatorSpec {
    /// Compiles the operator and proves the plan in exact arithmetic.
    ///
    /// [`Strategy::Auto`] takes what is cheapest in doubles on a network of usual size; see [`Self::plan_for`].
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] if the operator exceeds a limit of the strategy.
    pub fn plan(&self, strategy: Strategy) -> Result<Plan, PlanError> {
        self.plan_for(strategy, &Topology::usual(self.coordinates.len()), Precision::Double)
    }

    /// The same for a given network and arithmetic: [`Strategy::Auto`] compares what each strategy costs there.
    ///
    /// No algebra has fewer channels than the minimal one, so another strategy can only save elementwise work or rounding; it
    /// is tried where that could be more than a tenth of the whole, where the minimal algebra is out of reach, and where its
    /// rounding is more than the arithmetic bears.
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] if the operator exceeds a limit of the strategy.
    pub fn plan_for(
        &self,
        strategy: Strategy,
        topology: &Topology,
        precision: Precision,
    ) -> Result<Plan, PlanError> {
        let compiler = Compiler { spec: self, symbols: DistinctSymbols::new(self), topology, precision };
        compiler.plan(strategy)
    }
}

struct Compiler<'a> {
    spec: &'a OperatorSpec,
    symbols: DistinctSymbols,
    topology: &'a Topology,
    precision: Precision,
}

impl Compiler<'_> {
    fn plan(&self, strategy: Strategy) -> Result<Plan, PlanError> {
        if strategy != Strategy::Auto {
            return self.plan_with(strategy, MAX_CHANNELS);
        }
        let minimal = match self.plan_with(Strategy::Minimal, MAX_CHANNELS) {
            Ok(minimal) => minimal,
            Err(PlanError::TooLarge { source, .. }) => return self.larger_plan(source),
            Err(defect) => return Err(defect),
        };
        let is_bearable = minimal.growth().factor <= self.precision.bearable();
        let cost = minimal.cost(self.topology);
        let elementwise = cost.total() - cost.product_flops;
        if is_bearable && elementwise * WORTH_A_LOOK.1 <= cost.total() * WORTH_A_LOOK.0 {
            return Ok(minimal);
        }
        // Products cost the same for each channel: a plan with more channels than this cannot be cheaper.
        let channels = minimal.algebra().dimension() as u128;
        let most = channels * u128::from(cost.total()) / u128::from(cost.product_flops.max(1));
        let most = u64::try_from(most).unwrap_or(MAX_CHANNELS).min(MAX_CHANNELS);
        match self.plan_with(Strategy::Collapsed, if is_bearable { most } else { MAX_CHANNELS }) {
            Ok(collapsed) if self.is_better(&collapsed, &minimal) => Ok(collapsed),
            _ => Ok(minimal),
        }
    }

    /// Whether another strategy serves better: it spares digits that are missed, or work without costing any.
    fn is_better(&self, other: &Plan, plan: &Plan) -> bool {
        let (mine, theirs) = (plan.growth().factor, other.growth().factor);
        if mine > self.precision.bearable() && theirs * NO_WORSE < mine {
            return true;
        }
        let is_no_worse = theirs <= self.precision.bearable() || theirs <= mine * NO_WORSE;
        is_no_worse && other.cost(self.topology).total() < plan.cost(self.topology).total()
    }

    /// The plan of another strategy, where the minimal one is out of reach for the reason given.
    fn larger_plan(&self, reason: StrategyError) -> Result<Plan, PlanError> {
        let plan = self.plan_with(Strategy::Collapsed, MAX_CHANNELS);
        // One readout has one sum over its directions: the standard algebra is then larger in every respect.
        let plan = match plan {
            Err(_) if self.symbols.frame.parts.len() > 1 => self.plan_with(Strategy::Standard, MAX_CHANNELS),
            plan => plan,
        };
        plan.map_err(|_| PlanError::TooLarge { strategy: Strategy::Auto, source: reason })
    }

    /// The best plan of one strategy, with at most so many channels.
    fn plan_with(&self, strategy: Strategy, most: u64) -> Result<Plan, PlanError> {
        let proposals = propose(strategy, &self.symbols.frame, self.spec.coordinates.names(), most);
        let mut reason = StrategyError::Proof;
        let mut plans: Vec<Plan> = Vec::new();
        for proposal in proposals {
            match proposal.map(|proposal| self.proven(strategy, proposal)) {
                Ok(Ok(plan)) => plans.push(plan),
                Ok(Err(CertificateError::TooMuchWork)) => {}
                Ok(Err(source)) => return Err(PlanError::Unproven { strategy, source }),
                Err(source) => reason = source,
            }
        }
        let Some(best) = self.best(&plans) else {
            return Err(PlanError::TooLarge { strategy, source: reason });
        };
        let mut plan = plans.swap_remove(best);
        plan.set_passed_over(
            plans.iter().map(PassedOver::of).filter(|other| other.basis != plan.basis()).collect(),
        );
        Ok(plan)
    }

    /// The position of the plan to take.
    fn best(&self, plans: &[Plan]) -> Option<usize> {
        let least = plans.iter().map(|plan| plan.growth().factor).fold(f64::INFINITY, f64::min);
        let bearable = self.precision.bearable().max(least * NO_WORSE);
        let bears = |plan: &Plan| plan.growth().factor <= bearable || !least.is_finite();
        let fewest = plans.iter().filter(|plan| bears(plan)).map(|plan| plan.algebra().dimension()).min()?;
        let candidates: Vec<usize> = (0..plans.len())
            .filter(|&at| bears(&plans[at]) && plans[at].algebra().dimension() == fewest)
            .collect();
        let costs: Vec<u64> = match candidates[..] {
            [only] => return Some(only),
            _ => candidates.iter().map(|&at| plans[at].cost(self.topology).total()).collect(),
        };
        let cheapest = costs.iter().copied().min()?;
        let is_cheap = |cost: u64| cost * (WORTH_A_LOOK.1 - WORTH_A_LOOK.0) <= cheapest * WORTH_A_LOOK.1;
        let cheap = candidates.into_iter().zip(costs).filter(|&(_, cost)| is_cheap(cost)).map(|(at, _)| at);
        cheap.min_by_key(|&at| (plans[at].growth().cancels, plans[at].basis() != Basis::Named))
    }

    fn proven(&self, strategy: Strategy, proposal: Proposal) -> Result<Plan, CertificateError> {
        let readouts = proposal.symbols.into_iter().zip(proposal.readouts);
        Plan::proven(PlanParts {
            name: self.spec.name.clone(),
            coordinates: self.spec.coordinates.clone(),
            variables: self.symbols.frame.variables.clone(),
            fields: self.spec.fields.clone(),
            unknowns: self.spec.unknowns.clone(),
            strategy,
            basis: proposal.basis,
            passed_over: Vec::new(),
            algebra: proposal.algebra,
            readouts: readouts
                .map(|((symbol, rounding), functional)| PlannedReadout { symbol, functional, rounding })
                .collect(),
            parts: self.symbols.planned.clone(),
            pointwise: self.spec.pointwise.clone(),
            outputs: self.spec.outputs.clone(),
        })
        .map(Plan::without_idle_variables)
    }
}

/// The symbols of the linear parts, each once: lap(u) and lap(v) are one readout of two fields.
struct DistinctSymbols {
    frame: Frame,
    planned: Vec<PlannedPart>,
}

impl DistinctSymbols {
    fn new(spec: &OperatorSpec) -> Self {
        let mut symbols: Vec<Polynomial> = Vec::new();
        let mut planned = Vec::new();
        // Few symbols share their length and first monomial, and comparing two that differ ends at once.
        let mut alike: HashMap<(usize, Option<MultiIndex>), Vec<usize>> = HashMap::new();
        for LinearPart { field, symbol } in &spec.linear_parts {
            let key = (symbol.terms().len(), symbol.terms().next().map(|(monomial, _)| monomial.clone()));
            let known = alike.entry(key).or_default();
            let found = known.iter().copied().find(|&at| symbols[at] == *symbol);
            let readout = found.unwrap_or_else(|| {
                known.push(symbols.len());
                symbols.push(symbol.clone());
                symbols.len() - 1
            });
            planned.push(PlannedPart { field: *field, readout });
        }
        Self { frame: Frame::new(&spec.variables, &symbols), planned }
    }
}
