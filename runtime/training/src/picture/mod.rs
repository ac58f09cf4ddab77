//! Losses, fields and curves as pictures: from numbers to SVG and to PNG, with nothing read from the machine.
//!
//! | picture | made of |
//! |---|---|
//! | losses over steps or seconds, curves, slices at several times | a [`Chart`] of [`Series`] |
//! | a field over two axes | a [`HeatMap`] over [`Axes`], in [`Colours`] |
//! | a vector field | an [`Arrows`] |
//! | several of them side by side, and row over row | [`panels()`] |
//!
//! Each becomes a [`Picture`], which writes itself with [`Picture::svg`] or [`Picture::png`].
//!
//! | module | concept |
//! |---|---|
//! | `scene`, `svg`, `png` | shapes in pixels, and their two writers |
//! | `font` | the glyphs of labels: how wide they are, and their outlines |
//! | `bitmap` | a small indexed image, the cells of a field |
//! | `colour` | perceptually uniform colour maps |
//! | `number`, `scale` | short numbers; values to lengths, and their ticks |
//! | `frame` | a box with axes around it |
//! | `thin` | a line of thousands of points in few |
//! | `bar` | which colour is which value |
//! | `chart`, `heat`, `arrows`, `streamlines` | what is inside of a box |
//! | `panels` | several boxes on one sheet |
//!
//! Numbers that are not finite are left out; they never fail.
//!
//! ```
//! use jetc_training::picture::{Axes, Axis, Colours, HeatMap, Panel, panels};
//!
//! let axes = Axes { x: Axis::space("x", [0.0, 1.0]), y: Axis::time("t", [0.0, 2.0]), columns: 2 };
//! let solution = HeatMap::new("solution", axes.clone(), vec![0.0, 0.5, 0.25, 1.0]);
//! let error = HeatMap::new("error", axes, vec![1e-3, 1e-4, 2e-3, f64::NAN]).colours(Colours::Errors);
//! let picture = panels(&[vec![Panel::from(solution), Panel::from(error)]]);
//! assert!(picture.svg().starts_with("<svg"));
//! assert!(picture.png(2.0).is_ok());
//! ```
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels, cells and ticks are few, and a hundredth of a pixel is not seen"
)]

mod scene;
mod svg;
mod png;
mod font;
mod bitmap;
mod colour;
mod number;
mod scale;
mod frame;
mod thin;
mod chart;
mod bar;
mod heat;
mod arrows;
mod streamlines;
mod panels;
#[cfg(test)]
mod tests;

pub use arrows::Arrows;
pub use chart::{Chart, Over, Series, Slice, Style};
pub use colour::Colours;
pub use heat::{Axes, Axis, HeatMap};
pub use panels::{Panel, panels};
pub use png::PngError;
pub use scene::Picture;
