"""The cases: operators as files and, written once more by hand, as nested derivatives."""

import jax.numpy as jnp

import attention
import convolution
import networks
from case import Case, Operator
from derivatives import D, along, laplacian


def outputs(coordinates, expression, **more):
    """The text of an operator file with one output."""
    lines = [f"coordinates: {coordinates}", *(f"{key}: {value}" for key, value in more.items())]
    return "\n".join([*lines, f"outputs: {{r: '{expression}'}}", ""])


def linear_cases():
    """Operators that are one linear part."""
    yield Case(
        "laplacian-2d",
        Operator(
            2, outputs("[x, y]", "lap(u)"), lambda fields, x, _: [laplacian(fields[0], 2)(x)]
        ),
        networks.perceptron("tanh", [2, 10, 8, 1]),
    )
    yield Case(
        "laplacian-5d",
        Operator(
            5,
            outputs("{space: {x: 5}}", "lap(u)"),
            lambda fields, x, _: [laplacian(u, 5)(x) for u in fields],
        ),
        networks.perceptron("sin", [5, 8, 6, 2]),
    )
    yield Case(
        "biharmonic-2d",
        Operator(
            2,
            outputs("[x, y]", "lap(lap(u))"),
            lambda fields, x, _: [laplacian(laplacian(fields[0], 2), 2)(x)],
        ),
        networks.weight_normalised(),
    )
    yield Case(
        "heat",
        Operator(
            2,
            outputs("[x, t]", "u_t - 2/5*u_xx"),
            lambda fields, x, _: [D(fields[0], 1)(x) - 0.4 * D(fields[0], 0, 0)(x)],
        ),
        networks.factorised(),
        points=7,
    )
    yield Case(
        "third-order-mixed",
        Operator(
            3,
            outputs("[x, y, z]", "d(u, x: 2, y: 1) - 2*u_xyz + 3*u_zzz - u_yz + u"),
            lambda fields, x, _: [
                D(u, 0, 0, 1)(x)
                - 2.0 * D(u, 0, 1, 2)(x)
                + 3.0 * D(u, 2, 2, 2)(x)
                - D(u, 1, 2)(x)
                + u(x)
                for u in fields
            ],
        ),
        networks.siren(),
    )
    yield Case(
        "attention",
        Operator(
            3, outputs("[x, y, z]", "lap(u)"), lambda fields, x, _: [laplacian(fields[0], 3)(x)]
        ),
        attention.network(),
    )


def weighted_directions():
    """Sums over directions: of order two with weights, of order four and three."""
    rows = [[1.0, 2.0, 0.0, -1.0], [0.0, 0.5, 3.0, 1.0], [0.25, 0.0, 1.0, 0.0]]
    weights = [1.0, -0.5, 2.0]
    text = f"""coordinates: {{space: {{x: 4}}}}
directions:
  s: {{rows: {rows}, weights: {weights}}}
outputs:
  second: hess(u, s)
  fourth: {{K: 4, sum: {{a: s, b: s}}, derivative: [a, a, b, b], weight: 1/4}}
  third: {{K: 3, sum: {{a: s}}, derivative: [a, a, x2], weight: x1}}
"""

    def squares(f):
        """sum w (v . d)^2 f"""

        def sum_of_squares(x):
            def twice(row):
                direction = jnp.array(row)
                return along(along(f, lambda _: direction), lambda _: direction)(x)

            return sum(w * twice(row) for w, row in zip(weights, rows))

        return sum_of_squares

    def columns(fields, x, _):
        (u,) = fields
        second = squares(u)(x)
        return [second, squares(squares(u))(x) / 4.0, x[0] * D(squares(u), 1)(x)]

    return Case(
        "weighted-directions",
        Operator(4, text, columns),
        networks.perceptron("silu", [4, 8, 6, 1], 1.0),
        points=4,
    )


