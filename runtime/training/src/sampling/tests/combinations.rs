//! Unions, intersections and differences.

use super::*;

fn square(lower: [f64; 2], upper: [f64; 2]) -> Shape {
    Shape::cuboid(lower.to_vec(), upper.to_vec()).unwrap()
}

/// [−1, 1]² without its upper right quarter.
fn ell() -> Shape {
    Shape::difference(square([-1.0, -1.0], [1.0, 1.0]), vec![square([0.0, 0.0], [1.0, 1.0])]).unwrap()
}

#[test]
fn an_ell_has_boundary_points_with_outward_normals_and_none_inside() {
    for scheme in SCHEMES {
        let points = draw(&space(ell()), &Region::Boundary, 1024, scheme);
        assert!(points.len().abs_diff(1024) < 30, "{}", points.len());
        assert_outward(&points, &ell());
        assert_weights_sum_to_one(&points);
        // Two of the eight units of length are at the corner that is taken away.
        let inner = mean(&points, |x, _| f64::from(x[0] >= 0.0 && x[1] >= 0.0));
        assert!((inner - 0.25).abs() < 0.09, "{scheme:?} {inner}");
        // Divergence theorem: area 3 of length 8.
        let flux = mean(&points, |x, n| x[0] * n[0]);
        assert!((flux - 3.0 / 8.0).abs() < 0.12, "{scheme:?} {flux}");
    }
}

#[test]
fn an_ell_has_points_inside_in_three_quarters_of_its_square() {
    for scheme in SCHEMES {
        let points = draw(&space(ell()), &Region::Interior, 1200, scheme);
        assert!((0..points.len()).all(|row| ell().contains(points.point(row))));
        let left = mean(&points, |x, _| f64::from(x[0] < 0.0));
        assert!((left - 2.0 / 3.0).abs() < 0.085, "{scheme:?} {left}");
    }
}

#[test]
fn parts_of_differences_are_what_each_operand_gives_to_the_boundary() {
    let points = draw(&space(ell()), &Region::Part(vec![1]), 64, Scheme::Sobol);
    assert!(points.coordinates.chunks(2).all(|x| x[0] >= 0.0 && x[1] >= 0.0 && x[0].min(x[1]) < 1e-15));
    assert_outward(&points, &ell());
    assert!(sample(&space(ell()), &Region::Part(vec![2]), 64, Scheme::Sobol, 0, 0).is_err());
}

#[test]
#[allow(clippy::float_cmp, reason = "coordinates of sides are taken as they are")]
fn parts_of_parts_are_operands_of_operands_and_edges_of_polygons() {
    // A square with a hole that is a triangle and a square beside it.
    let triangle = Shape::polygon(vec![[0.2, 0.2], [0.4, 0.2], [0.2, 0.4]]).unwrap();
    let hole = Shape::union(vec![triangle, square([0.6, 0.6], [0.8, 0.8])]).unwrap();
    let shape = Shape::difference(square([0.0, 0.0], [1.0, 1.0]), vec![hole]).unwrap();
    let on = |part: &[usize], count| {
        draw(&space(shape.clone()), &Region::Part(part.to_vec()), count, Scheme::Sobol)
    };
    let outer = on(&[0], 40);
    assert!(outer.coordinates.chunks(2).all(|x| x.iter().any(|&x| x == 0.0 || x == 1.0)));
    let both = on(&[1], 60);
    let near = |points: &Points| mean(points, |x, _| f64::from(x[0] < 0.5));
    // Lengths 0.4 + 0.2 √2 and 0.8.
    let share = (0.4 + 0.2 * 2f64.sqrt()) / (1.2 + 0.2 * 2f64.sqrt());
    assert!((near(&both) - share).abs() < 0.05, "{}", near(&both));
    // Weights add up to one but for rounding.
    assert!(near(&on(&[1, 0], 20)) > 1.0 - 1e-12 && near(&on(&[1, 1], 20)) < 1e-12);
    // The edge from (0.2, 0.2) to (0.4, 0.2): the hole is above it, so the normal out of the shape points upwards.
    let edge = on(&[1, 0, 0], 20);
    assert!((0..20).all(|row| edge.point(row)[1] == 0.2 && edge.normal(row) == Some(&[0.0, 1.0])));
    assert_eq!(on(&[], 30), draw(&space(shape.clone()), &Region::Boundary, 30, Scheme::Sobol));
    for (part, count) in [(vec![2], 2), (vec![1, 2], 2), (vec![1, 0, 3], 3), (vec![0, 0], 0)] {
        let error =
            sample(&space(shape.clone()), &Region::Part(part.clone()), 9, Scheme::Sobol, 0, 0).unwrap_err();
        assert!(
            matches!(error, SamplingError::NoPart { count: found, .. } if found == count),
            "{part:?} {error}"
        );
    }
}

