//! Every kind of layer against the formula of its module, written out by hand.

use super::{Tensors, assert_layers, assert_values, network_with};

#[test]
fn a_word_is_a_function() {
    let (x, y) = (0.5f64, -0.25f64);
    assert_layers("2", "[tanh]", &[x, y], &[x.tanh(), y.tanh()]);
    assert_layers("2", "[leaky-relu(0.2)]", &[x, y], &[x, 0.2 * y]);
    assert_layers("2", "[sin(30)]", &[x, y], &[(30.0 * x).sin(), (30.0 * y).sin()]);
}

#[test]
fn words_take_all_features_together() {
    let point = [0.5f64, -0.25, 1.0];
    let sum: f64 = point.iter().map(|x| x.exp()).sum();
    let softmax: Vec<f64> = point.iter().map(|x| x.exp() / sum).collect();
    let logarithms: Vec<f64> = softmax.iter().map(|p| p.ln()).collect();
    assert_layers("3", "[softmax]", &point, &softmax);
    assert_layers("3", "[log-softmax]", &point, &logarithms);
    assert_layers("3", "[sum]", &point, &[1.25]);
    assert_layers("3", "[mean]", &point, &[1.25 / 3.0]);
    assert_layers("3", "[norm]", &point, &[1.3125f64.sqrt()]);
    assert_layers("3", "[tanh, input]", &point, &point);
    assert_layers("3", "[{reshape: [3, 1]}, transpose, flatten]", &point, &point);
}

#[test]
fn numbers_scale_shift_and_normalise() {
    assert_layers(
        "2",
        "[{scale: 2*pi}, {shift: [1, 2]}]",
        &[1.0, -1.0],
        &[std::f64::consts::TAU + 1.0, 2.0 - std::f64::consts::TAU],
    );
    assert_layers("2", "[{normalise: {mean: [1, 2], std: [2, 1/2]}}]", &[2.0, 1.0], &[0.5, -2.0]);
    assert_layers("2", "[{normalise: {lower: [0, -1], upper: [4, 1]}}]", &[3.0, -1.0], &[0.5, -1.0]);
}

#[test]
fn a_linear_layer_is_w_x_plus_b() {
    let layer = "[{linear: {weight: [[1, 2], [3, 4], [5, 6]], bias: [1, 0, -1]}}]";
    assert_layers("2", layer, &[1.0, -1.0], &[0.0, -1.0, -2.0]);
    let layer = "[{linear: {weight: [[1, 3], [2, 4]], transpose: true}}]";
    assert_layers("2", layer, &[1.0, -1.0], &[-1.0, -1.0]);
}

#[test]
fn a_linear_layer_is_found_under_every_name() {
    // Rows of length 5 and 13; W = [[1.2, 1.6], [1.5, 3.6]] with the factors 2 and 3.9.
    let (v, g): (&[f64], &[f64]) = (&[3.0, 4.0, 5.0, 12.0], &[2.0, 3.9]);
    let (weight, bias): (&[f64], &[f64]) = (&[1.2, 1.6, 1.5, 3.6], &[1.0, -1.0]);
    let transposed: &[f64] = &[1.2, 1.5, 1.6, 3.6];
    let spellings: [Tensors<'_>; 6] = [
        &[("fc.weight", &[2, 2], weight), ("fc.bias", &[2], bias)],
        &[("fc.weight_v", &[2, 2], v), ("fc.weight_g", &[2, 1], g), ("fc.bias", &[2], bias)],
        &[
            ("fc.parametrizations.weight.original1", &[2, 2], v),
            ("fc.parametrizations.weight.original0", &[2, 1], g),
            ("fc.bias", &[2], bias),
        ],
        &[("fc.kernel", &[2, 2], transposed), ("fc.bias", &[2], bias)],
        &[("fc/kernel", &[2, 2], transposed), ("fc/bias", &[2], bias)],
        &[("fc/w", &[2, 2], transposed), ("fc/b", &[2], bias)],
    ];
    for tensors in spellings {
        let network = network_with(tensors, "weights: w.safetensors\nlayers: [{linear: fc}]\n").unwrap();
        assert_values(&network, tensors[0].0, &[2.0, -1.0], &[1.8, -1.6]);
    }
}

#[test]
fn a_factored_weight_is_multiplied_out() {
    let v = "[[3, 4], [5, 12]]";
    let normalised = format!("[{{linear: {{direction: {v}, scale: [5, 26]}}}}]");
    assert_layers("2", &normalised, &[1.0, 1.0], &[7.0, 34.0]);
    let whole = format!("[{{linear: {{direction: {v}, scale: 2}}}}]");
    let norm = 194f64.sqrt();
    assert_layers("2", &whole, &[1.0, 1.0], &[14.0 / norm, 34.0 / norm]);
    let factorised = format!("[{{linear: {{factorised: {{v: {v}, s: [0, log(2)]}}}}}}]");
    assert_layers("2", &factorised, &[1.0, 1.0], &[7.0, 34.0]);
    let transposed = "[{linear: {factorised: {v: [[3, 5], [4, 12]], g: [1, 2]}, transpose: true}}]";
    assert_layers("2", transposed, &[1.0, 1.0], &[7.0, 34.0]);
}

