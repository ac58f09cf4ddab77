//! Calls that combine vectors and matrices: `dot`, `contract`, `cross`, `outer`, `times`, `norm`, `trace`, `transpose`,
//! `det`.

use super::calls::Call;
use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::spec::RealFunction;
use crate::symbolic::{Graph, NodeId};

/// Largest matrix of which `det` is taken.
const DETERMINANT: usize = 4;

impl Elaborator<'_> {
    /// Sums over the last index of the first and the first index of the second.
    pub(super) fn call_dot(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a, b] = self.values(call)?;
        let (rows, inner_a) = match a.shape {
            Shape::Vector(length) => (1, length),
            Shape::Matrix(rows, columns) => (rows, columns),
            Shape::Scalar => return Err(self.unfit(&a, &b, call)),
        };
        let (inner_b, columns) = match b.shape {
            Shape::Vector(length) => (length, 1),
            Shape::Matrix(rows, columns) => (rows, columns),
            Shape::Scalar => return Err(self.unfit(&a, &b, call)),
        };
        if inner_a != inner_b {
            return Err(self.unfit(&a, &b, call));
        }
        let mut items = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let pairs = (0..inner_a).map(|k| (a.items[row * inner_a + k], b.items[k * columns + column]));
                items.push(self.sum_of_products(pairs, call)?);
            }
        }
        let shape = match (a.shape, b.shape) {
            (Shape::Matrix(..), Shape::Matrix(..)) => Shape::Matrix(rows, columns),
            (Shape::Vector(_), Shape::Vector(_)) => Shape::Scalar,
            _ => Shape::Vector(items.len()),
        };
        Ok(Value { shape, items })
    }

    pub(super) fn call_contract(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a, b] = self.values(call)?;
        if a.shape != b.shape || a.shape == Shape::Scalar {
            return Err(self.unfit(&a, &b, call));
        }
        self.sum_of_products(a.items.into_iter().zip(b.items), call).map(Value::scalar)
    }

    pub(super) fn call_cross(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a, b] = self.values(call)?;
        let component = |this: &mut Self, i: usize, j: usize| {
            let left = this.product_of(a.items[i], b.items[j], call)?;
            let right = this.product_of(a.items[j], b.items[i], call)?;
            this.difference(left, right, call)
        };
        match (a.shape, b.shape) {
            (Shape::Vector(2), Shape::Vector(2)) => component(self, 0, 1).map(Value::scalar),
            (Shape::Vector(3), Shape::Vector(3)) => {
                let items = [(1, 2), (2, 0), (0, 1)].map(|(i, j)| component(self, i, j));
                items.into_iter().collect::<Checked<Vec<_>>>().map(Value::vector)
            }
            _ => Err(self.unfit(&a, &b, call)),
        }
    }

    pub(super) fn call_outer(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a, b] = self.values(call)?;
        let (Shape::Vector(rows), Shape::Vector(columns)) = (a.shape, b.shape) else {
            return Err(self.unfit(&a, &b, call));
        };
        let mut items = Vec::new();
        for &left in &a.items {
            for &right in &b.items {
                items.push(self.product_of(left, right, call)?);
            }
        }
        Ok(Value { shape: Shape::Matrix(rows, columns), items })
    }

    pub(super) fn call_times(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a, b] = self.values(call)?;
        if a.shape != b.shape {
            return Err(self.unfit(&a, &b, call));
        }
        let mut items = Vec::with_capacity(a.items.len());
        for (&left, &right) in a.items.iter().zip(&b.items) {
            items.push(self.product_of(left, right, call)?);
        }
        Ok(Value { shape: a.shape, items })
    }

    pub(super) fn call_norm(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a] = self.values(call)?;
        let square = self.sum_of_products(a.items.iter().map(|&item| (item, item)), call)?;
        let root = self.graph.call(RealFunction::Sqrt, vec![square]);
        self.check(root, call.span).map(Value::scalar)
    }

    pub(super) fn call_sum(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a] = self.values(call)?;
        self.total(a.items, call).map(Value::scalar)
    }

    pub(super) fn call_trace(&mut self, call: Call<'_>) -> Checked<Value> {
        let (size, a) = self.square(call)?;
        let diagonal = (0..size).map(|i| a.items[i * size + i]).collect();
        self.total(diagonal, call).map(Value::scalar)
    }

    pub(super) fn call_transpose(&mut self, call: Call<'_>) -> Checked<Value> {
        let [a] = self.values(call)?;
        let Shape::Matrix(rows, columns) = a.shape else {
            return Err(self.mismatch(
                call.span,
                format!("`transpose` takes a matrix, this is {}", a.shape),
                "",
            ));
        };
        let items = (0..columns).flat_map(|j| (0..rows).map(move |i| i * columns + j));
        let items = items.map(|place| a.items[place]).collect();
        Ok(Value { shape: Shape::Matrix(columns, rows), items })
    }

    pub(super) fn call_determinant(&mut self, call: Call<'_>) -> Checked<Value> {
        let (size, a) = self.square(call)?;
        if size > DETERMINANT {
            let message =
                format!("`det` takes matrices up to {DETERMINANT}×{DETERMINANT}, this is {}", a.shape);
            return Err(self.mismatch(call.span, message, ""));
        }
        let rows: Vec<&[NodeId]> = a.items.chunks(size).collect();
        self.determinant(&rows, &(0..size).collect::<Vec<_>>(), call).map(Value::scalar)
    }

    /// By the first row: Σ ± a₁ⱼ det(without row 1 and column j).
    fn determinant(&mut self, rows: &[&[NodeId]], columns: &[usize], call: Call<'_>) -> Checked<NodeId> {
        let Some((first, rest)) = rows.split_first() else { return Ok(Graph::ONE) };
        let (mut plus, mut minus) = (Vec::new(), Vec::new());
        for (place, &column) in columns.iter().enumerate() {
            let others: Vec<usize> = columns.iter().copied().filter(|&other| other != column).collect();
            let minor = self.determinant(rest, &others, call)?;
            let term = self.product_of(first[column], minor, call)?;
            if place % 2 == 0 { plus.push(term) } else { minus.push(term) }
        }
        let (plus, minus) = (self.total(plus, call)?, self.total(minus, call)?);
        self.difference(plus, minus, call)
    }

    fn square(&mut self, call: Call<'_>) -> Checked<(usize, Value)> {
        let [a] = self.values(call)?;
        match a.shape {
            Shape::Matrix(rows, columns) if rows == columns => Ok((rows, a)),
            shape => {
                let message = format!("`{}` takes a square matrix, this is {shape}", call.name);
                Err(self.mismatch(call.span, message, ""))
            }
        }
    }

    fn product_of(&mut self, a: NodeId, b: NodeId, call: Call<'_>) -> Checked<NodeId> {
        let product = self.graph.times(a, b);
        self.check(product, call.span)
    }

    fn sum_of_products(
        &mut self,
        pairs: impl Iterator<Item = (NodeId, NodeId)>,
        call: Call<'_>,
    ) -> Checked<NodeId> {
        let products: Vec<Checked<NodeId>> = pairs.map(|(a, b)| self.product_of(a, b, call)).collect();
        let products = products.into_iter().collect::<Checked<Vec<_>>>()?;
        self.total(products, call)
    }

    /// Reports that two shapes do not go together.
    fn unfit(&mut self, a: &Value, b: &Value, call: Call<'_>) -> Reported {
        let message = format!("`{}` does not take {} and {}", call.name, a.shape, b.shape);
        let help = match (a.shape, b.shape) {
            (Shape::Scalar, Shape::Scalar) => "products of numbers are written `a*b`",
            (Shape::Scalar, _) | (_, Shape::Scalar) => "multiples of vectors are written `a*U`",
            _ => "the lengths must agree",
        };
        self.mismatch(call.span, message, help)
    }
}
