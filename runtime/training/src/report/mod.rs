//! What a run leaves behind in its folder.
//!
//! | file | what it holds |
//! |---|---|
//! | `model.yaml`, `model.safetensors` | the network, as `jetc eval` takes it |
//! | `history.csv` | a row for each step that was watched |
//! | `summary.json` | loss, terms, errors, unknowns, why it ended |
//! | `checkpoint.safetensors` | what is needed to go on with the same bits |
//! | `loss.svg`, `solution.svg`, `error.svg`, and png | pictures |
//!
//! Every file appears whole, or stays what it was.

mod fields;
mod history;
mod pictures;
mod reference;
mod summary;

use std::path::{Path, PathBuf};

pub use history::History;
pub use summary::summary;

use crate::problem::{Problem, ProblemError};
use crate::run::{Run, Stopped};
use jetc_runtime::files::Destination;

/// The folder of a run.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder, made if it is not there.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, ProblemError> {
        let path = path.into();
        std::fs::create_dir_all(&path)
            .map_err(|reason| ProblemError::Io { path: path.display().to_string(), reason })?;
        Ok(Self(path))
    }

    /// The folder of a run that left a checkpoint.
    ///
    /// # Errors
    /// [`ProblemError::Checkpoint`] if there is none.
    pub fn of_a_run(path: impl Into<PathBuf>) -> Result<Self, ProblemError> {
        let folder = Self(path.into());
        let checkpoint = folder.checkpoint();
        if checkpoint.is_file() {
            return Ok(folder);
        }
        Err(ProblemError::NoCheckpoint { path: checkpoint.display().to_string() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The checkpoint.
    pub fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint.safetensors")
    }

    /// The history.
    pub fn history(&self) -> PathBuf {
        self.0.join("history.csv")
    }

    /// Network, history, summary and checkpoint.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(
        &self,
        problem: &Problem,
        run: &Run,
        history: &History,
        stopped: Option<Stopped>,
    ) -> Result<(), ProblemError> {
        let mut model = problem.model.clone();
        model.update(&run.network(), run.weights());
        model.write(&self.0)?;
        self.write("history.csv", history.csv(problem).as_bytes())?;
        let summary =
            serde_json::to_string_pretty(&summary(problem, run, stopped)).expect("numbers and texts");
        self.write("summary.json", (summary + "\n").as_bytes())?;
        run.save(&self.checkpoint())
    }

    /// All pictures.
    ///
    /// # Errors
    /// What the system says; networks that cannot be evaluated.
    pub fn draw(&self, problem: &Problem, run: &Run, history: &History) -> Result<(), ProblemError> {
        for (name, picture) in pictures::all(problem, run, history)? {
            self.write(&format!("{name}.svg"), picture.svg().as_bytes())?;
            if let Ok(png) = picture.png(2.0) {
                self.write(&format!("{name}.png"), &png)?;
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ProblemError> {
        Ok(Destination::new(self.0.join(name))?.write(bytes)?)
    }
}
