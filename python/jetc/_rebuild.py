"""What pickles call: by text and numbers, so that they outlive versions of the compiled part."""

from __future__ import annotations

from typing import Any

from ._jetc import Evaluator, Network, Operator, Plan


def operator(*origin: Any) -> Operator:
    return Operator._rebuild(*origin)


def plan(text: str) -> Plan:
    return Plan.from_text(text)


def network_file(path: str, activation: str | None) -> Network:
    return Network.open(path, activation)


def network_onnx(model: bytes) -> Network:
    return Network.from_onnx(model)


def network_steps(inputs: int, steps: list[Any]) -> Network:
    return Network._from_steps(inputs, steps)


def evaluator(operator: Operator, network: Network, settings: dict[str, Any], theta: Any) -> Evaluator:
    found = Evaluator(operator, network, **settings)
    found.set_parameters(theta)
    return found
