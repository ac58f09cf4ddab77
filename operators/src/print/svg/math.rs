//! The printed notation as mathematics: `-1/2*x1^2*sigma` is −1/2 x₁² σ, with true indices and exponents.
//!
//! *Widths* are estimates in units of the font size, no less than those of the widest common serif font, so that text
//! stays within its box whatever font the reader has. Checked by `names_become_mathematics`.

use std::fmt::Write;

use super::escape::escaped;

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Roman,
    Italic,
    Index,
    Exponent,
}

/// One line of mathematics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Math(Vec<(Style, String)>);

/// Room for a space and `…`, in units of the font size.
const ELLIPSIS: f64 = 1.5;

/// Size of indices and exponents.
const SMALL: f64 = 0.72;

const GREEK: [(&str, &str); 22] = [
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("iota", "ι"),
];

impl Math {
    /// Text as it is.
    pub(super) fn roman(text: impl Into<String>) -> Self {
        Self(vec![(Style::Roman, text.into())])
    }

    /// Names, numbers, powers, sums and products in the notation of the plan's text.
    pub(super) fn parse(text: &str) -> Self {
        let mut math = Self::default();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                c if c.is_alphabetic() => {
                    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                    math.push_name(&rest[..end], rest[end..].starts_with('('));
                    end
                }
                '^' => {
                    let digits = rest[1..].strip_prefix('-').unwrap_or(&rest[1..]);
                    let end = rest.len() - digits.len()
                        + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
                    math.push(Style::Exponent, &rest[1..end].replace('-', "−"));
                    end
                }
                c => {
                    let mut bytes = [0; 4];
                    math.push(
                        Style::Roman,
                        match c {
                            '*' => math.times(),
                            '-' => "−",
                            c => c.encode_utf8(&mut bytes),
                        },
                    );
                    c.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        math
    }

    /// A name, its last digits as an index.
    fn push_name(&mut self, name: &str, is_called: bool) {
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let greek = GREEK.iter().find(|(word, _)| *word == base.trim_end_matches('_'));
        let is_field = base.chars().count() == 1;
        let style = if is_called && !is_field { Style::Roman } else { Style::Italic };
        self.push(style, greek.map_or(base.trim_end_matches('_'), |(_, letter)| letter));
        self.push(Style::Index, &name[base.len()..]);
    }

    /// The space that stands for a product: a wider one after a number.
    fn times(&self) -> &'static str {
        match self.0.last() {
            Some((Style::Roman, text)) if text.ends_with(|c: char| c.is_ascii_digit()) => " ",
            _ => "\u{2009}",
        }
    }

    /// Appends a piece, to the last one if it is set alike.
    fn push(&mut self, style: Style, text: &str) {
        match self.0.last_mut() {
            Some((last, piece)) if *last == style => piece.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push((style, text.to_owned())),
        }
    }

    /// Both, one after the other.
    pub(super) fn then(mut self, other: Self) -> Self {
        for (style, text) in other.0 {
            self.push(style, &text);
        }
        self
    }

    /// Estimated width at this font size.
    pub(super) fn width(&self, size: f64) -> f64 {
        let piece = |(style, text): &(Style, String)| {
            let scale = if matches!(style, Style::Index | Style::Exponent) { SMALL } else { 1.0 };
            scale * text.chars().map(character_width).sum::<f64>()
        };
        size * self.0.iter().map(piece).sum::<f64>()
    }

    /// The same, cut to a width between two terms and then ending in `…`; a number is never cut.
    pub(super) fn cut(mut self, size: f64, most: f64) -> Self {
        if self.width(size) <= most {
            return self;
        }
        while self.width(size) > most - ELLIPSIS * size {
            let Some((_, text)) = self.0.last_mut() else { break };
            text.pop();
            if text.is_empty() {
                self.0.pop();
            }
        }
        self.drop_broken_term();
        self.push(Style::Roman, "…");
        self
    }

