//! The JSON Schema of problem files, for editors.

use jetc_operators::document::decode::{Json, schema_of};
use serde_json::json;

use super::file::ProblemFile;

/// The keys that operator files have as well; their schemas are those of operator files.
const SHARED: [&str; 7] =
    ["coordinates", "fields", "vectors", "parameters", "coefficients", "matrices", "directions"];

/// The JSON Schema of problem files, generated from the types that decode them.
pub fn json_schema() -> Json {
    let mut schema = schema_of::<ProblemFile>("jetc problem");
    schema["description"] = json!("A differential equation for jetc to solve.");
    let operators = jetc_operators::spec::json_schema();
    for (name, definition) in operators["$defs"].as_object().into_iter().flatten() {
        if schema["$defs"][name].is_null() {
            schema["$defs"][name] = definition.clone();
        }
    }
    let properties = operators["$defs"]["OperatorFile"]["properties"].clone();
    for key in SHARED {
        schema["$defs"]["ProblemFile"]["properties"][key] = properties[key].clone();
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed schema; `BLESS=1` writes it anew.
    #[test]
    fn the_committed_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/problem.schema.json");
        let current = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == current, "{path} is not current; run this test with BLESS=1");
    }

    #[test]
    fn declarations_are_those_of_operator_files() {
        let schema = json_schema();
        for key in SHARED {
            assert!(!schema["$defs"]["ProblemFile"]["properties"][key].is_null(), "{key}");
        }
        assert!(schema["$defs"]["OperatorFile"]["properties"]["coordinates"].is_object());
    }
}
