"""Networks that change the coordinates first, or the output last."""

import math

import numpy as np
import torch
from torch import nn

from networks.dense import mlp

# PyTorch's `dynamo` exporter writes numbers of Python as float32.
TWO_PI = float(np.float32(2 * math.pi))


class FourierFeatures(nn.Module):
    """An MLP with exact gelu on (sin(B x), cos(B x))."""

    def __init__(self, inputs, frequencies, width, outputs):
        super().__init__()
        self.register_buffer("frequencies", torch.zeros(frequencies, inputs))
        self.net = mlp([2 * frequencies, width, outputs], nn.GELU)

    def forward(self, x):
        phase = nn.functional.linear(x, self.frequencies)
        return self.net(torch.cat((phase.sin(), phase.cos()), dim=-1))


class Periodic(nn.Module):
    """An MLP on (cos(2 pi x/L), sin(2 pi x/L), y): exactly periodic in x."""

    def __init__(self, period, width, outputs):
        super().__init__()
        self.period = period
        self.net = mlp([3, width, width, outputs], nn.Tanh)

    def forward(self, points):
        x, y = points[:, 0:1], points[:, 1:2]
        angle = TWO_PI * x / self.period
        return self.net(torch.cat([torch.cos(angle), torch.sin(angle), y], dim=1))


class HardBoundary(nn.Module):
    """Zero where |x| = 1 and on the faces x_i = 0 of one octant.

    u = (1 - |x|^2.0) * prod_i x_i * net(x).
    """

    def __init__(self, inputs, width):
        super().__init__()
        self.net = mlp([inputs, width, width, 1], nn.SiLU)

    def forward(self, x):
        ball = 1.0 - torch.pow(x, 2.0).sum(dim=1, keepdim=True)
        faces = torch.prod(x, dim=1, keepdim=True)
        return ball * faces * self.net(x)


class RadialBasis(nn.Module):
    """sum_k w_k exp(-b_k |x - c_k|^2) + bias, by broadcasting to [N, k, n]."""

    def __init__(self, inputs, centres, outputs):
        super().__init__()
        self.register_buffer("centres", torch.zeros(centres, inputs))
        self.sharpness = nn.Parameter(torch.zeros(centres))
        self.decode = nn.Linear(centres, outputs)

    def forward(self, x):
        difference = x.unsqueeze(1) - self.centres.unsqueeze(0)
        squared = difference.square().sum(dim=-1)
        return self.decode(torch.exp(-self.sharpness * squared))
