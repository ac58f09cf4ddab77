//! Nothing a file contains may crash, hang, or take memory without bound.

use jetc_runtime::files::{PointReader, Sequential, TensorFile};
use proptest::prelude::*;

use crate::support::{counting, f64_bytes, npy, placed, read_all, zip};

/// Reads the file in every way that its name allows; only a panic or a hang is wrong.
fn survive(name: &str, bytes: &[u8]) {
    let file = placed(name, bytes);
    if let Ok(reader) = PointReader::open(&file.path) {
        let _ = read_all(reader, 3);
    }
    if let Ok(tensors) = TensorFile::open(&file.path) {
        for name in tensors.names() {
            let _ = tensors.tensor(name);
        }
        let _ = Sequential::read(&tensors);
    }
}

const NAMES: [&str; 4] = ["x.npy", "x.npz", "x.csv", "x.safetensors"];

/// One sound file of each format.
fn sound() -> Vec<(&'static str, Vec<u8>)> {
    let array = npy("<f8", false, "(3, 2)", &f64_bytes(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let columns = npy(">f4", true, "(2, 3)", &[0; 24]);
    let members = [("0.weight.npy", array.clone()), ("points.npy", columns.clone())];
    vec![
        ("x.npy", array),
        ("x.npy", columns),
        ("x.npz", zip(&members, false)),
        ("x.npz", zip(&members, true)),
        ("x.csv", b"x, \"y\"\n# comment\n1,2\n\n3.5e-3,nan\n".to_vec()),
        ("x.safetensors", counting(&[("0.weight", &[3, 2]), ("0.bias", &[3]), ("2.weight", &[1, 3])])),
    ]
}

#[test]
fn every_beginning_of_a_sound_file_is_survived() {
    for (name, bytes) in sound() {
        for length in 0..bytes.len() {
            survive(name, &bytes[..length]);
        }
    }
}

#[test]
fn every_byte_may_be_wrong() {
    for (name, bytes) in sound() {
        for index in 0..bytes.len() {
            for byte in [0, 0xff, bytes[index] ^ 1, bytes[index].wrapping_add(1), b'9'] {
                let mut damaged = bytes.clone();
                damaged[index] = byte;
                survive(name, &damaged);
            }
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), which in 0..4usize) {
        survive(NAMES[which], &bytes);
    }

    #[test]
    fn random_text_is_survived(text in "[-0-9eE.,;\"#naif \t\r\n]{0,80}") {
        survive("x.csv", text.as_bytes());
    }

    #[test]
    fn random_npy_headers_are_survived(text in "[-{}()'\":,0-9a-z<_ \\[\\]]{0,80}", tail in 0..40usize) {
        let mut bytes = b"\x93NUMPY\x01\0".to_vec();
        bytes.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.extend(vec![0; tail]);
        survive("x.npy", &bytes);
    }

    #[test]
    fn several_wrong_bytes_are_survived(
        which in 0..6usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let (name, mut bytes) = sound().swap_remove(which);
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        survive(name, &bytes);
    }
}
