//! Why a problem cannot be solved.

use jetc_operators::PlanError;
use jetc_operators::diagnostic::SpecError;
use jetc_runtime::files::FileError;
use jetc_runtime::{EvaluationError, GradientError, ModelError};

use crate::sampling::SamplingError;

/// Why a problem cannot be solved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemError {
    /// Mistakes in the file.
    #[error(transparent)]
    Mistakes(#[from] SpecError),
    /// The network cannot be read.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// An operator has no plan.
    #[error("`{term}`: {reason}")]
    Plan {
        /// The term.
        term: String,
        /// Why not.
        reason: PlanError,
    },
    /// An operator does not fit the network.
    #[error("`{term}`: {reason}")]
    Gradient {
        /// The term.
        term: String,
        /// Why not.
        reason: GradientError,
    },
    /// The solution cannot be compared with.
    #[error("the solution: {0}")]
    Solution(#[from] EvaluationError),
    /// There are no such points.
    #[error("`{term}`: {reason}")]
    Sampling {
        /// The term.
        term: String,
        /// Why not.
        reason: SamplingError,
    },
    /// A method that holds more than it may.
    #[error(
        "`{method}` needs {needed}, and `memory` allows {memory}; allow more, ask for fewer points, or take `method: auto`, which chooses by it"
    )]
    Memory {
        /// The method.
        method: &'static str,
        /// What it needs.
        needed: String,
        /// What it may have.
        memory: String,
    },
    /// The network has nothing to train.
    #[error("the network has no parameters to train")]
    NothingToTrain,
    /// There is nothing to go on with.
    #[error(
        "{path}: there is no such checkpoint; name the folder of the run with -o, or train without --resume"
    )]
    NoCheckpoint {
        /// The file.
        path: String,
    },
    /// A checkpoint that is of another problem, or damaged.
    #[error("{path}: {reason}; remove it, or train without --resume")]
    Checkpoint {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The system refused.
    #[error("cannot write {path}: {reason}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
}
