//! What is measured.

use jetc_runtime::Activation;
use jetc_tests::accuracy::Case;

/// Points of a case.
const POINTS: usize = 32;

/// Operator, dimensions.
const TANH: [(&str, &[usize]); 9] = [
    ("lap(u)", &[2, 10, 50, 100]),
    ("lap(lap(u))", &[2, 3, 5, 8, 10]),
    ("lap(lap(lap(u)))", &[2, 3, 4]),
    ("d(u, x1: 1, x2: 1)", &[2]),
    ("d(u, x1: 2, x2: 2)", &[2]),
    ("d(u, x1: 3, x2: 3)", &[2]),
    ("d(u, x1: 1, x2: 1, x3: 1, x4: 1)", &[4]),
    ("d(u, x1: 4)", &[2]),
    ("d(u, x1: 6)", &[2]),
];

/// The same for the network of sines.
const SIN: [(&str, &[usize]); 5] = [
    ("lap(u)", &[10]),
    ("lap(lap(u))", &[2, 5]),
    ("lap(lap(lap(u)))", &[2, 3]),
    ("d(u, x1: 3, x2: 3)", &[2]),
    ("d(u, x1: 6)", &[2]),
];

/// The widths of the second study.
const WIDTHS: [usize; 3] = [32, 128, 512];

/// Every operator on networks of three layers of 64, and one whose first layer is wider than its input.
pub(crate) fn operators() -> Vec<Case> {
    let cases = |list: &[(&'static str, &[usize])], activation: Activation| -> Vec<Case> {
        let of = |&(operator, dimensions): &(&'static str, &[usize])| {
            let case = |&dimension: &usize| Case {
                operator,
                dimension,
                hidden: vec![64; 3],
                activation,
                points: POINTS,
            };
            dimensions.iter().map(case).collect::<Vec<_>>()
        };
        list.iter().flat_map(of).collect()
    };
    let wide = Case {
        operator: "lap(u)",
        dimension: 100,
        hidden: vec![128, 64, 64],
        activation: Activation::Tanh,
        points: POINTS,
    };
    [vec![wide], cases(&TANH, Activation::Tanh), cases(&SIN, Activation::Sin)].concat()
}

/// One operator on networks of growing width.
pub(crate) fn widths() -> Vec<Case> {
    let case = |width: &usize| Case {
        operator: "lap(lap(u))",
        dimension: 3,
        hidden: vec![*width; 3],
        activation: Activation::Tanh,
        points: POINTS,
    };
    WIDTHS.iter().map(case).collect()
}
