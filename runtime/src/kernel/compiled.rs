//! The heavy kernels, compiled once: in this crate, for both number types.
//!
//! What is generic is compiled anew by every crate that uses it. Behind the methods of a trait for `f32` and `f64` it is
//! compiled here, and everybody else links to it.

use super::elementwise::TileRun;
use super::matrices::AddProducts;
use super::product::{Depth, Lanes, OuterProducts, Product};
use crate::math::InstructionSet;

/// The kernels of one number type.
pub trait Compiled: Depth + Lanes + Sized {
    /// A program over its operands.
    #[doc(hidden)]
    fn run_program(set: InstructionSet, run: TileRun<'_, Self>);

    /// Sums of products of small matrices.
    #[doc(hidden)]
    fn add_products(set: InstructionSet, products: AddProducts<'_, Self>);

    /// y = x Wᵀ + b.
    #[doc(hidden)]
    fn multiply(set: InstructionSet, product: Product<'_, Self>);

    /// W̄ += Yᵀ X.
    #[doc(hidden)]
    fn add_outer_products(set: InstructionSet, products: OuterProducts<'_, Self>);
}

macro_rules! compile {
    ($($float:ident)*) => {$(
        impl Compiled for $float {
            #[inline(never)]
            fn run_program(set: InstructionSet, run: TileRun<'_, Self>) {
                set.run(run);
            }

            #[inline(never)]
            fn add_products(set: InstructionSet, products: AddProducts<'_, Self>) {
                set.run(products);
            }

            #[inline(never)]
            fn multiply(set: InstructionSet, product: Product<'_, Self>) {
                set.run_vectors(product);
            }

            #[inline(never)]
            fn add_outer_products(set: InstructionSet, products: OuterProducts<'_, Self>) {
                set.run_vectors(products);
            }
        }
    )*};
}

compile!(f32 f64);
