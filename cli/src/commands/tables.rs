//! `jetc tables`: the exact numbers.

use std::fmt::Write;

use anyhow::bail;
use jetc_combinatorics::interpolation::{family, family_cost};
use jetc_combinatorics::vector_partition::{VectorPartition, vector_partitions};
use jetc_combinatorics::{Partitions, faa_di_bruno};

use crate::arguments::Table;
use crate::output;

/// The chain rule is written out up to these orders: in one variable, and mixed.
const HIGHEST_ORDERS: (u32, u32) = (30, 12);

/// Terms that interpolation coefficients may sum.
const MOST_TERMS: u64 = 20_000_000;

pub(crate) fn run(table: &Table) -> anyhow::Result<()> {
    match table {
        Table::Partitions { order } => partitions(*order),
        Table::FaaDiBruno { index, multi_index } => chain_rule(&index.0, *multi_index),
        Table::Interpolation { index, degree } => interpolation(&index.0, *degree),
    }
}

/// Columns: the partition, its number of parts, ν, and the same between Taylor coefficients.
fn partitions(order: u32) -> anyhow::Result<()> {
    if order > HIGHEST_ORDERS.0 {
        bail!("there are too many partitions of {order} to print; the limit is {}", HIGHEST_ORDERS.0);
    }
    let mut text = String::from("partition\tparts\tmultiplicity\ttaylor\n");
    for partition in Partitions::of(order) {
        let (nu, taylor) =
            (faa_di_bruno::multiplicity(&partition), faa_di_bruno::taylor_multiplicity(&partition));
        writeln!(text, "{partition}\t{}\t{nu}\t{taylor}", partition.len())?;
    }
    output::print(&text)
}

/// One term a line: coefficient, outer derivative, inner derivatives.
fn chain_rule(index: &[u32], multi_index: bool) -> anyhow::Result<()> {
    if index.len() > 1 && !multi_index {
        bail!("several orders are a mixed derivative; add --multi-index");
    }
    let order: u32 = index.iter().fold(0, |sum, &entry| sum.saturating_add(entry));
    let highest = if index.len() > 1 { HIGHEST_ORDERS.1 } else { HIGHEST_ORDERS.0 };
    if order > highest {
        bail!("the chain rule of order {order} is too long to print; the limit is {highest}");
    }
    let mut text =
        format!("; derivatives, not Taylor coefficients: {} = sum of\n", derivative("(g∘h)", index));
    for partition in vector_partitions(index) {
        writeln!(text, "{}\t{}", partition.multiplicity(), term(&partition))?;
    }
    output::print(&text)
}

/// `g^(2) * h^(1)^2 * h^(2)`
fn term(partition: &VectorPartition) -> String {
    let factors = partition.blocks().iter().map(|(index, count)| match count {
        1 => derivative("h", index),
        _ => format!("{}^{count}", derivative("h", index)),
    });
    let outer = derivative("g", &[partition.len()]);
    std::iter::once(outer).chain(factors).collect::<Vec<_>>().join(" * ")
}

fn derivative(name: &str, index: &[u32]) -> String {
    let orders: Vec<String> = index.iter().map(ToString::to_string).collect();
    format!("{name}^({})", orders.join(","))
}

/// Columns: the direction j, γ(i, j).
fn interpolation(index: &[u32], degree: Option<u32>) -> anyhow::Result<()> {
    let order = index.iter().fold(0u32, |sum, &entry| sum.saturating_add(entry));
    let degree = degree.unwrap_or(order);
    if degree < order {
        bail!(
            "a family of degree {degree} cannot give a derivative of order {order}; --degree must be at least {order}"
        );
    }
    let cost = family_cost(index, degree);
    if cost > MOST_TERMS {
        bail!("these coefficients sum {cost} terms; the limit is {MOST_TERMS}");
    }
    let mut text = format!(
        "; {} f = sum of gamma * (1/{order}!) d^{order} f along the direction\ndirection\tgamma\n",
        derivative("d", index)
    );
    for direction in family(index, degree) {
        let coefficients: Vec<String> = direction.coefficients.iter().map(ToString::to_string).collect();
        writeln!(text, "({})\t{}", coefficients.join(","), direction.weight)?;
    }
    output::print(&text)
}
