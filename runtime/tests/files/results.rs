use std::fs;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use jetc_runtime::files::{
    FileError, Origin, PointReader, ResultFloat, ResultLayout, ResultPrecision, ResultWriter,
};
use proptest::prelude::*;
use tempfile::tempdir;

use crate::support::read_all;

fn layout(precision: ResultPrecision) -> ResultLayout {
    ResultLayout::new(precision).group("lap", ["lap"]).group("grad", ["u_x", "u_y"])
}

#[test]
fn every_format_holds_what_was_written() {
    let folder = tempdir().unwrap();
    let values = [0.1, 2.0, 3.0, -4.5e-300, f64::MAX, 6.0];
    for name in ["y.npy", "y.csv", "y.npz"] {
        let path = folder.path().join(name);
        let mut writer = ResultWriter::create(&path, &layout(ResultPrecision::F64)).unwrap();
        writer.write_block(&values[..3]).unwrap();
        writer.write_block::<f64>(&[]).unwrap();
        writer.write_block(&values[3..]).unwrap();
        assert_eq!(writer.finish().unwrap(), 2);
    }
    for name in ["y.npy", "y.csv"] {
        let reader = PointReader::open(folder.path().join(name)).unwrap();
        assert_eq!(read_all(reader, 9).unwrap(), values, "{name}");
    }
    let archive = folder.path().join("y.npz");
    let array = |name| read_all(PointReader::open_array(&archive, name).unwrap(), 9).unwrap();
    assert_eq!(array("lap"), [values[0], values[3]]);
    assert_eq!(array("grad"), [values[1], values[2], values[4], values[5]]);
}

#[test]
fn values_take_the_precision_of_the_file() {
    let folder = tempdir().unwrap();
    for name in ["y.npy", "y.csv"] {
        let path = folder.path().join(name);
        let mut writer = ResultWriter::create(&path, &layout(ResultPrecision::F32)).unwrap();
        writer.write_block(&[0.1f64, 0.2, 0.3]).unwrap();
        writer.write_block(&[0.1f32, 0.2, 0.3]).unwrap();
        writer.finish().unwrap();
        let read = read_all(PointReader::open(&path).unwrap(), 9).unwrap();
        assert!(
            read.iter()
                .zip([0.1f32, 0.2, 0.3].iter().cycle())
                .all(|(a, b)| a.to_f32().to_bits() == b.to_bits())
        );
    }
}

#[test]
fn nothing_appears_before_the_end_and_nothing_stays_without_it() {
    let folder = tempdir().unwrap();
    for name in ["y.npy", "y.csv", "y.npz"] {
        let path = folder.path().join(name);
        let mut writer = ResultWriter::create(&path, &layout(ResultPrecision::F64)).unwrap();
        writer.write_block(&[1.0, 2.0, 3.0]).unwrap();
        assert!(!path.exists());
        drop(writer);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn a_former_file_is_replaced_at_the_end() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("y.csv");
    fs::write(&path, "former").unwrap();
    let writer = ResultWriter::create(&path, &layout(ResultPrecision::F64)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "former");
    writer.finish().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "lap,u_x,u_y\n");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_are_ordinary() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempdir().unwrap();
    let (real, link, plain) =
        (folder.path().join("real.csv"), folder.path().join("link.csv"), folder.path().join("plain"));
    fs::write(&plain, "").unwrap();
    fs::write(&real, "").unwrap();
    symlink(&real, &link).unwrap();
    ResultWriter::create(&link, &layout(ResultPrecision::F64)).unwrap().finish().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "lap,u_x,u_y\n");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&real), mode(&plain));
}

#[test]
fn places_that_cannot_be_written_are_refused_at_the_start() {
    let folder = tempdir().unwrap();
    let create = |name: &str| ResultWriter::create(folder.path().join(name), &layout(ResultPrecision::F64));
    assert!(matches!(create("y.txt"), Err(FileError::Ending { .. })));
    assert!(matches!(create("no/y.csv"), Err(FileError::MissingFolder { .. })));
    fs::create_dir(folder.path().join("y.npy")).unwrap();
    assert!(matches!(create("y.npy"), Err(FileError::NotAFile { .. })));
}

