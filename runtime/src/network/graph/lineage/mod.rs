//! Constants that depend on parameters: beside their numbers, the builder keeps how they come from the parameters.
//!
//! | notation | name |
//! |---|---|
//! | a parameter | a leaf: a node of the prelude that stands for its numbers |
//! | the origin of a constant | the node of the prelude with the same numbers, for any parameters |
//! | z | all origins that operations hold, one after another |
//!
//! Every operation on constants is done twice: on their numbers, and as an operation of the prelude. What is decided by
//! the value of a number is decided for plain numbers alone; a tensor whose numbers must be known becomes a constant
//! ([`GraphBuilder::fixed_entries`]). Checked by `derived_constants_follow_their_parameters`.

mod finish;

use std::collections::BTreeMap;

use super::{GraphBuilder, GraphError, TensorId, Value, shape};
use crate::jet::JetScalar;
use crate::network::{Node, NodeId, NumberList, Operation, Piece};

/// The values of a prelude together may have this many numbers; those of a network have fewer, for there are many points.
const MOST_NUMBERS: usize = 1 << 28;

/// The parameters so far, and what is derived from them.
#[derive(Debug, Clone)]
pub(super) struct Lineage<S> {
    /// Each parameter is a leaf of it; its input is made at the end.
    prelude: GraphBuilder<S>,
    parameters: Vec<Declared<S>>,
    /// The numbers of the parameters by name.
    names: BTreeMap<String, usize>,
    /// Shapes of what is no parameter, by name.
    constants: BTreeMap<String, Vec<usize>>,
}

/// A parameter that was asked for.
#[derive(Debug, Clone)]
struct Declared<S> {
    name: String,
    /// The tensor of the graph.
    tensor: TensorId,
    leaf: NodeId,
    values: Vec<S>,
    shape: Vec<usize>,
    /// Whether its numbers must be known: it is a constant then.
    is_fixed: bool,
}

impl<S: JetScalar + PartialEq> Lineage<S> {
    fn new() -> Self {
        let mut prelude = GraphBuilder::new(0);
        prelude.limit = MOST_NUMBERS;
        Self { prelude, parameters: Vec::new(), names: BTreeMap::new(), constants: BTreeMap::new() }
    }

    /// A node that stands for numbers which are not known. Nothing shows whether they are negative.
    fn leaf(&mut self, features: usize) -> NodeId {
        let operation = Operation::Combine { summands: Vec::new(), constant: None };
        self.prelude.nodes.push(Node { operation, features });
        self.prelude.is_nonnegative.push(false);
        NodeId::new(self.prelude.nodes.len() - 1)
    }

    /// The tensor of the prelude with the numbers of a constant.
    fn tensor(&mut self, value: &Value<S>) -> TensorId {
        match value {
            Value::Constant { shape, origin: Some(id), .. } => {
                self.prelude.push_value(Value::Node { id: *id, shape: shape.clone() })
            }
            Value::Constant { .. } => self.prelude.push_value(value.clone()),
            // Callers read nothing of what depends on the point.
            Value::Node { .. } => self.prelude.scalar(S::zero()),
        }
    }