#[test]
fn normalisations_divide_by_the_deviation() {
    let root = |x: f64| x.sqrt();
    let layer = "[{layer-norm: {weight: [2, 1], bias: [0, 1], epsilon: 1}}]";
    assert_layers("2", layer, &[3.0, 1.0], &[2.0 / root(2.0), 1.0 - 1.0 / root(2.0)]);
    let layer = "[{rms-norm: {weight: [2, 1], epsilon: 1}}]";
    assert_layers("2", layer, &[3.0, 1.0], &[6.0 / root(6.0), 1.0 / root(6.0)]);
    let tensors: [(&str, &[usize], &[f64]); 4] = [
        ("n.running_mean", &[2], &[1.0, 0.0]),
        ("n.running_var", &[2], &[3.0, 8.0]),
        ("n.weight", &[2], &[2.0, 3.0]),
        ("n.bias", &[2], &[0.0, 1.0]),
    ];
    let yaml = "weights: w.safetensors\ninputs: 2\nlayers: [{batch-norm: {name: n, epsilon: 1}}]\n";
    assert_values(&network_with(&tensors, yaml).unwrap(), "batch-norm", &[3.0, 1.0], &[2.0, 2.0]);
    let yaml = "weights: w.safetensors\ninputs: 2\nlayers: [{layer-norm: n}]\n";
    let factor = 1.0 / root(1.0 + 1e-5);
    assert_values(
        &network_with(&tensors, yaml).unwrap(),
        "by name",
        &[3.0, 1.0],
        &[2.0 * factor, 1.0 - 3.0 * factor],
    );
}

#[test]
fn embeddings_are_waves() {
    let (x, y) = (0.3f64, 0.7f64);
    let (p, q) = (2.0 * (x + 2.0 * y), 2.0 * (3.0 * x));
    let fourier = "[{fourier: {matrix: [[1, 2], [3, 0]], scale: 2}}]";
    assert_layers("2", fourier, &[x, y], &[p.cos(), q.cos(), p.sin(), q.sin()]);
    let fourier = "[{fourier: {matrix: [[1, 3], [2, 0]], scale: 2, transpose: true, order: [sin, cos]}}]";
    assert_layers("2", fourier, &[x, y], &[p.sin(), q.sin(), p.cos(), q.cos()]);
    let periodic = "[{periodic: {coordinate: y, period: pi, harmonics: 2}}]";
    let angle = 2.0 * y;
    let waves = [angle.cos(), angle.sin(), (2.0 * angle).cos(), (2.0 * angle).sin()];
    assert_layers("[x, y]", periodic, &[x, y], &[&[x], &waves[..]].concat());
    let both = "[{periodic: [{coordinate: 0, order: [sin]}, {coordinate: 1}]}]";
    assert_layers("2", both, &[x, y], &[x.sin(), y.cos(), y.sin()]);
}

#[test]
fn branches_take_what_comes_in() {
    let (x, y) = (0.5f64, 2.0f64);
    assert_layers("2", "[{concat: [[square], []]}]", &[x, y], &[0.25, 4.0, 0.5, 2.0]);
    assert_layers("2", "[{add: [square, cube, []]}]", &[x, y], &[0.875, 14.0]);
    assert_layers("2", "[{multiply: [square, [{constant: [2, 3]}]]}]", &[x, y], &[0.5, 12.0]);
    assert_layers("2", "[{slice: {start: 1}}]", &[x, y], &[y]);
    assert_layers("2", "[{slice: {stop: 1}}, [square, [square]]]", &[x, y], &[0.0625]);
}

#[test]
fn residual_blocks_add_what_goes_around() {
    assert_layers("2", "[{residual: [square]}]", &[0.5, 2.0], &[0.75, 6.0]);
    let projected = "[{residual: {layers: [sum], skip: [{linear: {weight: [[2, 0]]}}]}}]";
    assert_layers("2", projected, &[0.5, 2.0], &[3.5]);
}

#[test]
fn gates_mix_two_encoders() {
    let x = 0.5f64;
    let (u, v) = (x * x, x * x * x);
    let gate = |z: f64| z * u + (1.0 - z) * v;
    let gated = "[{gated: {encoders: [square, cube], layers: [tanh, sin]}}]";
    assert_layers("1", gated, &[x], &[gate(gate(x.tanh()).sin())]);
    let block = "{layers: [tanh, sin, cos], alpha: 1/4}";
    let pirate = format!("[{{piratenet: {{encoders: [square, cube], blocks: [{block}, {block}]}}}}]");
    let step = |h: f64| 0.25 * gate(gate(h.tanh()).sin()).cos() + 0.75 * h;
    assert_layers("1", &pirate, &[x], &[step(step(x))]);
}

#[test]
fn tensors_have_entries_and_files_have_names() {
    let tensors: [(&str, &[usize], &[f64]); 1] = [("W", &[2, 1, 2], &[1.0, 2.0, 3.0, 4.0])];
    let yaml = "weights: {a: w.safetensors}\nlayers: [{linear: {weight: 'a.W[1]'}}]\n";
    assert_values(&network_with(&tensors, yaml).unwrap(), "a.W[1]", &[1.0, 1.0], &[7.0]);
}
