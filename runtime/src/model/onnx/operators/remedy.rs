//! What to use in place of nodes that cannot be carried.

/// Advice for a type of nodes.
pub(in crate::model::onnx) fn remedy(domain: &str, op_type: &str) -> &'static str {
    if !domain.is_empty() {
        return "export with ONNX's own operators, or put the function that it stands for into the model";
    }
    match op_type {
        "If" | "Loop" | "Scan" => {
            "control flow is fixed: export the branch that is taken, with loops unrolled"
        }
        "RandomNormal" | "RandomNormalLike" | "RandomUniform" | "RandomUniformLike" | "Bernoulli"
        | "Multinomial" => "a network has one value at each point: call `eval()` before the export",
        "NonZero" | "Unique" | "Compress" | "TopK" | "NonMaxSuppression" => {
            "shapes and positions must not depend on the point: use masks or constant positions"
        }
        "ArgMax" | "ArgMin" => "positions must not depend on the point: use ReduceMax or ReduceMin",
        "LSTM" | "GRU" | "RNN" => "export the recurrence unrolled, as matrix products and functions",
        "QuantizeLinear"
        | "DequantizeLinear"
        | "DynamicQuantizeLinear"
        | "QLinearConv"
        | "QLinearMatMul"
        | "MatMulInteger"
        | "ConvInteger" => "export the network before it is quantised",
        "ConvTranspose" => "use a resampling by constant matrices, followed by Conv",
        "Resize" | "Upsample" | "GridSample" => "use a MatMul with constant weights of interpolation",
        "DFT" | "STFT" => "use a MatMul with the constant Fourier matrix",
        "TensorScatter" | "Scatter" => "use ScatterElements or ScatterND with constant positions",
        _ => "use elementary operators in its place",
    }
}
