//! The variables of symbols: coordinates, and directions behind them.
//!
//! | notation | name |
//! |---|---|
//! | η₀ … η_{n−1} | the coordinates, ηᵢ = ξᵢ |
//! | η_{n+r} | the direction v_r that a file names, η_{n+r} = v_r·ξ |
//! | Q(η), P(ξ) = Q(Vξ) | a symbol, in variables and in coordinates |
//!
//! Everything exact is about Q and holds for every V: the entries of directions are data, like the weights of a network.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};

use super::Direction;

/// A direction with the name it has in plans.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedDirection {
    /// `s[2]` for the second direction of the set `s`.
    pub name: String,
    /// v; nothing where whoever evaluates a plan moves the network along this variable.
    pub direction: Option<Direction>,
}

/// The variables of symbols: the first are the coordinates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variables {
    coordinates: u32,
    directions: Vec<NamedDirection>,
}

impl Variables {
    /// So many coordinates and no direction.
    pub fn new(coordinates: usize) -> Self {
        let coordinates =
            u32::try_from(coordinates).expect("limits keep the number of coordinates below 2³²");
        Self { coordinates, directions: Vec::new() }
    }

    /// How many of the variables are coordinates.
    pub fn coordinates(&self) -> u32 {
        self.coordinates
    }

    /// The directions, numbered from [`Self::coordinates`] on.
    pub fn directions(&self) -> &[NamedDirection] {
        &self.directions
    }

    /// The direction behind the coordinates that a variable is.
    pub fn named(&self, variable: u32) -> Option<&NamedDirection> {
        variable.checked_sub(self.coordinates).map(|index| &self.directions[index as usize])
    }

    /// The vector of a variable; nothing where it is not in the file.
    pub fn direction(&self, variable: u32) -> Option<Direction> {
        match self.named(variable) {
            None => Some(Direction::unit(variable)),
            Some(named) => named.direction.clone(),
        }
    }

    /// Adds a direction and returns its variable.
    pub(crate) fn push(&mut self, name: String, direction: Option<Direction>) -> u32 {
        let next = u32::try_from(self.directions.len())
            .ok()
            .and_then(|next| next.checked_add(self.coordinates))
            .expect("limits keep the number of directions below 2³²");
        self.directions.push(NamedDirection { name, direction });
        next
    }

    /// How many coordinates move when one goes along a variable.
    pub(crate) fn entries(&self, variable: u32) -> usize {
        self.named(variable).map_or(1, |named| named.direction.as_ref().map_or(0, Direction::len))
    }

    /// The coordinates that move when one goes along a variable.
    pub(crate) fn support(&self, variable: u32) -> Vec<u32> {
        match self.named(variable) {
            None => vec![variable],
            Some(named) => {
                named.direction.iter().flat_map(Direction::iter).map(|(coordinate, _)| coordinate).collect()
            }
        }
    }

    /// v·ξ as a polynomial in the coordinates.
    ///
    /// # Panics
    /// For a variable without a vector.
    fn linear_form(&self, variable: u32) -> Polynomial {
        let vector = self.exact(variable).expect("the vector is in the file");
        Polynomial::linear(vector.iter().map(|(&coordinate, entry)| (coordinate, entry)))
    }

    /// The vector of a variable in fractions.
    pub(crate) fn exact(&self, variable: u32) -> Option<SparseVector<u32>> {
        self.direction(variable).map(|direction| direction.to_exact())
    }

    /// Q(Vξ) multiplied out: a symbol in coordinates. A term ∏ η^k costs as many monomials as its directions have
    /// entries, to the power k.
    ///
    /// # Panics
    /// For a variable without a vector.
    pub fn in_coordinates(&self, symbol: &Polynomial) -> Polynomial {
        let product = |monomial: &MultiIndex, coefficient: &Rational| {
            let (units, others): (Vec<_>, Vec<_>) =
                monomial.pairs().partition(|(variable, _)| *variable < self.coordinates);
            let monomial = Polynomial::term(MultiIndex::from_pairs(units), coefficient.clone());
            others.into_iter().fold(monomial, |product, (variable, power)| {
                &product * &self.linear_form(variable).power(power)
            })
        };
        Polynomial::from_terms(symbol.terms().flat_map(|(monomial, coefficient)| {
            let product = product(monomial, coefficient);
            product.terms().map(|(m, c)| (m.clone(), c.clone())).collect::<Vec<_>>()
        }))
    }
}
