//! Evaluators as functions that compiled JAX calls, without Python in between but for finding the evaluator.
//!
//! | target | arguments | results |
//! |---|---|---|
//! | `jetc_evaluate` | points \[…, n\], θ \[P\] | \[…, columns\] |
//! | `jetc_pull_back` | points, θ, cotangents \[…, columns\] | by points \[…, n\], by θ \[P\] |
//!
//! Both have one attribute, `program`: the operator and the layers in words, from which `jetc.jax` makes the evaluator when it
//! is first met. It is no address and no number of a table, since compiled programs outlive the process that they were
//! traced in.

mod abi;

use std::ffi::{CString, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::slice;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use self::abi::{
    Buffer, Buffers, CallFrame, EXECUTE, Error, ErrorArguments, F32, F64, INVALID_ARGUMENT, MAJOR, METADATA,
    MINOR, MetadataExtension, STRING, Span,
};
use crate::evaluator::{Evaluator, SliceNumber};

/// The functions as capsules, by name, for `jax.ffi.register_ffi_target`.
#[pyfunction]
pub(crate) fn xla_targets(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let targets = PyDict::new(py);
    for (name, function) in
        [("jetc_evaluate", evaluate as *mut c_void), ("jetc_pull_back", pull_back as *mut c_void)]
    {
        // SAFETY: the pointer is that of a function and not null; a capsule without a name needs no text to stay alive.
        let capsule = unsafe { pyo3::ffi::PyCapsule_New(function, ptr::null(), None) };
        // SAFETY: a new reference, or null with an exception set, which is what this takes.
        targets.set_item(name, unsafe { Bound::from_owned_ptr_or_err(py, capsule)? })?;
    }
    Ok(targets)
}

unsafe extern "C" fn evaluate(frame: *mut CallFrame) -> *mut Error {
    // SAFETY: XLA hands over a call frame that is alive during the call.
    unsafe { called(frame, evaluate_frame) }
}

unsafe extern "C" fn pull_back(frame: *mut CallFrame) -> *mut Error {
    // SAFETY: XLA hands over a call frame that is alive during the call.
    unsafe { called(frame, pull_back_frame) }
}

/// Answers what XLA asks about a function, and calls `work` when it is to be carried out.
///
/// # Safety
/// `frame` is a call frame as XLA makes them.
unsafe fn called(
    frame: *mut CallFrame,
    work: impl Fn(Python<'_>, &CallFrame, &Evaluator) -> PyResult<()>,
) -> *mut Error {
    // SAFETY: the caller's promise.
    let frame = unsafe { &*frame };
    // SAFETY: an extension is null or alive.
    if let Some(extension) = unsafe { frame.extensions.as_ref() }
        && extension.kind == METADATA
    {
        // SAFETY: this kind of extension ends in a pointer to metadata that wait to be filled in.
        unsafe {
            let metadata = &mut *(*frame.extensions.cast::<MetadataExtension>()).metadata;
            (metadata.version.major, metadata.version.minor) = (MAJOR, MINOR);
            (metadata.traits, metadata.state_type) = (0, 0);
        }
        return ptr::null_mut();
    }
    if frame.stage != EXECUTE {
        return ptr::null_mut();
    }
    let done = catch_unwind(AssertUnwindSafe(|| {
        Python::attach(|py| {
            let found = evaluator(py, frame).and_then(|evaluator| work(py, frame, evaluator.get()));
            found.map_err(|error| error.to_string())
        })
    }));
    match done {
        Ok(Ok(())) => ptr::null_mut(),
        Ok(Err(message)) => refuse(frame, message),
        Err(_) => refuse(frame, "it panicked; this is a defect of jetc, please report it".to_owned()),
    }
}

fn refuse(frame: &CallFrame, message: String) -> *mut Error {
    let message = CString::new(message.replace('\0', " ")).unwrap_or_default();
    let mut arguments = ErrorArguments {
        size: size_of::<ErrorArguments>(),
        extensions: ptr::null_mut(),
        message: message.as_ptr(),
        code: INVALID_ARGUMENT,
    };
    // SAFETY: the table of functions is alive; the message is copied during the call.
    unsafe { ((*frame.api).create_error)(&raw mut arguments) }
}

/// The evaluator that the program describes.
fn evaluator<'py>(py: Python<'py>, frame: &CallFrame) -> PyResult<Bound<'py, Evaluator>> {
    let program =
        program(frame).ok_or_else(|| PyValueError::new_err("the attribute `program` is missing"))?;
    let found = py.import("jetc._programs")?.call_method1("evaluator", (program,))?;
    Ok(found.cast_into::<Evaluator>()?)
}

