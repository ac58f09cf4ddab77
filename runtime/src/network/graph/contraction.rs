//! Linear layers and products of matrices.

use jetc_operators::counted;

use super::shape::broadcast;
use super::{GraphBuilder, GraphError, TensorId};
use crate::jet::JetScalar;
use crate::network::{Matrix, MatrixShape, Operation};

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// y = W x + b along the last axis; W has shape \[features out, features in\].
    ///
    /// # Errors
    /// [`GraphError::Inner`] if the last axis of x has another length than W has columns, [`GraphError::Shape`] if the
    /// bias has another length than W has rows.
    pub fn linear(
        &mut self,
        x: TensorId,
        weight: Matrix<S>,
        bias: Option<Vec<S>>,
    ) -> Result<TensorId, GraphError> {
        let bias = bias.map(|bias| self.push_constant(vec![bias.len()], bias));
        self.linear_map(x, weight.constant(), bias)
    }

    /// y = W x + b along the last axis, with W and b as tensors: parameters, or what is computed from them.
    ///
    /// # Errors
    /// As [`Self::linear`], and [`GraphError::Shape`] if W is no matrix.
    pub fn affine(
        &mut self,
        x: TensorId,
        weight: TensorId,
        bias: Option<TensorId>,
    ) -> Result<TensorId, GraphError> {
        let &[rows, columns] = self.shape(weight) else {
            let (expected, found) = ("a weight [out, in]".to_owned(), self.shape(weight).to_vec());
            return Err(GraphError::Shape { operation: "a linear layer", expected, found });
        };
        let Some(numbers) = self.numbers(weight) else {
            let columns = self.transpose_matrix(weight)?;
            let product = self.matmul(x, columns)?;
            return bias.map_or(Ok(product), |bias| self.add(product, bias));
        };
        let matrix = Matrix::from_numbers(rows, columns, numbers).expect("a tensor fills its shape");
        match bias {
            // What depends on the point is no bias of an affine map.
            Some(bias) if self.node_of(bias).is_some() => {
                let product = self.linear_map(x, matrix, None)?;
                self.add(product, bias)
            }
            bias => self.linear_map(x, matrix, bias),
        }
    }

    /// The bias is a constant with one axis.
    fn linear_map(
        &mut self,
        x: TensorId,
        weight: Matrix<S>,
        bias: Option<TensorId>,
    ) -> Result<TensorId, GraphError> {
        let mut shape = self.shape(x).to_vec();
        let (rows, columns) = (weight.rows(), weight.columns());
        if shape.last() != Some(&columns) {
            let inner_left = shape.last().copied().unwrap_or(1);
            return Err(GraphError::Inner {
                left: shape,
                right: vec![columns, rows],
                inner_left,
                inner_right: columns,
            });
        }
        if let Some(found) = bias.map(|bias| self.shape(bias).to_vec()).filter(|found| found[..] != [rows]) {
            let expected = format!("a bias of {}", counted(rows, "entry"));
            return Err(GraphError::Shape { operation: "a linear layer", expected, found });
        }
        let numbers = bias.and_then(|bias| self.numbers(bias));
        if let Some(entries) = self.constant_entries(x) {
            let result = entries
                .chunks_exact(columns.max(1))
                .flat_map(|x| apply(&weight, numbers.as_deref(), x))
                .collect();
            *shape.last_mut().expect("the axis was found above") = rows;
            let result = self.push_constant(shape, result);
            let weight = self.push_numbers(vec![rows, columns], weight.numbers().clone());
            let inputs: Vec<TensorId> = [x, weight].into_iter().chain(bias).collect();
            return self
                .mirrored(result, &inputs, |prelude, of| prelude.affine(of[0], of[1], of.get(2).copied()));
        }
        let input = self.node(x)?;
        *shape.last_mut().expect("the axis was found above") = rows;
        self.push(Operation::Affine { input, weight, bias: numbers }, shape)
    }

    /// The product of matrices in the last two axes, as NumPy's `matmul`: axes before are broadcast, vectors are rows on
    /// the left and columns on the right.
    ///
    /// # Errors
    /// [`GraphError::Inner`] and [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn matmul(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let (left, right) = (self.shape(a).to_vec(), self.shape(b).to_vec());
        if left.is_empty() || right.is_empty() {
            let expected = "vectors and matrices".to_owned();
            return Err(GraphError::Shape { operation: "a matrix product", expected, found: Vec::new() });
        }
        let a = if left.len() == 1 { self.reshape(a, &[1, left[0]])? } else { a };
        let b = if right.len() == 1 { self.reshape(b, &[right[0], 1])? } else { b };
        let mut product = self.matrix_product(a, b)?;
        if left.len() == 1 {
            let axis = self.shape(product).len() - 2;
            product = self.squeeze(product, &[axis.cast_signed()])?;
        }
        if right.len() == 1 {
            product = self.squeeze(product, &[-1])?;
        }
        Ok(product)
    }

    /// Both have two axes or more.
    fn matrix_product(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let (left, right) = (self.shape(a).to_vec(), self.shape(b).to_vec());
        let (outer_left, [rows, inner]) = split(&left);
        let (outer_right, [inner_right, columns]) = split(&right);
        if inner != inner_right {
            return Err(GraphError::Inner { left, right, inner_left: inner, inner_right });
        }
        let outer = broadcast(outer_left, outer_right)?;
        if self.constant_entries(b).is_some() && outer_right.iter().all(|&axis| axis == 1) {
            let matrix = self.reshape(b, &[inner, columns])?;
            let weight = self.transpose_matrix(matrix)?;
            let product = self.affine(a, weight, None)?;
            return self.reshape(product, &[&outer[..], &[rows, columns]].concat());
        }
        if self.constant_entries(a).is_some() && outer_left.iter().all(|&axis| axis == 1) {
            // A B = (Bᵀ Aᵀ)ᵀ
            let weight = self.reshape(a, &[rows, inner])?;
            let transposed = self.transpose_matrix(b)?;
            let product = self.affine(transposed, weight, None)?;
            let product = self.transpose_matrix(product)?;
            return self.reshape(product, &[&outer[..], &[rows, columns]].concat());
        }
        let a = self.broadcast_to(a, &[&outer[..], &[rows, inner]].concat())?;
        let b = self.broadcast_to(b, &[&outer[..], &[inner, columns]].concat())?;
        let shape = MatrixShape { batch: outer.iter().product(), rows, inner, columns };
        let result = [&outer[..], &[rows, columns]].concat();
        if let (Some(u), Some(v)) = (self.constant_entries(a), self.constant_entries(b)) {
            let entries = products(shape, u, v);
            let result = self.push_constant(result, entries);
            return self.mirrored(result, &[a, b], |prelude, of| prelude.matmul(of[0], of[1]));
        }
        let (left, right) = (self.node(a)?, self.node(b)?);
        self.push(Operation::MatrixProduct { left, right, shape }, result)
    }
}

