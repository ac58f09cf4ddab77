//! Which tensors of a state dict are which linear layer, under the names of PyTorch, Flax, Haiku, Equinox and Keras.
//!
//! | library | weight and bias of a layer | the weight is |
//! |---|---|---|
//! | PyTorch, Equinox | `fc1.weight`, `fc1.bias`; `layers[0].weight` | \[out, in\] |
//! | Flax | `params/Dense_0/kernel`, `params.Dense_0.bias`, `linear1.kernel.value` | \[in, out\] |
//! | Haiku | `mlp/~/linear_0/w`, `linear_1/b` | \[in, out\] |
//! | Keras | `dense/kernel:0`, `dense_1/bias`, `layers/dense/vars/0` and `…/1` | \[in, out\] |
//!
//! The order is that of the numbers at the one place where the names differ, `Dense_0`, `Dense_1`; a name without number
//! comes first (`linear`, `linear_1`). Where names differ otherwise it can only be guessed. Checked by
//! `layers_are_recognised_under_the_names_of_every_library`.

use std::collections::BTreeMap;

use super::{FileError, TensorFile};

/// The layers of a state dict in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The layers.
    pub layers: Vec<OutlinedLayer>,
    /// Whether order or orientation are a guess from names and shapes.
    pub guessed: bool,
    /// Tensors that belong to no linear layer.
    pub left_over: Vec<String>,
}

/// The tensors of a linear layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlinedLayer {
    /// The name of W.
    pub weight: String,
    /// The name of b.
    pub bias: Option<String>,
    /// Whether W is \[in, out\].
    pub transposed: bool,
}

/// What a tensor is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Weight { transposed: bool },
    Bias,
}

/// The words of a name, where each word ends in its number, if it has one.
type Path = Vec<(String, Option<u64>)>;

impl Outline {
    /// The linear layers in `file`, in the order of their numbers if that is clear, otherwise in one that their shapes allow.
    ///
    /// # Errors
    ///
    /// [`FileError::NotSequential`] if there is none.
    pub fn of(file: &TensorFile) -> Result<Self, FileError> {
        let found = layers(file, false);
        // The names of one library with the shapes of another: what is [out, in] by its name may be [in, out].
        let is_whole = |(layers, rest): &(BTreeMap<Path, OutlinedLayer>, Vec<String>)| {
            rest.is_empty() && numbered(layers).is_some_and(|order| fits(&order, file))
        };
        let turned = Some(layers(file, true)).filter(|turned| !is_whole(&found) && is_whole(turned));
        let is_turned = turned.is_some();
        let (layers, left_over) = turned.unwrap_or(found);
        if layers.is_empty() {
            return Err(FileError::NotSequential { origin: file.origin().clone(), tensors: Vec::new() });
        }
        let clear = numbered(&layers).filter(|order| fits(order, file));
        let guessed = is_turned || clear.is_none() || !left_over.is_empty();
        let layers = clear.unwrap_or_else(|| chained(layers.into_values().collect(), file));
        Ok(Self { layers, guessed, left_over })
    }

    /// The same where there is no doubt.
    pub(super) fn sure(file: &TensorFile) -> Option<Vec<OutlinedLayer>> {
        let (layers, left_over) = layers(file, false);
        if layers.is_empty() || !left_over.is_empty() {
            return None;
        }
        numbered(&layers)
    }
}

impl OutlinedLayer {
    /// Features out and in.
    pub(super) fn shape(&self, file: &TensorFile) -> [usize; 2] {
        match *file.shape(&self.weight).unwrap_or_default() {
            [first, second] if self.transposed => [second, first],
            [first, second] => [first, second],
            _ => [0, 0],
        }
    }
}

