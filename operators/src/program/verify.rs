//! What every program keeps to; each one is verified when it is built, in debug builds.
//!
//! 1. An instruction has at least one term, and no coefficient is zero.
//! 2. A slot is written once, and what an instruction reads is an operand or was written before. Operands are not written,
//!    outputs not read.
//! 3. Operands are those that the constructor was told of, and so are outputs. A transposed program therefore has the slots of
//!    its original from the other side: its outputs are channels of an operand, cotangents are among the original's outputs.
//! 4. Powers begin with the second, derivatives with the first. A product has neither, and each of its terms is one of the
//!    first operand and the second, in this order.
//! 5. Outputs come last, in the order of channels. That of a function reads of its operand its own channel alone, and no
//!    output reads a cotangent that comes before its own channel: so programs can run in place.
//!
//! Checked by `a_broken_program_is_found`; that no program breaks a rule, by everything that runs in debug builds.

use std::collections::BTreeSet;

use num_traits::Zero;

use super::{ChannelSet, Instruction, Slot, Term};
use crate::algebra::ChannelId;

/// What stands in the slots of one operand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand<'a> {
    /// There is no such operand.
    None,
    /// These channels of a jet, and its value.
    Jet(&'a ChannelSet),
    /// These channels of a jet, without its value.
    Nilpotent(&'a ChannelSet),
    /// These channels of a cotangent.
    Cotangent(&'a ChannelSet),
}

impl Operand<'_> {
    fn contains(&self, channel: ChannelId) -> bool {
        match self {
            Self::None => false,
            Self::Jet(channels) => channel == ChannelId::VALUE || channels.contains(&channel),
            Self::Nilpotent(channels) => channel != ChannelId::VALUE && channels.contains(&channel),
            Self::Cotangent(channels) => channels.contains(&channel),
        }
    }
}

/// What a program may read and write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signature<'a> {
    /// [`Slot::Input`]; of a function, and of its adjoint, it is nilpotent.
    pub(super) first: Operand<'a>,
    /// [`Slot::Second`].
    pub(super) second: Operand<'a>,
    pub(super) outputs: &'a ChannelSet,
}

/// A rule that an instruction breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    NoTerm(Slot),
    ZeroCoefficient(Slot),
    WrittenTwice(Slot),
    WrittenOperand(Slot),
    /// Read, but an output, or not written before.
    NotWritten(Slot),
    /// An operand or an output that the signature does not have.
    Unknown(Slot),
    /// A term that such a program has not.
    Term(Slot, Slot),
    /// An output before something else, or before an output of a lower channel.
    OutOfOrder(Slot),
    /// An output that reads what an output before it may have overwritten.
    Overwritten(Slot),
}

/// The first rule that is broken.
pub(super) fn verify(instructions: &[Instruction], signature: &Signature<'_>) -> Result<(), Broken> {
    let mut written = BTreeSet::new();
    for instruction in instructions {
        let target = instruction.target;
        if instruction.terms.is_empty() {
            return Err(Broken::NoTerm(target));
        }
        for term in &instruction.terms {
            signature.term(term)?;
            for slot in [term.left, term.right] {
                signature.read(slot, &written)?;
                signature.in_place(target, slot)?;
            }
        }
        signature.write(target, &written)?;
        written.insert(target);
    }
    Ok(())
}

impl Signature<'_> {
    fn is_function(&self) -> bool {
        matches!(self.first, Operand::Nilpotent(_))
    }

    fn term(&self, term: &Term) -> Result<(), Broken> {
        if term.coefficient.is_zero() {
            return Err(Broken::ZeroCoefficient(term.left));
        }
        let is_allowed = match (term.left, term.right) {
            (Slot::Input(_), Slot::Second(_)) => !self.is_function(),
            _ => self.is_function(),
        };
        if is_allowed { Ok(()) } else { Err(Broken::Term(term.left, term.right)) }
    }

    fn read(&self, slot: Slot, written: &BTreeSet<Slot>) -> Result<(), Broken> {
        let is_known = match slot {
            Slot::Derivative(k) => k >= 1 && self.is_function(),
            Slot::Input(channel) => self.first.contains(channel),
            Slot::Second(channel) => self.second.contains(channel),
            Slot::Power { .. } | Slot::Slope(_) | Slot::Output(_) => true,
        };
        match slot {
            _ if !is_known => Err(Broken::Unknown(slot)),
            Slot::Power { .. } | Slot::Slope(_) if !written.contains(&slot) => Err(Broken::NotWritten(slot)),
            Slot::Output(_) => Err(Broken::NotWritten(slot)),
            _ => Ok(()),
        }
    }

    fn write(&self, target: Slot, written: &BTreeSet<Slot>) -> Result<(), Broken> {
        let last = written.last().filter(|slot| matches!(slot, Slot::Output(_)));
        match target {
            Slot::Derivative(_) | Slot::Input(_) | Slot::Second(_) => Err(Broken::WrittenOperand(target)),
            _ if written.contains(&target) => Err(Broken::WrittenTwice(target)),
            // Of all slots outputs are the largest, in the order of channels.
            _ if last.is_some_and(|&last| target < last) => Err(Broken::OutOfOrder(target)),
            Slot::Power { exponent, .. } if exponent < 2 => Err(Broken::Unknown(target)),
            Slot::Output(channel) if !self.outputs.contains(&channel) => Err(Broken::Unknown(target)),
            _ => Ok(()),
        }
    }

    fn in_place(&self, target: Slot, read: Slot) -> Result<(), Broken> {
        let Slot::Output(own) = target else { return Ok(()) };
        let is_kept = match (read, self.first, self.second) {
            (Slot::Input(channel), Operand::Nilpotent(_), _) => channel == own,
            (Slot::Input(channel), Operand::Cotangent(_), _)
            | (Slot::Second(channel), _, Operand::Cotangent(_)) => channel >= own,
            _ => true,
        };
        if is_kept { Ok(()) } else { Err(Broken::Overwritten(read)) }
    }
}

