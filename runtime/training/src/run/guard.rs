//! Whether the loss between the points still follows that at the points.
//!
//! A network with many parameters can make residuals vanish at all points and leave them large between: with fewer residuals than
//! parameters always, otherwise where points are too coarse for a layer of the solution. Now and then the mean squares of the
//! equations are taken at as many other points of the same regions.
//!
//! *Rule:* points are spent where that is more than [`RATIO`] times the mean squares at the points themselves, and either has
//! not halved for [`PATIENCE`] looks, or no step makes the loss smaller. From then on points are drawn anew every
//! [`REDRAWN`] steps, more of them where residuals are large.
//!
//! It sees losses alone, so a run has the same bits wherever it is computed. Checked by
//! `spent_points_are_drawn_anew` and `points_are_kept_while_the_loss_between_them_falls`.

/// Steps between two looks.
pub(super) const LOOK: u64 = 10;
/// Steps between two drawings of points, once they are spent.
pub(super) const REDRAWN: u64 = 20;
/// So much larger may the loss between the points be.
const RATIO: f64 = 10.0;
/// So many looks may bring nothing.
const PATIENCE: u32 = 4;

/// What was seen so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Guard {
    /// The loss between the points when it had last halved; finite, so that a checkpoint can have it.
    mark: f64,
    /// Looks since then.
    looks: u32,
    /// The step at which points were spent.
    spent: Option<u64>,
}

impl Guard {
    pub(super) fn new() -> Self {
        Self { mark: f64::MAX, looks: 0, spent: None }
    }

    /// The step at which points were spent.
    pub(super) fn spent(&self) -> Option<u64> {
        self.spent
    }

    /// Takes notice of the mean squares at the points and between them, behind a step that may have been the last one.
    pub(super) fn look(&mut self, step: u64, [at, between]: [f64; 2], is_stuck: bool) {
        if between <= 0.5 * self.mark {
            (self.mark, self.looks) = (between, 0);
        } else {
            self.looks += 1;
        }
        let is_apart = between > RATIO * at;
        if self.spent.is_none() && is_apart && (is_stuck || self.looks >= PATIENCE) {
            self.spent = Some(step);
        }
    }

    /// For a checkpoint.
    pub(super) fn state(&self) -> [f64; 3] {
        #[allow(clippy::cast_precision_loss, reason = "a count of steps")]
        let spent = self.spent.map_or(-1.0, |step| step as f64);
        [self.mark, f64::from(self.looks), spent]
    }

    /// From a checkpoint.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
    pub(super) fn restored([mark, looks, spent]: [f64; 3]) -> Self {
        Self { mark, looks: looks as u32, spent: (spent >= 0.0).then_some(spent as u64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spent_points_are_drawn_anew() {
        let mut guard = Guard::new();
        // The loss at the points falls, that between them does not.
        let mut at = 1.0;
        let spent = (0..10).find(|&look| {
            at *= 0.1;
            guard.look(LOOK * look, [at, 0.5], false);
            guard.spent().is_some()
        });
        assert_eq!(spent, Some(u64::from(PATIENCE)));
        assert_eq!(guard.spent(), Some(LOOK * u64::from(PATIENCE)));
        let mut stuck = Guard::new();
        stuck.look(3, [1e-20, 1e-3], true);
        assert_eq!(stuck.spent(), Some(3));
        assert_eq!(Guard::restored(stuck.state()), stuck);
    }

    #[test]
    fn points_are_kept_while_the_loss_between_them_falls() {
        let mut guard = Guard::new();
        for look in 0..30 {
            let between = 0.5f64.powi(look);
            guard.look(10, [1e-3 * between, between], false);
        }
        assert_eq!(guard.spent(), None, "it halves each time");
        // Nor where both are alike, even in a minimum.
        for _ in 0..30 {
            guard.look(10, [1e-12, 5e-12], true);
        }
        assert_eq!(guard.spent(), None);
        assert_eq!(Guard::restored(guard.state()), guard);
    }
}