#[test]
fn faces_of_differences_leave_out_what_is_taken_away() {
    let points = draw(&space(ell()), &Region::Face { axis: 0, value: 1.0 }, 64, Scheme::Sobol);
    assert!((0..64).all(|row| points.point(row)[1] <= 0.0 && points.normal(row) == Some(&[1.0, 0.0])));
    let cut = Region::Intersection(vec![Region::Boundary, Region::Face { axis: 1, value: 0.0 }]);
    let points = draw(&space(ell()), &cut, 64, Scheme::Uniform);
    assert!((0..64).all(|row| points.point(row)[0] >= 0.0 && points.normal(row) == Some(&[0.0, 1.0])));
}

#[test]
fn common_faces_of_unions_are_inside() {
    let shape = Shape::union(vec![square([0.0, 0.0], [1.0, 1.0]), square([1.0, 0.0], [2.0, 1.0])]).unwrap();
    let points = draw(&space(shape.clone()), &Region::Boundary, 600, Scheme::Sobol);
    assert_outward(&points, &shape);
    let ends = mean(&points, |_, n| n[0] * n[0]);
    assert!((ends - 2.0 / 6.0).abs() < 0.02, "{ends}");
}

#[test]
fn coinciding_faces_of_operands_count_once() {
    // Both operands have the bottom of length 1; counted twice it would be 2/5 of the boundary.
    let tall = square([0.0, 0.0], [1.0, 2.0]);
    let shape = Shape::intersection(vec![tall, square([0.0, 0.0], [1.0, 1.0])]).unwrap();
    let points = draw(&space(shape.clone()), &Region::Boundary, 1000, Scheme::Sobol);
    assert_outward(&points, &shape);
    let bottom = mean(&points, |_, n| f64::from(n[1] < 0.0));
    assert!((bottom - 0.25).abs() < 0.02, "{bottom}");
}

#[test]
fn a_ring_has_normals_away_from_it_on_both_circles() {
    let disc = |radius| Shape::ball(vec![0.0, 0.0], radius).unwrap();
    let ring = Shape::difference(disc(2.0), vec![disc(1.0)]).unwrap();
    for scheme in SCHEMES {
        let points = draw(&space(ring.clone()), &Region::Boundary, 900, scheme);
        assert_outward(&points, &ring);
        let inner = mean(&points, |x, _| f64::from(x[0].hypot(x[1]) < 1.5));
        assert!((inner - 1.0 / 3.0).abs() < 0.1, "{scheme:?} {inner}");
    }
}

#[test]
fn combinations_of_different_shapes_obey_the_divergence_theorem() {
    // A plate with a round hole and an elliptic one: mean of (x − c)·n over boundary is d |A| / |∂A| for any c.
    let holes = vec![
        Shape::ball(vec![-0.5, 0.0], 0.25).unwrap(),
        Shape::ellipsoid(vec![0.5, 0.0], vec![0.25, 0.5]).unwrap(),
    ];
    let plate = Shape::difference(square([-1.0, -1.0], [1.0, 1.0]), holes).unwrap();
    let points = draw(&space(plate.clone()), &Region::Boundary, 40_000, Scheme::Sobol);
    assert_outward(&points, &plate);
    // Sobol points of a function with jumps: an error near 1/√N at worst.
    let constant = mean(&points, |_, n| n[0]);
    assert!(constant.abs() < 5e-3, "{constant}");
    let (across, along) = (mean(&points, |x, n| x[0] * n[0]), mean(&points, |x, n| x[1] * n[1]));
    assert!((across / along - 1.0).abs() < 2e-2, "{across} {along}");
}

#[test]
fn empty_combinations_are_reported() {
    let hidden =
        Shape::difference(square([0.0, 0.0], [1.0, 1.0]), vec![square([-1.0, -1.0], [2.0, 2.0])]).unwrap();
    for scheme in SCHEMES {
        let error = sample(&space(hidden.clone()), &Region::Interior, 5, scheme, 0, 0).unwrap_err();
        assert!(matches!(error, SamplingError::TooThin { found: 0, .. }), "{scheme:?} {error}");
    }
}
