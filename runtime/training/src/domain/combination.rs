//! Unions, intersections and differences of shapes.

use super::cuboid::Cuboid;
use super::error::DomainError;
use super::shape::Shape;

/// How a combination puts its operands together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// What is in any of them.
    Union,
    /// What is in all of them.
    Intersection,
    /// What is in the first and not inside another.
    Difference,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Intersection => "intersection",
            Self::Difference => "difference",
        }
    }
}

/// Two or more shapes of one dimension, put together by a set operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    operation: Operation,
    operands: Vec<Shape>,
    bounds: Cuboid,
}

impl Combination {
    /// Puts the shapes together.
    ///
    /// # Errors
    /// Fewer than two shapes, shapes of different dimensions, intersections whose bounds have no common inside.
    pub fn new(operation: Operation, operands: Vec<Shape>) -> Result<Self, DomainError> {
        let [first, others @ ..] = operands.as_slice() else {
            return Err(DomainError::FewOperands(operation.name()));
        };
        if others.is_empty() {
            return Err(DomainError::FewOperands(operation.name()));
        }
        let expected = first.dimension();
        for (index, operand) in operands.iter().enumerate() {
            let found = operand.dimension();
            if found != expected {
                return Err(DomainError::Dimension { index, found, expected });
            }
        }
        let bounds = match operation {
            Operation::Union => fold(&operands, f64::min, f64::max)?,
            Operation::Intersection => fold(&operands, f64::max, f64::min)?,
            Operation::Difference => first.bounds().clone(),
        };
        Ok(Self { operation, operands, bounds })
    }

    /// How the operands are put together.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The shapes.
    pub fn operands(&self) -> &[Shape] {
        &self.operands
    }

    /// A box around it: the least one, or for intersections and differences one that may be larger.
    pub fn bounds(&self) -> &Cuboid {
        &self.bounds
    }

    /// Whether it has this point. A difference keeps the boundary of what is taken away.
    pub fn contains(&self, point: &[f64]) -> bool {
        self.test(|shape| shape.contains(point), |shape| shape.encloses(point))
    }

    /// Whether the point is inside, not on the boundary.
    pub(crate) fn encloses(&self, point: &[f64]) -> bool {
        self.test(|shape| shape.encloses(point), |shape| shape.contains(point))
    }

    /// The set operation: `keep` for shapes that add, `take` for shapes that take away.
    fn test(&self, keep: impl Fn(&Shape) -> bool, take: impl Fn(&Shape) -> bool) -> bool {
        match self.operation {
            Operation::Union => self.operands.iter().any(keep),
            Operation::Intersection => self.operands.iter().all(keep),
            Operation::Difference => keep(&self.operands[0]) && !self.operands[1..].iter().any(take),
        }
    }
}

/// The box whose corners are chosen from those of the operands' bounds.
fn fold(
    operands: &[Shape],
    lower: fn(f64, f64) -> f64,
    upper: fn(f64, f64) -> f64,
) -> Result<Cuboid, DomainError> {
    let (mut low, mut high) = (operands[0].bounds().lower().to_vec(), operands[0].bounds().upper().to_vec());
    for bounds in operands.iter().map(Shape::bounds) {
        for axis in 0..low.len() {
            low[axis] = lower(low[axis], bounds.lower()[axis]);
            high[axis] = upper(high[axis], bounds.upper()[axis]);
        }
    }
    if let Some(axis) = (0..low.len()).find(|&axis| low[axis] >= high[axis]) {
        return Err(DomainError::Disjoint { axis });
    }
    Cuboid::new(low, high)
}
