//! What threads work with, and where they find it again.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

/// Buffers that wait for the next batch. There are never more than threads have worked at the same time.
#[derive(Debug)]
pub(crate) struct Pool<W> {
    idle: Mutex<Vec<W>>,
}

impl<W> Pool<W> {
    pub(crate) fn new() -> Self {
        Self { idle: Mutex::new(Vec::new()) }
    }

    /// Buffers that fit, or new ones, to be given back when dropped.
    pub(crate) fn take(&self, fits: impl Fn(&W) -> bool, make: impl FnOnce() -> W) -> Lease<'_, W> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lease { pool: self, buffers: Some(idle.filter(fits).unwrap_or_else(make)) }
    }
}

/// Buffers in use.
#[derive(Debug)]
pub(crate) struct Lease<'a, W> {
    pool: &'a Pool<W>,
    /// There until it is dropped.
    buffers: Option<W>,
}

impl<W> Deref for Lease<'_, W> {
    type Target = W;

    fn deref(&self) -> &W {
        self.buffers.as_ref().expect("a lease in use has its buffers")
    }
}

impl<W> DerefMut for Lease<'_, W> {
    fn deref_mut(&mut self) -> &mut W {
        self.buffers.as_mut().expect("a lease in use has its buffers")
    }
}

impl<W> Drop for Lease<'_, W> {
    fn drop(&mut self) {
        // What a panic has left half done is nobody's to use.
        if let Some(buffers) = self.buffers.take().filter(|_| !std::thread::panicking()) {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
        }
    }
}
