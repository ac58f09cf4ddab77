"""Networks of dense layers, as used for differential equations."""

import torch
from torch import nn


class ResNet(nn.Module):
    """h <- h + W2 silu(W1 silu(h)), between two affine maps."""

    def __init__(self, inputs, width, blocks, outputs):
        super().__init__()
        self.encode = nn.Linear(inputs, width)
        self.first = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.second = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.decode = nn.Linear(width, outputs)

    def forward(self, x):
        h = self.encode(x)
        for first, second in zip(self.first, self.second):
            h = h + second(nn.functional.silu(first(nn.functional.silu(h))))
        return self.decode(h)


class ModifiedMlp(nn.Module):
    """h <- z * U + (1 - z) * V with z = tanh(W h), for two encoders U, V of x.

    Wang, Teng, Perdikaris, SIAM J. Sci. Comput. 43 (2021).
    """

    def __init__(self, inputs, width, depth, outputs):
        super().__init__()
        self.u = nn.Linear(inputs, width)
        self.v = nn.Linear(inputs, width)
        sizes = [inputs] + [width] * depth
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.decode = nn.Linear(width, outputs)

    def forward(self, x):
        u, v = torch.tanh(self.u(x)), torch.tanh(self.v(x))
        h = x
        for layer in self.hidden:
            z = torch.tanh(layer(h))
            h = z * u + (1 - z) * v
        return self.decode(h)


class PirateNet(nn.Module):
    """Adaptive residual blocks after a random Fourier embedding.

    f = tanh(W1 h); z1 = f * U + (1 - f) * V; g = tanh(W2 z1);
    z2 = g * U + (1 - g) * V; h <- alpha * tanh(W3 z2) + (1 - alpha) * h.

    Wang, Li, Chen, Perdikaris, J. Mach. Learn. Res. 25 (2024).
    """

    def __init__(self, inputs, frequencies, blocks, outputs):
        super().__init__()
        width = 2 * frequencies
        self.register_buffer("frequencies", torch.zeros(inputs, frequencies))
        self.u = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(3 * blocks))
        self.alpha = nn.Parameter(torch.zeros(blocks))
        self.decode = nn.Linear(width, outputs, bias=False)

    def forward(self, x):
        phase = x @ self.frequencies
        h = torch.cat([torch.cos(phase), torch.sin(phase)], dim=-1)
        u, v = torch.tanh(self.u(h)), torch.tanh(self.v(h))
        for block in range(len(self.alpha)):
            first, second, third = self.layers[3 * block : 3 * block + 3]
            f = torch.tanh(first(h))
            z = f * u + (1 - f) * v
            g = torch.tanh(second(z))
            z = g * u + (1 - g) * v
            alpha = self.alpha[block]
            h = alpha * torch.tanh(third(z)) + (1 - alpha) * h
        return self.decode(h)


class Siren(nn.Module):
    """h <- sin(omega (W h + b)), then an affine map."""

    def __init__(self, sizes, omega):
        super().__init__()
        self.omega = omega
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = torch.sin(self.omega * layer(x))
        return last(x)


class FactorisedLinear(nn.Module):
    """The affine map with weights diag(exp(s)) V, from the parameters s and V."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(outputs))
        self.direction = nn.Parameter(torch.zeros(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        weight = torch.exp(self.scale)[:, None] * self.direction
        return nn.functional.linear(x, weight, self.bias)


class Flow(nn.Module):
    """Velocity and pressure u, v, p from one trunk with a head for each.

    Concatenated to [N, 3], or as a tuple of three outputs [N, 1].
    """

    def __init__(self, inputs, width, separate):
        super().__init__()
        self.separate = separate
        self.trunk = mlp([inputs, width, width], nn.Tanh)
        self.velocity = nn.Linear(width, 2)
        self.pressure = nn.Sequential(nn.Linear(width, width), nn.Softplus(), nn.Linear(width, 1))

    def forward(self, x):
        h = torch.tanh(self.trunk(x))
        velocity, p = self.velocity(h), self.pressure(h)
        if self.separate:
            u, v = velocity[:, 0:1], velocity[:, 1:2]
            return u, v, p
        return torch.cat([velocity, p], dim=1)


def mlp(sizes, activation):
    """Linear layers with the activation between them, not after the last."""
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        layers += [nn.Linear(fan_in, fan_out), activation()]
    return nn.Sequential(*layers[:-1])