    /// The parameters that a node depends on and that were not seen before, by their number.
    fn leaves(&self, node: NodeId, seen: &mut [bool], numbers: &BTreeMap<NodeId, usize>) -> Vec<usize> {
        let (mut open, mut found) = (vec![node], Vec::new());
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node.index()], true) {
                found.extend(numbers.get(&node).filter(|&&number| !self.parameters[number].is_fixed));
                open.extend(self.prelude.nodes[node.index()].operation.inputs());
            }
        }
        found.sort_unstable();
        found
    }
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// A tensor that does not depend on the point, but varies: a parameter of the network. The same name again is the
    /// same parameter; the name of a buffer is that of a constant.
    ///
    /// # Example: a scaled linear layer
    /// ```
    /// use jetc_runtime::{Activation, GraphBuilder};
    ///
    /// let mut graph = GraphBuilder::<f64>::new(2);
    /// let weight = graph.parameter("fc.weight", &[1, 2], vec![1.0, -1.0])?;
    /// let s = graph.parameter("fc.s", &[], vec![0.5])?;
    /// let factor = graph.apply(Activation::Exp, s)?;
    /// let weight = graph.multiply(factor, weight)?;
    /// let output = graph.affine(graph.input(), weight, None)?;
    /// let network = graph.build(output)?;
    /// let names: Vec<&str> = network.parameters().tensors().iter().map(|tensor| tensor.name.as_str()).collect();
    /// assert_eq!(names, ["fc.weight", "fc.s"]);
    /// assert_eq!(network.prelude().map(|prelude| (prelude.inputs(), prelude.outputs())), Some((3, 2)));
    /// # Ok::<(), jetc_runtime::GraphError>(())
    /// ```
    ///
    /// # Errors
    /// [`GraphError::Constant`] if there are not as many entries as the shape says, [`GraphError::Parameter`] if the name
    /// is that of a parameter of another shape.
    pub fn parameter(
        &mut self,
        name: &str,
        shape: &[usize],
        entries: Vec<S>,
    ) -> Result<TensorId, GraphError> {
        if shape::size(shape) != Some(entries.len()) {
            return Err(GraphError::Constant { shape: shape.to_vec(), entries: entries.len() });
        }
        let lineage = self.lineage.get_or_insert_with(|| Box::new(Lineage::new()));
        if let Some(&number) = lineage.names.get(name) {
            let known = &lineage.parameters[number];
            if known.shape != shape {
                let (name, known, found) = (name.to_owned(), known.shape.clone(), shape.to_vec());
                return Err(GraphError::Parameter { name, known, found });
            }
            return Ok(known.tensor);
        }
        if lineage.constants.contains_key(name) {
            return self.constant(shape, entries);
        }
        let leaf = lineage.leaf(entries.len());
        let tensor = self.push_constant(shape.to_vec(), entries.clone());
        self.set_origin(tensor, Some(leaf));
        if let Some(lineage) = &mut self.lineage {
            let (name, shape) = (name.to_owned(), shape.to_vec());
            let declared = Declared { name, tensor, leaf, values: entries, shape, is_fixed: false };
            lineage.names.insert(declared.name.clone(), lineage.parameters.len());
            lineage.parameters.push(declared);
        }
        Ok(tensor)
    }

    /// A named tensor that does not vary: a buffer. If it is a parameter already, it is one no longer.
    ///
    /// # Errors
    /// As [`Self::parameter`].
    pub fn buffer(&mut self, name: &str, shape: &[usize], entries: Vec<S>) -> Result<TensorId, GraphError> {
        let is_parameter = |lineage: &Lineage<S>| lineage.names.contains_key(name);
        if self.lineage.as_deref().is_some_and(is_parameter) {
            let tensor = self.parameter(name, shape, entries)?;
            self.fixed_entries(tensor);
            return Ok(tensor);
        }
        self.mention(name, shape);
        self.constant(shape, entries)
    }

    /// Lists a tensor that is no parameter among the constants of the network, by its name: shapes, positions.
    pub fn mention(&mut self, name: &str, shape: &[usize]) {
        let lineage = self.lineage.get_or_insert_with(|| Box::new(Lineage::new()));
        lineage.constants.entry(name.to_owned()).or_insert_with(|| shape.to_vec());
    }

    /// The numbers of a tensor that does not depend on the point, for what is decided by them: exponents, bounds. Parameters
    /// that they come from are constants from now on.
    pub fn fixed_entries(&mut self, tensor: TensorId) -> Option<&[S]> {
        if let (Some(origin), Some(lineage)) = (self.origin(tensor), &mut self.lineage) {
            let numbers = lineage.parameters.iter().enumerate().map(|(number, p)| (p.leaf, number)).collect();
            let mut seen = vec![false; lineage.prelude.nodes.len()];
            for number in lineage.leaves(origin, &mut seen, &numbers) {
                lineage.parameters[number].is_fixed = true;
            }
        }
        self.constant_entries(tensor)
    }

    /// Whether the numbers of a tensor do not depend on the point, but on parameters.
    pub(crate) fn varies(&self, tensor: TensorId) -> bool {
        self.origin(tensor).is_some()
    }

    /// The node of the prelude with the numbers of a constant.
    pub(super) fn origin(&self, tensor: TensorId) -> Option<NodeId> {
        match self.value(tensor) {
            Value::Constant { origin, .. } => *origin,
            Value::Node { .. } => None,
        }
    }

    fn set_origin(&mut self, tensor: TensorId, node: Option<NodeId>) {
        if let Value::Constant { origin, .. } = &mut self.values[tensor.0 as usize] {
            *origin = node;
        }
    }

    /// The new constant `result`, which is `operation` of `inputs`. Where one of them depends on parameters, so does it: by
    /// the same operation of the prelude.
    pub(super) fn mirrored(
        &mut self,
        result: TensorId,
        inputs: &[TensorId],
        operation: impl FnOnce(&mut Self, &[TensorId]) -> Result<TensorId, GraphError>,
    ) -> Result<TensorId, GraphError> {
        if !inputs.iter().any(|&input| self.varies(input)) {
            return Ok(result);
        }
        let Some(mut lineage) = self.lineage.take() else { return Ok(result) };
        let inputs: Vec<TensorId> = inputs.iter().map(|&input| lineage.tensor(self.value(input))).collect();
        let derived = operation(&mut lineage.prelude, &inputs);
        let origin = derived.map(|tensor| lineage.prelude.node_of(tensor));
        self.lineage = Some(lineage);
        self.set_origin(result, origin?);
        Ok(result)
    }

    /// The product of two tensors of the prelude; what is multiplied by ones stays as it is.
    pub(in crate::network) fn times(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        for (x, factor) in [(a, b), (b, a)] {
            let is_one = self.constant_entries(factor).is_some_and(|all| all.iter().all(|c| *c == S::one()));
            if is_one && shape::broadcast(self.shape(x), self.shape(factor))? == self.shape(x) {
                return Ok(x);
            }
        }
        self.multiply(a, b)
    }

    /// The node of a tensor, if it is one.
    pub(super) fn node_of(&self, tensor: TensorId) -> Option<NodeId> {
        match self.value(tensor) {
            Value::Node { id, .. } => Some(*id),
            Value::Constant { .. } => None,
        }
    }

    /// The numbers of a constant, as an operation holds them.
    pub(super) fn numbers(&self, tensor: TensorId) -> Option<NumberList<S>> {
        match self.value(tensor) {
            Value::Constant { entries, origin, .. } => {
                Some(NumberList::from(entries.to_vec()).with_origin(origin.map(NodeId::index)))
            }
            Value::Node { .. } => None,
        }
    }

    /// The numbers that an operation holds, as a constant.
    pub(super) fn push_numbers(&mut self, shape: Vec<usize>, numbers: NumberList<S>) -> TensorId {
        let origin = numbers.origin().map(NodeId::new);
        let tensor = self.push_constant(shape, numbers.into_vec());
        self.set_origin(tensor, origin);
        tensor
    }

    /// The builder of the prelude, if there are parameters.
    pub(super) fn prelude_of(lineage: &mut Option<Box<Lineage<S>>>) -> Option<&mut Self> {
        lineage.as_mut().map(|lineage| &mut lineage.prelude)
    }
}

