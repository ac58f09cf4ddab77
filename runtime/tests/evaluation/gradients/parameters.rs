//! Other parameters, and operators that the first layers reduce.

use jetc_operators::Strategy;
use jetc_runtime::{Activation, Differentiator, EvaluationError, Evaluator, GraphBuilder, Network};

use super::{OPERATORS, mistake_of, network, operator, perceptron, planar};
use crate::support::some_numbers;

#[test]
fn other_parameters_give_what_a_network_of_them_gives() {
    // A transposed weight, a factor before the first nonlinearity, and a branch without one.
    let build = || {
        let mut graph = GraphBuilder::<f64>::new(2);
        let x = graph.input();
        let parameter = |graph: &mut GraphBuilder<f64>, name: &str, shape: &[usize], seed| {
            graph.parameter(name, shape, some_numbers(seed, shape.iter().product())).unwrap()
        };
        let (w, f, v) = (
            parameter(&mut graph, "w", &[2, 4], 1),
            parameter(&mut graph, "f", &[4], 2),
            parameter(&mut graph, "v", &[4, 1], 3),
        );
        let hidden = graph.matmul(x, w).unwrap();
        let branch = graph.matmul(hidden, v).unwrap();
        let hidden = graph.multiply(hidden, f).unwrap();
        let hidden = graph.apply(Activation::Tanh, hidden).unwrap();
        let output = graph.matmul(hidden, v).unwrap();
        let output = graph.add(output, branch).unwrap();
        graph.build(output).unwrap()
    };
    let network = build();
    let theta: Vec<f64> = some_numbers(77, network.parameters().len());
    let other = network.with_parameters(&theta).unwrap();
    let points = some_numbers(5, 2 * 33);
    for operator in OPERATORS {
        let plan = planar(operator, Strategy::Minimal).plan;
        let gradient = |differentiator: &Differentiator<f64>| {
            let mut gradient = vec![0.0; theta.len()];
            let loss = differentiator.loss_and_gradient(&points, None, &mut gradient).unwrap();
            (loss, gradient)
        };
        let mut moved = Differentiator::<f64>::new(&plan, &network).unwrap();
        moved.set_parameters(&theta).unwrap();
        assert_eq!(gradient(&moved), gradient(&Differentiator::new(&plan, &other).unwrap()), "{operator}");
    }
}

#[test]
fn a_reduced_operator_has_the_gradient_of_the_full_one() {
    let names: Vec<String> = (1..=9).map(|number| format!("x{number}")).collect();
    let network = perceptron(9, 4);
    let weights = [1, 2, 1, 3, 1, 1, 1];
    let squares = (1..).zip(weights).map(|(i, weight)| format!("{weight}*d(u, x{i}: 2)"));
    let squares = squares.collect::<Vec<_>>().join(" + ");
    let definite = format!("{squares} + d(u, x8: 2) + 5*d(u, x9: 2)");
    // The wave operator's form is not definite; its M has the rank of W all the same.
    let indefinite = format!("{squares} - d(u, x8: 2) - 5*d(u, x9: 2)");
    let nonlinear = format!("u*({definite}) + u^2");
    for output in [&definite, &indefinite, &nonlinear] {
        let yaml = format!("coordinates: {{space: [{}]}}\noutputs: {{r: '{output}'}}\n", names.join(", "));
        let operator = operator(&yaml, Strategy::Minimal);
        // Dual numbers go through all coordinates. Eigenvectors of M cost its condition number; formulas are differences.
        let bound = if *output == nonlinear { 1e-6 } else { 1e-10 };
        let mut reduced = Differentiator::<f64>::new(&operator.plan, &network).unwrap();
        let directions =
            |reduced: &Differentiator<f64>| reduced.reduction().map(|reduction| reduction.directions);
        assert_eq!(directions(&reduced), Some(4), "{output}");
        assert!(mistake_of(&reduced, (&operator, &network), 5, 3) < bound, "{output}");
        // Other weights, with numbers alone; then weights that make two rows of W equal: fewer directions.
        let mut theta = some_numbers(99, network.parameters().len());
        for rank in [4, 3] {
            if rank == 3 {
                let row = theta[..9].to_vec();
                theta[9..18].copy_from_slice(&row);
            }
            let other = network.with_parameters(&theta).unwrap();
            reduced.set_parameters(&theta).unwrap();
            // Of an indefinite form M may lose rank where W has it, so then all coordinates are taken.
            let expected = (rank == 4 || *output != indefinite).then_some(rank);
            assert_eq!(directions(&reduced), expected, "{output}");
            assert!(mistake_of(&reduced, (&operator, &other), 5, 3) < bound, "{output}, {rank} directions");
        }
    }
}

