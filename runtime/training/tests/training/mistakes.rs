use jetc_training::Problem;

fn said(text: &str) -> String {
    Problem::from_yaml("p.yaml", text).map_or_else(|error| error.to_string(), |_| "nothing".to_owned())
}

#[test]
fn all_mistakes_are_shown_at_once_where_they_stand() {
    let found = said(
        "coordinates: [x, y]
fields: [u]
domain: {x: [0, 1], z: [0, 1]}
equations:
  poisson: lap(w) = 1
conditions:
  walls: {at: bondary, require: u = q}
train: {method: newton, time: soon, points: {poison: 3}}
",
    );
    let expected = [
        "p.yaml:3:21: error[unknown-name]: `z` is no coordinate",
        "p.yaml:5:16: error[unknown-name]",
        "p.yaml:7:15: error[invalid-value]: `bondary` is no part of the domain",
        "p.yaml:8:17: error[invalid-value]",
        "p.yaml:8:31: error[invalid-value]: expected a time",
    ];
    for line in expected {
        assert!(found.contains(line), "{line}\n---\n{found}");
    }
}

#[test]
fn each_mistake_says_what_to_do() {
    let base = "coordinates: [x]\ndomain: {x: [0, 1]}\nequations: {e: u_xx = 1}\n";
    for (change, sentence) in [
        ("conditions: {c: {at: boundary}}", "needs `at` and `require`, or `mean` alone"),
        ("conditions: {c: {at: x = 2*y, require: u}}", "y"),
        (
            "conditions: {c: {at: [x = 0, x = 2], require: u = 0}}",
            "x = 2 is outside of the domain, where x is in [0, 1]",
        ),
        ("conditions: {c: {at: {x: -1}, require: u = 0}}", "x = -1 is outside of the domain"),
        ("data: {d: {file: none.csv, require: u = v}}", "none.csv"),
        ("unknown: {k: {start: 3, range: [0, 1]}}", "the start lies in it"),
        ("network: {hidden: [0]}", "from 1 to 65536"),
        ("network: {activation: tanhh}", "tanh"),
        ("solution: {v: x}", "`v` is no field"),
        ("periodic: [z]", "`z` is no coordinate"),
        ("hard: x*(1 - x)*w", "w"),
        ("train: {resample: often}", "expected `every 100`, `adaptive` or `never`"),
        ("train: {dtype: f32}", "computes in `f64`"),
        ("train: {method: {adam: {schedule: cosine}}}", "it needs `steps`"),
        (
            "train: {method: {adam: {schedule: exponential, factor: 2}}}",
            "a factor is above 0 and at most 1, not 2",
        ),
        ("train: {method: {adam: {clip: 0}}}", "a length is positive, not 0"),
        (
            "train: {method: {l-bfgs: {warm-up: 3}}}",
            "`warm-up` is for `adam`; `l-bfgs` finds its steps itself",
        ),
        ("train: {memory: lots}", "expected a whole number with K, M, G or T"),
        ("train: {points: {f: 10}}", "there is no term `f`"),
        ("wights: 3", "`wights` is not a key"),
    ] {
        let found = said(&format!("{base}{change}\n"));
        assert!(found.contains(sentence) && found.contains("p.yaml:4:"), "{change}: {found}");
    }
    assert!(
        said("coordinates: [x]\ndomain: {x: [1, 0]}\nequations: {e: u = 1}\n").contains("1 is not below 0")
    );
    assert!(said("coordinates: [x]\ndomain: {x: [0, 1]}\n").contains("there is nothing to solve"));
}