/// The one attribute that is a text.
fn program(frame: &CallFrame) -> Option<String> {
    let attributes = &frame.attributes;
    (0..usize::try_from(attributes.count).ok()?).find_map(|at| {
        // SAFETY: there are as many kinds and values as `count` says; a string is a span of bytes.
        let bytes = unsafe {
            if *attributes.kinds.add(at) != STRING {
                return None;
            }
            let span = &*(*attributes.values.add(at)).cast::<Span>();
            slice::from_raw_parts(span.start.cast::<u8>(), span.length)
        };
        String::from_utf8(bytes.to_vec()).ok()
    })
}

fn evaluate_frame(py: Python<'_>, frame: &CallFrame, evaluator: &Evaluator) -> PyResult<()> {
    fn typed<T: SliceNumber>(
        py: Python<'_>,
        [points, theta]: [&Buffer; 2],
        [results]: [&Buffer; 1],
        evaluator: &Evaluator,
    ) -> PyResult<()> {
        // SAFETY: XLA's buffers of this type; those of results are ours alone.
        unsafe { evaluator.on_slices::<T>(py, numbers(points), numbers(theta), numbers_mut(results)) }
    }
    let (arguments, results) = (buffers::<2>(&frame.arguments)?, buffers::<1>(&frame.results)?);
    match dtype(&[&arguments[..], &results[..]].concat())? {
        F32 => typed::<f32>(py, arguments, results, evaluator),
        _ => typed::<f64>(py, arguments, results, evaluator),
    }
}

fn pull_back_frame(py: Python<'_>, frame: &CallFrame, evaluator: &Evaluator) -> PyResult<()> {
    fn typed<T: SliceNumber>(
        py: Python<'_>,
        arguments: [&Buffer; 3],
        results: [&Buffer; 2],
        evaluator: &Evaluator,
    ) -> PyResult<()> {
        // SAFETY: XLA's buffers of this type; those of results are ours alone.
        let (arguments, results) =
            unsafe { (arguments.map(|buffer| numbers(buffer)), results.map(|buffer| numbers_mut(buffer))) };
        evaluator.pull_back_on_slices::<T>(py, arguments, results)
    }
    let (arguments, results) = (buffers::<3>(&frame.arguments)?, buffers::<2>(&frame.results)?);
    match dtype(&[&arguments[..], &results[..]].concat())? {
        F32 => typed::<f32>(py, arguments, results, evaluator),
        _ => typed::<f64>(py, arguments, results, evaluator),
    }
}

/// So many buffers.
fn buffers<const COUNT: usize>(list: &Buffers) -> PyResult<[&Buffer; COUNT]> {
    if usize::try_from(list.count) != Ok(COUNT) {
        return Err(PyValueError::new_err(format!("{} arrays; expected {COUNT}", list.count)));
    }
    // SAFETY: there are as many buffers as `count` says, alive during the call.
    Ok(std::array::from_fn(|at| unsafe { &**list.items.add(at) }))
}

/// The type of all of them.
fn dtype(buffers: &[&Buffer]) -> PyResult<i32> {
    match buffers.first().map(|first| first.dtype) {
        Some(found @ (F32 | F64)) if buffers.iter().all(|buffer| buffer.dtype == found) => Ok(found),
        _ => Err(PyValueError::new_err("all arrays must be float32, or all float64")),
    }
}

/// How many numbers there are.
fn length(buffer: &Buffer) -> usize {
    let size = |at| {
        // SAFETY: there are as many sizes as the rank says.
        let size = unsafe { *buffer.dims.add(at) };
        usize::try_from(size).unwrap_or(0)
    };
    (0..usize::try_from(buffer.rank).unwrap_or(0)).map(size).product()
}

/// # Safety
/// The buffer has numbers of this type.
unsafe fn numbers<T>(buffer: &Buffer) -> &[T] {
    match length(buffer) {
        // Where there is nothing, XLA may have no address.
        0 => &[],
        // SAFETY: XLA's buffers are dense, row-major and aligned; the type is the caller's promise.
        length => unsafe { slice::from_raw_parts(buffer.data.cast::<T>(), length) },
    }
}

/// # Safety
/// The buffer has numbers of this type, and nobody else reads or writes it.
#[allow(clippy::mut_from_ref, reason = "the buffer says where the numbers are; it does not hold them")]
unsafe fn numbers_mut<T>(buffer: &Buffer) -> &mut [T] {
    match length(buffer) {
        0 => &mut [],
        // SAFETY: as in `numbers`, and nobody else has them.
        length => unsafe { slice::from_raw_parts_mut(buffer.data.cast::<T>(), length) },
    }
}
