//! One case: a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{diff, laws, script};
use crate::command::Outcome;

/// The files with expectations.
const EXPECTED: [&str; 4] = ["stdout", "stderr", "status", "created"];

/// The file with laws that a case is known to break.
const KNOWN: &str = "breaks";

/// A command line with its inputs.
pub(super) struct Case {
    folder: PathBuf,
    script: String,
    inputs: Vec<PathBuf>,
}

impl Case {
    pub(super) fn read(folder: &Path) -> Self {
        let script = fs::read_to_string(folder.join("cmd"));
        let script = script.unwrap_or_else(|error| panic!("{}: {error}", folder.join("cmd").display()));
        let is_input = |name: &String| name != "cmd" && name != KNOWN && !EXPECTED.contains(&name.as_str());
        let inputs = names(folder).into_iter().filter(is_input).map(|name| folder.join(name)).collect();
        Self { folder: folder.to_owned(), script, inputs }
    }

    fn name(&self) -> String {
        self.folder.file_name().expect("a case has a name").to_string_lossy().into_owned()
    }

    /// Runs the case; what is wrong with it, or nothing. With `bless`, writes down what it says.
    pub(super) fn check(&self, bless: bool) -> Option<String> {
        let (outcome, created) = self.run();
        let mut faults = self.law_faults(&laws::broken(&self.name(), &outcome, &created));
        let created: String = created.into_iter().map(|name| name + "\n").collect();
        let status = if outcome.status == 0 { String::new() } else { format!("{}\n", outcome.status) };
        for (name, found) in EXPECTED.into_iter().zip([outcome.stdout, outcome.stderr, status, created]) {
            if bless {
                self.write(name, &found);
                continue;
            }
            let expected = self.expected(name);
            if expected != found {
                faults.push(format!(
                    "{name} differs (- expected, + found):\n{}",
                    diff::lines(&expected, &found)
                ));
            }
        }
        (!faults.is_empty()).then(|| format!("{}:\n  {}", self.folder.display(), faults.join("\n  ")))
    }

    /// Laws that are broken and should not be, and laws that hold although they are known to be broken.
    fn law_faults(&self, broken: &[&str]) -> Vec<String> {
        let known = self.expected(KNOWN);
        let known: Vec<&str> = known.lines().collect();
        let new = broken.iter().filter(|law| !known.contains(law)).map(|law| format!("broken law: {law}"));
        let mended = known.iter().filter(|law| !broken.contains(law));
        new.chain(mended.map(|law| format!("this law holds now, take it out of `{KNOWN}`: {law}"))).collect()
    }

    /// Runs the case in a folder of its own; also the names of the files that the command left there.
    fn run(&self) -> (Outcome, Vec<String>) {
        let place = tempfile::tempdir().expect("there is room for temporary files");
        for input in &self.inputs {
            let name = input.file_name().expect("an input has a name");
            fs::copy(input, place.path().join(name)).expect("inputs are files");
        }
        let (outcome, before) = script::play(&self.script, place.path());
        let created = names(place.path()).difference(&before).cloned().collect();
        (outcome, created)
    }

    fn expected(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        if !text.is_empty() {
            fs::write(&path, text).expect("expectations can be written");
        } else if path.exists() {
            fs::remove_file(&path).expect("expectations can be removed");
        }
    }
}

/// The names of the files in a folder.
pub(super) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| entry.expect("a folder can be listed").file_name().to_string_lossy().into_owned())
        .collect()
}
