//! Parameters against plain numbers: a network with other parameters is the one that is built with those numbers.

use jetc_combinatorics::Rational;
use proptest::prelude::{ProptestConfig, any, prop, prop_assert_eq, proptest};

use super::{Array, Graph, GraphError, TensorId, outputs, plan, ratio, values};
use crate::activation::Activation;
use crate::network::{Network, Operation, Relation};

/// Whether the numbers of a graph are parameters or plain.
#[derive(Clone, Copy, PartialEq)]
enum Numbers {
    Parameters,
    Plain,
}

/// Tensors by name.
struct Source {
    numbers: Numbers,
    /// Added to every number.
    shift: Rational,
}

impl Source {
    fn tensor(&self, graph: &mut Graph, name: &str, shape: &[usize], seed: i32) -> TensorId {
        let entries = Array::numbers(shape, seed).entries.iter().map(|x| x + &self.shift).collect();
        match self.numbers {
            Numbers::Parameters => graph.parameter(name, shape, entries),
            Numbers::Plain => graph.constant(shape, entries),
        }
        .unwrap()
    }
}

/// A graph in which each byte adds an operation to a tensor of the point, or to one of numbers, with three features
/// everywhere.
fn random(bytes: &[u8], source: &Source) -> (Graph, TensorId) {
    let mut graph = Graph::new(3);
    let mut points = vec![graph.input()];
    let mut numbers = vec![source.tensor(&mut graph, "start", &[3], 1)];
    for (number, &byte) in bytes.iter().enumerate() {
        let byte = usize::from(byte);
        let newest = |of: &[TensorId], back: usize| of[of.len() - 1 - back % of.len()];
        let (x, y) = (newest(&points, byte / 32), newest(&points, byte / 64));
        let (c, d) = (newest(&numbers, byte / 32), newest(&numbers, byte / 64));
        let seed = i32::try_from(number * 5 + byte % 16).unwrap();
        let name = format!("p{number}");
        let weight = |graph: &mut Graph| source.tensor(graph, &name, &[3, 3], seed);
        let (of_point, next) = match byte % 16 {
            0 => {
                let w = weight(&mut graph);
                (true, graph.affine(x, w, Some(c)))
            }
            1 => {
                let w = weight(&mut graph);
                let transposed = graph.transpose_matrix(w).unwrap();
                (true, graph.affine(x, transposed, None))
            }
            2 => (true, graph.multiply(c, x)),
            3 => (true, graph.add(x, c)),
            4 => (true, graph.combine(&[(x, ratio(1, 2)), (c, ratio(-2, 3)), (y, ratio(1, 3))])),
            5 => (true, graph.multiply(x, y)),
            6 => (true, graph.apply(Activation::Square, x)),
            7 => {
                let one = graph.slice(c, 0, 1, 1, 1).unwrap();
                (true, graph.multiply(one, x))
            }
            8 => {
                let (first, last) =
                    (graph.slice(x, 0, 0, 1, 1).unwrap(), graph.slice(c, 0, 2, -1, 2).unwrap());
                (true, graph.concat(&[last, first], 0))
            }
            9 => {
                let w = weight(&mut graph);
                (true, graph.matmul(x, w))
            }
            10 => (false, graph.multiply(c, d)),
            11 => (false, graph.apply(Activation::Square, c)),
            12 => (false, graph.slice(c, 0, 2, -1, 3)),
            13 => {
                let w = weight(&mut graph);
                (false, graph.matmul(w, c))
            }
            14 => (false, graph.combine(&[(c, ratio(1, 3)), (d, ratio(2, 5))])),
            _ => {
                let zero = graph.scalar(ratio(1, 9));
                let is_less = graph.compare(Relation::Less, zero, c).unwrap();
                (false, graph.select(is_less, c, d))
            }
        };
        if of_point { &mut points } else { &mut numbers }.push(next.unwrap());
    }
    let (last, constant) = (points[points.len() - 1], numbers[numbers.len() - 1]);
    let output = graph.add(last, constant).unwrap();
    (graph, output)
}

fn network(bytes: &[u8], source: &Source) -> Network<Rational> {
    let (graph, output) = random(bytes, source);
    graph.build(output).unwrap()
}

/// θ for numbers that are all larger by `shift`.
fn shifted(network: &Network<Rational>, shift: &Rational) -> Vec<Rational> {
    network.parameters().values().iter().map(|x| x + shift).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn derived_constants_follow_their_parameters(bytes in prop::collection::vec(any::<u8>(), 1..9)) {
        let of = |numbers, shift: &Rational| network(&bytes, &Source { numbers, shift: shift.clone() });
        let (zero, shift) = (ratio(0, 1), ratio(3, 7));
        let read = of(Numbers::Parameters, &zero);
        prop_assert_eq!(&read.with_parameters(read.parameters().values()).unwrap(), &read);

        let moved = read.with_parameters(&shifted(&read, &shift)).unwrap();
        prop_assert_eq!(&moved, &of(Numbers::Parameters, &shift));
        let plan = plan(3, &["u", "d(u, x1: 1, x2: 1) + u_x3"], super::Strategy::Minimal);
        let point = [ratio(1, 2), ratio(-1, 3), ratio(1, 1)];
        for (found, shift) in [(&read, &zero), (&moved, &shift)] {
            let plain = of(Numbers::Plain, shift);
            prop_assert_eq!(plain.parameters().len(), 0);
            prop_assert_eq!(outputs(&plan, found, &point), outputs(&plan, &plain, &point));
        }
    }
}

