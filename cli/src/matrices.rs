//! Matrix files that operator files name, read beside them.

use std::path::{Path, PathBuf};

use jetc_operators::spec::{Matrix, ReadMatrix};
use jetc_runtime::files::PointReader;

/// Entries of one matrix.
const MOST_ENTRIES: usize = 1 << 24;

/// Reads matrices from .npy, .npz and .csv; relative names start at the operator file.
#[derive(Debug)]
pub(crate) struct MatrixFiles {
    folder: PathBuf,
}

impl MatrixFiles {
    pub(crate) fn beside(operator: &Path) -> Self {
        Self { folder: operator.parent().map(Path::to_path_buf).unwrap_or_default() }
    }
}

impl ReadMatrix for MatrixFiles {
    fn read(&self, file: &str) -> Result<Matrix, String> {
        let mut reader = PointReader::open(self.folder.join(file)).map_err(|error| error.to_string())?;
        let columns = reader.columns();
        let (mut entries, mut block) = (Vec::new(), Vec::new());
        loop {
            let rows =
                reader.read_block((1 << 16) / columns + 1, &mut block).map_err(|error| error.to_string())?;
            if rows == 0 {
                break;
            }
            entries.extend_from_slice(&block);
            if entries.len() > MOST_ENTRIES {
                return Err(format!("the matrix has more than {MOST_ENTRIES} entries"));
            }
        }
        Ok(Matrix { rows: entries.len() / columns, columns, entries })
    }
}
