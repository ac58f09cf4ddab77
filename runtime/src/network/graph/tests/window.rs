//! Convolution and pooling.

use num_traits::Zero;

use super::{Array, Rational, assert_computes};
use crate::network::Window;

#[test]
fn a_convolution_is_a_sum_over_its_window() {
    let (x, w, b) = (Array::numbers(&[4, 9], 1), Array::numbers(&[2, 2, 3], 2), Array::numbers(&[2], 3));
    let mut window = Window::new(&[3]);
    window.stride = vec![2];
    window.dilation = vec![2];
    window.padding = vec![(1, 2)];
    // (9 + 3 − 5)/2 + 1 = 4 windows; two groups of two channels in, one channel out.
    let expected = Array::new(&[2, 4], |i| {
        let mut sum = b.at(&[i[0]]);
        for channel in 0..2 {
            for k in 0..3 {
                let place = (2 * i[1] + 2 * k).checked_sub(1).filter(|&place| place < 9);
                let entry = place.map_or_else(Rational::zero, |place| x.at(&[2 * i[0] + channel, place]));
                sum += w.at(&[i[0], channel, k]) * entry;
            }
        }
        sum
    });
    let convolution = |graph: &mut super::Graph, t: &[super::TensorId]| {
        let weight = graph.parameter("w", &[2, 2, 3], w.entries.clone())?;
        let bias = graph.constant(&[2], b.entries.clone())?;
        graph.convolution(t[0], weight, Some(bias), &window, 2)
    };
    assert_computes(&[x], convolution, &expected);
}

#[test]
fn pools_take_the_mean_or_the_largest_of_a_window() {
    let x = Array::numbers(&[2, 4, 5], 4);
    let mut window = Window::new(&[2, 3]);
    window.stride = vec![2, 1];
    let entries = |i: &[usize]| -> Vec<Rational> {
        let places = (0..2).flat_map(|a| (0..3).map(move |b| (a, b)));
        places.map(|(a, b)| x.at(&[i[0], 2 * i[1] + a, i[2] + b])).collect()
    };
    let mean = Array::new(&[2, 2, 3], |i| entries(i).iter().sum::<Rational>() / super::ratio(6, 1));
    assert_computes(std::slice::from_ref(&x), |graph, t| graph.average_pool(t[0], &window), &mean);
    let largest = Array::new(&[2, 2, 3], |i| entries(i).into_iter().max().unwrap());
    assert_computes(std::slice::from_ref(&x), |graph, t| graph.maximum_pool(t[0], &window), &largest);
}
