//! Plans as they are printed, read by a stranger: the proof is checked again from the JSON, with arithmetic of its own.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod least;
mod printed;
mod proof;
mod text;

/// Every built-in operator with every concrete strategy.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let strategies = ["standard", "collapsed", "minimal"];
    jetc_operators::builtin::ALL
        .iter()
        .flat_map(move |builtin| strategies.map(|strategy| (builtin.name, strategy)))
}
