//! Colour maps, perceptually uniform: equal steps of a value are equal steps of lightness.
//!
//! | map | for | source and licence |
//! |---|---|---|
//! | viridis, magma | values; errors | S. van der Walt, N. Smith, *A better default colormap for matplotlib* (2015), CC0 |
//! | vik | values of both signs, white at zero | F. Crameri, *Scientific colour maps*, doi:10.5281/zenodo.1243862, MIT (`colours/LICENSE`) |
//!
//! Each table has 256 colours in hexadecimal, the lowest value first.
//!
//! Checked by `viridis_and_magma_grow_lighter_all_the_way` and `vik_is_lightest_in_its_middle`.

use super::scene::Colour;

/// What a field's colours should show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Values from the least to the greatest, viridis.
    #[default]
    Values,
    /// Values of both signs, vik, with zero in the middle; as [`Colours::Values`] where there is one sign alone.
    Signed,
    /// Absolute values on a logarithmic scale of at most six decades, magma.
    Errors,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Map {
    Viridis,
    Magma,
    Vik,
}

impl Map {
    /// The colours, the lowest value first; as many as a [`Bitmap`](super::bitmap::Bitmap) can have.
    pub(super) fn palette(self) -> Vec<Colour> {
        (0..COLOURS).map(|index| self.at(f64::from(index) / f64::from(COLOURS - 1))).collect()
    }

    /// The colour of a place between 0 and 1.
    pub(super) fn at(self, place: f64) -> Colour {
        let table = self.table();
        let digits = |index: usize| table.split_ascii_whitespace().nth(index).unwrap_or_default();
        let colour = u32::from_str_radix(digits((place.clamp(0.0, 1.0) * 255.0).round() as usize), 16);
        let [_, red, green, blue] = colour.unwrap_or_default().to_be_bytes();
        Colour([red, green, blue])
    }

    fn table(self) -> &'static str {
        match self {
            Self::Viridis => include_str!("colours/viridis.hex"),
            Self::Magma => include_str!("colours/magma.hex"),
            Self::Vik => include_str!("colours/vik.hex"),
        }
    }
}

/// How many colours a palette has.
pub(super) const COLOURS: u8 = 255;

/// Colours of lines that are told apart by all: M. Okabe, K. Ito, *Color Universal Design* (2008); yellow, which is faint
/// on white, is left out.
pub(super) const LINES: [Colour; 8] = [
    Colour([0x00, 0x72, 0xb2]),
    Colour([0xd5, 0x5e, 0x00]),
    Colour([0x00, 0x9e, 0x73]),
    Colour([0xcc, 0x79, 0xa7]),
    Colour([0xe6, 0x9f, 0x00]),
    Colour([0x56, 0xb4, 0xe9]),
    Colour([0x7a, 0x51, 0x95]),
    Colour([0x7f, 0x7f, 0x7f]),
];
