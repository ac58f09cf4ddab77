//! The nodes of formulas.

use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};
use jetc_combinatorics::{Polynomial, Rational};
use num_traits::{One, Zero};

use super::Failure;
use super::directions::DirectionTable;
use crate::spec::{Irrational, RealFunction, UnknownId, limits};

/// What a linear node counts beside its terms: it takes as much memory as so many.
const LINEAR_NODE: usize = 16;

/// Names a node of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

/// A formula. Only [`Graph`] makes nodes, and keeps their normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A number.
    Constant(Rational),
    /// π or e.
    Irrational(Irrational),
    /// A coordinate.
    Coordinate(u32),
    /// A number without a value, the same at all points.
    Unknown(UnknownId),
    /// P(∂) of a field, P not zero.
    Linear { field: u32, symbol: Polynomial },
    /// Σ weight · node: sorted by node; no sums, no other constant than 1, one linear node for each field at most,
    /// linear nodes with weight 1. A single summand has a weight other than 1.
    Sum(Vec<(NodeId, Rational)>),
    /// ∏ node^exponent: sorted by node; no products, no constants; linear nodes with leading coefficient 1. A single
    /// factor has an exponent other than 1.
    Product(Vec<(NodeId, i32)>),
    /// A function.
    Call(RealFunction, Vec<NodeId>),
}

impl Node {
    /// How many numbers it takes to write the node down.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Constant(_) | Self::Irrational(_) | Self::Coordinate(_) | Self::Unknown(_) => 1,
            Self::Linear { symbol, .. } => symbol.terms().len(),
            Self::Sum(terms) => terms.len(),
            Self::Product(factors) => factors.len(),
            Self::Call(_, arguments) => arguments.len(),
        }
    }
}

/// Formulas that share their parts.
#[derive(Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    depths: Vec<u32>,
    ids: HashTable<NodeId>,
    hasher: DefaultHashBuilder,
    work: usize,
    /// The directions of derivatives.
    pub(crate) directions: DirectionTable,
    /// Derivatives that are known, by node and variable.
    pub(super) derivatives: HashMap<(NodeId, u32), NodeId>,
}

impl Graph {
    /// The node of the number 0.
    pub(crate) const ZERO: NodeId = NodeId(0);
    /// The node of the number 1.
    pub(crate) const ONE: NodeId = NodeId(1);

    /// A graph without formulas, for so many coordinates.
    pub(crate) fn new(coordinates: usize) -> Self {
        let mut graph = Self {
            nodes: Vec::new(),
            depths: Vec::new(),
            ids: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            work: 0,
            directions: DirectionTable::new(coordinates),
            derivatives: HashMap::new(),
        };
        for constant in [Rational::zero(), Rational::one()] {
            graph.push(Node::Constant(constant), 0);
        }
        graph
    }

