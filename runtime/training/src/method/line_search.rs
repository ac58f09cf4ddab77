//! How far along a direction: a step with the strong Wolfe conditions.
//!
//! | notation | name |
//! |---|---|
//! | φ(α) = L(θ + α d) | the loss along the direction |
//! | φ(α) ≤ φ(0) + c₁ α φ′(0), \|φ′(α)\| ≤ c₂ \|φ′(0)\| | what is asked for |
//! | φ′(α) ≤ (2c₁ − 1) φ′(0), φ(α) ≤ φ(0) + ε \|φ(0)\| | in place of the first where differences are rounding |
//!
//! Bracket, then sections by cubic interpolation: J. Nocedal, S. Wright, Numerical Optimization, algorithms 3.5 and 3.6; the
//! third line is the approximate condition of W. Hager, H. Zhang, SIAM J. Optim. 16 (2005). Checked by
//! `what_a_search_returns_has_the_wolfe_conditions`.

use super::{Objective, dot, moved};

const C1: f64 = 1e-4;
const C2: f64 = 0.9;
/// What rounding may hide of a loss.
const ROUNDING: f64 = 1e-12;
const TRIALS: usize = 30;

/// A point along the direction.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) alpha: f64,
    pub(super) loss: f64,
    slope: f64,
    pub(super) gradient: Vec<f64>,
}

/// A step along `direction` from `start`, where loss and gradient are known; `None` if there is none that is smaller.
pub(super) fn search(
    objective: &mut dyn Objective,
    start: &[f64],
    (loss, gradient): (f64, &[f64]),
    direction: &[f64],
    first: f64,
) -> Option<Point> {
    let slope = dot(gradient, direction);
    if slope >= 0.0 || !slope.is_finite() {
        return None;
    }
    let mut next = vec![0.0; start.len()];
    let mut at = |alpha: f64| {
        moved(start, direction, alpha, &mut next);
        let mut gradient = vec![0.0; next.len()];
        let loss = objective.value_and_gradient(&next, &mut gradient);
        let slope = dot(&gradient, direction);
        // Beyond a wall the loss counts as large.
        let loss = if loss.is_finite() && slope.is_finite() { loss } else { f64::INFINITY };
        Point { alpha, loss, slope, gradient }
    };
    let origin = Point { alpha: 0.0, loss, slope, gradient: Vec::new() };
    let falls = |point: &Point| {
        point.loss <= loss + C1 * point.alpha * slope
            || (point.loss <= loss + ROUNDING * loss.abs() && point.slope <= (2.0 * C1 - 1.0) * slope)
    };
    let is_flat = |point: &Point| point.slope.abs() <= -C2 * slope;
    let (mut low, mut alpha) = (origin, first);
    let mut high: Option<Point> = None;
    for _ in 0..TRIALS {
        let point = at(alpha);
        if !falls(&point)
            || (low.alpha > 0.0 && point.loss >= low.loss && point.loss > low.loss + ROUNDING * loss.abs())
        {
            high = Some(point);
        } else if is_flat(&point) {
            return Some(point);
        } else {
            let ahead = high.as_ref().map_or(1.0, |high| high.alpha - point.alpha);
            if point.slope * ahead >= 0.0 {
                high = Some(std::mem::replace(&mut low, point));
            } else {
                low = point;
            }
        }
        alpha = match &high {
            None => 2.0 * low.alpha.max(alpha),
            Some(high) => between(&low, high),
        };
        if !alpha.is_finite()
            || (high.as_ref().is_some_and(|high| (high.alpha - low.alpha).abs() <= 1e-14 * alpha.abs()))
        {
            break;
        }
    }
    // Not flat, but lower.
    (low.alpha > 0.0 && low.loss < loss).then_some(low)
}

/// The minimum of the cubic through values and slopes of both ends, kept off the ends.
fn between(low: &Point, high: &Point) -> f64 {
    let (a, b) = (low.alpha, high.alpha);
    let middle = f64::midpoint(a, b);
    if !high.loss.is_finite() {
        return a + 0.25 * (b - a);
    }
    let d1 = low.slope + high.slope - 3.0 * (low.loss - high.loss) / (a - b);
    let square = d1 * d1 - low.slope * high.slope;
    if square < 0.0 || square.is_nan() {
        return middle;
    }
    let d2 = square.sqrt().copysign(b - a);
    let found = b - (b - a) * (high.slope + d2 - d1) / (high.slope - low.slope + 2.0 * d2);
    let (least, most) = (a.min(b), a.max(b));
    let margin = 0.1 * (most - least);
    if found.is_finite() { found.clamp(least + margin, most - margin) } else { middle }
}
