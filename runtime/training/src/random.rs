//! Random numbers: the same on every machine.
//!
//! SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a counter, mixed; normal numbers by Box and Muller.

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of a seed; streams of one seed are independent.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(mixed(seed).wrapping_add(mixed(stream ^ 0x5851_f42d_4c95_7f2d)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// Uniform in \[0, 1).
    #[allow(clippy::cast_precision_loss, reason = "53 bits")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform between two numbers.
    pub(crate) fn between(&mut self, lower: f64, upper: f64) -> f64 {
        lower + (upper - lower) * self.unit()
    }

    /// Of mean 0 and variance 1.
    pub(crate) fn normal(&mut self) -> f64 {
        let (radius, angle) = ((1.0 - self.unit()).ln(), std::f64::consts::TAU * self.unit());
        (-2.0 * radius).sqrt() * angle.cos()
    }
}

fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
