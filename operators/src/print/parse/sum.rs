//! Sums of products, `2*x^2*y - 1/3*z + 4`.

use jetc_combinatorics::Rational;

use super::PlanTextError;
use super::statement::Statement;

/// A coefficient with factors and their exponents.
pub(super) type Term<N> = (Rational, Vec<(N, i32)>);

/// Terms whose factors are still names.
#[derive(Debug)]
pub(super) struct Sum<'a> {
    terms: Vec<Term<&'a str>>,
}

impl<'a> Sum<'a> {
    /// Terms are set apart by ` + ` and ` - `; a minus sign may stand before the first.
    pub(super) fn parse(statement: Statement<'a>) -> Result<Self, PlanTextError> {
        let mut terms = Vec::new();
        if statement.text == "0" {
            return Ok(Self { terms });
        }
        let mut negative = false;
        for word in statement.text.split(' ') {
            match word {
                "+" => negative = false,
                "-" => negative = true,
                term => {
                    let (minus, term) = match term.strip_prefix('-') {
                        Some(rest) => (true, rest),
                        None => (false, term),
                    };
                    let (weight, factors) = product(statement.with(term))?;
                    terms.push((if minus == negative { weight } else { -weight }, factors));
                }
            }
        }
        Ok(Self { terms })
    }

    /// The same with every name looked up.
    pub(super) fn resolve<N>(
        self,
        look_up: impl Fn(&'a str) -> Result<N, PlanTextError>,
    ) -> Result<Vec<Term<N>>, PlanTextError> {
        let mut terms = Vec::new();
        for (weight, factors) in self.terms {
            let factors =
                factors.into_iter().map(|(name, exponent)| look_up(name).map(|found| (found, exponent)));
            terms.push((weight, factors.collect::<Result<Vec<_>, _>>()?));
        }
        Ok(terms)
    }
}

/// `2/3*x^2*y`: at most one number, then names with exponents.
fn product(term: Statement<'_>) -> Result<Term<&str>, PlanTextError> {
    let mut weight = Rational::from_integer(1.into());
    let mut factors = Vec::new();
    for factor in term.text.split('*') {
        if factor.starts_with(|sign: char| sign.is_ascii_digit()) {
            weight *= number(term.with(factor))?;
            continue;
        }
        let (name, exponent) = match factor.split_once('^') {
            Some((name, exponent)) => (name, term.with(exponent).number()?),
            None => (factor, 1),
        };
        if name.is_empty() {
            return Err(term.expected("a product of names and numbers"));
        }
        factors.push((name, exponent));
    }
    Ok((weight, factors))
}

/// A fraction, or a double as it is printed, `0.25` or `1e-7`, which stands for itself.
fn number(text: Statement<'_>) -> Result<Rational, PlanTextError> {
    if text.text.contains(['.', 'e']) {
        return Rational::from_float(text.number::<f64>()?).ok_or_else(|| text.expected("a finite number"));
    }
    text.number()
}
