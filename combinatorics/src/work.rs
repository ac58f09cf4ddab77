//! A bound on exact arithmetic: what would take forever ends in an error instead.

/// Counts elementary operations on rationals against a limit.
#[derive(Debug, Clone)]
pub struct Work {
    left: u64,
}

/// The limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it takes more exact arithmetic than the limit allows")]
pub struct WorkExceeded;

impl Work {
    /// A budget of so many operations; a million take about a second at worst.
    pub fn new(limit: u64) -> Self {
        Self { left: limit }
    }

    /// Takes `operations` off the budget.
    ///
    /// # Errors
    /// [`WorkExceeded`] if not so many are left.
    pub fn spend(&mut self, operations: usize) -> Result<(), WorkExceeded> {
        self.left = self.left.checked_sub(operations as u64).ok_or(WorkExceeded)?;
        Ok(())
    }
}
