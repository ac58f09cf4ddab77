use jetc_runtime::files::{ElementKind, FileError, TensorFile, ZipFault};

use crate::support::{counting, f64_bytes, npy, placed, safetensors, zip};

fn open_error(name: &str, bytes: &[u8]) -> FileError {
    TensorFile::open(&placed(name, bytes).path).unwrap_err()
}

#[test]
fn safetensors_hold_names_shapes_and_values() {
    let file = placed("n.safetensors", &counting(&[("b", &[2, 3]), ("a", &[]), ("c", &[0, 4])]));
    let tensors = TensorFile::open(&file.path).unwrap();
    assert_eq!(tensors.names().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(tensors.shape("b").unwrap(), [2, 3]);
    assert_eq!(tensors.dtype("b"), Some("F64"));
    let b = tensors.tensor("b").unwrap();
    assert_eq!((b.shape, b.dtype), (vec![2, 3], ElementKind::F64));
    assert_eq!(b.data, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(tensors.tensor("a").unwrap().data, [0.0]);
    assert!(tensors.tensor("c").unwrap().data.is_empty());
}

#[test]
fn safetensors_of_every_float_type_are_read() {
    for (dtype, bytes) in [
        ("F16", vec![0, 0x3e]),
        ("BF16", vec![0xc0, 0x3f]),
        ("F32", 1.5f32.to_le_bytes().to_vec()),
        ("F64", 1.5f64.to_le_bytes().to_vec()),
    ] {
        let header =
            format!(r#"{{"w":{{"dtype":"{dtype}","shape":[1],"data_offsets":[0,{}]}}}}"#, bytes.len());
        let file = placed("n.safetensors", &safetensors(&header, &bytes));
        assert_eq!(TensorFile::open(&file.path).unwrap().tensor("w").unwrap().data, [1.5], "{dtype}");
    }
}

#[test]
fn tensors_that_are_no_floats_are_listed_but_not_read() {
    let header =
        r#"{"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}"#;
    let file = placed("n.safetensors", &safetensors(header, &[0; 8]));
    let tensors = TensorFile::open(&file.path).unwrap();
    assert_eq!(tensors.names().collect::<Vec<_>>(), ["steps"]);
    assert!(!tensors.is_float("steps"));
    let error = tensors.tensor("steps").unwrap_err();
    assert!(matches!(error, FileError::Dtype { found, .. } if found == "I64"));
}

#[test]
fn a_missing_tensor_suggests_its_neighbour() {
    let file = placed("n.safetensors", &counting(&[("0.weight", &[1]), ("0.bias", &[1])]));
    let error = TensorFile::open(&file.path).unwrap().tensor("0.wieght").unwrap_err();
    let text = error.to_string();
    let expected = "no tensor `0.wieght` (did you mean `0.weight`?); there are `0.bias`, `0.weight`";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn safetensors_whose_length_disagrees_are_refused() {
    let whole = counting(&[("a", &[4])]);
    for length in [7, 8, 20, whole.len() - 1] {
        let error = open_error("n.safetensors", &whole[..length]);
        assert!(matches!(error, FileError::Truncated { .. }), "{length}: {error}");
    }
    let longer = [&whole[..], &[0]].concat();
    assert!(matches!(open_error("n.safetensors", &longer), FileError::TrailingBytes { .. }));
}

#[test]
fn hostile_safetensors_headers_are_refused() {
    let entry = |shape: &str, offsets: &str| {
        safetensors(
            &format!(r#"{{"w":{{"dtype":"F64","shape":{shape},"data_offsets":{offsets}}}}}"#),
            &[0; 16],
        )
    };
    for bytes in [
        entry("[18446744073709551615, 18446744073709551615]", "[0,16]"),
        entry("[3]", "[0,16]"),
        entry("[2]", "[16,0]"),
        entry("[2]", "[8,24]"),
        entry("[-2]", "[0,16]"),
        entry(&format!("{}{}", "[".repeat(5000), "]".repeat(5000)), "[0,16]"),
        safetensors("{", &[]),
        safetensors("{\"w\":1}", &[]),
    ] {
        let error = open_error("n.safetensors", &bytes);
        assert!(matches!(error, FileError::SafetensorsHeader { .. }), "{error}");
    }
    let last = format!("[0,{}]", u64::MAX);
    let error = open_error("n.safetensors", &entry(&format!("[{}]", u64::MAX / 8), &last));
    assert!(matches!(error, FileError::SafetensorsHeader { .. } | FileError::Truncated { .. }), "{error}");
    let error =
        open_error("n.safetensors", &entry(&format!("[{}]", 1u64 << 57), &format!("[0,{}]", 1u64 << 60)));
    assert!(matches!(error, FileError::Truncated { .. }), "{error}");
    let axes = entry(&format!("[{}2]", "1,".repeat(40)), "[0,16]");
    assert!(matches!(open_error("n.safetensors", &axes), FileError::Shape { .. }));
    let mut long = counting(&[("a", &[1])]);
    long[..8].copy_from_slice(&(1u64 << 40).to_le_bytes());
    assert!(matches!(open_error("n.safetensors", &long), FileError::TooLarge { .. }));
}

#[test]
fn other_files_are_recognised() {
    for (bytes, what) in [
        (&b""[..], "an empty file"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\0\0", "PyTorch"),
        (b"\x89HDF\r\n\x1a\n\0\0\0\0", "HDF5"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    ] {
        match open_error("n.safetensors", bytes) {
            FileError::BadMagic { found, .. } => assert!(found.contains(what), "{found}"),
            other => panic!("{what}: {other}"),
        }
    }
    assert!(matches!(open_error("n.pt", b""), FileError::Ending { .. }));
}

#[test]
fn npz_tensors_are_row_major_whatever_the_file_is() {
    let rows = npy("<f8", false, "(2, 3)", &f64_bytes(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let columns = npy("<f8", true, "(2, 3)", &f64_bytes(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
    for deflated in [false, true] {
        let members = [("w.npy", rows.clone()), ("v.npy", columns.clone()), ("readme.txt", vec![1])];
        let file = placed("n.npz", &zip(&members, deflated));
        let tensors = TensorFile::open(&file.path).unwrap();
        assert_eq!(tensors.names().collect::<Vec<_>>(), ["v", "w"]);
        assert_eq!(tensors.tensor("w").unwrap(), tensors.tensor("v").unwrap());
        assert_eq!(tensors.tensor("w").unwrap().data, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }
}

#[test]
fn an_archive_that_unpacks_to_many_times_its_size_is_refused() {
    let zeros = npy("<f8", false, "(9000000,)", &vec![0; 72_000_000]);
    let error = open_error("n.npz", &zip(&[("w.npy", zeros)], true));
    assert!(matches!(error, FileError::TooLarge { .. }), "{error}");
}

#[test]
fn damaged_npz_tensors_are_refused() {
    let array = npy("<f8", false, "(2,)", &f64_bytes(&[1.0, 2.0]));
    let mut bytes = zip(&[("w.npy", array.clone())], false);
    bytes[34 + array.len()] ^= 1;
    let file = placed("n.npz", &bytes);
    let error = TensorFile::open(&file.path).unwrap().tensor("w").unwrap_err();
    assert!(matches!(error, FileError::Corrupt { .. }), "{error}");
    let error = open_error("n.npz", &zip(&[("w.npy", array)], false)[..60]);
    assert!(matches!(error, FileError::Zip { fault: ZipFault::NoDirectory, .. }), "{error}");
}
