//! The end of a run for programs.

use serde_json::{Map, Value, json};

use crate::problem::Problem;
use crate::run::{Run, Stopped};

/// `loss`, `terms`, `relative_l2` and `maximum_error` by field, `steps`, `seconds`, `method`, `unknowns`, `spent_points` (the step
/// from which points were drawn anew, or null), `stopped`.
pub fn summary(problem: &Problem, run: &Run, stopped: Option<Stopped>) -> Value {
    let progress = run.progress();
    let by_field = |number: &dyn Fn(&crate::run::FieldError) -> f64| -> Map<String, Value> {
        progress.errors.iter().map(|error| (error.field.clone(), json!(number(error)))).collect()
    };
    let terms: Map<String, Value> = problem
        .terms
        .iter()
        .zip(&progress.terms)
        .zip(&run.system().terms)
        .map(|((spec, loss), term)| {
            let value = json!({ "loss": loss, "weight": term.weight, "points": term.count() });
            (spec.name.clone(), value)
        })
        .collect();
    let unknowns: Map<String, Value> = problem
        .unknowns
        .iter()
        .zip(&progress.unknowns)
        .map(|(unknown, value)| (unknown.name.clone(), json!(value)))
        .collect();
    let mut summary = json!({
        "name": problem.name,
        "loss": progress.loss,
        "terms": terms,
        "steps": progress.step,
        "seconds": progress.seconds,
        "method": run.phases().iter().map(|phase| crate::run::name(phase.method)).collect::<Vec<_>>().join(", "),
        "parameters": run.choice().parameters,
        "residuals": run.choice().residuals,
        "unknowns": unknowns,
        "spent_points": run.spent_points(),
        "stopped": stopped.map_or("not yet", Stopped::reason),
    });
    if problem.solution.is_some() {
        summary["relative_l2"] = Value::Object(by_field(&|error| error.relative_l2));
        summary["maximum_error"] = Value::Object(by_field(&|error| error.maximum));
    }
    summary
}