    /// The node with this id.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// These nodes and all they are made of, each once.
    pub(crate) fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        let mut seen: HashSet<NodeId> = HashSet::new();
        let mut found: Vec<NodeId> = Vec::new();
        let mut pending = roots.to_vec();
        while let Some(id) = pending.pop() {
            if seen.insert(id) {
                found.push(id);
                match self.node(id) {
                    Node::Sum(terms) => pending.extend(terms.iter().map(|term| term.0)),
                    Node::Product(factors) => pending.extend(factors.iter().map(|factor| factor.0)),
                    Node::Call(_, arguments) => pending.extend(arguments),
                    Node::Constant(_)
                    | Node::Irrational(_)
                    | Node::Coordinate(_)
                    | Node::Unknown(_)
                    | Node::Linear { .. } => {}
                }
            }
        }
        found
    }

    /// The number that a node is.
    pub(crate) fn as_constant(&self, id: NodeId) -> Option<&Rational> {
        match self.node(id) {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The node of a number.
    pub(crate) fn constant(&mut self, value: Rational) -> Result<NodeId, Failure> {
        check_size(&value)?;
        self.intern(Node::Constant(value))
    }

    /// The node of π or e.
    pub(crate) fn irrational(&mut self, value: Irrational) -> Result<NodeId, Failure> {
        self.intern(Node::Irrational(value))
    }

    /// The node of a coordinate.
    pub(crate) fn coordinate(&mut self, index: u32) -> Result<NodeId, Failure> {
        self.intern(Node::Coordinate(index))
    }

    /// The node of an unknown.
    pub(crate) fn unknown(&mut self, id: UnknownId) -> Result<NodeId, Failure> {
        self.intern(Node::Unknown(id))
    }

    /// The node of P(∂) of a field.
    pub(crate) fn linear(&mut self, field: u32, symbol: Polynomial) -> Result<NodeId, Failure> {
        if symbol.is_zero() {
            return Ok(Self::ZERO);
        }
        if symbol.degree() > limits::ORDER {
            return Err(Failure::OrderTooHigh);
        }
        self.intern(Node::Linear { field, symbol })
    }

    /// Refuses numbers beyond the limit.
    pub(crate) fn check_number(value: &Rational) -> Result<(), Failure> {
        check_size(value)
    }

    /// Counts work that has been done, or is about to be.
    pub(crate) fn charge(&mut self, work: usize) -> Result<(), Failure> {
        self.work = self.work.saturating_add(work);
        if self.work > limits::WORK { Err(Failure::TooMuchWork) } else { Ok(()) }
    }

    /// The id of a node in normal form.
    pub(super) fn intern(&mut self, node: Node) -> Result<NodeId, Failure> {
        self.charge(1 + node.size())?;
        let hash = hash(&self.hasher, &node);
        if let Some(&id) = self.ids.find(hash, |id| self.nodes[id.0 as usize] == node) {
            return Ok(id);
        }
        if matches!(node, Node::Linear { .. }) {
            self.charge(LINEAR_NODE)?;
        }
        let depth = self.depth_of(&node);
        if depth > limits::DEPTH {
            return Err(Failure::TooDeep);
        }
        Ok(self.push(node, depth))
    }

    fn push(&mut self, node: Node, depth: u32) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("limits keep the number of nodes below 2³²"));
        let hash = hash(&self.hasher, &node);
        self.nodes.push(node);
        self.depths.push(depth);
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        self.ids.insert_unique(hash, id, |id| self::hash(hasher, &nodes[id.0 as usize]));
        id
    }

    fn depth_of(&self, node: &Node) -> u32 {
        let below = |id: &NodeId| self.depths[id.0 as usize];
        let deepest = match node {
            Node::Constant(_)
            | Node::Irrational(_)
            | Node::Coordinate(_)
            | Node::Unknown(_)
            | Node::Linear { .. } => return 0,
            Node::Sum(terms) => terms.iter().map(|term| below(&term.0)).max(),
            Node::Product(factors) => factors.iter().map(|factor| below(&factor.0)).max(),
            Node::Call(_, arguments) => arguments.iter().map(below).max(),
        };
        1 + deepest.unwrap_or(0)
    }
}

/// Refuses numbers beyond the limit.
pub(super) fn check_size(value: &Rational) -> Result<(), Failure> {
    if value.numer().bits() + value.denom().bits() > limits::NUMBER_BITS {
        return Err(Failure::NumberTooLarge);
    }
    Ok(())
}

/// The hash of a node. Fractions are hashed as the pairs they are: the hash of their own library works through a
/// continued fraction.
fn hash(hasher: &DefaultHashBuilder, node: &Node) -> u64 {
    let mut state = hasher.build_hasher();
    std::mem::discriminant(node).hash(&mut state);
    match node {
        Node::Constant(value) => hash_number(value, &mut state),
        Node::Irrational(value) => value.hash(&mut state),
        Node::Coordinate(index) => index.hash(&mut state),
        Node::Unknown(id) => id.hash(&mut state),
        Node::Linear { field, symbol } => {
            field.hash(&mut state);
            for (monomial, coefficient) in symbol.terms() {
                monomial.hash(&mut state);
                hash_number(coefficient, &mut state);
            }
        }
        Node::Sum(terms) => {
            for (id, weight) in terms {
                id.hash(&mut state);
                hash_number(weight, &mut state);
            }
        }
        Node::Product(factors) => factors.hash(&mut state),
        Node::Call(function, arguments) => (function, arguments).hash(&mut state),
    }
    state.finish()
}

fn hash_number(value: &Rational, state: &mut impl Hasher) {
    value.numer().hash(state);
    value.denom().hash(state);
}
