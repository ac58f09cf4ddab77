use proptest::prelude::*;

use crate::math::{Fma, Fused, Real, Separate, fast_two_sum, two_sum};

fn halves_make_the_whole<T: Real>(x: T) {
    let upper = x.upper_half();
    let lower = x - upper;
    assert_eq!(upper + lower, x);
    assert_eq!(lower.upper_half() + (lower - lower.upper_half()), lower);
}

proptest! {
    #[test]
    fn sums_and_products_lose_nothing(a in -1e10_f64..1e10, b in -1e10_f64..1e10) {
        let (high, low) = two_sum(a, b);
        prop_assert_eq!(high, a + b);
        let (large, small) = if a.abs() < b.abs() { (b, a) } else { (a, b) };
        prop_assert_eq!(fast_two_sum(large, small), (high, low));
        halves_make_the_whole(a);
        halves_make_the_whole(a as f32);

        let exact = Fused::two_product(a, b);
        let nearly = Separate::two_product(a, b);
        prop_assert_eq!(exact.0, nearly.0);
        prop_assert!((exact.1 - nearly.1).abs() <= exact.0.abs() * f64::EPSILON * f64::EPSILON);
        let (single_a, single_b) = (a as f32, b as f32);
        let (high, low) = Separate::two_product(single_a, single_b);
        prop_assert_eq!(f64::from(high) + f64::from(low), f64::from(single_a) * f64::from(single_b));
        prop_assert_eq!((high, low), Fused::two_product(single_a, single_b));

        let c = exact.0.next_up();
        prop_assert_eq!(Fused::residual(a, b, c), a.mul_add(-b, c));
        prop_assert_eq!(Separate::residual(a, b, c), (c - nearly.0) - nearly.1);
    }

    #[test]
    fn powers_of_two_and_logarithms_are_taken_apart(k in -1022_i32..=1023, m in 1.0_f64..2.0) {
        let power = f64::from(k).power_of_two();
        prop_assert_eq!(power, f64::from(k).exp2());
        let (exponent, mantissa) = (m * power).exponent_and_mantissa();
        prop_assert!((core::f64::consts::FRAC_1_SQRT_2..core::f64::consts::SQRT_2).contains(&mantissa));
        prop_assert_eq!(mantissa.times_power_of_two(exponent), m * power);
        prop_assert_eq!(m.times_power_of_two(f64::from(k)), m * power);
        prop_assert_eq!(f64::from(k).is_odd(), k % 2 != 0);
        prop_assert_eq!(m.flip_sign_by_bit_1(f64::from(k)), if k & 2 == 0 { m } else { -m });
        let k = k / 9;
        let power = (k as f32).power_of_two();
        prop_assert_eq!(power, (k as f32).exp2());
        let (exponent, mantissa) = (m as f32 * power).exponent_and_mantissa();
        prop_assert_eq!(mantissa * exponent.exp2(), m as f32 * power);
        prop_assert_eq!((m as f32).times_power_of_two(k as f32), m as f32 * power);
        prop_assert_eq!((k as f32).is_odd(), k % 2 != 0);
    }
}

#[test]
fn results_become_denormal_and_vanish_gradually() {
    for k in -1100..=-1020 {
        assert_eq!(1.0_f64.times_power_of_two(f64::from(k)), f64::from(k).exp2());
    }
    for k in -160..=-120_i16 {
        assert_eq!(1.0_f32.times_power_of_two(f32::from(k)), f32::from(k).exp2());
    }
    assert_eq!(1.5_f64.times_power_of_two(1024.0), f64::INFINITY);
    assert_eq!(0.75_f64.times_power_of_two(1024.0), 0.75 * 2.0 * 1023.0_f64.exp2());
    assert_eq!(0.75_f32.times_power_of_two(128.0), 0.75 * 2.0 * 127.0_f32.exp2());
}
