//! A folder with a network and points, and runs of `jetc gradient` in it.

use std::fs;
use std::path::{Path, PathBuf};

use jetc_runtime::{Activation, Network};
use jetc_tests::command::{Outcome, run};
use jetc_tests::networks::{Tensor, state_dict, write_tensors};
use jetc_tests::npy;
use jetc_tests::numbers::{numbers, points};
use serde_json::Value;
use tempfile::TempDir;

/// An operator in two coordinates with two results, one of them nonlinear.
const OPERATOR: &str = "coordinates: [x, y]\nfields: [u]\noutputs: {r: u_xx*u - u_xyy + x, s: u_y}\n";

/// A temporary folder with `net.safetensors`, `points.npy` and `operator.yaml`; it goes when this is dropped.
pub(crate) struct Setting {
    folder: TempDir,
}

impl Setting {
    /// A network with layers of these widths, 2 at first, and so many points.
    pub(crate) fn new(widths: &[usize], count: usize) -> Self {
        Self::with_tensors(&state_dict(widths, numbers(11)), count)
    }

    pub(crate) fn with_tensors(tensors: &[Tensor], count: usize) -> Self {
        let this = Self { folder: tempfile::tempdir().unwrap() };
        write_tensors(&this.path("net.safetensors"), tensors);
        this.write("points.npy", npy::double(count, 2, &points(count, 2, 5)));
        this.write("operator.yaml", OPERATOR);
        this
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn matrix(&self, name: &str) -> npy::Matrix {
        npy::read(&self.read(name))
    }

    pub(crate) fn network(&self) -> Network<f64> {
        Network::open(self.path("net.safetensors"), Some(Activation::Tanh)).unwrap()
    }

    /// A command for the operator with a tanh network at the points.
    pub(crate) fn run(&self, command: &str, arguments: &str) -> Outcome {
        let inputs = "operator.yaml --model net.safetensors --activation tanh --points points.npy";
        run(self.folder(), format!("{command} {inputs} {arguments}").split_whitespace())
    }

    /// What `jetc gradient … --format json` prints.
    pub(crate) fn report(&self, arguments: &str) -> Value {
        let printed = self.run("gradient", &format!("--format json {arguments}")).success();
        serde_json::from_str(&printed).unwrap()
    }

    /// The gradient as one vector, by the file that `jetc gradient … -o` writes.
    pub(crate) fn gradient(&self, arguments: &str) -> Vec<f64> {
        self.run("gradient", &format!("-o gradient.safetensors {arguments}")).success();
        let network = self.network();
        let file = jetc_runtime::files::TensorFile::open(self.path("gradient.safetensors")).unwrap();
        let tensors = network.parameters().tensors().iter();
        tensors.flat_map(|tensor| file.tensor(&tensor.name).unwrap().data).collect()
    }
}