#[cfg(test)]
mod tests {
    use jetc_combinatorics::rational::integer;

    use super::*;
    use crate::program::Program;
    use crate::program::exact::{all, univariate};

    fn broken(first: Operand<'_>, instructions: &[Instruction]) -> Broken {
        let channels = all(&univariate(4));
        let signature = Signature { first, second: Operand::Cotangent(&channels), outputs: &channels };
        verify(instructions, &signature).unwrap_err()
    }

    fn instruction(target: Slot, terms: &[(i64, Slot, Slot)]) -> Instruction {
        let term = |&(coefficient, left, right)| Term { coefficient: integer(coefficient), left, right };
        Instruction { target, terms: terms.iter().map(term).collect() }
    }

    #[test]
    fn a_broken_program_is_found() {
        let id = ChannelId::new;
        let (input, second, output) =
            (|c| Slot::Input(id(c)), |c| Slot::Second(id(c)), |c| Slot::Output(id(c)));
        let power = |exponent, c| Slot::Power { exponent, channel: id(c) };
        let g = Slot::Derivative;
        let channels = ChannelSet::from([id(1), id(2)]);
        let function = |instructions: &[Instruction]| broken(Operand::Nilpotent(&channels), instructions);
        let product = |instructions: &[Instruction]| broken(Operand::Jet(&channels), instructions);
        let square = instruction(power(2, 2), &[(1, input(1), input(1))]);
        let first = instruction(output(1), &[(1, g(1), input(1))]);

        assert_eq!(function(&[instruction(output(1), &[])]), Broken::NoTerm(output(1)));
        let zero = instruction(output(1), &[(0, g(1), input(1))]);
        assert_eq!(function(&[zero]), Broken::ZeroCoefficient(g(1)));
        assert_eq!(function(&[square.clone(), square.clone()]), Broken::WrittenTwice(power(2, 2)));
        let operand = instruction(input(2), &[(1, input(1), input(1))]);
        assert_eq!(function(&[operand]), Broken::WrittenOperand(input(2)));
        let early = instruction(power(3, 3), &[(1, input(1), power(2, 2))]);
        assert_eq!(function(&[early, square.clone()]), Broken::NotWritten(power(2, 2)));
        let of_output = instruction(output(2), &[(1, g(1), output(1))]);
        assert_eq!(function(&[first.clone(), of_output]), Broken::NotWritten(output(1)));
        let absent = instruction(output(3), &[(1, g(1), input(3))]);
        assert_eq!(function(&[absent]), Broken::Unknown(input(3)));
        let value = instruction(output(1), &[(1, g(1), input(0))]);
        assert_eq!(function(&[value]), Broken::Unknown(input(0)));
        let none = instruction(output(7), &[(1, g(1), second(4))]);
        assert_eq!(product(&[none]), Broken::Term(g(1), second(4)));
        let beyond = instruction(output(7), &[(1, input(1), second(4))]);
        assert_eq!(product(&[beyond]), Broken::Overwritten(second(4)));
        assert_eq!(function(&[first.clone(), square]), Broken::OutOfOrder(power(2, 2)));
        let other = instruction(output(2), &[(1, g(1), input(1))]);
        assert_eq!(function(&[other]), Broken::Overwritten(input(1)));
    }

    #[test]
    #[should_panic = "WrittenTwice"]
    #[cfg(debug_assertions)]
    fn a_broken_program_cannot_be_built() {
        let channels = all(&univariate(1));
        let one = ChannelId::new(1);
        let twice = instruction(Slot::Output(one), &[(1, Slot::Derivative(1), Slot::Input(one))]);
        let signature =
            Signature { first: Operand::Nilpotent(&channels), second: Operand::None, outputs: &channels };
        let _ = Program::of(vec![twice.clone(), twice], &signature);
    }
}
