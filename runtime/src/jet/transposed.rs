//! Multiplication over a jet algebra, transposed: how cotangents go back through it.
//!
//! | notation | name |
//! |---|---|
//! | ε_a ε_b = Σ_c M^c_ab ε_c, ε₀ = 1 | the product table, both orders of every pair |
//! | (m·x)_c = Σ_ab M^c_ab m_b x_a | [`Jet::multiply`] by m |
//! | (mᵀȳ)_a = Σ_bc M^c_ab m_b ȳ_c | [`Jet::multiply_transposed`] |
//! | ⟨u, ū⟩ = Σ u_c ū_c | a value and a cotangent, over channels c and features |
//!
//! *The law:* ⟨m·x, ȳ⟩ = ⟨x, mᵀȳ⟩. Products climb, so (mᵀȳ)_a takes ȳ of channel a and of later ones alone.
//! Checked by `multiplication_is_transposed` and `a_bilinear_map_is_transposed_in_each_factor`; the same table as a program is
//! [`jetc_operators::program::Program::product_adjoint_left`].

use jetc_operators::algebra::JetAlgebra;

use super::Jet;
use crate::element::Scalar;

impl<S: Scalar> Jet<S> {
    /// mᵀȳ, feature by feature, where `self` is m and `cotangent` is ȳ: the cotangent of x in m·x.
    ///
    /// # Example: it moves a factor to the other side
    /// ```
    /// use jetc_operators::{OperatorSpec, Strategy};
    /// use jetc_runtime::jet::Jet;
    ///
    /// let spec = OperatorSpec::from_yaml("second", "coordinates: [x]\noutputs: {r: u_xx}\n")?;
    /// let plan = spec.plan(Strategy::Minimal)?; // 1, ε, ε²
    /// let jet = |channels: [f64; 3]| Jet::new(channels.map(|channel| vec![channel]).to_vec());
    /// let (m, x, y) = (jet([2.0, 3.0, 5.0]), jet([1.0, -1.0, 4.0]), jet([7.0, 0.5, -2.0]));
    /// let dot = |u: &Jet<f64>, v: &Jet<f64>| -> f64 { (0..3).map(|c| u.channel(c)[0] * v.channel(c)[0]).sum() };
    /// let algebra = plan.algebra();
    /// assert_eq!(dot(&m.multiply(&x, algebra), &y), dot(&x, &m.multiply_transposed(&y, algebra)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn multiply_transposed(&self, cotangent: &Self, algebra: &JetAlgebra) -> Self {
        self.bilinear_transposed(cotangent, algebra, |m, y| m.iter().zip(y).map(|(m, y)| m.mul(y)).collect())
    }

    /// The cotangent of one factor of [`Jet::bilinear`], where `self` is the other one. `map` takes a channel of the other
    /// factor and a cotangent of the result to a cotangent of the factor: for β(u, v) and the cotangent of u it is
    /// β*(v, ȳ) with β(u, v)·ȳ = u·β*(v, ȳ). Channel a is Σ_bc M^c_ab β*(m_b, ȳ_c).
    #[must_use]
    pub fn bilinear_transposed(
        &self,
        cotangent: &Self,
        algebra: &JetAlgebra,
        map: impl Fn(&[S], &[S]) -> Vec<S>,
    ) -> Self {
        let (m, y) = (&self.channels, &cotangent.channels);
        let mut channels: Vec<Vec<S>> = y.iter().map(|y| map(&m[0], y)).collect();
        let mut add = |wanted: usize, coefficient: &S, term: Vec<S>| {
            for (entry, term) in channels[wanted].iter_mut().zip(&term) {
                *entry = coefficient.mul_add(term, entry);
            }
        };
        for c in 1..y.len() {
            add(0, &S::one(), map(&m[c], &y[c]));
        }
        for p in algebra.products() {
            let (i, j, k) = (p.left.index(), p.right.index(), p.result.index());
            let coefficient = S::from_rational(&p.coefficient);
            add(i, &coefficient, map(&m[j], &y[k]));
            if i != j {
                add(j, &coefficient, map(&m[i], &y[k]));
            }
        }
        Self { channels }
    }
}

#[cfg(test)]
mod tests {
    use jetc_combinatorics::Rational;
    use jetc_combinatorics::rational::ratio;
    use jetc_operators::spec::Options;
    use jetc_operators::{Plan, Strategy, builtin};

    use super::Jet;

    fn plans() -> impl Iterator<Item = Plan> {
        let options = Options { dimension: Some(2), ..Options::default() };
        let specs =
            ["laplacian", "biharmonic"].map(|name| builtin::find(name).unwrap().spec(&options).unwrap());
        specs
            .into_iter()
            .flat_map(|spec| Strategy::CONCRETE.map(|strategy| spec.clone().plan(strategy).unwrap()))
    }

    /// Numbers without a pattern that a wrong term could hide in.
    fn jet(channels: usize, features: usize, seed: i64) -> Jet<Rational> {
        let number = |c: usize, f: usize| {
            let i = i64::try_from(c * features + f).unwrap() + 1;
            ratio((i * i * 7 + i * seed * 3 + seed) % 23 - 11, 1 + (i + seed) % 4)
        };
        Jet::new((0..channels).map(|c| (0..features).map(|f| number(c, f)).collect()).collect())
    }

    fn dot(u: &Jet<Rational>, v: &Jet<Rational>) -> Rational {
        u.channels().iter().flatten().zip(v.channels().iter().flatten()).map(|(u, v)| u * v).sum()
    }

    #[test]
    fn multiplication_is_transposed() {
        for plan in plans() {
            let (algebra, d) = (plan.algebra(), plan.algebra().dimension());
            let [m, x, y] = [3, 5, 8].map(|seed| jet(d, 4, seed));
            let (product, transposed) = (m.multiply(&x, algebra), m.multiply_transposed(&y, algebra));
            assert_eq!(dot(&product, &y), dot(&x, &transposed));
        }
    }

    #[test]
    fn a_bilinear_map_is_transposed_in_each_factor() {
        // (u, v) ↦ (u₀ v₀ + u₁ v₂, u₁ v₁) of two and three features.
        let beta = |u: &[Rational], v: &[Rational]| vec![&u[0] * &v[0] + &u[1] * &v[2], &u[1] * &v[1]];
        let of_left = |v: &[Rational], y: &[Rational]| vec![&v[0] * &y[0], &v[2] * &y[0] + &v[1] * &y[1]];
        let of_right = |u: &[Rational], y: &[Rational]| vec![&u[0] * &y[0], &u[1] * &y[1], &u[1] * &y[0]];
        for plan in plans() {
            let (algebra, d) = (plan.algebra(), plan.algebra().dimension());
            let (u, v, y) = (jet(d, 2, 3), jet(d, 3, 5), jet(d, 2, 8));
            let expected = dot(&u.bilinear(&v, algebra, beta), &y);
            assert_eq!(dot(&u, &v.bilinear_transposed(&y, algebra, of_left)), expected);
            assert_eq!(dot(&v, &u.bilinear_transposed(&y, algebra, of_right)), expected);
        }
    }
}
