"""Networks that use many elementary functions, each where it is smooth."""

import torch
from torch import nn

from networks.dense import mlp


class Activations(nn.Module):
    """Two normalisations and nine activations, one layer each.

    The attributes are multiples of powers of two, for ONNX stores them in float32.
    """

    def __init__(self, inputs, width):
        super().__init__()
        self.encode = nn.Linear(inputs, width)
        self.layer_norm = nn.LayerNorm(width, eps=2**-16)
        self.batch_norm = nn.BatchNorm1d(width, eps=2**-16)
        self.activations = nn.ModuleList(
            [
                nn.Softplus(),
                nn.Mish(),
                nn.ELU(),
                nn.SELU(),
                nn.LeakyReLU(0.125),
                nn.Sigmoid(),
                nn.GELU(approximate="tanh"),
                nn.Softsign(),
                nn.LogSigmoid(),
            ]
        )
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in self.activations)
        self.decode = nn.Linear(width, 1)

    def forward(self, x):
        h = self.batch_norm(torch.tanh(self.layer_norm(torch.sin(self.encode(x)))))
        for layer, activation in zip(self.layers, self.activations):
            h = h + activation(layer(h))
        return self.decode(h)


class Experts(nn.Module):
    """A mixture of experts, sum_k softmax(g(x))_k expert_k(x), beside
    logsumexp(g(x)) and log_softmax(g(x))_0: [N, 3]."""

    def __init__(self, inputs, width, experts):
        super().__init__()
        self.gate = mlp([inputs, width, experts], nn.Tanh)
        self.experts = nn.ModuleList(mlp([inputs, width, 1], nn.Tanh) for _ in range(experts))

    def forward(self, x):
        gate = self.gate(x)
        values = torch.stack([expert(x) for expert in self.experts], dim=1)
        mixture = torch.bmm(torch.softmax(gate, dim=1).unsqueeze(1), values).squeeze(1)
        total = torch.logsumexp(gate, dim=1, keepdim=True)
        return torch.cat([mixture, total, torch.log_softmax(gate, dim=1)[:, :1]], dim=1)


class Elementary(nn.Module):
    """A layer of features by elementary functions, then an affine map.

    With z = tanh(W x) in (-1, 1) every argument is inside the domain of its
    function; the points are such that no kink is near.
    """

    def __init__(self, inputs):
        super().__init__()
        self.encode = nn.Linear(inputs, 6)
        self.decode = nn.Linear(21, 1)

    def forward(self, x):
        z = torch.tanh(self.encode(x))
        a, b, c, d, e, f = z.split(1, dim=1)
        polynomials = [a**2, b**3, (c + 2) ** 1.5, 2.0**d, (a + 2) ** b, a - 0.5 * b * c]
        rational = [1 / (a + 2), (b + 1) / (c**2 + 1), torch.reciprocal(d + 3), torch.rsqrt(e + 2)]
        functions = [
            torch.sqrt(f + 2),
            torch.erf(a),
            torch.exp(b),
            torch.log(c + 2),
            torch.tan(d),
            torch.atan(e),
        ]
        piecewise = [
            torch.maximum(c, c + 1 + d),
            torch.minimum(d**2, d + 5),
            torch.clamp(e, -2.0, 2.0) * torch.sign(e + 2),
            torch.abs(f - 2) + torch.relu(a + 2),
            torch.where(b > 3.0, a, b * c),
        ]
        return self.decode(torch.cat(polynomials + rational + functions + piecewise, dim=1))


class Hyperbolic(nn.Module):
    """The functions that the `torchscript` exporter does not know, and inverse ones."""

    def __init__(self, inputs):
        super().__init__()
        self.encode = nn.Linear(inputs, 6)
        self.decode = nn.Linear(8, 1)

    def forward(self, x):
        z = torch.tanh(self.encode(x)) / 2
        a, b, c, d, e, f = z.unbind(1)
        functions = [
            torch.sinh(a),
            torch.cosh(b),
            torch.asinh(c),
            torch.acosh(d + 2),
            torch.atanh(e),
            torch.asin(f),
            torch.acos(a * b),
            torch.log1p(c) * torch.expm1(d),
        ]
        return self.decode(torch.stack(functions, dim=1))