def nonlinear_cases():
    """Products and functions of linear parts, and coefficients that vary."""

    def kdv(fields, x, _):
        (u,) = fields
        return [D(u, 1)(x) + u(x) * D(u, 0)(x) + D(u, 0, 0, 0)(x)]

    def bilaplacian(fields, x, _):
        (u,) = fields
        w = laplacian(u, 5)
        return [laplacian(w, 5)(x) - 2.0 * u(x) * w(x) + u(x)]

    yield Case(
        "narrow-first-layer",
        Operator(5, outputs("{space: {x: 5}}", "lap(lap(u)) - 2*u*lap(u) + u"), bilaplacian),
        networks.perceptron("tanh", [5, 2, 6, 1], 1.5),
        points=4,
    )

    yield Case(
        "kdv",
        Operator(2, outputs("[x, t]", "u_t + u*u_x + u_xxx"), kdv),
        networks.gated_periodic(),
    )

    def burgers(fields, x, _):
        (u,) = fields
        a = 0.3 + 0.2 * x[0] ** 2 * jnp.exp(-x[1])
        return [D(u, 1)(x) + u(x) * D(u, 0)(x) - a * D(u, 0, 0)(x)]

    yield Case(
        "burgers-variable",
        Operator(
            2,
            outputs("[x, t]", "u_t + u*u_x - a*u_xx", coefficients="{a: 3/10 + x^2*exp(-t)/5}"),
            burgers,
        ),
        networks.piratenet(),
    )

    def divergence(fields, x, _):
        (u,) = fields

        def flux(i):
            return lambda x: (1.5 + x[0] ** 2 * x[1]) * D(u, i)(x)

        return [D(flux(0), 0)(x) + D(flux(1), 1)(x)]

    yield Case(
        "divergence-form",
        Operator(
            2,
            outputs("[x, y]", "div(a*grad(u))", coefficients="{a: 3/2 + x^2*y}"),
            divergence,
        ),
        networks.normalised_features(),
    )

    def monge_ampere(fields, x, _):
        (u,) = fields
        return [D(u, 0, 0)(x) * D(u, 1, 1)(x) - D(u, 0, 1)(x) ** 2]

    yield Case(
        "monge-ampere",
        Operator(2, outputs("[x, y]", "u_xx*u_yy - u_xy^2"), monge_ampere),
        networks.hard_boundary(),
    )

    def sine_gordon(fields, x, _):
        (u,) = fields
        return [D(u, 1, 1)(x) - D(u, 0, 0)(x) + jnp.sin(u(x))]

    yield Case(
        "sine-gordon",
        Operator(2, outputs("[x, t]", "u_tt - u_xx + sin(u)"), sine_gordon),
        networks.adaptive(),
    )

    def kuramoto_sivashinsky(fields, x, _):
        (u,) = fields
        first = D(u, 1)(x) + u(x) * D(u, 0)(x)
        return [first + D(u, 0, 0)(x) + D(u, 0, 0, 0, 0)(x)]

    yield Case(
        "kuramoto-sivashinsky",
        Operator(2, outputs("[x, t]", "u_t + u*u_x + u_xx + u_xxxx"), kuramoto_sivashinsky),
        networks.tied(),
    )


def minimal_surface():
    """Roots and quotients of first derivatives, differentiated once more."""
    text = outputs("[x, y]", "div(s*grad(u))", coefficients="{s: 1/sqrt(1 + u_x^2 + u_y^2)}")

    def columns(fields, x, _):
        (u,) = fields

        def flux(i):
            slope = lambda x: D(u, 0)(x) ** 2 + D(u, 1)(x) ** 2
            return lambda x: D(u, i)(x) / jnp.sqrt(1.0 + slope(x))

        return [D(flux(0), 0)(x) + D(flux(1), 1)(x)]

    return Case("minimal-surface", Operator(2, text, columns), networks.separable())


def stream_function():
    """Plane flow by its stream function, of order four in three coordinates."""
    text = """coordinates: {space: [x, y], time: t}
fields: [psi]
outputs:
  residual: d(lap(psi), t) + psi_y*d(lap(psi), x) - psi_x*d(lap(psi), y) - lap(lap(psi))/50
"""

    def columns(fields, x, _):
        (psi,) = fields
        w = laplacian(psi, 2)
        transport = D(psi, 1)(x) * D(w, 0)(x) - D(psi, 0)(x) * D(w, 1)(x)
        return [D(w, 2)(x) + transport - laplacian(w, 2)(x) / 50.0]

    return Case("stream-function", Operator(3, text, columns), convolution.network())


def navier_stokes():
    """Steady plane flow in three fields, as of Kovasznay."""
    text = """coordinates: {space: [x, y]}
fields: [u, v, p]
vectors: {U: [u, v]}
parameters: {nu: 1/40}
outputs:
  momentum: dot(U, grad(U)) + grad(p) - nu*lap(U)
  mass: div(U)
"""

    def columns(fields, x, _):
        u, v, p = fields

        def momentum(w, i):
            transport = u(x) * D(w, 0)(x) + v(x) * D(w, 1)(x)
            return transport + D(p, i)(x) - laplacian(w, 2)(x) / 40.0

        return [momentum(u, 0), momentum(v, 1), D(u, 0)(x) + D(v, 1)(x)]

    return Case("kovasznay", Operator(2, text, columns), networks.flow())


def inverse_problem():
    """Two unknowns, one of which is no factor."""
    text = outputs("[x, t]", "u_t + u*u_x - nu*u_xx + k^2*sin(k*u)", unknown="[nu, k]")

    def columns(fields, x, unknowns):
        (u,), (nu, k) = fields, unknowns
        reaction = k**2 * jnp.sin(k * u(x))
        return [D(u, 1)(x) + u(x) * D(u, 0)(x) - nu * D(u, 0, 0)(x) + reaction]

    operator = Operator(2, text, columns, {"nu": 0.3, "k": 1.25})
    return Case("unknown-viscosity", operator, networks.perceptron("softplus", [2, 8, 6, 1], 2.0))


def cases():
    yield from linear_cases()
    yield weighted_directions()
    yield from nonlinear_cases()
    yield minimal_surface()
    yield stream_function()
    yield navier_stokes()
    yield inverse_problem()
