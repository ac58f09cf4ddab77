//! The time of each elementary function, over tiles in the first cache, for each type and instruction set:
//! `cargo bench -p jetc-runtime --bench math -- tanh`. One element is one number of the tile.
#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use core::marker::PhantomData;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jetc_runtime::math::{self, Fma, InstructionSet, Kernel, Real};

const LANES: usize = 64;
const COUNT: u32 = 1024;

/// A function of one number, with one or two results.
trait Function {
    fn call<T: Real, F: Fma>(x: T) -> (T, T);
}

struct Tiles<'a, G, T>(&'a [T], &'a mut [T], &'a mut [T], PhantomData<G>);

impl<G: Function, T: Real> Kernel for Tiles<'_, G, T> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fma>(self) {
        let outputs = self.1.chunks_exact_mut(LANES).zip(self.2.chunks_exact_mut(LANES));
        for (x, (y, z)) in self.0.chunks_exact(LANES).zip(outputs) {
            for lane in 0..LANES {
                (y[lane], z[lane]) = G::call::<T, F>(x[lane]);
            }
        }
    }
}

fn measure<G: Function, T: Real>(criterion: &mut Criterion, name: &str, range: [f64; 2]) {
    let step = (range[1] - range[0]) / f64::from(COUNT);
    let x: Vec<T> =
        (0..COUNT).map(|i| T::from_f64(range[0] + step * (f64::from(i * 37 % COUNT) + 0.5))).collect();
    let (mut y, mut z) = (vec![T::ZERO; x.len()], vec![T::ZERO; x.len()]);
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(COUNT.into()));
    for set in InstructionSet::available() {
        group.bench_function(format!("{}/{set}", core::any::type_name::<T>()), |bencher| {
            bencher.iter(|| set.run(Tiles(black_box(&x), &mut y, &mut z, PhantomData::<G>)));
        });
    }
}

macro_rules! functions {
    ($($kind:ident $name:ident $range:expr;)*) => {
        fn functions(criterion: &mut Criterion) {
            $({
                struct Timed;
                impl Function for Timed {
                    #[inline(always)]
                    fn call<T: Real, F: Fma>(x: T) -> (T, T) {
                        functions!(@$kind math::$name::<T, F>(x))
                    }
                }
                measure::<Timed, f32>(criterion, stringify!($name), $range);
                measure::<Timed, f64>(criterion, stringify!($name), $range);
            })*
        }
    };
    (@one $call:expr) => {{
        let y = $call;
        (y, y)
    }};
    (@two $call:expr) => {
        $call
    };
}

functions! {
    one exp [-4.0, 4.0];
    one expm1 [-4.0, 4.0];
    one log [0.1, 10.0];
    one log1p [-0.9, 10.0];
    one tanh [-4.0, 4.0];
    two tanh_and_derivative [-4.0, 4.0];
    one sinh [-4.0, 4.0];
    one cosh [-4.0, 4.0];
    one sigmoid [-4.0, 4.0];
    two sigmoid_and_derivative [-4.0, 4.0];
    one softplus [-4.0, 4.0];
    one sin [-10.0, 10.0];
    one cos [-10.0, 10.0];
    two sin_cos [-10.0, 10.0];
    one atan [-4.0, 4.0];
    one erf [-4.0, 4.0];
    one erfc [-4.0, 4.0];
    one normal_cdf [-4.0, 4.0];
    two normal_cdf_and_gaussian [-4.0, 4.0];
    one gaussian [-4.0, 4.0];
}

criterion_group!(benches, functions);
criterion_main!(benches);
