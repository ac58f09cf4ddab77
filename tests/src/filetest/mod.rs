//! File tests: a folder with a command line and what it must say.
//!
//! | file of a case | meaning |
//! |---|---|
//! | `cmd` | the inputs to make and the command to run, see [`script`] |
//! | `stdout`, `stderr` | what it must say, byte for byte (times replaced); without the file, nothing |
//! | `status` | its exit status; without the file, 0 |
//! | `created` | names of the files that it leaves behind; without the file, none |
//! | `breaks` | laws that the case is known to break, one a line: a defect that is waiting to be mended |
//! | any other | an input |
//!
//! A case runs in a temporary folder with copies of its inputs. `JETC_BLESS=1` writes the expected files instead of
//! comparing them. Some laws hold whatever is blessed, see [`laws`]; `breaks` is written by hand.

mod case;
mod diff;
pub mod laws;
pub mod script;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use case::Case;

/// The environment variable that rewrites the expected files.
pub const BLESS: &str = "JETC_BLESS";

/// Runs every case below `filetests/<command>`.
///
/// # Panics
/// With all differences, or if there is no case.
pub fn check(command: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("filetests").join(command);
    let folders = folders(&root);
    assert!(!folders.is_empty(), "there are no file tests in {}", root.display());
    let bless = env::var_os(BLESS).is_some_and(|value| value == "1");
    let failures: Vec<String> = folders.iter().filter_map(|folder| Case::read(folder).check(bless)).collect();
    let (failed, all) = (failures.len(), folders.len());
    assert!(
        failures.is_empty(),
        "{}\n\n{failed} of {all} file tests of `{command}` failed.\nIf the new output is right, run the tests once with \
         {BLESS}=1 and review the changed files.",
        failures.join("\n\n")
    );
}

/// The folders in a folder, by name.
fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}
