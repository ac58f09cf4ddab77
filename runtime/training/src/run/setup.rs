//! From a problem to terms with their points on one network.

use jetc_operators::{OperatorSpec, Precision, Strategy};
use jetc_runtime::{Differentiator, GradientError, Network};

use crate::problem::{Problem, ProblemError, TermKind, TermSpec};
use crate::sampling::{Points, Scheme, adaptive};
use crate::system::{System, Term};

/// The network of a problem, with inputs and outputs in the order of its coordinates and fields.
pub(super) fn network(problem: &Problem) -> Result<Network<f64>, ProblemError> {
    let network = problem.model.network()?;
    let names = problem.coordinates.names();
    let gradient = |reason| ProblemError::Gradient { term: problem.name.clone(), reason };
    let arranged = network.arranged(names, Some(&problem.fields));
    let arranged = arranged.map_err(|error| gradient(GradientError::Evaluation(error.into())))?.0;
    Ok(arranged.into_owned())
}

/// The network as an operator reads it: of points with more columns.
pub(crate) fn widened(network: &Network<f64>, spec: &OperatorSpec, coordinates: &[String]) -> Network<f64> {
    let names = spec.coordinates.names();
    if names.len() == coordinates.len() {
        return network.clone();
    }
    let place = |name: &String| names.iter().position(|known| known == name);
    let places: Vec<usize> = coordinates.iter().filter_map(place).collect();
    network.reading(&places, names.len())
}

/// All terms with their first points.
pub(super) fn system(problem: &Problem, network: &Network<f64>) -> Result<System, ProblemError> {
    let terms = problem.terms.iter().map(|spec| term(problem, spec, network));
    let terms = terms.collect::<Result<Vec<_>, _>>()?;
    Ok(System::new(terms, network.parameters().len(), problem.unknowns.len()))
}

fn term(problem: &Problem, spec: &TermSpec, network: &Network<f64>) -> Result<Term, ProblemError> {
    let names = problem.coordinates.names();
    let network = widened(network, &spec.spec, names);
    let plan = spec
        .spec
        .plan_for(Strategy::Auto, &network.topology(), Precision::Double)
        .map_err(|reason| ProblemError::Plan { term: spec.name.clone(), reason })?;
    let differentiator = Differentiator::<f64>::new(&plan, &network)
        .map_err(|reason| ProblemError::Gradient { term: spec.name.clone(), reason })?;
    let settings = &problem.settings;
    let points = spec.sample(&problem.domain, names, settings.sampling, (settings.seed, 0))?;
    let place = |name: &str| spec.spec.coordinates.names().iter().position(|known| known == name);
    let unknowns = problem.unknowns.iter().enumerate();
    let unknowns = unknowns.filter_map(|(number, unknown)| Some((place(&unknown.name)?, number))).collect();
    let term = Term::new(spec.name.clone(), differentiator, spec.weight, points, unknowns);
    Ok(if spec.kind == TermKind::Mean { term.of_means() } else { term })
}

/// Candidates for each point that is kept where residuals are large.
const CANDIDATES: usize = 5;

/// Draws the points of all terms anew: for a stream, the same ones on every machine.
pub(super) fn draw(
    problem: &Problem,
    system: &mut System,
    stream: u64,
    is_adaptive: bool,
) -> Result<(), ProblemError> {
    let settings = &problem.settings;
    let names = problem.coordinates.names();
    let scheme = scheme_of_streams(problem);
    for (term, spec) in system.terms.iter_mut().zip(&problem.terms) {
        if spec.kind == TermKind::Data {
            continue;
        }
        if is_adaptive && spec.kind == TermKind::Equation {
            let wide = TermSpec {
                name: spec.name.clone(),
                kind: spec.kind,
                spec: spec.spec.clone(),
                weight: spec.weight,
                points: spec.points.clone(),
                count: CANDIDATES * spec.count,
            };
            let (rows, weights) =
                wide.sample(&problem.domain, names, Some(scheme), (settings.seed, stream))?;
            let inputs = term.inputs();
            let squares = term
                .squares_at((rows.clone(), weights.clone()))
                .map_err(|reason| ProblemError::Gradient { term: spec.name.clone(), reason })?;
            // Where an equation has no value, nothing can be trained.
            let sound: Vec<usize> = (0..squares.len()).filter(|&row| squares[row].is_finite()).collect();
            if sound.is_empty() {
                continue;
            }
            let rows: Vec<f64> =
                sound.iter().flat_map(|&row| rows[row * inputs..][..inputs].iter().copied()).collect();
            let residuals: Vec<f64> = sound.iter().map(|&row| squares[row].sqrt()).collect();
            let candidates = Points {
                columns: inputs,
                space_dimension: 0,
                coordinates: rows.clone(),
                normals: None,
                weights: sound.iter().map(|&row| weights[row]).collect(),
            };
            let count = spec.count.min(sound.len());
            let chosen = adaptive(&candidates, &residuals, count, 1.0, 1.0, settings.seed, stream);
            let chosen =
                chosen.map_err(|reason| ProblemError::Sampling { term: spec.name.clone(), reason })?;
            let kept =
                chosen.iter().flat_map(|&row| rows[row * inputs..][..inputs].iter().copied()).collect();
            #[allow(clippy::cast_precision_loss, reason = "a number of points")]
            let weight = 1.0 / chosen.len().max(1) as f64;
            term.set_points(kept, vec![weight; chosen.len()]);
        } else {
            let (rows, weights) =
                spec.sample(&problem.domain, names, Some(scheme), (settings.seed, stream))?;
            term.set_points(rows, weights);
        }
    }
    Ok(())
}

