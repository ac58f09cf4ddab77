//! Operations that move entries.

use num_traits::Zero;

use super::{Array, Rational, assert_computes};

#[test]
fn shapes_change_and_entries_stay() {
    let x = Array::numbers(&[2, 3, 2], 1);
    let flat = Array { shape: vec![4, 3], entries: x.entries.clone() };
    assert_computes(std::slice::from_ref(&x), |graph, x| graph.reshape(x[0], &[4, 3]), &flat);
    let wide = Array { shape: vec![1, 12, 1], entries: x.entries.clone() };
    let squeezed = Array { shape: vec![12], entries: x.entries.clone() };
    assert_computes(std::slice::from_ref(&wide), |graph, x| graph.squeeze(x[0], &[]), &squeezed);
    let half = Array { shape: vec![1, 12], entries: x.entries };
    assert_computes(&[wide], |graph, x| graph.squeeze(x[0], &[-1]), &half);
}

#[test]
fn axes_are_put_in_another_order() {
    let x = Array::numbers(&[2, 3, 4], 2);
    let moved = Array::new(&[4, 2, 3], |i| x.at(&[i[1], i[2], i[0]]));
    assert_computes(std::slice::from_ref(&x), |graph, x| graph.transpose(x[0], &[2, 0, 1]), &moved);
    let matrices = Array::new(&[2, 4, 3], |i| x.at(&[i[0], i[2], i[1]]));
    assert_computes(&[x], |graph, x| graph.transpose_matrix(x[0]), &matrices);
}

#[test]
fn axes_of_one_are_repeated() {
    let x = Array::numbers(&[3, 1], 3);
    let full = Array::new(&[2, 3, 4], |i| x.at(&[i[1], 0]));
    assert_computes(&[x], |graph, x| graph.broadcast_to(x[0], &[2, 3, 4]), &full);
}

#[test]
fn slices_step_forwards_and_backwards() {
    let x = Array::numbers(&[2, 7], 4);
    let every_third = Array::new(&[2, 2], |i| x.at(&[i[0], 1 + 3 * i[1]]));
    assert_computes(std::slice::from_ref(&x), |graph, x| graph.slice(x[0], 1, 1, 3, 2), &every_third);
    let backwards = Array::new(&[2, 3], |i| x.at(&[i[0], 6 - 2 * i[1]]));
    assert_computes(std::slice::from_ref(&x), |graph, x| graph.slice(x[0], -1, 6, -2, 3), &backwards);
    let row = Array::new(&[1, 7], |i| x.at(&[1, i[1]]));
    assert_computes(&[x], |graph, x| graph.slice(x[0], 0, 1, 1, 1), &row);
}

#[test]
fn entries_are_gathered_by_position() {
    let x = Array::numbers(&[2, 4, 2], 5);
    let positions = [[3usize, 0], [1, 1], [2, 3]];
    let expected = Array::new(&[2, 3, 2, 2], |i| x.at(&[i[0], positions[i[1]][i[2]], i[3]]));
    assert_computes(&[x], |graph, x| graph.gather(x[0], 1, &[-1, 0, 1, -3, 2, 3], &[3, 2]), &expected);
}

#[test]
fn tensors_are_put_side_by_side() {
    let (x, y) = (Array::numbers(&[2, 3], 6), Array::numbers(&[2, 1], 7));
    let side = Array::new(&[2, 4], |i| if i[1] < 3 { x.at(i) } else { y.at(&[i[0], i[1] - 3]) });
    assert_computes(&[x.clone(), y], |graph, x| graph.concat(x, -1), &side);
    let z = Array::numbers(&[2, 3], 8);
    let stacked =
        Array::new(&[2, 2, 3], |i| if i[1] == 0 { x.at(&[i[0], i[2]]) } else { z.at(&[i[0], i[2]]) });
    assert_computes(&[x, z], |graph, x| graph.stack(x, 1), &stacked);
}

#[test]
fn padding_is_zero() {
    let x = Array::numbers(&[2, 2], 9);
    let expected = Array::new(&[3, 5], |i| match (i[0].checked_sub(1), i[1].checked_sub(2)) {
        (Some(row), Some(column)) if row < 2 && column < 2 => x.at(&[row, column]),
        _ => Rational::zero(),
    });
    assert_computes(&[x], |graph, x| graph.pad(x[0], &[(1, 0), (2, 1)]), &expected);
}

#[test]
fn arrangements_of_arrangements_are_traced_to_their_source() {
    let x = Array::numbers(&[3, 4], 10);
    let expected =
        Array::new(&[2, 5], |i| if i[1] == 4 { Rational::zero() } else { x.at(&[2 - 2 * i[0], 3 - i[1]]) });
    assert_computes(
        &[x],
        |graph, x| {
            let transposed = graph.transpose_matrix(x[0])?;
            let reversed = graph.slice(transposed, 0, 3, -1, 4)?;
            let padded = graph.pad(reversed, &[(0, 1), (0, 0)])?;
            let back = graph.transpose_matrix(padded)?;
            graph.gather(back, 0, &[2, 0], &[2])
        },
        &expected,
    );
}

#[test]
fn what_is_moved_back_is_no_node() {
    let mut graph = super::Graph::new(6);
    let input = graph.input();
    let matrix = graph.reshape(input, &[2, 3]).unwrap();
    let there = graph.transpose_matrix(matrix).unwrap();
    let back = graph.transpose_matrix(there).unwrap();
    assert_eq!(graph.build(back).unwrap().nodes().len(), 1);
}
