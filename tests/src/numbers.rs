//! Pseudo-random numbers from a counter: the same on every machine.

/// Numbers in (−1, 1) that depend on the seed alone (xorshift64).
pub fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
        let unit = (state >> 11) as f64 / (1u64 << 53) as f64;
        2.0 * unit - 1.0
    }
}

/// `count` points of `dimension` coordinates each, row by row.
pub fn points(count: usize, dimension: usize, seed: u64) -> Vec<f64> {
    let mut next = numbers(seed ^ 0xabcd);
    (0..count * dimension).map(|_| next()).collect()
}
