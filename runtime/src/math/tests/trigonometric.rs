use super::judge::{Function, Oracle, compare, double, function, single, ulps};
use super::points::{Points, Random};
use crate::math::{self, Fma, InstructionSet, Kernel, Real, reach};

function!(Sin, |x| math::sin::<T, F>(x));
function!(Cos, |x| math::cos::<T, F>(x));
function!(SinOfPair, |x| math::sin_cos::<T, F>(x).0);
function!(CosOfPair, |x| math::sin_cos::<T, F>(x).1);

const SIN: (Oracle<f32>, Oracle<f64>) = (single!(core_math::sin), double!(core_math::sin));
const COS: (Oracle<f32>, Oracle<f64>) = (single!(core_math::cos), double!(core_math::cos));

#[test]
fn sin_and_cos_are_within_two_ulps() {
    fn check<G: Function>((single, double): (Oracle<f32>, Oracle<f64>)) {
        compare::<G, f32>(&in_reach(), single, 2.0);
        compare::<G, f64>(&in_reach(), double, 2.0);
    }
    check::<Sin>(SIN);
    check::<SinOfPair>(SIN);
    check::<Cos>(COS);
    check::<CosOfPair>(COS);
}

fn in_reach<T: Points>() -> Vec<T> {
    T::points().into_iter().filter(|x| x.abs() <= reach()).collect()
}

#[test]
fn sin_and_cos_are_right_near_multiples_of_half_pi() {
    let multiples = |reach: f64| {
        (0..).map(|k| f64::from(k) * core::f64::consts::FRAC_PI_2).take_while(move |x| *x < reach - 1.0)
    };
    let double: Vec<f64> = multiples(1e5).flat_map(|x| [x, x.next_up(), x.next_down()]).collect();
    compare::<Sin, f64>(&double, SIN.1, 2.0);
    compare::<Cos, f64>(&double, COS.1, 2.0);
    let single: Vec<f32> =
        multiples(1e4).map(|x| x as f32).flat_map(|x| [x, x.next_up(), x.next_down()]).collect();
    compare::<Sin, f32>(&single, SIN.0, 2.0);
    compare::<Cos, f32>(&single, COS.0, 2.0);
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

fn tiles_are_right<T: Points>(sin: Oracle<T>, cos: Oracle<T>) {
    let mut random = Random(3);
    let points = T::points();
    let limit = T::from_f64(1e300);
    for set in InstructionSet::available() {
        for _ in 0..1000 {
            let angles: [T; 37] = core::array::from_fn(|_| random.choose(&points));
            let mut results = [[limit; 37]; 4];
            set.run(Tiles(&angles, results.each_mut().map(|tile| &mut tile[..])));
            for (lane, x) in angles.iter().enumerate() {
                for (tile, oracle) in results.iter().zip([sin, cos, sin, cos]) {
                    let error = ulps(tile[lane], oracle(*x));
                    assert!(error <= 2.0, "{error} ulp at {x:e}: {:e}", tile[lane]);
                }
            }
        }
    }
}

#[test]
fn tiles_of_large_angles_are_right() {
    tiles_are_right::<f32>(SIN.0, COS.0);
    tiles_are_right::<f64>(SIN.1, COS.1);
}
