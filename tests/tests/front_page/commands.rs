//! The commands of the page run.

use std::path::Path;

use jetc_tests::command::run;
use jetc_tests::markdown::{blocks, code_spans, prose};
use jetc_tests::reference::project;

/// Commands that build or test the project itself; a test cannot run them.
const OF_CARGO: [&str; 3] = ["cargo test", "cargo install", "cargo bench"];

/// The arguments of a command that is jetc, installed or through cargo.
fn arguments(command: &str) -> Option<&str> {
    ["cargo run --release -- ", "jetc "].into_iter().find_map(|prefix| command.strip_prefix(prefix))
}

fn check(command: &str, folder: &Path) {
    if let Some(arguments) = arguments(command) {
        let outcome = run(folder, arguments.split(' '));
        assert_eq!(outcome.status, 0, "`{command}` of the README failed:\n{}", outcome.stderr);
        return;
    }
    assert!(
        OF_CARGO.iter().any(|known| command.starts_with(known)),
        "the README has the command `{command}`, which this test cannot check"
    );
    // What such a command names must be there at least.
    let words: Vec<&str> = command.split(' ').collect();
    for pair in words.windows(2) {
        let package = match pair {
            ["--path", path] => path,
            ["-p", package] => package.trim_start_matches("jetc-"),
            _ => continue,
        };
        assert!(
            project().join(package).join("Cargo.toml").is_file(),
            "`{command}`: there is no package {package}"
        );
    }
}

#[test]
fn every_command_of_a_shell_block_runs() {
    let page = crate::page();
    let folder = crate::folder(&page);
    let mut count = 0;
    for block in blocks(&page).iter().filter(|block| block.language == "sh") {
        let joined = block.text.replace("\\\n", " ");
        for command in joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            check(&command.split_whitespace().collect::<Vec<_>>().join(" "), folder.path());
            count += 1;
        }
    }
    assert!(count > 0, "the README has no command");
}

#[test]
fn commands_in_sentences_run() {
    let page = crate::page();
    let folder = crate::folder(&page);
    let prose = prose(&page);
    let is_command = |span: &&str| span.starts_with("jetc ") || span.starts_with("cargo ");
    // `jetc eval laplacian …` and `jetc plan OPERATOR` leave something open.
    let is_open = |span: &str| {
        span.contains('…')
            || span.split(' ').any(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase()))
    };
    for command in code_spans(&prose).into_iter().filter(is_command).filter(|span| !is_open(span)) {
        check(command, folder.path());
    }
}
