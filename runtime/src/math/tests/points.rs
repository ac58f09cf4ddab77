//! Where the functions are tested.

use crate::math::Real;

/// A type with points to test at.
pub(super) trait Points: Real {
    /// Numbers of all sizes and both signs, and special ones.
    fn points() -> Vec<Self>;
}

/// Multiples of constants at which range reductions change, and ends of the range of some function.
fn special() -> Vec<f64> {
    let mut values = vec![0.0, f64::INFINITY, f64::NAN, 1.0, 0.5, 2.0];
    for n in 1..100 {
        let n = f64::from(n);
        values.extend([core::f64::consts::LN_2, core::f64::consts::FRAC_PI_4, 0.25, 7.5].map(|c| c * n));
    }
    values
}

fn with_neighbours<T: Real>(values: Vec<T>, up: fn(T) -> T, down: fn(T) -> T) -> Vec<T> {
    values.into_iter().flat_map(|x| [x, -x, up(x), -up(x), down(x), -down(x)]).collect()
}

impl Points for f32 {
    /// Every 12 007th bit pattern (every 1499th in release).
    fn points() -> Vec<f32> {
        let step = if cfg!(debug_assertions) { 12_007 } else { 1_499 };
        let mut points: Vec<f32> = (0..=u32::MAX).step_by(step).map(f32::from_bits).collect();
        let mut special: Vec<f32> = special().into_iter().map(f32::from_f64).collect();
        special.extend([f32::MIN_POSITIVE, f32::MAX, f32::from_bits(1)]);
        points.extend(with_neighbours(special, f32::next_up, f32::next_down));
        points
    }
}

impl Points for f64 {
    /// Some numbers at random between each two powers of two, more where the functions are neither flat nor
    /// extreme.
    fn points() -> Vec<f64> {
        let factor = if cfg!(debug_assertions) { 1 } else { 4 };
        let mut points = Vec::new();
        let mut random = Random(1);
        for exponent in 0..0x7ff_u64 {
            let count = if (1000..1034).contains(&exponent) { 500 } else { 3 };
            for _ in 0..count * factor {
                let bits = random.next();
                points.push(f64::from_bits(bits >> 12 | exponent << 52 | bits << 63));
            }
        }
        let mut special = special();
        special.extend([f64::MIN_POSITIVE, f64::MAX, f64::from_bits(1)]);
        points.extend(with_neighbours(special, f64::next_up, f64::next_down));
        points
    }
}

/// The generator `SplitMix64`.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of the items.
    pub(super) fn choose<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.next() as usize % items.len()]
    }

    /// A number from 0 to 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (-53.0_f64).exp2()
    }
}