#[test]
fn weights_that_are_used_as_they_are_need_no_prelude() {
    let mut graph = Graph::new(2);
    let weight = graph.parameter("w", &[3, 2], Array::numbers(&[3, 2], 1).entries).unwrap();
    let both = graph.parameter("b", &[2, 3], Array::numbers(&[2, 3], 2).entries).unwrap();
    let bias = graph.slice(both, 0, 1, 1, 1).unwrap();
    let bias = graph.reshape(bias, &[3]).unwrap();
    let hidden = graph.affine(graph.input(), weight, Some(bias)).unwrap();
    let network = graph.build(hidden).unwrap();
    assert!(network.prelude().is_none());
    assert_eq!((network.parameters().len(), network.derived_len()), (12, 12));
    let (_, node) = network.nodes().last().unwrap();
    let Operation::Affine { weight, bias, .. } = &node.operation else { panic!("one affine map") };
    assert_eq!((weight.numbers().origin(), bias.as_ref().unwrap().origin()), (Some(0), Some(9)));
}

#[test]
fn what_must_be_known_is_a_constant() {
    let mut graph = Graph::new(1);
    let weight = graph.parameter("w", &[1, 1], vec![ratio(2, 1)]).unwrap();
    let exponent = graph.parameter("exponent", &[], vec![ratio(3, 1)]).unwrap();
    let twice = graph.scale(exponent, ratio(2, 1)).unwrap();
    assert_eq!(graph.fixed_entries(twice).unwrap(), [ratio(6, 1)]);
    let mean = graph.buffer("mean", &[1], vec![ratio(1, 2)]).unwrap();
    graph.parameter("unread", &[7], vec![ratio(1, 2); 7]).unwrap();
    graph.mention("positions", &[4]);
    let centred = graph.subtract(graph.input(), mean).unwrap();
    let linear = graph.affine(centred, weight, None).unwrap();
    let output = graph.multiply(linear, twice).unwrap();
    let network = graph.build(output).unwrap();
    let parameters = network.parameters();
    let names: Vec<_> = parameters.tensors().iter().map(|tensor| tensor.name.as_str()).collect();
    let constants: Vec<_> = parameters.constants().iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!((names, constants), (vec!["w"], vec!["exponent", "unread", "mean", "positions"]));
    // The mean and the factor are joined with the weight, which varies.
    let moved = network.with_parameters(&[ratio(5, 1)]).unwrap();
    assert_eq!(moved.nodes().len(), 2);
    assert_eq!(values(&moved, &[ratio(3, 2)]), [ratio(30, 1)]);
}

#[test]
fn a_factor_of_one_stays_a_factor() {
    let mut graph = Graph::new(2);
    let one = graph.parameter("a", &[], vec![ratio(1, 1)]).unwrap();
    let output = graph.multiply(one, graph.input()).unwrap();
    let network = graph.build(output).unwrap();
    assert_eq!((network.parameters().len(), network.derived_len()), (1, 2));
    let three = network.with_parameters(&[ratio(3, 1)]).unwrap();
    assert_eq!(values(&three, &[ratio(1, 2), ratio(1, 1)]), [ratio(3, 2), ratio(3, 1)]);
}

#[test]
fn a_root_of_a_parameter_is_not_taken_for_positive() {
    let mut graph = Graph::new(1);
    let weight = graph.parameter("w", &[1, 1], vec![ratio(2, 1)]).unwrap();
    let square = graph.apply(Activation::Square, graph.input()).unwrap();
    let scaled = graph.affine(square, weight, None).unwrap();
    let output = graph.apply(Activation::Abs, scaled).unwrap();
    let network = graph.build(output).unwrap().with_parameters(&[ratio(-2, 1)]).unwrap();
    assert_eq!(values(&network, &[ratio(3, 1)]), [ratio(18, 1)]);
}

#[test]
fn blocks_share_what_is_repeated_for_each_of_them() {
    // W (s ⊙ x) + b for two blocks of a point: one affine map, whose numbers repeat whatever they are.
    let build = |w: i32, s: i32, b: i32| {
        let mut graph = Graph::new(4);
        let mut parameter = |name: &str, shape: &[usize], seed| {
            graph.parameter(name, shape, Array::numbers(shape, seed).entries).unwrap()
        };
        let (w, s, b) = (parameter("w", &[3, 2], w), parameter("s", &[2], s), parameter("b", &[3], b));
        let x = graph.reshape(graph.input(), &[2, 2]).unwrap();
        let scaled = graph.multiply(x, s).unwrap();
        let linear = graph.affine(scaled, w, None).unwrap();
        let output = graph.add(linear, b).unwrap();
        graph.build(output).unwrap()
    };
    let (network, other) = (build(1, 2, 3), build(4, 5, 6));
    assert_eq!(network.nodes().len(), 2);
    assert_eq!(network.with_parameters(other.parameters().values()).unwrap(), other);
}

#[test]
fn a_name_is_one_parameter() {
    let mut graph = Graph::new(1);
    let first = graph.parameter("w", &[1, 1], vec![ratio(2, 1)]).unwrap();
    assert_eq!(graph.parameter("w", &[1, 1], vec![ratio(2, 1)]), Ok(first));
    let error = graph.parameter("w", &[1], vec![ratio(2, 1)]).unwrap_err();
    assert!(matches!(error, GraphError::Parameter { .. }), "{error}");
    assert!(graph.parameter("v", &[3], vec![ratio(2, 1)]).is_err());
}
