//! Derivatives of results by parameters, points and unknowns: numpy around `Differentiator`.
//!
//! Sums over points are taken by a tree that depends on their number, so a call is never cut in blocks where there are sums;
//! it asks whether to go on at every leaf. Rows of Jacobians do not depend on each other, and are cut.

use std::sync::Arc;

use jetc_runtime::{Differentiator, Gradients};
use numpy::{PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use rayon::ThreadPool;

use super::batch::{Batch, in_blocks, of, of_mut};
use super::compiled::Numbers;
use super::{Evaluator, Kind, bytes};
use crate::arrays::{self, Dtype};
use crate::errors::{self, EvaluationError};
use crate::{threads, work};

/// What a call needs besides its points.
struct Call<T: 'static> {
    differentiator: Arc<Differentiator<T>>,
    pool: Arc<ThreadPool>,
    /// n, columns, P
    widths: [usize; 3],
}

impl Evaluator {
    fn differentiate<T: Kind>(&self, py: Python<'_>, numbers: &Numbers) -> PyResult<Call<T>> {
        let differentiator = T::compiled(self).differentiator(&self.source, numbers)?;
        let widths = [differentiator.inputs(), differentiator.columns().len(), differentiator.parameters()];
        Ok(Call { differentiator, pool: threads::pool(py, self.threads)?, widths })
    }

    fn loss<'py, T: Kind>(
        &self,
        batch: &Batch<'py>,
        numbers: &Numbers,
        targets: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(f64, Bound<'py, PyAny>)> {
        let py = batch.py();
        let Call { differentiator, pool, widths: [_, columns, parameters] } =
            self.differentiate::<T>(py, numbers)?;
        let points = batch.points::<T>()?;
        let targets =
            targets.map(|targets| beside::<T>(targets, "targets", &batch.shape(&[columns]))).transpose()?;
        let targets = targets.as_ref().map(arrays::numbers).transpose()?;
        let gradient = arrays::zeros::<T>(py, &[parameters]);
        let mut written = gradient.readwrite();
        let (points, into) = (arrays::numbers(&points)?, written.as_slice_mut()?);
        let loss = work::run(py, &pool, |watch| {
            let mut results = vec![T::from_f64(0.0); points.len() / differentiator.inputs() * columns];
            let gradients = Gradients { parameters: Some(into), ..Gradients::default() };
            differentiator.loss_and_gradients(points, targets, &mut results, gradients, |_| watch.check())
        })?;
        drop(written);
        Ok((loss.map_err(|error| errors::gradient(&error))?, gradient.into_any()))
    }

