"""The reference models: an architecture, its weights, and the exports to make of it.

The exports of a case are pairs (exporter, opset): `torchscript` is
`torch.onnx.export(dynamo=False)`, `dynamo` is `dynamo=True`. Opsets differ from
case to case on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from networks import arrays, attention, deeponet, dense, elementary, embedding, particles


@dataclass
class Case:
    name: str
    inputs: int | dict  # the number of coordinates, or inputs by name with their widths
    module: Callable
    torchscript: tuple = (17,)
    dynamo: tuple = (20,)
    dtype: torch.dtype = torch.float64
    scale: float = 1.0  # of the weights
    low: float = -1.0  # the points are uniform in [low, high]^n
    high: float = 1.0
    outputs: tuple = ("u",)
    seed: str | None = None  # None: the name; another where the points lie badly
    batch: int | None = None  # None: of any size
    external: bool = False  # weights in a file of their own

    @property
    def widths(self):
        """The inputs by name, each with its number of columns."""
        return self.inputs if isinstance(self.inputs, dict) else {"x": self.inputs}

    @property
    def coordinates(self):
        n = sum(self.widths.values())
        return ["x", "y", "z"][:n] if n <= 3 else [f"x{i}" for i in range(1, n + 1)]

    @property
    def exports(self):
        yield from (("torchscript", opset) for opset in self.torchscript)
        yield from (("dynamo", opset) for opset in self.dynamo)


def dense_cases():
    yield Case(
        "mlp",
        2,
        lambda: dense.mlp([2, 16, 16, 1], nn.Tanh),
        torchscript=(13, 20),
        dynamo=(18, 21, 23),
        dtype=torch.float32,
    )
    yield Case("resnet", 3, lambda: dense.ResNet(3, 10, 2, 1), (13,), (17, 18), scale=1.5)
    yield Case(
        "modified-mlp",
        2,
        lambda: dense.ModifiedMlp(2, 12, 3, 1),
        (18,),
        dtype=torch.float32,
        scale=0.7,
    )
    yield Case("piratenet", 2, lambda: dense.PirateNet(2, 6, 2, 1), (17,), (21,))
    yield Case(
        "siren", 2, lambda: dense.Siren([2, 12, 12, 2], 2.5), (13,), (13, 23), torch.float32, 0.5
    )
    yield Case(
        "weight-factorisation",
        2,
        lambda: nn.Sequential(
            dense.FactorisedLinear(2, 10),
            nn.Tanh(),
            dense.FactorisedLinear(10, 10),
            nn.Tanh(),
            dense.FactorisedLinear(10, 1),
        ),
        scale=0.4,
    )
    yield Case("flow", 3, lambda: dense.Flow(3, 10, separate=False), (18,), (17,))
    yield Case(
        "flow-separate", 3, lambda: dense.Flow(3, 10, separate=True), outputs=("u", "v", "p")
    )
    yield Case(
        "fixed-batch",
        2,
        lambda: dense.mlp([2, 8, 1], nn.Softplus),
        dtype=torch.float32,
        scale=2.0,
        batch=1,
    )
    yield Case(
        "external-data",
        2,
        lambda: dense.mlp([2, 8, 8, 1], nn.Sigmoid),
        (13,),
        (21,),
        scale=3.0,
        external=True,
    )


def embedding_cases():
    yield Case(
        "fourier-features",
        3,
        lambda: embedding.FourierFeatures(3, 6, 10, 1),
        torchscript=(17, 20),
        dynamo=(18, 20),
    )
    yield Case("periodic", 2, lambda: embedding.Periodic(4.0, 8, 1), (13,), (21,))
    yield Case("hard-boundary", 3, lambda: embedding.HardBoundary(3, 8), (17,), (18,))
    yield Case("rbf", 3, lambda: embedding.RadialBasis(3, 8, 2), (18,), (21,))
    yield Case("deeponet", 2, lambda: deeponet.DeepONet(6, 2, 10))
    yield Case(
        "deeponet-operator",
        {"sensors": 5, "location": 2},
        lambda: deeponet.DeepONetOperator(5, 2, 10),
        (17,),
        (18, 23),
    )


def particle_cases():
    yield Case(
        "psiformer",
        9,
        lambda: attention.PsiFormer(3, 8, 2, 2, attention.Attention),
        torchscript=(17, 13),
        dynamo=(18,),
        dtype=torch.float32,
    )
    yield Case(
        "multihead-attention",
        9,
        lambda: attention.PsiFormer(3, 8, 2, 1, attention.LibraryAttention),
        (17,),
        (20,),
    )
    yield Case(
        "fused-attention",
        9,
        lambda: attention.PsiFormer(3, 8, 2, 1, attention.FusedAttention),
        (17,),
        (17, 20, 23),
    )
    yield Case("transformer-encoder", 4, lambda: attention.Encoder(4, 8, 2), (17,), (18, 23))
    yield Case(
        "ferminet",
        15,
        lambda: particles.FermiNet(3, 2, 8, torch.linalg.det),
        (17,),
        (18,),
        scale=1.5,
        low=-1.5,
        high=1.5,
        seed="ferminet-explicit",
    )
    yield Case(
        "ferminet-explicit",
        15,
        lambda: particles.FermiNet(3, 2, 8, particles.explicit_determinant),
        (17,),
        (21,),
        scale=1.5,
        low=-1.5,
        high=1.5,
    )


def array_cases():
    yield Case("convolution", 2, lambda: arrays.Convolution(2, 13, 4), (13,), (18,), torch.float32)
    yield Case("shapes", 3, lambda: arrays.Shapes(3), (13, 18), (18, 21))
    yield Case(
        "activations", 2, lambda: elementary.Activations(2, 8), (17, 20), (18, 23), scale=0.6
    )
    yield Case("experts", 2, lambda: elementary.Experts(2, 6, 3), (13,), (20,))
    yield Case("elementary", 3, lambda: elementary.Elementary(3), (13, 18), (17, 21))
    yield Case("hyperbolic", 3, lambda: elementary.Hyperbolic(3), (20,), (18, 23))


def cases():
    yield from dense_cases()
    yield from embedding_cases()
    yield from particle_cases()
    yield from array_cases()
