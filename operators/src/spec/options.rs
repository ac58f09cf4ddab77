//! What a user chooses apart from the file.

/// Choices that an operator file leaves open.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The number of coordinates of space, for files that count them: `{space: {x: 3}}`.
    pub dimension: Option<u64>,
}
