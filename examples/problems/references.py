"""Reference solutions of the problems without a formula, by methods that share nothing with jetc.

Burgers: the formula of Cole and Hopf, by Gauss-Hermite quadrature (Basdevant et al., Computers & Fluids 14, 1986).
Allen-Cahn and Kuramoto-Sivashinsky: Fourier series in space, exponential time differencing of fourth order in time
(Kassam and Trefethen, SIAM J. Sci. Comput. 26, 2005), 512 modes; half the step changes less than 1e-10.

    python references.py        writes burgers.npz, allen-cahn.npz, kuramoto-sivashinsky.npz
"""

import numpy as np


def burgers():
    nu = 0.01 / np.pi
    nodes, weights = np.polynomial.hermite.hermgauss(200)
    x, t = np.meshgrid(np.linspace(-1, 1, 101), np.linspace(0, 1, 51)[1:], indexing="ij")
    x, t = x.ravel(), t.ravel()
    eta = np.sqrt(4 * nu * t)[:, None] * nodes[None, :]
    # The exponent is shifted by its maximum: it goes far beyond the range of doubles otherwise.
    exponent = -np.cos(np.pi * (x[:, None] - eta)) / (2 * np.pi * nu)
    exponent -= exponent.max(axis=1, keepdims=True)
    factor = np.exp(exponent) * weights
    u = -(np.sin(np.pi * (x[:, None] - eta)) * factor).sum(1) / factor.sum(1)
    start = np.linspace(-1, 1, 101)
    np.savez_compressed(
        "burgers.npz",
        x=np.concatenate([start, x]),
        t=np.concatenate([0 * start, t]),
        u=np.concatenate([-np.sin(np.pi * start), u]),
    )


def etdrk4(u, linear, nonlinear, step, steps, keep):
    v = np.fft.fft(u)
    e, half = np.exp(step * linear), np.exp(step * linear / 2)
    circle = np.exp(1j * np.pi * (np.arange(1, 65) - 0.5) / 64)
    z = step * linear[:, None] + circle[None, :]
    mean = lambda f: step * np.real(f.mean(1))
    q = mean((np.exp(z / 2) - 1) / z)
    f1 = mean((-4 - z + np.exp(z) * (4 - 3 * z + z**2)) / z**3)
    f2 = mean((2 + z + np.exp(z) * (-2 + z)) / z**3)
    f3 = mean((-4 - 3 * z - z**2 + np.exp(z) * (4 - z)) / z**3)
    kept = [u]
    for number in range(1, steps + 1):
        n0 = nonlinear(v)
        a = half * v + q * n0
        na = nonlinear(a)
        b = half * v + q * na
        nb = nonlinear(b)
        c = half * a + q * (2 * nb - n0)
        nc = nonlinear(c)
        v = e * v + n0 * f1 + 2 * (na + nb) * f2 + nc * f3
        if number % keep == 0:
            kept.append(np.real(np.fft.ifft(v)))
    return np.array(kept)


def save(name, x, times, values):
    every = len(x) // 128
    x, values = x[::every], values[:, ::every]
    t, x = np.meshgrid(times, x, indexing="ij")
    np.savez_compressed(name, x=x.ravel(), t=t.ravel(), u=values.ravel())


def allen_cahn(steps=4000):
    n = 512
    x = -1 + 2 * np.arange(n) / n
    k = np.pi * np.fft.fftfreq(n, 1 / n)
    nonlinear = lambda v: np.fft.fft(-5 * np.real(np.fft.ifft(v)) ** 3)
    u = etdrk4(x**2 * np.cos(np.pi * x), -0.0001 * k**2 + 5, nonlinear, 1 / steps, steps, steps // 50)
    return x, np.linspace(0, 1, 51), u


def kuramoto_sivashinsky(steps=4000):
    n = 512
    x = 2 * np.pi * np.arange(n) / n
    k = np.fft.fftfreq(n, 1 / n)
    nonlinear = lambda v: -0.5j * k * np.fft.fft(np.real(np.fft.ifft(v)) ** 2)
    u = etdrk4(np.cos(x) * (1 + np.sin(x)), k**2 - 0.1 * k**4, nonlinear, 0.25 / steps, steps, steps // 50)
    return x, np.linspace(0, 0.25, 51), u


if __name__ == "__main__":
    burgers()
    for name, solve in [("allen-cahn", allen_cahn), ("kuramoto-sivashinsky", kuramoto_sivashinsky)]:
        x, times, values = solve()
        difference = np.abs(values - solve(8000)[2]).max()
        print(name, "half the step changes", difference)
        save(f"{name}.npz", x, times, values)
