"""The compiled part of jetc."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias, final, overload

from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._parameters import Parameters

__all__ = [
    "Diagnostic",
    "EvaluationError",
    "Evaluator",
    "JetcError",
    "ModelError",
    "Network",
    "Operator",
    "Plan",
    "PlanError",
    "ProblemError",
    "SpecError",
    "__version__",
    "builtins",
    "duration",
    "solve",
    "suggest",
    "xla_targets",
]

__version__: str

_Path: TypeAlias = str | PathLike[str]
_Strategy: TypeAlias = Literal["auto", "minimal", "collapsed", "standard"]
_Wrt: TypeAlias = Literal["parameters", "points", "unknowns"]
_Theta: TypeAlias = NDArray[Any] | Sequence[float] | Mapping[str, ArrayLike]
_Source: TypeAlias = str | PathLike[str] | Mapping[str, Any]

class JetcError(ValueError): ...
class SpecError(JetcError):
    diagnostics: list[Diagnostic]
    source: str
    source_name: str

class PlanError(JetcError): ...
class ModelError(JetcError): ...
class EvaluationError(JetcError): ...
class ProblemError(JetcError): ...

@final
class Diagnostic:
    def __new__(
        cls,
        code: str,
        message: str,
        label: str,
        help: str | None,
        line: int,
        column: int,
        end_line: int,
        end_column: int,
    ) -> Diagnostic: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def help(self) -> str | None: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def end_column(self) -> int: ...

@final
class Operator:
    def __new__(
        cls,
        source: _Source,
        *,
        dim: int | None = None,
        coordinates: Sequence[str] | Mapping[str, Any] | None = None,
        fields: Sequence[str] | Mapping[str, int] | None = None,
        parameters: Mapping[str, Any] | None = None,
        unknown: Sequence[str] | None = None,
        name: str | None = None,
    ) -> Operator: ...
    @staticmethod
    def from_yaml(
        source: _Source, *, dim: int | None = None, parameters: Mapping[str, Any] | None = None
    ) -> Operator: ...
    @staticmethod
    def _rebuild(
        is_builtin: bool,
        name: str,
        text: str,
        folder: str,
        dimension: int | None,
        parameters: Sequence[tuple[str, str]],
    ) -> Operator: ...
    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]: ...
    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def coordinates(self) -> list[str]: ...
    @property
    def fields(self) -> list[str] | None: ...
    @property
    def outputs(self) -> list[str]: ...
    @property
    def unknowns(self) -> list[str]: ...
    def plan(
        self, strategy: _Strategy = "auto", *, network: Network | None = None, dtype: DTypeLike | None = None
    ) -> Plan: ...

@final
class Plan:
    @staticmethod
    def from_text(text: str) -> Plan: ...
    @property
    def name(self) -> str: ...
    @property
    def strategy(self) -> str: ...
    @property
    def order(self) -> int: ...
    @property
    def channels(self) -> int: ...
    @property
    def growth(self) -> float: ...
    @property
    def coordinates(self) -> list[str]: ...
    def to_text(self) -> str: ...
    def to_json(self) -> str: ...
    def to_dot(self) -> str: ...
    def to_svg(self) -> str: ...
    def passes(self) -> str: ...
    def compare(self) -> str | None: ...
    def _repr_svg_(self) -> str: ...
    def _repr_html_(self) -> str: ...

@final
class Network:
    @staticmethod
    def from_layers(
        layers: Sequence[Any],
        activation: str | Sequence[str] = "tanh",
        *,
        transpose: bool = False,
        names: Sequence[tuple[str, str]] | None = None,
    ) -> Network: ...
    @staticmethod
    def _from_steps(inputs: int, steps: list[Any]) -> Network: ...
    @staticmethod
    def open(path: _Path, activation: str | None = None) -> Network: ...
    @staticmethod
    def from_safetensors(path: _Path, activation: str) -> Network: ...
    @staticmethod
    def from_onnx(model: _Path | bytes) -> Network: ...
    @staticmethod
    def from_torch(module: Any, example: Any = None) -> Network: ...
    @property
    def inputs(self) -> int: ...
    @property
    def outputs(self) -> int: ...
    @property
    def parameters(self) -> Parameters: ...

@final
class Evaluator:
    def __new__(
        cls,
        operator: Operator | _Source,
        network: Network,
        *,
        dtype: DTypeLike | None = None,
        threads: int | None = None,
        memory: int | str | None = None,
        strategy: _Strategy = "auto",
        unknowns: Mapping[str, float] | Sequence[float] | None = None,
    ) -> Evaluator: ...
    def __call__(
        self, points: ArrayLike, out: NDArray[Any] | None = None, *, parameters: _Theta | None = None
    ) -> NDArray[Any]: ...
    def value_and_grad(
        self, points: ArrayLike, targets: ArrayLike | None = None, *, parameters: _Theta | None = None
    ) -> tuple[float, NDArray[Any]]: ...
    @overload
    def vjp(
        self, points: ArrayLike, cotangents: ArrayLike, wrt: _Wrt = "parameters", *, parameters: _Theta | None = None
    ) -> NDArray[Any]: ...
    @overload
    def vjp(
        self, points: ArrayLike, cotangents: ArrayLike, wrt: tuple[_Wrt, ...] | list[_Wrt], *, parameters: _Theta | None = None
    ) -> tuple[NDArray[Any], ...]: ...
    def jvp(
        self, points: ArrayLike, direction: ArrayLike, *, parameters: _Theta | None = None
    ) -> tuple[NDArray[Any], NDArray[Any]]: ...
    def jacobian(self, points: ArrayLike, *, parameters: _Theta | None = None) -> NDArray[Any]: ...
    def gram(
        self, points: ArrayLike, *, memory: int | str | None = None, parameters: _Theta | None = None
    ) -> NDArray[Any]: ...
    def set_parameters(self, parameters: _Theta) -> None: ...
    def set_unknowns(self, unknowns: Mapping[str, float] | Sequence[float]) -> None: ...
    @property
    def parameters(self) -> Parameters: ...
    @property
    def operator(self) -> Operator: ...
    @property
    def network(self) -> Network: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def channels(self) -> int: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def inputs(self) -> int: ...
    @property
    def dtype(self) -> str | None: ...

def builtins() -> list[tuple[str, str]]: ...
def suggest(name: str) -> str | None: ...
def duration(text: str) -> float: ...
def xla_targets() -> dict[str, Any]: ...
def solve(
    name: str,
    text: str,
    folder: str,
    output: str,
    seconds: float | None,
    steps: int | None,
    resume: bool,
    threads: int | None,
    listener: Any,
) -> tuple[str, str, list[str], list[str]]: ...
