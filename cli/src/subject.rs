//! An operator on a network at points: what is computed with, read and checked.

use std::path::PathBuf;

use jetc_operators::Plan;
use jetc_runtime::Network;
use jetc_runtime::files::PointReader;

use crate::arguments::SubjectArguments;
use crate::names::Notes;
use crate::{operator, threads, unknowns, warnings};

/// An operator with its plan for a network, and points.
pub(crate) struct Subject {
    /// Inputs and outputs in the order of the operator's coordinates and fields.
    pub(crate) network: Network<f64>,
    pub(crate) plan: Plan,
    /// The values of the plan's unknowns.
    pub(crate) unknowns: Vec<f64>,
    pub(crate) points: PointReader,
    pub(crate) pool: rayon::ThreadPool,
    pub(crate) notes: Notes,
}

impl Subject {
    /// `check` sees the files of matrices that the operator was read with: none of them may be replaced.
    pub(crate) fn open(
        arguments: &SubjectArguments,
        check: impl FnOnce(&[PathBuf]) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let network = Network::open(&arguments.model, arguments.activation)?;
        let (spec, matrices) =
            operator::load(&arguments.operator, &arguments.choices, Some(network.inputs()))?;
        check(&matrices)?;
        let mut notes = Notes::default();
        let network = notes.arrange(&network, &spec)?;
        let precision = arguments.dtype.precision();
        let plan = spec.plan_for(arguments.strategy.name.into(), &network.topology(), precision)?;
        let unknowns = unknowns::values(&plan, &arguments.unknowns)?;
        let points = PointReader::open_for(&arguments.points, plan.coordinates())?;
        notes.points(&points);
        notes.warnings.extend(warnings::few_digits(&plan, precision));
        let pool = threads::pool(arguments.threads)?;
        Ok(Self { network, plan, unknowns, points, pool, notes })
    }
}
