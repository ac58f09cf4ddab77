//! Products of one-dimensional rules on the unit cube.

use super::gauss_legendre::gauss_legendre;
use super::number::float;

/// A rule on \[0, 1\].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Gauss–Legendre: exact for polynomials of degree 2m − 1.
    Legendre,
    /// The midpoints of m equal cells: exact for trigonometric polynomials of degree m − 1 where the ends meet.
    Even,
}

impl Rule {
    /// m nodes and their weights, which sum to one.
    fn nodes(self, m: usize) -> (Vec<f64>, Vec<f64>) {
        match self {
            Self::Legendre => {
                let (nodes, weights) = gauss_legendre(m);
                (nodes.iter().map(|x| (1.0 + x) / 2.0).collect(), weights.iter().map(|w| w / 2.0).collect())
            }
            Self::Even => {
                let cells = float(m);
                ((0..m).map(|i| (float(i) + 0.5) / cells).collect(), vec![1.0 / cells; m])
            }
        }
    }
}

/// How many nodes each of k axes has so that their product is near `count`: equal numbers, then one more on the first
/// axes while that comes nearer.
pub(super) fn resolution(axes: usize, count: usize) -> Vec<usize> {
    let mut nodes = vec![1; axes];
    let product = |nodes: &[usize]| nodes.iter().fold(1, |product: usize, &m| product.saturating_mul(m));
    loop {
        let before = nodes.clone();
        for axis in 0..axes {
            let now = product(&nodes);
            nodes[axis] += 1;
            if product(&nodes).abs_diff(count) >= now.abs_diff(count) {
                nodes[axis] -= 1;
                break;
            }
        }
        if nodes == before {
            return nodes;
        }
    }
}

/// Calls `visit` with each node of the product of rules and its weight, the last axis fastest. No axes: one node.
pub(super) fn product(rules: &[Rule], resolution: &[usize], mut visit: impl FnMut(&[f64], f64)) {
    let axes: Vec<_> = rules.iter().zip(resolution).map(|(rule, &m)| rule.nodes(m)).collect();
    let total: usize = resolution.iter().product();
    let mut cube = vec![0.0; rules.len()];
    for index in 0..total {
        let (mut rest, mut weight) = (index, 1.0);
        for (x, (nodes, weights)) in cube.iter_mut().zip(&axes).rev() {
            *x = nodes[rest % nodes.len()];
            weight *= weights[rest % nodes.len()];
            rest /= nodes.len();
        }
        visit(&cube, weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolutions_are_balanced_and_near_the_count() {
        assert_eq!(resolution(2, 100), [10, 10]);
        assert_eq!(resolution(2, 90), [10, 9]);
        assert_eq!(resolution(3, 27), [3, 3, 3]);
        assert_eq!(resolution(1, 7), [7]);
        assert_eq!(resolution(3, 1), [1, 1, 1]);
        assert!(resolution(0, 5).is_empty());
    }
}
