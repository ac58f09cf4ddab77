//! The transcripts of the page, `$ command` with what it says, are true.

use std::fs;
use std::path::Path;

use jetc_tests::command::run;
use jetc_tests::markdown::blocks;

/// A command and what the page says it prints.
struct Step<'a> {
    command: &'a str,
    output: String,
}

fn steps(transcript: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in transcript.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command, output: String::new() }),
            (None, Some(step)) => step.output.extend([line, "\n"]),
            (None, None) => panic!("a transcript begins with `$ `, not with `{line}`"),
        }
    }
    steps
}

/// A message that quotes a line of `plate.yaml` is about that file with that line changed.
fn change_the_quoted_line(message: &str, folder: &Path) {
    let path = folder.join("plate.yaml");
    let file = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = file.lines().collect();
    let quoted = message.lines().find_map(|line| {
        let (number, text) = line.split_once(" | ")?;
        Some((number.trim().parse::<usize>().ok()?, text))
    });
    let (number, text) = quoted.unwrap_or_else(|| panic!("the message quotes no line:\n{message}"));
    assert_ne!(lines[number - 1], text, "the message is about a line that is right");
    lines[number - 1] = text;
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn every_transcript_is_true() {
    let page = crate::page();
    let mut count = 0;
    for block in blocks(&page).iter().filter(|block| block.language == "console") {
        let folder = crate::folder(&page);
        for Step { command, output } in steps(&block.text) {
            let arguments =
                command.strip_prefix("jetc ").unwrap_or_else(|| panic!("`{command}` is not jetc"));
            let fails = output.starts_with("error");
            if fails {
                change_the_quoted_line(&output, folder.path());
            }
            let outcome = run(folder.path(), arguments.split(' '));
            let (status, said) = if fails { (2, outcome.stderr.clone()) } else { (0, outcome.stdout) };
            let place = format!("README, block at line {}, `{command}`:\n{}", block.line, outcome.stderr);
            assert_eq!(outcome.status, status, "{place}");
            assert_eq!(said, output, "{place}");
            count += 1;
        }
    }
    assert!(count > 0, "the README has no transcript");
}
