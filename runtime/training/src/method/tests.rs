use super::damped::{Damped, WIDEST_QR};
use super::line_search::search;
use super::*;

/// Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², with a wall: not finite beyond x₀ = 3.
struct Valley(usize);

impl Objective for Valley {
    fn parameters(&self) -> usize {
        self.0
    }

    fn value(&mut self, x: &[f64]) -> f64 {
        self.value_and_gradient(x, &mut vec![0.0; x.len()])
    }

    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        if x[0] > 3.0 {
            return f64::NAN;
        }
        gradient.fill(0.0);
        let mut sum = 0.0;
        for at in 0..x.len() - 1 {
            let (a, b) = (x[at + 1] - x[at] * x[at], 1.0 - x[at]);
            sum += 100.0 * a * a + b * b;
            gradient[at] += -400.0 * a * x[at] - 2.0 * b;
            gradient[at + 1] += 200.0 * a;
        }
        sum
    }
}

impl LeastSquares for Valley {
    fn residuals(&self) -> usize {
        2 * (self.0 - 1)
    }

    fn evaluate(&mut self, x: &[f64], residuals: &mut [f64]) -> f64 {
        let mut jacobian = vec![0.0; residuals.len() * x.len()];
        self.linearise(x, residuals, &mut jacobian)
    }

    fn linearise(&mut self, x: &[f64], residuals: &mut [f64], jacobian: &mut [f64]) -> f64 {
        jacobian.fill(0.0);
        for at in 0..x.len() - 1 {
            residuals[2 * at] = 10.0 * (x[at + 1] - x[at] * x[at]);
            residuals[2 * at + 1] = 1.0 - x[at];
            jacobian[2 * at * x.len() + at] = -20.0 * x[at];
            jacobian[2 * at * x.len() + at + 1] = 10.0;
            jacobian[(2 * at + 1) * x.len() + at] = -1.0;
        }
        if x[0] > 3.0 { f64::NAN } else { residuals.iter().map(|r| r * r).sum() }
    }
}

fn start(size: usize) -> Vec<f64> {
    (0..size).map(|at| if at % 2 == 0 { -1.2 } else { 1.0 }).collect()
}

#[test]
fn methods_find_the_minimum_of_a_valley() {
    for size in [2, 20] {
        let quasi: [Box<dyn Method>; 2] = [Box::new(LBfgs::new()), Box::new(SelfScaledBroyden::new(size))];
        for mut method in quasi {
            let mut x = start(size);
            let mut last = f64::INFINITY;
            for _ in 0..400 {
                let step = method.step(&mut Valley(size), &mut x);
                last = step.loss;
                if !step.is_progress {
                    break;
                }
            }
            // At the minimum the loss is a square of rounding errors, 1e-16 times the condition 2500.
            assert!(last < 1e-20, "{method:?} {last:e}");
        }
        let (mut method, mut x) = (GaussNewton::new(1e-2, true), start(size));
        let mut last = f64::INFINITY;
        for _ in 0..60 {
            let step = method.step(&mut Valley(size), &mut x);
            last = step.loss;
        }
        assert!(last < 1e-24, "gauss-newton {last:e}");
    }
    let mut method = Adam::new(2, 1e-2, Schedule::Constant);
    let mut x = start(2);
    for _ in 0..6000 {
        method.step(&mut Valley(2), &mut x);
    }
    assert!(Valley(2).value(&x) < 1e-4);
}

#[test]
fn a_wall_is_never_crossed() {
    let methods: [Box<dyn Method>; 3] = [
        Box::new(LBfgs::new()),
        Box::new(SelfScaledBroyden::new(2)),
        Box::new(Adam::new(2, 0.5, Schedule::Constant)),
    ];
    for mut method in methods {
        let mut x = vec![2.9, -3.0];
        for _ in 0..30 {
            method.step(&mut Valley(2), &mut x);
            assert!(Valley(2).value(&x).is_finite(), "{method:?}");
        }
    }
    let (mut method, mut x) = (GaussNewton::new(1e-12, true), vec![2.9, 40.0]);
    for _ in 0..10 {
        method.step(&mut Valley(2), &mut x);
        assert!(Valley(2).value(&x).is_finite());
    }
}

#[test]
fn resumed_methods_go_on_with_the_same_bits() {
    let methods: [fn() -> Box<dyn Method>; 3] = [
        || Box::new(LBfgs::new()),
        || Box::new(SelfScaledBroyden::new(6)),
        || Box::new(Adam::new(6, 1e-2, Schedule::Exponential { factor: 0.9, every: 10.0 })),
    ];
    for make in methods {
        let (mut method, mut x) = (make(), start(6));
        for _ in 0..12 {
            method.step(&mut Valley(6), &mut x);
        }
        let (mut resumed, mut y) = (make(), x.clone());
        assert!(resumed.restore(&method.state()));
        for _ in 0..12 {
            method.step(&mut Valley(6), &mut x);
            resumed.step(&mut Valley(6), &mut y);
        }
        assert_eq!(x, y, "{method:?}");
    }
    let (mut method, mut x) = (GaussNewton::new(1e-2, true), start(6));
    method.step(&mut Valley(6), &mut x);
    let (mut resumed, mut y) = (GaussNewton::new(1.0, true), x.clone());
    assert!(resumed.restore(&method.state()) && !resumed.restore(&State::new()));
    for _ in 0..5 {
        method.step(&mut Valley(6), &mut x);
        resumed.step(&mut Valley(6), &mut y);
    }
    assert_eq!(x, y);
}

