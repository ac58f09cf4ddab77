//! Mistakes as people read them: under the line of the text where they stand.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, SpecError};

/// Where the text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// With the escape sequences of terminals.
    Terminal,
    /// Letters alone.
    None,
}

impl SpecError {
    /// All mistakes of the file in order of place, each with its line, what is underlined in it, and the advice.
    ///
    /// # Example
    /// ```
    /// use jetc_operators::OperatorSpec;
    /// use jetc_operators::diagnostic::Colours;
    ///
    /// let error = OperatorSpec::from_yaml("plate.yaml", "coordinates: [x, y]\noutputs: {slope: u_z}").unwrap_err();
    /// let expected = "\
    /// error[unknown-coordinate]: `z` is not a coordinate; coordinates are x, y
    ///  --> plate.yaml:2:20
    ///   |
    /// 2 | outputs: {slope: u_z}
    ///   |                    ^";
    /// assert_eq!(error.underlined(Colours::None), expected);
    /// ```
    pub fn underlined(&self, colours: Colours) -> String {
        let renderer = match colours {
            Colours::Terminal => Renderer::styled(),
            Colours::None => Renderer::plain(),
        };
        let rendered = self.diagnostics.iter().map(|diagnostic| {
            let help = diagnostic.help.as_deref();
            let help = help.map(|help| Group::with_title(Level::HELP.primary_title(help)));
            renderer.render(&std::iter::once(group(self, diagnostic)).chain(help).collect::<Vec<_>>())
        });
        rendered.collect::<Vec<_>>().join("\n\n")
    }
}

fn group<'a>(error: &'a SpecError, diagnostic: &'a Diagnostic) -> Group<'a> {
    let mut annotation = AnnotationKind::Primary.span(diagnostic.span.range());
    if !diagnostic.label.is_empty() {
        annotation = annotation.label(&diagnostic.label);
    }
    let mut snippet = Snippet::source(&error.text).path(&error.source_name).annotation(annotation);
    if let Some(related) = &diagnostic.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(related.span.range()).label(related.label));
    }
    Level::ERROR.primary_title(&diagnostic.message).id(diagnostic.code.name()).element(snippet)
}
