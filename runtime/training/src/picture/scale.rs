//! From values to places along an axis, linear or logarithmic, and the ticks beside it.
//!
//! | notation | name |
//! |---|---|
//! | \[a, b\] | `low`, `high`: the values at places 0 and 1 |
//! | (v − a)/(b − a), or the same of logarithms | [`Scale::place`] |

use super::number::{exponent, labels, power_of_ten, short, ten};

/// An axis without a place yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) logarithmic: bool,
}

/// A place between 0 and 1, and what is written there.
#[derive(Clone, Debug)]
pub(super) struct Tick {
    pub(super) place: f64,
    pub(super) label: String,
}

/// Ticks, and the power of ten that their labels leave to the name of the axis.
#[derive(Clone, Debug, Default)]
pub(super) struct Ticks {
    pub(super) ticks: Vec<Tick>,
    pub(super) factor: Option<String>,
}

impl Scale {
    /// From the least to the greatest of the values that can be shown; a single value gets room on both sides.
    pub(super) fn over(values: impl IntoIterator<Item = f64>, logarithmic: bool) -> Self {
        let shown = values.into_iter().filter(|value| is_shown(*value, logarithmic));
        let [low, high] = shown
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
        Self { low, high, logarithmic }.with_room()
    }

    /// Between two values, in either order.
    pub(super) fn between([low, high]: [f64; 2], logarithmic: bool) -> Self {
        Self::over([low, high], logarithmic)
    }

    /// Longer by a fraction on each side, so that curves do not touch the frame.
    pub(super) fn widened(self, fraction: f64) -> Self {
        let [a, b] = [self.low, self.high].map(|value| self.inner(value));
        let more = (b - a) * fraction;
        Self { low: self.outer(a - more), high: self.outer(b + more), ..self }.if_valid_or(self)
    }

    fn with_room(self) -> Self {
        let Self { low, high, logarithmic } = self;
        let [low, high] = if low > high {
            if logarithmic { [0.1, 1.0] } else { [0.0, 1.0] }
        } else if low < high {
            [low, high]
        } else if logarithmic {
            [low / 3.0, low * 3.0]
        } else if low == 0.0 {
            [-1.0, 1.0]
        } else {
            [low - 0.5 * low.abs(), low + 0.5 * low.abs()]
        };
        Self { low, high, logarithmic }
    }

    fn if_valid_or(self, other: Self) -> Self {
        if self.shows(self.low) && self.shows(self.high) { self } else { other }
    }

    fn shows(&self, value: f64) -> bool {
        is_shown(value, self.logarithmic)
    }

    fn inner(&self, value: f64) -> f64 {
        if self.logarithmic { value.log10() } else { value }
    }

    fn outer(&self, value: f64) -> f64 {
        if self.logarithmic { 10f64.powf(value) } else { value }
    }

    /// Where a value is; nothing where it cannot be shown.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        let [inner, a, b] = [value, self.low, self.high].map(|value| self.inner(value));
        let place = (inner - a) / (b - a);
        place.is_finite().then_some(place).filter(|_| self.shows(value))
    }

    /// About so many ticks.
    pub(super) fn ticks(&self, count: usize) -> Ticks {
        let count = count.max(2);
        if !self.logarithmic {
            return self.even_ticks(count);
        }
        let decades = self.decades(count);
        if decades.ticks.len() >= 2 {
            return decades;
        }
        let digits = self.digit_ticks(&[1.0, 2.0, 5.0]);
        if digits.len() >= 2 { Ticks { ticks: digits, factor: None } } else { self.even_ticks(count) }
    }

    /// Places of the digits 2…9 between the decades of a logarithmic axis, while they are few.
    pub(super) fn minor_places(&self) -> Vec<f64> {
        if !self.logarithmic || self.high / self.low > 1e5 {
            return Vec::new();
        }
        let digits: Vec<f64> = (2..=9).map(f64::from).collect();
        self.digit_ticks(&digits).into_iter().map(|tick| tick.place).collect()
    }

    /// Multiples of a step: of the smallest that fits and has ticks at both ends, else of the smallest that fits.
    fn even_ticks(&self, count: usize) -> Ticks {
        let length = self.high - self.low;
        let sparse = (count / 2).max(2);
        let fitting = steps(length)
            .filter(|step| self.intervals(*step) <= count && self.intervals(*step) + 1 >= sparse);
        let fitting: Vec<f64> = fitting.collect();
        let both = fitting.iter().find(|step| self.has_ends(**step));
        let spare = || steps(length).rfind(|step| self.intervals(*step) >= 1);
        let step = both.or(fitting.first()).copied().or_else(spare).unwrap_or(length);
        let [first, last] = self.multiples(step);
        let values = (0..=self.intervals(step)).map(|index| (first + index as f64).min(last) * step);
        let values: Vec<f64> = values.collect();
        let (labels, factor) = labels(&values, step);
        let ticks = values
            .iter()
            .zip(labels)
            .filter_map(|(value, label)| Some(Tick { place: self.place(*value)?.clamp(0.0, 1.0), label }));
        Ticks { ticks: ticks.collect(), factor }
    }

    /// The least and the greatest n for which n times the step is on the axis.
    fn multiples(&self, step: f64) -> [f64; 2] {
        [(self.low / step - 1e-6).ceil(), (self.high / step + 1e-6).floor()]
    }

    /// Between the first and the last tick.
    fn intervals(&self, step: f64) -> usize {
        let [first, last] = self.multiples(step);
        (last - first).clamp(0.0, 1000.0) as usize
    }

    fn has_ends(&self, step: f64) -> bool {
        let [low, high] = [self.low / step, self.high / step];
        (low - low.round()).abs() < 1e-6 && (high - high.round()).abs() < 1e-6
    }

    /// Powers of ten, every one or every so many.
    fn decades(&self, count: usize) -> Ticks {
        let [first, last] = [exponent(self.low), exponent(self.high)];
        let within = (first..=last).filter(|e| (self.low..=self.high).contains(&ten(*e)));
        let within: Vec<i32> = within.collect();
        let every = within.len().saturating_sub(1).div_ceil(count).max(1);
        // Multiples of the step, unless that leaves too few.
        let round =
            within.iter().position(|e| i32::try_from(every).is_ok_and(|every| e.rem_euclid(every) == 0));
        let start = round.filter(|start| start + every < within.len()).unwrap_or(0);
        let ticks = within
            .into_iter()
            .skip(start)
            .step_by(every)
            .filter_map(|e| Some(Tick { place: self.place(ten(e))?, label: power_of_ten(e) }));
        Ticks { ticks: ticks.collect(), factor: None }
    }

    fn digit_ticks(&self, digits: &[f64]) -> Vec<Tick> {
        let exponents = exponent(self.low)..=exponent(self.high);
        let values = exponents.flat_map(|e| digits.iter().map(move |digit| digit * ten(e)));
        let within = values.filter(|value| (self.low..=self.high).contains(value));
        within.filter_map(|value| Some(Tick { place: self.place(value)?, label: short(value) })).collect()
    }
}

/// Whether a value has a place on any axis: differences of numbers beyond 10³⁰⁰ may not be numbers.
fn is_shown(value: f64, logarithmic: bool) -> bool {
    value.abs() <= 1e300 && (!logarithmic || value > 0.0)
}

/// Steps for a length, the smallest first: 1, 2, 2.5 and 5 times powers of ten.
fn steps(length: f64) -> impl DoubleEndedIterator<Item = f64> {
    let largest = exponent(length);
    (largest - 2..=largest).flat_map(|e| [1.0, 2.0, 2.5, 5.0].map(|digit| digit * ten(e)))
}
