//! A figure as a layered graph: columns of channels, of products between them, and the readouts last.
//!
//! A channel that is used further to the right has one *trunk*: a way point in every layer it passes, from which lines branch
//! off. Lines therefore join neighbouring layers only, and never run behind a box.
//!
//! Crossings are reduced by the barycentre method (Sugiyama, Tagawa, Toda, IEEE Trans. SMC 11, 1981): layer by layer, nodes
//! are sorted by the mean position of their neighbours; the best of all rounds stays.
//! Checked by `lines_join_neighbouring_layers`.

use std::collections::BTreeMap;

use super::figure::Figure;

/// What stands at one place of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A box of channels, by number.
    Channels(usize),
    /// A product, by number.
    Mark(usize),
    /// A box of readouts, by number.
    Readout(usize),
    /// The trunk of a box of channels passes.
    Way(usize),
}

/// A line from a node to one in the next layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Nodes in layers, each layer in its order from top to bottom.
#[derive(Debug)]
pub(super) struct Layers {
    pub(super) items: Vec<Item>,
    pub(super) columns: Vec<Vec<usize>>,
    pub(super) lines: Vec<Line>,
}

/// Rounds of sorting, each from left to right and back.
const ROUNDS: usize = 12;

impl Layers {
    pub(super) fn new(figure: &Figure) -> Self {
        let mut graph = Self::nodes(figure);
        graph.draw_lines(figure);
        graph.sort();
        graph
    }

    /// Boxes and marks in their layers; layers without any are left out.
    fn nodes(figure: &Figure) -> Self {
        let mut by_layer: BTreeMap<usize, Vec<Item>> = BTreeMap::new();
        let mut last = 0;
        for (number, channels) in
            figure.boxes.iter().enumerate().filter(|(number, _)| figure.is_drawn(*number))
        {
            last = last.max(2 * channels.column + 1);
            by_layer.entry(2 * channels.column).or_default().push(Item::Channels(number));
        }
        for (number, mark) in figure.marks.iter().enumerate() {
            by_layer.entry(2 * figure.boxes[mark.result].column - 1).or_default().push(Item::Mark(number));
        }
        let readouts = (0..figure.readouts.len()).map(Item::Readout);
        by_layer.entry(last).or_default().extend(readouts);
        let (mut items, mut layers) = (Vec::new(), Vec::new());
        for layer in by_layer.into_values().filter(|layer| !layer.is_empty()) {
            layers.push((items.len()..items.len() + layer.len()).collect());
            items.extend(layer);
        }
        Self { items, columns: layers, lines: Vec::new() }
    }

    fn draw_lines(&mut self, figure: &Figure) {
        let layer_of = self.layer_of();
        let node =
            |item: Item| self.items.iter().position(|&other| other == item).expect("every item has a node");
        let mut uses: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, mark) in figure.marks.iter().enumerate() {
            let target = node(Item::Mark(number));
            uses.entry(mark.left).or_default().push(target);
            if !mark.is_square {
                uses.entry(mark.right).or_default().push(target);
            }
            self.lines.push(Line { from: target, to: node(Item::Channels(mark.result)) });
        }
        for (number, readout) in figure.readouts.iter().enumerate() {
            for &source in &readout.reads {
                uses.entry(source).or_default().push(node(Item::Readout(number)));
            }
        }
        let starts: Vec<usize> = uses.keys().map(|&source| node(Item::Channels(source))).collect();
        for ((source, targets), start) in uses.into_iter().zip(starts) {
            let first = layer_of[start];
            let furthest = targets.iter().map(|&target| layer_of[target]).max().unwrap_or(first);
            let mut trunk = vec![start];
            for layer in first + 1..furthest {
                let way = self.items.len();
                self.items.push(Item::Way(source));
                self.columns[layer].push(way);
                self.lines.push(Line { from: trunk[trunk.len() - 1], to: way });
                trunk.push(way);
            }
            let branches = targets.into_iter().map(|to| Line { from: trunk[layer_of[to] - first - 1], to });
            self.lines.extend(branches);
        }
        self.lines.sort_unstable();
        self.lines.dedup();
    }

    /// The layer of every node.
    pub(super) fn layer_of(&self) -> Vec<usize> {
        let mut layer_of = vec![0; self.items.len()];
        for (number, layer) in self.columns.iter().enumerate() {
            for &node in layer {
                layer_of[node] = number;
            }
        }
        layer_of
    }

    /// The neighbours of every node in the layer before and in the layer after.
    pub(super) fn neighbours(&self) -> [Vec<Vec<usize>>; 2] {
        let mut neighbours = [vec![Vec::new(); self.items.len()], vec![Vec::new(); self.items.len()]];
        for line in &self.lines {
            neighbours[0][line.to].push(line.from);
            neighbours[1][line.from].push(line.to);
        }
        neighbours
    }

    fn sort(&mut self) {
        let neighbours = self.neighbours();
        let mut best = (self.crossings(), self.columns.clone());
        for _ in 0..ROUNDS {
            for layer in 1..self.columns.len() {
                self.sort_layer(layer, layer - 1, &neighbours[0]);
            }
            for layer in (1..self.columns.len()).rev() {
                self.sort_layer(layer - 1, layer, &neighbours[1]);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
        }
        self.columns = best.1;
    }

    fn sort_layer(&mut self, layer: usize, fixed: usize, neighbours: &[Vec<usize>]) {
        let positions = self.relative_positions(fixed);
        let own = self.relative_positions(layer);
        let barycentre = |node: usize| match &neighbours[node][..] {
            [] => own[&node],
            near => mean(near.iter().map(|other| positions[other])),
        };
        let mut keyed: Vec<(f64, usize)> =
            self.columns[layer].iter().map(|&node| (barycentre(node), node)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.columns[layer] = keyed.into_iter().map(|(_, node)| node).collect();
    }

    /// Where the nodes of a layer stand, from 0 at the top to 1 at the bottom.
    fn relative_positions(&self, layer: usize) -> BTreeMap<usize, f64> {
        let step = 1.0 / real(self.columns[layer].len());
        self.columns[layer]
            .iter()
            .enumerate()
            .map(|(index, &node)| (node, (real(index) + 0.5) * step))
            .collect()
    }

    /// Pairs of lines that cross.
    fn crossings(&self) -> usize {
        let mut place = vec![(0, 0); self.items.len()];
        for (number, layer) in self.columns.iter().enumerate() {
            for (position, &node) in layer.iter().enumerate() {
                place[node] = (number, position);
            }
        }
        let mut ends: Vec<(usize, usize, usize)> = self
            .lines
            .iter()
            .map(|line| (place[line.from].0, place[line.from].1, place[line.to].1))
            .collect();
        ends.sort_unstable();
        let gaps = ends.chunk_by(|a, b| a.0 == b.0);
        let crossed = |gap: &[(usize, usize, usize)]| {
            let below = |index: usize| {
                gap[index + 1..].iter().filter(move |b| gap[index].1 < b.1 && gap[index].2 > b.2)
            };
            (0..gap.len()).map(|index| below(index).count()).sum::<usize>()
        };
        gaps.map(crossed).sum()
    }
}

/// The mean of some numbers.
pub(super) fn mean(numbers: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = real(numbers.len());
    numbers.sum::<f64>() / count
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("figures are small"))
}
