//! Points of a domain that is given by points: some of them, or all.
//!
//! Without replacement, all equally likely, with equal weights. Where columns range over intervals, each point gets values of
//! its own for them by the scheme, and points are taken again when there are not enough. Checked by the tests of this file.

use super::cube::Sequence;
use super::error::SamplingError;
use super::number::{between, float};
use super::points::Points;
use super::random::{Generator, Purpose};
use super::scheme::Scheme;
use crate::domain::{Cloud, Column, Domain, Region};

/// `count` points of a region, or all that there are.
pub(super) fn sample(
    domain: &Domain,
    cloud: &Cloud,
    region: &Region,
    count: usize,
    scheme: Scheme,
    (seed, stream): (u64, u64),
) -> Result<Points, SamplingError> {
    let mut fixed = vec![None; domain.columns().len()];
    fix(domain, cloud, region, &mut fixed)?;
    let is_given = |column: usize| cloud.columns().contains(&column);
    let ranges: Vec<(usize, [f64; 2])> = domain
        .ranges()
        .into_iter()
        .enumerate()
        .filter(|&(column, _)| fixed[column].is_none() && !is_given(column))
        .collect();
    let is_one = cloud.columns().iter().all(|&column| fixed[column].is_some());
    let available = if is_one { 1 } else { cloud.len() };
    let count = if ranges.is_empty() { count.min(available) } else { count };
    let rows = chosen(cloud.len(), count.min(cloud.len()), seed, stream);
    let scheme = if scheme.is_product() { Scheme::Sobol } else { scheme };
    let mut sequence = Sequence::new(scheme, ranges.len().max(1), count, seed, stream);
    let mut cube = vec![0.0; ranges.len().max(1)];
    let mut coordinates = Vec::with_capacity(count * fixed.len());
    for number in 0..count {
        let mut point = vec![0.0; fixed.len()];
        let given = cloud.row(rows[number % rows.len()]);
        for (&column, &x) in cloud.columns().iter().zip(given) {
            point[column] = x;
        }
        sequence.next(&mut cube);
        for (&(column, [lower, upper]), &part) in ranges.iter().zip(&cube) {
            point[column] = between(lower, upper, part);
        }
        for (x, value) in point.iter_mut().zip(&fixed) {
            *x = value.unwrap_or(*x);
        }
        coordinates.extend(point);
    }
    Ok(Points {
        columns: fixed.len(),
        space_dimension: domain.space_dimension(),
        coordinates,
        normals: None,
        weights: vec![1.0 / float(count); count],
    })
}

/// Rows in rising order if it is all of them, otherwise the first of a shuffled list.
fn chosen(rows: usize, count: usize, seed: u64, stream: u64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..rows).collect();
    if count < rows {
        let mut generator = Generator::new(seed, stream, Purpose::Selection);
        for at in 0..count {
            let step = generator.below(rows - at);
            all.swap(at, at + step);
        }
        all.truncate(count);
    }
    all
}

/// The values that a region fixes; an error for what points do not tell.
fn fix(
    domain: &Domain,
    cloud: &Cloud,
    region: &Region,
    fixed: &mut [Option<f64>],
) -> Result<(), SamplingError> {
    let time = domain.columns().iter().position(|&column| column == Column::Time);
    let instant = |fixed: &mut [Option<f64>], value: fn([f64; 2]) -> f64| match (time, domain.time()) {
        (Some(column), Some(time)) if !cloud.columns().contains(&column) => {
            fixed[column] = Some(value(time));
            Ok(())
        }
        (None, _) | (_, None) => Err(SamplingError::NoTime),
        _ => Err(SamplingError::Cloud("start, end or instant")),
    };
    match region {
        Region::Interior => Ok(()),
        Region::Start => instant(fixed, |[start, _]| start),
        Region::End => instant(fixed, |[_, end]| end),
        Region::Instant(value) => {
            instant(fixed, |[start, _]| start)?;
            if let Some(column) = time {
                fixed[column] = Some(*value);
            }
            Ok(())
        }
        Region::Point(values) => {
            let is_free = |column: &usize| values[*column].is_none();
            let free = cloud.columns().iter().filter(|column| is_free(column)).count();
            if free > 0 && free < cloud.columns().len() {
                return Err(SamplingError::Cloud("sections"));
            }
            for (value, given) in fixed.iter_mut().zip(values) {
                *value = given.or(*value);
            }
            Ok(())
        }
        Region::Intersection(regions) => {
            regions.iter().try_for_each(|region| fix(domain, cloud, region, fixed))
        }
        Region::Boundary | Region::Part(_) => Err(SamplingError::Cloud("boundary")),
        Region::Face { .. } => Err(SamplingError::Cloud("faces")),
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "coordinates are taken as they are")]
mod tests {
    use super::*;
    use crate::domain::Shape;

