"""The parameters of a network by name, in one flat vector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Parameters(Mapping[str, NDArray[Any]]):
    """Named tensors, one after another in one vector θ.

    `flat` is θ, [P], a read-only view; `parameters["layers.0.weight"]` is a view of a part of it in its shape. `split` cuts
    another vector of that length, such as a gradient, in the same way. `names`, `shapes` and `offsets` are in order.
    """

    def __init__(self, layout: Sequence[tuple[str, tuple[int, ...], int]], flat: NDArray[Any]) -> None:
        self._layout = {name: (shape, offset) for name, shape, offset in layout}
        self.flat = flat

    @property
    def names(self) -> list[str]:
        return list(self._layout)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: shape for name, (shape, _) in self._layout.items()}

    @property
    def offsets(self) -> dict[str, int]:
        return {name: offset for name, (_, offset) in self._layout.items()}

    @property
    def size(self) -> int:
        """P, how many numbers there are."""
        return self.flat.size

    def split(self, vector: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """The parts of a vector [P], or of vectors [..., P], by name: views where that is possible."""
        vector = np.asarray(vector)
        if vector.shape[-1:] != self.flat.shape:
            raise ValueError(f"a vector of shape {vector.shape}; expected [..., {self.size}]")
        return {name: self._part(vector, name) for name in self._layout}

    def _part(self, vector: NDArray[Any], name: str) -> NDArray[Any]:
        shape, offset = self._layout[name]
        part = vector[..., offset : offset + int(np.prod(shape))]
        return part.reshape(*vector.shape[:-1], *shape)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._part(self.flat, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout)

    def __len__(self) -> int:
        return len(self._layout)

    def __repr__(self) -> str:
        tensors = ", ".join(f"{name}: {list(shape)}" for name, (shape, _) in self._layout.items())
        return f"<jetc.Parameters {self.size} in {len(self)} tensors; {tensors}>"


def flat(current: Parameters, given: Any) -> NDArray[np.float64]:
    """θ from a vector of any type of numbers, or from a mapping of names to arrays on top of what there is."""
    if not isinstance(given, Mapping):
        return np.asarray(given, dtype=np.float64).reshape(-1)
    theta = np.array(current.flat)
    parts = current.split(theta)
    for name, values in given.items():
        if name not in parts:
            raise KeyError(f"there is no parameter {name!r}; parameters are {', '.join(current.names)}")
        values = np.asarray(values)
        if values.shape != parts[name].shape:
            raise ValueError(f"{name} has shape {list(values.shape)}; expected {list(parts[name].shape)}")
        parts[name][...] = values
    return theta