    fn pull_back<'py, T: Kind>(
        &self,
        batch: &Batch<'py>,
        numbers: &Numbers,
        cotangents: &Bound<'py, PyAny>,
        wanted: &[By],
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let py = batch.py();
        let [n, columns] = [self.source.network.inputs(), self.columns.len()];
        let parameters = self.source.network.parameters().len();
        let points = batch.points::<T>()?;
        let cotangents = beside::<T>(cotangents, "cotangents", &batch.shape(&[columns]))?;
        let by_parameters = arrays::zeros::<T>(py, &[parameters]);
        let by_points = arrays::zeros::<T>(py, &batch.shape(&[n]));
        let by_unknowns = arrays::zeros::<f64>(py, &[self.source.spec.unknowns.len()]);
        let (mut p, mut x, mut u) =
            (by_parameters.readwrite(), by_points.readwrite(), by_unknowns.readwrite());
        let is_wanted = |by| wanted.contains(&by);
        let gradients = Gradients {
            parameters: is_wanted(By::Parameters).then(|| p.as_slice_mut()).transpose()?,
            points: is_wanted(By::Points).then(|| x.as_slice_mut()).transpose()?,
            unknowns: is_wanted(By::Unknowns).then(|| u.as_slice_mut()).transpose()?,
        };
        self.pull_back_into(
            py,
            numbers,
            arrays::numbers(&points)?,
            arrays::numbers(&cotangents)?,
            gradients,
        )?;
        drop((p, x, u));
        let result = |by: &By| match by {
            By::Parameters => by_parameters.clone().into_any(),
            By::Points => by_points.clone().into_any(),
            By::Unknowns => by_unknowns.clone().into_any(),
        };
        Ok(wanted.iter().map(result).collect())
    }

    /// wᵀ ∂r at row-major points, of everything that is asked for.
    pub(super) fn pull_back_into<T: Kind>(
        &self,
        py: Python<'_>,
        numbers: &Numbers,
        points: &[T],
        cotangents: &[T],
        gradients: Gradients<'_, T>,
    ) -> PyResult<()> {
        let Call { differentiator, pool, widths: [_, columns, _] } = self.differentiate::<T>(py, numbers)?;
        let done = work::run(py, &pool, |watch| {
            let mut results = vec![T::from_f64(0.0); cotangents.len()];
            let copy = |first: usize, results: &[T], into: &mut [T]| {
                watch.check();
                into.copy_from_slice(&cotangents[first * columns..][..results.len()]);
                0.0
            };
            differentiator.value_and_vjp(points, &mut results, copy, gradients)
        })?;
        done.map(|_| ()).map_err(|error| errors::gradient(&error))
    }

    fn push_forward<'py, T: Kind>(
        &self,
        batch: &Batch<'py>,
        numbers: &Numbers,
        direction: &Bound<'py, PyAny>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let py = batch.py();
        let Call { differentiator, pool, widths: [n, columns, parameters] } =
            self.differentiate::<T>(py, numbers)?;
        let points = batch.points::<T>()?;
        let direction = beside::<T>(direction, "numbers of the direction", &[parameters])?;
        let (results, products) = (
            arrays::zeros::<T>(py, &batch.shape(&[columns])),
            arrays::zeros::<T>(py, &batch.shape(&[columns])),
        );
        let (mut r, mut p) = (results.readwrite(), products.readwrite());
        let (points, direction) = (arrays::numbers(&points)?, arrays::numbers(&direction)?);
        let (into, products_into) = (r.as_slice_mut()?, p.as_slice_mut()?);
        let done = work::run(py, &pool, |watch| {
            in_blocks(watch, FIRST, points.len() / n, |block| {
                let products = of_mut(products_into, &block, columns);
                differentiator.jvp(of(points, &block, n), direction, of_mut(into, &block, columns), products)
            })
        })?;
        done.map_err(|error| errors::gradient(&error))?;
        drop((r, p));
        Ok((results.into_any(), products.into_any()))
    }

    fn rows<'py, T: Kind>(&self, batch: &Batch<'py>, numbers: &Numbers) -> PyResult<Bound<'py, PyAny>> {
        let py = batch.py();
        let Call { differentiator, pool, widths: [n, columns, parameters] } =
            self.differentiate::<T>(py, numbers)?;
        let points = batch.points::<T>()?;
        let jacobian = arrays::zeros::<T>(py, &batch.shape(&[columns, parameters]));
        let mut written = jacobian.readwrite();
        let (points, into) = (arrays::numbers(&points)?, written.as_slice_mut()?);
        let done = work::run(py, &pool, |watch| {
            let mut results = Vec::new();
            in_blocks(watch, FIRST, points.len() / n, |block| {
                results.resize(block.len() * columns, T::from_f64(0.0));
                let rows = of_mut(into, &block, columns * parameters);
                differentiator.jacobian(of(points, &block, n), &mut results, rows)
            })
        })?;
        done.map_err(|error| errors::gradient(&error))?;
        drop(written);
        Ok(jacobian.into_any())
    }

    fn products_of_rows<'py, T: Kind>(
        &self,
        batch: &Batch<'py>,
        numbers: &Numbers,
        memory: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = batch.py();
        let Call { differentiator, pool, widths: [n, columns, _] } = self.differentiate::<T>(py, numbers)?;
        let points = batch.points::<T>()?;
        let size = batch.rows() * columns;
        let gram = arrays::zeros::<T>(py, &[size, size]);
        let mut written = gram.readwrite();
        let (points, into) = (arrays::numbers(&points)?, written.as_slice_mut()?);
        let done = work::run(py, &pool, |_| {
            let mut results = vec![T::from_f64(0.0); points.len() / n * columns];
            differentiator.gram(points, memory, &mut results, into)
        })?;
        done.map_err(|error| errors::gradient(&error))?;
        drop(written);
        Ok(gram.into_any())
    }
}

/// Points of the first block.
const FIRST: usize = 256;

/// What results are differentiated by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Parameters,
    Points,
    Unknowns,
}

impl By {
    fn named(name: &str) -> PyResult<Self> {
        match name {
            "parameters" => Ok(Self::Parameters),
            "points" => Ok(Self::Points),
            "unknowns" => Ok(Self::Unknowns),
            other => Err(PyValueError::new_err(format!(
                "wrt is `{other}`; it can be parameters, points or unknowns"
            ))),
        }
    }
}

