//! What the end-to-end tests share.
//!
//! | module | concept |
//! |---|---|
//! | [`binary`] | where the command `jetc` is, built on demand |
//! | [`command`] | runs it and keeps what it says |
//! | [`filetest`] | command lines with their expected output, as files |
//! | [`markdown`] | the parts of a page that can be checked |
//! | [`mod@reference`] | the reference values of `data/reference` |
//! | [`model_files`] | the model files of `data/models` with their reference values |
//! | [`gradients`] | the derivatives of `data/gradients` by parameters, points and unknowns |
//! | [`networks`], [`numbers`] | networks and numbers that are the same everywhere |
//! | [`npy`] | arrays as files, byte by byte |
//! | [`fixed_point`] | real numbers to as many bits as are asked for |
//! | [`accuracy`] | rounding errors of evaluations, measured and foretold |
//! | [`compare`] | how far numbers are from what they should be |
//!
//! *Architecture invariant:* what is expected comes from stored values, from exact or fixed-point arithmetic or from closed
//! forms, never from the kernels and the evaluator under test. Floating point is used where its errors are the subject.

pub mod binary;
pub mod command;
pub mod filetest;

pub mod markdown;
pub mod models;
pub mod reference;
pub mod model_files;
pub mod gradients;

pub mod networks;
pub mod npy;
pub mod numbers;

pub mod fixed_point;
pub mod accuracy;
pub mod compare;
