//! `jetc bench`: what is measured is complete and labelled right. No test looks at how long anything took.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use jetc_tests::command::run;
use jetc_tests::networks::{state_dict, write_tensors};
use jetc_tests::numbers::numbers;
use jetc_tests::reference::project;
use serde_json::Value;

/// The shortest measurements of a small network.
const SHORT: &str = "--layers 2,8,6,1 --batch 16,8,32,8 --seconds 0.01";

fn bench(arguments: &str) -> String {
    run(project(), format!("bench {arguments}").split(' ')).success()
}

fn json(arguments: &str) -> Value {
    serde_json::from_str(&bench(&format!("{arguments} --format json"))).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn every_strategy_is_measured_in_every_precision_and_batch() {
    let report = json(&format!("biharmonic {SHORT} --dtype both"));
    assert_eq!((&report["format"], &report["operator"]), (&1.into(), &"biharmonic".into()));
    assert_eq!((&report["coordinates"], &report["order"]), (&2.into(), &4.into()));
    assert_eq!(report["network"], "2 → 8 → 6 → 1");
    assert_eq!(report["parameters"], 2 * 8 + 8 + 8 * 6 + 6 + 6 + 1);
    let results: Vec<(&str, &str, u64)> = list(&report["results"])
        .iter()
        .map(|series| {
            let text = |key: &str| series[key].as_str().unwrap();
            (text("dtype"), text("strategy"), series["channels"].as_u64().unwrap())
        })
        .collect();
    let expected = ["f64", "f32"]
        .iter()
        .flat_map(|dtype| [(*dtype, "standard", 21), (*dtype, "collapsed", 17), (*dtype, "minimal", 9)]);
    assert_eq!(results, expected.collect::<Vec<_>>());
    for series in list(&report["results"]) {
        // Sizes ascend, each once.
        let points: Vec<u64> =
            list(&series["measurements"]).iter().map(|one| one["points"].as_u64().unwrap()).collect();
        assert_eq!(points, [8, 16, 32]);
        for measurement in list(&series["measurements"]) {
            let number = |key: &str| measurement[key].as_f64().unwrap();
            assert!(measurement["problem"].is_null() && number("runs") >= 3.0, "{measurement}");
            let others = ["gflops", "bare_gflops", "percent_of_limit", "bare_median_ms", "bare_fastest_ms"];
            assert!(others.iter().all(|key| measurement[key].is_number()), "{measurement}");
            assert!(number("peak_bytes") > 0.0, "{measurement}");
            assert!(number("fastest_ms") <= number("median_ms"), "{measurement}");
        }
        assert!(
            series["fit"]["ms_per_point"].is_f64() && series["fit"]["bare_intercept_ms"].is_f64(),
            "{series}"
        );
    }
}

#[test]
fn gradients_are_measured_in_every_precision_and_batch() {
    let arguments = format!("laplacian {SHORT} --strategy minimal --dtype both");
    let report = json(&format!("{arguments} --gradient"));
    for series in list(&report["results"]) {
        assert!(series["gradient_problem"].is_null() && series["fit"]["gradient_ms_per_point"].is_f64());
        for measurement in list(&series["measurements"]) {
            let number = |key: &str| measurement[key].as_f64().unwrap();
            assert!(number("gradient_fastest_ms") <= number("gradient_median_ms"), "{measurement}");
            let of_evaluation = number("gradient_median_ms") / number("median_ms");
            assert!((number("gradient_per_evaluation") / of_evaluation - 1.0).abs() < 1e-9, "{measurement}");
            assert!(number("gradient_per_products") > 0.0, "{measurement}");
            // The sums alone take one number for each parameter.
            assert!(number("gradient_peak_bytes") > 4.0 * 85.0, "{measurement}");
        }
    }
    assert!(bench(&format!("{arguments} --gradient")).contains("f32, gradient  points"));
    assert!(json(&arguments)["results"][0]["measurements"][0]["gradient_median_ms"].is_null());
}

#[test]
fn a_network_without_parameters_says_so_where_its_gradient_would_be() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sine.yaml"), "inputs: [x]\nlayers: [sin]\n").unwrap();
    let arguments = "bench laplacian --model sine.yaml --batch 8 --seconds 0.01 --gradient --format json";
    let report: Value = serde_json::from_str(&run(folder.path(), arguments.split(' ')).success()).unwrap();
    let series = &report["results"][0];
    assert!(series["gradient_problem"].as_str().unwrap().contains("no parameters"), "{series}");
    assert!(series["measurements"][0]["median_ms"].is_number(), "{series}");
}

#[test]
fn products_are_counted_by_the_channels_that_are_live() {
    let report = json("laplacian --strategy minimal --layers 3,8,6,1 --batch 8 --seconds 0.01");
    // The value through the first layer, all five channels through the second, the Laplacian out of the last.
    assert_eq!(report["results"][0]["flops_per_point"], 2 * (3 * 8 + 5 * 8 * 6 + 6));
    assert!(report["results"][0]["fit"].is_null(), "one batch size has no line");
}

