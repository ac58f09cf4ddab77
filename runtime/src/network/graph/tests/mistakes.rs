//! What does not fit is an error, not a panic.

use super::{Graph, ratio};
use crate::network::{GraphError, Matrix, Window};

#[test]
fn shapes_that_do_not_fit_are_named() {
    let mut graph = Graph::new(6);
    let input = graph.input();
    let x = graph.reshape(input, &[2, 3]).unwrap();
    let is_shape = |result: Result<_, GraphError>| matches!(result, Err(GraphError::Shape { .. }));
    let broadcast = |result: Result<_, GraphError>| matches!(result, Err(GraphError::Broadcast { .. }));
    let axis = |result: Result<_, GraphError>| matches!(result, Err(GraphError::Axis { .. }));
    let position = |result: Result<_, GraphError>| matches!(result, Err(GraphError::Position { .. }));
    let inner = |result: Result<_, GraphError>| matches!(result, Err(GraphError::Inner { .. }));
    assert!(broadcast(graph.add(x, input)) && broadcast(graph.multiply(x, input)));
    assert!(broadcast(graph.broadcast_to(x, &[2, 4])) && broadcast(graph.concat(&[x, input], 0)));
    assert!(
        axis(graph.sum(x, &[2], false)) && axis(graph.transpose(x, &[0, 0])) && axis(graph.squeeze(x, &[0]))
    );
    assert!(position(graph.slice(x, 1, 2, 1, 2)) && position(graph.slice(x, 1, 0, -1, 2)));
    assert!(position(graph.gather(x, 0, &[-3], &[1])));
    assert!(
        inner(graph.matmul(x, x))
            && inner(graph.linear(x, Matrix::from_row_major(1, 2, vec![ratio(1, 1); 2]).unwrap(), None))
    );
    assert!(is_shape(graph.pad(x, &[(1, 1)])) && is_shape(graph.concat(&[], 0)));
    assert!(is_shape(graph.average_pool(x, &Window::new(&[4]))));
    assert!(matches!(graph.reshape(x, &[5]), Err(GraphError::Reshape { .. })));
    assert!(matches!(graph.constant(&[2], vec![ratio(1, 1)]), Err(GraphError::Constant { .. })));
    for equation in ["ij,jk->ik", "ii->i", "ijk->i", "ij->k", "i1->i"] {
        assert!(matches!(graph.einsum(equation, &[x]), Err(GraphError::Equation { .. })), "{equation}");
    }
}

#[test]
fn sizes_beyond_all_memory_are_named() {
    let mut graph = Graph::new(1);
    let input = graph.input();
    let error = graph.reshape(input, &[usize::MAX, usize::MAX]).unwrap_err();
    assert!(error.to_string().contains(&usize::MAX.to_string()));
    assert!(matches!(graph.broadcast_to(input, &[1 << 30, 1 << 30]), Err(GraphError::TooLarge { .. })));
    assert!(matches!(graph.broadcast_to(input, &[usize::MAX, 2]), Err(GraphError::TooLarge { .. })));
    assert!(matches!(graph.pad(input, &[(usize::MAX, 1)]), Err(GraphError::TooLarge { .. })));
}
