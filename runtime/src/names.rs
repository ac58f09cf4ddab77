//! Which names of a file are which names of an operator.
//!
//! A network may say what its inputs and outputs are called, and a file of points what its columns are; an operator names
//! coordinates and fields. The rules are the same for all of them:
//!
//! | the names of the file | what is done |
//! |---|---|
//! | are those of the operator, in another order | the order of the operator is taken |
//! | are those of the operator, and there are more | columns of points: the others are left out |
//! | agree in part, and one of them stands in another place or beside another name | refused |
//! | agree nowhere | taken in order; worth a warning, unless one of the two lists says nothing |
//! | say nothing: `input`, `x_in`, `onnx::Gemm_0`, `feature_1`, `3`, `x1` | taken in order |
//!
//! Names are compared without regard to case, white space, underscores, and what stands in brackets at their end (a unit:
//! `y [m]`), as long as that keeps the names apart. Numbered names such as `x1`, `x2` say nothing where the other list has
//! other words, but are names like any where it has the same. Checked by the tests below and by
//! `columns_go_to_coordinates_by_name`.

use std::fmt;

use crate::files::listed;

/// What the names are names of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Named {
    /// The inputs of a network, which are the coordinates of an operator.
    Inputs,
    /// The outputs of a network, which are the fields of an operator.
    Outputs,
    /// The columns of a file of points, which are the coordinates of an operator.
    Columns,
    /// The columns of a file of targets, which are those of the results of an operator.
    Targets,
}

impl Named {
    /// What the operator calls them.
    pub(crate) fn counterpart(self) -> &'static str {
        match self {
            Self::Inputs | Self::Columns => "coordinates",
            Self::Outputs => "fields",
            Self::Targets => "results",
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inputs => "the network's inputs",
            Self::Outputs => "the network's outputs",
            Self::Columns | Self::Targets => "the columns",
        })
    }
}

/// How the names of a file go with those of an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NameMatch {
    /// They are the same, or one of the lists says nothing.
    InOrder,
    /// They agree nowhere.
    Unlike,
    /// Name i of the operator stands at `order[i]` in the file.
    ByName {
        /// A place in the file for each name of the operator.
        order: Vec<usize>,
    },
}

/// The names agree in part, so that neither they nor their order can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} are {}, but the operator's {} are {}; some agree and others do not, so that neither names nor order can be \
     relied on: {}",
    listed(.found), .what.counterpart(), listed(.expected), remedy(*what)
)]
pub struct NameConflict {
    /// What the names are names of.
    pub what: Named,
    /// The names of the operator, in order.
    pub expected: Vec<String>,
    /// The names of the file, in order.
    pub found: Vec<String>,
}

fn remedy(what: Named) -> &'static str {
    match what {
        Named::Columns | Named::Targets => {
            "rename the columns, or leave the header out if their order is right"
        }
        Named::Inputs | Named::Outputs => "give them the same names in the operator file or in the model",
    }
}

/// What was done about names, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameNote {
    /// What the names are names of.
    pub what: Named,
    /// The names of the operator, in order.
    pub expected: Vec<String>,
    /// The names of the file, in order.
    pub found: Vec<String>,
    /// Whether they were put into the operator's order by name; otherwise they were taken as they stand, though they agree
    /// nowhere.
    pub by_name: bool,
}

impl fmt::Display for NameNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, found, expected) = (self.what, listed(&self.found), listed(&self.expected));
        let counterpart = what.counterpart();
        if self.by_name {
            write!(f, "{what} {found} go by name to the {counterpart} {expected}")
        } else {
            write!(
                f,
                "{what} are called {found}, the operator's {counterpart} {expected}; they were taken in this order"
            )
        }
    }
}

/// Compares as many names of a file as the operator has.
pub(crate) fn match_names(
    what: Named,
    expected: &[String],
    found: &[String],
) -> Result<NameMatch, NameConflict> {
    let (places, _) = places(expected, found);
    if let Some(order) = places.iter().copied().collect::<Option<Vec<usize>>>() {
        let in_order = order.iter().enumerate().all(|(i, &place)| i == place);
        return Ok(if in_order { NameMatch::InOrder } else { NameMatch::ByName { order } });
    }
    let moved = places.iter().enumerate().any(|(i, place)| place.is_some_and(|place| place != i));
    let mut pairs = expected.iter().zip(found).zip(&places);
    let differ = pairs
        .any(|((expected, found), place)| place.is_none() && !says_nothing(expected) && !says_nothing(found));
    let some_agree = places.iter().any(Option::is_some);
    match (some_agree, moved, differ) {
        (true, true, _) | (true, _, true) => {
            Err(NameConflict { what, expected: expected.to_vec(), found: found.to_vec() })
        }
        (false, _, true) => Ok(NameMatch::Unlike),
        _ => Ok(NameMatch::InOrder),
    }
}

/// Where each name of the operator stands in the file, if all of them do; the file may have more.
pub(crate) fn all_places(expected: &[String], found: &[String]) -> Option<Vec<usize>> {
    let (places, each_once) = places(expected, found);
    places.into_iter().collect::<Option<_>>().filter(|_| each_once)
}

