//! Arrays in and out.
//!
//! Points are read where they lie if they are row-major, and copied otherwise: what is contiguous may still be column-major,
//! as a transposed array is. Results are new arrays, or the caller's own.

use jetc_runtime::Float;
use numpy::{
    Element, PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyReadwriteArrayDyn,
    PyUntypedArray, PyUntypedArrayMethods, dtype,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// A type of numbers that is evaluated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dtype {
    /// float32
    Single,
    /// float64
    Double,
}

impl Dtype {
    /// numpy's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Single => "float32",
            Self::Double => "float64",
        }
    }

    /// The type that an argument asks for: `numpy.float32`, `"float32"`, a dtype.
    pub(crate) fn asked(argument: &Bound<'_, PyAny>) -> PyResult<Self> {
        let descriptor = argument.py().import("numpy")?.call_method1("dtype", (argument,))?;
        let descriptor = descriptor.cast_into::<numpy::PyArrayDescr>()?;
        Self::of(&descriptor).ok_or_else(|| {
            PyTypeError::new_err(format!("dtype is {descriptor}; it can be float32 or float64"))
        })
    }

    fn of(descriptor: &Bound<'_, numpy::PyArrayDescr>) -> Option<Self> {
        let py = descriptor.py();
        if descriptor.is_equiv_to(&dtype::<f64>(py)) {
            Some(Self::Double)
        } else if descriptor.is_equiv_to(&dtype::<f32>(py)) {
            Some(Self::Single)
        } else {
            None
        }
    }
}

/// A number that numpy has, too.
pub(crate) trait Number: Float + Element {
    /// Its name there.
    const DTYPE: Dtype;
}

impl Number for f32 {
    const DTYPE: Dtype = Dtype::Single;
}

impl Number for f64 {
    const DTYPE: Dtype = Dtype::Double;
}

/// An argument as an array: itself, what it says it is as one, or the numbers of lists, in the type `wanted`.
pub(crate) fn array<'py>(
    argument: &Bound<'py, PyAny>,
    wanted: Option<Dtype>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    if let Ok(array) = argument.cast::<PyUntypedArray>() {
        return Ok(array.clone());
    }
    let asarray = argument.py().import("numpy")?.getattr("asarray")?;
    let is_listed = argument.is_instance_of::<PyList>() || argument.is_instance_of::<PyTuple>();
    let array = if is_listed {
        asarray.call1((argument, wanted.unwrap_or(Dtype::Double).name()))?
    } else {
        asarray.call1((argument,))?
    };
    Ok(array.cast_into::<PyUntypedArray>()?)
}

/// The type of an array that is called `what` in messages; never another than `wanted`, if that is given.
pub(crate) fn dtype_of(
    array: &Bound<'_, PyUntypedArray>,
    what: &str,
    wanted: Option<Dtype>,
) -> PyResult<Dtype> {
    let found = Dtype::of(&array.dtype());
    match (found, wanted) {
        (Some(found), None) => Ok(found),
        (Some(found), Some(wanted)) if found == wanted => Ok(found),
        (_, wanted) => {
            let wanted = wanted.map_or("float32 or float64", Dtype::name);
            Err(PyTypeError::new_err(format!(
                "{what} are {}; expected {wanted} (convert them with `.astype`; nothing is converted silently)",
                array.dtype()
            )))
        }
    }
}

/// An array of `T` in row-major order: the array itself, or a copy.
pub(crate) fn row_major<'py, T: Number>(
    array: &Bound<'py, PyUntypedArray>,
    what: &str,
) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
    dtype_of(array, what, Some(T::DTYPE))?;
    let array = array.cast::<PyArrayDyn<T>>()?;
    let readonly = |array: &Bound<'py, PyArrayDyn<T>>| {
        array
            .try_readonly()
            .map_err(|_| PyValueError::new_err(format!("{what} are being written to by another call")))
    };
    let whole = readonly(array)?;
    if array.is_c_contiguous() && whole.as_slice().is_ok() {
        return Ok(whole);
    }
    // `copy` also aligns what is not aligned.
    let copy = array.call_method1("copy", ("C",))?.cast_into::<PyArrayDyn<T>>()?;
    readonly(&copy)
}

/// The numbers of a row-major array.
pub(crate) fn numbers<'a, T: Number>(array: &'a PyReadonlyArrayDyn<'_, T>) -> PyResult<&'a [T]> {
    Ok(array.as_slice()?)
}

/// An array of zeros for results.
pub(crate) fn zeros<'py, T: Number>(py: Python<'py>, shape: &[usize]) -> Bound<'py, PyArrayDyn<T>> {
    PyArrayDyn::zeros(py, shape, false)
}

/// An array that is written to: one of ours, or the caller's, which must be row-major and of this shape.
pub(crate) fn writable<'py, T: Number>(
    array: &Bound<'py, PyUntypedArray>,
    what: &str,
    shape: &[usize],
) -> PyResult<PyReadwriteArrayDyn<'py, T>> {
    dtype_of(array, what, Some(T::DTYPE))?;
    if array.shape() != shape {
        let (found, shape) = (array.shape(), shape);
        return Err(PyValueError::new_err(format!("{what} have shape {found:?}; expected {shape:?}")));
    }
    if !array.is_c_contiguous() {
        return Err(PyValueError::new_err(format!(
            "{what} are not row-major; results are written in row-major order"
        )));
    }
    let array = array.cast::<PyArrayDyn<T>>()?;
    array.try_readwrite().map_err(|_| {
        PyValueError::new_err(format!(
            "{what} cannot be written to: read-only, or in use, perhaps as the points"
        ))
    })
}
