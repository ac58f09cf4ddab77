//! Numbers in the vector registers of an instruction set.

#![allow(clippy::inline_always, reason = "a call would put vectors into memory")]

use std::marker::PhantomData;

use pulp::Simd;

use crate::math::{Fma, InstructionSet, Real, VectorKernel};

/// A number that vectors of each instruction set are made of.
pub trait Lanes: Real {
    /// As many numbers as a register holds.
    type Vector<S: Simd>: Copy;

    /// The same number in every lane.
    #[doc(hidden)]
    fn splat<S: Simd>(simd: S, x: Self) -> Self::Vector<S>;

    /// a b + c, rounded once where the instruction set can.
    #[doc(hidden)]
    fn multiply_add<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;

    /// The whole vectors of a slice.
    #[doc(hidden)]
    fn vectors<S: Simd>(numbers: &[Self]) -> &[Self::Vector<S>];

    /// The numbers of vectors.
    #[doc(hidden)]
    fn numbers<S: Simd>(vectors: &[Self::Vector<S>]) -> &[Self];
}

macro_rules! lanes {
    ($float:ident, $vector:ident, $splat:ident, $multiply_add:ident, $vectors:ident) => {
        impl Lanes for $float {
            type Vector<S: Simd> = S::$vector;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, x: Self) -> S::$vector {
                simd.$splat(x)
            }

            #[inline(always)]
            fn multiply_add<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
                simd.$multiply_add(a, b, c)
            }

            #[inline(always)]
            fn vectors<S: Simd>(numbers: &[Self]) -> &[S::$vector] {
                S::$vectors(numbers).0
            }

            #[inline(always)]
            fn numbers<S: Simd>(vectors: &[S::$vector]) -> &[Self] {
                pulp::bytemuck::cast_slice(vectors)
            }
        }
    };
}

lanes!(f32, f32s, splat_f32s, mul_add_e_f32s, as_simd_f32s);
lanes!(f64, f64s, splat_f64s, mul_add_e_f64s, as_simd_f64s);

/// The vectors of an instruction set, as far as the cutting of panels asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Numbers of one vector.
    pub(super) lanes: usize,
    /// Vectors of the widest panel: a tile of several rows has room in the registers.
    pub(super) widest: usize,
}

impl Shape {
    pub(super) fn of<T: Lanes>(set: InstructionSet) -> Self {
        set.run_vectors(ShapeOf(PhantomData::<T>))
    }

    #[inline(always)]
    pub(super) const fn of_vectors<T: Lanes, S: Simd>() -> Self {
        let lanes = size_of::<T::Vector<S>>() / size_of::<T>();
        Self { lanes, widest: if has_many_registers::<S>() { 3 } else { 2 } }
    }
}

struct ShapeOf<T>(PhantomData<T>);

impl<T: Lanes> VectorKernel for ShapeOf<T> {
    type Output = Shape;

    #[inline(always)]
    fn run<S: Simd, F: Fma>(self, _: S) -> Shape {
        Shape::of_vectors::<T, S>()
    }
}

/// Whether there are 32 registers; otherwise there are 16.
#[inline(always)]
pub(super) const fn has_many_registers<S: Simd>() -> bool {
    S::REGISTER_COUNT >= 32
}
