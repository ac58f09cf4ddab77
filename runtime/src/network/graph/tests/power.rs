//! Powers of powers at the points where their parts have no derivatives.
#![allow(clippy::float_cmp, reason = "equal is meant")]

use super::select::derivatives;
use super::{GraphBuilder, GraphError, Strategy, TensorId, plan};
use crate::Evaluator;
use crate::activation::Activation;

/// The functions one after another.
fn chain(
    functions: &[Activation],
) -> impl Fn(&mut GraphBuilder<f64>, TensorId) -> Result<TensorId, GraphError> {
    move |graph, x| functions.iter().try_fold(x, |x, &function| graph.apply(function, x))
}

#[test]
fn powers_of_roots_have_all_their_derivatives_at_zero() {
    use Activation::{Abs, Cube, Exp, Gaussian, Log, Power, Sqrt, Square};
    let cases: [(&[Activation], [f64; 3]); 13] = [
        (&[Sqrt, Square], [0.0, 1.0, 0.0]),
        (&[Square, Sqrt, Square], [0.0, 0.0, 2.0]),
        (&[Square, Sqrt], [0.0, 0.0, 0.0]),
        (&[Power(4.0.into()), Sqrt], [0.0, 0.0, 2.0]),
        (&[Square, Power(1.5.into())], [0.0, 0.0, 0.0]),
        (&[Square, Sqrt, Cube], [0.0, 0.0, 0.0]),
        (&[Abs, Square], [0.0, 0.0, 2.0]),
        (&[Sqrt, Power(4.0.into())], [0.0, 0.0, 2.0]),
        (&[Square, Sqrt, Gaussian], [1.0, 0.0, -2.0]),
        (&[Square, Abs], [0.0, 0.0, 2.0]),
        (&[Log, Exp], [0.0, 1.0, 0.0]),
        (&[Exp, Log], [0.0, 1.0, 0.0]),
        (&[Square, Power(0.25.into()), Power(8.0.into())], [0.0, 0.0, 0.0]),
    ];
    for (functions, expected) in cases {
        assert_eq!(derivatives(chain(functions), 0.0), expected, "{functions:?}");
    }
    for functions in [&[Sqrt, Square][..], &[Sqrt, Power(4.0.into())], &[Log, Exp], &[Sqrt, Gaussian]] {
        assert!(derivatives(chain(functions), -1.0).iter().all(|x| x.is_nan()), "{functions:?}");
    }
    // |x|³ = x³ for x > 0, −x³ for x < 0
    let functions = [Square, Power(1.5.into())];
    let cubes = chain(&functions);
    assert_eq!(derivatives(&cubes, -2.0), [8.0, -12.0, 12.0]);
}

#[test]
fn the_square_of_a_length_is_a_polynomial_however_it_is_written() {
    type Write = fn(&mut GraphBuilder<f64>, TensorId) -> Result<TensorId, GraphError>;
    let ways: [(&str, Write); 6] = [
        ("power", |g, x| {
            let n = g.norm(x, &[0], true)?;
            g.apply(Activation::Power(2.0.into()), n)
        }),
        ("of itself", |g, x| {
            let n = g.norm(x, &[0], true)?;
            g.multiply(n, n)
        }),
        ("of two", |g, x| {
            let (a, b) = (g.norm(x, &[0], true)?, g.norm(x, &[0], true)?);
            g.multiply(a, b)
        }),
        ("scaled", |g, x| {
            let n = g.norm(x, &[0], true)?;
            let half = g.scale(n, 0.5)?;
            let square = g.apply(Activation::Square, half)?;
            g.scale(square, 4.0)
        }),
        ("apart", |g, x| {
            let n = g.norm(x, &[0], true)?;
            let twice = g.scale(n, 2.0)?;
            let product = g.multiply(twice, n)?;
            g.scale(product, 0.5)
        }),
        ("of lengths", |g, x| {
            let [first, second] = [0, 1].map(|at| g.slice(x, 0, at, 1, 1));
            let length = g.norm(first?, &[0], true)?;
            let both = g.concat(&[length, second?], 0)?;
            let n = g.norm(both, &[0], true)?;
            g.apply(Activation::Square, n)
        }),
    ];
    let plan = plan(2, &["u", "lap(u)", "d(u, x1: 1, x2: 1)", "lap(lap(u))"], Strategy::Minimal);
    for (name, write) in ways {
        let mut graph = GraphBuilder::<f64>::new(2);
        let input = graph.input();
        let output = write(&mut graph, input).unwrap();
        let network = graph.build(output).unwrap();
        let mut found = [0.0; 4];
        Evaluator::<f64>::new(&plan, &network).unwrap().evaluate_into(&[0.0, 0.0], &mut found).unwrap();
        assert_eq!(found, [0.0, 4.0, 0.0, 0.0], "{name}");
    }
}
