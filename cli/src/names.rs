//! What was done about names and formats of files, for standard error.

use jetc_operators::OperatorSpec;
use jetc_runtime::Network;
use jetc_runtime::files::PointReader;

use crate::diagnostics;

/// What there is to say once all went well.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    notes: Vec<String>,
    /// Warnings, of files or of anything else.
    pub(crate) warnings: Vec<String>,
}

impl Notes {
    /// The network with inputs and outputs in the operator's order, by name where both have names.
    pub(crate) fn arrange(
        &mut self,
        network: &Network<f64>,
        spec: &OperatorSpec,
    ) -> anyhow::Result<Network<f64>> {
        let (arranged, notes) = network.arranged(spec.coordinates.names(), spec.fields.as_deref())?;
        for note in &notes {
            let list = if note.by_name { &mut self.notes } else { &mut self.warnings };
            list.push(note.to_string());
        }
        Ok(arranged.into_owned())
    }

    /// How a file of points was understood: in one line, and in one for each thing that may be wrong.
    pub(crate) fn points(&mut self, points: &PointReader) {
        let (warnings, notes): (Vec<_>, Vec<_>) = points.notes().iter().partition(|note| note.is_warning());
        let notes: Vec<String> = notes.into_iter().map(ToString::to_string).collect();
        if !notes.is_empty() {
            self.notes.push(format!("{}: {}", points.origin(), notes.join("; ")));
        }
        self.warnings.extend(warnings.into_iter().map(|warning| format!("{}: {warning}", points.origin())));
    }

    /// Says it. An error comes first on standard error, so that this waits until there is none.
    pub(crate) fn say(&self) {
        for note in &self.notes {
            diagnostics::note(note);
        }
        for warning in &self.warnings {
            diagnostics::warn(warning);
        }
    }
}
