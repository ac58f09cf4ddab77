//! What a network calls its inputs and outputs, and the network whose order is that of an operator.
//!
//! A permutation goes into the weights of the first or the last layer where it can, and is a node of its own otherwise.
//! Parameters keep their order: the prelude moves what is derived from them. Checked by
//! `a_network_goes_by_the_names_of_its_inputs_and_outputs` and `other_names_do_not_touch_the_parameters`.

use std::borrow::Cow;

use super::{Matrix, Network, Node, NodeId, NumberList, Operation, Piece};
use crate::names::{NameConflict, NameMatch, NameNote, Named, match_names};

/// The names of inputs and outputs, where they are known: one for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Labels {
    pub(super) inputs: Option<Vec<String>>,
    pub(super) outputs: Option<Vec<String>>,
}

impl<S> Network<S> {
    /// What the inputs are called, if the network knows.
    pub fn input_names(&self) -> Option<&[String]> {
        self.labels.inputs.as_deref()
    }

    /// What the outputs are called, if the network knows.
    pub fn output_names(&self) -> Option<&[String]> {
        self.labels.outputs.as_deref()
    }

    /// The same network with names for its inputs; without any, unless there is one for each.
    #[must_use]
    pub fn with_input_names(mut self, names: Option<Vec<String>>) -> Self {
        self.labels.inputs = names.filter(|names| names.len() == self.inputs());
        self
    }

    /// The same network with names for its outputs; without any, unless there is one for each.
    #[must_use]
    pub fn with_output_names(mut self, names: Option<Vec<String>>) -> Self {
        self.labels.outputs = names.filter(|names| names.len() == self.outputs());
        self
    }
}

