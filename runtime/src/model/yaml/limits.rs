//! How large a model may be; every message about a limit states it.

/// Most inputs.
pub(super) const INPUTS: u64 = 1_000_000;

/// Most features that come out of a layer.
pub(super) const FEATURES: usize = 1 << 20;

/// Most harmonics of a periodic embedding.
pub(super) const HARMONICS: u64 = 10_000;

/// Tensors may be read again and again, until they are this many numbers in all …
pub(super) const NUMBERS: u64 = 1 << 24;

/// … or this many times as many as the files hold.
pub(super) const REPETITIONS: u64 = 16;

/// Most numbers of a list in the file itself.
pub(super) const LISTED: usize = 1 << 20;