/// Arithmetic with the numbers of operations, for `simplify`.
impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// The origin of a list that is computed from others, each in a shape: nothing if none of them has one. `Err` where the
    /// prelude has no such operation.
    pub(in crate::network) fn origin_of(
        &mut self,
        lists: &[(&NumberList<S>, &[usize])],
        operation: impl FnOnce(&mut Self, &[TensorId]) -> Result<TensorId, GraphError>,
    ) -> Result<Option<usize>, GraphError> {
        if lists.iter().all(|(list, _)| list.origin().is_none()) {
            return Ok(None);
        }
        let tensors: Vec<TensorId> = lists
            .iter()
            .map(|(list, shape)| match list.origin().map(NodeId::new) {
                Some(id) => self.push_value(Value::Node { id, shape: shape.to_vec() }),
                None => self.push_constant(shape.to_vec(), list.to_vec()),
            })
            .collect();
        let tensor = operation(self, &tensors)?;
        Ok(self.node_of(tensor).map(NodeId::index))
    }

    /// Whether the features of a node repeat with this period, whatever the parameters are, as far as a short look shows.
    pub(in crate::network) fn repeats(&self, node: usize, period: usize) -> bool {
        const MOST_NODES: usize = 64;
        self.repeats_within(node, period, &mut { MOST_NODES })
    }

    fn repeats_within(&self, node: usize, period: usize, budget: &mut usize) -> bool {
        let Some(rest) = budget.checked_sub(1) else { return false };
        *budget = rest;
        let Node { operation, features } = &self.nodes[node];
        if *features == period {
            return true;
        }
        let mut repeats = |input: &NodeId| self.repeats_within(input.index(), period, budget);
        let constant = |numbers: &NumberList<S>| {
            numbers.get(..period).is_some_and(|first| numbers.chunks(period).all(|block| block == first))
        };
        match operation {
            Operation::Arrange { pieces } => {
                let entry = |piece: &Piece, at: usize| piece.source.map(|source| (source, piece.feature(at)));
                let entries: Vec<_> =
                    pieces.iter().flat_map(|piece| (0..piece.length).map(|at| entry(piece, at))).collect();
                period > 0 && entries.chunks(period).all(|block| *block == entries[..period])
            }
            Operation::Elementwise { input, .. } => repeats(input),
            Operation::Product { left, right } => repeats(left) && repeats(right),
            Operation::Combine { summands, constant: shift } if !summands.is_empty() && period > 0 => {
                let summand = |summand: &crate::network::Summand<S>| {
                    repeats(&summand.input)
                        && match &summand.factor {
                            crate::network::Factor::Scalar(_) => true,
                            crate::network::Factor::Features(factors) => constant(factors),
                        }
                };
                summands.iter().all(summand) && shift.as_ref().is_none_or(constant)
            }
            _ => false,
        }
    }
}
