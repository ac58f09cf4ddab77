//! The picture as PNG: the same shapes drawn by tiny-skia, text by its outlines.

use thiserror::Error;
use tiny_skia::{
    Color, FillRule, FilterQuality, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PixmapPaint,
    PremultipliedColorU8, StrokeDash, Transform,
};
use ttf_parser::OutlineBuilder;

use super::bitmap::Bitmap;
use super::font;
use super::scene::{Anchor, Colour, DASHES, Picture, Point, Rectangle, Shape, Stroke, Text};

/// Why no PNG could be made.
#[derive(Debug, Error)]
pub enum PngError {
    /// It would have no pixel, or too many of them.
    #[error("a picture of {width} × {height} pixels cannot be drawn")]
    Size {
        /// Pixels in a row.
        width: f64,
        /// Pixels in a column.
        height: f64,
    },
    /// The file could not be written.
    #[error("the PNG could not be written: {0}")]
    Encoding(#[from] png::EncodingError),
}

/// No more pixels than this along a side.
const LONGEST: f64 = 20_000.0;

impl Picture {
    /// The bytes of a PNG file, `scale` pixels for each of the picture's.
    ///
    /// # Errors
    ///
    /// [`PngError::Size`] where a side would be shorter than a pixel or longer than 20 000.
    pub fn png(&self, scale: f64) -> Result<Vec<u8>, PngError> {
        let [width, height] = self.size().map(|side| (side * scale).round());
        let refused = PngError::Size { width, height };
        if ![width, height].iter().all(|side| (1.0..=LONGEST).contains(side)) {
            return Err(refused);
        }
        let mut sheet = Pixmap::new(width as u32, height as u32).ok_or(refused)?;
        sheet.fill(Color::WHITE);
        let transform = Transform::from_scale(scale as f32, scale as f32);
        for shape in &self.shapes {
            draw(shape, &mut sheet, transform);
        }
        encoded(&sheet)
    }
}

/// Every pixel is opaque, since the sheet is.
fn encoded(sheet: &Pixmap) -> Result<Vec<u8>, PngError> {
    let pixels: Vec<u8> =
        sheet.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, sheet.width(), sheet.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}

fn draw(shape: &Shape, sheet: &mut Pixmap, transform: Transform) {
    match shape {
        Shape::Lines { lines, stroke } => draw_lines(lines, stroke, sheet, transform),
        Shape::Areas { areas, fill } => draw_path(path(areas, true), *fill, sheet, transform),
        Shape::Dots { centres, radius, fill } => {
            let mut pen = PathBuilder::new();
            for [x, y] in centres {
                pen.push_circle(*x as f32, *y as f32, *radius as f32);
            }
            draw_path(pen.finish(), *fill, sheet, transform);
        }
        Shape::Text(text) => draw_text(text, sheet, transform),
        Shape::Image { place, bitmap } => draw_image(place, bitmap, sheet, transform),
    }
}

fn draw_lines(lines: &[Vec<Point>], stroke: &Stroke, sheet: &mut Pixmap, transform: Transform) {
    let Some(path) = path(lines, false) else { return };
    let dash = stroke.dashed.then(|| StrokeDash::new(DASHES.map(|dash| dash as f32).to_vec(), 0.0)).flatten();
    let style = tiny_skia::Stroke {
        width: stroke.width as f32,
        line_cap: LineCap::Butt,
        line_join: LineJoin::Round,
        dash,
        ..tiny_skia::Stroke::default()
    };
    sheet.stroke_path(&path, &paint(stroke.colour), &style, transform, None);
}

fn draw_path(path: Option<Path>, fill: Colour, sheet: &mut Pixmap, transform: Transform) {
    if let Some(path) = path {
        sheet.fill_path(&path, &paint(fill), FillRule::Winding, transform, None);
    }
}

fn draw_text(text: &Text, sheet: &mut Pixmap, transform: Transform) {
    let mut pen = Pen(PathBuilder::new());
    font::outline(&text.letters, text.size, &mut pen);
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => 0.5,
        Anchor::End => 1.0,
    } * font::width(&text.letters, text.size);
    let [x, y] = text.at.map(|length| length as f32);
    let turned = if text.upwards { Transform::from_rotate(-90.0) } else { Transform::identity() };
    let placed = transform
        .pre_translate(x, y)
        .pre_concat(turned)
        .pre_translate(-before as f32, 0.0)
        .pre_scale(1.0, -1.0);
    draw_path(pen.0.finish(), text.colour, sheet, placed);
}

fn draw_image(place: &Rectangle, bitmap: &Bitmap, sheet: &mut Pixmap, transform: Transform) {
    let Some(mut cells) = Pixmap::new(bitmap.columns, bitmap.rows()) else { return };
    for (pixel, &cell) in cells.pixels_mut().iter_mut().zip(&bitmap.cells) {
        if let Some(Colour([red, green, blue])) = bitmap.colour(cell) {
            *pixel = PremultipliedColorU8::from_rgba(red, green, blue, u8::MAX).unwrap_or(*pixel);
        }
    }
    let placed = transform
        .pre_translate(place.left as f32, place.top as f32)
        .pre_scale(place.width as f32 / bitmap.columns as f32, place.height as f32 / bitmap.rows() as f32);
    let paint = PixmapPaint { quality: FilterQuality::Nearest, ..PixmapPaint::default() };
    sheet.draw_pixmap(0, 0, cells.as_ref(), &paint, placed, None);
}

fn path(lines: &[Vec<Point>], closed: bool) -> Option<Path> {
    let mut pen = PathBuilder::new();
    for line in lines {
        for (index, [x, y]) in line.iter().enumerate() {
            let [x, y] = [*x as f32, *y as f32];
            if index == 0 { pen.move_to(x, y) } else { pen.line_to(x, y) }
        }
        if closed {
            pen.close();
        }
    }
    pen.finish()
}

fn paint(Colour([red, green, blue]): Colour) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, u8::MAX);
    paint
}

/// tiny-skia's paths, as the font draws them.
struct Pen(PathBuilder);

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
