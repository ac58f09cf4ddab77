//! Where the command `jetc` is.
//!
//! Cargo hands the path of a binary only to the tests of its own package. The tests of this package ask cargo instead:
//! `cargo build -p jetc --bin jetc` in the profile and the target folder of the running test. Once the binary is there
//! this takes a fraction of a second; several test processes at once wait for each other at cargo's own lock. The path is
//! the one that cargo reports.
//!
//! `JETC_BINARY=/path/to/jetc` tests that binary and builds nothing.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The binary under test, built once per process.
///
/// # Panics
/// If it cannot be built; the message is cargo's.
pub fn jetc() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| env::var_os("JETC_BINARY").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from(env!("CARGO")));
    let place = Place::of_the_running_test();
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "jetc", "--bin", "jetc", "--profile", &place.profile]);
    command.args(["--message-format", "json-render-diagnostics"]);
    command.arg("--manifest-path").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    if let Some(target) = place.target_folder {
        command.arg("--target-dir").arg(target);
    }
    let output = command.stderr(Stdio::inherit()).output().expect("cargo can be started");
    assert!(output.status.success(), "cargo could not build jetc");
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    messages.lines().find_map(executable).expect("cargo says where the binary is")
}

/// The path of the executable, if this message of cargo announces one.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    message["executable"].as_str().map(PathBuf::from)
}

/// The folder and the profile that a test was built in: `target/<profile>/deps/<test>`.
struct Place {
    profile: String,
    target_folder: Option<PathBuf>,
}

impl Place {
    fn of_the_running_test() -> Self {
        let test = env::current_exe().expect("a running test has a path");
        let folder = test.ancestors().nth(2).expect("tests lie in the folder `deps` of their profile");
        let profile = match folder.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(name) => name,
        };
        // Cargo marks its target folder; with `--target` there is a folder in between.
        let is_marked = |folder: &&Path| folder.join("CACHEDIR.TAG").is_file();
        let target_folder = folder.ancestors().skip(1).take(2).find(is_marked).map(Path::to_owned);
        Self { profile: profile.to_owned(), target_folder }
    }
}