/// Two first layers of which one is a constant: a network of 9 inputs.
fn half_trained() -> Network<f64> {
    let mut graph = GraphBuilder::<f64>::new(9);
    let x = graph.input();
    let fixed = graph.constant(&[9, 2], some_numbers(1, 18)).unwrap();
    let free = graph.parameter("free", &[9, 2], some_numbers(2, 18)).unwrap();
    let halves = [fixed, free].map(|weight| {
        let product = graph.matmul(x, weight).unwrap();
        graph.apply(Activation::Sin, product).unwrap()
    });
    let product = graph.multiply(halves[0], halves[1]).unwrap();
    let sum = graph.sum(product, &[0], true).unwrap();
    graph.build(sum).unwrap()
}

#[test]
fn first_layers_that_are_no_parameters_keep_their_part_in_a_reduced_operator() {
    let operator = operator("coordinates: {space: {x: 9}}\noutputs: {r: lap(u)}\n", Strategy::Minimal);
    let network = half_trained();
    let theta = some_numbers(50, network.parameters().len());
    let other = network.with_parameters(&theta).unwrap();
    let mut differentiator = Differentiator::<f64>::new(&operator.plan, &network).unwrap();
    assert_eq!(differentiator.reduction().map(|reduction| reduction.directions), Some(4));
    differentiator.set_parameters(&theta).unwrap();
    assert!(mistake_of(&differentiator, (&operator, &other), 5, 3) < 1e-10);

    let points = some_numbers(4, 9 * 7);
    let (mut found, mut expected) = (vec![0.0; 7], vec![0.0; 7]);
    let mut moved = Evaluator::<f64>::new(&operator.plan, &network).unwrap();
    moved.set_parameters(&theta).unwrap();
    moved.evaluate_into(&points, &mut found).unwrap();
    Evaluator::new(&operator.plan, &other).unwrap().evaluate_into(&points, &mut expected).unwrap();
    assert_eq!(found, expected);
}

#[test]
fn an_evaluator_takes_other_parameters_reduced_or_not() {
    let points = some_numbers(5, 2 * 33);
    let network = network(&[4, 0, 10]).unwrap();
    let theta = some_numbers(77, network.parameters().len());
    let plan = planar(OPERATORS[3], Strategy::Minimal).plan;
    let evaluate = |evaluator: &Evaluator<f64>, points: &[f64]| {
        let mut results = vec![0.0; points.len() / evaluator.inputs() * evaluator.columns().len()];
        evaluator.evaluate_into(points, &mut results).unwrap();
        results
    };
    let mut moved = Evaluator::<f64>::new(&plan, &network).unwrap();
    assert!(moved.set_parameters(&theta[1..]).unwrap_err().to_string().contains("expected"));
    moved.set_parameters(&theta).unwrap();
    let other = Evaluator::new(&plan, &network.with_parameters(&theta).unwrap()).unwrap();
    assert_eq!(evaluate(&moved, &points), evaluate(&other, &points));

    let yaml = "coordinates: {space: {x: 30}}\noutputs: {r: lap(u)}\n";
    let plan = operator(yaml, Strategy::Minimal).plan;
    let (network, points) = (perceptron(30, 5), some_numbers(6, 30 * 7));
    let mut theta = some_numbers(78, network.parameters().len());
    let mut moved = Evaluator::<f64>::new(&plan, &network).unwrap();
    assert_eq!(moved.reduction().map(|reduction| reduction.directions), Some(5));
    moved.set_parameters(&theta).unwrap();
    let other = Evaluator::new(&plan, &network.with_parameters(&theta).unwrap()).unwrap();
    assert_eq!(evaluate(&moved, &points), evaluate(&other, &points));
    // Two rows alike leave one direction less.
    let row = theta[..30].to_vec();
    theta[30..60].copy_from_slice(&row);
    assert_eq!(moved.set_parameters(&theta), Err(EvaluationError::Directions));
    assert_eq!(evaluate(&moved, &points), evaluate(&other, &points), "nothing has changed");
}
