//! Numbers as short as an axis can have them: 0.25, −3, 2×10⁻⁷.
//!
//! Checked by `numbers_on_axes_are_short`.

/// A number beside a tick is left as it is between 10⁻³ and 10⁵; else a power of ten goes to the name of the axis.
const PLAIN: std::ops::RangeInclusive<i32> = -3..=4;

/// The decimal exponent e of x = m × 10ᵉ with 1 ≤ m < 10; 0 for zero.
pub(super) fn exponent(x: f64) -> i32 {
    if x == 0.0 || !x.is_finite() {
        return 0;
    }
    // Rust writes every number with its shortest digits, so the exponent is exact where a logarithm would not be.
    format!("{:e}", x.abs()).split_once('e').and_then(|(_, digits)| digits.parse().ok()).unwrap_or(0)
}

/// 10ᵉ in superscript digits.
pub(super) fn power_of_ten(exponent: i32) -> String {
    let digits = exponent.to_string();
    let raised = digits.chars().map(|digit| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => digit.to_digit(10).and_then(|digit| char::from_u32('⁰' as u32 + digit)).unwrap_or('⁰'),
    });
    "10".chars().chain(raised).collect()
}

/// A number of few digits by itself, as in a legend.
pub(super) fn short(x: f64) -> String {
    let exponent = exponent(x);
    if x == 0.0 || PLAIN.contains(&exponent) {
        return trimmed(&fixed(x, usize::try_from(3 - exponent).unwrap_or(0)));
    }
    // Rounded first, since 9.999 is 10.
    let rounded = format!("{x:.2e}");
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let power = power_of_ten(exponent.parse().unwrap_or(0));
    match trimmed(mantissa).replace('-', "−").as_str() {
        "1" => power,
        "−1" => format!("−{power}"),
        mantissa => format!("{mantissa}×{power}"),
    }
}

/// 10ᵉ, correctly rounded, as a product of tens is not.
pub(super) fn ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::INFINITY)
}

/// Labels of evenly spaced ticks, with the factor that all of them are multiplied by.
pub(super) fn labels(ticks: &[f64], step: f64) -> (Vec<String>, Option<String>) {
    let largest = ticks.iter().fold(0.0, |largest: f64, tick| largest.max(tick.abs()));
    let shift = exponent(largest);
    let shift = if PLAIN.contains(&shift) { 0 } else { shift };
    let halved = trimmed(&fixed(scaled(step, exponent(step)), 3)).len() > 1;
    let decimals = usize::try_from(shift - exponent(step) + i32::from(halved)).unwrap_or(0);
    let labels = ticks.iter().map(|tick| fixed(scaled(*tick, shift), decimals)).collect();
    (labels, (shift != 0).then(|| power_of_ten(shift)))
}

/// x / 10ᵉ, where neither power overflows.
fn scaled(x: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    x / ten(half) / ten(exponent - half)
}

/// So many decimals, with a real minus.
fn fixed(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let zero = text.bytes().all(|digit| matches!(digit, b'-' | b'0' | b'.'));
    if zero { text.replace('-', "") } else { text.replace('-', "−") }
}

fn trimmed(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}
