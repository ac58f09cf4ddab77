//! Sums, means, products and extremes over axes.

use super::{Array, Rational, assert_computes, ratio};

fn three() -> Array {
    Array::numbers(&[2, 3, 5], 1)
}

#[test]
fn sums_means_and_products_run_over_the_named_axes() {
    let x = three();
    let over = |formula: &dyn Fn(&[Rational]) -> Rational| {
        Array::new(&[3], |i| {
            let entries = (0..2).flat_map(|a| (0..5).map(move |b| (a, b))).map(|(a, b)| x.at(&[a, i[0], b]));
            formula(&entries.collect::<Vec<_>>())
        })
    };
    let one = [x.clone()];
    let sum = over(&|entries| entries.iter().sum());
    assert_computes(&one, |graph, t| graph.sum(t[0], &[0, -1], false), &sum);
    let kept = Array { shape: vec![1, 3, 1], entries: sum.entries.clone() };
    assert_computes(&one, |graph, t| graph.sum(t[0], &[-1, 0], true), &kept);
    assert_computes(
        &one,
        |graph, t| graph.mean(t[0], &[0, 2], false),
        &over(&|entries| entries.iter().sum::<Rational>() * ratio(1, 10)),
    );
    assert_computes(
        &one,
        |graph, t| graph.product(t[0], &[0, 2], false),
        &over(&|entries| entries.iter().product()),
    );
    assert_computes(
        &one,
        |graph, t| graph.largest(t[0], &[0, 2], false),
        &over(&|entries| entries.iter().max().unwrap().clone()),
    );
    assert_computes(
        &one,
        |graph, t| graph.smallest(t[0], &[0, 2], false),
        &over(&|entries| entries.iter().min().unwrap().clone()),
    );
}

#[test]
fn running_sums_include_their_place_or_stop_before() {
    let x = three();
    let up_to = |last: usize, i: &[usize]| (0..last).map(|k| x.at(&[i[0], k, i[2]])).sum::<Rational>();
    let inclusive = Array::new(&[2, 3, 5], |i| up_to(i[1] + 1, i));
    assert_computes(std::slice::from_ref(&x), |graph, t| graph.cumulative_sum(t[0], 1, false), &inclusive);
    let exclusive = Array::new(&[2, 3, 5], |i| up_to(i[1], i));
    assert_computes(std::slice::from_ref(&x), |graph, t| graph.cumulative_sum(t[0], -2, true), &exclusive);
}
