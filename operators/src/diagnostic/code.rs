//! The stable names of mistakes.

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal,)*) => {
        /// What kind of mistake a diagnostic reports. The names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the stages that report them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name that messages show.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

codes! {
    /// The bytes are not UTF-8 text.
    InvalidUtf8 = "invalid-utf8",
    /// The file is larger than the limit.
    FileTooLarge = "file-too-large",
    /// The text is not YAML.
    YamlSyntax = "yaml-syntax",
    /// A tab where YAML wants spaces.
    Tab = "tab",
    /// More nodes, deeper nesting or more aliases than the limits allow.
    YamlLimit = "yaml-limit",
    /// A key stands twice in one mapping.
    DuplicateKey = "duplicate-key",
    /// A key that means nothing here.
    UnknownKey = "unknown-key",
    /// A required key is not there.
    MissingKey = "missing-key",
    /// A value of another kind was expected.
    WrongKind = "wrong-kind",
    /// A value that is none of those allowed.
    InvalidValue = "invalid-value",
    /// Not a name.
    InvalidName = "invalid-name",
    /// Not a number.
    InvalidNumber = "invalid-number",
    /// A number with more digits, or farther from one, than the limits allow.
    NumberTooLarge = "number-too-large",
    /// One name for two things.
    NameClash = "name-clash",
    /// More coordinates, directions, terms or orders than the limits allow.
    TooLarge = "too-large",
    /// An expression that cannot be read.
    ExpressionSyntax = "expression-syntax",
    /// An expression that is too long, too deeply nested, or that grows too much.
    ExpressionTooLarge = "expression-too-large",
    /// A name that is not declared.
    UnknownName = "unknown-name",
    /// A function that does not exist.
    UnknownFunction = "unknown-function",
    /// A function with too few, too many, or unsuitable arguments.
    WrongArguments = "wrong-arguments",
    /// A subscript that is not made of coordinates.
    UnknownCoordinate = "unknown-coordinate",
    /// A subscript that can be read in two ways.
    AmbiguousSubscript = "ambiguous-subscript",
    /// Definitions that need each other.
    CircularDefinition = "circular-definition",
    /// Division by zero, or another constant that does not exist.
    Undefined = "undefined",
    /// A vector where a number is needed, or shapes that do not fit.
    ShapeMismatch = "shape-mismatch",
    /// A stated `K` or `R` that is not what the operator has.
    StatedCountDiffers = "stated-count-differs",
    /// A matrix file that could not be read.
    MatrixFile = "matrix-file",
    /// A tensor that is in no file of weights.
    UnknownTensor = "unknown-tensor",
    /// More mistakes than are shown.
    TooManyMistakes = "too-many-mistakes",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_in_kebab_case() {
        for (index, code) in Code::ALL.iter().enumerate() {
            assert!(code.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(Code::ALL[..index].iter().all(|other| other.name() != code.name()));
        }
    }
}
