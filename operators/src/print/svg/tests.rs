//! Pictures as XML, as geometry, and as bytes.

use std::time::{Duration, Instant};

use roxmltree::{Document, Node};

use super::figure::{Figure, LARGE, SMALL};
use super::layers::{Item, Layers};
use super::math::Math;
use super::place::places;
use super::roles::Sameness;
use super::*;
use crate::builtin;
use crate::plan::Plan;
use crate::spec::{OperatorSpec, Options};
use crate::strategy::Strategy;

fn plan(name: &str, dimension: Option<u64>, strategy: Strategy) -> Plan {
    let options = Options { dimension, ..Options::default() };
    builtin::find(name).unwrap().spec(&options).unwrap().plan(strategy).unwrap()
}

/// Every built-in operator in every strategy.
fn all() -> impl Iterator<Item = Plan> {
    builtin::ALL
        .iter()
        .flat_map(|builtin| Strategy::CONCRETE.map(|strategy| plan(builtin.name, None, strategy)))
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap_or_else(|| panic!("{node:?} has no {name}")).parse().unwrap()
}

#[test]
fn every_picture_is_an_svg_document_without_scripts_and_links() {
    for plan in all() {
        let svg = plan_svg(&plan);
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{}: {error}", plan.name()));
        assert_eq!(document.root_element().tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        for node in document.descendants().filter(Node::is_element) {
            assert!(matches!(node.tag_name().name(), "svg" | "title" | "rect" | "path" | "text" | "tspan"));
            assert!(!node.attributes().any(|a| a.name() == "href" || a.name().starts_with("on")));
        }
        assert_eq!(svg, plan_svg(&plan), "the same plan gives the same bytes");
    }
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_page() {
    for plan in all() {
        let figure = Figure::new(&plan);
        let graph = Layers::new(&figure);
        let places = places(&figure, &graph);
        for (i, a) in places.iter().enumerate() {
            for b in &places[..i] {
                let apart = a.right() <= b.left()
                    || b.right() <= a.left()
                    || a.bottom() <= b.top() + 1e-6
                    || b.bottom() <= a.top() + 1e-6;
                assert!(apart, "{}: {a:?} and {b:?} overlap", plan.name());
            }
        }
        for (&item, place) in graph.items.iter().zip(&places) {
            let texts = match item {
                Item::Channels(n) => {
                    let channels = &figure.boxes[n];
                    vec![
                        channels.name.width(LARGE),
                        channels.seed.as_ref().map_or(0.0, |seed| seed.width(SMALL)),
                    ]
                }
                Item::Mark(n) => vec![figure.marks[n].label.width(SMALL)],
                Item::Readout(n) => {
                    vec![figure.readouts[n].functional.width(LARGE), figure.readouts[n].symbol.width(SMALL)]
                }
                Item::Way(_) => continue,
            };
            assert!(texts.iter().all(|width| *width <= place.width - 4.0), "{}: {texts:?}", plan.name());
        }
        let svg = plan_svg(&plan);
        let document = Document::parse(&svg).unwrap();
        let page = document.root_element();
        let (width, height) = (number(page, "width"), number(page, "height"));
        for rect in document.descendants().filter(|node| node.has_tag_name("rect")).skip(1) {
            let (x, y) = (number(rect, "x"), number(rect, "y"));
            assert!(x >= 0.0 && x + number(rect, "width") <= width, "{}", plan.name());
            assert!(y >= 0.0 && y + number(rect, "height") <= height, "{}", plan.name());
        }
    }
}

#[test]
fn lines_join_neighbouring_layers() {
    for plan in all() {
        let graph = Layers::new(&Figure::new(&plan));
        let layer_of = graph.layer_of();
        assert!(
            graph.lines.iter().all(|line| layer_of[line.from] + 1 == layer_of[line.to]),
            "{}",
            plan.name()
        );
    }
}

#[test]
fn every_box_of_channels_has_a_line() {
    for plan in all() {
        let graph = Layers::new(&Figure::new(&plan));
        for (node, item) in graph.items.iter().enumerate() {
            let has_line = graph.lines.iter().any(|line| line.from == node || line.to == node);
            assert!(has_line, "{}: {item:?}", plan.name());
        }
    }
}

#[test]
fn the_zero_operator_shows_its_output() {
    let text = "coordinates: [x, y]\nfields: [u]\noutputs: {f: u_x - u_x}\n";
    let plan = OperatorSpec::from_yaml("zero.yaml", text).unwrap().plan(Strategy::Minimal).unwrap();
    let figure = Figure::new(&plan);
    assert_eq!(figure.readouts[0].functional, Math::roman("f = ").then(Math::parse("0")));
    assert_eq!(Layers::new(&figure).items, [Item::Readout(0)]);
}

#[test]
fn the_directions_of_a_laplacian_are_one_role() {
    let figure = Figure::new(&plan("laplacian", Some(50), Strategy::Minimal));
    assert_eq!(figure.sameness, Sameness::Isomorphic);
    assert_eq!(figure.boxes.iter().map(|channels| channels.count).collect::<Vec<_>>(), [1, 50, 1]);
    assert_eq!(figure.marks.len(), 1);
    assert_eq!(Figure::new(&plan("laplacian", Some(3), Strategy::Minimal)).sameness, Sameness::Single);
}

#[test]
fn channels_of_other_weights_are_other_roles() {
    let text = |weight: &str| {
        let sum = (1..=40).map(|i| format!("d(u, x{i}: 2)")).collect::<Vec<_>>().join(" + ");
        format!(
            "coordinates: {{space: {{x: 40}}}}\nfields: [u]\noutputs: {{f: '{sum} + {weight}*d(u, x7: 2)'}}\n"
        )
    };
    let boxes = |weight: &str| {
        let plan =
            OperatorSpec::from_yaml("sum.yaml", &text(weight)).unwrap().plan(Strategy::Minimal).unwrap();
        Figure::new(&plan).boxes.len()
    };
    assert_eq!(boxes("0") + 1, boxes("1"));
}

#[test]
fn a_picture_of_a_hundred_thousand_dimensions_is_small_and_quick() {
    let plan = plan("laplacian", Some(100_000), Strategy::Minimal);
    let start = Instant::now();
    let svg = plan_svg(&plan);
    assert!(svg.len() < 10_000, "{} bytes", svg.len());
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(svg.contains("×100000"));
}

#[test]
fn pictures_are_bounded_whatever_the_plan() {
    for (name, dimension) in
        [("biharmonic", 12), ("triharmonic", 5), ("black-scholes", 300), ("fokker-planck", 300)]
    {
        let svg = plan_svg(&plan(name, Some(dimension), Strategy::Minimal));
        assert!(svg.len() < 100_000, "{name}: {} bytes", svg.len());
    }
}

#[test]
fn any_text_can_be_drawn() {
    let text =
        "name: \"a<b> & 'c' \\\"d\\\" \\u0001\"\ncoordinates: [x, y]\nfields: [u]\noutputs: {f: u_x - u_x}\n";
    let plan = OperatorSpec::from_yaml("zero.yaml", text).unwrap().plan(Strategy::Minimal).unwrap();
    let svg = plan_svg(&plan);
    let document = Document::parse(&svg).unwrap();
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    assert!(texts.iter().any(|text| text.starts_with("a<b> & 'c' \"d\" \\u{1}: minimal plan")), "{texts:?}");
}
