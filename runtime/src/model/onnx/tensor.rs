//! A stored tensor: its numbers from raw data, from lists, or from a file beside the model.
//!
//! Every size is checked against what there is before memory is taken. External data must lie in the folder of the model.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bits are taken apart, and fit"
)]

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path};

use super::TensorProblem;
use super::extent::Extent;
use super::proto::TensorProto;

/// Numbers with a shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) shape: Vec<usize>,
    pub(super) numbers: Numbers,
}

/// The numbers of a tensor by kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Numbers {
    Real(Vec<f64>),
    Whole(Vec<Extent>),
    Truth(Vec<bool>),
}

/// Types of elements by ONNX's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementType {
    Float,
    Double,
    Half,
    Brain,
    Signed(usize),
    Unsigned(usize),
    Bool,
}

impl ElementType {
    pub(super) fn new(code: i32) -> Result<Self, TensorProblem> {
        Ok(match code {
            1 => Self::Float,
            2 => Self::Unsigned(1),
            3 => Self::Signed(1),
            4 => Self::Unsigned(2),
            5 => Self::Signed(2),
            6 => Self::Signed(4),
            7 => Self::Signed(8),
            9 => Self::Bool,
            10 => Self::Half,
            11 => Self::Double,
            12 => Self::Unsigned(4),
            13 => Self::Unsigned(8),
            16 => Self::Brain,
            _ => {
                let name = match code {
                    0 => "undefined",
                    8 => "string",
                    14 | 15 => "complex",
                    17..=28 => "quantised",
                    _ => "unknown",
                };
                return Err(TensorProblem::ElementType { code, name });
            }
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::Float => 4,
            Self::Double => 8,
            Self::Half | Self::Brain => 2,
            Self::Signed(bytes) | Self::Unsigned(bytes) => bytes,
            Self::Bool => 1,
        }
    }
}

/// The numbers of a tensor; `folder` is that of the model.
pub(super) fn read(tensor: &TensorProto, folder: &Path) -> Result<Stored, TensorProblem> {
    let kind = ElementType::new(tensor.element_type)?;
    let dims = || TensorProblem::Dims { dims: tensor.dims.clone() };
    let shape: Vec<usize> =
        tensor.dims.iter().map(|&dim| usize::try_from(dim)).collect::<Result<_, _>>().map_err(|_| dims())?;
    let count = shape.iter().try_fold(1usize, |count, &dim| count.checked_mul(dim)).ok_or_else(dims)?;
    let bytes = count.checked_mul(kind.bytes()).ok_or_else(dims)?;
    let listed = tensor.floats.len()
        + tensor.ints.len()
        + tensor.longs.len()
        + tensor.doubles.len()
        + tensor.unsigned.len();
    let length = |expected, found| TensorProblem::Length { dims: tensor.dims.clone(), expected, found };
    let external = tensor.location == 1;
    if (tensor.raw.is_some() || external) && listed > 0 {
        return Err(TensorProblem::Twice);
    }
    let numbers = if external {
        from_bytes(kind, &external_bytes(tensor, folder, bytes, &length)?)
    } else if let Some(raw) = &tensor.raw {
        if raw.len() != bytes {
            return Err(length(bytes, raw.len()));
        }
        from_bytes(kind, raw)
    } else {
        let numbers = from_lists(kind, tensor);
        let found = match &numbers {
            Numbers::Real(numbers) => numbers.len(),
            Numbers::Whole(numbers) => numbers.len(),
            Numbers::Truth(numbers) => numbers.len(),
        };
        if found != count {
            return Err(length(count, found));
        }
        numbers
    };
    if let Numbers::Real(numbers) = &numbers
        && let Some(position) = numbers.iter().position(|number| number.is_nan())
    {
        return Err(TensorProblem::NotANumber { position });
    }
    Ok(Stored { shape, numbers })
}

fn from_bytes(kind: ElementType, bytes: &[u8]) -> Numbers {
    let chunks = bytes.chunks_exact(kind.bytes());
    match kind {
        ElementType::Float => {
            Numbers::Real(chunks.map(|b| f64::from(f32::from_bits(bits(b) as u32))).collect())
        }
        ElementType::Double => Numbers::Real(chunks.map(|b| f64::from_bits(bits(b))).collect()),
        ElementType::Half => Numbers::Real(chunks.map(|b| half(bits(b))).collect()),
        ElementType::Brain => {
            Numbers::Real(chunks.map(|b| f64::from(f32::from_bits((bits(b) as u32) << 16))).collect())
        }
        ElementType::Signed(size) => {
            let unused = 64 - 8 * size;
            let signed = |b: &[u8]| Extent::Number((bits(b) << unused).cast_signed() >> unused);
            Numbers::Whole(chunks.map(signed).collect())
        }
        ElementType::Unsigned(_) => {
            Numbers::Whole(chunks.map(|b| Extent::Number(bits(b).cast_signed())).collect())
        }
        ElementType::Bool => Numbers::Truth(bytes.iter().map(|&b| b != 0).collect()),
    }
}

/// Up to eight bytes, the least first.
fn bits(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte))
}

