use super::judge::{Bounds, Function, Oracles, Truths, function, oracles, ulps};
use super::points::{Points, Random};
use super::wide::Wide;
use crate::math::{self, Fma, InstructionSet, Kernel, Real, reach};

function!(Sin, |x| math::sin::<T, F>(x));
function!(Cos, |x| math::cos::<T, F>(x));
function!(SinOfPair, |x| math::sin_cos::<T, F>(x).0);
function!(CosOfPair, |x| math::sin_cos::<T, F>(x).1);

const BOUNDS: Bounds = Bounds { fused: 0.85, separate: 0.85 };

fn sin() -> Oracles {
    oracles!(core_math::sin, |x| x.sin_cos().0)
}

fn cos() -> Oracles {
    oracles!(core_math::cos, |x| x.sin_cos().1)
}

fn in_reach<T: Real>(points: Vec<T>) -> Vec<T> {
    points.into_iter().filter(|x| x.abs() <= reach()).collect()
}

fn check<G: Function, OfPair: Function>(oracles: Oracles, singles: Vec<f32>, doubles: Vec<f64>) {
    let truths = Truths::new(in_reach(singles), oracles.single);
    truths.check::<G>(BOUNDS);
    truths.check::<OfPair>(BOUNDS);
    let truths = Truths::new(in_reach(doubles), oracles.double);
    truths.check::<G>(BOUNDS);
    truths.check::<OfPair>(BOUNDS);
}

#[test]
fn sin_and_cos_keep_their_bound() {
    check::<Sin, SinOfPair>(sin(), f32::points(), f64::points());
    check::<Cos, CosOfPair>(cos(), f32::points(), f64::points());
}

#[test]
fn sin_and_cos_keep_their_bound_near_multiples_of_half_pi() {
    let multiples =
        |reach| (0..).map(|k| f64::from(k) * core::f64::consts::FRAC_PI_2).take_while(move |x| *x < reach);
    let singles: Vec<f32> =
        multiples(1e4).map(|x| x as f32).flat_map(|x| [x, x.next_up(), x.next_down()]).collect();
    let doubles: Vec<f64> = multiples(1e5).flat_map(|x| [x, x.next_up(), x.next_down()]).collect();
    check::<Sin, SinOfPair>(sin(), singles.clone(), doubles.clone());
    check::<Cos, CosOfPair>(cos(), singles, doubles);
}

struct Tiles<'a, T>(&'a [T], [&'a mut [T]; 4]);

impl<T: Real> Kernel for Tiles<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fma>(self) {
        let [sines, cosines, sines_of_pair, cosines_of_pair] = self.1;
        math::sin_tile::<T, F>(self.0, sines);
        math::cos_tile::<T, F>(self.0, cosines);
        math::sin_cos_tile::<T, F>(self.0, sines_of_pair, cosines_of_pair);
    }
}

fn tiles_are_right<T: Points>(sin: fn(f64) -> f64, cos: fn(f64) -> f64) {
    let mut random = Random(3);
    let points = T::points();
    for set in InstructionSet::available() {
        for _ in 0..1000 {
            let angles: [T; 37] = core::array::from_fn(|_| random.choose(&points));
            let mut results = [[T::ZERO; 37]; 4];
            set.run(Tiles(&angles, results.each_mut().map(|tile| &mut tile[..])));
            for (lane, x) in angles.iter().enumerate() {
                for (tile, oracle) in results.iter().zip([sin, cos, sin, cos]) {
                    let error = ulps(tile[lane], Wide::from(oracle(x.to_f64())));
                    assert!(error <= 1.0, "{error} ulp at {x:e}: {:e}", tile[lane]);
                }
            }
        }
    }
}

#[test]
fn tiles_of_angles_of_any_size_are_right() {
    tiles_are_right::<f32>(core_math::sin, core_math::cos);
    tiles_are_right::<f64>(core_math::sin, core_math::cos);
}
