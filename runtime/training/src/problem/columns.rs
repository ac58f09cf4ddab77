//! Columns of numbers by name: `.csv` with a header, `.npz` with an array of one axis for each column.

use std::path::Path;

use jetc_runtime::files::TensorFile;

/// Columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// Each column, \[N\].
    pub(super) values: Vec<Vec<f64>>,
}

/// Most rows of a file.
const MOST_ROWS: usize = 10_000_000;

impl Columns {
    /// Reads a file; the error is a sentence for people.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let columns = match ending.as_deref() {
            Some("csv") => Self::csv(path)?,
            Some("npz") => Self::npz(path)?,
            _ => return Err("the file must end in .csv or .npz".to_owned()),
        };
        let lengths: Vec<usize> = columns.values.iter().map(Vec::len).collect();
        if lengths.iter().any(|&length| length != lengths[0]) {
            return Err("its columns do not have equally many numbers".to_owned());
        }
        if lengths.first().is_none_or(|&length| length == 0) {
            return Err("it has no rows".to_owned());
        }
        for (name, values) in columns.names.iter().zip(&columns.values) {
            if let Some(row) = values.iter().position(|value| !value.is_finite()) {
                return Err(format!("column `{name}` is not finite in row {}", row + 1));
            }
        }
        Ok(columns)
    }

    fn csv(path: &Path) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .map_err(|error| error.to_string())?;
        let header = reader.headers().map_err(|error| error.to_string())?;
        let names: Vec<String> = header.iter().map(str::to_owned).collect();
        if names.iter().all(|name| name.parse::<f64>().is_ok()) {
            return Err("its first line must have the names of the columns".to_owned());
        }
        let mut values = vec![Vec::new(); names.len()];
        for (row, record) in reader.records().enumerate() {
            let record = record.map_err(|error| error.to_string())?;
            if row >= MOST_ROWS {
                return Err(format!("it has more than {MOST_ROWS} rows"));
            }
            for (column, field) in record.iter().enumerate() {
                let value = field.parse().map_err(|_| {
                    format!("`{field}` in row {}, column `{}` is no number", row + 1, names[column])
                })?;
                values[column].push(value);
            }
        }
        Ok(Self { names, values })
    }

    fn npz(path: &Path) -> Result<Self, String> {
        let file = TensorFile::open(path).map_err(|error| error.to_string())?;
        let mut columns = Self { names: Vec::new(), values: Vec::new() };
        let names: Vec<String> = file.names().map(str::to_owned).collect();
        for name in names {
            let tensor = file.tensor(&name).map_err(|error| error.to_string())?;
            let longest = tensor.shape.iter().copied().max().unwrap_or(1);
            if tensor.data.len() != longest {
                return Err(format!("array `{name}` has shape {:?}; a column has one axis", tensor.shape));
            }
            columns.names.push(name);
            columns.values.push(tensor.data);
        }
        Ok(columns)
    }

    pub(super) fn rows(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }

    pub(super) fn get(&self, name: &str) -> Option<&[f64]> {
        let place = self.names.iter().position(|known| known == name)?;
        Some(&self.values[place])
    }
}
