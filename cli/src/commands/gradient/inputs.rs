//! Points and targets, read into memory.

use std::path::Path;

use anyhow::ensure;
use indicatif::HumanBytes;
use jetc_operators::{counted, printable};
use jetc_runtime::files::{FileError, PointReader, ResultFloat};
use jetc_runtime::{Float, Watch};

use crate::names::Notes;

/// Points, targets and results together may take so many bytes.
const MOST_BYTES: u64 = 8 << 30;

/// Numbers read at a time.
const BLOCK: usize = 1 << 16;

/// All points, and what was seen of them; each will have so many results.
pub(super) fn points<T: Float + ResultFloat>(
    reader: &mut PointReader,
    columns: usize,
) -> anyhow::Result<(Vec<T>, Watch)> {
    let inputs = reader.columns();
    let per_row = ((inputs + 2 * columns) * size_of::<T>()) as u64;
    let mut watch = Watch::default();
    let points = read(reader, per_row, |read, taken| watch.points(read, taken, inputs))?;
    Ok((points, watch))
}

/// The targets of `count` points, one for each of `columns`.
pub(super) fn targets<T: Float + ResultFloat>(
    path: &Path,
    columns: &[String],
    count: usize,
    notes: &mut Notes,
) -> anyhow::Result<Vec<T>> {
    let mut reader = match PointReader::open_targets(path, columns) {
        Err(FileError::ColumnMismatch { .. }) => {
            let mut reader = PointReader::open(path)?;
            let (rows, found) = (count_rows(&mut reader)?, reader.columns());
            return Err(wrong_shape(&reader, [rows, found as u64], columns, count));
        }
        reader => reader?,
    };
    notes.points(&reader);
    let mut watch = Watch::default();
    let per_row = (columns.len() * size_of::<T>()) as u64;
    let targets: Vec<T> = read(&mut reader, per_row, |read, taken| watch.points(read, taken, columns.len()))?;
    if watch.read != count as u64 {
        return Err(wrong_shape(&reader, [watch.read, columns.len() as u64], columns, count));
    }
    notes.warnings.extend(not_finite::<T>(&watch).map(|warning| format!("{}: {warning}", reader.origin())));
    Ok(targets)
}

/// What to say where the loss is not finite because targets are not.
fn not_finite<T: Float>(watch: &Watch) -> Option<String> {
    let first = watch.coordinates.first.or(watch.too_large.first)?;
    let count = watch.coordinates.numbers + watch.too_large.numbers;
    let remedy = if watch.too_large.numbers > 0 { "; --dtype f64 has a wider range" } else { "" };
    Some(format!(
        "{} {} NaN or infinite in {}, the first in row {}, column {} (counted from 0), and so is the loss{remedy}",
        counted(count, "target"),
        if count == 1 { "is" } else { "are" },
        T::NAME,
        first.row,
        first.column
    ))
}

/// Every row; `look` sees them as they are in the file, and as they are computed with.
fn read<T: Float + ResultFloat>(
    reader: &mut PointReader,
    per_row: u64,
    mut look: impl FnMut(&[f64], &[T]),
) -> anyhow::Result<Vec<T>> {
    let columns = reader.columns();
    check(reader, reader.rows().unwrap_or(0), per_row)?;
    let (mut all, mut block) = (Vec::new(), Vec::new());
    while reader.read_block(BLOCK / columns + 1, &mut block)? > 0 {
        let before = all.len();
        all.extend(block.iter().map(|&number| T::from_f64(number)));
        look(&block, &all[before..]);
        check(reader, (all.len() / columns) as u64, per_row)?;
    }
    Ok(all)
}

/// Checks that so many rows are not too many.
fn check(reader: &PointReader, rows: u64, per_row: u64) -> anyhow::Result<()> {
    let bytes = rows.saturating_mul(per_row);
    ensure!(
        bytes <= MOST_BYTES,
        "{}: {} take {} with results and targets, and all are held in memory, {} at most; take parts of them: the loss is the \
         mean of the parts' losses, weighted with their numbers of points",
        reader.origin(),
        counted(rows, "point"),
        HumanBytes(bytes),
        HumanBytes(MOST_BYTES)
    );
    Ok(())
}

fn count_rows(reader: &mut PointReader) -> Result<u64, FileError> {
    if let Some(rows) = reader.rows() {
        return Ok(rows);
    }
    let (columns, mut rows, mut block) = (reader.columns(), 0, Vec::new());
    loop {
        match reader.read_block(BLOCK / columns + 1, &mut block)? {
            0 => return Ok(rows),
            read => rows += read as u64,
        }
    }
}

fn wrong_shape(
    reader: &PointReader,
    [rows, found]: [u64; 2],
    columns: &[String],
    count: usize,
) -> anyhow::Error {
    let names: Vec<String> = columns.iter().map(|name| printable(name).into_owned()).collect();
    anyhow::anyhow!(
        "{}: the targets have the shape [{rows}, {found}], but the results [{count}, {}]; give one row for each point, with one \
         column for each result ({}), or leave --targets out for zeros",
        reader.origin(),
        columns.len(),
        names.join(", ")
    )
}
