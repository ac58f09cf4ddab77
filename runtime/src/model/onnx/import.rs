//! From messages to a network: node after node, functions written out.

use std::collections::BTreeMap;
use std::path::Path;

use hashbrown::{HashMap, HashSet};

use super::attributes::Attributes;
use super::boundary::{self, Inputs};
use super::call::Call;
use super::error::{NodeProblem, UnsupportedNodes};
use super::operators::{self, Handler};
use super::order::{domain, name, order, qualified};
use super::proto::{Function, Graph, Model, Node, Opset};
use super::value::Value;
use super::{MOST_NODES, MOST_NUMBERS, OnnxError, tensor};
use crate::network::{GraphBuilder, Network};

/// The oldest opset that is read.
const OLDEST: i64 = 7;
/// The newest opset that is read.
const NEWEST: i64 = 28;
/// Calls of functions within functions.
const DEEPEST: usize = 32;

type Result<T> = std::result::Result<T, OnnxError>;
type Scope = HashMap<String, Value>;
type Opsets<'a> = HashMap<&'a str, i64>;

/// What the functions of a model are called by.
type Functions<'a> = HashMap<(&'a str, &'a str), &'a Function>;

/// The network of a model; `folder` is where external data lie.
pub(super) fn import(model: &Model, folder: &Path) -> Result<Network<f64>> {
    let graph = model.graph.as_ref().ok_or(OnnxError::NoGraph)?;
    let opsets = opsets(&model.opsets, Opsets::new())?;
    let functions: Functions<'_> = model
        .functions
        .iter()
        .map(|function| ((domain(&function.domain), function.name.as_str()), function))
        .collect();
    refuse_unsupported(graph, &opsets, &functions)?;
    let is_weight = |name: &str| graph.initializers.iter().any(|weight| weight.name == name);
    let inputs = Inputs::new(graph, is_weight)?;
    let mut importer = Importer {
        graph: GraphBuilder::new(inputs.coordinates()),
        functions,
        folder,
        fixed: inputs.fixed,
        nodes: 0,
        numbers: 0,
    };
    let mut scope: Scope = inputs.values(&mut importer.graph)?.into_iter().collect();
    importer.weights(graph, &mut scope)?;
    importer.run(&graph.nodes, &mut scope, &opsets, &Attributes::NONE, 0)?;
    let (output, names) = boundary::output(&mut importer.graph, &graph.outputs, |name| scope.get(name))?;
    let network = importer.graph.build(output)?;
    Ok(network.with_input_names(Some(inputs.names())).with_output_names(Some(names)))
}

/// The versions that a model imports, or a function on top of those of its model.
fn opsets<'a>(list: &'a [Opset], mut opsets: Opsets<'a>) -> Result<Opsets<'a>> {
    opsets.extend(list.iter().map(|opset| (domain(&opset.domain), opset.version)));
    let version = *opsets.get("").ok_or(OnnxError::NoOpset)?;
    if (OLDEST..=NEWEST).contains(&version) {
        Ok(opsets)
    } else {
        Err(OnnxError::Opset { version, least: OLDEST, most: NEWEST })
    }
}

/// How to carry a node out, if it is one of ONNX's own.
fn handler(node: &Node) -> Option<Handler> {
    domain(&node.domain).is_empty().then(|| operators::handler(&node.op_type)).flatten()
}

