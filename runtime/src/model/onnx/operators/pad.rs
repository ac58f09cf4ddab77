//! Padding with a constant, with the edge, or with entries mirrored or repeated.

use jetc_operators::counted;

use super::super::NodeProblem;
use super::super::call::{Call, Result, apart, axes, axis, size};
use super::super::value::{Array, Value};
use super::{Handler, one};

pub(super) fn handler(op_type: &str) -> Option<Handler> {
    (op_type == "Pad").then_some(pad)
}

/// Amounts are an operand, before opset 11 an attribute; negative ones take entries away.
fn pad(call: &mut Call<'_>) -> Result<Vec<Value>> {
    let mut x = call.real(0)?;
    let shape = call.shape(x).to_vec();
    let amounts = call.list("pads", 1)?.ok_or(NodeProblem::Operand { position: 1 })?;
    let value = match call.optional_real(2)? {
        Some(value) => call
            .constant_scalar(value)
            .ok_or(NodeProblem::NotConstant { position: 2, what: "the value of the padding" })?,
        None => call.attributes.float_or("value", 0.0)?,
    };
    let along = match call.optional(3) {
        Some(_) => call.whole(3)?.entries.iter().map(|axis| axis.number()).collect::<Result<Vec<_>>>()?,
        None => (0..shape.len().cast_signed() as i64).collect(),
    };
    if axes(&along, shape.len())?.len() != along.len() || amounts.len() != 2 * along.len() {
        return Err(NodeProblem::Option {
            what: format!(
                "a list of {} for {}",
                counted(amounts.len(), "amount"),
                counted(along.len(), "axis")
            ),
            remedy: "give two for each axis, each axis once",
        });
    }
    let mode = call.attributes.text("mode")?.unwrap_or_else(|| "constant".to_owned());
    let (starts, ends) = amounts.split_at(along.len());
    for ((&entry, &before), &after) in along.iter().zip(starts).zip(ends) {
        let along = axis(entry, shape.len())?;
        if (before, after) != (0, 0) {
            apart(x.batch, &[along])?;
            x = pad_axis(call, x, along, (before, after), &mode, value)?;
        }
    }
    one(x)
}

/// Every entry of the new axis is one of the old, or of the value, which stands behind them.
fn pad_axis(
    call: &mut Call<'_>,
    x: Array,
    along: usize,
    (before, after): (i64, i64),
    mode: &str,
    value: f64,
) -> Result<Array> {
    let shape = call.shape(x).to_vec();
    let length = shape[along].cast_signed() as i64;
    let total = length.checked_add(before).and_then(|sum| sum.checked_add(after));
    let total = usize::try_from(total.ok_or(NodeProblem::Overflow)?).map_err(|_| NodeProblem::Overflow)?;
    let mut result = shape.clone();
    result[along] = total;
    size(&result)?;
    let source = |place: i64| -> Option<i64> {
        let inside = (0..length).contains(&place).then_some(place);
        match mode {
            "edge" => (length > 0).then(|| place.clamp(0, length - 1)),
            "wrap" => place.checked_rem_euclid(length),
            "reflect" if length == 1 => Some(0),
            "reflect" => {
                let folded = place.checked_rem_euclid(2 * (length - 1))?;
                Some(folded.min(2 * (length - 1) - folded))
            }
            _ => inside.or(Some(length)),
        }
    };
    if !["constant", "edge", "wrap", "reflect"].contains(&mode) {
        let what = format!("padding by `{mode}`");
        return Err(NodeProblem::Option { what, remedy: "use constant, edge, reflect or wrap" });
    }
    let places: Option<Vec<isize>> = (0..total)
        .map(|place| {
            source(place.cast_signed() as i64 - before).and_then(|place| isize::try_from(place).ok())
        })
        .collect();
    let places = places.ok_or(NodeProblem::Empty { shape: shape.clone() })?;
    let mut slab = shape;
    slab[along] = 1;
    let count = slab.iter().product();
    let filling = call.graph.constant(&slab, vec![value; count])?;
    let extended = call.graph.concat(&[x.tensor, filling], along.cast_signed())?;
    let tensor = call.graph.gather(extended, along.cast_signed(), &places, &[total])?;
    Ok(Array { tensor, ..x })
}
