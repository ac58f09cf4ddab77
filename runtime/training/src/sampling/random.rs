//! Random numbers of a counter: Philox4x32-10.
//!
//! A block of four words is a keyed permutation of a counter: ten rounds of two 32 × 32-bit products. Every draw is a
//! function of key and position, the same on all machines, and draws of different streams never overlap.
//!
//! | notation | here |
//! |---|---|
//! | key (k₀, k₁) | the seed |
//! | counter (c₀, c₁, c₂, c₃) | block number, purpose, stream |
//!
//! *Source:* J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011,
//! <https://doi.org/10.1145/2063384.2063405>, section 3.3 and table 2. Checked by
//! `philox_gives_the_published_known_answers` (the vectors of the authors' Random123 library).

use super::number::unit;

/// What draws are for: each use of one seed and stream has draws of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Uniform = 1,
    LatinHypercube = 2,
    Scrambling = 3,
    Selection = 4,
}

/// A sequence of random words.
#[derive(Debug, Clone)]
pub(super) struct Generator {
    key: [u32; 2],
    counter: [u32; 4],
    words: [u32; 4],
    used: usize,
}

impl Generator {
    /// The sequence of a seed, a stream and a purpose.
    pub(super) fn new(seed: u64, stream: u64, purpose: Purpose) -> Self {
        let ([key_low, key_high], [stream_low, stream_high]) = (halves(seed), halves(stream));
        let counter = [0, purpose as u32, stream_low, stream_high];
        Self { key: [key_low, key_high], counter, words: [0; 4], used: 4 }
    }

    /// The next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        if self.used == 4 {
            self.words = philox(self.counter, self.key);
            self.used = 0;
            self.advance();
        }
        let (low, high) = (self.words[self.used], self.words[self.used + 1]);
        self.used += 2;
        u64::from(high) << 32 | u64::from(low)
    }

    /// The next number of \[0, 1), a multiple of 2⁻⁵³.
    pub(super) fn number(&mut self) -> f64 {
        unit(self.bits())
    }

    /// The next integer below `bound`, all equally likely: the upper word of bits × bound, drawn again in the few cases
    /// that would favour some (D. Lemire, <https://doi.org/10.1145/3230636>, algorithm 5).
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        let unfair = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            let low = u64::try_from(product & u128::from(u64::MAX)).expect("64 bits");
            if low >= unfair {
                return usize::try_from(product >> 64).expect("below a usize");
            }
        }
    }

    /// The next block: its number has 32 bits, and eight upper bits beside the purpose.
    fn advance(&mut self) {
        let (low, carried) = self.counter[0].overflowing_add(1);
        self.counter[0] = low;
        if carried {
            self.counter[1] = self.counter[1].wrapping_add(1 << 8);
        }
    }
}

/// The lower and the upper half of a word.
fn halves(word: u64) -> [u32; 2] {
    let bytes = word.to_le_bytes();
    let half = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    [half(0), half(4)]
}

/// Ten rounds of the bijection, with the key raised by Weyl constants after each.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [low_0, high_0] = halves(u64::from(counter[0]) * 0xD251_1F53);
        let [low_1, high_1] = halves(u64::from(counter[2]) * 0xCD9E_8D57);
        counter = [high_1 ^ counter[1] ^ key[0], low_1, high_0 ^ counter[3] ^ key[1], low_0];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_known_answers() {
        let zeros = philox([0; 4], [0; 2]);
        assert_eq!(zeros, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = philox([u32::MAX; 4], [u32::MAX; 2]);
        assert_eq!(ones, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let digits_of_pi =
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(digits_of_pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn integers_below_a_bound_are_all_drawn_about_equally_often() {
        let mut generator = Generator::new(7, 0, Purpose::Uniform);
        let mut drawn = [0_i32; 6];
        for _ in 0..60_000 {
            drawn[generator.below(6)] += 1;
        }
        // Binomial of mean 10 000: its deviation is 91, and six of it are never met.
        assert!(drawn.iter().all(|times| (times - 10_000).abs() < 550), "{drawn:?}");
    }

    #[test]
    fn seeds_streams_and_purposes_give_different_draws() {
        let first = |seed, stream, purpose| Generator::new(seed, stream, purpose).bits();
        let draws = [
            first(0, 0, Purpose::Uniform),
            first(1, 0, Purpose::Uniform),
            first(0, 1, Purpose::Uniform),
            first(1 << 32, 0, Purpose::Uniform),
            first(0, 1 << 32, Purpose::Uniform),
            first(0, 0, Purpose::Scrambling),
        ];
        for (i, draw) in draws.iter().enumerate() {
            assert!(!draws[..i].contains(draw));
        }
    }
}
