"""Operators of torch modules, inside training loops of torch.

>>> import jetc.torch
>>> residual = jetc.torch.apply("laplacian", module, points)     # [N, n] -> [N, columns]
>>> (residual**2).mean().backward()                              # gradients of module's parameters, and of points

A module is read once, and its weights at every call. It is a chain of linear layers and activations, written as
`nn.Sequential` or as a `forward` of one's own; whatever else it is goes through the ONNX exporter, if that is installed.

Everything runs on the CPU, in the memory of the tensors. Results can be differentiated once: a gradient of a gradient
raises. `torch.compile` leaves calls as they are and compiles what is around them.
"""

from __future__ import annotations

import io
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import torch

from . import _chains
from ._jetc import Evaluator, ModelError, Network, Operator

__all__ = ["Bound", "apply", "bind", "mean_square", "network"]

#: What is read of modules, for as long as they live.
_bound: weakref.WeakKeyDictionary[torch.nn.Module, dict[Any, Bound]] = weakref.WeakKeyDictionary()


def apply(
    operator: Operator | Any,
    module: torch.nn.Module,
    points: torch.Tensor,
    *,
    unknowns: Any = None,
    strategy: str = "auto",
    threads: int | None = None,
    memory: int | str | None = None,
) -> torch.Tensor:
    """The operator on the module at points.

    points: [..., n] float32 or float64, of the type of the module's parameters, on the CPU -> [..., columns]. Differentiable
    once, by the parameters of the module and by the points. `operator` is a `jetc.Operator` or what makes one. Other arguments
    are as for `jetc.Evaluator`.
    """
    settings = {"unknowns": unknowns, "strategy": strategy, "threads": threads, "memory": memory}
    results: torch.Tensor = _known(operator, module, settings)(points)
    return results


def mean_square(
    operator: Operator | Any,
    module: torch.nn.Module,
    points: torch.Tensor,
    targets: torch.Tensor | None = None,
    **settings: Any,
) -> torch.Tensor:
    """The loss 1/N Σ (r - g)² of what `apply` gives, differentiable once by the parameters of the module.

    points: [..., n]; targets g: [..., columns], or zero. The gradient is taken along with the loss, in three quarters of the time
    that `apply` and `backward` take. Other arguments are those of `apply`.
    """
    loss: torch.Tensor = _known(operator, module, settings).mean_square(points, targets)
    return loss


def _known(operator: Any, module: torch.nn.Module, settings: dict[str, Any]) -> Bound:
    """What was bound before, if the module still has the same parts."""
    known = _bound.setdefault(module, {})
    key = (_key(operator), repr(sorted(settings.items())))
    bound = known.get(key)
    if bound is None or not bound.is_current():
        bound = known[key] = bind(operator, module, **settings)
    return bound


def bind(operator: Operator | Any, module: torch.nn.Module, **settings: Any) -> Bound:
    """`apply` with its first arguments: a function of points. It holds the module; `apply` does not."""
    return Bound(operator, module, settings)


def network(module: torch.nn.Module, example: torch.Tensor | None = None) -> Network:
    """The module with its weights as they are now, as a `jetc.Network`.

    `example`, points [N, n], is wanted for modules that go through the ONNX exporter.
    """
    return _read(module, example)[0]


def _key(operator: Any) -> Any:
    """What tells operators apart; operators of the package do not change."""
    return operator if isinstance(operator, str | Operator) else repr(operator)


