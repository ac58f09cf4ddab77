use std::fs;

use jetc_runtime::files::{FileError, Origin, PointReader, ZipFault};
use proptest::prelude::*;

use crate::support::{Placed, f64_bytes, npy, placed, read_all, zip};

fn error(name: &str, bytes: &[u8]) -> FileError {
    let Placed { path, .. } = &placed(name, bytes);
    PointReader::open(path).and_then(|reader| read_all(reader, 7)).unwrap_err()
}

fn values(name: &str, bytes: &[u8]) -> Vec<f64> {
    let file = placed(name, bytes);
    read_all(PointReader::open(&file.path).unwrap(), 2).unwrap()
}

const MATRIX: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
const BY_COLUMN: [f64; 6] = [1.0, 3.0, 5.0, 2.0, 4.0, 6.0];

#[test]
fn npy_points_arrive_row_by_row_in_either_order() {
    assert_eq!(values("x.npy", &npy("<f8", false, "(3, 2)", &f64_bytes(&MATRIX))), MATRIX);
    assert_eq!(values("x.NPY", &npy("<f8", true, "(3, 2)", &f64_bytes(&BY_COLUMN))), MATRIX);
}

#[test]
fn npy_points_of_every_float_type_arrive() {
    let singles = [1.5f32, -2.0];
    let little: Vec<u8> = singles.iter().flat_map(|x| x.to_le_bytes()).collect();
    let big: Vec<u8> = singles.iter().flat_map(|x| x.to_be_bytes()).collect();
    assert_eq!(values("x.npy", &npy("<f4", false, "(1, 2)", &little)), [1.5, -2.0]);
    assert_eq!(values("x.npy", &npy(">f4", false, "(1, 2)", &big)), [1.5, -2.0]);
    assert_eq!(values("x.npy", &npy("<f2", false, "(2, 1)", &[0, 0x3e, 0, 0xc0])), [1.5, -2.0]);
    let big: Vec<u8> = [1.5f64, -2.0].iter().flat_map(|x| x.to_be_bytes()).collect();
    assert_eq!(values("x.npy", &npy(">f8", false, "(1, 2)", &big)), [1.5, -2.0]);
}

#[test]
fn a_list_of_numbers_is_one_column() {
    let file = placed("x.npy", &npy("<f8", false, "(3,)", &f64_bytes(&MATRIX[..3])));
    let reader = PointReader::open(&file.path).unwrap();
    assert_eq!((reader.rows(), reader.columns(), reader.column_names()), (Some(3), 1, None));
}

#[test]
fn no_points_are_points_too() {
    assert!(values("x.npy", &npy("<f8", false, "(0, 2)", &[])).is_empty());
    assert!(values("x.npy", &npy("<f8", true, "(0, 2)", &[])).is_empty());
    assert!(values("x.csv", b"x,y\n").is_empty());
}

#[test]
fn npz_points_arrive_stored_or_deflated_in_either_order() {
    let rows = npy("<f8", false, "(3, 2)", &f64_bytes(&MATRIX));
    let columns = npy("<f8", true, "(3, 2)", &f64_bytes(&BY_COLUMN));
    for deflated in [false, true] {
        for array in [&rows, &columns] {
            assert_eq!(values("x.npz", &zip(&[("arr_0.npy", array.clone())], deflated)), MATRIX);
        }
    }
}

#[test]
fn an_archive_of_several_arrays_wants_one_called_points() {
    let array = |x: f64| npy("<f8", false, "(1, 1)", &f64_bytes(&[x]));
    let both = zip(&[("a.npy", array(1.0)), ("points.npy", array(2.0))], false);
    assert_eq!(values("x.npz", &both), [2.0]);
    let file = placed("x.npz", &both);
    assert_eq!(read_all(PointReader::open_array(&file.path, "a").unwrap(), 9).unwrap(), [1.0]);
    let missing = PointReader::open_array(&file.path, "point").unwrap_err();
    assert!(
        matches!(missing, FileError::TensorMissing { suggestion: Some(name), .. } if name == "points"),
        "the nearest name is suggested"
    );
    let neither = zip(&[("a.npy", array(1.0)), ("b.npy", array(2.0)), ("note.txt", vec![])], false);
    assert!(matches!(
        error("x.npz", &neither),
        FileError::SeveralArrays { available, .. } if available == ["a", "b"]
    ));
    assert!(matches!(error("x.npz", &zip(&[], false)), FileError::SeveralArrays { .. }));
}

