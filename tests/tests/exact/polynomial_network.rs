//! Networks that are polynomials, and the polynomials that they are.

use std::fmt;

use jetc_combinatorics::rational::{power, ratio};
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use jetc_runtime::{Activation, Matrix, Network};
use num_traits::Zero;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// y = W x + b with small fractions.
#[derive(Debug, Clone)]
struct Layer {
    weight: Vec<Vec<Rational>>,
    bias: Option<Vec<Rational>>,
}

/// Affine layers with powers between them.
#[derive(Clone)]
pub(crate) struct PolynomialNetwork {
    inputs: usize,
    layers: Vec<Layer>,
    activations: Vec<Activation>,
}

impl PolynomialNetwork {
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// The network as jetc takes it.
    pub(crate) fn network(&self) -> Network<Rational> {
        let mut builder = Network::builder(self.inputs);
        for (number, layer) in self.layers.iter().enumerate() {
            if number > 0 {
                builder = builder.elementwise(self.activations[number - 1]);
            }
            let (rows, columns) = (layer.weight.len(), layer.weight[0].len());
            let weight = Matrix::from_row_major(rows, columns, layer.weight.concat()).unwrap();
            builder = builder.affine(weight, layer.bias.clone());
        }
        builder.build().unwrap()
    }

    /// Each output as a polynomial in the inputs: the network expanded by hand, without any jet.
    pub(crate) fn polynomials(&self) -> Vec<Polynomial> {
        let count = u32::try_from(self.inputs).unwrap();
        let mut values: Vec<Polynomial> = (0..count).map(Polynomial::variable).collect();
        for (number, layer) in self.layers.iter().enumerate() {
            if number > 0 {
                let exponent = exponent(self.activations[number - 1]);
                values = values.iter().map(|value| value.power(exponent)).collect();
            }
            values = layer.apply(&values);
        }
        values
    }

    /// The same network with its inputs in another order: input i of the new one is input `order[i]` of this one.
    pub(crate) fn permuted(&self, order: &[usize]) -> Self {
        let mut permuted = self.clone();
        for row in &mut permuted.layers[0].weight {
            *row = order.iter().map(|&old| row[old].clone()).collect();
        }
        permuted
    }
}

impl Layer {
    fn apply(&self, values: &[Polynomial]) -> Vec<Polynomial> {
        let rows = self.weight.iter().enumerate().map(|(row, weights)| {
            let bias = self.bias.as_ref().map_or_else(Rational::zero, |bias| bias[row].clone());
            let mut sum = Polynomial::constant(bias);
            for (weight, value) in weights.iter().zip(values) {
                sum.add_scaled(value, weight);
            }
            sum
        });
        rows.collect()
    }
}

impl fmt::Debug for PolynomialNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, layer) in self.layers.iter().enumerate() {
            if number > 0 {
                write!(f, " | {} | ", self.activations[number - 1])?;
            }
            let row = |row: &Vec<Rational>| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let rows: Vec<String> = layer.weight.iter().map(row).collect();
            write!(
                f,
                "W = [{}], b = [{}]",
                rows.join("; "),
                layer.bias.as_ref().map(row).unwrap_or_default()
            )?;
        }
        Ok(())
    }
}

fn exponent(activation: Activation) -> u32 {
    match activation {
        Activation::Identity => 1,
        Activation::Square => 2,
        Activation::Cube => 3,
        other => panic!("{other} is no power"),
    }
}

/// The value of a polynomial at a point.
pub(crate) fn value_at(polynomial: &Polynomial, point: &[Rational]) -> Rational {
    let monomial = |monomial: &MultiIndex| -> Rational {
        monomial.pairs().map(|(variable, exponent)| power(&point[variable as usize], exponent)).product()
    };
    polynomial.terms().map(|(m, coefficient)| coefficient * monomial(m)).sum()
}

/// Small fractions, zero among them.
pub(crate) fn fraction() -> impl Strategy<Value = Rational> + Clone {
    (-4i64..=4, 1i64..=3).prop_map(|(numerator, denominator)| ratio(numerator, denominator))
}

fn layer(inputs: usize, outputs: usize) -> impl Strategy<Value = Layer> {
    let row = proptest::collection::vec(fraction(), inputs);
    let bias = proptest::option::of(proptest::collection::vec(fraction(), outputs));
    (proptest::collection::vec(row, outputs), bias).prop_map(|(weight, bias)| Layer { weight, bias })
}

/// Networks of these many inputs with one or two hidden layers: polynomials of degree up to 9.
pub(crate) fn polynomial_network(inputs: usize) -> impl Strategy<Value = PolynomialNetwork> {
    let powers = prop_oneof![Just(Activation::Square), Just(Activation::Cube), Just(Activation::Identity)];
    let widths = (1usize..=3, 1usize..=2, 1usize..=2, any::<bool>());
    widths.prop_flat_map(move |(first, second, outputs, deep)| {
        let widths = if deep { vec![inputs, first, second, outputs] } else { vec![inputs, first, outputs] };
        let layers: Vec<_> = widths.windows(2).map(|pair| layer(pair[0], pair[1]).boxed()).collect();
        let activations = proptest::collection::vec(powers.clone(), layers.len() - 1);
        (layers, activations).prop_map(move |(layers, activations)| PolynomialNetwork {
            inputs,
            layers,
            activations,
        })
    })
}