/// An array that goes with the points, in their type of numbers and of this shape.
fn beside<'py, T: Kind>(
    given: &Bound<'py, PyAny>,
    what: &str,
    shape: &[usize],
) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
    let array = arrays::array(given, Some(T::DTYPE))?;
    if array.shape() != shape {
        let found = array.shape();
        return Err(EvaluationError::new_err(format!("{what} have shape {found:?}; expected {shape:?}")));
    }
    arrays::row_major(&array, what)
}

#[pymethods]
impl Evaluator {
    /// The loss L = 1/N Σ (r - g)² and its gradient by the parameters.
    ///
    /// points: [..., n]; targets g: [..., columns], or zero. Returns (L, ∂L/∂θ), a float and an array [P]; `parameters.split`
    /// names its parts. `parameters` are taken for this call alone.
    #[pyo3(signature = (points, targets=None, *, parameters=None))]
    fn value_and_grad<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        targets: Option<&Bound<'py, PyAny>>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(f64, Bound<'py, PyAny>)> {
        let (batch, numbers) = (self.batch(points)?, self.numbers_with(parameters)?);
        match batch.dtype() {
            Dtype::Single => self.loss::<f32>(&batch, &numbers, targets),
            Dtype::Double => self.loss::<f64>(&batch, &numbers, targets),
        }
    }

    /// wᵀ ∂r: derivatives of the results, weighted by cotangents w.
    ///
    /// points: [..., n]; cotangents w: [..., columns]. `wrt` is "parameters" -> [P], "points" -> [..., n], "unknowns" -> [U], or a
    /// tuple of these -> a tuple. `parameters` are taken for this call alone.
    #[pyo3(signature = (points, cotangents, wrt=None, *, parameters=None), text_signature = "($self, points, cotangents, wrt='parameters', *, parameters=None)")]
    fn vjp<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        cotangents: &Bound<'py, PyAny>,
        wrt: Option<&Bound<'py, PyAny>>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (batch, numbers) = (self.batch(points)?, self.numbers_with(parameters)?);
        let (wanted, is_one) = match wrt.map(|wrt| (wrt, wrt.extract::<String>())) {
            None => (vec![By::Parameters], true),
            Some((_, Ok(name))) => (vec![By::named(&name)?], true),
            Some((wrt, Err(_))) => {
                let names: Vec<String> = wrt.extract()?;
                (names.iter().map(|name| By::named(name)).collect::<PyResult<_>>()?, false)
            }
        };
        let mut found = match batch.dtype() {
            Dtype::Single => self.pull_back::<f32>(&batch, &numbers, cotangents, &wanted)?,
            Dtype::Double => self.pull_back::<f64>(&batch, &numbers, cotangents, &wanted)?,
        };
        match found.pop() {
            Some(last) if is_one => Ok(last),
            last => {
                found.extend(last);
                Ok(PyTuple::new(points.py(), found)?.into_any())
            }
        }
    }

    /// J v for J = ∂r/∂θ.
    ///
    /// points: [..., n]; direction v: [P]. Returns (r, J v), both [..., columns].
    #[pyo3(signature = (points, direction, *, parameters=None))]
    fn jvp<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        direction: &Bound<'py, PyAny>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (batch, numbers) = (self.batch(points)?, self.numbers_with(parameters)?);
        match batch.dtype() {
            Dtype::Single => self.push_forward::<f32>(&batch, &numbers, direction),
            Dtype::Double => self.push_forward::<f64>(&batch, &numbers, direction),
        }
    }

    /// J = ∂r/∂θ: the gradient of every single result.
    ///
    /// points: [..., n] -> [..., columns, P].
    #[pyo3(signature = (points, *, parameters=None))]
    fn jacobian<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (batch, numbers) = (self.batch(points)?, self.numbers_with(parameters)?);
        match batch.dtype() {
            Dtype::Single => self.rows::<f32>(&batch, &numbers),
            Dtype::Double => self.rows::<f64>(&batch, &numbers),
        }
    }

    /// J Jᵀ, without J as a whole.
    ///
    /// points: N in all, [..., n] -> [N*columns, N*columns], rows and columns in the order point, then column. `memory` bounds
    /// the rows of J that are held together. Ctrl-C waits until it is done.
    #[pyo3(signature = (points, *, memory=None, parameters=None))]
    fn gram<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        memory: Option<&Bound<'py, PyAny>>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (batch, numbers) = (self.batch(points)?, self.numbers_with(parameters)?);
        let memory = memory.map_or(Ok(256 << 20), bytes)?;
        match batch.dtype() {
            Dtype::Single => self.products_of_rows::<f32>(&batch, &numbers, memory),
            Dtype::Double => self.products_of_rows::<f64>(&batch, &numbers, memory),
        }
    }
}
