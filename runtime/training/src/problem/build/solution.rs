//! The known solution: expressions, or points of a file.

use jetc_operators::diagnostic::{Code, Diagnostic, did_you_mean};

use super::{Builder, Ground, gather};
use crate::problem::Solution;
use crate::problem::declarations::{Additions, at};
use crate::problem::file::SolutionFile;
use crate::problem::space::{Mistakes, take};

impl Builder<'_> {
    /// `None` for a solution that was wrong; without one there is nothing inside.
    #[expect(clippy::option_option, reason = "not given and wrong are different")]
    pub(super) fn solution(&self, ground: &Ground<'_>, mistakes: &mut Mistakes) -> Option<Option<Solution>> {
        let Some(file) = &self.file.solution else { return Some(None) };
        let (mut outputs, mut fields, mut columns, mut points) = (Vec::new(), Vec::new(), Vec::new(), None);
        match file {
            SolutionFile::Expressions(expressions) => {
                for (name, node) in expressions {
                    if !ground.fields.contains(&name.text) {
                        let help = did_you_mean(&name.text, ground.fields.iter().map(String::as_str));
                        let message = format!("`{}` is no field", name.text);
                        mistakes
                            .push(Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help));
                        return None;
                    }
                    outputs.push((format!("found_{}", name.text), at(&name.text, name.span)));
                    outputs.push((format!("exact_{}", name.text), node.clone()));
                    fields.push(name.text.clone());
                }
            }
            SolutionFile::File(file) => {
                let found = self.columns(file, mistakes)?;
                for field in &ground.fields {
                    if found.get(field).is_some() {
                        let exact = format!("exact_{field}");
                        outputs.push((format!("found_{field}"), at(field, file.span)));
                        outputs.push((format!("known_{field}"), at(&exact, file.span)));
                        columns.push(exact);
                        fields.push(field.clone());
                    }
                }
                points = Some((found, file.span));
            }
        }
        let additions = Additions { columns, outputs, ..Additions::default() };
        let spec = ground.declarations.operator("solution", additions);
        let spec = spec.map_err(|error| take(error, mistakes)).ok()?;
        let points = match points {
            None => None,
            Some((found, span)) => {
                let place = |name: &String| {
                    let field =
                        name.strip_prefix("exact_").filter(|field| fields.iter().any(|known| known == field));
                    found.get(field.unwrap_or(name))
                };
                Some(gather(spec.coordinates.names(), place, found.rows(), span, mistakes)?)
            }
        };
        Some(Some(Solution { spec, fields, points }))
    }
}
