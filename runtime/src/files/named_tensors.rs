//! Tensors by name, written at once: gradients and the like, beside the file of weights that they belong to.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use ::safetensors::Dtype;

use super::npy::header_of;
use super::open::{check_output_ending, ending};
use super::temporary::Temporary;
use super::zip::ZipWriter;
use super::{Destination, FileError, Origin, ResultFloat, ResultPrecision, safetensors};

/// One tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NamedTensor<'a, T> {
    /// Its name; any text.
    pub name: &'a str,
    /// The size of each axis; empty for a single number.
    pub shape: &'a [usize],
    /// The elements, the last axis running fastest: as many as the product of `shape`.
    pub data: &'a [T],
}

/// Tensors to be written, in the formats that [`TensorFile`](super::TensorFile) reads.
///
/// | ending | what is written |
/// |---|---|
/// | `.safetensors` | the tensors in their order, without gaps |
/// | `.npz` | one array for each, uncompressed |
///
/// # Example: a file with the names of another
///
/// ```
/// use jetc_runtime::files::{Destination, NamedTensor, NamedTensors, ResultPrecision, TensorFile};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("gradient.safetensors");
/// let tensor = NamedTensor { name: "0.weight", shape: &[1, 2], data: &[0.5, -1.0] };
/// NamedTensors::new(ResultPrecision::F64, vec![tensor]).write(&Destination::new(&path)?)?;
/// assert_eq!(TensorFile::open(&path)?.tensor("0.weight")?.data, [0.5, -1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NamedTensors<'a, T> {
    precision: ResultPrecision,
    tensors: Vec<NamedTensor<'a, T>>,
}

/// The endings of files that can be written.
const ENDINGS: &[&str] = &[".safetensors", ".npz"];
/// Axes that a tensor may have, as in reading.
const AXES: usize = 16;
/// Numbers encoded at a time.
const CHUNK: usize = 1 << 13;

impl<'a, T: ResultFloat> NamedTensors<'a, T> {
    /// Tensors whose numbers are written in this precision.
    pub fn new(precision: ResultPrecision, tensors: Vec<NamedTensor<'a, T>>) -> Self {
        Self { precision, tensors }
    }

    /// Checks that the name `path` ends as one of the formats does.
    ///
    /// # Errors
    ///
    /// [`FileError::OutputEnding`].
    pub fn check_ending(path: impl AsRef<Path>) -> Result<(), FileError> {
        check_output_ending(path.as_ref(), ENDINGS)
    }

    /// Writes the file in the format that its ending names: it appears complete, or stays what it was.
    ///
    /// # Errors
    ///
    /// [`FileError::OutputEnding`] for other endings; [`FileError::DuplicateName`] for a name that occurs twice,
    /// [`FileError::ReservedName`] for one that means something else, [`FileError::Shape`] for a tensor with more or fewer
    /// numbers than its shape says, or more axes than are read; [`FileError::TooLarge`] for names that make a header larger
    /// than is read; the reasons of the operating system.
    pub fn write(&self, destination: &Destination) -> Result<(), FileError> {
        let path = destination.path();
        Self::check_ending(path)?;
        let origin = Origin::new(path);
        self.check(&origin)?;
        let is_archive = ending(path).as_deref() == Some("npz");
        let start = if is_archive { Vec::new() } else { self.start(&origin)? };
        let file = BufWriter::new(destination.begin()?);
        let written = if is_archive { self.archive(file) } else { self.safetensors(&start, file) };
        written.and_then(Temporary::persist_buffered).map_err(|error| FileError::writing(&origin, error))
    }

    fn check(&self, origin: &Origin) -> Result<(), FileError> {
        let mut names = BTreeSet::new();
        for &NamedTensor { name, shape, data } in &self.tensors {
            if !names.insert(name) {
                return Err(FileError::DuplicateName { origin: origin.clone(), name: name.to_owned() });
            }
            let count = shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size));
            if count != Some(data.len()) || shape.len() > AXES {
                let found = shape.iter().map(|&size| size as u64).collect();
                let expected = "at most 16 axes, and as many numbers as the shape says";
                return Err(FileError::Shape { origin: origin.member(name), found, expected });
            }
        }
        Ok(())
    }

    fn bytes(&self, tensor: &NamedTensor<'_, T>) -> u64 {
        (tensor.data.len() * self.precision.size()) as u64
    }

    /// Everything in front of the numbers of a safetensors file.
    fn start(&self, origin: &Origin) -> Result<Vec<u8>, FileError> {
        let dtype = match self.precision {
            ResultPrecision::F32 => Dtype::F32,
            ResultPrecision::F64 => Dtype::F64,
        };
        let tensors = self.tensors.iter().map(|tensor| (tensor.name, tensor.shape, self.bytes(tensor)));
        safetensors::header_bytes(dtype, tensors, origin)
    }

    fn safetensors<W: Write>(&self, start: &[u8], mut file: W) -> io::Result<W> {
        file.write_all(start)?;
        for tensor in &self.tensors {
            io::copy(&mut Encoded::new(self.precision, tensor.data), &mut file)?;
        }
        Ok(file)
    }

    fn archive<W: Write + io::Seek>(&self, file: W) -> io::Result<W> {
        let mut archive = ZipWriter::new(file);
        for tensor in &self.tensors {
            let header = header_of(self.precision, tensor.shape);
            let size = header.len() as u64 + self.bytes(tensor);
            let data = header.chain(Encoded::new(self.precision, tensor.data));
            archive.member(&format!("{}.npy", tensor.name), size, data)?;
        }
        archive.finish()
    }
}

