//! A straight line through measurements.
//!
//! Least squares: with means x̄, ȳ the line y = a + b·x has b = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)² and a = ȳ − b·x̄. Time over
//! batch size is such a line: b is the time for one more point, a what a batch costs whatever its size.
//!
//! Checked by `a_line_through_points_of_a_line_is_that_line` and `residuals_are_orthogonal_to_lines`.

/// y = intercept + slope · x
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) slope: f64,
    pub(super) intercept: f64,
}

impl Line {
    /// The line nearest to the points; none if they do not differ in x.
    pub(super) fn through(points: &[(f64, f64)]) -> Option<Self> {
        let count = points.iter().fold(0.0, |count, _| count + 1.0);
        let (x, y) =
            points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
        let moment = |of: &dyn Fn(&(f64, f64)) -> f64| {
            points.iter().map(|point| (point.0 - x) * of(point)).sum::<f64>()
        };
        let spread = moment(&|point| point.0 - x);
        (spread > 0.0).then(|| {
            let slope = moment(&|point| point.1 - y) / spread;
            Self { slope, intercept: y - slope * x }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_points_of_a_line_is_that_line() {
        // All of it, the means too, is exact in binary.
        let points = [1.0, 3.0, 8.0, 20.0].map(|x| (x, 0.5 + 0.25 * x));
        assert_eq!(Line::through(&points), Some(Line { slope: 0.25, intercept: 0.5 }));
    }

    #[test]
    fn residuals_are_orthogonal_to_lines() {
        let points = [(1.0, 2.0), (2.0, 1.0), (4.0, 5.0), (7.0, 3.0)];
        let Line { slope, intercept } = Line::through(&points).unwrap();
        let residual = |(x, y): (f64, f64)| y - intercept - slope * x;
        assert!(points.iter().map(|&point| residual(point)).sum::<f64>().abs() < 1e-12);
        assert!(points.iter().map(|&point| point.0 * residual(point)).sum::<f64>().abs() < 1e-12);
    }

    #[test]
    fn a_single_batch_size_has_no_line() {
        assert_eq!(Line::through(&[]), None);
        assert_eq!(Line::through(&[(3.0, 1.0), (3.0, 2.0)]), None);
    }
}
