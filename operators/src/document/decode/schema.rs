//! JSON Schemas of the types that files hold.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Decode, Field};

/// A JSON value.
pub use serde_json::Value as Json;

/// The definitions that a schema refers to, by name.
#[derive(Debug, Default)]
pub struct Schemas {
    definitions: BTreeMap<String, Json>,
}

impl Schemas {
    /// A reference to the definition `name`, which is built unless it is there already.
    pub fn define(&mut self, name: &str, build: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name.to_owned(), Json::Null);
            let definition = build(self);
            self.definitions.insert(name.to_owned(), definition);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// The complete schema of documents that hold a `T`.
pub fn schema_of<T: Decode>(title: &str) -> Json {
    let mut schemas = Schemas::default();
    let mut schema = T::schema(&mut schemas);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(title);
    schema["$defs"] = json!(schemas.definitions);
    schema
}

/// The schema of a mapping with these keys.
pub fn record_schema(schemas: &mut Schemas, name: &str, description: &str, fields: &[Field]) -> Json {
    schemas.define(name, |schemas| {
        let mut properties = serde_json::Map::new();
        for field in fields {
            let mut schema = (field.schema)(schemas);
            schema["description"] = json!(field.description.trim());
            properties.insert(field.key.to_owned(), schema);
        }
        let required: Vec<&str> =
            fields.iter().filter(|field| (field.is_required)()).map(|field| field.key).collect();
        json!({
            "description": description.trim(),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    })
}

/// The schema of one of several words.
pub fn keywords_schema(description: &str, words: &[&str]) -> Json {
    json!({ "description": description.trim(), "enum": words })
}

/// A title like "A thing." inside a sentence: "a thing".
pub fn in_sentence(title: &str) -> String {
    let title = title.trim().trim_end_matches('.');
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
