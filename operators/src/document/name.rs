//! What names are made of: letters, digits and marks of every script, as Unicode defines identifiers (UAX 31, XID).

/// Whether a name can begin with this character.
pub fn begins(character: char) -> bool {
    unicode_ident::is_xid_start(character)
}

/// Whether a name can go on with this character; underscores are among them, the dots of products are not.
pub fn continues(character: char) -> bool {
    unicode_ident::is_xid_continue(character) && !matches!(character, '\u{b7}' | '\u{387}')
}

/// Whether a text is a name.
pub fn is_name(text: &str) -> bool {
    text.starts_with(begins) && text.chars().all(continues)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_underscores_of_any_script() {
        for name in ["u", "x_1", "φ", "ν", "Δu", "é", "e\u{301}", "变量", "ячейка", "x٣"] {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "",
            "_x",
            "1x",
            "x-y",
            "x y",
            "∂u",
            "x²",
            "x₁",
            "u·v",
            "\u{301}",
            "u'",
            "x\u{202e}",
            "x\u{200b}",
            "😀",
        ] {
            assert!(!is_name(other), "{other}");
        }
    }
}
