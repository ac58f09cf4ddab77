//! Boxes, times and parameters.

use super::*;

/// −1 ≤ x ≤ 2, 0 ≤ y ≤ 1, 0 ≤ t ≤ 3, 5 ≤ p ≤ 6 in points (y, t, p, x).
fn mixed() -> Domain {
    let shape = Shape::cuboid(vec![-1.0, 0.0], vec![2.0, 1.0]).unwrap();
    let columns = vec![Column::Space(1), Column::Time, Column::Parameter(0), Column::Space(0)];
    Domain::new(Some(shape), Some([0.0, 3.0]), vec![[5.0, 6.0]], columns).unwrap()
}

#[test]
fn points_of_each_scheme_are_in_the_domain_with_weights_that_sum_to_one() {
    let domain = mixed();
    for scheme in SCHEMES {
        for region in
            [Region::Interior, Region::Boundary, Region::Start, Region::Face { axis: 0, value: 2.0 }]
        {
            let points = draw(&domain, &region, 256, scheme);
            assert!(points.len() >= 200 && points.len() <= 300, "{scheme:?} {region:?} {}", points.len());
            assert_weights_sum_to_one(&points);
            assert!((0..points.len()).all(|row| domain.contains(points.point(row))));
        }
    }
}

#[test]
fn gauss_points_integrate_polynomials_in_all_columns() {
    let points = draw(&mixed(), &Region::Interior, 81, Scheme::Gauss);
    assert_eq!(points.len(), 81);
    // Three nodes an axis: degree 5. Means of y⁵, t⁵, p, x⁵ over their intervals.
    let found = mean(&points, |z, _| z[0].powi(5) * z[1].powi(5) * z[2] * z[3].powi(5));
    let exact = 1.0 / 6.0 * (3.0_f64.powi(5) / 6.0) * 5.5 * ((64.0 - 1.0) / 18.0);
    assert!((found / exact - 1.0).abs() < 1e-13, "{}", found / exact);
}

#[test]
fn grids_are_midpoints_of_cells() {
    let domain = space(Shape::cuboid(vec![0.0, 0.0], vec![1.0, 2.0]).unwrap());
    let points = draw(&domain, &Region::Interior, 4, Scheme::Grid);
    assert_eq!(points.coordinates, [0.25, 0.5, 0.25, 1.5, 0.75, 0.5, 0.75, 1.5]);
}

#[test]
fn boundaries_of_boxes_have_unit_outward_normals_and_points_by_area() {
    let shape = Shape::cuboid(vec![0.0, 0.0, 0.0], vec![1.0, 2.0, 3.0]).unwrap();
    for scheme in SCHEMES {
        let points = draw(&space(shape.clone()), &Region::Boundary, 4096, scheme);
        assert_outward(&points, &shape);
        // The faces across x have 2·6 of the area 2·(6 + 3 + 2); random weights deviate by √(p(1 − p)/4096) = 0.008.
        let across = mean(&points, |_, n| n[0] * n[0]);
        assert!((across - 6.0 / 11.0).abs() < 0.04, "{scheme:?} {across}");
        // Divergence theorem for the field x e₁: |V| / |∂V| = 6 / 22.
        let flux = mean(&points, |x, n| x[0] * n[0]);
        assert!((flux - 6.0 / 22.0).abs() < 0.04, "{scheme:?} {flux}");
    }
}

#[test]
fn faces_have_the_normal_of_their_end_and_sections_have_none() {
    let domain = mixed();
    let lower = draw(&domain, &Region::Face { axis: 0, value: -1.0 }, 20, Scheme::Sobol);
    assert!((0..20).all(|row| lower.normal(row) == Some(&[-1.0, 0.0])));
    let section = draw(&domain, &Region::Face { axis: 0, value: 0.5 }, 20, Scheme::Sobol);
    assert!(
        section.normals.is_none()
            && section.coordinates.chunks(4).all(|z| z[3].to_bits() == 0.5_f64.to_bits())
    );
}

#[test]
fn intersections_fix_all_that_their_regions_fix() {
    let corner = Region::Intersection(vec![
        Region::Start,
        Region::Face { axis: 0, value: 2.0 },
        Region::Point(vec![None, None, Some(5.25), None]),
    ]);
    let points = draw(&mixed(), &corner, 9, Scheme::Grid);
    assert_eq!(points.len(), 9);
    assert!(points.coordinates.chunks(4).all(|z| z[1..] == [0.0, 5.25, 2.0]));
    assert_eq!(points.normal(8), Some(&[1.0, 0.0][..]));
}

