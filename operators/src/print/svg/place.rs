//! Places: nodes of a layered graph get coordinates so that nothing overlaps and lines are short.
//!
//! Vertically every node wants to stand at the mean height of its neighbours. Two sweeps, one that pushes nodes down and one
//! that pushes them up until they are far enough apart, bracket the wanted heights; their mean keeps all distances.
//! Checked by `nothing_overlaps_and_nothing_leaves_the_page`.

use super::figure::{Figure, LARGE, SMALL};
use super::layers::{Item, Layers, mean};

/// Where a node stands: its centre, and its extent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Place {
    pub(super) fn left(self) -> f64 {
        self.x - self.width / 2.0
    }

    pub(super) fn right(self) -> f64 {
        self.x + self.width / 2.0
    }

    pub(super) fn top(self) -> f64 {
        self.y - self.height / 2.0
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// Space between neighbours in a layer, and between layers: before results lines run together and need less.
const BETWEEN: f64 = 11.0;
const BEFORE_FACTORS: f64 = 54.0;
const BEFORE_RESULTS: f64 = 34.0;

const SWEEPS: usize = 60;

/// Places every node; all coordinates are positive, the left and upper margins zero.
pub(super) fn places(figure: &Figure, graph: &Layers) -> Vec<Place> {
    let mut places: Vec<Place> = graph.items.iter().map(|&item| extent(figure, item)).collect();
    let mut x = 0.0;
    for layer in &graph.columns {
        let is_channels = layer.iter().any(|&node| matches!(graph.items[node], Item::Channels(_)));
        if x > 0.0 {
            x += if is_channels { BEFORE_RESULTS } else { BEFORE_FACTORS };
        }
        let width = layer.iter().map(|&node| places[node].width).fold(0.0, f64::max);
        let mut y = 0.0;
        for &node in layer {
            let place = &mut places[node];
            // Boxes and trunks take the whole width of the layer; marks keep their own.
            place.width = if matches!(graph.items[node], Item::Mark(_)) { place.width } else { width };
            place.x = x + width / 2.0;
            place.y = y + place.height / 2.0;
            y += place.height + BETWEEN;
        }
        x += width;
    }
    balance(graph, &mut places);
    places
}

fn extent(figure: &Figure, item: Item) -> Place {
    let (width, height) = match item {
        Item::Channels(number) => {
            let channels = &figure.boxes[number];
            let seed = channels.seed.as_ref().map_or(0.0, |seed| seed.width(SMALL));
            (channels.name.width(LARGE).max(seed).max(26.0) + 16.0, 40.0)
        }
        Item::Mark(number) => (figure.marks[number].label.width(SMALL).max(10.0) + 10.0, 20.0),
        Item::Readout(number) => {
            let readout = &figure.readouts[number];
            (readout.functional.width(LARGE).max(readout.symbol.width(SMALL)) + 16.0, 44.0)
        }
        Item::Way(_) => (0.0, 4.0),
    };
    Place { width, height, ..Place::default() }
}

/// Heights by sweeps over the layers, then moved so that the topmost is zero.
fn balance(graph: &Layers, places: &mut [Place]) {
    let [before, after] = graph.neighbours();
    let both: Vec<Vec<usize>> = before.iter().zip(&after).map(|(a, b)| [&a[..], &b[..]].concat()).collect();
    for sweep in 0..SWEEPS {
        let neighbours = match sweep % 3 {
            0 => &before,
            1 => &after,
            _ => &both,
        };
        for layer in &graph.columns {
            let wanted: Vec<f64> = layer
                .iter()
                .map(|&node| match &neighbours[node][..] {
                    [] => places[node].y,
                    near => mean(near.iter().map(|&other| places[other].y)),
                })
                .collect();
            for (&node, y) in layer.iter().zip(apart(layer, places, &wanted)) {
                places[node].y = y;
            }
        }
    }
    let top = places.iter().map(|place| place.top()).fold(f64::INFINITY, f64::min);
    for place in places {
        place.y -= top;
    }
}

/// Heights near the wanted ones that keep the nodes of a layer apart.
fn apart(layer: &[usize], places: &[Place], wanted: &[f64]) -> Vec<f64> {
    let distance =
        |upper: usize| BETWEEN + f64::midpoint(places[layer[upper]].height, places[layer[upper + 1]].height);
    let (mut pushed_down, mut pushed_up) = (wanted.to_vec(), wanted.to_vec());
    for index in 1..wanted.len() {
        pushed_down[index] = wanted[index].max(pushed_down[index - 1] + distance(index - 1));
    }
    for index in (1..wanted.len()).rev() {
        pushed_up[index - 1] = wanted[index - 1].min(pushed_up[index] - distance(index - 1));
    }
    pushed_down.into_iter().zip(pushed_up).map(|(down, up)| f64::midpoint(down, up)).collect()
}
