//! Element types of arrays and their conversion to `f64`.

use std::fmt;
use std::io::{self, Read};

/// The type of one number in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it: kind and number of bits")]
pub enum ElementKind {
    F16,
    /// The upper half of an `f32`.
    Bf16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl ElementKind {
    /// Bytes of one number.
    pub fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::F16 | Self::Bf16 | Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// Whether it is a floating-point type.
    pub fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::Bf16 | Self::F32 | Self::F64)
    }
}

impl fmt::Display for ElementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F16 => "float16",
            Self::Bf16 => "bfloat16",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
        })
    }
}

/// An element type with its byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) kind: ElementKind,
    pub(super) big_endian: bool,
}

/// Appends every element of `$bytes` to `$out` as `$convert` of a `$number`.
macro_rules! decode {
    ($bytes:expr, $big:expr, $out:expr, $number:ty, $convert:expr) => {{
        let (elements, _) = $bytes.as_chunks::<{ size_of::<$number>() }>();
        if $big {
            $out.extend(elements.iter().map(|&bytes| $convert(<$number>::from_be_bytes(bytes))));
        } else {
            $out.extend(elements.iter().map(|&bytes| $convert(<$number>::from_le_bytes(bytes))));
        }
    }};
}

impl Element {
    /// The type that numpy writes as `descr` (`<f8`), if it is a real number; `=` is taken as little-endian.
    pub(super) fn from_numpy(descr: &str) -> Option<Self> {
        let (order, kind) = descr.split_at_checked(1)?;
        let kind = match kind {
            "f2" => ElementKind::F16,
            "f4" => ElementKind::F32,
            "f8" => ElementKind::F64,
            "i1" => ElementKind::I8,
            "i2" => ElementKind::I16,
            "i4" => ElementKind::I32,
            "i8" => ElementKind::I64,
            "u1" => ElementKind::U8,
            "u2" => ElementKind::U16,
            "u4" => ElementKind::U32,
            "u8" => ElementKind::U64,
            _ => return None,
        };
        match order {
            "<" | "=" => Some(Self { kind, big_endian: false }),
            ">" => Some(Self { kind, big_endian: true }),
            "|" if kind.size() == 1 => Some(Self { kind, big_endian: false }),
            _ => None,
        }
    }

    pub(super) fn size(self) -> usize {
        self.kind.size()
    }

    /// Appends the numbers in `bytes` to `out`; integers beyond 2⁵³ are rounded to the nearest `f64`.
    #[allow(clippy::cast_precision_loss, reason = "rounding of large integers is documented")]
    pub(super) fn decode(self, bytes: &[u8], out: &mut Vec<f64>) {
        let big = self.big_endian;
        match self.kind {
            ElementKind::F16 => decode!(bytes, big, out, u16, f64_from_f16),
            ElementKind::Bf16 => decode!(bytes, big, out, u16, f64_from_bf16),
            ElementKind::F32 => decode!(bytes, big, out, f32, f64::from),
            ElementKind::F64 => decode!(bytes, big, out, f64, f64::from),
            ElementKind::I8 => decode!(bytes, big, out, i8, f64::from),
            ElementKind::I16 => decode!(bytes, big, out, i16, f64::from),
            ElementKind::I32 => decode!(bytes, big, out, i32, f64::from),
            ElementKind::I64 => decode!(bytes, big, out, i64, |x| x as f64),
            ElementKind::U8 => decode!(bytes, big, out, u8, f64::from),
            ElementKind::U16 => decode!(bytes, big, out, u16, f64::from),
            ElementKind::U32 => decode!(bytes, big, out, u32, f64::from),
            ElementKind::U64 => decode!(bytes, big, out, u64, |x| x as f64),
        }
    }
}

/// IEEE 754 binary16: one sign bit, five of exponent (bias 15), ten of fraction.
fn f64_from_f16(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let magnitude = match (bits >> 10) & 0x1f {
        0 => fraction * 2f64.powi(-24),
        31 if bits.trailing_zeros() >= 10 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * 2f64.powi(i32::from(exponent) - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

fn f64_from_bf16(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}

/// A reader of bytes seen as a stream of numbers.
pub(super) struct ElementStream<R> {
    reader: R,
    element: Element,
    scratch: Vec<u8>,
}

/// Bytes converted at a time.
const CHUNK: usize = 1 << 16;

impl<R: Read> ElementStream<R> {
    pub(super) fn new(reader: R, element: Element) -> Self {
        Self { reader, element, scratch: Vec::new() }
    }

    pub(super) fn reader_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Appends the next `count` numbers to `out`, which grows as the numbers arrive and not before.
    pub(super) fn read(&mut self, count: u64, out: &mut Vec<f64>) -> io::Result<()> {
        let size = self.element.size();
        let mut left = count;
        while left > 0 {
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK / size);
            self.scratch.resize(now * size, 0);
            self.reader.read_exact(&mut self.scratch)?;
            self.element.decode(&self.scratch, out);
            left -= now as u64;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float16_has_its_landmarks() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 2f64.powi(-24)),
            (0x03ff, 1023.0 * 2f64.powi(-24)),
            (0x0400, 2f64.powi(-14)),
            (0x3c00, 1.0),
            (0x3555, 1365.0 / 4096.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(f64_from_f16(bits).to_bits(), value.to_bits(), "{bits:#06x}");
        }
        assert!(f64_from_f16(0x7e00).is_nan());
        assert_eq!(f64_from_f16(0x8000).to_bits(), (-0.0f64).to_bits());
    }

    #[test]
    fn float16_grows_with_its_bits() {
        for bits in 0..0x7c00u16 {
            assert!(f64_from_f16(bits) < f64_from_f16(bits + 1), "{bits:#06x}");
        }
    }

    #[test]
    fn bfloat16_is_the_upper_half_of_float32() {
        assert_eq!(f64_from_bf16(0x3f80).to_bits(), 1f64.to_bits());
        assert_eq!(f64_from_bf16(0xc049).to_bits(), (-3.140_625f64).to_bits());
    }

    #[test]
    fn every_integer_type_is_read_in_both_byte_orders() {
        for (descr, bytes, value) in [
            ("|i1", vec![0xfe], -2.0),
            ("|u1", vec![0xfe], 254.0),
            ("<i2", vec![0xfe, 0xff], -2.0),
            (">i2", vec![0xff, 0xfe], -2.0),
            (">u2", vec![0xff, 0xfe], 65534.0),
            ("<i4", vec![0xfe, 0xff, 0xff, 0xff], -2.0),
            (">u4", vec![0, 0, 1, 0], 256.0),
            ("<i8", vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -2.0),
            (">u8", vec![0, 0, 0, 0, 0, 0, 1, 0], 256.0),
        ] {
            let mut out = Vec::new();
            Element::from_numpy(descr).unwrap().decode(&bytes, &mut out);
            assert_eq!(out, [value], "{descr}");
        }
    }

    #[test]
    fn types_that_are_no_real_numbers_are_refused() {
        for descr in ["", "f", "<c16", "|O", "|b1", "<U5", "|f8", "<f16", "é8", "<M8[ns]"] {
            assert_eq!(Element::from_numpy(descr), None, "{descr}");
        }
    }
}
