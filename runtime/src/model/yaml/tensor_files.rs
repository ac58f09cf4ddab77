//! The tensors of all files of a model, by name.

use std::cell::Cell;
use std::path::Path;

use jetc_operators::diagnostic::did_you_mean;

use super::file::WeightFiles;
use super::limits;
use crate::files::{ElementKind, FileError, Tensor, TensorFile};

/// Files of tensors, each with the word that comes before the names of its tensors.
#[derive(Debug, Default)]
pub(super) struct TensorFiles {
    files: Vec<(String, TensorFile)>,
    /// Tensors that are in no file: they begin with the network.
    begun: Vec<(String, Tensor)>,
    /// How many numbers may be read in all, and how many were.
    most: u64,
    read: Cell<u64>,
}

/// Why a tensor is not read.
#[derive(Debug)]
pub(super) enum Missing {
    /// Nothing is called so; with advice.
    Unknown(String),
    /// Several files have it: their names.
    Ambiguous(String),
    /// All tensors together have more numbers than this.
    TooMuch(u64),
    /// The file is damaged, or the numbers are no floating-point numbers.
    File(FileError),
}

/// Most names that advice lists.
const MOST_LISTED: usize = 12;

impl TensorFiles {
    pub(super) fn open(files: Option<&WeightFiles>, folder: &Path) -> Result<Self, FileError> {
        let open = |prefix: String, file: &str| Ok((prefix, TensorFile::open(folder.join(file))?));
        let files: Vec<_> = match files {
            None => Vec::new(),
            Some(WeightFiles::List(files)) => {
                files.iter().map(|file| open(String::new(), &file.value)).collect::<Result<_, _>>()?
            }
            Some(WeightFiles::Named(named)) => {
                let files = named.entries.iter().filter_map(|(name, file)| Some((name, file.as_ref()?)));
                files
                    .map(|(name, file)| open(format!("{}.", name.text), &file.value))
                    .collect::<Result<_, _>>()?
            }
        };
        let sizes = files.iter().flat_map(|(_, file): &(String, TensorFile)| {
            file.names().map(|name| file.shape(name).map_or(0, count)).collect::<Vec<_>>()
        });
        let most = sizes.fold(0, u64::saturating_add).saturating_mul(limits::REPETITIONS);
        Ok(Self { files, begun: Vec::new(), most: most.max(limits::NUMBERS), read: Cell::new(0) })
    }

    /// The shape of a tensor, if it is there.
    pub(super) fn shape<'a>(&'a self, name: &'a str) -> Option<&'a [usize]> {
        let begun = self.begun(name).map(|tensor| tensor.shape.as_slice());
        begun.or_else(|| self.places(name).find_map(|(file, name)| file.shape(name)))
    }

    /// A tensor that began with the network.
    fn begun(&self, name: &str) -> Option<&Tensor> {
        self.begun.iter().find_map(|(known, tensor)| (known == name).then_some(tensor))
    }

    /// The numbers of such a tensor.
    pub(super) fn begun_numbers(&mut self, name: &str) -> Option<&mut [f64]> {
        self.begun.iter_mut().find_map(|(known, tensor)| (known == name).then_some(&mut tensor.data[..]))
    }

    /// Adds a tensor that begins with the network.
    pub(super) fn begin(&mut self, name: &str, shape: &[usize], data: Vec<f64>) {
        self.begun.push((name.to_owned(), Tensor { shape: shape.to_vec(), data, dtype: ElementKind::F64 }));
    }

    /// How many numbers began with the network.
    pub(super) fn begun_count(&self) -> u64 {
        self.begun.iter().map(|(_, tensor)| tensor.data.len() as u64).sum()
    }

    /// All tensors that began with the network.
    pub(super) fn into_begun(self) -> Vec<(String, Tensor)> {
        self.begun
    }

    /// All tensors, with their shapes.
    pub(super) fn all(&self) -> impl Iterator<Item = (String, &[usize])> {
        self.files.iter().flat_map(|(prefix, file)| {
            let shape = |name: &str| file.shape(name).unwrap_or_default();
            file.names().map(move |name| (format!("{prefix}{name}"), shape(name)))
        })
    }

    /// Reads a tensor.
    pub(super) fn tensor(&self, name: &str) -> Result<Tensor, Missing> {
        if let Some(tensor) = self.begun(name) {
            return Ok(tensor.clone());
        }
        let places: Vec<_> = self.places(name).filter(|(file, name)| file.shape(name).is_some()).collect();
        let (file, inner) = match places[..] {
            [] => return Err(Missing::Unknown(self.advice(name))),
            [place] => place,
            _ => {
                return Err(Missing::Ambiguous(itertools::join(
                    places.iter().map(|p| p.0.origin()),
                    " and ",
                )));
            }
        };
        let read = self.read.get().saturating_add(file.shape(inner).map_or(0, count));
        if read > self.most {
            return Err(Missing::TooMuch(self.most));
        }
        self.read.set(read);
        file.tensor(inner).map_err(Missing::File)
    }

    /// Where a tensor of this name could be: the files, and what they would call it.
    fn places<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a TensorFile, &'a str)> {
        self.files.iter().filter_map(move |(prefix, file)| Some((file, name.strip_prefix(prefix.as_str())?)))
    }

    fn advice(&self, name: &str) -> String {
        let names =
            self.files.iter().flat_map(|(prefix, file)| file.names().map(move |n| format!("{prefix}{n}")));
        let names: Vec<String> = names.collect();
        did_you_mean(name, names.iter().map(String::as_str)).unwrap_or_else(|| match names.len() {
            0 => "name a file of tensors under `weights`".to_owned(),
            more => {
                let listed = names.iter().take(MOST_LISTED).map(|name| format!("`{name}`"));
                let rest = if more > MOST_LISTED {
                    format!(" and {} more", more - MOST_LISTED)
                } else {
                    String::new()
                };
                format!("there are {}{rest}", itertools::join(listed, ", "))
            }
        })
    }
}

fn count(shape: &[usize]) -> u64 {
    shape.iter().fold(1, |product: u64, &size| product.saturating_mul(size as u64))
}