/// The layers by the paths of their names, and the tensors that have no place in one; with `turned`, weights have the other
/// orientation than their names say.
fn layers(file: &TensorFile, turned: bool) -> (BTreeMap<Path, OutlinedLayer>, Vec<String>) {
    let (mut layers, mut biases, mut rest) = (BTreeMap::new(), Vec::new(), Vec::new());
    for name in file.names() {
        match parsed(name).filter(|_| file.is_float(name)) {
            Some((path, Kind::Weight { transposed }))
                if file.shape(name).is_some_and(|shape| shape.len() == 2) && !layers.contains_key(&path) =>
            {
                let transposed = transposed != turned;
                layers.insert(path, OutlinedLayer { weight: name.to_owned(), bias: None, transposed });
            }
            Some((path, Kind::Bias)) => biases.push((path, name)),
            _ => rest.push(name.to_owned()),
        }
    }
    for (path, name) in biases {
        match layers.get_mut(&path) {
            Some(layer) if layer.bias.is_none() && file.shape(name) == Some(&layer.shape(file)[..1]) => {
                layer.bias = Some(name.to_owned());
            }
            _ => rest.push(name.to_owned()),
        }
    }
    (layers, rest)
}

/// The path of the layer, and what the tensor is in it.
fn parsed(name: &str) -> Option<(Path, Kind)> {
    let name = name.strip_suffix(":0").unwrap_or(name);
    let words = name.split(['/', '.', '[', ']', '\'', '"']).filter(|word| !word.is_empty() && *word != "~");
    let mut words: Vec<&str> = words.collect();
    words.pop_if(|word| matches!(*word, "value" | "raw_value"));
    let kind = match words.pop()? {
        "weight" => Kind::Weight { transposed: false },
        "kernel" | "w" => Kind::Weight { transposed: true },
        "bias" | "b" => Kind::Bias,
        place @ ("0" | "1") if words.pop() == Some("vars") => {
            if place == "0" {
                Kind::Weight { transposed: true }
            } else {
                Kind::Bias
            }
        }
        _ => return None,
    };
    // Keras writes a name twice: `dense/dense/kernel`.
    words.dedup();
    Some((words.into_iter().map(numbered_word).collect(), kind))
}

/// `Dense_10` is (`Dense`, 10).
fn numbered_word(word: &str) -> (String, Option<u64>) {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    match word[stem.len()..].parse() {
        Ok(number) => (stem.trim_end_matches('_').to_owned(), Some(number)),
        Err(_) => (word.to_owned(), None),
    }
}

/// The layers in the order of the numbers at the only place where their names differ.
fn numbered(layers: &BTreeMap<Path, OutlinedLayer>) -> Option<Vec<OutlinedLayer>> {
    let (first, _) = layers.first_key_value()?;
    let same_words =
        |path: &Path| path.len() == first.len() && path.iter().zip(first).all(|(a, b)| a.0 == b.0);
    let differs = |place: usize| layers.keys().any(|path| path[place] != first[place]);
    // Paths are sorted by word and number at each place, so that one place that differs is in order.
    let clear =
        layers.keys().all(same_words) && (0..first.len()).filter(|&place| differs(place)).count() <= 1;
    clear.then(|| layers.values().cloned().collect())
}

fn fits(layers: &[OutlinedLayer], file: &TensorFile) -> bool {
    layers.windows(2).all(|pair| pair[0].shape(file)[0] == pair[1].shape(file)[1])
}

/// Steps of the search for a chain.
const MOST_STEPS: usize = 20_000;

/// An order in which each layer takes what the one before gives, near the order given; that one if none is found.
fn chained(layers: Vec<OutlinedLayer>, file: &TensorFile) -> Vec<OutlinedLayer> {
    let shapes: Vec<[usize; 2]> = layers.iter().map(|layer| layer.shape(file)).collect();
    let (mut chain, mut steps) = (Vec::new(), 0);
    if !extend(&mut chain, &shapes, &mut steps) {
        return layers;
    }
    chain.into_iter().map(|number| layers[number].clone()).collect()
}

/// Extends the chain to all layers, if that is possible; as deep as there are layers, which are matrices of one file.
fn extend(chain: &mut Vec<usize>, shapes: &[[usize; 2]], steps: &mut usize) -> bool {
    if chain.len() == shapes.len() {
        return true;
    }
    for next in 0..shapes.len().min(MOST_LAYERS) {
        *steps += 1;
        if *steps > MOST_STEPS {
            return false;
        }
        let follows = chain.last().is_none_or(|&last| shapes[last][0] == shapes[next][1]);
        if follows && !chain.contains(&next) {
            chain.push(next);
            if extend(chain, shapes, steps) {
                return true;
            }
            chain.pop();
        }
    }
    false
}

/// More layers are not searched.
const MOST_LAYERS: usize = 200;
