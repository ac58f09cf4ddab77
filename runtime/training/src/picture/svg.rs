//! The picture as SVG: text stays text, fields are small PNG files inside.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bitmap::Bitmap;
use super::font::FAMILIES;
use super::scene::{Anchor, Colour, DASHES, Picture, Point, Rectangle, Shape, Stroke, Text};

impl Picture {
    /// The picture as a complete SVG document.
    pub fn svg(&self) -> String {
        let [width, height] = [self.width, self.height];
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILIES}\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
        );
        for shape in &self.shapes {
            svg.push_str(&element(shape));
            svg.push('\n');
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn element(shape: &Shape) -> String {
    match shape {
        Shape::Lines { lines, stroke } => lines_element(lines, stroke),
        Shape::Areas { areas, fill } => {
            format!("<path d=\"{}\" fill=\"{}\"/>", path(areas, "Z"), hexadecimal(*fill))
        }
        Shape::Dots { centres, radius, fill } => dots(centres, *radius, *fill),
        Shape::Text(text) => text_element(text),
        Shape::Image { place, bitmap } => image(place, bitmap),
    }
}

fn lines_element(lines: &[Vec<Point>], stroke: &Stroke) -> String {
    let dashes = if stroke.dashed {
        format!(" stroke-dasharray=\"{} {}\"", DASHES[0], DASHES[1])
    } else {
        String::new()
    };
    format!(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dashes}/>",
        path(lines, ""),
        hexadecimal(stroke.colour),
        short(stroke.width),
    )
}

fn path(lines: &[Vec<Point>], end: &str) -> String {
    let mut path = String::new();
    for line in lines {
        for (index, [x, y]) in line.iter().enumerate() {
            path.push(if index == 0 { 'M' } else { 'L' });
            path.push_str(&short(*x));
            path.push(' ');
            path.push_str(&short(*y));
        }
        path.push_str(end);
    }
    path
}

fn dots(centres: &[Point], radius: f64, fill: Colour) -> String {
    let mut group = format!("<g fill=\"{}\">", hexadecimal(fill));
    for &[x, y] in centres {
        // Writing to a string does not fail.
        let _ = write!(group, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"/>", short(x), short(y), short(radius));
    }
    group + "</g>"
}

fn text_element(text: &Text) -> String {
    let [x, y] = text.at.map(short);
    let anchor = match text.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let turned = if text.upwards { format!(" transform=\"rotate(-90 {x} {y})\"") } else { String::new() };
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{}\"{turned}>{}</text>",
        short(text.size),
        hexadecimal(text.colour),
        escaped(&text.letters),
    )
}

/// Cells stay sharp: `optimizeSpeed` is the older word for `pixelated`.
fn image(place: &Rectangle, bitmap: &Bitmap) -> String {
    let Ok(file) = bitmap.png() else { return String::new() };
    format!(
        "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
         image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\" \
         href=\"data:image/png;base64,{}\"/>",
        short(place.left),
        short(place.top),
        short(place.width),
        short(place.height),
        STANDARD.encode(file),
    )
}

fn hexadecimal(Colour([red, green, blue]): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// In hundredths of a pixel.
fn short(length: f64) -> String {
    let text = format!("{length:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text between tags; characters that XML 1.0 forbids are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}
