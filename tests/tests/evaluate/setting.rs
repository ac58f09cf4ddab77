//! A folder with a network and points, and runs of `jetc eval` in it.

use std::fs;
use std::path::{Path, PathBuf};

use jetc_tests::command::{Outcome, run};
use jetc_tests::networks::{state_dict, write_tensors};
use jetc_tests::npy;
use jetc_tests::numbers::numbers;
use tempfile::TempDir;

/// A temporary folder with `net.safetensors`; it goes when this is dropped.
pub(crate) struct Setting {
    folder: TempDir,
}

impl Setting {
    /// A network with layers of these widths and random weights.
    pub(crate) fn new(widths: &[usize]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_tensors(&folder.path().join("net.safetensors"), &state_dict(widths, numbers(11)));
        Self { folder }
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

    /// Points of `columns` coordinates as `points.npy`.
    pub(crate) fn points(&self, columns: usize, points: &[f64]) {
        self.write("points.npy", npy::double(points.len() / columns, columns, points));
    }

    /// `jetc eval` with a tanh network; `arguments` begin with the operator.
    pub(crate) fn eval(&self, arguments: &str) -> Outcome {
        let network = "--model net.safetensors --activation tanh";
        run(self.folder(), format!("eval {arguments} {network}").split(' '))
    }

    /// The results of `jetc eval OPERATOR … -o result.npy` at `points.npy`.
    pub(crate) fn results(&self, arguments: &str) -> npy::Matrix {
        self.eval(&format!("{arguments} --points points.npy -o result.npy")).success();
        npy::read(&fs::read(self.path("result.npy")).unwrap())
    }
}

/// The header and the numbers, row by row, of a csv file.
pub(crate) fn csv(text: &str) -> (&str, Vec<f64>) {
    let (header, rows) = text.split_once('\n').expect("a header");
    let numbers = rows.lines().flat_map(|row| row.split(',')).map(|cell| cell.parse().unwrap());
    (header, numbers.collect())
}

/// Bits, to compare for equality.
pub(crate) fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}
