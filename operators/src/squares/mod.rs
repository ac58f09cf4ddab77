//! Second-order parts as sums of squares: a pass on the linear parts before any strategy sees them.
//!
//! | notation | name |
//! |---|---|
//! | Q(ξ) = Σ dᵣ (sᵣ·ξ)² | the second-order part of a symbol; [`Square`] is one summand |
//!
//! For each component of Q (variables that meet in no term are apart) the squares are
//!
//! 1. those that were given, where their directions are independent: exact, and the directions stay what the user wrote;
//! 2. otherwise those of an exact LDLᵀ, where its numbers stay short by the bound of [`component`];
//! 3. otherwise those of an eigendecomposition in doubles, rounded to fractions ([`rounded`]). From there on the operator
//!    *is* the rounded one, exactly; how far it is from what was asked for is measured and kept.
//!
//! In the second and third case a part that was given as more squares than its rank is rewritten along the new ones, so
//! that strategies that go along directions have fewer to go along. Forms that are multiples of each other share their
//! squares. Whether long directions are independent is decided in doubles: a set that is dependent but for noise
//! counts as dependent. No proof rests on that: squares are right along any directions.

mod component;
mod jacobi;
mod rounded;

use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::quadratic_form::{self, Square};
use jetc_combinatorics::{Polynomial, Rational};
use num_traits::One;

use crate::spec::{DirectionalTerm, LinearPart};
use component::{Component, components};

/// Why a second-order part could not be written as squares.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SquaresError {
    /// The rounded form is too far from the form.
    #[error(
        "in doubles the second-order part cannot be had to within 2^-{tolerance} of its largest coefficient; shorter \
         numbers or fewer variables would be handled exactly"
    )]
    TooFar {
        /// Bits of the tolerance.
        tolerance: u32,
    },
    /// The form is too large for the eigendecomposition.
    #[error(
        "the second-order part couples {size} variables or directions in long numbers; the limit for its \
         eigendecomposition is {limit}"
    )]
    TooLarge {
        /// Rows of the matrix.
        size: usize,
        /// The limit.
        limit: usize,
    },
}

/// A linear part with its symbol and, up to order two, its squares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PreparedPart {
    /// The part, along few directions.
    pub(crate) part: LinearPart,
    /// Its symbol.
    pub(crate) symbol: Polynomial,
    /// The second-order part as squares; nothing for parts of higher order.
    pub(crate) squares: Option<Vec<Square>>,
    /// Whether exact elimination with these squares would need long numbers.
    pub(crate) is_long: bool,
    /// e, if the symbol is a rounded one: no coefficient is further than 2⁻ᵉ of the largest from what was asked for.
    pub(crate) rounding: Option<u32>,
}

/// Prepares linear parts one by one; forms that come again share their squares.
#[derive(Debug, Default)]
pub(crate) struct Preparation {
    known: Vec<(Polynomial, Diagonal)>,
}

/// A quadratic form as squares.
#[derive(Debug, Clone, Default)]
struct Diagonal {
    squares: Vec<Square>,
    is_rewritten: bool,
    is_long: bool,
    distance: Rational,
}

impl Preparation {
    /// The part with its squares; `symbol` is its symbol.
    ///
    /// # Errors
    /// [`SquaresError`] where long numbers cannot be rounded within the tolerance.
    pub(crate) fn prepare(
        &mut self,
        part: &LinearPart,
        symbol: &Polynomial,
    ) -> Result<PreparedPart, SquaresError> {
        let unchanged = PreparedPart {
            part: part.clone(),
            symbol: symbol.clone(),
            squares: None,
            is_long: false,
            rounding: None,
        };
        if symbol.degree() > 2 || part.order() > 2 {
            return Ok(unchanged);
        }
        let form = symbol.homogeneous_part(2);
        if form.is_zero() {
            return Ok(PreparedPart { squares: Some(Vec::new()), ..unchanged });
        }
        let (number, factor) = self.diagonal(part, &form)?;
        let diagonal = &self.known[number].1;
        let scaled = |square: &Square| Square {
            weight: &square.weight * &factor,
            direction: square.direction.clone(),
        };
        let squares: Vec<Square> = diagonal.squares.iter().map(scaled).collect();
        let rounding = rounded::within(&diagonal.distance);
        let is_long = diagonal.is_long;
        let part = if diagonal.is_rewritten { along(part, &squares) } else { unchanged.part };
        let symbol = if rounding.is_some() { part.symbol() } else { unchanged.symbol };
        Ok(PreparedPart { part, symbol, squares: Some(squares), is_long, rounding })
    }

