//! What rejects points, where pieces are larger than the region.

use crate::domain::Shape;

/// What rejects points.
#[derive(Debug)]
pub(super) enum Filter<'a> {
    /// Nothing: the pieces are the region.
    Nothing,
    /// What is outside of a shape.
    Inside(&'a Shape),
}

impl Filter<'_> {
    /// Whether a point is in the region.
    pub(super) fn accepts(&self, _leaf: usize, point: &[f64], _normal: &mut [f64]) -> bool {
        match self {
            Self::Nothing => true,
            Self::Inside(shape) => shape.contains(point),
        }
    }
}
