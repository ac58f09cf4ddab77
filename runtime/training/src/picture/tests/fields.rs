//! Tests of fields: which cell is where, and in which colour.

use crate::picture::colour::Map;
use crate::picture::scene::{Colour, Shape};
use crate::picture::{Axes, Axis, Colours, HeatMap};

/// Colours of the cells of a field of three columns, by row from the top.
fn shown(values: &[f64], colours: Colours) -> Vec<Option<Colour>> {
    let axes = Axes { x: Axis::space("x", [0.0, 3.0]), y: Axis::space("y", [0.0, 2.0]), columns: 3 };
    let picture = HeatMap::new("field", axes, values.to_vec()).colours(colours).picture();
    let found = picture.shapes.iter().find_map(|shape| match shape {
        Shape::Image { bitmap, .. } => Some(bitmap.cells.iter().map(|cell| bitmap.colour(*cell)).collect()),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn the_first_value_is_at_the_lower_left_and_what_is_not_finite_stays_white() {
    let cells = shown(&[0.0, f64::NAN, 0.5, 1.0, f64::INFINITY, 1.0], Colours::Values);
    let [low, middle, high] = [0.0, 127.0 / 254.0, 1.0].map(|place| Some(Map::Viridis.at(place)));
    assert_eq!(cells, [high, None, high, low, None, middle]);
}

#[test]
fn zero_is_in_the_middle_of_signed_colours() {
    let cells = shown(&[-1.0, 0.0, 4.0, 0.0, 2.0, -4.0], Colours::Signed);
    assert_eq!(cells[4], Some(Map::Vik.at(0.5)));
    assert_eq!([cells[5], cells[2]], [1.0, 0.0].map(|place| Some(Map::Vik.at(place))));
    assert_eq!(shown(&[1.0, 2.0, 3.0], Colours::Signed), shown(&[1.0, 2.0, 3.0], Colours::Values));
}

#[test]
fn errors_are_shown_by_their_decade_whatever_their_sign() {
    let cells = shown(&[1e-2, -1e-3, 1e-4], Colours::Errors);
    assert_eq!(cells, [1.0, 0.5, 0.0].map(|place| Some(Map::Magma.at(place))));
    let cells = shown(&[1.0, 1e-30, 0.0], Colours::Errors);
    assert_eq!(cells[1..], [Some(Map::Magma.at(0.0)); 2], "no more than six decades");
}
