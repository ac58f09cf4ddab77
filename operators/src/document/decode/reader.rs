//! Collecting mistakes while decoding.

use hashbrown::HashSet;

use super::{Decode, Field};
use crate::diagnostic::{Code, Diagnostic, MOST_MISTAKES, Span, did_you_mean};
use crate::document::Node;

/// The text being decoded and the mistakes found so far.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The text of the document.
    pub source: &'a str,
    /// The mistakes found so far.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// A reader of this text.
    pub fn new(source: &'a str) -> Self {
        Self { source, diagnostics: Vec::new() }
    }

    /// Reports a mistake, and returns it so that label and help can be added.
    pub fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, span, message));
        self.diagnostics.last_mut().expect("a diagnostic was just pushed")
    }

    /// Whether so many mistakes are known that it is time to stop.
    pub fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_MISTAKES
    }

    /// The entries of a mapping whose keys are `fields`; `what` names such a mapping.
    pub fn entries<'n>(&mut self, node: &'n Node, what: &str, fields: &[Field]) -> Option<Entries<'n>> {
        let Some(pairs) = node.mapping() else {
            self.wrong_kind(node, what);
            return None;
        };
        let known: HashSet<&str> = fields.iter().map(|field| field.key).collect();
        for (key, _) in pairs {
            let name = key.text().unwrap_or_default();
            if !known.contains(name) && !self.is_full() {
                let keys = || fields.iter().map(|field| field.key);
                let list = || {
                    let quoted: Vec<String> = keys().map(|key| format!("`{key}`")).collect();
                    format!("the keys are {}", quoted.join(", "))
                };
                let help = did_you_mean(name, keys()).unwrap_or_else(list);
                self.report(Code::UnknownKey, key.span, format!("`{name}` is not a key of {what}")).help =
                    Some(help);
            }
        }
        Some(Entries { node, what: what.to_owned() })
    }
}

/// The entries of a mapping with known keys.
#[derive(Debug)]
pub struct Entries<'n> {
    node: &'n Node,
    what: String,
}

impl Entries<'_> {
    /// Decodes the value of `key`; a key that is needed and not there is reported.
    pub fn take<T: Decode>(&self, key: &str, reader: &mut Reader<'_>) -> Option<T> {
        if let Some(value) = self.node.get(key) {
            return T::decode(value, reader);
        }
        let absent = T::absent();
        if absent.is_none() {
            let message = format!("the key `{key}` of {} is missing", self.what);
            let help = format!("add `{key}:` with {}", T::expected());
            // The whole mapping would be underlined; its beginning is enough.
            let place = Span::at(self.node.span.start);
            let diagnostic = reader.report(Code::MissingKey, place, message);
            diagnostic.label = help;
        }
        absent
    }
}
