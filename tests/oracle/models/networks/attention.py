"""Attention over the particles of a point: [N, 3 * particles] read as [N, particles, 3]."""

import math

import torch
from torch import nn


class Attention(nn.Module):
    """softmax(Q K^T / sqrt(d)) V with several heads, as matrix products."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def split(self, h):
        """[N, particles, 3 width] to three [N, heads, particles, width / heads]."""
        n, particles, width = h.shape
        parts = h.view(n, particles, 3, self.heads, width // (3 * self.heads))
        return parts.permute(2, 0, 3, 1, 4).unbind(0)

    def mix(self, q, k, v):
        scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(q.shape[-1])
        return torch.matmul(torch.softmax(scores, dim=-1), v)

    def forward(self, h):
        q, k, v = self.split(self.qkv(h))
        return self.out(self.mix(q, k, v).transpose(1, 2).flatten(2))


class FusedAttention(Attention):
    """The same by `scaled_dot_product_attention`."""

    def mix(self, q, k, v):
        return nn.functional.scaled_dot_product_attention(q, k, v)


class LibraryAttention(nn.Module):
    """The same, with biases, by `nn.MultiheadAttention`."""

    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, h):
        return self.attention(h, h, h, need_weights=False)[0]


class PsiFormer(nn.Module):
    """Self-attention over particles, mean over particles, affine readout.

    Features (r, |r|) of each particle; h <- h + attention(norm(h));
    h <- h + tanh(W norm(h)). After von Glehn, Spencer, Pfau, ICLR 2023.
    """

    def __init__(self, particles, width, heads, blocks, attention):
        super().__init__()
        self.particles = particles
        self.encode = nn.Linear(4, width, bias=False)
        self.attention = nn.ModuleList(attention(width, heads) for _ in range(blocks))
        self.dense = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.norms = nn.ModuleList(nn.LayerNorm(width, eps=2**-16) for _ in range(2 * blocks))
        self.decode = nn.Linear(width, 1)

    def forward(self, x):
        r = x.reshape(-1, self.particles, 3)
        distance = torch.linalg.norm(r, dim=-1, keepdim=True)
        h = self.encode(torch.cat([r, distance], dim=-1))
        for block, (attention, dense) in enumerate(zip(self.attention, self.dense)):
            h = h + attention(self.norms[2 * block](h))
            h = h + torch.tanh(dense(self.norms[2 * block + 1](h)))
        return self.decode(h.mean(dim=1))


class Encoder(nn.Module):
    """`nn.TransformerEncoderLayer` on one token for each coordinate."""

    def __init__(self, tokens, width, heads):
        super().__init__()
        self.embed = nn.Linear(1, width)
        self.position = nn.Parameter(torch.zeros(tokens, width))
        self.layer = nn.TransformerEncoderLayer(
            width,
            heads,
            dim_feedforward=2 * width,
            activation="gelu",
            layer_norm_eps=2**-16,
            batch_first=True,
        )
        self.decode = nn.Linear(tokens * width, 1)

    def forward(self, x):
        h = self.layer(self.embed(x.unsqueeze(-1)) + self.position)
        return self.decode(h.flatten(1))
