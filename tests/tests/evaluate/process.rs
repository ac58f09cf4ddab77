//! What a run leaves behind, and how it ends, whatever happens to it.
#![cfg(unix)]

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use jetc_tests::binary::jetc;
use jetc_tests::numbers::points;

use crate::setting::Setting;

/// A network of two inputs, and ten points.
fn setting() -> Setting {
    let setting = Setting::new(&[2, 16, 1]);
    setting.points(2, &points(10, 2, 1));
    setting
}

fn names(setting: &Setting) -> Vec<String> {
    let entries = fs::read_dir(setting.folder()).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// `jetc` with these words, in the folder.
fn command(setting: &Setting, words: &str) -> Command {
    let mut command = Command::new(jetc());
    command.args(words.split(' ')).current_dir(setting.folder()).env("NO_COLOR", "1");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn results_do_not_replace_what_they_are_computed_from() {
    let setting = setting();
    setting.write("net.yaml", "weights: net.safetensors\nlayers: [{linear: '0'}, tanh, {linear: '2'}]\n");
    setting.write(
        "u.yaml",
        "coordinates: [x, y]\nfields: [u]\noutputs: {a: 'hess(u, A)'}\nmatrices: {A: {file: a.csv}}\n",
    );
    setting.write("a.csv", "1,0\n0,1\n");
    let path = |name: &str| setting.path(name);
    for (new, old) in [("hard.npy", "points.npy"), ("weights.csv", "net.safetensors"), ("u.csv", "u.yaml")] {
        fs::hard_link(path(old), path(new)).unwrap();
    }
    symlink("points.npy", path("soft.npy")).unwrap();
    let before: Vec<Vec<u8>> = names(&setting).iter().map(|name| fs::read(path(name)).unwrap()).collect();
    for output in ["points.npy", "hard.npy", "soft.npy", "weights.csv", "u.csv", "./points.npy", "a.csv"] {
        let words = format!("eval u.yaml --model net.yaml --points points.npy -o {output}");
        let found = command(&setting, &words).output().unwrap();
        let said = String::from_utf8(found.stderr).unwrap();
        assert_eq!(found.status.code(), Some(2), "{output}: {said}");
        assert!(said.contains("results would replace the input"), "{output}: {said}");
    }
    let after: Vec<Vec<u8>> = names(&setting).iter().map(|name| fs::read(path(name)).unwrap()).collect();
    assert_eq!(after, before);
}

#[test]
fn a_file_that_is_replaced_keeps_its_mode_and_the_links_to_it() {
    let setting = setting();
    setting.write("old.csv", "");
    fs::set_permissions(setting.path("old.csv"), Permissions::from_mode(0o604)).unwrap();
    symlink("old.csv", setting.path("link.csv")).unwrap();
    symlink("new.csv", setting.path("early.csv")).unwrap();
    for (name, target) in [("link.csv", "old.csv"), ("early.csv", "new.csv")] {
        setting.eval(&format!("laplacian --points points.npy -o {name}")).success();
        assert!(setting.path(name).is_symlink(), "{name}");
        assert_eq!(fs::read_to_string(setting.path(target)).unwrap().lines().count(), 11, "{target}");
    }
    let mode = |name| fs::metadata(setting.path(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode("old.csv"), 0o604);
}

#[test]
fn where_nothing_can_be_written_nothing_is_computed() {
    let setting = setting();
    setting.write("kept.csv", "precious\n");
    fs::set_permissions(setting.path("kept.csv"), Permissions::from_mode(0o444)).unwrap();
    let long = format!("{}.csv", "x".repeat(300));
    for (output, reason) in [("kept.csv", "read-only"), (long.as_str(), "File name too long")] {
        // A model that is not there would be noticed first by anything that computes.
        let words = format!("eval laplacian --model none.onnx --points points.npy -o {output}");
        let found = command(&setting, &words).output().unwrap();
        let said = String::from_utf8(found.stderr).unwrap();
        assert!(found.status.code() == Some(2) && said.contains(reason), "{said}");
    }
    assert_eq!(fs::read_to_string(setting.path("kept.csv")).unwrap(), "precious\n");
}

/// The command with interrupts as they are by default: whoever runs the tests in the background may have told them to be
/// ignored, and programs go by that.
fn undisturbed(inner: &Command) -> Command {
    let mut command = Command::new("env");
    command.arg("--default-signal=INT,QUIT,HUP").arg(inner.get_program()).args(inner.get_args());
    command.current_dir(inner.get_current_dir().unwrap()).env("NO_COLOR", "1");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How `jetc eval` ends that waits for points when it is told to end; it has begun its results.
fn told_to_end(setting: &Setting, signal: &str, before: impl FnOnce(&mut Command)) -> ExitStatus {
    let words = "eval laplacian --model net.safetensors --activation tanh --points pipe.csv -o result.csv";
    let mut command = command(setting, words);
    before(&mut command);
    let mut child = undisturbed(&command).spawn().unwrap();
    // Who opens a pipe waits for the other side; then the first block of points is not complete for ever.
    let mut pipe = File::options().write(true).open(setting.path("pipe.csv")).unwrap();
    pipe.write_all(b"0,1\n1,0\n").unwrap();
    sleep(Duration::from_millis(300));
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    if signal != "-KILL" {
        sleep(Duration::from_millis(100));
    }
    drop(pipe);
    child.wait().unwrap()
}

#[test]
fn nothing_is_left_by_a_run_that_is_told_to_end() {
    let setting = setting();
    assert!(Command::new("mkfifo").arg(setting.path("pipe.csv")).status().unwrap().success());
    setting.write("result.csv", "precious\n");
    let before = names(&setting);
    for (signal, number) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1), ("-QUIT", 3)] {
        let status = told_to_end(&setting, signal, |_| ());
        assert_eq!(status.signal(), Some(number), "{signal}: {status}");
        assert_eq!(names(&setting), before, "{signal}");
        assert_eq!(fs::read_to_string(setting.path("result.csv")).unwrap(), "precious\n", "{signal}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_was_turned_off_stays_turned_off() {
    let setting = setting();
    assert!(Command::new("mkfifo").arg(setting.path("pipe.csv")).status().unwrap().success());
    let status = told_to_end(&setting, "-HUP", |command| {
        let mut quiet = Command::new("nohup");
        quiet.arg(command.get_program()).args(command.get_args()).current_dir(setting.folder());
        quiet.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
        *command = quiet;
    });
    assert_eq!(status.code(), Some(0), "{status}");
    assert_eq!(fs::read_to_string(setting.path("result.csv")).unwrap().lines().count(), 3);
}

#[cfg(target_os = "linux")]
#[test]
fn broken_streams_end_in_an_exit_status() {
    let setting = setting();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let eval = "eval laplacian --model net.safetensors --activation tanh --points points.npy";
    let to_file = format!("{eval} -o result.csv");
    for (words, stdout_is_full, status) in [
        (eval, true, 2),
        (eval, false, 0),
        (to_file.as_str(), false, 0),
        ("plan laplacian", true, 2),
        ("plan nothing-of-that-name", false, 2),
        ("model net.safetensors --activation tanh", true, 2),
        ("tables partitions 4", true, 2),
        ("--help", true, 2),
        ("--version", true, 2),
        ("--no-such-option", false, 2),
    ] {
        let mut command = command(&setting, words);
        command.stderr(full());
        if stdout_is_full {
            command.stdout(full());
        }
        assert_eq!(command.output().unwrap().status.code(), Some(status), "{words}");
    }
    let found = command(&setting, eval).stdout(full()).output().unwrap();
    let said = String::from_utf8(found.stderr).unwrap();
    assert_eq!(said, "error: standard output: cannot be written: No space left on device (os error 28)\n");
}

#[test]
fn as_many_threads_as_the_environment_asks_for_are_not_started() {
    let setting = setting();
    let words = "eval laplacian --model net.safetensors --activation tanh --points points.npy";
    let found = command(&setting, words).env("RAYON_NUM_THREADS", "1000000").output().unwrap();
    let said = String::from_utf8(found.stderr).unwrap();
    assert!(found.status.success(), "{said}");
    assert!(said.starts_with("warning: RAYON_NUM_THREADS asks for 1000000 threads; 1024 at most"), "{said}");
}

#[test]
fn names_steer_no_terminal_and_begin_no_line() {
    let setting = setting();
    let evil = "evil\u{1b}]0;owned\u{7}\u{9b}31m\nreadout r9 = c0 reads x\u{202e}";
    let yaml = format!("name: {evil:?}\ncoordinates: [x, y]\nfields: [u]\noutputs: {{a: u_xx}}\n");
    let yaml = yaml.replace("\\u{1b}", "\\e").replace("\\u{7}", "\\a").replace("\\u{9b}", "\\x9b");
    setting.write("evil.yaml", yaml.replace("\\u{202e}", "\\u202e"));
    let file = "bad\u{1b}[31m\nerror: forged.onnx";
    let plain = |words: &[&str]| {
        let mut command = command(&setting, "eval");
        let found = command_of(&mut command, words).output().unwrap();
        let said = [found.stdout, found.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let is_steering = |sign: char| sign != '\n' && (sign.is_control() || sign == '\u{202e}');
        assert!(!said.contains(is_steering), "{words:?}: {said:?}");
        assert!(
            !said.lines().any(|line| line.starts_with("readout r9")
                || line.contains("error: forged") && !line.contains("\\n")),
            "{words:?}: {said}"
        );
        said
    };
    for format in ["text", "explain", "dot", "svg", "json"] {
        let said = plain(&["plan", "evil.yaml", "--format", format]);
        assert!(said.contains("\\u{1b}") || said.contains("\\u001b"), "{format}: {said}");
    }
    plain(&["plan", "evil.yaml", "--passes"]);
    plain(&[
        "eval",
        "evil.yaml",
        "--model",
        "net.safetensors",
        "--activation",
        "tanh",
        "--points",
        "points.npy",
    ]);
    plain(&["plan", file]);
    plain(&["model", file]);
    plain(&["eval", "laplacian", "--model", "net.safetensors", "--activation", "tanh", "--points", file]);
    plain(&[
        "eval",
        "laplacian",
        "--model",
        "net.safetensors",
        "--activation",
        file,
        "--points",
        "points.npy",
    ]);
    plain(&["plan", "laplacian", "--format", file]);
    plain(&["plan", "laplacian", "-o", file]);
    plain(&["bench", "evil.yaml", "--layers", "2,4,1", "--batch", "8", "--seconds", "0"]);
    plain(&["bench", "evil.yaml", "--layers", "3,4,1"]);
}

/// The command with other words.
fn command_of<'a>(command: &'a mut Command, words: &[&str]) -> &'a mut Command {
    let mut other = Command::new(command.get_program());
    other.args(words).current_dir(command.get_current_dir().unwrap()).env("NO_COLOR", "1");
    other.stdout(Stdio::piped()).stderr(Stdio::piped());
    *command = other;
    command
}
