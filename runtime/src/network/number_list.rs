//! The numbers of an operation, with where they come from.

use std::ops::Deref;

/// The numbers of an operation, one after another: the entries of a weight, a bias, factors.
///
/// They may be derived from the parameters of the network: then they stand in this order in the vector of derived
/// numbers, from `origin` on. Numbers without an origin are constants.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberList<S> {
    values: Vec<S>,
    origin: Option<usize>,
}

impl<S> NumberList<S> {
    /// Numbers that stand among the derived numbers from `origin` on.
    pub(crate) fn derived(values: Vec<S>, origin: usize) -> Self {
        Self { values, origin: Some(origin) }
    }

    /// The same numbers from another place; constants without one.
    pub(crate) fn with_origin(self, origin: Option<usize>) -> Self {
        Self { origin, ..self }
    }

    /// The position of the first among the derived numbers of the network; nothing of constants.
    pub fn origin(&self) -> Option<usize> {
        self.origin
    }

    /// The numbers alone.
    pub fn into_vec(self) -> Vec<S> {
        self.values
    }

    /// The same numbers, each converted.
    pub fn map<T>(&self, convert: impl Fn(&S) -> T) -> NumberList<T> {
        NumberList { values: self.values.iter().map(convert).collect(), origin: self.origin }
    }
}

impl<S: Clone> NumberList<S> {
    /// Takes its numbers out of other derived numbers, if it has an origin.
    pub(crate) fn refill(&mut self, derived: &[S]) {
        if let Some(origin) = self.origin {
            let length = self.values.len();
            self.values.clone_from_slice(&derived[origin..][..length]);
        }
    }
}

impl<S> Deref for NumberList<S> {
    type Target = [S];

    fn deref(&self) -> &[S] {
        &self.values
    }
}

impl<S> From<Vec<S>> for NumberList<S> {
    fn from(values: Vec<S>) -> Self {
        Self { values, origin: None }
    }
}

impl<S> FromIterator<S> for NumberList<S> {
    fn from_iter<I: IntoIterator<Item = S>>(values: I) -> Self {
        Vec::from_iter(values).into()
    }
}
