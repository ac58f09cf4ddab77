//! Tests of pictures.
#![allow(clippy::float_cmp, reason = "sizes are whole")]

mod colours;
mod fields;
mod gallery;
mod streamlines;
mod text;
