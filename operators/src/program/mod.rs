//! Nonlinear operations over a jet algebra, as straight-line programs of bilinear instructions.
//!
//! | operation | constructor | file |
//! |---|---|---|
//! | g(h), feature by feature | [`Program::elementwise`] | `elementwise.rs` |
//! | any bilinear product u · v | [`Program::product`] | `product.rs` |
//! | the transpose of the derivative of g(h) | [`Program::elementwise_adjoint`] | `adjoint/elementwise.rs` |
//! | the transposes of u · v in u and in v | [`Program::product_adjoint_left`], [`Program::product_adjoint_right`] | `adjoint/product.rs` |
//!
//! Every instruction writes one slot as Σ coefficient · a · b. What a product of two slots is, the program does not know:
//! it is the product of two numbers for elementwise operations, of two matrices for a matrix product. What all programs keep
//! to is listed in `verify.rs`.

mod powers;
mod elementwise;
mod product;
mod adjoint;
mod verify;
#[cfg(test)]
mod exact;

use std::collections::BTreeSet;

use jetc_combinatorics::Rational;

use crate::algebra::ChannelId;
use verify::{Operand, Signature, verify};

/// A set of channels.
pub type ChannelSet = BTreeSet<ChannelId>;

/// One vector that an instruction reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// gₖ = g⁽ᵏ⁾(h₀)/k!, k ≥ 1.
    Derivative(u32),
    /// hᵢ, i ≥ 1; of a product channel i ≥ 0 of the first factor.
    Input(ChannelId),
    /// Channel i ≥ 0 of the second factor of a product; of the adjoint of g(h) the cotangent ȳᵢ.
    Second(ChannelId),
    /// \[Nᵏ\]ᵢ, k ≥ 2.
    Power {
        /// k
        exponent: u32,
        /// i
        channel: ChannelId,
    },
    /// Channel i ≥ 1 of G = g′(h), of the adjoint of g(h) alone; G₀ = g₁ is a derivative.
    Slope(ChannelId),
    /// Channel i of the result, of an elementwise function only i ≥ 1.
    Output(ChannelId),
}

/// `coefficient · left · right`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// An exact factor, never zero.
    pub coefficient: Rational,
    /// First factor.
    pub left: Slot,
    /// Second factor; a square has both alike.
    pub right: Slot,
}

/// `target = Σ terms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// The slot that is written, once in a program.
    pub target: Slot,
    /// The terms, at least one.
    pub terms: Vec<Term>,
}

/// The instructions of one node, in an order in which they can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    instructions: Vec<Instruction>,
    highest_derivative: u32,
}

impl Program {
    /// A program with these operands and outputs. In debug builds its rules are verified: see `verify.rs`.
    fn of(instructions: Vec<Instruction>, signature: &Signature<'_>) -> Self {
        debug_assert_eq!(verify(&instructions, signature), Ok(()), "a program keeps to its rules");
        let highest = instructions.iter().flat_map(|i| &i.terms).filter_map(|t| match t.left {
            Slot::Derivative(k) => Some(k),
            _ => None,
        });
        Self { highest_derivative: highest.max().unwrap_or(0), instructions }
    }

    /// The instructions in order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The largest k for which gₖ is needed.
    pub fn highest_derivative(&self) -> u32 {
        self.highest_derivative
    }

    /// The channels of the first operand that are read.
    pub fn inputs(&self) -> ChannelSet {
        self.slots_read()
            .filter_map(|s| if let Slot::Input(channel) = s { Some(channel) } else { None })
            .collect()
    }

    /// The channels of the second operand that are read.
    pub fn seconds(&self) -> ChannelSet {
        self.slots_read()
            .filter_map(|s| if let Slot::Second(channel) = s { Some(channel) } else { None })
            .collect()
    }

    fn slots_read(&self) -> impl Iterator<Item = Slot> {
        self.instructions.iter().flat_map(|i| &i.terms).flat_map(|t| [t.left, t.right])
    }

    /// The output channels that are written.
    pub fn outputs(&self) -> ChannelSet {
        let targets = self.instructions.iter().map(|i| i.target);
        targets
            .filter_map(|slot| if let Slot::Output(channel) = slot { Some(channel) } else { None })
            .collect()
    }

    /// Multiplications of two slots for one scalar element: the elementwise cost.
    pub fn multiplications(&self) -> usize {
        self.instructions.iter().map(|i| i.terms.len()).sum()
    }
}
