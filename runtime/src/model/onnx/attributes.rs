//! The attributes of a node by name.

use super::NodeProblem;
use super::proto::{Attribute, TensorProto};

/// The types of attributes by ONNX's numbers. Some writers leave zeros away; the type says that there is one.
const FLOAT: i32 = 1;
const INT: i32 = 2;

/// Numbers that people write have no more digits than this.
const WRITTEN_DIGITS: usize = 6;

/// The number that an attribute stands for. Attributes are rounded to single precision, networks in double precision are
/// not: where a short decimal such as 1e-5 rounds to the attribute, it is what was meant.
fn meant(attribute: f32) -> f64 {
    let decimal = format!("{attribute:e}");
    let digits = decimal.chars().take_while(|&c| c != 'e').filter(char::is_ascii_digit).count();
    let written = (digits <= WRITTEN_DIGITS).then(|| decimal.parse().ok()).flatten();
    written.unwrap_or_else(|| f64::from(attribute))
}

/// The attributes of one node, with those of the surrounding call put in place.
#[derive(Debug, Clone)]
pub(super) struct Attributes<'a>(Vec<(&'a str, &'a Attribute)>);

type Result<T> = std::result::Result<T, NodeProblem>;

impl<'a> Attributes<'a> {
    /// Those of a node outside of any function.
    pub(super) const NONE: Self = Self(Vec::new());

    /// Those of a node in the body of a function that was called with `outer`.
    pub(super) fn new(own: &'a [Attribute], outer: &Attributes<'a>) -> Self {
        let resolved = own.iter().filter_map(|attribute| {
            let meant = match attribute.reference.as_str() {
                "" => attribute,
                reference => outer.get(reference)?,
            };
            Some((attribute.name.as_str(), meant))
        });
        Self(resolved.collect())
    }

    /// The same, with defaults for those that are missing.
    pub(super) fn with_defaults(mut self, defaults: &'a [Attribute]) -> Self {
        for default in defaults {
            if self.get(&default.name).is_none() {
                self.0.push((&default.name, default));
            }
        }
        self
    }

    fn get(&self, name: &str) -> Option<&'a Attribute> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, attribute)| *attribute)
    }

    pub(super) fn int(&self, name: &'static str) -> Result<Option<i64>> {
        self.read(name, "a whole number", |attribute| attribute.int.or((attribute.kind == INT).then_some(0)))
    }

    pub(super) fn int_or(&self, name: &'static str, default: i64) -> Result<i64> {
        Ok(self.int(name)?.unwrap_or(default))
    }

    /// Whether a flag is set.
    pub(super) fn flag(&self, name: &'static str, default: bool) -> Result<bool> {
        Ok(self.int(name)?.map_or(default, |flag| flag != 0))
    }

    pub(super) fn float(&self, name: &'static str) -> Result<Option<f64>> {
        self.read(name, "a finite number", |attribute| {
            attribute
                .float
                .or((attribute.kind == FLOAT).then_some(0.0))
                .map(meant)
                .filter(|value| value.is_finite())
        })
    }

    pub(super) fn float_or(&self, name: &'static str, default: f64) -> Result<f64> {
        Ok(self.float(name)?.unwrap_or(default))
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>> {
        self.read(name, "text", |attribute| {
            attribute.text.as_ref().map(|text| String::from_utf8_lossy(text).into_owned())
        })
    }

    pub(super) fn ints(&self, name: &'static str) -> Option<&'a [i64]> {
        self.get(name).map(|attribute| &attribute.ints[..])
    }

    pub(super) fn floats(&self, name: &'static str) -> Option<&'a [f32]> {
        self.get(name).map(|attribute| &attribute.floats[..])
    }

    pub(super) fn tensor(&self, name: &'static str) -> Result<Option<&'a TensorProto>> {
        self.read(name, "a tensor", |attribute| attribute.tensor.as_ref())
    }

    fn read<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        field: impl Fn(&'a Attribute) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(attribute) = self.get(name) else { return Ok(None) };
        field(attribute).map(Some).ok_or(NodeProblem::AttributeKind { name, expected })
    }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn short_decimals_are_taken_for_what_was_written() {
        let bits = |number: f64| number.to_bits();
        for written in [1e-5, 0.044_715, -0.01, 0.5] {
            #[allow(clippy::cast_possible_truncation, reason = "ONNX rounds to single precision")]
            let rounded = written as f32;
            assert_eq!(bits(meant(rounded)), bits(written));
        }
        // 2⁻¹⁷ and 1/3 are no short decimals.
        assert_eq!(bits(meant(7.629_394_5e-6)), bits(2f64.powi(-17)));
        assert_eq!(bits(meant(1.0 / 3.0)), bits(f64::from(1f32 / 3.0)));
    }
}
