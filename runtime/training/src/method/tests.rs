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
        || {
            Box::new(
                Adam::new(6, 1e-2, Schedule::Cosine { steps: 20.0 }).with_warm_up(15.0).with_clipping(30.0),
            )
        },
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

/// A gradient that is given, call by call; the loss is no matter.
struct Given(Vec<[f64; 2]>);

impl Objective for Given {
    fn parameters(&self) -> usize {
        2
    }

    fn value(&mut self, _: &[f64]) -> f64 {
        0.0
    }

    fn value_and_gradient(&mut self, _: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&self.0.remove(0));
        0.0
    }
}

/// How far Adam goes for gradients that are all the same: the sum of its rates, along −sign g.
#[allow(clippy::cast_precision_loss, reason = "small numbers of steps")]
fn travelled(mut method: Adam, steps: usize) -> f64 {
    let (mut objective, mut x) = (Given(vec![[3.0, -40.0]; steps]), vec![1.0, 1.0]);
    for _ in 0..steps {
        method.step(&mut objective, &mut x);
    }
    // ε and rounding of m̂ and v̂ are below 1e-8 of a step.
    assert!((x[0] + x[1] - 2.0).abs() < 1e-8 * steps as f64, "{x:?}");
    1.0 - x[0]
}

#[test]
#[allow(clippy::cast_precision_loss, reason = "small numbers of steps")]
fn schedules_have_their_closed_forms() {
    let (rate, steps) = (1e-2, 40);
    let adam = |schedule| Adam::new(2, rate, schedule);
    let exponential = Schedule::Exponential { factor: 0.5, every: 10.0 };
    let ratio = 0.5f64.powf(0.1);
    let geometric = |count: i32| (1.0 - ratio.powi(count)) / (1.0 - ratio);
    let cosine = |steps: f64| Schedule::Cosine { steps };
    for (method, sum) in [
        (adam(Schedule::Constant), 40.0),
        (adam(exponential), geometric(40)),
        // Σ (1 + cos(πt/T))/2 for t = 0 … T − 1 is (T + 1)/2; behind the end there is nothing.
        (adam(cosine(40.0)), 20.5),
        (adam(cosine(30.0)), 15.5),
        // Σ k/W for k = 1 … W is (W + 1)/2.
        (adam(Schedule::Constant).with_warm_up(10.0), 5.5 + 30.0),
        (adam(exponential).with_warm_up(10.0), 5.5 + geometric(30)),
        (adam(cosine(30.0)).with_warm_up(10.0), 5.5 + 15.5),
    ] {
        let name = format!("{method:?}");
        let found = travelled(method, steps) / rate;
        assert!((found - sum).abs() < 1e-6, "{name}: {found} {sum}");
    }
}

#[test]
fn a_clipped_spike_counts_as_much_as_the_bound() {
    let after = |gradients: &[[f64; 2]], clip: f64| {
        let (mut method, mut x) = (Adam::new(2, 1e-2, Schedule::Constant).with_clipping(clip), vec![0.0; 2]);
        let mut objective = Given(gradients.to_vec());
        for _ in gradients {
            method.step(&mut objective, &mut x);
        }
        x
    };
    // Of length 5, once with a spike of length 500 in its place.
    let (even, spike) = ([[3.0, 4.0]; 3], [[3.0, 4.0], [300.0, 400.0], [3.0, 4.0]]);
    assert_eq!(after(&even, 5.0), after(&even, f64::INFINITY));
    assert_eq!(after(&spike, 5.0), after(&even, 5.0));
    assert_ne!(after(&spike, 500.0), after(&even, 500.0));
    // g = (3, 4) · 5/500 = (0.03, 0.04) and (0.3, 0.4): m = 0.1·(0.9·0.03 + 0.3), v = 0.001·(0.999·0.03² + 0.3²), corrected.
    let x = after(&[[3.0, 4.0], [0.3, 0.4]], 0.05);
    let (m, v) = (0.03 * (0.09 + 0.1) / 0.19, 0.03 * 0.03 * (0.000_999 + 0.001) / 0.001_999);
    let second = 1e-2 * m / (f64::sqrt(v) + 1e-8);
    let first = 1e-2 * 0.03 / (0.03 + 1e-8);
    assert!((x[0] + first + second).abs() < 1e-15, "{} {}", x[0], first + second);
}