#[test]
fn what_a_search_returns_has_the_wolfe_conditions() {
    for first in [1e-6, 1e-3, 1.0, 50.0] {
        let x = start(4);
        let mut gradient = vec![0.0; 4];
        let loss = Valley(4).value_and_gradient(&x, &mut gradient);
        let direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let point = search(&mut Valley(4), &x, (loss, &gradient), &direction, first).unwrap();
        let (slope, there) = (dot(&gradient, &direction), dot(&point.gradient, &direction));
        assert!(point.loss <= loss + 1e-4 * point.alpha * slope, "{first}");
        assert!(there.abs() <= 0.9 * slope.abs(), "{first}");
    }
}

#[test]
fn the_inverse_hessian_has_the_secant_equation() {
    let mut method = SelfScaledBroyden::new(3);
    // y = A s for a matrix of condition 100, so that curvature is positive.
    for s in [[1.0, 0.2, -0.3], [0.1, -1.0, 0.5], [0.4, 0.3, 0.9], [-0.2, 0.8, 0.1]] {
        let y = [s[0] * 100.0 + s[1], s[0] + s[1] * 10.0, s[2]];
        method.update(&s, &y, 0.7 * dot(&s, &y));
        let found = method.state()["inverse"].chunks(3).map(|row| dot(row, &y)).collect::<Vec<_>>();
        for (found, s) in found.iter().zip(s) {
            // Cancellation in H − Hy yᵀH/yᵀHy costs the condition 100 twice.
            assert!((found - s).abs() < 1e-11, "{found} {s}");
        }
    }
}

/// Random entries in [−1, 1).
fn matrix(rows: usize, columns: usize) -> Vec<f64> {
    let mut random = crate::random::Random::new(7, (rows * 10_000 + columns) as u64);
    (0..rows * columns).map(|_| random.between(-1.0, 1.0)).collect()
}

#[test]
#[allow(clippy::cast_precision_loss, reason = "small sizes")]
fn every_way_solves_the_normal_equations() {
    let wide = WIDEST_QR + 10;
    for (rows, columns) in [(30, 12), (12, 30), (12, 12), (wide + 40, wide), (wide, wide + 40)] {
        let (jacobian, residuals) = (matrix(rows, columns), matrix(rows, 1));
        for damping in [1e-2, 1e-12] {
            let damped = Damped::new(&jacobian, &residuals);
            let negative: Vec<f64> = residuals.iter().map(|r| -r).collect();
            let delta = damped.at(damping).unwrap().solve(&negative).unwrap();
            // (JᵀJ + μ I) δ = −Jᵀ r
            let product: Vec<f64> = jacobian.chunks(columns).map(|row| dot(row, &delta)).collect();
            let mut worst = 0.0f64;
            for column in 0..columns {
                let left = (0..rows)
                    .map(|row| jacobian[row * columns + column] * (product[row] + residuals[row]))
                    .sum::<f64>();
                worst = worst.max((left + damping * delta[column]).abs());
            }
            // Sums of `rows` products of size one and of entries of δ, which are below 1/√μ.
            let bound = 1e-15 * (rows * columns) as f64 * (1.0 + norm(&delta));
            assert!(worst < bound, "{rows}×{columns}, {damping}: {worst:e} of {bound:e}");
        }
    }
}

/// r = A x − b
struct Linear;

impl Objective for Linear {
    fn parameters(&self) -> usize {
        3
    }

    fn value(&mut self, x: &[f64]) -> f64 {
        self.evaluate(x, &mut [0.0; 5])
    }

    fn value_and_gradient(&mut self, _: &[f64], _: &mut [f64]) -> f64 {
        unreachable!("Gauss–Newton asks for residuals")
    }
}

impl LeastSquares for Linear {
    fn residuals(&self) -> usize {
        5
    }

    fn evaluate(&mut self, x: &[f64], residuals: &mut [f64]) -> f64 {
        for (r, a) in residuals.iter_mut().zip(matrix(5, 3).chunks(3)) {
            *r = dot(a, x) - dot(a, &[1.0, -2.0, 3.0]);
        }
        dot(residuals, residuals)
    }

    fn linearise(&mut self, x: &[f64], residuals: &mut [f64], jacobian: &mut [f64]) -> f64 {
        jacobian.copy_from_slice(&matrix(5, 3));
        self.evaluate(x, residuals)
    }
}

#[test]
fn a_linear_problem_takes_one_step() {
    let (mut method, mut x) = (GaussNewton::new(1e-18, true), vec![0.0; 3]);
    method.step(&mut Linear, &mut x);
    for (found, exact) in x.iter().zip([1.0, -2.0, 3.0]) {
        assert!((found - exact).abs() < 1e-12, "{found}");
    }
}
