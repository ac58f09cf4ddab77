//! Operators that need no file.
//!
//! Each is an operator file of its own, part of the program; a comment in it gives its equation.

use crate::diagnostic::{SpecError, did_you_mean};
use crate::document::{Document, Node};
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
        &[$(Builtin { name: $name, text: include_str!(concat!($name, ".yaml")) }),+]
    };
}

/// All built-in operators.
pub const ALL: &[Builtin] = builtins![
    "laplacian",
    "biharmonic",
    "triharmonic",
    "heat",
    "wave",
    "helmholtz",
    "advection-diffusion",
    "burgers",
    "kdv",
    "kdv-2plus1",
    "kadomtsev-petviashvili",
    "kuramoto-sivashinsky",
    "allen-cahn",
    "cahn-hilliard",
    "sine-gordon",
    "schroedinger",
    "black-scholes",
    "fokker-planck",
    "navier-stokes-streamfunction",
    "elasticity",
    "kirchhoff-plate",
];

impl Builtin {
    /// The equation: the first comment of the file.
    pub fn equation(&self) -> &'static str {
        self.text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
    }

    /// The parameters and their values, as the file writes them.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let document = Document::parse(self.name, self.text).ok();
        let parameters = document.as_ref().and_then(|document| document.root.get("parameters"));
        let entries = parameters.and_then(Node::mapping).unwrap_or_default();
        let text = |node: &Node| node.text().unwrap_or_default().to_owned();
        entries.iter().map(|(name, value)| (text(name), text(value))).collect()
    }

    /// The operator, with the choices of the user.
    ///
    /// # Errors
    /// Choices that the operator does not leave open.
    pub fn spec(&self, options: &Options<'_>) -> Result<OperatorSpec, SpecError> {
        OperatorSpec::read(&Document::parse(self.name, self.text)?, options)
    }

    /// The operator in as many space coordinates as leave one coordinate for each of the network's `inputs`. If its dimension
    /// is fixed it stays as it is, and then whether it fits is for the evaluator to say.
    ///
    /// # Errors
    /// As [`Self::spec`].
    pub fn fitted(&self, options: &Options<'_>, inputs: usize) -> Result<OperatorSpec, SpecError> {
        let spec = self.spec(options)?;
        let others = spec.coordinates.len() - spec.coordinates.space().len();
        let space = inputs.saturating_sub(others).max(1) as u64;
        Ok(self.spec(&Options { dimension: Some(space), ..options.clone() }).unwrap_or(spec))
    }

    /// Whether it can be applied to a network with so many inputs and outputs, in as many dimensions as that takes; found
    /// out in few dimensions.
    pub fn fits(&self, inputs: usize, outputs: usize) -> bool {
        let Ok(spec) = self.spec(&Options::default()) else { return false };
        if spec.fields.as_ref().is_some_and(|fields| fields.len() != outputs) {
            return false;
        }
        let space = spec.coordinates.space().len();
        let others = spec.coordinates.len() - space;
        let one_more = Options { dimension: Some(space as u64 + 1), ..Options::default() };
        spec.coordinates.len() == inputs || inputs > others && self.spec(&one_more).is_ok()
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

    fn spec(name: &str, dimension: Option<u64>) -> OperatorSpec {
        let builtin = find(name).unwrap_or_else(|| panic!("no {name}"));
        builtin.spec(&Options { dimension, ..Options::default() }).unwrap_or_else(|error| panic!("{error}"))
    }

    fn symbols(spec: &OperatorSpec) -> Vec<usize> {
        let mut terms: Vec<usize> = spec.linear_parts.iter().map(|part| part.symbol.terms().len()).collect();
        terms.sort_unstable();
        terms
    }

    #[test]
    fn every_builtin_is_an_operator_with_an_equation() {
        for builtin in ALL {
            let spec = spec(builtin.name, None);
            assert_eq!(spec.name, builtin.name);
            assert!(!builtin.equation().is_empty() && spec.description.is_some());
            assert!(!spec.linear_parts.is_empty());
        }
    }

    #[test]
    fn the_dimension_can_be_chosen_where_coordinates_are_counted() {
        for builtin in ALL {
            let chosen = builtin.spec(&Options { dimension: Some(7), ..Options::default() });
            assert_eq!(chosen.is_ok(), builtin.text.contains("{space: {"), "{}", builtin.name);
        }
        assert_eq!(spec("biharmonic", Some(5)).linear_parts[0].symbol.terms().len(), 15);
        assert_eq!(spec("triharmonic", Some(3)).linear_parts[0].symbol.terms().len(), 10);
    }

    #[test]
    fn an_open_dimension_fits_the_network() {
        let coordinates = |name: &str, inputs| {
            let builtin = find(name).unwrap_or_else(|| panic!("no {name}"));
            builtin.fitted(&Options::default(), inputs).unwrap().coordinates.len()
        };
        assert_eq!((coordinates("laplacian", 4), coordinates("heat", 4)), (4, 4));
        // Its two coordinates are named.
        assert_eq!(coordinates("burgers", 4), 2);
    }

    #[test]
    fn high_dimensions_are_cheap() {
        for name in
            ["laplacian", "heat", "wave", "helmholtz", "allen-cahn", "sine-gordon", "advection-diffusion"]
        {
            assert_eq!(spec(name, Some(10_000)).coordinates.space().len(), 10_000);
        }
        assert_eq!(spec("black-scholes", Some(10_000)).linear_parts.len(), 20_001);
        assert_eq!(spec("fokker-planck", Some(10_000)).linear_parts.len(), 10_001);
    }

    #[test]
    fn an_operator_fits_in_its_own_dimension_or_in_any_that_is_open() {
        let fits = |name: &str, inputs| find(name).unwrap().fits(inputs, 1);
        assert!(fits("laplacian", 1) && fits("laplacian", 1_000_000));
        assert!(!fits("heat", 1) && fits("heat", 2) && fits("heat", 1000));
        assert!(fits("kdv", 2) && !fits("kdv", 3));
        assert!(!find("elasticity").unwrap().fits(3, 1) && find("elasticity").unwrap().fits(3, 3));
    }

    #[test]
    fn linear_parts_stay_whole() {
        // u, u_x, and the linear rest.
        assert_eq!(symbols(&spec("kuramoto-sivashinsky", None)), [1, 1, 3]);
        assert_eq!(symbols(&spec("kdv", None)), [1, 1, 2]);
        assert_eq!(symbols(&spec("kdv-2plus1", None)), [1, 1, 1, 1, 4]);
        assert_eq!(symbols(&spec("kadomtsev-petviashvili", None)), [1, 1, 1, 3]);
        assert_eq!(symbols(&spec("kirchhoff-plate", None)), [4]);
    }

    #[test]
    fn parameters_are_listed_with_their_values() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(find("black-scholes").unwrap().parameters(), [pair("sigma", "1/5"), pair("r", "1/20")]);
        assert!(find("kdv").unwrap().parameters().is_empty());
    }

    #[test]
    fn names_are_guessed() {
        assert_eq!(suggest("laplasian").as_deref(), Some("did you mean `laplacian`?"));
    }
}
