use jetc_training::problem::MethodChoice;
use jetc_training::{Limits, Observer, Progress, Run, Stopped};

use super::problem;

/// Errors that these problems reach in so many steps, ten times what was seen.
#[test]
fn small_problems_are_solved() {
    for (text, steps, most) in [
        // An ordinary equation of second order with mixed conditions.
        (
            "coordinates: [x]\ndomain: {x: [0, pi]}\nequations: {e: u_xx = -u}\nconditions:\n  left: {at: x = 0, require: u = 0}\n  \
             right: {at: x = pi, require: dn(u) = -1}\nsolution: {u: sin(x)}\nnetwork: {hidden: [12]}\n",
            60,
            1e-5,
        ),
        // A disc, with the derivative along the normal: u = x² − y² up to a constant, which the mean fixes.
        (
            "coordinates: [x, y]\ndomain: {shape: {ball: {center: [0, 0], radius: 1}}}\nequations: {e: {expression: lap(u) = 0, points: \
             100}}\nconditions:\n  rim: {at: boundary, require: dn(u) = 2*(x^2 - y^2), points: 40}\n  level: {mean: u = 0, points: \
             100}\nsolution: {u: x^2 - y^2}\nnetwork: {hidden: [12]}\n",
            60,
            1e-4,
        ),
        // Periodic in x, exact at the start.
        (
            "coordinates: {space: x, time: t}\ndomain: {x: [0, 2*pi], t: [0, 1]}\nperiodic: [x]\nhard: sin(x) + t*u\nequations: \
             {advection: {expression: u_t + u_x = 0, points: 400}}\nsolution: {u: sin(x - t)}\nnetwork: {hidden: [12, 12]}\n",
            60,
            1e-4,
        ),
    ] {
        let problem = problem(text);
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits { steps: Some(steps), seconds: None };
        let outcome = problem.train(folder.path(), limits, false, &mut ()).unwrap();
        let error = &outcome.progress.errors[0];
        assert!(error.relative_l2 < most, "{text}\n{:e}", error.relative_l2);
    }
}

#[test]
fn an_unknown_is_found() {
    let problem = problem(
        "coordinates: [t]\nunknown: {k: 1}\ndomain: {t: [0, 1]}\nequations: {decay: u_t = -k*u}\nconditions: {start: {at: start, \
         require: u = 1}, end: {at: end, require: u = exp(-2)}}\nnetwork: {hidden: [10]}\n",
    );
    let folder = tempfile::tempdir().unwrap();
    let outcome =
        problem.train(folder.path(), Limits { steps: Some(60), seconds: None }, false, &mut ()).unwrap();
    assert!((outcome.progress.unknowns[0] - 2.0).abs() < 1e-5, "{:?}", outcome.progress.unknowns);
}

/// 3·5 + 6·4 + 5·2 + 2 parameters and 20 + 12 + 5 + 6 + 1 residuals: Gauss–Newton holds some 90 KiB, L-BFGS some 30, Adam some 7.
#[test]
fn memory_decides_the_method_and_is_kept() {
    let run = |train: &str| {
        Run::new(&problem(&format!("{}train: {train}\n", super::EVERYTHING)), Limits::default())
    };
    let automatic = |memory: &str| {
        let run = run(&format!("{{memory: {memory}}}")).unwrap();
        let methods: Vec<_> = run.phases().iter().map(|phase| phase.method).collect();
        (methods, run.choice().reason.clone())
    };
    let (methods, reason) = automatic("1 MiB");
    assert_eq!(methods, [MethodChoice::GaussNewton]);
    assert!(reason.contains("of the 1 MiB that it may have"), "{reason}");
    let (methods, reason) = automatic("40K");
    assert_eq!(methods, [MethodChoice::Adam, MethodChoice::LBfgs]);
    assert!(reason.contains("too much for gauss-newton") && reason.contains("of the 40 KiB"), "{reason}");
    let error = run("{method: gauss-newton, memory: 40K}").unwrap_err().to_string();
    assert!(error.contains("`gauss-newton` needs") && error.contains("allows 40 KiB"), "{error}");
    assert!(run("{method: adam, memory: 10K}").is_ok());
}

/// Ends after three steps.
struct Impatient(u64);

impl Observer for Impatient {
    fn step(&mut self, progress: &Progress) {
        self.0 = progress.step;
    }

    fn is_interrupted(&self) -> bool {
        self.0 >= 3
    }
}

#[test]
fn an_interrupted_run_leaves_everything_and_goes_on() {
    let problem = problem(super::EVERYTHING);
    let folder = tempfile::tempdir().unwrap();
    let outcome = problem.train(folder.path(), Limits::default(), false, &mut Impatient(0)).unwrap();
    assert_eq!((outcome.stopped, outcome.progress.step), (Stopped::Interrupted, 3));
    for name in [
        "model.yaml",
        "model.safetensors",
        "history.csv",
        "summary.json",
        "checkpoint.safetensors",
        "loss.svg",
        "loss.png",
        "solution.svg",
        "error.png",
    ] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    let limits = Limits { steps: Some(5), seconds: None };
    let resumed = problem.train(folder.path(), limits, true, &mut ()).unwrap();
    assert_eq!((resumed.stopped, resumed.progress.step), (Stopped::Steps, 5));
    let history = std::fs::read_to_string(folder.path().join("history.csv")).unwrap();
    let steps: Vec<&str> = history.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(steps, ["0", "1", "2", "3", "4", "5"]);
    // The network is what the run ended with.
    let network = jetc_runtime::Network::open(folder.path().join("model.yaml"), None).unwrap();
    assert_eq!(network.parameters().len(), 3 * 5 + 6 * 4 + 5 * 2);
}
