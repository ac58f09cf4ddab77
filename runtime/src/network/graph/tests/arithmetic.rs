//! Operations entry by entry.

use num_traits::Signed;

use super::{Array, assert_computes, ratio};
use crate::activation::Activation;

/// Arrays of shapes that are broadcast to [2, 3], and the entries of each there.
fn pair() -> (Array, Array) {
    (Array::numbers(&[2, 1], 1), Array::numbers(&[3], 2))
}

#[test]
fn sums_differences_products_and_quotients_are_broadcast() {
    let (x, y) = pair();
    let both = [x.clone(), y.clone()];
    let expected = |formula: fn(super::Rational, super::Rational) -> super::Rational| {
        Array::new(&[2, 3], |i| formula(x.at(&[i[0], 0]), y.at(&[i[1]])))
    };
    assert_computes(&both, |graph, t| graph.add(t[0], t[1]), &expected(|x, y| x + y));
    assert_computes(&both, |graph, t| graph.subtract(t[0], t[1]), &expected(|x, y| x - y));
    assert_computes(&both, |graph, t| graph.multiply(t[0], t[1]), &expected(|x, y| x * y));
    assert_computes(&both, |graph, t| graph.divide(t[0], t[1]), &expected(|x, y| x / y));
    assert_computes(&both, |graph, t| graph.maximum(t[0], t[1]), &expected(super::Rational::max));
    assert_computes(&both, |graph, t| graph.minimum(t[0], t[1]), &expected(super::Rational::min));
}

#[test]
fn combinations_weigh_nodes_and_numbers() {
    let (x, y) = pair();
    let z = Array::numbers(&[], 3);
    let expected = Array::new(&[2, 3], |i| {
        ratio(1, 2) * x.at(&[i[0], 0]) - ratio(3, 1) * y.at(&[i[1]]) + ratio(5, 7) * z.at(&[]) + ratio(4, 1)
    });
    assert_computes(
        &[x, y, z],
        |graph, t| {
            let two = graph.scalar(ratio(2, 1));
            graph.combine(&[
                (t[0], ratio(1, 2)),
                (t[1], ratio(-3, 1)),
                (two, ratio(2, 1)),
                (t[2], ratio(5, 7)),
            ])
        },
        &expected,
    );
}

#[test]
fn one_operand_is_scaled_negated_and_applied_to() {
    let x = Array::numbers(&[4], 4);
    let each = |formula: fn(super::Rational) -> super::Rational| Array::new(&[4], |i| formula(x.at(i)));
    let one = [x.clone()];
    assert_computes(&one, |graph, t| graph.negate(t[0]), &each(|x| -x));
    assert_computes(&one, |graph, t| graph.scale(t[0], ratio(2, 3)), &each(|x| x * ratio(2, 3)));
    assert_computes(&one, |graph, t| graph.apply(Activation::Cube, t[0]), &each(|x| &x * &x * &x));
    assert_computes(&one, |graph, t| graph.apply(Activation::Abs, t[0]), &each(|x| x.abs()));
    assert_computes(&one, |graph, t| graph.multiply(t[0], t[0]), &each(|x| &x * &x));
}

#[test]
fn numbers_and_the_point_multiply_in_either_order() {
    let x = Array::numbers(&[3], 5);
    let expected = Array::new(&[2, 3], |i| x.at(&[i[1]]) * ratio([5, 7][i[0]], 1));
    let factors = || vec![ratio(5, 1), ratio(7, 1)];
    assert_computes(
        std::slice::from_ref(&x),
        |graph, t| {
            let factor = graph.constant(&[2, 1], factors())?;
            graph.multiply(factor, t[0])
        },
        &expected,
    );
    assert_computes(
        &[x],
        |graph, t| {
            let factor = graph.constant(&[2, 1], factors())?;
            graph.multiply(t[0], factor)
        },
        &expected,
    );
}
