//! Pieces of space: images of unit cubes.

mod ball;
mod choice;
mod direction;
mod edge;
mod embedded;
mod slab;
mod sphere;
mod triangle;

use std::fmt::Debug;

use super::tensor::Rule;
pub(super) use choice::{Pieces, boundary, boundary_section, interior, section};

/// A map from a unit cube onto a piece of space.
pub(super) trait Map: Debug {
    /// Coordinates of the cube.
    fn axes(&self) -> usize;

    /// The logarithm of the length, area or volume of the piece; zero for a point.
    fn log_measure(&self) -> f64;

    /// The rules that go with its coordinates, where products of rules have a use.
    fn rules(&self) -> Option<Vec<Rule>> {
        Some(vec![Rule::Legendre; self.axes()])
    }

    /// Writes the image of a point of the cube and, on boundaries, the outward unit normal, \[d\] each; the density: how
    /// much measure there is at the point for measure of the cube, divided by the measure of the piece.
    fn place(&self, cube: &[f64], point: &mut [f64], normal: &mut [f64]) -> f64;
}

/// The point of a domain without space.
#[derive(Debug)]
pub(super) struct Nothing;

impl Map for Nothing {
    fn axes(&self) -> usize {
        0
    }

    fn log_measure(&self) -> f64 {
        0.0
    }

    fn place(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 {
        1.0
    }
}
