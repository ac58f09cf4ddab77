"""A wave function of electrons: log |psi| from determinants of orbitals."""

import torch
from torch import nn


class FermiNet(nn.Module):
    """log |det A_up det A_down| of electrons in two spins, [N, 3 electrons] -> [N, 1].

    One-electron features (r, |r|) with the means over each spin and over the
    distances to the other electrons; two residual layers; orbitals with
    exponential envelopes. After Pfau, Spencer, Matthews, Foulkes, Phys. Rev.
    Research 2 (2020).
    """

    def __init__(self, up, down, width, determinant):
        super().__init__()
        self.up, self.down, self.determinant = up, down, determinant
        electrons = up + down
        pairs = [(i, j) for i in range(electrons) for j in range(i + 1, electrons)]
        # Pairs i < j alone, since |r_i - r_i| has no derivative.
        self.register_buffer("first", torch.tensor([i for i, _ in pairs]))
        self.register_buffer("second", torch.tensor([j for _, j in pairs]))
        self.pair = nn.Linear(1, 4)
        self.mix_pairs = nn.Linear(4 * len(pairs), width)
        self.encode = nn.Linear(4, width)
        self.layers = nn.ModuleList(nn.Linear(3 * width, width) for _ in range(2))
        self.orbitals_up = nn.Linear(width, up)
        self.orbitals_down = nn.Linear(width, down)
        self.decay = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        electrons = self.up + self.down
        r = x.reshape(-1, electrons, 3)
        difference = r[:, self.first] - r[:, self.second]
        distances = difference.pow(2).sum(-1, keepdim=True).sqrt()
        pairs = self.mix_pairs(torch.tanh(self.pair(distances)).flatten(1))
        radius = r.norm(dim=-1, keepdim=True)
        h = torch.tanh(self.encode(torch.cat([r, radius], dim=-1)) + pairs.unsqueeze(1))
        for layer in self.layers:
            means = torch.cat(
                [
                    h[:, : self.up].mean(dim=1, keepdim=True),
                    h[:, self.up :].mean(dim=1, keepdim=True),
                ],
                dim=-1,
            ).expand(-1, electrons, -1)
            h = h + torch.tanh(layer(torch.cat([h, means], dim=-1)))
        envelope = torch.exp(-self.decay * radius)
        up = self.orbitals_up(h[:, : self.up]) * envelope[:, : self.up]
        down = self.orbitals_down(h[:, self.up :]) * envelope[:, self.up :]
        psi = self.determinant(up) * self.determinant(down)
        return torch.log(torch.abs(psi)).unsqueeze(-1)


def explicit_determinant(a):
    """The determinant of [N, 2, 2] or [N, 3, 3] by its formula."""
    if a.shape[-1] == 2:
        return a[:, 0, 0] * a[:, 1, 1] - a[:, 0, 1] * a[:, 1, 0]
    return torch.sum(a[:, 0] * torch.linalg.cross(a[:, 1], a[:, 2]), dim=-1)