/// All types of nodes that cannot be carried, in the graph and in the functions that it calls.
fn refuse_unsupported(graph: &Graph, opsets: &Opsets<'_>, functions: &Functions<'_>) -> Result<()> {
    let mut found: BTreeMap<String, UnsupportedNodes> = BTreeMap::new();
    let mut seen = HashSet::new();
    let mut bodies = vec![&graph.nodes];
    while let Some(nodes) = bodies.pop() {
        for node in nodes {
            let key = (domain(&node.domain), node.op_type.as_str());
            if let Some(function) = functions.get(&key) {
                if seen.insert(key) {
                    bodies.push(&function.nodes);
                }
            } else if handler(node).is_none() {
                let op_type = qualified(node);
                let entry = found.entry(op_type.clone()).or_insert_with(|| UnsupportedNodes {
                    op_type,
                    opset: opsets.get(key.0).copied(),
                    nodes: Vec::new(),
                    remedy: operators::remedy(key.0, key.1),
                });
                entry.nodes.push(name(node).name);
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(OnnxError::Unsupported { unsupported: found.into_values().collect() })
}

struct Importer<'a> {
    graph: GraphBuilder<f64>,
    functions: Functions<'a>,
    folder: &'a Path,
    fixed: Option<usize>,
    /// Nodes so far, those of functions included.
    nodes: usize,
    /// Numbers so far: weights and computed constants.
    numbers: usize,
}

impl<'a> Importer<'a> {
    fn weights(&mut self, graph: &Graph, scope: &mut Scope) -> Result<()> {
        for weight in &graph.initializers {
            let tensor = |problem| OnnxError::Tensor { name: weight.name.clone(), problem };
            let stored = tensor::read(weight, self.folder).map_err(tensor)?;
            let mut call = self.call("", Vec::new(), 1, Attributes::NONE, NEWEST);
            let value = call.initializer(&weight.name, stored).map_err(|problem| OnnxError::Node {
                node: super::error::NodeName { name: weight.name.clone(), op_type: "Constant".to_owned() },
                problem,
            })?;
            self.count(&value)?;
            scope.insert(weight.name.clone(), value);
        }
        Ok(())
    }

    fn call<'c>(
        &'c mut self,
        op_type: &'c str,
        inputs: Vec<Option<Value>>,
        outputs: usize,
        attributes: Attributes<'c>,
        opset: i64,
    ) -> Call<'c> {
        let (fixed, folder) = (self.fixed, self.folder);
        Call { graph: &mut self.graph, op_type, inputs, outputs, attributes, opset, fixed, folder }
    }

    /// Adds what a value holds to the numbers, and refuses too many.
    fn count(&mut self, value: &Value) -> Result<()> {
        self.numbers = self.numbers.saturating_add(match value {
            Value::Real(array) | Value::Truth(array) => {
                self.graph.constant_entries(array.tensor).map_or(0, <[f64]>::len)
            }
            Value::Whole(whole) => 3 * whole.entries.len(),
        });
        if self.numbers > MOST_NUMBERS {
            return Err(OnnxError::TooManyNumbers { limit: MOST_NUMBERS });
        }
        Ok(())
    }

    /// Carries the nodes of a graph or of a function out.
    fn run<'n>(
        &mut self,
        nodes: &'n [Node],
        scope: &mut Scope,
        opsets: &Opsets<'_>,
        outer: &Attributes<'n>,
        depth: usize,
    ) -> Result<()>
    where
        'a: 'n,
    {
        for number in order(nodes, |name| scope.contains_key(name))? {
            let node = &nodes[number];
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                return Err(OnnxError::TooManyNodes { limit: MOST_NODES });
            }
            let inputs = node.inputs.iter().map(|name| scope.get(name).cloned()).collect();
            let attributes = Attributes::new(&node.attributes, outer);
            let key = (domain(&node.domain), node.op_type.as_str());
            let results = match self.functions.get(&key).copied() {
                Some(function) => self.inline(function, inputs, attributes, opsets, depth)?,
                None => self.carry(node, inputs, attributes, opsets)?,
            };
            for (name, value) in node.outputs.iter().zip(results).filter(|(name, _)| !name.is_empty()) {
                scope.insert(name.clone(), value);
            }
        }
        Ok(())
    }

    fn carry(
        &mut self,
        node: &Node,
        inputs: Vec<Option<Value>>,
        attributes: Attributes<'_>,
        opsets: &Opsets<'_>,
    ) -> Result<Vec<Value>> {
        let refuse = |problem| OnnxError::Node { node: name(node), problem };
        if let Some(position) = missing(node, &inputs) {
            return Err(refuse(NodeProblem::Operand { position }));
        }
        let handler = handler(node).ok_or_else(|| refuse(NodeProblem::Attribute { name: "op_type" }))?;
        let opset = opsets.get("").copied().unwrap_or(NEWEST);
        let mut call = self.call(&node.op_type, inputs, node.outputs.len(), attributes, opset);
        let results = handler(&mut call).map_err(refuse)?;
        for value in &results {
            boundary::check(value, &self.graph).map_err(refuse)?;
            self.count(value)?;
        }
        Ok(results)
    }

    /// A call of a function: its nodes in a scope of their own.
    fn inline<'n>(
        &mut self,
        function: &'n Function,
        inputs: Vec<Option<Value>>,
        attributes: Attributes<'n>,
        outer: &Opsets<'_>,
        depth: usize,
    ) -> Result<Vec<Value>>
    where
        'a: 'n,
    {
        if depth >= DEEPEST {
            return Err(OnnxError::Recursion { name: function.name.clone(), limit: DEEPEST });
        }
        let mut scope = Scope::new();
        for (name, value) in function.inputs.iter().zip(inputs) {
            if let Some(value) = value {
                scope.insert(name.clone(), value);
            }
        }
        let own = opsets(&function.opsets, outer.clone())?;
        let attributes = attributes.with_defaults(&function.defaults);
        self.run(&function.nodes, &mut scope, &own, &attributes, depth + 1)?;
        // Results that are missing are those that nobody may read.
        Ok(function.outputs.iter().map_while(|name| scope.get(name).cloned()).collect())
    }
}

/// An operand with a name that has no value: an output that a node before does not give.
fn missing(node: &Node, inputs: &[Option<Value>]) -> Option<usize> {
    node.inputs.iter().zip(inputs).position(|(name, value)| !name.is_empty() && value.is_none())
}
