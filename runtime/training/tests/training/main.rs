//! Problems from their files to their solutions.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bits;
mod derivatives;
mod examples;
mod mistakes;
mod models;
mod places;
mod solutions;

use jetc_training::Problem;

/// Heat in a rod with an unknown, a flux, a mean and data: every kind of term, small.
const EVERYTHING: &str = "
coordinates: {space: x, time: t}
fields: [u, q]
parameters: {c: 1/2}
unknown: {kappa: {start: 1, range: [0, 2]}, shift: 0.1}
domain: {x: [0, 1], t: [0, 2]}
equations:
  heat: {expression: c*u_t = kappa*u_xx + shift, points: 20}
  flux: {expression: q = -kappa*u_x, points: 12, weight: 2}
conditions:
  start: {at: start, require: u = sin(pi*x), points: 5}
  walls: {at: boundary, require: dn(u) = q + normal_x, points: 6}
  level: {mean: u = shift, points: 9}
solution: {u: sin(pi*x)*exp(-t)}
network: {hidden: [5, 4]}
";

fn problem(text: &str) -> Problem {
    Problem::from_yaml("test.yaml", text).unwrap_or_else(|error| panic!("{error}"))
}