/// Five bits of exponent, ten of mantissa.
fn half(bits: u64) -> f64 {
    let sign = if bits >> 15 & 1 == 1 { -1.0 } else { 1.0 };
    let (exponent, mantissa) = ((bits >> 10 & 31) as i32, (bits & 1023) as f64);
    sign * match exponent {
        0 => mantissa * 2f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + mantissa) * 2f64.powi(exponent - 25),
    }
}

fn from_lists(kind: ElementType, tensor: &TensorProto) -> Numbers {
    let small = tensor.ints.iter();
    match kind {
        ElementType::Float => Numbers::Real(tensor.floats.iter().map(|&x| f64::from(x)).collect()),
        ElementType::Double => Numbers::Real(tensor.doubles.clone()),
        ElementType::Half => Numbers::Real(small.map(|&x| half(x as u64 & 0xffff)).collect()),
        ElementType::Brain => {
            Numbers::Real(small.map(|&x| f64::from(f32::from_bits((x as u32) << 16))).collect())
        }
        ElementType::Signed(8) => Numbers::Whole(tensor.longs.iter().map(|&x| Extent::Number(x)).collect()),
        ElementType::Unsigned(4 | 8) => {
            Numbers::Whole(tensor.unsigned.iter().map(|&x| Extent::Number(x.cast_signed())).collect())
        }
        ElementType::Signed(_) | ElementType::Unsigned(_) => {
            Numbers::Whole(small.map(|&x| Extent::Number(x.into())).collect())
        }
        ElementType::Bool => Numbers::Truth(small.map(|&x| x != 0).collect()),
    }
}

/// The `bytes` bytes of a tensor in a file of the model's folder.
fn external_bytes(
    tensor: &TensorProto,
    folder: &Path,
    bytes: usize,
    wrong_length: &dyn Fn(usize, usize) -> TensorProblem,
) -> Result<Vec<u8>, TensorProblem> {
    let get = |key: &str| tensor.entry(key);
    let number = |key: &'static str| {
        let parse = |value: &str| {
            value.trim().parse::<u64>().map_err(|_| TensorProblem::Place { key, value: value.to_owned() })
        };
        get(key).map(parse).transpose()
    };
    let location =
        get("location").filter(|location| !location.is_empty()).ok_or(TensorProblem::NoLocation)?;
    let outside = || TensorProblem::Outside { location: location.to_owned() };
    let relative = Path::new(location);
    let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !relative.components().all(is_inside) || location.contains('\\') {
        return Err(outside());
    }
    let path = folder.join(relative);
    let io = |source| TensorProblem::Io { path: path.clone(), source };
    // Links may lead elsewhere.
    let (real, root) = (path.canonicalize().map_err(io)?, folder.canonicalize().map_err(io)?);
    if !real.starts_with(root) {
        return Err(outside());
    }
    let metadata = std::fs::metadata(&real).map_err(io)?;
    if !metadata.is_file() {
        return Err(io(std::io::Error::other("not a regular file")));
    }
    let offset = number("offset")?.unwrap_or(0);
    let found = metadata.len();
    let length = number("length")?.unwrap_or(bytes as u64);
    if length != bytes as u64 {
        return Err(wrong_length(bytes, usize::try_from(length).unwrap_or(usize::MAX)));
    }
    let end = offset.saturating_add(length);
    if end > found {
        return Err(TensorProblem::Short { path: path.clone(), offset, end, found });
    }
    let mut file = File::open(&real).map_err(io)?;
    file.seek(SeekFrom::Start(offset)).map_err(io)?;
    let mut data = vec![0; bytes];
    file.read_exact(&mut data).map_err(io)?;
    Ok(data)
}
