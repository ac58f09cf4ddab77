//! The choice of the instruction set, at run time.
//!
//! A [`Kernel`] is code with loops over lanes. It is compiled once for each instruction set, and [`dispatch`]
//! runs the best one that the machine has. For this to work `run`, and all it calls in its loops, must be
//! `#[inline(always)]`.
//!
//! Checked by `vectors_have_the_bits_of_scalars`.

use core::fmt;
use core::marker::PhantomData;
use std::sync::LazyLock;

use pulp::{Arch, Scalar, Simd, WithSimd};

use super::fma::{Fma, Fused, Separate};

/// Code to compile for each instruction set.
///
/// ```
/// use jetc_runtime::math::{self, Fma, Kernel};
///
/// struct Tanh<'a>(&'a mut [f64]);
///
/// impl Kernel for Tanh<'_> {
///     type Output = ();
///     #[inline(always)]
///     fn run<F: Fma>(self) {
///         for x in self.0 {
///             *x = math::tanh::<f64, F>(*x);
///         }
///     }
/// }
///
/// let mut values = [0.0, 1.0, 40.0];
/// math::dispatch(Tanh(&mut values));
/// assert_eq!([values[0], values[2]], [0.0, 1.0]);
/// assert!((values[1] - 1.0_f64.tanh()).abs() < 3e-16);
/// ```
pub trait Kernel {
    /// What the code returns.
    type Output;

    /// Runs the code; mark it `#[inline(always)]`.
    fn run<F: Fma>(self) -> Self::Output;
}

/// A [`Kernel`] that is written in vectors.
pub(crate) trait VectorKernel {
    /// What the code returns.
    type Output;

    /// Runs the code; mark it `#[inline(always)]`. `F` is the kind of multiply-add that `S` has.
    fn run<S: Simd, F: Fma>(self, simd: S) -> Self::Output;
}

/// An instruction set that this machine has.
#[derive(Clone, Copy, Debug)]
pub struct InstructionSet(Arch);

static BEST: LazyLock<InstructionSet> = LazyLock::new(|| InstructionSet(Arch::new()));

impl InstructionSet {
    /// The widest one, found out once.
    pub fn best() -> Self {
        *BEST
    }

    /// What the program was compiled for, without fused multiply-add.
    pub fn portable() -> Self {
        Self(Arch::Scalar)
    }

    /// Every one that this machine has and that is told apart here, the best last.
    pub fn available() -> Vec<Self> {
        let mut sets = vec![Self::portable()];
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        sets.extend(pulp::x86::V3::try_new().map(|simd| Self(Arch::V3(simd))));
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        sets.extend(pulp::x86::V4::try_new().map(|simd| Self(Arch::V4(simd))));
        #[cfg(target_arch = "aarch64")]
        sets.extend(pulp::aarch64::Neon::try_new().map(|simd| Self(Arch::Neon(simd))));
        sets
    }

    /// Whether kernels run with [`Fused`]; else with [`Separate`].
    pub fn is_fused(self) -> bool {
        self.run(IsFused)
    }

    /// Runs the kernel with these instructions.
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        self.run_vectors(AnyVectors(kernel))
    }

    /// Runs the kernel with these instructions.
    #[inline]
    pub(crate) fn run_vectors<K: VectorKernel>(self, kernel: K) -> K::Output {
        match self.0 {
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Arch::V4(simd) => Simd::vectorize(simd, With::<K, Fused>::new(kernel)),
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Arch::V3(simd) => Simd::vectorize(simd, With::<K, Fused>::new(kernel)),
            #[cfg(target_arch = "aarch64")]
            Arch::Neon(simd) => Simd::vectorize(simd, With::<K, Fused>::new(kernel)),
            _ => Simd::vectorize(Scalar, With::<K, Separate>::new(kernel)),
        }
    }
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Arch::V4(_) => "AVX-512",
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Arch::V3(_) => "AVX2",
            #[cfg(target_arch = "aarch64")]
            Arch::Neon(_) => "NEON",
            _ => "portable",
        })
    }
}

/// Runs the kernel with the best instructions of this machine.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    InstructionSet::best().run(kernel)
}

/// Runs the kernel with [`InstructionSet::portable`].
#[inline]
pub fn dispatch_portable<K: Kernel>(kernel: K) -> K::Output {
    InstructionSet::portable().run(kernel)
}

struct With<K, F>(K, PhantomData<F>);

impl<K, F> With<K, F> {
    #[inline(always)]
    fn new(kernel: K) -> Self {
        Self(kernel, PhantomData)
    }
}

impl<K: VectorKernel, F: Fma> WithSimd for With<K, F> {
    type Output = K::Output;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> K::Output {
        self.0.run::<S, F>(simd)
    }
}

/// A kernel of plain loops, which the compiler makes vectors of.
struct AnyVectors<K>(K);

impl<K: Kernel> VectorKernel for AnyVectors<K> {
    type Output = K::Output;

    #[inline(always)]
    fn run<S: Simd, F: Fma>(self, _: S) -> K::Output {
        self.0.run::<F>()
    }
}

struct IsFused;

impl Kernel for IsFused {
    type Output = bool;

    #[inline(always)]
    fn run<F: Fma>(self) -> bool {
        F::FUSED
    }
}
