//! A plan as `jetc plan --format json` prints it.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use jetc_tests::command::run;
use jetc_tests::reference::project;
use serde_json::Value;

/// An algebra with its readouts. Polynomials in the coordinates are numbered like the coordinates.
pub(crate) struct Printed {
    pub(crate) order: u32,
    pub(crate) coordinates: usize,
    /// The seed of each channel: one entry for each coordinate.
    pub(crate) seeds: Vec<Vec<Rational>>,
    /// left, right, result, coefficient
    pub(crate) products: Vec<(usize, usize, usize, Rational)>,
    /// The weight of each channel, and the symbol that they are said to read.
    pub(crate) readouts: Vec<(Vec<Rational>, Polynomial)>,
}

/// The plan of an operator, through text and back.
pub(crate) fn printed(operator: &str, strategy: &str) -> Printed {
    let arguments = ["plan", operator, "--strategy", strategy, "--format", "json"];
    let plan: Value = serde_json::from_str(&run(project(), arguments).success()).unwrap();
    let names: Vec<&str> = list(&plan["coordinates"]).iter().map(|name| name.as_str().unwrap()).collect();
    let channels = list(&plan["algebra"]["channels"]);
    assert_eq!(plan["channels"], channels.len());
    let seed = |channel: &Value| names.iter().map(|name| entry(&channel["seed"], name)).collect();
    let product = |product: &Value| {
        let [left, right, result] = ["left", "right", "result"].map(|key| index(&product[key]));
        (left, right, result, number(product["coefficient"].as_str().unwrap()))
    };
    let readout = |readout: &Value| {
        let weights = (0..channels.len()).map(|channel| entry(&readout["channels"], &channel.to_string()));
        (weights.collect(), polynomial(readout["symbol"].as_str().unwrap(), &names))
    };
    Printed {
        order: u32::try_from(index(&plan["order"])).unwrap(),
        coordinates: names.len(),
        seeds: channels.iter().map(seed).collect(),
        products: list(&plan["algebra"]["products"]).iter().map(product).collect(),
        readouts: list(&plan["readouts"]).iter().map(readout).collect(),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn index(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn entry(map: &Value, key: &str) -> Rational {
    map.get(key).map_or_else(Rational::default, |value| number(value.as_str().unwrap()))
}

fn number(text: &str) -> Rational {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no fraction"))
}

/// `-2*x*y + 1/3*x^2 - 1`
fn polynomial(text: &str, names: &[&str]) -> Polynomial {
    let with_signs = text.replace(" - ", " + -");
    Polynomial::from_terms(with_signs.split(" + ").map(|term| {
        let (sign, term) = term.strip_prefix('-').map_or((1, term), |rest| (-1, rest));
        let mut coefficient = Rational::from_integer(sign.into());
        let mut monomial = MultiIndex::one();
        for factor in term.split('*') {
            let (name, exponent) = factor.split_once('^').unwrap_or((factor, "1"));
            match names.iter().position(|known| *known == name) {
                Some(variable) => {
                    let pair = (u32::try_from(variable).unwrap(), exponent.parse().unwrap());
                    monomial = &monomial * &MultiIndex::from_pairs([pair]);
                }
                None => coefficient *= number(factor),
            }
        }
        (monomial, coefficient)
    }))
}
