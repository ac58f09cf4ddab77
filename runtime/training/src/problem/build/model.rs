//! The network: by widths and a few words, or by a model file.

use jetc_operators::diagnostic::{Code, Diagnostic, Span};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Spanned, Text};
use jetc_runtime::Activation;

use super::{Builder, Ground, mentioned, number};
use crate::domain::Domain;
use crate::problem::declarations::at;
use crate::problem::file::{HardFile, NetworkFile};
use crate::problem::given;
use crate::problem::network::{Layout, Model};
use crate::problem::space::{Mistakes, Space};

/// The hidden layers of a network that the file says nothing of.
const HIDDEN: [usize; 2] = [32, 32];

impl Builder<'_> {
    pub(super) fn model(
        &self,
        ground: &Ground<'_>,
        domain: &Domain,
        seed: u64,
        mistakes: &mut Mistakes,
    ) -> Option<Model> {
        let empty = NetworkFile {
            hidden: None,
            activation: None,
            fourier: None,
            factorised: None,
            model: None,
            from: None,
        };
        let file = self.file.network.as_ref().unwrap_or(&empty);
        if let Some(model) = &file.model {
            return self.given(file, model, ground.coordinates.names(), seed, mistakes);
        }
        let mut layout = Layout {
            inputs: ground.coordinates.names().to_vec(),
            ranges: domain.ranges(),
            hidden: HIDDEN.to_vec(),
            activation: "tanh".to_owned(),
            factorised: file.factorised.unwrap_or(false),
            fields: ground.fields.clone(),
            ..Layout::default()
        };
        if let Some(hidden) = &file.hidden {
            layout.hidden = hidden.value.iter().map(|&width| usize::try_from(width).unwrap_or(0)).collect();
            if layout.hidden.iter().any(|&width| width == 0 || width > 1 << 16) {
                let message = "widths of layers are from 1 to 65536";
                mistakes.push(Diagnostic::new(Code::InvalidValue, hidden.span, message));
                return None;
            }
        }
        if let Some(activation) = &file.activation {
            if let Err(error) = activation.value.parse::<Activation>() {
                mistakes.push(Diagnostic::new(Code::InvalidValue, activation.span, error.to_string()));
                return None;
            }
            layout.activation.clone_from(&activation.value);
        }
        let space = Space::new(&ground.coordinates, ground.declarations);
        if let Some(fourier) = &file.fourier {
            let scale = match &fourier.scale {
                Some(scale) => number(scale, &space, mistakes)?,
                None => 1.0,
            };
            layout.fourier = Some((usize::try_from(fourier.features.value).ok()?, scale));
        }
        for name in self.file.periodic.iter().flatten() {
            let found = ground.coordinates.names().iter().position(|known| *known == name.value.text);
            let Some(index) = found else {
                let message = format!("`{}` is no coordinate", name.value.text);
                mistakes.push(Diagnostic::new(Code::UnknownName, name.span, message));
                return None;
            };
            layout.periodic.push(index);
        }
        layout.periodic.sort_unstable();
        layout.output = match &self.file.hard {
            None => None,
            Some(HardFile::One(text)) => {
                let [field] = ground.fields.as_slice() else {
                    let message = format!(
                        "there are {} fields; write an expression for each: `{{u: …, v: …}}`",
                        ground.fields.len()
                    );
                    mistakes.push(Diagnostic::new(Code::InvalidValue, text.span, message));
                    return None;
                };
                Some(vec![(field.clone(), self.inlined(text, &space, mistakes)?)])
            }
            Some(HardFile::Each(each)) => {
                let mut output = Vec::new();
                for field in &ground.fields {
                    let given = each.iter().find(|(name, _)| name.text == *field);
                    output.push((
                        field.clone(),
                        match given {
                            Some((_, text)) => self.inlined(text, &space, mistakes)?,
                            None => field.clone(),
                        },
                    ));
                }
                Some(output)
            }
        };
        let mut model = Model::random(&layout, seed);
        if let Some(from) = &file.from {
            self.begin_with(&mut model, from, mistakes);
        }
        if let Err(error) = model.network() {
            let span = self.file.hard.as_ref().map_or(self.document.root.span, |hard| match hard {
                HardFile::One(text) => text.span,
                HardFile::Each(each) => each.first().map_or(self.document.root.span, |(name, _)| name.span),
            });
            mistakes.push(Diagnostic::new(Code::InvalidValue, span, error.to_string()));
            return None;
        }
        Some(model)
    }

    /// The model of a file, with weights of another one if they are given.
    fn given(
        &self,
        file: &NetworkFile,
        model: &Spanned<String>,
        inputs: &[String],
        seed: u64,
        mistakes: &mut Mistakes,
    ) -> Option<Model> {
        self.stands_alone(file, model.span, mistakes);
        let found = given::model(self.folder, model, inputs, seed).map_err(|reason| {
            let message = format!("{}: {reason}", model.value);
            mistakes.push(Diagnostic::new(Code::InvalidValue, model.span, message));
        });
        let mut found = found.ok()?;
        if let Some(from) = &file.from {
            self.begin_with(&mut found, from, mistakes);
        }
        Some(found)
    }

    /// Reports what a model file says itself.
    fn stands_alone(&self, file: &NetworkFile, span: Span, mistakes: &mut Mistakes) {
        let beside = [
            ("hidden", file.hidden.is_some(), "as layers `linear: {out: 32}`"),
            ("activation", file.activation.is_some(), "as a layer"),
            ("fourier", file.fourier.is_some(), "as a layer `fourier: {features: 64}`"),
            ("factorised", file.factorised.is_some(), "as `linear: {out: 32, factorised: true}`"),
            ("periodic", self.file.periodic.is_some(), "as a layer `periodic: {coordinate: x, period: 1}`"),
            ("hard", self.file.hard.is_some(), "as `output: x*(1 - x)*u`"),
        ];
        for (key, _, how) in beside.into_iter().filter(|(_, is_given, _)| *is_given) {
            let message = format!("with `model`, `{key}` has no effect");
            let help = format!("write it into the model file, {how}");
            mistakes.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        }
    }

    /// Takes weights of a file to start from.
    fn begin_with(&self, model: &mut Model, from: &Spanned<String>, mistakes: &mut Mistakes) {
        match model.take(&self.folder.join(&from.value)) {
            Ok(missing) if missing.is_empty() => {}
            Ok(missing) => {
                let listed = missing.iter().take(6).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                let message = format!("{} has no tensor of this shape: {}", from.value, listed.join(", "));
                mistakes.push(Diagnostic::new(Code::UnknownTensor, from.span, message));
            }
            Err(error) => {
                mistakes.push(Diagnostic::new(Code::UnknownTensor, from.span, error.to_string()));
            }
        }
    }

    /// An expression with the numbers of parameters in the place of their names.
    fn inlined(&self, text: &Text, space: &Space<'_>, mistakes: &mut Mistakes) -> Option<String> {
        let parameters = self.document.root.get("parameters").and_then(Node::mapping).unwrap_or_default();
        let mut result = text.text.clone();
        for name in mentioned(&at(&text.text, text.span)) {
            if parameters.iter().any(|(key, _)| key.text() == Some(name.as_str())) {
                let value = space.numbers(&[&at(&name, text.span)], mistakes)?[0];
                result = replaced(&result, &name, &format!("({value:?})"));
            }
        }
        Some(result)
    }
}

/// The text with another text in the place of a name, where it stands alone.
fn replaced(text: &str, name: &str, by: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(name) {
        let (before, behind) = (&rest[..place], &rest[place + name.len()..]);
        let stands_alone = !before.chars().next_back().or(result.chars().next_back()).is_some_and(is_part)
            && !behind.starts_with(is_part);
        result.push_str(before);
        result.push_str(if stands_alone { by } else { name });
        rest = behind;
    }
    result + rest
}
