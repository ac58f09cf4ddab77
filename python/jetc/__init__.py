"""Exact high-order differential operators of neural networks.

>>> import jetc, numpy as np
>>> net = jetc.Network.from_layers([(W1, b1), (W2, b2)], activation="tanh")   # W: [out, in]
>>> laplacian = jetc.Evaluator("laplacian", net)
>>> laplacian(points)                                      # [N, n] -> [N, 1], float32 or float64
>>> loss, gradient = laplacian.value_and_grad(points)      # by all parameters, in reverse

`Operator` is what is computed, from a name, a formula or YAML; `Network` is where; `Evaluator` computes, and differentiates.
`jetc.torch` and `jetc.jax` put operators into training loops there; `jetc.solve` solves an equation from a file.
"""

from ._documents import builtins
from ._jetc import (
    Diagnostic,
    EvaluationError,
    Evaluator,
    JetcError,
    ModelError,
    Network,
    Operator,
    Plan,
    PlanError,
    ProblemError,
    SpecError,
    __version__,
)
from ._parameters import Parameters
from ._solution import Solution, solve

__all__ = [
    "Diagnostic",
    "EvaluationError",
    "Evaluator",
    "JetcError",
    "ModelError",
    "Network",
    "Operator",
    "Parameters",
    "Plan",
    "PlanError",
    "ProblemError",
    "Solution",
    "SpecError",
    "__version__",
    "builtins",
    "solve",
]
