//! Matrix files that operator files name, read beside them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::PointReader;
use jetc_operators::spec::{Matrix, ReadMatrix};

/// Entries of one matrix.
const MOST_ENTRIES: u64 = 1 << 24;

/// Reads matrices from .npy, .npz and .csv; relative names start at the operator file.
#[derive(Debug)]
pub struct MatrixFiles {
    folder: PathBuf,
    read: RefCell<Vec<PathBuf>>,
}

impl MatrixFiles {
    /// Those beside an operator file.
    pub fn beside(operator: &Path) -> Self {
        let folder = operator.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { folder, read: RefCell::default() }
    }

    /// The files that were read.
    pub fn read_so_far(&self) -> Vec<PathBuf> {
        self.read.borrow().clone()
    }
}

impl ReadMatrix for MatrixFiles {
    fn read(&self, file: &str) -> Result<Matrix, String> {
        let path = self.folder.join(file);
        self.read.borrow_mut().push(path.clone());
        let mut reader = PointReader::open(path).map_err(|error| error.to_string())?;
        let columns = reader.columns();
        let too_large = |entries: u64| format!("the matrix has {entries} entries, more than {MOST_ENTRIES}");
        // A row is read at once, so that its length must be known to be small before.
        let entries = reader.rows().unwrap_or(1).saturating_mul(columns as u64);
        if entries > MOST_ENTRIES {
            return Err(too_large(entries));
        }
        let (mut entries, mut block) = (Vec::new(), Vec::new());
        loop {
            let rows =
                reader.read_block((1 << 16) / columns + 1, &mut block).map_err(|error| error.to_string())?;
            if rows == 0 {
                break;
            }
            entries.extend_from_slice(&block);
            if entries.len() as u64 > MOST_ENTRIES {
                return Err(too_large(entries.len() as u64));
            }
        }
        Ok(Matrix { rows: entries.len() / columns, columns, entries })
    }
}
