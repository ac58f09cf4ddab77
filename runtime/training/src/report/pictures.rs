//! Pictures of a run.

use super::History;
use super::fields::{CELLS, View, evaluate, points};
use super::reference::{Cells, cells};
use crate::picture::{
    Arrows, Axes, Axis, Chart, Colours, HeatMap, Over, Panel, Picture, Series, Style, panels,
};
use crate::problem::{Problem, ProblemError};
use crate::run::Run;

/// All pictures with their names.
pub(super) fn all(
    problem: &Problem,
    run: &Run,
    history: &History,
) -> Result<Vec<(&'static str, Picture)>, ProblemError> {
    let mut pictures = vec![("loss", losses(problem, history))];
    let view = View::of(problem);
    let found = evaluate(problem, run, &problem.view, points(problem, view))?;
    let nodes = match view {
        View::Line(_) => points(problem, view).flatten().collect(),
        View::Plane(..) => Vec::new(),
    };
    let known = match &problem.solution {
        Some(solution) if solution.points.is_none() => {
            let both = evaluate(problem, run, &solution.spec, points(problem, view))?;
            let exact = solution
                .fields
                .iter()
                .zip(both.chunks_exact(2))
                .map(|(field, pair)| (field, pair[1].clone()));
            exact.collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    let exact = |field: &String| known.iter().find(|(name, _)| *name == field).map(|(_, values)| values);
    let references = references(problem, run, view)?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for (field, found) in problem.fields.iter().zip(&found) {
        let exact = exact(field);
        let reference = references.iter().find(|(name, _)| *name == field).map(|(_, cells)| cells);
        rows.push(match (view, reference) {
            (View::Line(x), _) => vec![curves(problem, x, field, &nodes, found, exact)],
            (View::Plane(x, y), None) => {
                let axes = axes(problem, x, y);
                maps(field, (&axes, found), exact.map(|exact| (&axes, exact)))
            }
            (View::Plane(x, y), Some(cells)) => {
                let of_cells = Axes { columns: cells.columns, ..axes(problem, x, y) };
                errors.push(error_map(field, of_cells.clone(), cells.error.clone()));
                maps(field, (&axes(problem, x, y), found), Some((&of_cells, &cells.exact)))
            }
        });
        if let Some(exact) = exact {
            let difference: Vec<f64> =
                found.iter().zip(exact).map(|(found, exact)| (found - exact).abs()).collect();
            errors.push(match view {
                View::Line(x) => {
                    let series =
                        Series::new(format!("|{field} - exact|"), line(problem, x, &nodes, &difference));
                    let names = [problem.coordinates.names()[x].as_str(), "error"];
                    Panel::from(Chart::curves(format!("error of {field}"), names, vec![series]).logarithmic())
                }
                View::Plane(x, y) => error_map(field, axes(problem, x, y), difference),
            });
        }
    }
    if let View::Plane(x, y) = view {
        for (name, [u, v]) in &problem.vectors {
            let arrows = Arrows::new(name, axes(problem, x, y), &found[*u], &found[*v]);
            rows.push(vec![Panel::from(arrows.named(format!("|{name}|")))]);
        }
    }
    pictures.push(("solution", panels(&rows)));
    if !errors.is_empty() {
        pictures.push(("error", panels(&[errors])));
    }
    Ok(pictures)
}

fn losses(problem: &Problem, history: &History) -> Picture {
    let mut series = vec![Series::new("loss", history.column(problem, "loss")).style(Style::Strong)];
    if problem.terms.len() > 1 {
        series.extend(
            problem.terms.iter().map(|term| Series::new(&term.name, history.column(problem, &term.name))),
        );
    }
    for field in problem.solution.iter().flat_map(|solution| &solution.fields) {
        let column = history.column(problem, &format!("relative_l2_{field}"));
        series.push(Series::new(format!("relative error of {field}"), column));
    }
    Chart::losses(&problem.name, Over::Steps, series).picture()
}

fn axes(problem: &Problem, x: usize, y: usize) -> Axes {
    let ranges = problem.domain.ranges();
    let axis = |column: usize| {
        let name = &problem.coordinates.names()[column];
        if problem.coordinates.time() == u32::try_from(column).ok() {
            Axis::time(name, ranges[column])
        } else {
            Axis::space(name, ranges[column])
        }
    };
    Axes { x: axis(x), y: axis(y), columns: CELLS }
}

/// The fields that are known at the points of a file.
fn references<'a>(
    problem: &'a Problem,
    run: &Run,
    view: View,
) -> Result<Vec<(&'a String, Cells)>, ProblemError> {
    match (&problem.solution, view) {
        (Some(solution), View::Plane(x, y)) if let Some(points) = &solution.points => {
            let cells = cells(problem, run, solution, points, [x, y])?;
            Ok(solution.fields.iter().zip(cells).collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn error_map(field: &str, axes: Axes, error: Vec<f64>) -> Panel {
    let map = HeatMap::new(format!("error of {field}"), axes, error);
    map.colours(Colours::Errors).named(format!("|{field} - exact|")).into()
}

fn maps(field: &str, found: (&Axes, &[f64]), exact: Option<(&Axes, &Vec<f64>)>) -> Vec<Panel> {
    let map = |title: String, (axes, values): (&Axes, &[f64])| {
        HeatMap::new(title, axes.clone(), values.to_vec()).named(field)
    };
    match exact {
        None => vec![map(field.to_owned(), found).into()],
        Some((axes, exact)) => {
            let pair = [map(format!("{field}, found"), found), map(format!("{field}, exact"), (axes, exact))];
            HeatMap::alike(pair).into_iter().map(Panel::from).collect()
        }
    }
}

fn line(problem: &Problem, x: usize, points: &[f64], values: &[f64]) -> Vec<[f64; 2]> {
    let inputs = problem.coordinates.len();
    points.chunks_exact(inputs).zip(values).map(|(point, value)| [point[x], *value]).collect()
}

fn curves(
    problem: &Problem,
    x: usize,
    field: &str,
    points: &[f64],
    found: &[f64],
    exact: Option<&Vec<f64>>,
) -> Panel {
    let mut series = vec![Series::new("found", line(problem, x, points, found))];
    series.extend(
        exact.map(|exact| Series::new("exact", line(problem, x, points, exact)).style(Style::Dashed)),
    );
    let names = [problem.coordinates.names()[x].as_str(), field];
    Panel::from(Chart::curves(field, names, series))
}