#[test]
fn auto_measures_the_strategy_that_a_plan_takes() {
    let plan: Value =
        serde_json::from_str(&run(project(), "plan heat --format json".split(' ')).success()).unwrap();
    let report = json("heat --strategy auto --batch 8 --seconds 0.01");
    let strategies: Vec<&Value> = list(&report["results"]).iter().map(|series| &series["strategy"]).collect();
    assert_eq!(strategies, [&plan["strategy"]]);
}

#[test]
fn a_strategy_that_cannot_carry_the_operator_says_so_in_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let derivatives: Vec<String> = (1..=9).map(|k| format!("x{k}: 1")).collect();
    let operator = format!(
        "coordinates: {{space: {{x: 9}}}}\noutputs: {{mixed: \"d(u, {})\"}}\n",
        derivatives.join(", ")
    );
    fs::write(folder.path().join("mixed.yaml"), operator).unwrap();
    let arguments = "bench mixed.yaml --batch 1 --layers 9,4,1 --seconds 0.01 --format json";
    let report: Value = serde_json::from_str(&run(folder.path(), arguments.split(' ')).success()).unwrap();
    let results: Vec<(Option<u64>, bool)> = list(&report["results"])
        .iter()
        .map(|series| (series["channels"].as_u64(), series["problem"].is_string()))
        .collect();
    // All divisors of a product of nine variables.
    assert_eq!(results, [(None, true), (None, true), (Some(1 << 9), false)]);
    // Asked for alone, there would be nothing to show.
    let alone = run(folder.path(), format!("{arguments} --strategy collapsed").split(' '));
    assert_eq!((alone.status, alone.stdout.as_str()), (2, ""));
}

#[test]
fn a_batch_that_is_too_large_says_so_in_its_row() {
    let report =
        json("laplacian --strategy minimal --layers 3,4,1 --batch 8,16,1000000000000 --seconds 0.01");
    let series = &report["results"][0];
    let problems: Vec<bool> =
        list(&series["measurements"]).iter().map(|one| one["problem"].is_string()).collect();
    assert_eq!(problems, [false, false, true]);
    assert!(series["measurements"][2]["median_ms"].is_null() && series["fit"].is_object(), "{series}");
}

#[test]
fn csv_has_one_row_for_each_measurement() {
    let text = bench(&format!("laplacian {SHORT} --format csv"));
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..5], ["dtype", "strategy", "channels", "points", "runs"]);
    let first: Vec<&[&str]> = rows[1..].iter().map(|row| &row[..4]).collect();
    let row = |strategy, channels, points| ["f64", strategy, channels, points];
    let expected = [("standard", "5"), ("collapsed", "4"), ("minimal", "4")]
        .iter()
        .flat_map(|&(strategy, channels)| ["8", "16", "32"].map(|points| row(strategy, channels, points)))
        .collect::<Vec<_>>();
    assert_eq!(first, expected);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
}

#[test]
fn text_names_the_machine_and_every_strategy() {
    let text = bench(&format!("laplacian {SHORT} --threads 1"));
    assert!(text.contains("network 2 → 8 → 6 → 1, 85 parameters\n1 thread, "), "{text}");
    for strategy in ["standard", "collapsed", "minimal"] {
        // Three batch sizes and a line.
        assert_eq!(text.lines().filter(|line| line.starts_with(strategy)).count(), 4, "{text}");
    }
}

#[test]
fn a_file_has_the_format_of_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| {
        let arguments = format!("bench laplacian {SHORT} --dtype both -o {name}");
        assert_eq!(run(folder.path(), arguments.split(' ')).success(), "");
        fs::read_to_string(folder.path().join(name)).unwrap()
    };
    let svg = read("times.svg");
    let svg = roxmltree::Document::parse(&svg).unwrap();
    let words: Vec<&str> = svg.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    assert!(words.contains(&"minimal, 4 channels") && words.contains(&"f32"), "{words:?}");
    assert!(serde_json::from_str::<Value>(&read("times.json")).unwrap().is_object());
    assert!(read("times.csv").starts_with("dtype,"));
    assert!(read("times.txt").starts_with("laplacian: 2 coordinates"));
}

#[test]
fn a_model_brings_its_own_width() {
    let folder = tempfile::tempdir().unwrap();
    write_tensors(&folder.path().join("net.safetensors"), &state_dict(&[5, 4, 2], numbers(1)));
    let arguments =
        "bench laplacian --model net.safetensors --activation tanh --batch 8 --seconds 0.01 --format json";
    let report: Value = serde_json::from_str(&run(folder.path(), arguments.split(' ')).success()).unwrap();
    assert_eq!((&report["coordinates"], &report["network"]), (&5.into(), &"5 → 4 → 2".into()));
}