/// The axes before the last two, and the last two.
fn split(shape: &[usize]) -> (&[usize], [usize; 2]) {
    let (outer, matrix) = shape.split_at(shape.len() - 2);
    (outer, [matrix[0], matrix[1]])
}

/// Σⱼ Aᵢⱼ Bⱼₖ of every matrix of the batch.
fn products<S: JetScalar>(shape: MatrixShape, a: &[S], b: &[S]) -> Vec<S> {
    let MatrixShape { batch, rows, inner, columns } = shape;
    let entry = |m: usize, i: usize, k: usize| {
        let term =
            |sum: S, j: usize| a[(m * rows + i) * inner + j].mul_add(&b[(m * inner + j) * columns + k], &sum);
        (0..inner).fold(S::zero(), term)
    };
    let positions = (0..batch).flat_map(|m| (0..rows).map(move |i| (m, i)));
    positions
        .flat_map(|(m, i)| (0..columns).map(move |k| (m, i, k)))
        .map(|(m, i, k)| entry(m, i, k))
        .collect()
}

/// W x + b
fn apply<S: JetScalar>(weight: &Matrix<S>, bias: Option<&[S]>, x: &[S]) -> Vec<S> {
    let row = |i: usize| {
        let product = weight.row(i).iter().zip(x).fold(S::zero(), |sum, (w, x)| w.mul_add(x, &sum));
        bias.map_or_else(|| product.clone(), |bias| product.add(&bias[i]))
    };
    (0..weight.rows()).map(row).collect()
}
