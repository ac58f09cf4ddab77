//! Weights: named tensors.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::element::{Element, ElementKind, ElementStream};
use super::npz::{Npz, NpzArray};
use super::open::{ending, unknown_ending};
use super::{FileError, Origin, safetensors, suggest};

/// A tensor in memory, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// The size of each axis; empty for a single number.
    pub shape: Vec<usize>,
    /// The elements, the last axis running fastest: as many as the product of `shape`.
    pub data: Vec<f64>,
    /// The type they have in the file; all of its values are exact in `f64`.
    pub dtype: ElementKind,
}

impl Tensor {
    /// A matrix with rows and columns exchanged; any other tensor as it is.
    pub(super) fn transposed(self) -> Self {
        let &[rows, columns] = &self.shape[..] else { return self };
        let data = (0..self.data.len()).map(|at| self.data[at % rows * columns + at / rows]).collect();
        Self { shape: vec![columns, rows], data, ..self }
    }
}

/// A file of named tensors: `.safetensors`, or an `.npz` archive.
///
/// Opening reads names, types and shapes; a tensor is read when it is asked for.
///
/// # Example: the first layer of a saved network
///
/// ```
/// use jetc_runtime::files::TensorFile;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("net.safetensors");
/// # let header = r#"{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#;
/// # std::fs::write(&path, [&63u64.to_le_bytes(), header.as_bytes(), &[0; 8]].concat())?;
/// let file = TensorFile::open(&path)?;
/// assert_eq!(file.names().collect::<Vec<_>>(), ["0.weight"]);
/// assert_eq!(file.tensor("0.weight")?.shape, [1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TensorFile {
    origin: Origin,
    entries: BTreeMap<String, Entry>,
    /// The archive, if it is one.
    archive: Option<Npz>,
}

#[derive(Debug)]
struct Entry {
    shape: Vec<usize>,
    /// The type as the file names it.
    dtype: String,
    /// The type, if its numbers are floating-point.
    element: Option<Element>,
    /// Offset of the first element in the file; in an archive, the position of the array.
    place: u64,
}

/// Axes that a tensor may have.
const AXES: usize = 16;
/// The arrays of an archive may unpack to this much, or to this many times the size of the archive.
const UNPACKED: u64 = 64 << 20;
const RATIO: u64 = 16;
const FLOATS: &str = "float16, bfloat16, float32 or float64";

impl TensorFile {
    /// The endings that [`open`](Self::open) knows.
    pub const ENDINGS: &'static [&'static str] = &[".safetensors", ".npz"];

    /// Opens the file at `path`, in the format that its ending names.
    ///
    /// # Errors
    ///
    /// [`FileError::Ending`] for other endings; the reasons of the operating system; everything that can be wrong
    /// with a header, and a length that does not agree with it; [`FileError::TooLarge`] for an archive that
    /// unpacks to many times its size.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let origin = Origin::new(path);
        match ending(path).as_deref() {
            Some("safetensors") => {
                let entries = safetensors_entries(&origin)?;
                Ok(Self { origin, entries, archive: None })
            }
            Some("npz") => {
                let archive = Npz::open(&origin)?;
                let entries = npz_entries(&archive, &origin)?;
                Ok(Self { origin, entries, archive: Some(archive) })
            }
            _ => Err(unknown_ending(path, Self::ENDINGS)),
        }
    }

    /// The file.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The names of all tensors, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The shape of the tensor `name`, if there is one.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.entries.get(name).map(|entry| &entry.shape[..])
    }

    /// The element type of the tensor `name` as the file writes it, if there is one.
    pub fn dtype(&self, name: &str) -> Option<&str> {
        self.entries.get(name).map(|entry| entry.dtype.as_str())
    }

    /// Whether the elements of the tensor `name` are floating-point numbers, which alone are read.
    pub fn is_float(&self, name: &str) -> bool {
        self.entries.get(name).is_some_and(|entry| entry.element.is_some())
    }

    /// Reads the tensor `name`.
    ///
    /// # Errors
    ///
    /// [`FileError::TensorMissing`]; [`FileError::Dtype`] for elements that are no floating-point numbers;
    /// [`FileError::NotFinite`] for NaN and infinities; [`FileError::Corrupt`] for damaged data.
    pub fn tensor(&self, name: &str) -> Result<Tensor, FileError> {
        let entry = self.entries.get(name).ok_or_else(|| self.missing(name))?;
        let origin = self.origin.member(name);
        let (shape, expected) = (entry.shape.clone(), FLOATS);
        let Some(element) = entry.element else {
            return Err(FileError::Dtype { origin, found: entry.dtype.clone(), expected });
        };
        let data = match &self.archive {
            None => read_all(safetensors::open_at(&self.origin, entry.place)?, element, &shape, &origin)?,
            Some(archive) => {
                let position = usize::try_from(entry.place).expect("a position in a Vec");
                let array = archive.array(position)?;
                let data = read_all(array.data, element, &shape, &origin)?;
                if array.header.fortran { row_major(&data, &shape) } else { data }
            }
        };
        match data.iter().position(|number| !number.is_finite()) {
            Some(at) => Err(FileError::NotFinite { origin, position: place(at, &shape), value: data[at] }),
            None => Ok(Tensor { shape, data, dtype: element.kind }),
        }
    }

    fn missing(&self, name: &str) -> FileError {
        FileError::TensorMissing {
            origin: self.origin.clone(),
            name: name.to_owned(),
            available: self.names().map(str::to_owned).collect(),
            suggestion: suggest::nearest(name, self.names()),
        }
    }
}

