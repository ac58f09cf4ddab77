"""Networks from functions to functions: branch on sensor values, trunk on the location."""

import torch
from torch import nn

from networks.dense import mlp


class DeepONet(nn.Module):
    """G(u)(y) = sum_k branch_k(u) trunk_k(y) + bias, with fixed sensor values u."""

    def __init__(self, sensors, location, width):
        super().__init__()
        self.register_buffer("sensors", torch.zeros(1, sensors))
        self.branch = mlp([sensors, width, width], nn.Tanh)
        self.trunk = mlp([location, width, width], nn.Tanh)
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, y):
        product = self.branch(self.sensors) * torch.tanh(self.trunk(y))
        return torch.sum(product, dim=-1, keepdim=True) + self.bias


class DeepONetOperator(nn.Module):
    """The same with two inputs, the sensor values u [N, m] and the location y [N, n]."""

    def __init__(self, sensors, location, width):
        super().__init__()
        self.branch = mlp([sensors, width, width], nn.Tanh)
        self.trunk = mlp([location, width, width], nn.Tanh)
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, u, y):
        value = torch.einsum("nk,nk->n", self.branch(u), torch.tanh(self.trunk(y)))
        return value.unsqueeze(-1) + self.bias