/// The bytes of numbers, a few at a time.
struct Encoded<'a, T> {
    precision: ResultPrecision,
    rest: &'a [T],
    bytes: Vec<u8>,
    /// How many of the bytes were read.
    read: usize,
}

impl<'a, T> Encoded<'a, T> {
    fn new(precision: ResultPrecision, numbers: &'a [T]) -> Self {
        Self { precision, rest: numbers, bytes: Vec::new(), read: 0 }
    }
}

impl<T: ResultFloat> Read for Encoded<'_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.bytes.len() {
            let (numbers, rest) = self.rest.split_at(self.rest.len().min(CHUNK));
            self.rest = rest;
            self.bytes.clear();
            self.precision.encode(numbers, &mut self.bytes);
            self.read = 0;
        }
        let read = (&self.bytes[self.read..]).read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::TensorFile;
    use super::*;

    const ODD: [&str; 7] = [
        "params/Dense_0/kernel",
        "a\"b\\c",
        "über\u{1f600}",
        "line\nbreak",
        "",
        "onnx::MatMul_7",
        "__metadata_",
    ];

    fn write(file: &str, tensors: &[NamedTensor<'_, f64>]) -> (tempfile::TempDir, Result<(), FileError>) {
        let folder = tempfile::tempdir().unwrap();
        let destination = Destination::new(folder.path().join(file)).unwrap();
        let written = NamedTensors::new(ResultPrecision::F64, tensors.to_vec()).write(&destination);
        (folder, written)
    }

    #[test]
    fn tensors_read_back_under_whatever_names() {
        let numbers: Vec<f64> = (0..20_000u16).map(|i| f64::from(i) / 7.0).collect();
        let shapes: [&[usize]; 7] = [&[100, 200], &[3], &[], &[2, 1, 3], &[0, 4], &[1], &[20_000]];
        let tensor = |(&name, shape): (&&'static str, &'static [usize])| NamedTensor {
            name,
            shape,
            data: &numbers[..shape.iter().product()],
        };
        let tensors: Vec<_> = ODD.iter().zip(shapes).map(tensor).collect();
        for file in ["g.safetensors", "g.npz"] {
            let (folder, written) = write(file, &tensors);
            written.unwrap();
            let read = TensorFile::open(folder.path().join(file)).unwrap();
            assert_eq!(read.names().count(), tensors.len());
            for NamedTensor { name, shape, data } in &tensors {
                let found = read.tensor(name).unwrap();
                assert_eq!((&found.shape[..], &found.data[..]), (*shape, *data), "{file}: {name:?}");
            }
        }
    }

    #[test]
    fn the_numbers_of_a_safetensors_file_begin_at_a_multiple_of_eight() {
        for name in ["a", "ab", "abc", "abcdefgh"] {
            let (folder, written) =
                write("g.safetensors", &[NamedTensor { name, shape: &[1], data: &[1.5] }]);
            written.unwrap();
            let bytes = std::fs::read(folder.path().join("g.safetensors")).unwrap();
            assert!(bytes.len().is_multiple_of(8) && bytes.ends_with(&1.5f64.to_le_bytes()), "{name}");
        }
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let tensor = |name, shape| NamedTensor { name, shape, data: &[1.0][..] };
        let is_left = |folder: &tempfile::TempDir| std::fs::read_dir(folder.path()).unwrap().count() > 0;
        let (folder, twice) = write("g.npz", &[tensor("a", &[1]), tensor("a", &[])]);
        assert!(matches!(twice, Err(FileError::DuplicateName { .. })) && !is_left(&folder));
        let (folder, reserved) = write("g.safetensors", &[tensor("__metadata__", &[1])]);
        assert!(matches!(reserved, Err(FileError::ReservedName { .. })) && !is_left(&folder));
        let (folder, shape) = write("g.npz", &[tensor("a", &[2])]);
        assert!(matches!(shape, Err(FileError::Shape { .. })) && !is_left(&folder));
        let (folder, axes) = write("g.npz", &[tensor("a", &[1; 17])]);
        assert!(matches!(axes, Err(FileError::Shape { .. })) && !is_left(&folder));
        let long = "a".repeat(17 << 20);
        let (folder, header) = write("g.safetensors", &[tensor(&long, &[1])]);
        assert!(matches!(header, Err(FileError::TooLarge { .. })) && !is_left(&folder));
        let (folder, ending) = write("g.pt", &[tensor("a", &[1])]);
        assert!(matches!(ending, Err(FileError::OutputEnding { .. })) && !is_left(&folder));
    }
}
