//! Targets go by the names of the results.

use jetc_tests::npy;
use jetc_tests::numbers::numbers;

use crate::setting::Setting;

#[test]
fn targets_are_the_same_in_every_format_and_order() {
    let setting = Setting::new(&[2, 5, 1], 7);
    let mut next = numbers(2);
    let targets: Vec<f64> = (0..14).map(|_| next()).collect();
    setting.write("targets.npy", npy::double(7, 2, &targets));
    let expected = setting.gradient("--targets targets.npy");
    assert_ne!(expected, setting.gradient(""), "without targets they are zero");
    let rows = |order: [usize; 2]| -> String {
        let rows = targets.chunks_exact(2).map(|row| format!("{},{}\n", row[order[0]], row[order[1]]));
        rows.collect::<Vec<_>>().concat()
    };
    setting.write("bare.csv", rows([0, 1]));
    setting.write("named.csv", format!("s,r\n{}", rows([1, 0])));
    for file in ["bare.csv", "named.csv"] {
        assert_eq!(setting.gradient(&format!("--targets {file}")), expected, "{file}");
    }
    let said = setting.run("gradient", "--targets named.csv").stderr;
    assert!(said.contains("go by name to the results"), "{said}");
}

#[test]
fn results_of_an_evaluation_are_targets_without_a_loss() {
    let setting = Setting::new(&[2, 5, 1], 7);
    for file in ["results.npy", "results.npz", "results.csv"] {
        setting.run("eval", &format!("-o {file}")).success();
        let report = setting.report(&format!("--targets {file}"));
        // Evaluations and the forward pass of gradients may round differently.
        assert!(report["loss"].as_f64().unwrap() < 1e-28, "{file}: {report}");
    }
}
