//! What a network was trained with: named tensors, one after another in one vector.
//!
//! | notation | name |
//! |---|---|
//! | θ, P numbers | [`Parameters::values`], [`Parameters::len`] |
//! | a tensor of θ, row-major from its offset on | [`Parameter`] |
//! | z, the numbers of all operations that depend on θ | [`NumberList::origin`](super::NumberList::origin) says where in z they stand |
//!
//! Often z is θ. Where a file has weights in another form than the operations need (transposed, normalised, factorised),
//! the network has a prelude, θ ↦ z: see [`Network::prelude`](super::Network::prelude). Tensors are in the order in which
//! the operations of the network first need them. What was read but does not vary is listed by its name: see
//! [`Parameters::constants`]. Checked by `the_parameters_of_a_file_are_its_tensors`.

/// A named tensor of θ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, as the file has it.
    pub name: String,
    /// Its shape, as the file has it.
    pub shape: Vec<usize>,
    /// The position of its first number in θ.
    pub offset: usize,
}

impl Parameter {
    /// How many numbers it has.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// A named tensor that does not vary: a shape, an exponent, a buffer, or one that the result does not depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedConstant {
    /// Its name, as the file has it.
    pub name: String,
    /// Its shape, as the file has it.
    pub shape: Vec<usize>,
}

/// The parameters of a network with their values, θ.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters<S> {
    tensors: Vec<Parameter>,
    values: Vec<S>,
    constants: Vec<NamedConstant>,
}

impl<S> Parameters<S> {
    /// The tensors, in the order in which the network needs them first.
    pub fn tensors(&self) -> &[Parameter] {
        &self.tensors
    }

    /// P, the number of all parameters together.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// θ as it was read.
    pub fn values(&self) -> &[S] {
        &self.values
    }

    /// One tensor with its numbers.
    ///
    /// # Example
    /// ```
    /// use jetc_runtime::{Matrix, Network};
    /// let weight = Matrix::from_row_major(1, 2, vec![1.0, -1.0]).unwrap();
    /// let network = Network::builder(2).affine(weight, Some(vec![0.5])).build()?;
    /// let (bias, numbers) = network.parameters().get("layers.0.bias").unwrap();
    /// assert_eq!((&bias.shape[..], bias.offset, numbers), (&[1][..], 2, &[0.5][..]));
    /// # Ok::<(), jetc_runtime::NetworkError>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<(&Parameter, &[S])> {
        let tensor = self.tensors.iter().find(|tensor| tensor.name == name)?;
        Some((tensor, &self.values[tensor.offset..][..tensor.size()]))
    }

    /// What was read beside the parameters, and does not vary.
    pub fn constants(&self) -> &[NamedConstant] {
        &self.constants
    }

    /// No parameters.
    pub(crate) fn none() -> Self {
        Self { tensors: Vec::new(), values: Vec::new(), constants: Vec::new() }
    }

    /// Appends a tensor.
    pub(super) fn push(&mut self, name: String, shape: Vec<usize>, values: impl IntoIterator<Item = S>) {
        self.tensors.push(Parameter { name, shape, offset: self.values.len() });
        self.values.extend(values);
    }

    pub(super) fn push_constant(&mut self, constant: NamedConstant) {
        self.constants.push(constant);
    }

    /// The same tensors with other numbers, as many.
    pub(super) fn with_values(&self, values: Vec<S>) -> Self {
        debug_assert_eq!(values.len(), self.values.len(), "every parameter has a number");
        Self { tensors: self.tensors.clone(), values, constants: self.constants.clone() }
    }

    pub(super) fn map<T>(&self, convert: impl Fn(&S) -> T) -> Parameters<T> {
        Parameters {
            tensors: self.tensors.clone(),
            values: self.values.iter().map(convert).collect(),
            constants: self.constants.clone(),
        }
    }
}