    /// Takes away what follows the last sign; where there is none, the digits at the end.
    fn drop_broken_term(&mut self) {
        let end_of_sign = |text: &str| {
            let ends = [" +", " −", " ="].into_iter().filter_map(|sign| Some(text.rfind(sign)? + sign.len()));
            ends.max()
        };
        let last =
            self.0.iter().rposition(|(style, text)| *style == Style::Roman && end_of_sign(text).is_some());
        if let Some(number) = last {
            self.0.truncate(number + 1);
            let text = &mut self.0[number].1;
            text.truncate(end_of_sign(text).unwrap_or(text.len()));
            text.push(' ');
            return;
        }
        while let Some((_, text)) = self.0.last_mut() {
            let whole = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '/').len();
            text.truncate(whole);
            if whole > 0 {
                break;
            }
            self.0.pop();
        }
    }

    /// The content of a `text` element of this font size.
    pub(super) fn svg(&self, size: f64) -> String {
        let mut svg = String::new();
        let (mut raised, mut skipped) = (0.0, 0.0);
        for (style, text) in &self.0 {
            // Readers drop spaces where a piece begins or ends: these are distances instead.
            let is_space = |c: char| c == ' ' || c == '\u{2009}';
            let trimmed = text.trim_matches(is_space);
            let blank = |part: &str| 0.66 * size * part.chars().map(character_width).sum::<f64>();
            if trimmed.is_empty() {
                skipped += blank(text);
                continue;
            }
            skipped += blank(&text[..text.len() - text.trim_start_matches(is_space).len()]);
            let height = match style {
                Style::Index => 0.22 * size,
                Style::Exponent => -0.38 * size,
                Style::Roman | Style::Italic => 0.0,
            };
            let mut attributes = String::new();
            for (name, distance) in [("dx", skipped), ("dy", height - raised)] {
                if distance != 0.0 {
                    write!(attributes, " {name}=\"{distance:.1}\"")
                        .expect("writing to a string does not fail");
                }
            }
            (raised, skipped) = (height, blank(&text[text.trim_end_matches(is_space).len()..]));
            match style {
                Style::Italic => attributes.push_str(" font-style=\"italic\""),
                Style::Index | Style::Exponent => {
                    write!(attributes, " font-size=\"{:.1}\"", SMALL * size)
                        .expect("writing to a string does not fail");
                }
                Style::Roman => {}
            }
            if attributes.is_empty() {
                svg.push_str(&escaped(trimmed));
            } else {
                write!(svg, "<tspan{attributes}>{}</tspan>", escaped(trimmed))
                    .expect("writing to a string does not fail");
            }
        }
        svg
    }
}

/// In units of the font size, for the widest usual serif.
fn character_width(c: char) -> f64 {
    match c {
        '\u{2009}' => 0.25,
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l' | 'I' | '(' | ')' | '/' => 0.41,
        'f' | 't' | 'r' | 's' | '-' => 0.53,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.04,
        '+' | '−' | '=' | '<' | '>' | '×' => 0.86,
        c if c.is_ascii_uppercase() => 0.82,
        c if c.is_ascii() => 0.66,
        c if ('\u{370}'..'\u{400}').contains(&c) => 0.75,
        _ => 1.05,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_mathematics() {
        let pieces = |text: &str| Math::parse(text).0.into_iter().collect::<Vec<_>>();
        let piece = |style, text: &str| (style, text.to_owned());
        assert_eq!(
            pieces("x12^3*y"),
            [
                piece(Style::Italic, "x"),
                piece(Style::Index, "12"),
                piece(Style::Exponent, "3"),
                piece(Style::Roman, "\u{2009}"),
                piece(Style::Italic, "y"),
            ]
        );
        assert_eq!(
            pieces("-sigma1"),
            [piece(Style::Roman, "−"), piece(Style::Italic, "σ"), piece(Style::Index, "1")]
        );
        assert_eq!(pieces("sin(n)^-2")[0], piece(Style::Roman, "sin("));
        assert_eq!(pieces("n^-2")[1], piece(Style::Exponent, "−2"));
    }

    #[test]
    fn exponents_return_to_the_line() {
        assert_eq!(
            Math::parse("x^2+y").svg(10.0),
            "<tspan font-style=\"italic\">x</tspan><tspan dy=\"-3.8\" font-size=\"7.2\">2</tspan>\
             <tspan dy=\"3.8\">+</tspan><tspan font-style=\"italic\">y</tspan>"
        );
    }

    #[test]
    fn long_text_is_cut_to_its_width() {
        let long = Math::parse(&"x1^2 + ".repeat(100));
        assert!(long.width(12.0) > 1000.0);
        assert!(long.cut(12.0, 90.0).width(12.0) <= 90.0);
        assert_eq!(Math::parse("x").cut(12.0, 90.0), Math::parse("x"));
    }

    #[test]
    fn text_is_cut_between_terms_and_never_inside_a_number() {
        let cut = |text: &str, most| {
            Math::parse(text).cut(12.0, most).0.into_iter().map(|(_, text)| text).collect::<String>()
        };
        for most in 50..200 {
            let shown = cut("1234*x1^10 - 5678*x2^10 + 91011*x3^10", f64::from(most));
            let whole =
                ["…", "1234 …", "1234 x…", "1234 x110 …", "1234 x110 − …", "1234 x110 − 5678 x210 + …"];
            assert!(whole.contains(&shown.as_str()), "{shown}");
        }
        assert_eq!(cut("r0 = 123456789123456789/7*x", 100.0), "r0 = …");
        assert_eq!(cut("123456789123456789/7", 60.0), "…");
    }
}
