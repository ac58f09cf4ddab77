//! Matrix files that operator files name, read beside them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use jetc_operators::spec::{Matrix, ReadMatrix};
use jetc_runtime::files::PointReader;

/// Entries of one matrix.
const MOST_ENTRIES: u64 = 1 << 24;

/// Reads matrices from .npy, .npz and .csv; relative names start at the operator file.
#[derive(Debug)]
pub(crate) struct MatrixFiles {
    folder: PathBuf,
    read: RefCell<Vec<PathBuf>>,
}

impl MatrixFiles {
    pub(crate) fn beside(operator: &Path) -> Self {
        let folder = operator.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { folder, read: RefCell::default() }
    }

    /// The files that were read.
    pub(crate) fn read_so_far(&self) -> Vec<PathBuf> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_that_is_too_long_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 268435456), }\n";
        let mut bytes = b"\x93NUMPY\x01\0".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        let path = folder.path().join("a.npy");
        std::fs::write(&path, &bytes).unwrap();
        // Two gigabytes of zeros that take no place on the disk.
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_len(bytes.len() as u64 + (1 << 31)).unwrap();
        let files = MatrixFiles::beside(&folder.path().join("operator.yaml"));
        let (refused, peak) = crate::memory::peak_during(|| files.read("a.npy"));
        assert_eq!(refused.unwrap_err(), "the matrix has 268435456 entries, more than 16777216");
        assert!(peak < 1 << 30, "{peak} bytes");
        assert_eq!(files.read_so_far(), [path]);
    }
}
