//! What a drawing shows: boxes of channels, marks of products, boxes of readouts, and their texts.

use std::collections::{BTreeMap, BTreeSet};

use jetc_combinatorics::Polynomial;
use num_traits::One;

use super::math::Math;
use super::roles::{Roles, Sameness};
use crate::algebra::{Channel, Product};
use crate::plan::{Plan, PlannedReadout};
use crate::print::formula::formula_text;
use crate::print::rule::{polynomial_text, sum_text};

/// Font sizes of names and of what is said about them.
pub(super) const LARGE: f64 = 15.0;
pub(super) const SMALL: f64 = 11.0;

/// Widest text in a box.
const WIDEST: f64 = 250.0;

/// Terms of a sum that are looked at: more do not fit into any box.
const TERMS: usize = 24;

/// Boxes in one column, marks in one column, and channels of a plan that are shown singly.
const MOST_BOXES: usize = 12;
const MOST_MARKS: usize = 20;
const MOST_SINGLE: usize = 200;

/// One channel, or several of the same role.
#[derive(Debug)]
pub(super) struct ChannelBox {
    pub(super) column: usize,
    pub(super) order: u32,
    pub(super) count: usize,
    pub(super) name: Math,
    pub(super) seed: Option<Math>,
}

/// One product of channels, or several of the same role.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) result: usize,
    pub(super) is_square: bool,
    pub(super) label: Math,
}

/// One readout, or several of the same role.
#[derive(Debug)]
pub(super) struct ReadoutBox {
    pub(super) reads: BTreeSet<usize>,
    pub(super) functional: Math,
    pub(super) symbol: Math,
}

/// Everything that is drawn of a plan.
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) sameness: Sameness,
    pub(super) boxes: Vec<ChannelBox>,
    pub(super) marks: Vec<Mark>,
    pub(super) readouts: Vec<ReadoutBox>,
}

impl Figure {
    /// The most detailed figure that is small enough to be read.
    pub(super) fn new(plan: &Plan) -> Self {
        let columns = columns(plan);
        let figure = |sameness| Self::with(plan, &columns, &Roles::new(plan, &columns, sameness));
        let detailed = (columns.len() <= MOST_SINGLE).then_some(Sameness::Single);
        let levels = detailed.into_iter().chain([Sameness::Isomorphic, Sameness::Shape]);
        levels.map(figure).find(Self::is_legible).unwrap_or_else(|| figure(Sameness::Order))
    }

    /// Whether a box has a line: all but that of the value have, and that one where a readout reads it.
    pub(super) fn is_drawn(&self, number: usize) -> bool {
        number > 0 || self.readouts.iter().any(|readout| readout.reads.contains(&number))
    }

    fn is_legible(&self) -> bool {
        let fullest = |columns: &mut dyn Iterator<Item = usize>| {
            let mut counts = BTreeMap::new();
            for column in columns {
                *counts.entry(column).or_insert(0) += 1;
            }
            counts.into_values().max().unwrap_or(0)
        };
        fullest(&mut self.boxes.iter().map(|b| b.column)) <= MOST_BOXES
            && fullest(&mut self.marks.iter().map(|mark| self.boxes[mark.result].column)) <= MOST_MARKS
            && self.readouts.len() <= MOST_BOXES
    }

    fn with(plan: &Plan, columns: &[usize], roles: &Roles) -> Self {
        let channels: Vec<&Channel> = plan.algebra().channels().map(|(_, channel)| channel).collect();
        let boxes = members(&roles.channels).into_iter().map(|members| ChannelBox {
            column: columns[members[0]],
            order: channels[members[0]].order,
            count: members.len(),
            name: range(&members, |member| channels[member].name.clone()),
            seed: seed(plan, &members.iter().map(|&member| channels[member]).collect::<Vec<_>>()),
        });
        let readouts = members(&roles.readouts).into_iter().map(|members| readout(plan, &members, roles));
        let unread = plan.readouts().is_empty().then(|| without_readouts(plan));
        let (boxes, readouts) = (boxes.collect(), readouts.chain(unread).collect());
        Self { sameness: roles.sameness, boxes, marks: marks(plan, roles), readouts }
    }
}

/// The column of every channel: its order, or more where its factors stand that far to the right.
fn columns(plan: &Plan) -> Vec<usize> {
    let mut columns: Vec<usize> =
        plan.algebra().channels().map(|(_, channel)| channel.order as usize).collect();
    let mut products: Vec<&Product> = plan.algebra().products().iter().collect();
    products.sort_by_key(|product| product.result);
    for product in products {
        let factors = columns[product.left.index()].max(columns[product.right.index()]);
        let column = &mut columns[product.result.index()];
        *column = (*column).max(factors + 1);
    }
    columns
}

/// The members of each class.
fn members(classes: &[usize]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); classes.iter().max().map_or(0, |largest| largest + 1)];
    for (member, &class) in classes.iter().enumerate() {
        members[class].push(member);
    }
    members
}