#[test]
fn csv_points_arrive_from_files_and_streams() {
    assert_eq!(values("x.csv", b"x,y\n1,2\n3,4\n5,6"), MATRIX);
    let text: &'static [u8] = b"1,2\n3,4\n5,6";
    let reader = PointReader::from_csv(text, Origin::new("standard input")).unwrap();
    assert_eq!((reader.rows(), reader.columns()), (None, 2));
    assert_eq!(read_all(reader, 1).unwrap(), MATRIX);
}

fn names(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// The points for these coordinates, and what was said about the file.
fn matched(name: &str, bytes: &[u8], coordinates: &str) -> Result<(Vec<f64>, String), FileError> {
    let file = placed(name, bytes);
    let reader = PointReader::open_for(&file.path, &names(coordinates))?;
    let notes: Vec<String> = reader.notes().iter().map(ToString::to_string).collect();
    Ok((read_all(reader, 2)?, notes.join("; ")))
}

#[test]
fn columns_go_to_coordinates_by_name() {
    for (text, note) in [
        ("x,y\n1,2\n3,4\n", ""),
        ("X [m],Y [m]\n1,2\n3,4\n", ""),
        ("y [m],x [m]\n2,1\n4,3\n", "the columns `y [m]`, `x [m]` go by name to the coordinates `x`, `y`"),
        ("Y,X\n2,1\n4,3\n", "go by name"),
        ("x,y,u_exact\n1,2,9\n3,4,9\n", "left out: `u_exact`"),
        ("name,y,x\na,2,1\nb,4,3\n", "left out: `name`"),
        ("# y x\n2 1\n4 3\n", "the comment `# y x` names the columns"),
        (",0,1\n0,1.0,2\n1,3,4\n", "the first column is an index"),
        (",y,x\n0,2,1\n1,4,3\n", "go by name"),
        ("0,1\n1.0,2.0\n3.0,4.0\n", "the first line counts the columns"),
        ("a,b\n1,2\n3,4\n", "the columns are called `a`, `b`, the operator's coordinates `x`, `y`"),
        ("x;y\n1,0;2,0\n3;4\n", "cells are separated by semicolons, and decimals have a comma"),
    ] {
        let (points, notes) = matched("x.csv", text.as_bytes(), "x y").unwrap();
        assert_eq!(points, MATRIX[..4], "{text}");
        assert!(if note.is_empty() { notes.is_empty() } else { notes.contains(note) }, "{text}: {notes}");
    }
    let (points, notes) = matched("x.csv", b"0,1\n2,3\n", "x y").unwrap();
    assert_eq!(points, [0.0, 1.0, 2.0, 3.0]);
    assert!(notes.contains("was read as a point"), "{notes}");
}

#[test]
fn names_that_agree_in_part_and_other_numbers_of_columns_are_refused() {
    for text in ["y,z\n1,2\n", "x,x\n1,2\n", "x,z\n1,2\n"] {
        let error = matched("x.csv", text.as_bytes(), "x y").unwrap_err();
        assert!(matches!(error, FileError::ColumnNames { .. }), "{text}: {error}");
    }
    let error = matched("x.csv", b"t, x\n1,2\n", "y").unwrap_err();
    assert!(matches!(error, FileError::ColumnMismatch { found: 2, .. }), "{error}");
}

#[test]
fn arrays_of_an_archive_go_to_coordinates_by_name() {
    let array = |shape: &str, values: &[f64]| npy("<f8", false, shape, &f64_bytes(values));
    let several = zip(
        &[
            ("y.npy", array("(3,)", &[2.0, 4.0, 6.0])),
            ("u.npy", array("(1,)", &[9.0])),
            ("x.npy", array("(3, 1)", &[1.0, 3.0, 5.0])),
        ],
        true,
    );
    let (points, notes) = matched("x.npz", &several, "x y").unwrap();
    assert_eq!(points, MATRIX);
    assert_eq!(notes, "the coordinates are the arrays `x`, `y`; left out: `u`");
    for error in [matched("x.npz", &several, "x u"), matched("x.npz", &several, "u x")] {
        assert!(matches!(error, Err(FileError::CoordinateShape { .. })), "{error:?}");
    }
    assert!(matches!(matched("x.npz", &several, "x t"), Err(FileError::SeveralArrays { .. })));
}

#[test]
fn the_name_decides_the_format() {
    for name in ["x.txt", "x", "x.npy.gz"] {
        assert!(matches!(error(name, b"1,2"), FileError::Ending { .. }), "{name}");
    }
}

#[test]
fn a_missing_file_is_missing() {
    let file = placed("points.csv", b"1");
    let missing = PointReader::open(file.path.with_file_name("pionts.csv")).unwrap_err();
    assert!(missing.to_string().ends_with("no such file (did you mean `points.csv`?)"), "{missing}");
}

#[test]
fn a_file_in_other_clothes_is_recognised() {
    let zip = zip(&[("a.npy", vec![])], false);
    for (name, bytes, what) in [
        ("x.npy", &b"1,2\n"[..], "text that begins with"),
        ("x.npy", &zip[..], "zip archive"),
        ("x.npy", b"", "an empty file"),
        ("x.npz", b"", "an empty file"),
        ("x.npz", b"\x93NUMPY\x01\0", "an npy array"),
        ("x.csv", b"\x93NUMPY\x01\0", "an npy array"),
        ("x.csv", &zip[..], "zip archive"),
        ("x.csv", b"\xff\xfe1\0,\0", "UTF-16"),
        ("x.csv", b"<!DOCTYPE html>", "web page"),
        ("x.npy", b"version https://git-lfs.github.com/spec/v1", "git-lfs"),
    ] {
        match error(name, bytes) {
            FileError::BadMagic { found, .. } => assert!(found.contains(what), "{found}"),
            other => panic!("{name} {what}: {other}"),
        }
    }
}

#[test]
fn a_length_that_disagrees_with_the_header_is_an_error() {
    let whole = npy("<f8", false, "(3, 2)", &f64_bytes(&MATRIX));
    assert!(matches!(error("x.npy", &whole[..whole.len() - 1]), FileError::Truncated { .. }));
    assert!(matches!(error("x.npy", &[&whole[..], b"x"].concat()), FileError::TrailingBytes { .. }));
    let short = whole[..whole.len() - 8].to_vec();
    assert!(matches!(error("x.npz", &zip(&[("a.npy", short)], true)), FileError::Truncated { .. }));
}

#[test]
fn huge_shapes_end_before_memory_is_taken() {
    for (shape, fortran) in [("(1152921504606846975, 1)", false), ("(2, 500000000000000000)", true)] {
        let found = error("x.npy", &npy("<f8", fortran, shape, &[0; 16]));
        assert!(matches!(found, FileError::Truncated { found: 16.., .. }), "{found}");
    }
    let overflow = npy("<f8", false, "(9223372036854775807, 9223372036854775807)", &[]);
    assert!(matches!(error("x.npy", &overflow), FileError::ShapeOverflow { .. }));
}

#[test]
fn arrays_that_are_no_points_are_refused() {
    for shape in ["()", "(2, 0)", "(1, 1, 1)"] {
        let data = if shape == "(2, 0)" { vec![] } else { vec![0; 8] };
        assert!(
            matches!(error("x.npy", &npy("<f8", false, shape, &data)), FileError::Shape { .. }),
            "{shape}"
        );
    }
    for descr in ["<c16", "|O", "|b1"] {
        let found = error("x.npy", &npy(descr, false, "(1, 1)", &[0; 16]));
        assert!(matches!(&found, FileError::Dtype { found, .. } if found == descr), "{found}");
    }
}

#[test]
fn damaged_archives_are_refused() {
    let array = npy("<f8", false, "(3, 2)", &f64_bytes(&MATRIX));
    let stored = zip(&[("a.npy", array.clone())], false);
    let fault = |bytes: &[u8]| match error("x.npz", bytes) {
        FileError::Zip { fault, .. } => fault,
        other => panic!("{other}"),
    };
    assert_eq!(fault(&stored[..stored.len() - 1]), ZipFault::NoDirectory);
    let at = |index: usize, byte: u8| {
        let mut bytes = stored.clone();
        bytes[index] = byte;
        bytes
    };
    let directory = 30 + 5 + array.len();
    assert_eq!(fault(&at(0, b'P')[..40]), ZipFault::NoDirectory);
    assert_eq!(fault(&at(directory, b'Q')), ZipFault::Directory);
    assert_eq!(fault(&at(3, 9)), ZipFault::LocalHeader);
    assert_eq!(fault(&at(directory + 8, 1)), ZipFault::Encrypted);
    assert_eq!(fault(&at(directory + 10, 14)), ZipFault::Method(14));
    assert!(matches!(error("x.npz", &at(directory - 1, 0xff)), FileError::Corrupt { .. }));
    let mut deflated = zip(&[("a.npy", array.clone())], true);
    deflated[40] ^= 0x55;
    assert!(PointReader::open(&placed("x.npz", &deflated).path).and_then(|r| read_all(r, 3)).is_err());
    let twice = zip(&[("a.npy", array.clone()), ("a.npy", array)], false);
    assert!(matches!(error("x.npz", &twice), FileError::DuplicateName { .. }));
}

#[test]
fn an_array_in_fortran_order_is_looked_at_before_it_is_unpacked() {
    // An archive that says of its array that it unpacks to more than there is.
    let claiming = |shape: &str, bytes: u64| {
        let header = npy("<f8", true, shape, &[]);
        let size = u32::try_from(header.len() as u64 + bytes).unwrap();
        let mut archive = zip(&[("a.npy", header)], true);
        let directory = archive.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        archive[directory + 24..][..4].copy_from_slice(&size.to_le_bytes());
        placed("x.npz", &archive)
    };
    // Two gigabytes are refused; of less, width and length are known without unpacking.
    let large = claiming("(134217728, 2)", 1 << 31);
    match PointReader::open(&large.path) {
        Err(FileError::TooLarge { limit, .. }) => assert_eq!(limit, 1 << 30),
        other => panic!("{other:?}"),
    }
    let small = claiming("(1048576, 3)", 3 << 23);
    let mut reader = PointReader::open(&small.path).unwrap();
    assert_eq!((reader.rows(), reader.columns()), (Some(1 << 20), 3));
    assert!(matches!(reader.match_columns(&names("x y")), Err(FileError::ColumnMismatch { found: 3, .. })));
    assert!(matches!(reader.read_block(1, &mut Vec::new()), Err(FileError::Corrupt { .. })));
}

#[test]
fn a_file_cut_while_it_is_read_is_an_error() {
    let file = placed("x.npy", &npy("<f8", false, "(3, 2)", &f64_bytes(&MATRIX)));
    let reader = PointReader::open(&file.path).unwrap();
    let length = fs::metadata(&file.path).unwrap().len();
    fs::OpenOptions::new().write(true).open(&file.path).unwrap().set_len(length - 8).unwrap();
    assert!(matches!(read_all(reader, 10), Err(FileError::Corrupt { .. })));
}

#[test]
fn a_million_rows_at_once_is_as_many_as_there_are() {
    let file = placed("x.npy", &npy("<f8", true, "(3, 2)", &f64_bytes(&BY_COLUMN)));
    assert_eq!(read_all(PointReader::open(&file.path).unwrap(), usize::MAX).unwrap(), MATRIX);
}

proptest! {
    #[test]
    fn any_matrix_is_the_same_in_every_format(
        rows in 0usize..40,
        columns in 1usize..6,
        step in 1usize..50,
        seed in any::<u64>(),
    ) {
        let value = |i: usize| f64::from_bits(seed.wrapping_mul(i as u64 | 1)).clamp(-1e300, 1e300);
        let matrix: Vec<f64> = (0..rows * columns).map(value).map(|x| if x.is_nan() { 0.5 } else { x }).collect();
        let transposed: Vec<f64> =
            (0..rows * columns).map(|i| matrix[i % rows * columns + i / rows]).collect();
        let shape = format!("({rows}, {columns})");
        let row_major = npy("<f8", false, &shape, &f64_bytes(&matrix));
        let column_major = npy("<f8", true, &shape, &f64_bytes(&transposed));
        let mut text = vec!["x"; columns].join(",");
        for row in matrix.chunks(columns) {
            text += "\n";
            text += &row.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        }
        for (name, bytes) in [
            ("x.npy", row_major.clone()),
            ("x.npy", column_major.clone()),
            ("x.npz", zip(&[("x.npy", row_major)], true)),
            ("x.npz", zip(&[("x.npy", column_major)], true)),
            ("x.csv", text.into_bytes()),
        ] {
            let file = placed(name, &bytes);
            let reader = PointReader::open(&file.path).unwrap();
            prop_assert_eq!(reader.columns(), columns);
            prop_assert_eq!(read_all(reader, step).unwrap(), matrix.clone());
        }
    }
}
