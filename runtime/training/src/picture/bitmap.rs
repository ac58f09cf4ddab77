//! A small image of at most 255 colours and of nothing: the cells of a field, as a PNG with a palette.
//!
//! Source of the format: *Portable Network Graphics (PNG) Specification*, third edition, colour type 3 with a tRNS chunk.

use super::scene::Colour;

/// Cells by row from the top, each the number of a colour, or [`Bitmap::NOTHING`].
#[derive(Clone, Debug)]
pub(super) struct Bitmap {
    pub(super) columns: u32,
    pub(super) cells: Vec<u8>,
    pub(super) palette: Vec<Colour>,
}

impl Bitmap {
    /// The cell shows what is behind it.
    pub(super) const NOTHING: u8 = u8::MAX;

    pub(super) fn rows(&self) -> u32 {
        self.cells.len() as u32 / self.columns.max(1)
    }

    pub(super) fn colour(&self, cell: u8) -> Option<Colour> {
        (cell != Self::NOTHING).then(|| self.palette.get(usize::from(cell)).copied()).flatten()
    }

    /// The bytes of a PNG file.
    pub(super) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut palette: Vec<u8> = self.palette.iter().flat_map(|colour| colour.0).collect();
        palette.resize(3 * 256, u8::MAX);
        let mut opacity = [u8::MAX; 256];
        opacity[usize::from(Self::NOTHING)] = 0;
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.columns, self.rows());
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.set_palette(palette);
        encoder.set_trns(&opacity[..]);
        encoder.write_header()?.write_image_data(&self.cells)?;
        Ok(file)
    }
}
