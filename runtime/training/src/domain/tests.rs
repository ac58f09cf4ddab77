//! Laws of shapes and domains.

use std::f64::consts::PI;

use super::polygon::turn;
use super::*;

fn star() -> Vec<[f64; 2]> {
    (0..10_u8)
        .map(|i| {
            let (angle, radius) = (f64::from(i) * PI / 5.0, if i % 2 == 0 { 2.0 } else { 0.7 });
            [3.0 + radius * angle.cos(), radius * angle.sin()]
        })
        .collect()
}

#[test]
fn volumes_of_balls_are_those_of_the_books() {
    let volumes = [PI, 4.0 / 3.0 * PI, PI * PI / 2.0, 8.0 / 15.0 * PI * PI, PI.powi(3) / 6.0];
    for (d, volume) in (2..).zip(volumes) {
        let ball = Shape::ball(vec![1.0; d], 1.0).unwrap();
        assert!((ball.measure().unwrap() / volume - 1.0).abs() < 1e-14, "d = {d}");
    }
    let ellipsoid = Shape::ellipsoid(vec![0.0, 0.0], vec![2.0, 3.0]).unwrap();
    assert!((ellipsoid.measure().unwrap() / (6.0 * PI) - 1.0).abs() < 1e-14);
}

#[test]
fn balls_of_one_dimension_are_intervals() {
    let interval = Shape::ball(vec![2.0], 0.5).unwrap();
    assert_eq!(interval, Shape::cuboid(vec![1.5], vec![2.5]).unwrap());
}

#[test]
fn closed_shapes_have_their_boundary_and_enclose_what_is_within() {
    let square = Shape::polygon(vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]).unwrap();
    let shapes = [
        Shape::cuboid(vec![0.0, 0.0], vec![1.0, 1.0]).unwrap(),
        Shape::ball(vec![0.5, 0.5], 0.5).unwrap(),
        square.clone(),
        Shape::union(vec![square.clone(), square.clone()]).unwrap(),
        Shape::intersection(vec![square.clone(), square]).unwrap(),
    ];
    for shape in shapes {
        assert!(shape.contains(&[1.0, 0.5]) && !shape.encloses(&[1.0, 0.5]), "{shape:?}");
        assert!(shape.contains(&[0.5, 0.5]) && shape.encloses(&[0.5, 0.5]), "{shape:?}");
        assert!(!shape.contains(&[1.001, 0.5]) && !shape.contains(&[0.5]), "{shape:?}");
    }
}

#[test]
fn triangles_of_polygons_have_their_area_and_are_inside() {
    let mut with_straight = star();
    with_straight.insert(1, [0, 1].map(|axis| f64::midpoint(star()[0][axis], star()[1][axis])));
    for vertices in [star(), with_straight, star().into_iter().rev().collect()] {
        let polygon = Polygon::new(vertices).unwrap();
        let triangles = polygon.triangles();
        let area: f64 = triangles.iter().map(|[a, b, c]| turn(*a, *b, *c) / 2.0).sum();
        assert!((area / polygon.measure() - 1.0).abs() < 1e-13, "{}", area / polygon.measure());
        for [a, b, c] in triangles {
            assert!(turn(a, b, c) > 0.0);
            assert!(polygon.contains(&[0, 1].map(|axis| (a[axis] + b[axis] + c[axis]) / 3.0)));
        }
    }
}

#[test]
fn edges_keep_their_numbers_in_either_orientation() {
    let vertices = vec![[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]];
    let forth: Vec<_> = Polygon::new(vertices.clone()).unwrap().edges().collect();
    assert_eq!(forth[0], [[0.0, 0.0], [2.0, 0.0]]);
    // Clockwise: edge 0 is from (0, 1) to (2, 0), with the inside on the left when walked the other way.
    let back: Vec<_> = Polygon::new(vertices.into_iter().rev().collect()).unwrap().edges().collect();
    assert_eq!(back[0], [[2.0, 0.0], [0.0, 1.0]]);
}

#[test]
fn shapes_that_are_none_are_refused() {
    let unit = || Shape::cuboid(vec![0.0], vec![1.0]).unwrap();
    assert!(matches!(Shape::cuboid(vec![], vec![]), Err(DomainError::NoCoordinates)));
    assert!(matches!(Shape::cuboid(vec![0.0], vec![1.0, 2.0]), Err(DomainError::Length { found: 2, .. })));
    assert!(matches!(Shape::cuboid(vec![1.0], vec![1.0]), Err(DomainError::NotOrdered { index: 0, .. })));
    assert!(matches!(Shape::cuboid(vec![f64::NAN], vec![1.0]), Err(DomainError::NotFinite { .. })));
    assert!(matches!(Shape::ball(vec![0.0, 0.0], 0.0), Err(DomainError::NotPositive { index: 0, .. })));
    assert!(matches!(Shape::polygon(vec![[0.0, 0.0], [1.0, 0.0]]), Err(DomainError::FewVertices(2))));
    assert!(matches!(Shape::union(vec![unit()]), Err(DomainError::FewOperands("union"))));
    let far = Shape::cuboid(vec![1.0], vec![2.0]).unwrap();
    assert!(matches!(Shape::intersection(vec![unit(), far]), Err(DomainError::Disjoint { axis: 0 })));
    let plane = Shape::ball(vec![0.0, 0.0], 1.0).unwrap();
    assert!(matches!(Shape::union(vec![unit(), plane]), Err(DomainError::Dimension { index: 1, .. })));
}

#[test]
fn polygons_that_touch_themselves_are_refused() {
    let crossing = vec![[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]];
    let repeated = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
    let folded = vec![[0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 1.0]];
    let touching = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [1.0, 0.0], [0.0, 2.0]];
    for vertices in [crossing, repeated, folded, touching] {
        assert!(matches!(Polygon::new(vertices.clone()), Err(DomainError::NotSimple { .. })), "{vertices:?}");
    }
    assert!(Polygon::new(star()).is_ok());
}

#[test]
fn columns_have_to_be_the_coordinates_once_each() {
    let make = |columns: &[Column]| {
        let shape = Shape::cuboid(vec![0.0, 0.0], vec![1.0, 1.0]).unwrap();
        Domain::new(Some(shape), Some([0.0, 2.0]), vec![[4.0, 5.0]], columns.to_vec())
    };
    let [x, y, t, p] = [Column::Space(0), Column::Space(1), Column::Time, Column::Parameter(0)];
    let domain = make(&[t, y, p, x]).unwrap();
    assert_eq!(domain.space_columns(), [3, 1]);
    assert_eq!(domain.ranges(), [[0.0, 2.0], [0.0, 1.0], [4.0, 5.0], [0.0, 1.0]]);
    assert!(domain.contains(&[2.0, 0.0, 4.5, 1.0]) && !domain.contains(&[2.1, 0.0, 4.5, 1.0]));
    assert!(matches!(make(&[t, y, p]), Err(DomainError::Columns { found: 0, .. })));
    assert!(matches!(make(&[t, y, p, x, t]), Err(DomainError::Columns { found: 2, .. })));
    assert!(matches!(make(&[t, y, p, Column::Space(2)]), Err(DomainError::UnknownColumn { column: 3, .. })));
}
