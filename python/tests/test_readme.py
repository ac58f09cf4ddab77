"""The code of the page runs, in order, with what it takes for granted."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import make_layers

import jetc

PAGE = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PLATE = "coordinates: {space: [x, y], time: t}\nfields: [w]\noutputs: {residual: lap(lap(w)) + w_tt}\n"
HEAT = """\
name: heat
coordinates: {space: x, time: t}
fields: [u]
domain: {x: [0, 1], t: [0, 1]}
equations: {heat: u_t = u_xx/10}
conditions:
  start: {at: start, require: u = sin(pi*x)}
  ends: {at: [x = 0, x = 1], require: u = 0}
network: {hidden: [8]}
"""


def test_the_blocks_of_the_page_run(tmp_path, monkeypatch):
    (tmp_path / "plate.yaml").write_text(PLATE)
    (tmp_path / "heat.yaml").write_text(HEAT)
    monkeypatch.chdir(tmp_path)
    layers = make_layers([2, 16, 16, 1])
    points = np.random.default_rng(0).uniform(0, 1, (50, 2))
    names = {f"{letter}{number + 1}": part for number, layer in enumerate(layers) for letter, part in zip("Wb", layer)}
    names["points"] = points
    count = 0
    libraries = {name: importlib.util.find_spec(name) is not None for name in ("torch", "jax")}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        if any(f"jetc.{name}" in block and not libraries[name] for name in libraries):
            continue
        if "jetc.torch" in block:
            import torch

            module = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)).double()
            own = {"module": module, "optimiser": torch.optim.SGD(module.parameters(), 0.01), "points": torch.from_numpy(points)}
        elif "jetc.jax" in block:
            import jax

            own = {"jax": jax, "params": [(weight.T, bias) for weight, bias in layers]}
        else:
            own = {}
        # A second of training shows as much as forty.
        exec(compile(block.replace('"40s"', '"1s"'), "README.md", "exec"), scope := {**names, **own})
        names |= {name: value for name, value in scope.items() if name not in own}
        count += 1
    assert count == 3 + sum(libraries.values()) and names["gradient"].shape == (names["net"].parameters.size,)


def test_the_mistake_of_the_page_is_the_one_that_is_made():
    shown = re.search(r"```text\njetc.SpecError: (.*?)\n```", PAGE, re.DOTALL)[1]
    with pytest.raises(jetc.SpecError) as caught:
        jetc.Operator("u_t + u*u_xz", coordinates=["x", "t"], parameters={"nu": 0.1})
    assert str(caught.value) == shown
