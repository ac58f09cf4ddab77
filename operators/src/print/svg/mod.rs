//! A plan as a picture: channels in columns by order, products flowing from both factors to their result, readouts last.
//!
//! | in the picture | in the plan |
//! |---|---|
//! | box | a channel εᵢ with its name and seed; `a … z ×26` for 26 channels of the same role; the value only where it is read |
//! | round mark | a product εᵢεⱼ, i ≠ j; the number in it is the coefficient cᵢⱼₖ, `×` for one |
//! | square mark | a square εᵢ² |
//! | colour of a line | the order of the channel it comes from |
//! | box on the right | a readout with its symbol |
//!
//! *Normalisation:* Taylor coefficients, as in [`crate::algebra`].
//!
//! The picture has a bounded size whatever the plan: columns of more than twelve boxes or twenty marks are drawn with
//! one box for all channels of the same role (strictly isomorphic if that is enough, else the same exponents, else
//! the same order), and the picture says so. Plain SVG 1.1 without scripts, links or fonts of its own.
//!
//! Checked by the tests below: well-formed, deterministic, bounded, nothing overlaps.

mod escape;
mod math;

mod roles;
mod figure;
mod layers;
mod place;

mod canvas;
mod draw;

pub use draw::plan_svg;

#[cfg(test)]
mod tests;
