//! Runs the command and keeps what it says.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::binary::jetc;

/// What a command said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Standard output.
    pub stdout: String,
    /// Standard error, with times replaced by `<time>`.
    pub stderr: String,
    /// The exit status; −1 after a signal.
    pub status: i32,
}

impl Outcome {
    /// Standard output of a command that succeeded.
    ///
    /// # Panics
    /// If it failed; the message is what it said.
    pub fn success(self) -> String {
        assert_eq!(self.status, 0, "jetc failed:\n{}", self.stderr);
        self.stdout
    }
}

/// Runs `jetc` in a folder, without colours.
///
/// # Panics
/// If it cannot be started, or writes something that is not UTF-8.
pub fn run<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Outcome {
    let mut command = Command::new(jetc());
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE");
    let output = command.output().expect("jetc can be started");
    let text = |bytes| String::from_utf8(bytes).expect("jetc writes UTF-8");
    Outcome {
        stdout: text(output.stdout),
        stderr: without_times(&text(output.stderr)),
        status: output.status.code().unwrap_or(-1),
    }
}

/// Replaces `1.035ms` and the like, where they end a line, by `<time>`.
fn without_times(text: &str) -> String {
    text.split_inclusive('\n').map(without_time).collect()
}

fn without_time(line: &str) -> String {
    let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
    match text.rsplit_once(", ") {
        Some((before, last)) if is_time(last) => format!("{before}, <time>{end}"),
        _ => line.to_owned(),
    }
}

fn is_time(text: &str) -> bool {
    let number = text.trim_end_matches(|letter: char| letter.is_alphabetic());
    matches!(&text[number.len()..], "ns" | "µs" | "ms" | "s") && number.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_at_the_end_of_a_line_are_replaced() {
        let text = "laplacian: 64 points, 4 channels (minimal), 1.035ms\nx, 12 s\nwarning: a, 2.000µs\n, 3s";
        let expected =
            "laplacian: 64 points, 4 channels (minimal), <time>\nx, 12 s\nwarning: a, <time>\n, <time>";
        assert_eq!(without_times(text), expected);
    }
}
