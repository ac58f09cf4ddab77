//! Operators that need no file.
//!
//! Each is an operator file of its own, part of the program; a comment in it gives its equation.

use crate::diagnostic::{SpecError, did_you_mean};
use crate::document::Document;
use crate::spec::{OperatorSpec, Options};

/// A built-in operator.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Its operator file.
    pub text: &'static str,
}

macro_rules! builtins {
    ($($name:literal),+ $(,)?) => {
        &[$(Builtin { name: $name, text: include_str!(concat!("builtin/", $name, ".yaml")) }),+]
    };
}

/// All built-in operators.
pub const ALL: &[Builtin] = builtins!["laplacian", "biharmonic"];

impl Builtin {
    /// The equation: the first comment of the file.
    pub fn equation(&self) -> &'static str {
        self.text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
    }

    /// The operator, with the choices of the user.
    ///
    /// # Errors
    /// Choices that the operator does not leave open.
    pub fn spec(&self, options: &Options<'_>) -> Result<OperatorSpec, SpecError> {
        OperatorSpec::read(&Document::parse(self.name, self.text)?, options)
    }
}

/// The built-in operator with this name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.name == name)
}

/// "did you mean `…`?" for a name that is almost that of a built-in.
pub fn suggest(name: &str) -> Option<String> {
    did_you_mean(name, ALL.iter().map(|builtin| builtin.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_is_an_operator_with_an_equation() {
        for builtin in ALL {
            let spec = builtin.spec(&Options::default()).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(spec.name, builtin.name);
            assert!(!builtin.equation().is_empty());
        }
    }

    #[test]
    fn the_dimension_can_be_chosen() {
        let options = Options { dimension: Some(5), ..Options::default() };
        let spec = find("biharmonic").unwrap().spec(&options).unwrap();
        assert_eq!(spec.coordinates.len(), 5);
        assert_eq!(spec.linear_parts[0].terms.len(), 15);
    }

    #[test]
    fn names_are_guessed() {
        assert_eq!(suggest("laplasian").as_deref(), Some("did you mean `laplacian`?"));
    }
}