#[test]
fn layouts_without_columns_or_with_equal_names_are_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("y.npz");
    let new = || ResultLayout::new(ResultPrecision::F64);
    let refused = |layout: ResultLayout| ResultWriter::create(&path, &layout).unwrap_err();
    assert!(matches!(refused(new()), FileError::NoColumns { .. }));
    assert!(matches!(refused(new().group("a", ["u", "u"])), FileError::DuplicateName { .. }));
    assert!(matches!(refused(new().group("a", ["u"]).group("a", ["v"])), FileError::DuplicateName { .. }));
}

#[test]
fn a_part_of_a_row_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("y.csv");
    let mut writer = ResultWriter::create(&path, &layout(ResultPrecision::F64)).unwrap();
    let error = writer.write_block(&[1.0, 2.0]).unwrap_err();
    assert!(matches!(error, FileError::BlockLength { columns: 3, found: 2, .. }));
    assert_eq!(writer.finish().unwrap(), 0);
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stream_gets_csv() {
    let stream = Shared::default();
    let origin = Origin::new("standard output");
    let mut writer = ResultWriter::to_stream(stream.clone(), origin, &layout(ResultPrecision::F64)).unwrap();
    writer.write_block(&[1.0, 2.0, 3.0]).unwrap();
    assert_eq!(writer.rows(), 1);
    writer.finish().unwrap();
    assert_eq!(*stream.0.lock().unwrap(), b"lap,u_x,u_y\n1.0,2.0,3.0\n");
}

struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_went_away_is_told_apart() {
    let origin = Origin::new("standard output");
    let writer = ResultWriter::to_stream(Gone, origin, &layout(ResultPrecision::F64));
    let error = writer.and_then(ResultWriter::finish).unwrap_err();
    assert!(error.is_broken_pipe());
}

#[test]
fn an_archive_of_many_outputs_and_rows_keeps_them_apart() {
    const ROWS: u32 = 3000;
    let folder = tempdir().unwrap();
    let path = folder.path().join("y.npz");
    let layout = (0..300).fold(ResultLayout::new(ResultPrecision::F32), |layout, i| {
        layout.group(format!("y{i}"), [format!("y{i}")])
    });
    let mut writer = ResultWriter::create(&path, &layout).unwrap();
    for row in 0..ROWS {
        let block: Vec<f64> = (0..300u32).map(|i| f64::from(row * 300 + i)).collect();
        writer.write_block(&block).unwrap();
    }
    writer.finish().unwrap();
    for i in [0, 7, 299] {
        let array = read_all(PointReader::open_array(&path, &format!("y{i}")).unwrap(), 999).unwrap();
        assert!(array.iter().copied().eq((0..ROWS).map(|row| f64::from(row * 300 + i))), "y{i}");
    }
}

fn bits<T: ResultFloat>(values: &[T]) -> Vec<u64> {
    values
        .iter()
        .map(|value| value.to_f64())
        .map(|x| if x.is_nan() { u64::MAX } else { x.to_bits() })
        .collect()
}

fn round_trip<T: ResultFloat>(name: &str, precision: ResultPrecision, values: &[T]) -> Vec<u64> {
    let folder = tempdir().unwrap();
    let path = folder.path().join(name);
    let layout = ResultLayout::new(precision).group("y", ["y"]);
    let mut writer = ResultWriter::create(&path, &layout).unwrap();
    writer.write_block(values).unwrap();
    writer.finish().unwrap();
    let read = read_all(PointReader::open(&path).unwrap(), 100).unwrap();
    match precision {
        ResultPrecision::F32 => bits(&read.iter().map(|x| x.to_f32()).collect::<Vec<_>>()),
        ResultPrecision::F64 => bits(&read),
    }
}

proptest! {
    #[test]
    fn every_double_reads_back_bit_for_bit(patterns in prop::collection::vec(any::<u64>(), 0..30)) {
        let values: Vec<f64> = patterns.into_iter().map(f64::from_bits).collect();
        for name in ["y.npy", "y.csv", "y.npz"] {
            prop_assert_eq!(round_trip(name, ResultPrecision::F64, &values), bits(&values), "{}", name);
        }
    }

    #[test]
    fn every_single_reads_back_bit_for_bit(patterns in prop::collection::vec(any::<u32>(), 0..30)) {
        let values: Vec<f32> = patterns.into_iter().map(f32::from_bits).collect();
        for name in ["y.npy", "y.csv", "y.npz"] {
            prop_assert_eq!(round_trip(name, ResultPrecision::F32, &values), bits(&values), "{}", name);
        }
    }
}
