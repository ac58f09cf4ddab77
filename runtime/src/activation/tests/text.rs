//! Names and parameters, there and back.

use proptest::prelude::*;

use crate::Activation;
use crate::activation::UnknownActivation;

fn with_parameters(activation: Activation, values: &[f64]) -> String {
    let count = activation.parameters().len();
    let values = itertools::join(&values[..count], ",");
    format!("{}({values})", activation.name())
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(values in [-1e300..1e300, 1e-300..1e300_f64, ]) {
        for activation in Activation::ALL {
            let text = with_parameters(activation, &values);
            let Ok(read) = text.parse::<Activation>() else {
                // Only parameters that are out of order are turned down.
                let is_turned_down = matches!(text.parse::<Activation>(), Err(UnknownActivation::Value { .. }));
                prop_assert!(is_turned_down, "{}", text);
                continue;
            };
            prop_assert_eq!(read.name(), activation.name());
            let given: Vec<f64> = read.parameters().iter().map(|(_, value)| value.value()).collect();
            prop_assert_eq!(&given[..], &values[..given.len()]);
            prop_assert_eq!(read.to_string().parse(), Ok(read));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z-]{0,8}[(]?[a-z=0-9., -]{0,12}[)]?") {
        let _ = text.parse::<Activation>();
    }
}

#[test]
fn every_default_reads_back() {
    for activation in Activation::ALL {
        assert_eq!(activation.name().parse(), Ok(activation));
        assert_eq!(activation.to_string().parse(), Ok(activation));
        assert_eq!(activation.name().to_uppercase().replace('-', "_").parse(), Ok(activation));
    }
}

#[test]
fn names_of_other_libraries_are_understood() {
    let relu6 = Activation::Clip { low: 0.0.into(), high: 6.0.into() };
    for (text, expected) in [
        ("Swish", Activation::Silu),
        ("LeakyReLU(negative_slope=0.2)", Activation::LeakyRelu(0.2.into())),
        ("leaky_relu(0.2)", Activation::LeakyRelu(0.2.into())),
        ("Hardtanh(min_val=0, max_val=6)", relu6),
        ("ReLU6", relu6),
        ("clip(high=6, low=0)", relu6),
        ("elu(alpha=1)", Activation::Elu(1.0.into())),
        ("Softshrink(lambd=0.25)", Activation::Softshrink(0.25.into())),
        ("ThresholdedRelu(alpha=2)", Activation::ThresholdedRelu { theta: 2.0.into(), value: 0.0.into() }),
        ("LogSigmoid", Activation::LogSigmoid),
        ("pow(3)", Activation::Power(3.0.into())),
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
}

#[test]
fn errors_say_what_is_known_or_what_is_wrong() {
    for (text, parts) in [
        ("tahn", &["`tahn`", "did you mean `tanh`?", "known are identity"][..]),
        ("elu(1", &["elu(1)"]),
        ("elu(one)", &["elu(1)"]),
        ("elu(beta=1)", &["takes alpha", "beta=1"]),
        ("clip(0, 1, 2)", &["takes low and high", "`2`"]),
        ("clip(0, low=1)", &["takes low and high", "low=1"]),
        ("tanh(2)", &["takes no parameters"]),
        ("softplus(100)", &["takes no parameters", "`scaled-softplus(100)`"]),
        ("Softplus(beta=100)", &["`scaled-softplus(beta=100)`"]),
        ("prelu", &["its trained slope"]),
        ("softmax", &["no function of one number"]),
        ("max", &["two numbers"]),
        ("clip(2, 1)", &["low must not exceed high"]),
        ("power(nan)", &["NaN"]),
    ] {
        let message = text.parse::<Activation>().unwrap_err().to_string();
        for part in parts {
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
