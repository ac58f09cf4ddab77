//! The weight of a linear layer, as it is or factored.
//!
//! | written | W |
//! |---|---|
//! | `weight: W` | W |
//! | `direction: V, scale: g` | Wᵢ = gᵢ Vᵢ/‖Vᵢ‖, weight normalisation (Salimans and Kingma 2016; PyTorch's `weight_norm`) |
//! | `factorised: {v: V, s: s}` | diag(exp s) V, random weight factorisation (Wang, Wang, Seidman, Perdikaris 2022) |
//! | `factorised: {v: V, g: g}` | diag(g) V |
//!
//! Checked by `a_factored_weight_is_multiplied_out` and, for weights that begin with the network, by
//! `every_tensor_begins_with_its_distribution`.

use jetc_operators::counted;
use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use jetc_operators::record;
use serde_json::json;

use super::super::array::Numbers;
use super::super::context::{Context, Role};
use super::super::start::Start;
use crate::activation::Activation;
use crate::network::TensorId;

record! {
    /// A factorised weight.
    pub(super) struct Factorised {
        /// The tensor V, [out, in].
        pub(super) v: Numbers = "v",
        /// The logarithms s of the factors, [out].
        pub(super) s: Option<Numbers> = "s",
        /// The factors exp(s) themselves, [out].
        pub(super) g: Option<Numbers> = "g",
    }
}

/// A matrix, transposed if it is [in, out] as it is given.
pub(super) fn plain(
    numbers: &Numbers,
    role: Role,
    transpose: bool,
    context: &mut Context<'_>,
) -> Option<TensorId> {
    let tensor = context.values(numbers, role)?;
    let matrix = context.matrix(tensor, &numbers.name(), numbers.span())?;
    if transpose { context.attempt(|graph| graph.transpose_matrix(matrix)) } else { Some(matrix) }
}

/// Wᵢ = gᵢ Vᵢ/‖Vᵢ‖; with one factor for all, the norm is that of the whole matrix.
pub(super) fn normalised(
    direction: Option<TensorId>,
    scale: Option<TensorId>,
    span: Span,
    context: &mut Context<'_>,
) -> Option<TensorId> {
    let (direction, scale) = (direction?, scale?);
    let rows = context.graph.shape(direction)[0];
    let scale = context.flat(scale)?;
    let factors = context.graph.shape(scale)[0];
    if !fits(direction, if factors == 1 { rows } else { factors }, span, context) {
        return None;
    }
    let over: &[isize] = if factors == 1 && rows != 1 { &[0, 1] } else { &[1] };
    let weight = context.attempt(|graph| {
        let norms = graph.norm(direction, over, true)?;
        let column = graph.reshape(scale, &[factors, 1])?;
        let factors = graph.divide(column, norms)?;
        graph.multiply(direction, factors)
    })?;
    finite(weight, span, context)
}

/// A factorised weight, by its tensors or by the name of its layer.
#[derive(Debug, Clone)]
pub(super) enum FactorisedWeight {
    /// `{v: V, s: s}`
    Tensors(Box<Factorised>),
    /// `true`
    Is(bool),
}

impl Decode for FactorisedWeight {
    fn expected() -> String {
        "a mapping with `v` and `s`, or `true`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return Factorised::decode(node, reader).map(|record| Self::Tensors(Box::new(record)));
        }
        bool::decode(node, reader).map(Self::Is)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Factorised::schema(schemas), bool::schema(schemas)] })
    }
}

impl FactorisedWeight {
    pub(super) fn named(v: Numbers, s: Numbers) -> Self {
        Self::Tensors(Box::new(Factorised { v, s: Some(s), g: None }))
    }

    /// V, if it has a name.
    pub(super) fn direction(&self) -> Option<&Numbers> {
        match self {
            Self::Tensors(factorised) => Some(&factorised.v),
            Self::Is(_) => None,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self, Self::Is(true))
    }

    pub(super) fn matrix(&self, transpose: bool, context: &mut Context<'_>) -> Option<TensorId> {
        match self {
            Self::Tensors(factorised) => factorised.matrix(transpose, context),
            Self::Is(_) => None,
        }
    }

