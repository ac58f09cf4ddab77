//! `jetc train`: a network that solves a differential equation.

mod changes;
mod check;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use jetc_operators::document::Document;
use jetc_operators::{printable_json, printable_path};
use jetc_runtime::files::MatrixFiles;
use jetc_training::{Limits, Problem, ProblemError, Run};

use self::watch::Watch;
use crate::arguments::TrainArguments;
use crate::{diagnostics, output, threads};

/// Training ended without reaching the tolerance that was asked for.
const SHORT: u8 = 1;

pub(crate) fn run(arguments: &TrainArguments) -> anyhow::Result<ExitCode> {
    let path = &arguments.problem;
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", printable_path(path)))?;
    let mut document = Document::from_bytes(&path.display().to_string(), &bytes)?;
    changes::apply(&mut document, &arguments.changes)?;
    if let Some(seed) = arguments.seed {
        changes::apply(&mut document, &[format!("train.seed={seed}")])?;
    }
    let matrices = MatrixFiles::beside(path);
    let folder = path.parent().map(std::path::Path::to_path_buf).unwrap_or_default();
    let problem = Problem::read(&document, &folder, Some(&matrices)).map_err(with_mistakes)?;
    let limits = Limits { seconds: arguments.time, steps: arguments.steps };
    let pool = threads::pool(arguments.threads)?;
    if arguments.check {
        let run = pool.install(|| Run::new(&problem, limits))?;
        output::print(&check::text(&problem, &run))?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = match &arguments.output {
        Some(folder) => folder.clone(),
        None => path
            .file_stem()
            .map(PathBuf::from)
            .context("the problem file has no name; give a folder with -o")?,
    };
    let mut watch = Watch::new(&problem);
    let outcome = pool.install(|| problem.train(&folder, limits, arguments.resume, &mut watch))?;
    watch.end();
    output::print(&printable_json(&outcome.summary))?;
    diagnostics::say(&watch::closing(&problem, &outcome, &folder));
    Ok(if outcome.is_short_of_tolerance { ExitCode::from(SHORT) } else { ExitCode::SUCCESS })
}

/// Mistakes of the file as they are, so that they are shown where they stand.
fn with_mistakes(error: ProblemError) -> anyhow::Error {
    match error {
        ProblemError::Mistakes(mistakes) => mistakes.into(),
        other => other.into(),
    }
}
