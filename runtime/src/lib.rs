//! Networks and numbers.
