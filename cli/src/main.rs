//! The `jetc` command.
fn main() {}
