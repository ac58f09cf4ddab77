"""A training loop of torch, with residuals by jetc and by torch.

The residual of Burgers' equation on a network 2 -> 64 -> 64 -> 64 -> 1 of tanh, N points, Adam: seconds of a step, and the
losses of the first steps, which must be the same to rounding. Torch propagates the jet (u, u_x, u_t, u_xx) by hand, one
product for all channels, which is the fastest that is known there, and compiles the whole step.

    python benches/burgers.py --points 10000 --dtype float64 --steps 100
"""

import argparse
import time

import torch

import jetc.torch

BURGERS = jetc.Operator("u_t + u*u_x - nu*u_xx", coordinates=["x", "t"], parameters={"nu": "0.01"})


def network(dtype):
    torch.manual_seed(0)
    widths = [2, 64, 64, 64, 1]
    parts = []
    for inputs, outputs in zip(widths, widths[1:]):
        parts += [torch.nn.Linear(inputs, outputs, dtype=dtype), torch.nn.Tanh()]
    return torch.nn.Sequential(*parts[:-1])


def nested(module, points):
    points = points.detach().requires_grad_()
    u = module(points)
    (du,) = torch.autograd.grad(u.sum(), points, create_graph=True)
    (dux,) = torch.autograd.grad(du[:, 0].sum(), points, create_graph=True)
    return du[:, 1:] + u * du[:, :1] - 0.01 * dux[:, :1]


def collapsed(module, points):
    """The jets u, u_x, u_t, u_xx, stacked as rows of one product in each layer."""
    ones, zeros = torch.ones_like(points[:, :1]), torch.zeros_like(points[:, :1])
    jets = torch.stack([points, torch.cat([ones, zeros], 1), torch.cat([zeros, ones], 1), torch.zeros_like(points)])
    for part in module:
        if isinstance(part, torch.nn.Linear):
            jets = jets @ part.weight.T
            jets = torch.cat([jets[:1] + part.bias, jets[1:]])
        else:
            value, x, t, xx = jets
            g = torch.tanh(value)
            d1 = 1 - g * g
            jets = torch.stack([g, d1 * x, d1 * t, d1 * xx - 2 * g * d1 * x * x])
    u, x, t, xx = jets
    return t + u * x - 0.01 * xx


def mean(residual):
    return lambda module, points: residual(module, points).square().mean()


LOSSES = {
    "jetc apply": mean(lambda module, points: jetc.torch.apply(BURGERS, module, points)),
    "jetc mean_square": lambda module, points: jetc.torch.mean_square(BURGERS, module, points),
    "torch nested": mean(nested),
    "torch collapsed": mean(collapsed),
    "torch.compile collapsed": torch.compile(mean(collapsed)),
}


def train(loss_of, points, steps):
    module = network(points.dtype)
    optimiser = torch.optim.Adam(module.parameters(), 1e-3)
    losses, times = [], []
    for _ in range(steps):
        start = time.perf_counter()
        optimiser.zero_grad()
        loss = loss_of(module, points)
        loss.backward()
        optimiser.step()
        times.append(time.perf_counter() - start)
        losses.append(loss.item())
    return losses, times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float64")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--only", nargs="*", default=list(LOSSES))
    arguments = parser.parse_args()
    torch.manual_seed(1)
    points = 2 * torch.rand(arguments.points, 2, dtype=getattr(torch, arguments.dtype)) - 1
    print(f"{arguments.points} points, {arguments.dtype}, {torch.get_num_threads()} threads")
    reference = None
    for name in arguments.only:
        losses, times = train(LOSSES[name], points, arguments.steps)
        reference = reference or losses
        apart = max(abs(a / b - 1) for a, b in zip(losses, reference))
        times, first = sorted(times[1:]), times[0]
        print(
            f"{name:24} step {1e3 * times[len(times) // 2]:8.2f} ms (fastest {1e3 * times[0]:.2f}), first {1e3 * first:.0f} ms, "
            f"loss {losses[-1]:.6e}, apart {apart:.1e}"
        )


if __name__ == "__main__":
    main()