/// `a`, `a, b` or `a … z  ×26`.
fn range(members: &[usize], name: impl Fn(usize) -> String) -> Math {
    let shown = |member: usize| Math::parse(&name(member)).cut(LARGE, WIDEST / 3.0);
    let last = || shown(members[members.len() - 1]);
    match members {
        [] => Math::default(),
        [only] => Math::parse(&name(*only)).cut(LARGE, WIDEST),
        [first, _] => shown(*first).then(Math::roman(", ")).then(last()).then(Math::roman("  ×2")),
        [first, ..] => {
            let count = Math::roman(format!("  ×{}", members.len()));
            shown(*first).then(Math::roman(" … ")).then(last()).then(count)
        }
    }
}

fn seed(plan: &Plan, channels: &[&Channel]) -> Option<Math> {
    let seeded: Vec<&&Channel> = channels.iter().filter(|channel| !channel.seed.is_empty()).collect();
    let text = |channel: &Channel| {
        let terms = channel.seed.iter().take(TERMS);
        sum_text(terms.map(|(&v, weight)| (weight, plan.variable_name(v).to_owned())))
    };
    let math = match seeded[..] {
        [] => return None,
        [only] => Math::roman("seed ").then(Math::parse(&text(only))),
        [first, .., last] => {
            let ends = [first, last].map(|channel| Math::parse(&text(channel)).cut(SMALL, WIDEST / 3.0));
            let [first, last] = ends;
            Math::roman("seeds ").then(first).then(Math::roman(" … ")).then(last)
        }
    };
    Some(math.cut(SMALL, WIDEST * 0.8))
}

/// A number on a mark; long ones are cut, the other views have them in full.
fn coefficient(product: &Product) -> Math {
    Math::parse(&product.coefficient.to_string()).cut(SMALL, 60.0)
}

fn marks(plan: &Plan, roles: &Roles) -> Vec<Mark> {
    let class = |id: crate::algebra::ChannelId| roles.channels[id.index()];
    let mut groups: BTreeMap<(usize, usize, usize, bool), Vec<&Product>> = BTreeMap::new();
    for product in plan.algebra().products() {
        let (a, b) = (class(product.left), class(product.right));
        let key = (a.min(b), a.max(b), class(product.result), product.left == product.right);
        groups.entry(key).or_default().push(product);
    }
    let mark = |((left, right, result, is_square), products): (_, Vec<&Product>)| {
        let varies = products.iter().any(|product| product.coefficient != products[0].coefficient);
        let label = match (varies, products[0].coefficient.is_one(), is_square) {
            (true, ..) => Math::roman("…"),
            (false, true, true) => Math::parse("( )^2"),
            (false, true, false) => Math::roman("×"),
            (false, false, _) => coefficient(products[0]),
        };
        Mark { left, right, result, is_square, label }
    };
    groups.into_iter().map(mark).collect()
}

fn readout(plan: &Plan, members: &[usize], roles: &Roles) -> ReadoutBox {
    let first = &plan.readouts()[members[0]];
    let all = members.iter().flat_map(|&member| plan.readouts()[member].functional.iter());
    let name = range(members, |member| format!("r{member}"));
    let functional = match members.len() {
        1 => name.then(Math::roman(" = ")).then(functional(plan, first)),
        _ => name,
    };
    let prefix = if members.len() == 1 { "symbol " } else { "first symbol " };
    ReadoutBox {
        reads: all.map(|(id, _)| roles.channels[id.index()]).collect(),
        functional: functional.cut(LARGE, WIDEST),
        symbol: Math::roman(prefix).then(symbol(plan, &first.symbol)).cut(SMALL, WIDEST),
    }
}

/// What stands in the place of readouts where an operator needs none.
fn without_readouts(plan: &Plan) -> ReadoutBox {
    let output = plan.outputs().first().map(|output| {
        let formula: String = formula_text(plan, output.formula).chars().take(300).collect();
        Math::roman(format!("{} = ", output.name)).then(Math::parse(&formula))
    });
    ReadoutBox {
        reads: BTreeSet::new(),
        functional: output.unwrap_or_default().cut(LARGE, WIDEST),
        symbol: Math::roman("reads no channel"),
    }
}

fn functional(plan: &Plan, readout: &PlannedReadout) -> Math {
    let name = |id| match plan.algebra().channel(id).name.as_str() {
        "1" => String::new(),
        name => name.to_owned(),
    };
    Math::parse(&sum_text(readout.functional.iter().take(TERMS).map(|(&id, weight)| (weight, name(id)))))
}

/// The first terms of a symbol: any more would not be seen.
fn symbol(plan: &Plan, symbol: &Polynomial) -> Math {
    let terms = symbol.terms().take(TERMS).map(|(monomial, weight)| (monomial.clone(), weight.clone()));
    let text = polynomial_text(&Polynomial::from_terms(terms), |v| plan.variable_name(v).to_owned());
    Math::parse(&text)
}
