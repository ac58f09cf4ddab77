//! What rejects points, where pieces are larger than the region.
//!
//! Which side of a surface is inside is found by steps along its normal, long against rounding and short against shapes:
//! a point is on the boundary of a shape where one side is inside and the other is not, and the outward normal goes
//! from the one to the other. That drops the parts of operands that combinations swallow, walls of no thickness that
//! differences leave, and common faces of unions. Where faces of several operands coincide, the first gives the points.
//! Checked by `an_ell_has_boundary_points_with_outward_normals_and_none_inside` and
//! `coinciding_faces_of_operands_count_once`.

use crate::domain::Shape;

/// The length of steps, relative to the greatest coordinate.
const STEP: f64 = 1e-9;

/// What rejects points.
#[derive(Debug)]
pub(super) enum Filter<'a> {
    /// Nothing: the pieces are the region.
    Nothing,
    /// What is outside of a shape.
    Inside(&'a Shape),
    /// What is not on the boundary of a combination of leaves.
    Boundary {
        /// The combination.
        whole: &'a Shape,
        /// Its operands, and those of its operands, down to simple shapes.
        leaves: Vec<&'a Shape>,
    },
    /// What is not in the section of a shape across an axis, or not on the boundary there.
    Section {
        /// The shape.
        shape: &'a Shape,
        /// The axis whose coordinate is fixed.
        axis: usize,
        /// Whether the points have to be on the boundary.
        boundary: bool,
    },
}

impl Filter<'_> {
    /// Whether a point of a leaf is in the region. Turns or sets the normal to be outward.
    pub(super) fn accepts(&self, leaf: usize, point: &[f64], normal: &mut [f64]) -> bool {
        match self {
            Self::Nothing => true,
            Self::Inside(shape) => shape.contains(point),
            Self::Boundary { whole, leaves } => {
                let step = STEP * whole.bounds().magnitude();
                let [behind, ahead] = sides(point, normal, step);
                if whole.contains(&ahead) {
                    for component in normal.iter_mut() {
                        *component = 0.0 - *component;
                    }
                }
                let bounds = |shape: &Shape| shape.contains(&behind) != shape.contains(&ahead);
                bounds(whole) && !leaves[..leaf].iter().any(|earlier| bounds(earlier))
            }
            Self::Section { shape, axis, boundary } => {
                normal[*axis] = 1.0;
                let [behind, ahead] = sides(point, normal, STEP * shape.bounds().magnitude());
                let (behind, ahead) = (shape.contains(&behind), shape.contains(&ahead));
                normal[*axis] = f64::from(u8::from(behind)) - f64::from(u8::from(ahead));
                if *boundary { behind != ahead } else { behind || ahead }
            }
        }
    }
}

/// The points one step behind and ahead along a normal.
fn sides(point: &[f64], normal: &[f64], step: f64) -> [Vec<f64>; 2] {
    [-step, step].map(|step| point.iter().zip(normal).map(|(x, n)| x + step * n).collect())
}
