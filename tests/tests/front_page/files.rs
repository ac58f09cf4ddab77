//! The files that the page shows are read, and those that it links to are there.

use std::fs;

use jetc_operators::{OperatorSpec, Strategy};
use jetc_tests::command::run;
use jetc_tests::markdown::{blocks, links, prose};
use jetc_tests::networks::{Tensor, write_tensors};
use jetc_tests::numbers::numbers;
use jetc_tests::reference::project;

#[test]
fn every_operator_file_has_a_plan_in_every_strategy() {
    let page = crate::page();
    let mut count = 0;
    for block in blocks(&page) {
        if block.language == "yaml" && block.text.contains("\noutputs:") {
            let spec = OperatorSpec::from_yaml("README.md", &block.text);
            let spec = spec.unwrap_or_else(|error| panic!("block at line {}: {error}", block.line));
            for strategy in Strategy::CONCRETE {
                spec.plan(strategy).unwrap();
            }
            count += 1;
        }
    }
    assert!(count > 0, "the README has no operator file");
}

#[test]
fn every_model_file_is_a_network() {
    let page = crate::page();
    let folder = crate::folder(&page);
    let mut next = numbers(3);
    let mut tensor = |name: &str, shape: &[usize]| {
        let data = (0..shape.iter().product()).map(|_| next()).collect();
        Tensor { name: name.to_owned(), shape: shape.to_vec(), data }
    };
    let tensors =
        [tensor("fc1.weight", &[5, 3]), tensor("fc1.bias", &[5]), tensor("W2", &[5, 1]), tensor("b2", &[1])];
    write_tensors(&folder.path().join("net.safetensors"), &tensors);
    let mut count = 0;
    for block in blocks(&page).iter().filter(|block| block.text.contains("\nlayers:")) {
        fs::write(folder.path().join("model.yaml"), &block.text).unwrap();
        let outcome = run(folder.path(), "eval laplacian --model model.yaml --points points.npy".split(' '));
        assert_eq!(outcome.success().lines().count(), 11, "block at line {}", block.line);
        count += 1;
    }
    assert!(count > 0, "the README has no model file");
}

#[test]
fn every_problem_file_can_begin() {
    let page = crate::page();
    let folder = crate::folder(&page);
    let mut count = 0;
    for block in blocks(&page).iter().filter(|block| block.text.contains("\nequations:")) {
        fs::write(folder.path().join("problem.yaml"), &block.text).unwrap();
        let outcome = run(folder.path(), "train --check problem.yaml".split(' '));
        assert!(outcome.success().contains("gauss-newton"), "block at line {}", block.line);
        count += 1;
    }
    assert!(count > 0, "the README has no problem file");
}

#[test]
fn every_link_leads_somewhere() {
    let page = crate::page();
    let prose = prose(&page);
    for target in
        links(&prose).into_iter().filter(|target| !target.starts_with("http") && !target.starts_with('#'))
    {
        let file = target.split('#').next().unwrap();
        assert!(project().join(file).exists(), "the README links to {target}");
    }
}