/// Nodes of a grid are the same for every stream, so others take their place.
fn scheme_of_streams(problem: &Problem) -> Scheme {
    match problem.settings.sampling {
        Some(Scheme::Grid | Scheme::Gauss) | None => Scheme::Sobol,
        Some(scheme) => scheme,
    }
}

/// The stream of points that nothing is trained at.
const BETWEEN: u64 = u64::MAX;

/// The weighted mean squares of the equations at their points, and at as many others.
pub(super) fn at_and_between(problem: &Problem, system: &mut System) -> Result<[f64; 2], ProblemError> {
    let (names, scheme) = (problem.coordinates.names(), scheme_of_streams(problem));
    let mut sums = [0.0; 2];
    for (term, spec) in system.terms.iter_mut().zip(&problem.terms) {
        if spec.kind != TermKind::Equation {
            continue;
        }
        let gradient = |reason| ProblemError::Gradient { term: spec.name.clone(), reason };
        let others = spec.sample(&problem.domain, names, Some(scheme), (problem.settings.seed, BETWEEN))?;
        sums[0] += term.weight * mean(&term.squares().map_err(gradient)?);
        sums[1] += term.weight * mean(&term.squares_at(others).map_err(gradient)?);
    }
    Ok(sums)
}

#[allow(clippy::cast_precision_loss, reason = "a number of points")]
fn mean(squares: &[f64]) -> f64 {
    squares.iter().sum::<f64>() / squares.len().max(1) as f64
}

/// Slices of time that are solved one after another, and how hard later ones wait.
const SLICES: usize = 16;
const PATIENCE: f64 = 1.0;

/// Weights of the points of equations by time: see [`super::Run`].
pub(super) fn favour_early(problem: &Problem, system: &mut System) -> Result<(), GradientError> {
    let (Some(time), Some([start, end])) = (problem.coordinates.time(), problem.domain.time()) else {
        return Ok(());
    };
    let name = problem.coordinates.name(time);
    for (term, spec) in system.terms.iter_mut().zip(&problem.terms) {
        if spec.kind != TermKind::Equation {
            continue;
        }
        let Some(column) = spec.spec.coordinates.names().iter().position(|known| known == name) else {
            continue;
        };
        let inputs = term.inputs();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a slice"
        )]
        let slice = |row: usize, points: &[f64]| {
            let part = (points[row * inputs + column] - start) / (end - start);
            ((part * SLICES as f64) as usize).min(SLICES - 1)
        };
        let squares = term.squares()?;
        let (mut sums, mut counts) = ([0.0; SLICES], [0.0f64; SLICES]);
        for (row, square) in squares.iter().enumerate() {
            let slice = slice(row, term.points());
            sums[slice] += square;
            counts[slice] += 1.0;
        }
        let (mut before, mut factors) = (0.0, [1.0; SLICES]);
        for (factor, (sum, count)) in factors.iter_mut().zip(sums.iter().zip(counts)) {
            *factor = (-PATIENCE * before).exp().max(1e-6);
            before += sum / count.max(1.0);
        }
        #[allow(clippy::cast_precision_loss, reason = "a number of points")]
        let even = 1.0 / squares.len().max(1) as f64;
        let weights = (0..squares.len()).map(|row| even * factors[slice(row, term.points())]).collect();
        term.set_point_weights(weights);
    }
    Ok(())
}
