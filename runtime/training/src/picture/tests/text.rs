//! Tests of what is written, and of values that cannot be drawn.

use crate::picture::number::{exponent, power_of_ten, short};
use crate::picture::scale::Scale;
use crate::picture::{Arrows, Axes, Axis, Chart, Colours, HeatMap, Over, Panel, Series, Style, panels, thin};

fn labels(range: [f64; 2], logarithmic: bool, count: usize) -> (Vec<String>, Option<String>) {
    let ticks = Scale::between(range, logarithmic).ticks(count);
    (ticks.ticks.into_iter().map(|tick| tick.label).collect(), ticks.factor)
}

#[test]
fn numbers_on_axes_are_short() {
    assert_eq!(power_of_ten(-7), "10⁻⁷");
    assert_eq!(power_of_ten(120), "10¹²⁰");
    assert_eq!([0.0, 0.25, -3.0, 2e-7, -1e9].map(short), ["0", "0.25", "−3", "2×10⁻⁷", "−10⁹"]);
    assert_eq!([1e-7, 9.99, 1000.0, -0.5].map(exponent), [-7, 0, 3, -1]);
}

#[test]
fn ticks_are_round_and_reach_the_ends_where_they_can() {
    assert_eq!(labels([0.0, 1.0], false, 5).0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert_eq!(labels([0.0, 0.5], false, 3).0, ["0.00", "0.25", "0.50"]);
    assert_eq!(labels([-1.0, 1.0], false, 4).0, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
    let small = labels([0.0, 3e-7], false, 3);
    assert_eq!((small.0.len(), small.1.as_deref()), (4, Some("10⁻⁷")));
    assert_eq!(labels([1e-9, 1e1], true, 5).0, ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]);
    assert_eq!(labels([0.9, 7.0], true, 5).0, ["1", "2", "5"]);
}

#[test]
fn every_range_has_two_ticks_on_it() {
    let ends = [0.0, 1e-300, 1e-9, 0.41, 0.999_999, 1.0, 1.000_001, 33.3, 4.2e7, 1e300];
    let ranges = ends.iter().flat_map(|a| ends.iter().flat_map(move |b| [[*a, *b], [-*a, *b], [-*a, -*b]]));
    for range in ranges {
        for logarithmic in [false, true] {
            for count in 0..12 {
                let ticks = Scale::between(range, logarithmic).ticks(count).ticks;
                assert!((2..=14).contains(&ticks.len()), "{range:?} {logarithmic} {count}: {ticks:?}");
                assert!(
                    ticks.iter().all(|tick| (-1e-9..=1.0 + 1e-9).contains(&tick.place)),
                    "{range:?}: {ticks:?}"
                );
                assert!(ticks.windows(2).all(|pair| pair[0].label != pair[1].label), "{range:?}: {ticks:?}");
            }
        }
    }
}

#[test]
fn a_thinned_line_keeps_its_ends_and_its_extremes() {
    let line: Vec<[f64; 2]> = (0..5000).map(|i| [f64::from(i) / 50.0, f64::from(i * 7919 % 1000)]).collect();
    let thinned = thin::thinned(&line);
    assert!(thinned.len() <= 400, "{}", thinned.len());
    let extremes = |line: &[[f64; 2]]| {
        line.iter().fold([f64::MAX, f64::MIN], |[least, most], [_, y]| [least.min(*y), most.max(*y)])
    };
    assert_eq!((thinned.first(), thinned.last()), (line.first(), line.last()));
    for part in line.chunks(50) {
        let column = part[0][0].floor();
        let kept: Vec<[f64; 2]> = thinned.iter().copied().filter(|[x, _]| x.floor() == column).collect();
        assert_eq!(extremes(&kept), extremes(part), "column {column}");
    }
}

#[test]
fn text_is_escaped() {
    let name = "a < b & \"c\" > 'd' \u{1}\n</text>";
    let series = Series::new(name, [[0.0, 1.0], [1.0, 2.0]]);
    let svg = Chart::curves(name, [name, name], vec![series]).picture().svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let written: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    assert!(written.contains(&"a < b & \"c\" > 'd'  </text>"), "{written:?}");
}

#[test]
fn numbers_that_are_not_finite_are_left_out_of_every_picture() {
    let strange = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, f64::MAX, f64::MIN_POSITIVE];
    let sets = [&strange[..], &strange[..3], &strange[3..4], &[], &[1.0]];
    for values in sets {
        for style in [Style::Line, Style::Dots, Style::Dashed] {
            let points = values.iter().flat_map(|x| values.iter().map(|y| [*x, *y]));
            let series = Series::new("loss", points).style(style);
            let losses = Chart::losses("", Over::Seconds, vec![series.clone()]);
            let curves = Chart::curves("", ["", ""], vec![series]);
            check(&[vec![losses.into(), curves.into()]]);
        }
        for colours in [Colours::Values, Colours::Signed, Colours::Errors] {
            for columns in [0, 1, 3] {
                let axes =
                    Axes { x: Axis::space("x", [0.0, 0.0]), y: Axis::space("y", [f64::NAN, 1.0]), columns };
                let arrows = Arrows::new("field", axes.clone(), values, values);
                check(&[vec![arrows.clone().into(), arrows.streamlines().into()]]);
                check(&[vec![HeatMap::new("field", axes, values.to_vec()).colours(colours).into()]]);
            }
        }
    }
    check(&[]);
    check(&[vec![]]);
}

fn check(rows: &[Vec<Panel>]) {
    let picture = panels(rows);
    let svg = picture.svg();
    roxmltree::Document::parse(&svg).unwrap();
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert!(picture.size().iter().all(|side| *side < 1500.0), "{svg}");
    picture.png(1.0).unwrap();
}

#[test]
fn a_picture_without_pixels_is_refused() {
    let picture = Chart::curves("", ["x", "y"], Vec::new()).picture();
    for scale in [0.0, -1.0, f64::NAN, 1e9] {
        assert!(picture.png(scale).is_err(), "{scale}");
    }
}