impl<S: Clone> Network<S> {
    /// The network with its inputs in the order of `coordinates` and its outputs in the order of `fields`, by name, and
    /// what there is to say about it. Other numbers of names are left to the evaluator.
    ///
    /// # Errors
    /// [`NameConflict`] where names agree in part.
    ///
    /// # Example
    /// ```
    /// use jetc_runtime::{Matrix, Network};
    /// let weight = Matrix::from_row_major(1, 2, vec![1.0, 2.0]).unwrap();
    /// let network = Network::builder(2).affine(weight, None).build()?;
    /// let network = network.with_input_names(Some(vec!["t".into(), "x".into()]));
    /// let (arranged, notes) = network.arranged(&["x".into(), "t".into()], None)?;
    /// assert_eq!(arranged.input_names().unwrap(), ["x", "t"]);
    /// assert_eq!(notes.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn arranged(
        &self,
        coordinates: &[String],
        fields: Option<&[String]>,
    ) -> Result<(Cow<'_, Self>, Vec<NameNote>), NameConflict> {
        let (mut network, mut notes) = (Cow::Borrowed(self), Vec::new());
        if let Some(order) = order(Named::Inputs, coordinates, self.input_names(), &mut notes)? {
            network.to_mut().permute_inputs(&order);
        }
        if let Some(order) = fields
            .map(|fields| order(Named::Outputs, fields, self.output_names(), &mut notes))
            .transpose()?
            .flatten()
        {
            network.to_mut().permute_outputs(&order);
        }
        Ok((network, notes))
    }

    /// The same function of points with `width` columns: input j is what stands in column `places[j]`, the others are not read.
    /// Inputs have no names then.
    ///
    /// # Example
    /// ```
    /// use jetc_runtime::{Matrix, Network};
    /// let weight = Matrix::from_row_major(1, 2, vec![1.0, 2.0]).unwrap();
    /// let network = Network::builder(2).affine(weight, None).build()?;
    /// assert_eq!(network.reading(&[2, 0], 3).inputs(), 3);
    /// # Ok::<(), jetc_runtime::NetworkError>(())
    /// ```
    ///
    /// # Panics
    /// If there are not as many places as inputs, or one of them is no column.
    #[must_use]
    pub fn reading(&self, places: &[usize], width: usize) -> Self {
        assert_eq!(places.len(), self.inputs(), "each input has a place");
        assert!(places.iter().all(|&place| place < width), "a place is one of {width} columns");
        let mut network = self.clone();
        network.labels.inputs = None;
        network.behind_input(arrange(NodeId::INPUT, places), places.len());
        network.nodes[0].features = width;
        network
    }

    /// Input j becomes the one that was at `order[j]`.
    fn permute_inputs(&mut self, order: &[usize]) {
        self.labels.inputs = self.labels.inputs.as_deref().map(|names| permuted(names, order));
        let reads = |node: &Node<S>| node.operation.inputs().contains(&NodeId::INPUT);
        let is_whole = |node: &Node<S>| matches!(&node.operation, Operation::Affine { weight, .. } if weight.columns() == order.len());
        if self.nodes.len() > 1 && self.nodes.iter().filter(|node| reads(node)).all(is_whole) {
            for number in 0..self.nodes.len() {
                if reads(&self.nodes[number])
                    && let Operation::Affine { weight, .. } = &self.nodes[number].operation
                {
                    let (numbers, rows, columns) = (weight.numbers().clone(), weight.rows(), order.len());
                    let places = (0..rows).flat_map(|row| order.iter().map(move |j| row * columns + j));
                    let numbers = self.reordered(&numbers, &places.collect::<Vec<_>>());
                    self.set_weight(number, numbers);
                }
            }
            return;
        }
        // Feature j of the old point stands at the place of j in the order.
        let mut places = vec![0; order.len()];
        for (place, &old) in order.iter().enumerate() {
            places[old] = place;
        }
        self.behind_input(arrange(NodeId::INPUT, &places), order.len());
    }

    /// Lets everything that reads the input read what `operation` makes of it.
    fn behind_input(&mut self, operation: Operation<S>, features: usize) {
        let after = |node: NodeId| NodeId::new(node.index() + 1);
        let nodes = std::mem::take(&mut self.nodes).into_iter();
        let mut nodes = nodes
            .map(|node| Node { operation: node.operation.renamed(after), features: node.features })
            .collect::<Vec<_>>();
        nodes.insert(1, Node { operation, features });
        self.nodes = nodes;
    }

    /// Gives an affine node as many other numbers for its weight.
    fn set_weight(&mut self, node: usize, numbers: NumberList<S>) {
        if let Operation::Affine { weight, .. } = &mut self.nodes[node].operation {
            *weight = Matrix::from_numbers(weight.rows(), weight.columns(), numbers)
                .expect("a permutation keeps the number of entries");
        }
    }

    /// Output j becomes the one that was at `order[j]`.
    fn permute_outputs(&mut self, order: &[usize]) {
        self.labels.outputs = self.labels.outputs.as_deref().map(|names| permuted(names, order));
        let last = self.output();
        if let Operation::Affine { weight, bias, .. } = &self.nodes[last.index()].operation
            && weight.rows() == order.len()
        {
            let (numbers, bias, columns) = (weight.numbers().clone(), bias.clone(), weight.columns());
            let places = order.iter().flat_map(|&row| row * columns..(row + 1) * columns);
            let numbers = self.reordered(&numbers, &places.collect::<Vec<_>>());
            self.set_weight(last.index(), numbers);
            let reordered = bias.map(|bias| self.reordered(&bias, order));
            if let Operation::Affine { bias, .. } = &mut self.nodes[last.index()].operation {
                *bias = reordered;
            }
            return;
        }
        self.nodes.push(Node { operation: arrange(last, order), features: order.len() });
    }
}

/// The order by name, where it is another one.
fn order(
    what: Named,
    expected: &[String],
    found: Option<&[String]>,
    notes: &mut Vec<NameNote>,
) -> Result<Option<Vec<usize>>, NameConflict> {
    let Some(found) = found.filter(|found| found.len() == expected.len()) else { return Ok(None) };
    let matched = match_names(what, expected, found)?;
    let (order, by_name) = match matched {
        NameMatch::InOrder => return Ok(None),
        NameMatch::Unlike => (None, false),
        NameMatch::ByName { order } => (Some(order), true),
    };
    notes.push(NameNote { what, expected: expected.to_vec(), found: found.to_vec(), by_name });
    Ok(order)
}

fn permuted<T: Clone>(entries: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&place| entries[place].clone()).collect()
}

