//! What to say of a name that is no activation.
//!
//! The exact name of a function that is something else elsewhere is not corrected to one that merely looks like it.

use jetc_operators::diagnostic::did_you_mean;

use super::Activation;

/// Names that mean something else, and what to write.
const ELSEWHERE: [(&str, &str); 15] = [
    ("prelu", "write its trained slope, as in `leaky-relu(0.25)`"),
    ("rrelu", "after training it is `leaky-relu(0.2291666)`, with the mean of its slopes"),
    ("relu2", "write two layers, `relu` and `square`, in a YAML model file"),
    ("siren", "write `sin(30)` as a layer of a YAML model file"),
    ("softmax", "it is no function of one number: write it as a layer of a YAML model file"),
    ("logsoftmax", "it is no function of one number: write `log-softmax` as a layer of a YAML model file"),
    ("maxout", "it is no function of one number; export the network to ONNX"),
    ("glu", "it is no function of one number; export the network to ONNX"),
    ("swiglu", "it is no function of one number; export the network to ONNX"),
    ("geglu", "it is no function of one number; export the network to ONNX"),
    ("max", "it is a function of two numbers; for max(x, 0) write `relu`, for a bound `clip`"),
    ("min", "it is a function of two numbers; for a bound write `clip`"),
    ("norm", "it is no function of one number: write it as a layer of a YAML model file"),
    ("dropout", "it is the identity after training: leave it away"),
    ("erfinv", "it is not known here; export the network to ONNX or compose it in Rust"),
];

/// Whether it is something else, or else what was probably meant.
pub(super) fn unknown(name: &str) -> Option<String> {
    let squeezed: String =
        name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect();
    match ELSEWHERE.iter().find(|(known, _)| *known == squeezed) {
        Some((_, advice)) => Some((*advice).to_owned()),
        None => did_you_mean(name, Activation::ALL.iter().map(|known| known.name())),
    }
}

/// What takes the parameter that was given to an activation without it.
pub(super) fn with_parameters(activation: Activation, parameter: &str) -> Option<String> {
    match activation {
        Activation::Softplus => Some(format!("write `scaled-softplus({parameter})`")),
        Activation::Relu if parameter.parse::<f64>().is_ok_and(|bound| bound > 0.0) => {
            Some(format!("with that bound it is `clip(0, {parameter})`"))
        }
        Activation::Sin | Activation::Cos => {
            Some(format!("sin {parameter}x is a layer `sin({parameter})` of a YAML model file"))
        }
        Activation::Gelu => Some("the approximation with tanh is `gelu-tanh`".to_owned()),
        _ => None,
    }
}