    /// Lets s and V begin, so that diag(exp s) V is as a plain weight.
    pub(super) fn begin(&self, size: Size, context: &mut Context<'_>) {
        let Self::Tensors(record) = self else { return };
        let Factorised { v, s, g } = &**record;
        let rows = [size.rows];
        let (factors, is_logarithm) = match (s, g) {
            (Some(s), None) => (s, true),
            (None, Some(g)) => (g, false),
            // Reported where the weight is read.
            _ => return,
        };
        let start =
            if is_logarithm { Start::Normal { mean: 1.0, deviation: 0.1 } } else { Start::Constant(1.0) };
        context.begin_numbers(factors, &rows, start);
        if context.begin_numbers(v, &size.shape(), size.start()) && is_logarithm {
            let factors: Vec<f64> = begun(factors, context).iter().map(|s| s.exp()).collect();
            for (at, entry) in begun(v, context).iter_mut().enumerate() {
                // Factors that are in a file, or written out, stand for themselves.
                *entry /= factors.get(size.row(at)).copied().unwrap_or(1.0);
            }
        }
    }
}

/// A weight that is to begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) gain: f64,
    /// Whether its tensor is [in, out].
    pub(super) transpose: bool,
}

impl Size {
    /// The shape of the tensor.
    pub(super) fn shape(self) -> [usize; 2] {
        if self.transpose { [self.columns, self.rows] } else { [self.rows, self.columns] }
    }

    pub(super) fn start(self) -> Start {
        Start::glorot(self.gain, self.rows, self.columns)
    }

    /// The row of W that an entry of the tensor belongs to.
    fn row(self, at: usize) -> usize {
        if self.transpose { at % self.rows } else { at / self.columns }
    }

    /// Lets V and g begin, gᵢ = ‖Vᵢ‖.
    pub(super) fn begin_normalised(self, direction: &Numbers, scale: &Numbers, context: &mut Context<'_>) {
        context.begin_numbers(direction, &self.shape(), self.start());
        if context.begin_numbers(scale, &[self.rows], Start::Constant(1.0)) {
            let mut squares = vec![0.0; self.rows];
            for (at, entry) in begun(direction, context).iter().enumerate() {
                squares[self.row(at)] += entry * entry;
            }
            for (factor, square) in begun(scale, context).iter_mut().zip(squares) {
                *factor = if square > 0.0 { square.sqrt() } else { 1.0 };
            }
        }
    }
}

/// The numbers of a tensor that began with the network; none of others.
fn begun<'c>(numbers: &Numbers, context: &'c mut Context<'_>) -> &'c mut [f64] {
    match numbers {
        Numbers::Word(text) => context.weights.begun_numbers(&text.text).unwrap_or_default(),
        Numbers::List(..) => &mut [],
    }
}

impl Factorised {
    pub(super) fn matrix(&self, transpose: bool, context: &mut Context<'_>) -> Option<TensorId> {
        let direction = plain(&self.v, Role::Trained("factorised.v"), transpose, context);
        let (span, factors) = match (&self.s, &self.g) {
            (Some(s), None) => {
                let logarithms = context.vector(s, Role::Trained("factorised.s"))?;
                (s.span(), context.attempt(|graph| graph.apply(Activation::Exp, logarithms))?)
            }
            (None, Some(g)) => (g.span(), context.vector(g, Role::Trained("factorised.g"))?),
            _ => {
                context.mismatch(self.v.span(), "a factorised weight has either `s` or `g` beside `v`");
                return None;
            }
        };
        let direction = direction?;
        let count = context.graph.shape(factors)[0];
        if !fits(direction, count, span, context) {
            return None;
        }
        // diag(factors) V
        let weight = context.attempt(|graph| {
            let column = graph.reshape(factors, &[count, 1])?;
            graph.multiply(direction, column)
        })?;
        finite(weight, span, context)
    }
}

/// Whether there is a factor for each row; reported otherwise.
fn fits(matrix: TensorId, found: usize, span: Span, context: &mut Context<'_>) -> bool {
    let shape = context.graph.shape(matrix).to_vec();
    if found != shape[0] {
        context.mismatch(span, format!("{}, but V has shape {shape:?}", counted(found, "factor")));
    }
    found == shape[0]
}

/// The weight, if its entries are numbers; reported otherwise.
fn finite(weight: TensorId, span: Span, context: &mut Context<'_>) -> Option<TensorId> {
    let columns = context.graph.shape(weight)[1];
    let entries = context.graph.constant_entries(weight)?;
    if let Some(at) = entries.iter().position(|entry| !entry.is_finite()) {
        let place = format!("entry [{}, {}] of the weight", at / columns, at % columns);
        let message = format!("{place} comes out as {}", entries[at]);
        context.reader.report(Code::InvalidNumber, span, message);
        return None;
    }
    Some(weight)
}
