//! Whether the vectors of variables are independent.
//!
//! Exactly where numbers stay short, otherwise in doubles: vectors that are dependent but for noise count as dependent. No
//! proof rests on the answer: what is made of a symbol is right along any vectors, and only the number of channels is at
//! stake. So many long vectors are taken to be independent, as vectors that were drawn or measured are.

use jetc_combinatorics::SparseVector;
use jetc_combinatorics::elimination::{Echelon, Insertion};

use super::component::are_long_as_directions;
use super::ldl;
use crate::spec::{Direction, Variables};

/// Multiplications that finding out in doubles may take, a fraction of a second.
const MOST_MULTIPLICATIONS: usize = 200_000_000;

/// Whether the vectors of these variables, which move so many coordinates together, are independent.
pub(super) fn are_independent(chosen: &[u32], variables: &Variables, coordinates: usize) -> bool {
    if chosen.len() > coordinates {
        return false;
    }
    if chosen.iter().all(|&variable| variable < variables.coordinates()) {
        return true;
    }
    let count = chosen.len();
    let long = count.saturating_mul(count).saturating_mul(coordinates + count) > MOST_MULTIPLICATIONS;
    let vectors = chosen.iter().filter_map(|&variable| variables.direction(variable));
    let vectors: Vec<Direction> = vectors.collect();
    if vectors.iter().all(|vector| vector.len() < 64) {
        let exact: Vec<SparseVector<u32>> = vectors.iter().map(Direction::to_exact).collect();
        if !are_long_as_directions(&exact, coordinates) {
            let mut echelon = Echelon::new();
            return exact
                .into_iter()
                .all(|vector| matches!(echelon.insert(vector), Insertion::Independent(_)));
        }
    }
    long || are_independent_in_doubles(&vectors)
}

/// The matrix of their cosines has as many pivots as there are vectors.
fn are_independent_in_doubles(vectors: &[Direction]) -> bool {
    let rows: Vec<Vec<(u32, f64)>> = vectors.iter().map(normalised).collect();
    let cosines = rows.iter().map(|a| rows.iter().map(|b| cosine(a, b)).collect()).collect();
    ldl::pivots(cosines).len() == vectors.len()
}

/// The direction scaled to length one.
fn normalised(direction: &Direction) -> Vec<(u32, f64)> {
    let largest = direction.iter().map(|(_, entry)| entry.to_f64().abs()).fold(0.0, f64::max);
    let row: Vec<(u32, f64)> =
        direction.iter().map(|(coordinate, entry)| (coordinate, entry.to_f64() / largest)).collect();
    let length = row.iter().map(|(_, entry)| entry * entry).sum::<f64>().sqrt();
    row.into_iter().map(|(coordinate, entry)| (coordinate, entry / length)).collect()
}

fn cosine(a: &[(u32, f64)], b: &[(u32, f64)]) -> f64 {
    let (mut sum, mut j) = (0.0, 0);
    for &(coordinate, entry) in a {
        while j < b.len() && b[j].0 < coordinate {
            j += 1;
        }
        if j < b.len() && b[j].0 == coordinate {
            sum += entry * b[j].1;
        }
    }
    sum
}