    /// Ten points (x, y) on a parabola, with time in between as the second column.
    fn domain() -> Domain {
        let rows: Vec<f64> = (0..10u8).flat_map(|x| [f64::from(x), f64::from(x).powi(2)]).collect();
        let space = Shape::cuboid(vec![0.0, 0.0], vec![9.0, 81.0]).unwrap();
        let columns = vec![Column::Space(0), Column::Time, Column::Space(1)];
        let domain = Domain::new(Some(space), Some([2.0, 4.0]), vec![], columns).unwrap();
        domain.with_cloud(Cloud::new(vec![0, 2], rows).unwrap())
    }

    fn draw(region: &Region, count: usize, stream: u64) -> Vec<Vec<f64>> {
        let points = crate::sampling::sample(&domain(), region, count, Scheme::Gauss, 3, stream).unwrap();
        assert!((points.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        points.coordinates.chunks(3).map(<[f64]>::to_vec).collect()
    }

    #[test]
    fn points_are_those_of_the_cloud_each_once() {
        let start = draw(&Region::Start, 100, 0);
        let xs: Vec<f64> = start.iter().map(|row| row[0]).collect();
        assert_eq!(xs, (0..10u8).map(f64::from).collect::<Vec<_>>());
        assert!(start.iter().all(|row| row[2] == row[0] * row[0] && row[1] == 2.0));
        let some = draw(&Region::Start, 6, 0);
        let mut xs: Vec<f64> = some.iter().map(|row| row[0]).collect();
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        assert_eq!(xs.len(), 6);
        assert_eq!(some, draw(&Region::Start, 6, 0));
        assert_ne!(some, draw(&Region::Start, 6, 1));
    }

    #[test]
    fn columns_with_intervals_are_filled_evenly() {
        let inside = draw(&Region::Interior, 64, 0);
        assert_eq!(inside.len(), 64);
        for quarter in 0..4u8 {
            let lower = 2.0 + 0.5 * f64::from(quarter);
            let count = inside.iter().filter(|row| lower <= row[1] && row[1] < lower + 0.5).count();
            assert_eq!(count, 16, "a Sobol sequence of 64 points has 16 in each quarter");
        }
        // Each point six times, four of them once more.
        for x in 0..10u8 {
            let count = inside.iter().filter(|row| row[0] == f64::from(x)).count();
            assert!(count == 6 || count == 7, "{count}");
        }
        assert!(draw(&Region::Instant(3.0), 5, 0).iter().all(|row| row[1] == 3.0));
        assert_eq!(draw(&Region::Point(vec![Some(1.0), Some(2.0), Some(7.0)]), 5, 0), [[1.0, 2.0, 7.0]]);
    }

    #[test]
    fn what_points_do_not_tell_is_refused() {
        let face = Region::Face { axis: 0, value: 0.0 };
        for region in
            [Region::Boundary, Region::Part(vec![]), face, Region::Point(vec![Some(1.0), None, None])]
        {
            let error = crate::sampling::sample(&domain(), &region, 5, Scheme::Sobol, 0, 0).unwrap_err();
            assert!(error.to_string().contains("at: {file: rim.csv}"), "{error}");
        }
        assert!(Cloud::new(vec![0], vec![1.0, 1.0]).is_err() && Cloud::new(vec![0], vec![f64::NAN]).is_err());
    }

    #[test]
    fn places_far_from_all_points_are_outside() {
        let domain = domain();
        assert!(domain.contains(&[3.0, 2.5, 9.0]) && domain.contains(&[9.0, 4.0, 81.0]));
        assert!(!domain.contains(&[9.5, 2.5, 81.0]) && !domain.contains(&[3.0, 5.0, 9.0]));
        // An ell of 300 points: its missing quarter is no part of it.
        let grid = |at: u16| [f64::from(at % 20) / 19.0, f64::from(at / 20) / 19.0];
        let ell: Vec<f64> = (0..400u16).map(grid).filter(|[x, y]| *x < 0.51 || *y < 0.51).flatten().collect();
        let square = Shape::cuboid(vec![0.0, 0.0], vec![1.0, 1.0]).unwrap();
        let square =
            Domain::new(Some(square), None, vec![], vec![Column::Space(0), Column::Space(1)]).unwrap();
        let ell = square.with_cloud(Cloud::new(vec![0, 1], ell).unwrap());
        assert!(ell.contains(&[0.2, 0.9]) && ell.contains(&[0.9, 0.2]) && !ell.contains(&[0.9, 0.9]));
    }
}