fn safetensors_entries(origin: &Origin) -> Result<BTreeMap<String, Entry>, FileError> {
    safetensors::read_header(origin)?
        .into_iter()
        .map(|place| {
            check_axes(&place.shape, &origin.member(&place.name))?;
            let kind = safetensors::kind(place.dtype).filter(|kind| kind.is_float());
            let element = kind.map(|kind| Element { kind, big_endian: false });
            let dtype = place.dtype.to_string();
            Ok((place.name, Entry { shape: place.shape, dtype, element, place: place.offset }))
        })
        .collect()
}

fn npz_entries(archive: &Npz, origin: &Origin) -> Result<BTreeMap<String, Entry>, FileError> {
    let limit = UNPACKED.max(archive.length().saturating_mul(RATIO));
    let (mut entries, mut total) = (BTreeMap::new(), 0u64);
    for (position, name) in archive.names().enumerate() {
        let array = archive.array(position)?;
        let (element, shape) = npz_entry(&array)?;
        total = total.saturating_add(array.size);
        if total > limit {
            let what = "the archive, once unpacked,";
            return Err(FileError::TooLarge { origin: origin.clone(), what, found: total, limit });
        }
        let entry = Entry { shape, dtype: array.header.descr, element, place: position as u64 };
        entries.insert(name.to_owned(), entry);
    }
    Ok(entries)
}

/// The type, if its numbers are floating-point, and the shape of an array.
fn npz_entry(array: &NpzArray) -> Result<(Option<Element>, Vec<usize>), FileError> {
    let (header, origin) = (&array.header, &array.origin);
    header.count(origin)?;
    let element = Element::from_numpy(&header.descr).filter(|element| element.kind.is_float());
    if element.is_some() {
        array.check_length()?;
    }
    let sizes: Result<Vec<usize>, _> = header.shape.iter().map(|&size| usize::try_from(size)).collect();
    let shape = sizes
        .map_err(|_| FileError::ShapeOverflow { origin: origin.clone(), found: header.shape.clone() })?;
    check_axes(&shape, origin)?;
    Ok((element, shape))
}

fn check_axes(shape: &[usize], origin: &Origin) -> Result<(), FileError> {
    if shape.len() <= AXES {
        return Ok(());
    }
    let found = shape.iter().map(|&size| size as u64).collect();
    Err(FileError::Shape { origin: origin.clone(), found, expected: "at most 16 axes" })
}

/// Reads as many elements as `shape` says, which was checked against the length of the data.
fn read_all(
    reader: impl Read,
    element: Element,
    shape: &[usize],
    origin: &Origin,
) -> Result<Vec<f64>, FileError> {
    let mut data = Vec::new();
    ElementStream::new(reader, element)
        .read(shape.iter().product::<usize>() as u64, &mut data)
        .map_err(|error| FileError::reading(origin, error))?;
    Ok(data)
}

/// The index along each axis of the element `at`.
fn place(mut at: usize, shape: &[usize]) -> Vec<u64> {
    let mut index = vec![0; shape.len()];
    for (index, &size) in index.iter_mut().zip(shape).rev() {
        *index = (at % size) as u64;
        at /= size;
    }
    index
}

/// Elements whose first index runs fastest, put in an order in which the last one does.
fn row_major(data: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut strides = vec![1; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let mut index = vec![0; shape.len()];
    let mut at = 0;
    let mut ordered = Vec::with_capacity(data.len());
    while ordered.len() < data.len() {
        ordered.push(data[at]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            at += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            at -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_that_is_not_finite_is_refused_with_the_entry() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.safetensors");
        let header = r#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}} "#;
        for (at, value, expected) in
            [(5, f32::NAN, [1, 2]), (2, f32::INFINITY, [0, 2]), (3, -f32::INFINITY, [1, 0])]
        {
            let mut numbers = [1f32; 6];
            numbers[at] = value;
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            let length = header.len() as u64;
            std::fs::write(&path, [&length.to_le_bytes(), header.as_bytes(), &bytes].concat()).unwrap();
            match TensorFile::open(&path).unwrap().tensor("w") {
                Err(FileError::NotFinite { position, .. }) => assert_eq!(position, expected),
                other => panic!("{other:?}"),
            }
        }
        assert!(place(0, &[]).is_empty());
    }

    #[test]
    fn fortran_order_becomes_row_major() {
        assert_eq!(row_major(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0], &[2, 3]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let shape = [2, 3, 4];
        let stored: Vec<f64> = (0..24).map(|n| f64::from(n % 2 * 12 + n / 2 % 3 * 4 + n / 6)).collect();
        assert_eq!(row_major(&stored, &shape), (0..24).map(f64::from).collect::<Vec<_>>());
        assert!(row_major(&[], &[0, 3]).is_empty());
        assert_eq!(row_major(&[5.0], &[]), [5.0]);
    }
}