class Bound:
    """An operator on a module: a function of points, [..., n] -> [..., columns]."""

    def __init__(self, operator: Any, module: torch.nn.Module, settings: dict[str, Any]) -> None:
        self._operator = operator if isinstance(operator, Operator) else Operator(operator)
        # `apply` keeps what is bound as long as the module lives, so it must not keep the module alive.
        self._module = weakref.ref(module)
        self._settings = {"threads": torch.get_num_threads(), **{k: v for k, v in settings.items() if v is not None}}
        self._shape = _chains.shape(module)
        self._ready: tuple[Evaluator, list[Callable[[], torch.Tensor]]] | None = None

    def is_current(self) -> bool:
        """Whether the module still has the parts that were read."""
        module = self._module()
        return module is not None and _chains.shape(module) == self._shape

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator; its own parameters are those of the module when it was read."""
        return self._prepared(None)[0]

    def _prepared(self, points: torch.Tensor | None) -> tuple[Evaluator, list[Callable[[], torch.Tensor]]]:
        if self._ready is None:
            module = self._module()
            if module is None:
                raise ReferenceError("the module is gone; keep it beside what is bound to it")
            read, tensors = _read(module, points)
            with warnings.catch_warnings():
                # The exporter's names for the columns of a tensor are nobody's.
                warnings.simplefilter("ignore", UserWarning)
                evaluator = Evaluator(self._operator, read, **self._settings)
            self._ready = evaluator, [tensors[name] for name in read.parameters.names]
        return self._ready

    def _theta(self, points: torch.Tensor) -> tuple[Evaluator, torch.Tensor]:
        """The evaluator, and the parameters as they are, in its order."""
        _check(points, "points")
        evaluator, tensors = self._prepared(points)
        # Torch cuts the gradient by θ in parts again, and adds what comes from a weight that is used twice.
        parts = [tensor().reshape(-1) for tensor in tensors]
        theta = torch.cat(parts) if parts else points.new_empty(0)
        _check(theta, "the module's parameters")
        if theta.dtype != points.dtype:
            raise TypeError(f"points are {points.dtype}, the module's parameters {theta.dtype}; convert one of them")
        return evaluator, theta

    @torch.compiler.disable  # type: ignore[untyped-decorator]
    def __call__(self, points: torch.Tensor) -> torch.Tensor:
        """The results at points, [..., n] -> [..., columns]."""
        evaluator, theta = self._theta(points)
        results: torch.Tensor = _Apply.apply(points, theta, evaluator)
        return results

    @torch.compiler.disable  # type: ignore[untyped-decorator]
    def mean_square(self, points: torch.Tensor, targets: torch.Tensor | None = None) -> torch.Tensor:
        """1/N Σ (r - g)², see `jetc.torch.mean_square`."""
        evaluator, theta = self._theta(points)
        if points.requires_grad or (targets is not None and targets.requires_grad) or not theta.requires_grad:
            results = self(points)
            difference = results if targets is None else results - targets
            mean: torch.Tensor = difference.square().sum() / max(1, points.shape[:-1].numel())
            return mean
        loss: torch.Tensor = _MeanSquare.apply(points, theta, targets, evaluator)
        return loss


class _Apply(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, points: torch.Tensor, theta: torch.Tensor, evaluator: Evaluator) -> torch.Tensor:
        ctx.save_for_backward(points, theta)
        ctx.evaluator = evaluator
        points, theta = points.detach(), theta.detach()
        results = points.new_empty((*points.shape[:-1], len(evaluator.columns)))
        evaluator(points.numpy(), results.numpy(), parameters=theta.numpy())
        return results

    @staticmethod
    def backward(ctx: Any, cotangents: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None, None]:
        points, theta = ctx.saved_tensors
        weights = cotangents.detach().contiguous()
        wanted = [name for name, is_wanted in zip(("points", "parameters"), ctx.needs_input_grad, strict=False) if is_wanted]
        found = ctx.evaluator.vjp(
            points.detach().numpy(), weights.numpy(), tuple(wanted), parameters=theta.detach().numpy()
        )
        gradients = [torch.from_numpy(gradient) for gradient in found]
        if torch.is_grad_enabled():
            # `create_graph=True`: without this, gradients would count as constants in whatever is made of them.
            gradients = [_Once.apply(gradient, points, theta, cotangents) for gradient in gradients]
        by = dict(zip(wanted, gradients, strict=True))
        return by.get("points"), by.get("parameters"), None


class _MeanSquare(torch.autograd.Function):
    """The loss with its gradient, which waits for `backward`."""

    @staticmethod
    def forward(
        ctx: Any, points: torch.Tensor, theta: torch.Tensor, targets: torch.Tensor | None, evaluator: Evaluator
    ) -> torch.Tensor:
        loss, gradient = evaluator.value_and_grad(
            points.detach().numpy(),
            None if targets is None else targets.detach().numpy(),
            parameters=theta.detach().numpy(),
        )
        ctx.save_for_backward(theta)
        ctx.gradient = torch.from_numpy(gradient)
        return points.new_tensor(loss)

    @staticmethod
    def backward(ctx: Any, cotangent: torch.Tensor) -> tuple[None, torch.Tensor, None, None]:
        gradient = ctx.gradient * cotangent.detach()
        if torch.is_grad_enabled():
            gradient = _Once.apply(gradient, *ctx.saved_tensors, cotangent)
        return None, gradient, None, None


class _Once(torch.autograd.Function):
    """A gradient that is not to be differentiated."""

    @staticmethod
    def forward(ctx: Any, gradient: torch.Tensor, *depends_on: torch.Tensor) -> torch.Tensor:
        return gradient.view_as(gradient)

    @staticmethod
    def backward(ctx: Any, *cotangents: torch.Tensor) -> Any:
        raise RuntimeError(
            "results of jetc can be differentiated once, and this is the second time; write the derivative by points into the "
            "operator, as in `u_x`"
        )


def _check(tensor: torch.Tensor, what: str) -> None:
    if tensor.device.type != "cpu":
        raise ValueError(f"{what} are on {tensor.device}, jetc computes on the CPU: copy to the CPU first, with `.cpu()`")


def _read(
    module: torch.nn.Module, points: torch.Tensor | None
) -> tuple[Network, dict[str, Callable[[], torch.Tensor]]]:
    """The network, and where its parameters are, by name."""
    try:
        inputs, steps, tensors = _chains.read(module)
    except _chains.NoChain as reason:
        return _export(module, points, str(reason))
    return Network._from_steps(inputs, steps), tensors


def _export(
    module: torch.nn.Module, points: torch.Tensor | None, reason: str
) -> tuple[Network, dict[str, Callable[[], torch.Tensor]]]:
    """Through the ONNX exporter, which names weights as the module does."""
    refused = f"{type(module).__name__} is no chain of linear layers and activations ({reason})"
    if points is None:
        raise ModelError(f"{refused}; give an example of points for the ONNX exporter")
    example = points.detach().reshape(-1, points.shape[-1])[:2]
    if len(example) < 2:
        # The exporter takes sizes 0 and 1 for special.
        example = example.new_zeros(2, points.shape[-1])
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # A module in training is exported as it is, which is what is wanted.
            warnings.filterwarnings("ignore", message="Exporting a model while it is in training mode")
            program = torch.onnx.export(
                module, (example,), dynamo=True, dynamic_shapes=({0: "batch"},), verbose=False, optimize=False
            )
        file = io.BytesIO()
        program.save(file)  # type: ignore[union-attr, arg-type]
    except Exception as error:
        raise ModelError(f"{refused}, and the ONNX exporter fails: {error}") from error
    found = Network.from_onnx(file.getvalue())
    named = dict(module.named_parameters()) | dict(module.named_buffers())
    missing = [name for name in found.parameters.names if name not in named]
    if missing:
        raise ModelError(f"{refused}, and the ONNX exporter has renamed its weights: {', '.join(missing)}")
    # Looked up anew at each call: `module.weight = …` may put another tensor there.
    return found, {name: _at(module, name) for name in found.parameters.names}


def _at(module: torch.nn.Module, name: str) -> Callable[[], torch.Tensor]:
    *path, last = name.split(".")
    owner = weakref.ref(module.get_submodule(".".join(path)))

    def tensor() -> torch.Tensor:
        found: torch.Tensor = getattr(owner(), last)
        return found

    return tensor
