//! Rules of the batch axis, on models made here.
