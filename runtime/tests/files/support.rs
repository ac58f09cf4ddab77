//! Files made byte by byte.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use jetc_runtime::files::{FileError, PointReader};
use tempfile::TempDir;

/// A folder with one file in it, removed with the value.
pub(crate) struct Placed {
    _folder: TempDir,
    pub(crate) path: PathBuf,
}

pub(crate) fn placed(name: &str, bytes: &[u8]) -> Placed {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Placed { _folder: folder, path }
}

/// An npy file with this header and these bytes of data.
pub(crate) fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    let text = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\0".to_vec();
    bytes.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.extend(data);
    bytes
}

pub(crate) fn f64_bytes(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A zip archive of these members; deflated, if asked for.
pub(crate) fn zip(members: &[(&str, Vec<u8>)], deflated: bool) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let mut crc = flate2::CrcReader::new(&data[..]);
        crc.read_to_end(&mut Vec::new()).unwrap();
        let packed = if deflated { deflate(data) } else { data.clone() };
        let method = if deflated { 8u16 } else { 0 };
        let mut common = vec![20, 0, 0, 0];
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(crc.crc().sum().to_le_bytes());
        common.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        common.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0; 2]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        directory.extend(name.as_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(packed);
    }
    let offset = u32::try_from(bytes.len()).unwrap();
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A safetensors file with this header and these bytes of data.
pub(crate) fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

/// A safetensors file of float64 tensors whose elements count up from 0.
pub(crate) fn counting(tensors: &[(&str, &[usize])]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, shape) in tensors {
        let start = data.len();
        let count = u32::try_from(shape.iter().product::<usize>()).unwrap();
        data.extend(f64_bytes(&(0..count).map(f64::from).collect::<Vec<_>>()));
        let end = data.len();
        entries
            .push(format!(r#""{name}":{{"dtype":"F64","shape":{shape:?},"data_offsets":[{start},{end}]}}"#));
    }
    safetensors(&format!("{{{}}}", entries.join(",")), &data)
}

/// All points, read `step` rows at a time.
pub(crate) fn read_all(mut reader: PointReader, step: usize) -> Result<Vec<f64>, FileError> {
    let (mut all, mut block) = (Vec::new(), Vec::new());
    loop {
        let rows = reader.read_block(step, &mut block)?;
        assert!(rows <= step);
        assert_eq!(block.len(), rows * reader.columns());
        if rows == 0 {
            return Ok(all);
        }
        all.extend_from_slice(&block);
    }
}
