//! Tests of colour maps.

use crate::picture::colour::Map;
use crate::picture::scene::Colour;

/// L* of CIE 1976 from sRGB (IEC 61966-2-1), 0 to 100.
fn lightness(Colour(channels): Colour) -> f64 {
    let linear = channels.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    if y > (6.0_f64 / 29.0).powi(3) { 116.0 * y.cbrt() - 16.0 } else { y * (29.0_f64 / 3.0).powi(3) }
}

fn lightnesses(map: Map) -> Vec<f64> {
    (0..256).map(|index| lightness(map.at(f64::from(index) / 255.0))).collect()
}

#[test]
fn viridis_and_magma_grow_lighter_all_the_way() {
    for map in [Map::Viridis, Map::Magma] {
        let found = lightnesses(map);
        // A step may vanish in eight bits, but never goes back by more than their rounding.
        assert!(found.windows(2).all(|pair| pair[1] > pair[0] - 0.2), "{map:?}: {found:?}");
        assert!(found.windows(5).all(|part| part[4] > part[0]), "{map:?}: {found:?}");
    }
}

#[test]
fn vik_is_lightest_in_its_middle() {
    let found = lightnesses(Map::Vik);
    assert!(found[..120].windows(5).all(|part| part[4] > part[0]), "{found:?}");
    assert!(found[136..].windows(5).all(|part| part[4] < part[0]), "{found:?}");
    assert!(found[127] > 85.0, "{found:?}");
}
