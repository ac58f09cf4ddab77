//! `jetc train` from end to end.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use jetc_tests::command::run;
use serde_json::Value;

const DECAY: &str = "
coordinates: [t]
parameters: {rate: 1}
domain: {t: [0, 1]}
equations: {decay: u_t = -rate*u}
conditions: {start: {at: t = 0, require: u = 1}}
solution: {u: exp(-rate*t)}
network: {hidden: [8]}
train: {tolerance: 1e-8, steps: 200}
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("decay.yaml"), DECAY).unwrap();
    folder
}

fn summary(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("decay/summary.json")).unwrap()).unwrap()
}

#[test]
fn a_trained_network_is_evaluated_as_it_is() {
    let folder = folder();
    let outcome = run(folder.path(), ["train", "decay.yaml"]);
    let printed: Value = serde_json::from_str(&outcome.success()).unwrap();
    assert_eq!(printed, summary(folder.path()));
    assert_eq!(printed["stopped"], "the tolerance is reached");
    fs::write(folder.path().join("points.csv"), "t\n0\n0.5\n1\n").unwrap();
    fs::write(folder.path().join("value.yaml"), "{coordinates: [t], outputs: {u: u, residual: u_t + u}}")
        .unwrap();
    let words = "eval value.yaml --model decay/model.yaml --points points.csv";
    let found = run(folder.path(), words.split(' ')).success();
    for (row, t) in found.lines().skip(1).zip([0.0f64, 0.5, 1.0]) {
        let numbers: Vec<f64> = row.split(',').map(|number| number.parse().unwrap()).collect();
        // The loss is below 10⁻⁸: residuals of 10⁻⁴ in the mean, a few times that at the ends.
        assert!((numbers[0] - (-t).exp()).abs() < 1e-3 && numbers[1].abs() < 1e-2, "{row}");
    }
}

#[test]
fn a_tolerance_that_is_not_reached_is_exit_status_one() {
    let folder = folder();
    let outcome = run(folder.path(), ["train", "decay.yaml", "--steps", "2"]);
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
    assert_eq!(summary(folder.path())["steps"], 2);
}

#[test]
fn a_resumed_run_writes_the_same_bytes() {
    let (whole, parts) = (folder(), folder());
    run(whole.path(), ["train", "decay.yaml", "--steps", "9"]);
    run(parts.path(), ["train", "decay.yaml", "--steps", "4", "--threads", "1"]);
    run(parts.path(), ["train", "decay.yaml", "--steps", "9", "--resume"]);
    let bytes = |folder: &Path| fs::read(folder.join("decay/model.safetensors")).unwrap();
    assert_eq!(bytes(whole.path()), bytes(parts.path()));
}

#[test]
fn values_are_set_on_the_command_line() {
    let folder = folder();
    let words = "train decay.yaml --set rate=2 --set train.method=adam --set network.hidden=[3,4] --steps 3 --seed 5 -o out";
    run(folder.path(), words.split(' '));
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("out/summary.json")).unwrap()).unwrap();
    assert_eq!(
        (&summary["method"], &summary["parameters"]),
        (&Value::from("adam"), &Value::from(6 + 16 + 5))
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_after_the_step_with_everything_written() {
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    let folder = folder();
    let given = DECAY.replace("{tolerance: 1e-8, steps: 200}", "{method: adam, time: 10 min}");
    fs::write(folder.path().join("decay.yaml"), given).unwrap();
    for signal in ["-INT", "-TERM"] {
        let mut command = Command::new("env");
        command.arg("--default-signal=INT,TERM").arg(jetc_tests::binary::jetc());
        command.args(["train", "decay.yaml"]).current_dir(folder.path());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        sleep(Duration::from_millis(1500));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{signal}: {}", String::from_utf8_lossy(&output.stderr));
        let summary = summary(folder.path());
        assert_eq!(summary["stopped"], "interrupted");
        assert!(summary["steps"].as_u64().unwrap() > 0);
        for name in
            ["model.yaml", "checkpoint.safetensors", "history.csv", "loss.png", "solution.svg", "error.svg"]
        {
            assert!(folder.path().join("decay").join(name).is_file(), "{signal}: {name}");
        }
        fs::remove_dir_all(folder.path().join("decay")).unwrap();
    }
}
