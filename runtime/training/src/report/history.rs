//! The way of a run: a row for each step.

use std::fmt::Write as _;
use std::path::Path;

use crate::problem::Problem;
use crate::run::Progress;

/// Rows of numbers: steps with what was seen behind them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    rows: Vec<Vec<f64>>,
    /// Only steps at multiples of it are kept.
    every: u64,
}

/// Rows that are kept; then every other one is left out, and so on.
const MOST_ROWS: usize = 20_000;

impl History {
    /// Adds a step.
    pub fn push(&mut self, progress: &Progress) {
        self.every = self.every.max(1);
        if !progress.step.is_multiple_of(self.every) {
            return;
        }
        #[allow(clippy::cast_precision_loss, reason = "a number of steps")]
        let mut row = vec![
            progress.step as f64,
            progress.seconds,
            progress.loss,
            progress.gradient_norm,
            progress.damping,
            progress.size,
        ];
        row.extend(&progress.terms);
        row.extend(progress.errors.iter().map(|error| error.relative_l2));
        row.extend(&progress.unknowns);
        self.rows.push(row);
        if self.rows.len() > MOST_ROWS {
            self.every *= 2;
            #[allow(clippy::cast_precision_loss, reason = "a number of steps")]
            let every = self.every as f64;
            self.rows.retain(|row| row[0] % every == 0.0);
        }
    }

    /// The names of the columns.
    fn columns(problem: &Problem) -> Vec<String> {
        let mut names: Vec<String> =
            ["step", "seconds", "loss", "gradient_norm", "damping", "step_size"].map(str::to_owned).to_vec();
        names.extend(problem.terms.iter().map(|term| term.name.clone()));
        let fields = problem.solution.iter().flat_map(|solution| &solution.fields);
        names.extend(fields.map(|field| format!("relative_l2_{field}")));
        names.extend(problem.unknowns.iter().map(|unknown| unknown.name.clone()));
        names
    }

    /// As text, with a header.
    pub fn csv(&self, problem: &Problem) -> String {
        let mut text = Self::columns(problem).join(",") + "\n";
        for row in &self.rows {
            for (at, number) in row.iter().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                if at == 0 {
                    write!(text, "{number}").expect("strings take everything");
                } else {
                    write!(text, "{comma}{number:e}").expect("strings take everything");
                }
            }
            text.push('\n');
        }
        text
    }

    /// The rows of a file up to a step; empty if there is none, or it is of another problem.
    pub fn read(path: &Path, problem: &Problem, step: u64) -> Self {
        let columns = Self::columns(problem);
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut lines = text.lines();
        if lines.next() != Some(&columns.join(",")) {
            return Self::default();
        }
        #[allow(clippy::cast_precision_loss, reason = "a number of steps")]
        let last = step as f64;
        let row =
            |line: &str| line.split(',').map(|number| number.parse().ok()).collect::<Option<Vec<f64>>>();
        let rows: Vec<Vec<f64>> =
            lines.filter_map(row).filter(|row| row.len() == columns.len() && row[0] <= last).collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of steps")]
        let every = rows.get(1).map_or(1, |row| (row[0] - rows[0][0]) as u64).max(1);
        Self { rows, every }
    }

    /// One column by steps; of a name that is none, nothing.
    pub fn column(&self, problem: &Problem, name: &str) -> Vec<[f64; 2]> {
        let Some(at) = Self::columns(problem).iter().position(|known| known == name) else {
            return Vec::new();
        };
        self.rows.iter().map(|row| [row[0], row[at]]).collect()
    }
}
