//! The Python module `jetc._jetc`: operators, networks and evaluators, over numpy arrays.
//!
//! | item | file |
//! |---|---|
//! | exceptions with the source underlined | `errors.rs` |
//! | pools of threads that survive a fork | `threads.rs` |
//! | work without the interpreter's lock, ended by Ctrl-C | `work.rs` |
//! | arrays in and out, in row-major order, without copies | `arrays.rs` |
//! | `Operator`, `Plan`, `Network` | `operator.rs`, `plan.rs`, `network.rs` |
//! | `Evaluator`: values | `evaluator/mod.rs` |
//! | its derivatives | `evaluator/derivatives.rs` |
//! | what it compiles for each type of numbers | `evaluator/compiled.rs` |
//! | problem files, solved | `solve.rs` |
//! | functions that compiled JAX calls | `xla` |
//!
//! *Architecture invariant:* this crate converts and guards; every number comes from the runtime. What dispatches on Python
//! types (dicts, paths, formulas) is Python, in the folder `jetc`.

mod errors;
mod threads;
mod work;
mod arrays;
mod operator;
mod plan;
mod network;
mod evaluator;
mod solve;
mod xla;

use pyo3::prelude::*;

/// The compiled part of the package `jetc`.
#[pymodule]
mod _jetc {
    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_export]
    use crate::errors::Diagnostic;
    #[pymodule_export]
    use crate::evaluator::Evaluator;
    #[pymodule_export]
    use crate::network::Network;
    #[pymodule_export]
    use crate::operator::{Operator, builtins, suggest};
    #[pymodule_export]
    use crate::plan::Plan;
    #[pymodule_export]
    use crate::solve::{duration, solve};
    #[pymodule_export]
    use crate::xla::xla_targets;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::errors::register(module)
    }
}
