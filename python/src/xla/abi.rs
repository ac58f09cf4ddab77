//! The part of XLA's interface for foreign functions that is used here, in the layout of its C structs, version 0.3.
//!
//! Structs grow at their end alone, so fields keep their places in later versions; XLA promises to call functions of this
//! version for twelve months after a change that breaks it.

use std::ffi::{c_char, c_int, c_void};

pub(super) const MAJOR: c_int = 0;
pub(super) const MINOR: c_int = 3;

/// `XLA_FFI_Extension_Type`: XLA asks for the version that a function was written for.
pub(super) const METADATA: c_int = 1;
/// `XLA_FFI_ExecutionStage`
pub(super) const EXECUTE: c_int = 3;
/// `XLA_FFI_AttrType`
pub(super) const STRING: c_int = 4;
/// `XLA_FFI_DataType`
pub(super) const F32: c_int = 11;
/// `XLA_FFI_DataType`
pub(super) const F64: c_int = 12;
/// `XLA_FFI_Error_Code`
pub(super) const INVALID_ARGUMENT: c_int = 3;

#[repr(C)]
pub(super) struct Extension {
    pub(super) size: usize,
    pub(super) kind: c_int,
    pub(super) next: *mut Extension,
}

#[repr(C)]
pub(super) struct Version {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) major: c_int,
    pub(super) minor: c_int,
}

#[repr(C)]
pub(super) struct Metadata {
    pub(super) size: usize,
    pub(super) version: Version,
    pub(super) traits: u32,
    pub(super) state_type: i64,
}

#[repr(C)]
pub(super) struct MetadataExtension {
    pub(super) base: Extension,
    pub(super) metadata: *mut Metadata,
}

/// An opaque error.
#[repr(C)]
pub(super) struct Error {
    _private: [u8; 0],
}

#[repr(C)]
pub(super) struct ErrorArguments {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) message: *const c_char,
    pub(super) code: c_int,
}

/// The first entries of the table of XLA's own functions.
#[repr(C)]
pub(super) struct Api {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) version: Version,
    pub(super) internal: *const c_void,
    pub(super) create_error: unsafe extern "C" fn(*mut ErrorArguments) -> *mut Error,
}

#[repr(C)]
pub(super) struct Buffer {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) dtype: c_int,
    pub(super) data: *mut c_void,
    pub(super) rank: i64,
    pub(super) dims: *mut i64,
}

#[repr(C)]
pub(super) struct Span {
    pub(super) start: *const c_char,
    pub(super) length: usize,
}

/// Arguments or results.
#[repr(C)]
pub(super) struct Buffers {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) count: i64,
    pub(super) kinds: *mut c_int,
    pub(super) items: *mut *mut Buffer,
}

#[repr(C)]
pub(super) struct Attributes {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) count: i64,
    pub(super) kinds: *mut c_int,
    pub(super) names: *mut *mut Span,
    pub(super) values: *mut *mut c_void,
}

#[repr(C)]
pub(super) struct CallFrame {
    pub(super) size: usize,
    pub(super) extensions: *mut Extension,
    pub(super) api: *const Api,
    pub(super) context: *mut c_void,
    pub(super) stage: c_int,
    pub(super) arguments: Buffers,
    pub(super) results: Buffers,
    pub(super) attributes: Attributes,
}
