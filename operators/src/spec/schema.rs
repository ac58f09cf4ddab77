//! The JSON Schema of operator files, for editors.

use serde_json::json;

use super::file::OperatorFile;
use crate::document::decode::{Json, schema_of};

/// The JSON Schema of operator files, generated from the types that decode them.
pub fn json_schema() -> Json {
    let mut schema = schema_of::<OperatorFile>("jetc operator");
    schema["description"] = json!("A differential operator for jetc to compile.");
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    /// The committed schema; `BLESS=1` writes it anew.
    #[test]
    fn the_committed_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/operator.schema.json");
        let current = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == current, "{path} is not current; run this test with BLESS=1");
    }

    #[test]
    fn every_reference_of_the_schema_is_defined() {
        let schema = json_schema();
        let text = schema.to_string();
        for reference in text.split("\"#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn the_schema_knows_the_keys_of_every_builtin() {
        let schema = json_schema();
        let file = &schema["$defs"]["OperatorFile"]["properties"];
        for builtin in builtin::ALL {
            for line in builtin.text.lines().filter(|line| !line.starts_with([' ', '#'])) {
                let key = line.split(':').next().unwrap();
                assert!(file[key].is_object(), "{}: {key}", builtin.name);
            }
        }
    }
}
