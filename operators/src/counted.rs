//! Numbers with what they count, for messages. Checked by `one_is_singular`.

use std::fmt::Display;

/// `1 point`, `2 points`, `3 entries`, `0 axes`.
///
/// ```
/// use jetc_operators::counted;
///
/// assert_eq!(counted(1, "column"), "1 column");
/// assert_eq!(counted(3, "entry"), "3 entries");
/// ```
pub fn counted(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    if count == "1" {
        return format!("1 {noun}");
    }
    let (stem, ending) = match noun {
        _ if noun.ends_with("xis") => (&noun[..noun.len() - 2], "es"),
        _ if noun.ends_with("rix") => (&noun[..noun.len() - 1], "ces"),
        _ if noun.ends_with('y') => (&noun[..noun.len() - 1], "ies"),
        _ => (noun, "s"),
    };
    format!("{count} {stem}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        for (noun, many) in [
            ("point", "points"),
            ("entry", "entries"),
            ("axis", "axes"),
            ("matrix", "matrices"),
            ("byte", "bytes"),
        ] {
            assert_eq!(counted(1u64, noun), format!("1 {noun}"));
            assert_eq!(counted(0u64, noun), format!("0 {many}"));
            assert_eq!(counted(2u64, noun), format!("2 {many}"));
        }
    }
}
