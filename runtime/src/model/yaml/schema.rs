//! The JSON Schema of model files, for editors.

use jetc_operators::document::decode::{Json, schema_of};
use serde_json::json;

use super::file::ModelFile;

/// The JSON Schema of model files, generated from the types that decode them.
pub fn json_schema() -> Json {
    let mut schema = schema_of::<ModelFile>("jetc model");
    schema["description"] = json!("A neural network for jetc, from the tensors of a state dict.");
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed schema; `BLESS=1` writes it anew.
    #[test]
    fn the_committed_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/model.schema.json");
        let current = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == current, "{path} is not current; run this test with BLESS=1");
    }
}
