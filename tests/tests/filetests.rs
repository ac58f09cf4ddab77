//! The file tests: what `jetc` says, byte by byte.

use jetc_tests::filetest::check;

#[test]
fn plans_are_printed_as_expected() {
    check("plan");
}

#[test]
fn evaluations_say_what_is_expected() {
    check("eval");
}

#[test]
fn gradients_say_what_is_expected() {
    check("gradient");
}

#[test]
fn training_says_what_is_expected() {
    check("train");
}

#[test]
fn benchmarks_say_what_is_expected() {
    check("bench");
}

#[test]
fn models_are_printed_as_expected() {
    check("model");
}

#[test]
fn tables_are_printed_as_expected() {
    check("tables");
}
