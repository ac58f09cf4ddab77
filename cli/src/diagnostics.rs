//! Errors as people read them: mistakes in files with the source line underlined, everything else in one line.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use jetc_operators::diagnostic::{Diagnostic, SpecError};
use jetc_runtime::ModelError;

/// Prints an error to standard error.
pub(crate) fn print(error: &anyhow::Error) {
    match in_a_file(error) {
        Some(mistakes) => anstream::eprintln!("{}", render(mistakes)),
        None => anstream::eprintln!("{}", Renderer::styled().render(&[one_line(&format!("{error:#}"))])),
    }
}

/// Prints how something was understood.
pub(crate) fn note(message: &str) {
    let group = Group::with_title(Level::NOTE.primary_title(message));
    anstream::eprintln!("{}", Renderer::styled().render(&[group]));
}

/// Prints something the user should know although all went on.
pub(crate) fn warn(message: &str) {
    let group = Group::with_title(Level::WARNING.primary_title(message));
    anstream::eprintln!("{}", Renderer::styled().render(&[group]));
}

fn in_a_file(error: &anyhow::Error) -> Option<&SpecError> {
    error.chain().find_map(|cause| {
        let in_model = || match cause.downcast_ref::<ModelError>() {
            Some(ModelError::Layers(mistakes)) => Some(&**mistakes),
            _ => None,
        };
        cause.downcast_ref::<SpecError>().or_else(in_model)
    })
}

fn one_line(message: &str) -> Group<'_> {
    Group::with_title(Level::ERROR.primary_title(message))
}

/// All mistakes of a file, in order of place.
fn render(error: &SpecError) -> String {
    let rendered = error.diagnostics.iter().map(|diagnostic| {
        let group = underlined(error, diagnostic);
        let help = diagnostic.help.as_deref().map(|help| Group::with_title(Level::HELP.primary_title(help)));
        Renderer::styled().render(&std::iter::once(group).chain(help).collect::<Vec<_>>())
    });
    rendered.collect::<Vec<_>>().join("\n\n")
}

fn underlined<'a>(error: &'a SpecError, diagnostic: &'a Diagnostic) -> Group<'a> {
    let mut annotation = AnnotationKind::Primary.span(diagnostic.span.range());
    if !diagnostic.label.is_empty() {
        annotation = annotation.label(&diagnostic.label);
    }
    Level::ERROR
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.name())
        .element(Snippet::source(&error.text).path(&error.source_name).annotation(annotation))
}
