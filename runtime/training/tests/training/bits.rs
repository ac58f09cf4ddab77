use jetc_training::{Limits, Problem, Run};

use super::{EVERYTHING, problem};

fn stepped(problem: &Problem, steps: usize) -> Run {
    let mut run = Run::new(problem, Limits::default()).unwrap();
    for _ in 0..steps {
        assert_eq!(run.step(problem).unwrap(), None);
    }
    run
}

/// Ways to train, each with something that must be remembered.
const WAYS: [&str; 6] = [
    "{method: gauss-newton}",
    "{method: l-bfgs, weights: balanced}",
    "{method: broyden, resample: every 2}",
    "{method: adam, sampling: uniform, resample: adaptive every 2}",
    "{method: [{adam: {steps: 2}}, l-bfgs, auto], causal: true}",
    "{method: [{gauss-newton: {steps: 3}}, {adam: {rate: 1/100, schedule: cosine, steps: 20, warm-up: 2, clip: 1}}], sampling: latin-hypercube, resample: every 3}",
];

#[test]
fn a_resumed_run_has_the_same_bits() {
    for way in WAYS {
        let problem = problem(&format!("{EVERYTHING}train: {way}\n"));
        let whole = stepped(&problem, 8);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.safetensors");
        stepped(&problem, 5).save(&path).unwrap();
        let mut resumed = Run::new(&problem, Limits::default()).unwrap();
        resumed.resume(&path).unwrap();
        for _ in 0..3 {
            assert_eq!(resumed.step(&problem).unwrap(), None, "{way}");
        }
        assert_eq!(resumed.parameters(), whole.parameters(), "{way}");
        assert_eq!(resumed.progress().loss.to_bits(), whole.progress().loss.to_bits(), "{way}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for way in WAYS {
        let problem = problem(&format!("{EVERYTHING}train: {way}\n"));
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| stepped(&problem, 4).parameters().to_vec())
        };
        assert_eq!(with(1), with(3), "{way}");
    }
}

#[test]
fn a_checkpoint_of_another_problem_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    stepped(&problem(EVERYTHING), 1).save(&path).unwrap();
    let other = problem(&EVERYTHING.replace("[5, 4]", "[5, 5]"));
    let error = Run::new(&other, Limits::default()).unwrap().resume(&path).unwrap_err();
    assert!(error.to_string().contains("another network"), "{error}");
}
