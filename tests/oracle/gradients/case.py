"""What a case is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Network:
    """A network as a function, as random weights, and as a file.

    function    (tensors, x [n]) -> [m], for one point
    weights     fills a `Weights` with the tensors of the file
    constants   names of the tensors that are no parameters
    activation  of a bare state dict, which is then the file; or
    layers      the model file, without the line that names the weights; or
    onnx        (tensors) -> the bytes of the ONNX file
    """

    function: Callable
    weights: Callable
    constants: tuple = ()
    activation: str | None = None
    layers: str | None = None
    onnx: Callable | None = None


@dataclass
class Operator:
    """An operator as a file, and as a function.

    columns     (fields, x [n], unknowns) -> list of numbers; the fields are
                functions of x, one for each output of the network
    unknowns    the values of the unknowns, in order
    """

    inputs: int
    text: str
    columns: Callable
    unknowns: dict = field(default_factory=dict)


@dataclass
class Case:
    name: str
    operator: Operator
    network: Network
    points: int = 5
    low: float = -1.0
    high: float = 1.0
