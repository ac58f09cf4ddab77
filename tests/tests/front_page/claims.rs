//! The numbers and names on the page are right.

use jetc_operators::document::Document;
use jetc_operators::spec::Options;
use jetc_operators::{OperatorSpec, Strategy, builtin};
use jetc_runtime::Activation;

/// The channels of Δ, Δ² or Δ³ in a dimension.
fn channels(power: usize, dimension: u64, strategy: Strategy) -> u64 {
    let name = ["laplacian", "biharmonic", "triharmonic"][power - 1];
    let document = Document::parse(name, builtin::find(name).unwrap().text).unwrap();
    let options = Options { dimension: Some(dimension), ..Options::default() };
    let plan = OperatorSpec::read(&document, &options).unwrap().plan(strategy).unwrap();
    plan.algebra().dimension() as u64
}

/// `2D + 1` for a value of D, or a number.
fn evaluate(formula: &str, dimension: u64) -> u64 {
    let summand = |summand: &str| match summand.trim().strip_suffix('D') {
        Some("") => dimension,
        Some(factor) => factor.parse::<u64>().unwrap() * dimension,
        None => summand.trim().parse().unwrap(),
    };
    formula.split('+').map(summand).sum()
}

/// The rows `| Δ² in 2 / 3 dimensions | 21 / 49 | 17 / 38 | 9 / 14 |` of the table of channels.
#[test]
fn the_numbers_of_channels_are_those_of_the_plans() {
    let page = crate::page();
    let mut count = 0;
    for row in page.lines().filter(|line| line.starts_with("| Δ")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let (operator, dimensions) = cells[0].trim_end_matches(" dimensions").split_once(" in ").unwrap();
        let power = ["Δ", "Δ²", "Δ³"].iter().position(|known| *known == operator).unwrap() + 1;
        let strategies = [Strategy::Standard, Strategy::Collapsed, Strategy::Minimal];
        for (strategy, cell) in strategies.into_iter().zip(&cells[1..]) {
            let stated: Vec<&str> = cell.split(" / ").collect();
            // `D` stands for any dimension.
            let cases: Vec<(u64, &str)> = match dimensions {
                "D" => (1..=12).map(|dimension| (dimension, stated[0])).collect(),
                list => list.split(" / ").map(|entry| entry.parse().unwrap()).zip(stated).collect(),
            };
            for (dimension, stated) in cases {
                let found = channels(power, dimension, strategy);
                assert_eq!(found, evaluate(stated, dimension), "{operator}, D = {dimension}, {strategy}");
                count += 1;
            }
        }
    }
    assert!(count > 0, "the README has no table of channels");
}

#[test]
fn every_activation_is_named() {
    let page = crate::page();
    let list = page.split_once("Activations: ").expect("the README lists the activations").1;
    let list = list.split_once('.').unwrap().0;
    for activation in Activation::ALL {
        let name = activation.name();
        assert!(
            list.split([',', ' ', '\n', '(']).any(|word| word == name),
            "the README does not name {name}"
        );
    }
}
