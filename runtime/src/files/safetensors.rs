//! The safetensors format: a length, a JSON header, the bytes of all tensors.
//!
//! <https://huggingface.co/docs/safetensors>

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use safetensors::Dtype;
use safetensors::tensor::Metadata;
use serde_json::{Value, json};

use super::describe::cut;
use super::element::ElementKind;
use super::open::{looks_like, open_measured, read_up_to};
use super::{FileError, Origin};

/// Headers beyond this size (a hundred thousand tensors) are refused.
const LARGEST: u64 = 16 << 20;
/// Bytes of the header's length.
const PREFIX: u64 = 8;

/// The one name that no tensor has.
const RESERVED: &str = "__metadata__";

/// One tensor as the header describes it; shape, type and place agree with each other and with the file.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) dtype: Dtype,
    /// Offset in the file.
    pub(super) offset: u64,
}

/// Reads the header of the file and checks it against the file's length.
pub(super) fn read_header(origin: &Origin) -> Result<Vec<Place>, FileError> {
    let (mut file, length) = open_measured(origin.path())?;
    let reading = |error| FileError::reading(origin, error);
    let start = read_up_to(&mut file, 32).map_err(reading)?;
    let size = check_start(&start, length, origin)?;
    file.seek(SeekFrom::Start(PREFIX)).map_err(reading)?;
    let text = read_up_to(&mut file.by_ref(), size).map_err(reading)?;
    let invalid = |error: serde_json::Error| FileError::SafetensorsHeader {
        origin: origin.clone(),
        reason: cut(&error.to_string(), 200),
    };
    let metadata: Metadata = serde_json::from_slice(&text).map_err(invalid)?;
    let data = PREFIX + size;
    let expected = data.saturating_add(metadata.data_len() as u64);
    if length < expected {
        return Err(FileError::Truncated { origin: origin.clone(), expected, found: length });
    }
    if length > expected {
        return Err(FileError::TrailingBytes { origin: origin.clone(), expected, found: length });
    }
    let place = |name: String| {
        let info = metadata.info(&name)?;
        let (shape, dtype, offset) = (info.shape.clone(), info.dtype, data + info.data_offsets.0 as u64);
        Some(Place { name, shape, dtype, offset })
    };
    Ok(metadata.offset_keys().into_iter().filter_map(place).collect())
}

/// The length of the header, if `start` can be the start of a safetensors file.
fn check_start(start: &[u8], length: u64, origin: &Origin) -> Result<u64, FileError> {
    let bad = || FileError::BadMagic {
        origin: origin.clone(),
        expected: "a safetensors file",
        found: looks_like(start),
    };
    let Some((size, rest)) = start.split_first_chunk() else {
        let sound = !start.is_empty() && start.contains(&0);
        let cut = FileError::Truncated { origin: origin.clone(), expected: PREFIX, found: length };
        return Err(if sound { cut } else { bad() });
    };
    let size = u64::from_le_bytes(*size);
    if rest.first().is_some_and(|&byte| byte != b'{') {
        return Err(bad());
    }
    if size > LARGEST {
        let what = "the safetensors header";
        return Err(FileError::TooLarge { origin: origin.clone(), what, found: size, limit: LARGEST });
    }
    if PREFIX + size > length {
        return Err(FileError::Truncated { origin: origin.clone(), expected: PREFIX + size, found: length });
    }
    Ok(size)
}

/// The start of a file whose tensors, in this order and without gaps, have these names, shapes, and bytes: the length of the
/// header and the header, with blanks at its end so that the data begin at a multiple of 8.
pub(super) fn header_bytes<'a>(
    dtype: Dtype,
    tensors: impl Iterator<Item = (&'a str, &'a [usize], u64)>,
    origin: &Origin,
) -> Result<Vec<u8>, FileError> {
    let mut offset = 0u64;
    let mut entries = Vec::new();
    for (name, shape, bytes) in tensors {
        if name == RESERVED {
            return Err(FileError::ReservedName { origin: origin.clone(), name: name.to_owned() });
        }
        let end = offset + bytes;
        let info = json!({ "dtype": dtype.to_string(), "shape": shape, "data_offsets": [offset, end] });
        entries.push(format!("{}:{info}", Value::from(name)));
        offset = end;
    }
    let mut text = format!("{{{}}}", entries.join(","));
    text.extend(std::iter::repeat_n(' ', text.len().next_multiple_of(8) - text.len()));
    let size = text.len() as u64;
    if size > LARGEST {
        let what = "the safetensors header";
        return Err(FileError::TooLarge { origin: origin.clone(), what, found: size, limit: LARGEST });
    }
    Ok([&size.to_le_bytes(), text.as_bytes()].concat())
}

/// Our name for a type of number, if there is one.
pub(super) fn kind(dtype: Dtype) -> Option<ElementKind> {
    Some(match dtype {
        Dtype::F16 => ElementKind::F16,
        Dtype::BF16 => ElementKind::Bf16,
        Dtype::F32 => ElementKind::F32,
        Dtype::F64 => ElementKind::F64,
        Dtype::I8 => ElementKind::I8,
        Dtype::I16 => ElementKind::I16,
        Dtype::I32 => ElementKind::I32,
        Dtype::I64 => ElementKind::I64,
        Dtype::U8 => ElementKind::U8,
        Dtype::U16 => ElementKind::U16,
        Dtype::U32 => ElementKind::U32,
        Dtype::U64 => ElementKind::U64,
        _ => return None,
    })
}

/// The file, at the first byte of a tensor.
pub(super) fn open_at(origin: &Origin, offset: u64) -> Result<File, FileError> {
    let (mut file, _) = open_measured(origin.path())?;
    file.seek(SeekFrom::Start(offset)).map_err(|error| FileError::reading(origin, error))?;
    Ok(file)
}
