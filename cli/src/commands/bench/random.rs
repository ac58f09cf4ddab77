//! Numbers without pattern, the same in every run.
//!
//! SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014), of which the upper 53
//! bits make a number in [−1, 1).

/// The numbers of one seed, uniform in [−1, 1).
pub(super) fn uniform(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let unit = ((mixed ^ (mixed >> 31)) >> 11) as f64 * 2f64.powi(-53);
        2.0 * unit - 1.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_from_the_seed_and_fill_the_interval() {
        let first: Vec<f64> = uniform(7).take(1000).collect();
        assert!(uniform(7).take(1000).eq(first.iter().copied()));
        assert_ne!(uniform(8).next(), uniform(7).next());
        assert!(first.iter().all(|x| (-1.0..1.0).contains(x)));
        let mean = first.iter().sum::<f64>() / 1000.0;
        // Five standard deviations: 5 / √(3 · 1000).
        assert!(mean.abs() < 0.1, "{mean}");
    }
}