/// Features of one node, one by one.
fn arrange<S>(source: NodeId, features: &[usize]) -> Operation<S> {
    let piece = |&start: &usize| Piece { source: Some(source), start, step: 1, length: 1 };
    Operation::Arrange { pieces: features.iter().map(piece).collect() }
}

#[cfg(test)]
mod tests {
    use jetc_operators::{OperatorSpec, Strategy};

    use super::super::GraphBuilder;
    use super::*;
    use crate::reference;
    use crate::{Activation, Matrix};

    fn names(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    /// (a − 2b + c², a) of a point (a, b, c).
    fn nodes_of_its_own() -> Network<f64> {
        let mut graph = GraphBuilder::new(3);
        let point = graph.input();
        let square = graph.apply(Activation::Square, point).unwrap();
        let weight = Matrix::from_row_major(1, 3, vec![0.0, 0.0, 1.0]).unwrap();
        let last = graph.linear(square, weight, None).unwrap();
        let weight = Matrix::from_row_major(1, 3, vec![1.0, -2.0, 0.0]).unwrap();
        let first = graph.linear(point, weight, None).unwrap();
        let sum = graph.add(first, last).unwrap();
        let one = graph.slice(point, 0, 0, 1, 1).unwrap();
        let output = graph.concat(&[sum, one], 0).unwrap();
        graph.build(output).unwrap()
    }

    /// (a + 2b + 3c + 1, 4a + 5b + 6c + 2) of a point (a, b, c).
    fn in_the_weights() -> Network<f64> {
        let weight = Matrix::from_row_major(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        Network::builder(3).affine(weight, Some(vec![1.0, 2.0])).build().unwrap()
    }

    fn value(network: &Network<f64>, point: &[f64]) -> Vec<f64> {
        let spec = OperatorSpec::from_yaml("value", "coordinates: [a, b, c]\noutputs: {r: u}\n").unwrap();
        let plan = spec.plan(Strategy::Minimal).unwrap();
        let results = reference::evaluate(network, &plan, point).unwrap();
        results.into_iter().flatten().collect()
    }

    #[test]
    fn a_network_goes_by_the_names_of_its_inputs_and_outputs() {
        let point = [0.5, -1.25, 3.0];
        for network in [nodes_of_its_own(), in_the_weights()] {
            let truth = value(&network, &point);
            let named = network.with_input_names(Some(names("a b c"))).with_output_names(Some(names("u v")));
            for (order, permutation) in [("b c a", [1, 2, 0]), ("c b a", [2, 1, 0]), ("a b c", [0, 1, 2])] {
                let (arranged, notes) = named.arranged(&names(order), Some(&names("v u"))).unwrap();
                let found = value(&arranged, &permutation.map(|place| point[place]));
                assert_eq!(found, [truth[1], truth[0]], "{order}");
                assert_eq!(notes.len(), 1 + usize::from(order != "a b c"));
                assert_eq!(arranged.input_names().unwrap(), names(order));
                assert_eq!(arranged.output_names().unwrap(), ["v", "u"]);
            }
        }
    }

    #[test]
    fn other_names_do_not_touch_the_parameters() {
        let network = in_the_weights();
        let other: Vec<f64> = (1..=8).map(|number| f64::from(number).sqrt()).collect();
        let named = |network: Network<f64>| {
            let network =
                network.with_input_names(Some(names("a b c"))).with_output_names(Some(names("u v")));
            network.arranged(&names("c a b"), Some(&names("v u"))).unwrap().0.into_owned()
        };
        let arranged = named(network.clone());
        assert_eq!(arranged.parameters(), network.parameters());
        assert_eq!(arranged.derived_len(), 8);
        let (before, after) = (named(network.with_parameters(&other).unwrap()), arranged);
        assert_eq!(after.with_parameters(&other).unwrap(), before);
        assert_ne!(after, before);
    }

    #[test]
    fn names_that_agree_in_part_are_refused() {
        let network = in_the_weights().with_input_names(Some(names("y x tau")));
        let conflict = network.arranged(&names("x y t"), None).unwrap_err();
        assert!(
            conflict.to_string().starts_with("the network's inputs are `y`, `x`, `tau`, but"),
            "{conflict}"
        );
    }
}