    /// The position of the squares of a form that is a multiple of `form`, and the factor.
    fn diagonal(&mut self, part: &LinearPart, form: &Polynomial) -> Result<(usize, Rational), SquaresError> {
        let multiple = |known: &Polynomial| proportion(form, known);
        let found = self.known.iter().enumerate().find_map(|(n, (known, _))| Some((n, multiple(known)?)));
        if let Some(found) = found {
            return Ok(found);
        }
        let mut whole = Diagonal::default();
        for component in components(part) {
            let diagonal = diagonalise(&component)?;
            whole.squares.extend(diagonal.squares);
            whole.is_rewritten |= diagonal.is_rewritten;
            whole.is_long |= diagonal.is_long;
            whole.distance = whole.distance.max(diagonal.distance);
        }
        self.known.push((form.clone(), whole));
        Ok((self.known.len() - 1, Rational::one()))
    }
}

/// The factor by which `form` is a multiple of `known`; neither is zero.
pub(crate) fn proportion(form: &Polynomial, known: &Polynomial) -> Option<Rational> {
    if form.terms().len() != known.terms().len() {
        return None;
    }
    let ((monomial, a), (other, b)) = (form.terms().next()?, known.terms().next()?);
    let factor = a / b;
    (monomial == other && known.scale(&factor) == *form).then_some(factor)
}

/// Σ weight (direction·ξ)².
fn sum_of_squares(squares: &[Square]) -> Polynomial {
    let terms = squares.iter().map(DirectionalTerm::from).collect();
    LinearPart { field: 0, terms }.symbol()
}

impl From<&Square> for DirectionalTerm {
    fn from(square: &Square) -> Self {
        Self { weight: square.weight.clone(), factors: vec![(square.direction.clone(), 2)] }
    }
}

/// The part with these squares for its terms of order two.
fn along(part: &LinearPart, squares: &[Square]) -> LinearPart {
    let others = part.terms.iter().filter(|term| term.order() != 2).cloned();
    LinearPart { field: part.field, terms: others.chain(squares.iter().map(DirectionalTerm::from)).collect() }
}

fn diagonalise(component: &Component<'_>) -> Result<Diagonal, SquaresError> {
    let given = component.given_squares();
    if let Some(squares) = given.as_ref().filter(|squares| squares.len() == 1) {
        return Ok(Diagonal { squares: squares.clone(), ..Diagonal::default() });
    }
    if let Some(squares) = &given {
        let (are_independent, is_long) = independence(component, squares);
        if are_independent || is_long && component.variables.len() > rounded::MOST_VARIABLES {
            return Ok(Diagonal { squares: squares.clone(), is_long, ..Diagonal::default() });
        }
    }
    let form = component.form();
    if !component.is_long_as_form(&form) {
        let squares = quadratic_form::diagonalise(&form);
        return Ok(Diagonal { squares, is_rewritten: given.is_some(), ..Diagonal::default() });
    }
    let rounded::Rounded { squares, distance } = rounded::diagonalise(&form, &component.variables)?;
    Ok(Diagonal { squares, is_rewritten: true, is_long: true, distance })
}

/// Whether the directions are independent, and whether it takes long numbers to say so exactly.
fn independence(component: &Component<'_>, squares: &[Square]) -> (bool, bool) {
    let directions: Vec<_> = squares.iter().map(|square| &square.direction).collect();
    let is_long = component.is_long_as_directions(&directions);
    let are_independent = if directions.len() > component.variables.len() {
        false
    } else if is_long {
        rounded::are_independent(&directions)
    } else {
        let mut echelon = Echelon::new();
        directions.iter().all(|&d| matches!(echelon.insert(d.clone()), Insertion::Independent(_)))
    };
    (are_independent, is_long)
}

#[cfg(test)]
mod tests;
