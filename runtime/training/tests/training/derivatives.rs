use jetc_training::method::{LeastSquares, Objective};
use jetc_training::{Limits, Run};

use super::{EVERYTHING, problem};

/// L = Σ r² has the gradient 2 Jᵀ r, whichever way both are computed; J is that of central differences.
#[test]
fn residuals_jacobian_and_gradient_agree() {
    let problem = problem(EVERYTHING);
    let run = Run::new(&problem, Limits::default()).unwrap();
    let theta = run.parameters().to_vec();
    let mut system = jetc_training::run::system(&problem).unwrap();
    let (rows, columns) = (system.residuals(), theta.len());
    // 20 + 12 points, 5, 6 and one mean; two of the parameters are unknowns.
    assert_eq!(system.parameters(), columns);
    let (mut residuals, mut jacobian) = (vec![0.0; rows], vec![0.0; rows * columns]);
    let loss = system.linearise(&theta, &mut residuals, &mut jacobian);
    let mut gradient = vec![0.0; columns];
    let same = system.value_and_gradient(&theta, &mut gradient);
    assert!((loss - same).abs() <= 1e-13 * loss, "{loss} {same}");
    assert!((loss - residuals.iter().map(|r| r * r).sum::<f64>()).abs() <= 1e-13 * loss);
    let scale = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    for column in 0..columns {
        let product: f64 = (0..rows).map(|row| 2.0 * jacobian[row * columns + column] * residuals[row]).sum();
        // Sums of some fifty products, in another order.
        assert!(
            (product - gradient[column]).abs() <= 1e-13 * scale,
            "{column}: {product} {}",
            gradient[column]
        );
    }
    for column in 0..columns {
        let step = 1e-5;
        let at = |sign: f64, system: &mut jetc_training::system::System| {
            let mut moved = theta.clone();
            moved[column] += sign * step;
            let mut residuals = vec![0.0; rows];
            system.evaluate(&moved, &mut residuals);
            residuals
        };
        let (ahead, behind) = (at(1.0, &mut system), at(-1.0, &mut system));
        for row in 0..rows {
            let difference = (ahead[row] - behind[row]) / (2.0 * step);
            let exact = jacobian[row * columns + column];
            // Rounding of residuals of size 10 over the step, and the third derivative times its square.
            assert!(
                (difference - exact).abs() < 1e-7 * (1.0 + exact.abs()) * 100.0,
                "{row}, {column}: {difference} {exact}"
            );
        }
    }
}