#[test]
fn the_boundary_of_a_section_has_the_faces_of_the_other_axes() {
    let regions =
        Region::Intersection(vec![Region::Boundary, Region::Face { axis: 0, value: 0.5 }, Region::End]);
    let points = draw(&mixed(), &regions, 100, Scheme::Uniform);
    assert!(points.coordinates.chunks(4).all(|z| [0.0, 1.0].contains(&z[0]) && z[1..] == [3.0, z[2], 0.5]));
    assert!((0..100).all(|row| points.normal(row) == Some(&[0.0, 2.0 * points.point(row)[0] - 1.0])));
}

#[test]
fn finitely_many_points_are_given_once_each() {
    let domain = space(Shape::cuboid(vec![-1.0], vec![4.0]).unwrap());
    for scheme in SCHEMES {
        let ends = draw(&domain, &Region::Boundary, 50, scheme);
        assert_eq!((ends.coordinates, ends.weights), (vec![-1.0, 4.0], vec![0.5, 0.5]));
        assert_eq!(ends.normals, Some(vec![-1.0, 1.0]));
        assert_eq!(draw(&domain, &Region::Point(vec![Some(2.5)]), 50, scheme).coordinates, [2.5]);
    }
}

#[test]
fn domains_of_time_alone_have_points() {
    let domain = Domain::new(None, Some([1.0, 2.0]), vec![], vec![Column::Time]).unwrap();
    assert_eq!(draw(&domain, &Region::Start, 5, Scheme::Sobol).coordinates, [1.0]);
    assert_eq!(draw(&domain, &Region::Interior, 2, Scheme::Grid).coordinates, [1.25, 1.75]);
    let error = sample(&domain, &Region::Boundary, 5, Scheme::Sobol, 0, 0);
    assert_eq!(error, Err(SamplingError::NoSpace("boundary")));
}

#[test]
fn the_same_arguments_give_the_same_bits_and_other_seeds_and_streams_other_points() {
    let domain = mixed();
    for scheme in [Scheme::Uniform, Scheme::Sobol, Scheme::LatinHypercube] {
        let points = |seed, stream| sample(&domain, &Region::Boundary, 33, scheme, seed, stream).unwrap();
        assert_eq!(points(1, 2), points(1, 2));
        assert_ne!(points(1, 2), points(2, 2));
        assert_ne!(points(1, 2), points(1, 3));
    }
}

#[test]
fn boxes_of_ten_thousand_dimensions_have_points_inside_and_on_their_boundary() {
    let n = 10_000;
    let shape = Shape::cuboid(vec![-2.0; n], vec![2.0; n]).unwrap();
    let domain = space(shape.clone());
    for scheme in [Scheme::Uniform, Scheme::Sobol, Scheme::LatinHypercube] {
        let inside = draw(&domain, &Region::Interior, 8, scheme);
        assert!((0..8).all(|row| shape.encloses(inside.point(row))), "{scheme:?}");
        let boundary = draw(&domain, &Region::Boundary, 8, scheme);
        assert!(
            (0..8).all(|row| !shape.encloses(boundary.point(row)) && shape.contains(boundary.point(row)))
        );
    }
    let error = sample(&domain, &Region::Interior, 8, Scheme::Gauss, 0, 0).unwrap_err();
    assert!(error.to_string().contains("sobol"), "{error}");
}

#[test]
fn regions_that_the_domain_lacks_are_refused() {
    let domain = mixed();
    let refused = |region| sample(&domain, &region, 10, Scheme::Sobol, 0, 0).unwrap_err();
    assert!(matches!(refused(Region::Instant(4.0)), SamplingError::Outside { .. }));
    assert!(matches!(
        refused(Region::Face { axis: 2, value: 0.0 }),
        SamplingError::NoAxis { axis: 2, dimension: 2 }
    ));
    assert!(matches!(refused(Region::Part(vec![0])), SamplingError::NoPart { count: 0, .. }));
    assert!(matches!(
        refused(Region::Point(vec![None])),
        SamplingError::PointLength { found: 1, expected: 4 }
    ));
    let twice = Region::Intersection(vec![Region::Start, Region::End]);
    assert!(matches!(refused(twice), SamplingError::Contradiction { .. }));
    assert_eq!(sample(&domain, &Region::Interior, 0, Scheme::Sobol, 0, 0), Err(SamplingError::NoCount));
}
