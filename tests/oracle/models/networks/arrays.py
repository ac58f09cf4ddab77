"""Networks that move their values about: shapes, orders, pieces, and convolutions."""

import torch
from torch import nn
from torch.nn import functional


class Convolution(nn.Module):
    """Conv1d over a hidden layer read as a signal, with padding, stride and groups."""

    def __init__(self, inputs, length, channels):
        super().__init__()
        self.encode = nn.Linear(inputs, length)
        self.first = nn.Conv1d(1, channels, kernel_size=3, padding=1)
        self.second = nn.Conv1d(channels, channels, kernel_size=3, stride=2, groups=2)
        self.pool = nn.AvgPool1d(kernel_size=2)
        self.decode = nn.Linear(channels * ((length - 1) // 4), 1)

    def forward(self, x):
        h = self.encode(x).unsqueeze(1)
        h = torch.tanh(self.second(torch.tanh(self.first(h))))
        return self.decode(self.pool(h).flatten(1))


class Shapes(nn.Module):
    """Every layer cuts its values in pieces and puts them together in another way."""

    def __init__(self, inputs):
        super().__init__()
        self.encode = nn.Linear(inputs, 12)
        self.middle = nn.Linear(30, 12)
        self.decode = nn.Linear(20, 2)
        self.register_buffer("order", torch.tensor([3, 0, 2, 2]))
        self.register_buffer("window", torch.tensor([[0, 5], [7, 2], [11, 4]]))

    def forward(self, x):
        h = torch.tanh(self.encode(x))
        h = torch.tanh(self.middle(self.pieces(h)))
        return self.decode(self.grids(h))

    def pieces(self, h):
        """[N, 12] to [N, 30]."""
        a, b, c = torch.split(h, [4, 5, 3], dim=1)
        d, e = torch.chunk(h, 2, dim=1)
        stacked = torch.stack([d, e], dim=2).flatten(1)
        picked = torch.index_select(a, 1, self.order)
        padded = functional.pad(c, (2, 1))
        return torch.cat([stacked, torch.flip(b, [1]), picked, padded, torch.roll(c, 1, 1)], dim=1)

    def grids(self, h):
        """[N, 12] to [N, 20]."""
        grid = h.view(h.shape[0], 3, 4)
        running = torch.cumsum(grid, dim=2).permute(0, 2, 1).reshape(-1, 12)
        mean = grid.mean(dim=1, keepdim=True).expand(-1, 2, -1)
        gathered = h[:, self.window].sum(dim=2)
        index = self.order.unsqueeze(0).expand(h.shape[0], -1)
        repeated = torch.gather(h, 1, index).repeat(1, 2) * mean.transpose(1, 2).flatten(1)
        last = (running[:, -1:] * h[:, ::3])[..., None].squeeze(-1)
        return torch.cat([running + h, repeated[:, 1:2], gathered, last], dim=1)
