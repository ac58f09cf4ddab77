//! Shapes, axes and positions of tensors in row-major order.

use super::GraphError;

/// The number of entries, or nothing if no memory could hold them.
pub(super) fn size(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |size, &axis| size.checked_mul(axis))
}

/// From one entry to the next along each axis.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// An axis counted from the front, or with a negative number from the back.
pub(super) fn axis(axis: isize, shape: &[usize]) -> Result<usize, GraphError> {
    let from_front = if axis < 0 { axis + shape.len().cast_signed() } else { axis };
    usize::try_from(from_front)
        .ok()
        .filter(|&axis| axis < shape.len())
        .ok_or_else(|| GraphError::Axis { axis, shape: shape.to_vec() })
}

/// The shape that two shapes are broadcast to: missing axes come first, axes of 1 stretch.
pub(crate) fn broadcast(left: &[usize], right: &[usize]) -> Result<Vec<usize>, GraphError> {
    let rank = left.len().max(right.len());
    let at = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |i| shape[i]);
    let axes = (0..rank).map(|axis| match (at(left, axis), at(right, axis)) {
        (a, b) if a == b => Ok(a),
        (1, b) => Ok(b),
        (a, 1) => Ok(a),
        _ => Err(GraphError::Broadcast { left: left.to_vec(), right: right.to_vec() }),
    });
    axes.collect()
}

/// Visits every position of a tensor of this shape, the last axis running fastest.
pub(super) fn for_each_position(shape: &[usize], mut visit: impl FnMut(&[usize])) {
    if shape.contains(&0) {
        return;
    }
    let mut position = vec![0; shape.len()];
    loop {
        visit(&position);
        let Some(axis) = (0..shape.len()).rev().find(|&axis| position[axis] + 1 < shape[axis]) else {
            return;
        };
        position[axis] += 1;
        position[axis + 1..].fill(0);
    }
}

/// The axes of a list, each once, in order; no list means all of them.
pub(super) fn axes(list: &[isize], shape: &[usize]) -> Result<Vec<usize>, GraphError> {
    let mut axes = list.iter().map(|&a| axis(a, shape)).collect::<Result<Vec<_>, _>>()?;
    axes.sort_unstable();
    axes.dedup();
    Ok(axes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_broadcast_as_in_numpy() {
        assert_eq!(broadcast(&[3, 1], &[4]), Ok(vec![3, 4]));
        assert_eq!(broadcast(&[], &[2, 5]), Ok(vec![2, 5]));
        assert!(broadcast(&[3], &[4]).is_err());
    }

    #[test]
    fn positions_run_through_the_last_axis_first() {
        let visited = |shape: &[usize]| {
            let mut visited = Vec::new();
            for_each_position(shape, |position| visited.push(position.to_vec()));
            visited
        };
        assert_eq!(visited(&[2, 2]), [[0, 0], [0, 1], [1, 0], [1, 1]]);
        assert_eq!(visited(&[]), [[0usize; 0]]);
        assert!(visited(&[3, 0]).is_empty());
    }

    #[test]
    fn axes_are_counted_from_either_end() {
        assert_eq!((axis(-1, &[2, 3]), axis(0, &[2, 3])), (Ok(1), Ok(0)));
        assert!(axis(2, &[2, 3]).is_err() && axis(-3, &[2, 3]).is_err());
    }
}