/// Where each name of the operator stands first in the file, and whether none stands there twice.
fn places(expected: &[String], found: &[String]) -> (Vec<Option<usize>>, bool) {
    let folds: [fn(&str) -> String; 3] = [fold, without_unit, |name| name.trim().to_owned()];
    let at_most_once = |wanted: &[String], keys: &[String]| {
        wanted.iter().all(|name| keys.iter().filter(|key| *key == name).count() <= 1)
    };
    for fold in folds {
        let (wanted, keys): (Vec<String>, Vec<String>) =
            (expected.iter().map(|name| fold(name)).collect(), found.iter().map(|name| fold(name)).collect());
        if at_most_once(&wanted, &wanted) && at_most_once(&wanted, &keys) {
            let place = |name: &String| keys.iter().position(|key| key == name);
            return (wanted.iter().map(place).collect(), true);
        }
    }
    let place = |name: &String| found.iter().position(|other| other.trim() == *name);
    (expected.iter().map(place).collect(), false)
}

/// Without unit, white space and underscores, in lower case.
fn fold(name: &str) -> String {
    let name = without_unit(name);
    name.chars().filter(|c| !c.is_whitespace() && *c != '_').flat_map(char::to_lowercase).collect()
}

/// `y [m]` is `y`, `x(t) (s)` is `x`; a name that is nothing else stays.
fn without_unit(name: &str) -> String {
    let mut rest = name.trim();
    loop {
        let open = match rest.chars().last() {
            Some(']') => rest.rfind('['),
            Some(')') => rest.rfind('('),
            _ => None,
        };
        match open.map(|open| rest[..open].trim_end()) {
            Some(shorter) if !shorter.is_empty() => rest = shorter,
            _ => return rest.to_owned(),
        }
    }
}

/// Words that programs call inputs, outputs and columns when nobody named them.
const GENERIC: [&str; 54] = [
    "add",
    "arg",
    "args",
    "array",
    "cat",
    "col",
    "column",
    "concat",
    "coord",
    "coordinate",
    "coordinates",
    "coords",
    "data",
    "dense",
    "dim",
    "div",
    "feature",
    "features",
    "field",
    "fields",
    "gemm",
    "getitem",
    "in",
    "identity",
    "input",
    "inputs",
    "linear",
    "matmul",
    "mul",
    "net",
    "out",
    "output",
    "outputs",
    "pos",
    "point",
    "points",
    "pred",
    "prediction",
    "result",
    "reshape",
    "solution",
    "squeeze",
    "state",
    "sub",
    "tanh",
    "tensor",
    "value",
    "values",
    "var",
    "variable",
    "variables",
    "view",
    "xin",
    "xs",
];

/// Whether the name was given by a program, or is a number, or is numbered.
fn says_nothing(name: &str) -> bool {
    let folded = fold(name);
    let stem = folded.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':' | '-'));
    stem.len() < folded.len() || stem.is_empty() || stem.contains([':', '/', '.']) || GENERIC.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn compared(expected: &str, found: &str) -> Result<NameMatch, NameConflict> {
        match_names(Named::Columns, &names(expected), &names(found))
    }

    #[test]
    fn a_permutation_goes_by_name_whatever_case_units_and_white_space_are() {
        for (expected, found, order) in [
            ("x,y", "y,x", vec![1, 0]),
            ("x,y", "y [m], X (m)", vec![1, 0]),
            ("x,y,t", "T [s] , x,y", vec![1, 2, 0]),
            ("x1,x2", "x_2,x_1", vec![1, 0]),
            ("x,X", "X [m],x [m]", vec![1, 0]),
            ("u[0],u[1]", "u[1],u[0]", vec![1, 0]),
        ] {
            assert_eq!(compared(expected, found), Ok(NameMatch::ByName { order }), "{expected} {found}");
        }
    }

    #[test]
    fn names_that_agree_or_say_nothing_are_taken_in_order() {
        for (expected, found) in [
            ("x,y", "x,y"),
            ("x,y", "X [m],Y [m]"),
            ("x,y", "0,1"),
            ("x,y", "feature_0,feature_1"),
            ("x,y", "x1,x2"),
            ("x,y", "onnx::Gemm_0,x_in"),
            ("x,y", "input,input.1"),
            ("x1,x2,t", "x,y,t"),
            ("x,y,t", "in1,in2,t"),
        ] {
            assert_eq!(compared(expected, found), Ok(NameMatch::InOrder), "{expected} {found}");
        }
    }

    #[test]
    fn names_that_agree_in_part_are_refused_and_names_that_agree_nowhere_are_told() {
        for (expected, found) in [("x,y,t", "y,x,tau"), ("x,y", "x,z"), ("x1,x2,t", "t,x,y"), ("x,y", "x,x")]
        {
            assert!(compared(expected, found).is_err(), "{expected} {found}");
        }
        assert_eq!(compared("x,y", "lon,lat"), Ok(NameMatch::Unlike));
        assert_eq!(compared("u", "psi"), Ok(NameMatch::Unlike));
    }

    #[test]
    fn more_names_than_the_operator_has_are_no_obstacle() {
        assert_eq!(all_places(&names("x,y"), &names("y,u_exact,x")), Some(vec![2, 0]));
        assert_eq!(all_places(&names("x,y"), &names("y,u,u,x")), Some(vec![3, 0]));
        assert_eq!(all_places(&names("x,y"), &names("y,x,x")), None);
        assert_eq!(all_places(&names("x,y"), &names("y,u")), None);
    }
}
