//! Linear layers, matrix products, sums of products by letters.

use super::{Array, Rational, assert_computes};
use crate::network::Matrix;

fn sum(count: usize, term: impl Fn(usize) -> Rational) -> Rational {
    (0..count).map(term).sum()
}

#[test]
fn a_linear_layer_acts_on_the_last_axis() {
    let (x, w, b) = (Array::numbers(&[2, 3], 1), Array::numbers(&[4, 3], 2), Array::numbers(&[4], 3));
    let expected = Array::new(&[2, 4], |i| sum(3, |k| w.at(&[i[1], k]) * x.at(&[i[0], k])) + b.at(&[i[1]]));
    let matrix = Matrix::from_row_major(4, 3, w.entries.clone()).unwrap();
    assert_computes(&[x], |graph, t| graph.linear(t[0], matrix.clone(), Some(b.entries.clone())), &expected);
}

#[test]
fn matrices_multiply_in_every_combination_of_shapes() {
    let matmul = |left: &[usize], right: &[usize], expected: &dyn Fn(&Array, &Array) -> Array| {
        let (a, b) = (Array::numbers(left, 4), Array::numbers(right, 5));
        let expected = expected(&a, &b);
        assert_computes(&[a.clone(), b.clone()], |graph, t| graph.matmul(t[0], t[1]), &expected);
        // One side known: an affine map.
        let known = b.clone();
        assert_computes(
            std::slice::from_ref(&a),
            |graph, t| {
                let b = graph.constant(&known.shape, known.entries.clone())?;
                graph.matmul(t[0], b)
            },
            &expected,
        );
        assert_computes(
            &[b],
            |graph, t| {
                let a = graph.constant(&a.shape, a.entries.clone())?;
                graph.matmul(a, t[0])
            },
            &expected,
        );
    };
    matmul(&[2, 3], &[3, 4], &|a, b| {
        Array::new(&[2, 4], |i| sum(3, |k| a.at(&[i[0], k]) * b.at(&[k, i[1]])))
    });
    matmul(&[3], &[3, 4], &|a, b| Array::new(&[4], |i| sum(3, |k| a.at(&[k]) * b.at(&[k, i[0]]))));
    matmul(&[2, 3], &[3], &|a, b| Array::new(&[2], |i| sum(3, |k| a.at(&[i[0], k]) * b.at(&[k]))));
    matmul(&[3], &[3], &|a, b| Array::new(&[], |_| sum(3, |k| a.at(&[k]) * b.at(&[k]))));
    matmul(&[2, 1, 2, 3], &[4, 3, 2], &|a, b| {
        Array::new(&[2, 4, 2, 2], |i| sum(3, |k| a.at(&[i[0], 0, i[2], k]) * b.at(&[i[1], k, i[3]])))
    });
    matmul(&[2, 3], &[2, 3, 2], &|a, b| {
        Array::new(&[2, 2, 2], |i| sum(3, |k| a.at(&[i[1], k]) * b.at(&[i[0], k, i[2]])))
    });
}

#[test]
fn sums_of_products_follow_their_letters() {
    let einsum = |equation: &str, arrays: &[Array], expected: &Array| {
        assert_computes(arrays, |graph, t| graph.einsum(equation, t), expected);
    };
    let (a, b, c) = (Array::numbers(&[2, 3], 6), Array::numbers(&[3, 4], 7), Array::numbers(&[4], 8));
    let two = [a.clone(), b.clone()];
    einsum("ij,jk->ik", &two, &Array::new(&[2, 4], |i| sum(3, |j| a.at(&[i[0], j]) * b.at(&[j, i[1]]))));
    einsum("ij, jk -> ki", &two, &Array::new(&[4, 2], |i| sum(3, |j| a.at(&[i[1], j]) * b.at(&[j, i[0]]))));
    einsum("ij,jk", &two, &Array::new(&[2, 4], |i| sum(3, |j| a.at(&[i[0], j]) * b.at(&[j, i[1]]))));
    let three = [a.clone(), b.clone(), c.clone()];
    einsum(
        "ij,jk,k->i",
        &three,
        &Array::new(&[2], |i| sum(3, |j| sum(4, |k| a.at(&[i[0], j]) * b.at(&[j, k]) * c.at(&[k])))),
    );
    einsum("ij->j", std::slice::from_ref(&a), &Array::new(&[3], |i| sum(2, |k| a.at(&[k, i[0]]))));
    einsum("ij->", std::slice::from_ref(&a), &Array::new(&[], |_| sum(2, |i| sum(3, |j| a.at(&[i, j])))));
    einsum("ij,ij->ij", &[a.clone(), a.clone()], &Array::new(&[2, 3], |i| a.at(i) * a.at(i)));
    einsum(
        "ij,k->jik",
        &[a.clone(), c.clone()],
        &Array::new(&[3, 2, 4], |i| a.at(&[i[1], i[0]]) * c.at(&[i[2]])),
    );
}
