//! What to do with files of other programs: the lines that save what is read here.

use super::describe::alternatives;

/// The advice for elements of this type.
pub(super) fn of_elements(found: &str) -> &'static str {
    let kind = found.trim_start_matches(['<', '>', '|', '=']);
    if found == "structured" {
        return "for a structured array, save numpy.lib.recfunctions.structured_to_unstructured(x)";
    }
    match kind.chars().next() {
        Some('c') => {
            "a point is real: save the real and imaginary parts as columns, \
                      numpy.column_stack([x.real, x.imag]), or x.real alone"
        }
        Some('O') => {
            "the array holds Python objects: save numpy.stack(list(x)).astype('float64'), or \
                      numpy.array(x.tolist(), dtype='float64')"
        }
        Some('U' | 'S' | 'a') => "the array holds text: save x.astype('float64')",
        Some('M' | 'm') => "the array holds times: save (x - x[0]) / numpy.timedelta64(1, 's')",
        _ => "convert before saving, as in x.astype('float64')",
    }
}

/// The advice for a file with this ending where one of `expected` is read, with a semicolon before it; empty if there is none.
pub(super) fn of_ending(found: Option<&str>, expected: &[&str]) -> String {
    let Some(found) = found else { return String::new() };
    let advice =
        if expected.contains(&".safetensors") { of_weights(found) } else { of_points(found, expected) };
    advice.map(|advice| format!("; {advice}")).unwrap_or_default()
}

/// How to save the weights in a file with this ending so that they can be read.
pub(crate) fn of_weights(ending: &str) -> Option<String> {
    let advice = match ending.to_ascii_lowercase().as_str() {
        "pt" | "pth" | "bin" | "ckpt" | "tar" => {
            "in Python: `from safetensors.torch import save_file` and `save_file(net.state_dict(), \
             \"net.safetensors\")`, with `net` the module, or torch.load(FILE, map_location=\"cpu\") for the state dict; \
             or export the network: `torch.onnx.export(net, (x,), \"net.onnx\", dynamo=True, \
             dynamic_shapes=({0: \"batch\"},))`"
        }
        "h5" | "hdf5" | "keras" => {
            "in Python: `from safetensors.numpy import save_file` and `save_file({w.path: w.numpy() for w in \
             keras.models.load_model(FILE).weights}, \"net.safetensors\")`; or `model.export(\"net.onnx\", format=\"onnx\")`"
        }
        "msgpack" | "flax" | "orbax" => {
            "in Python: `from safetensors.flax import save_file` and `save_file(flax.traverse_util.flatten_dict(\
             flax.serialization.msgpack_restore(open(FILE, \"rb\").read()), sep=\"/\"), \"net.safetensors\")`"
        }
        "pkl" | "pickle" | "joblib" => {
            "in Python, load it and save the arrays by name: `from safetensors.numpy import save_file` and \
             `save_file({name: numpy.asarray(w) for name, w in weights.items()}, \"net.safetensors\")`"
        }
        "eqx" => {
            "in Python: `paths = jax.tree_util.tree_flatten_with_path(eqx.filter(net, eqx.is_array))[0]` and \
             `safetensors.numpy.save_file({jax.tree_util.keystr(p): numpy.asarray(w) for p, w in paths}, \
             \"net.safetensors\")`"
        }
        "npy" => "save the arrays by name: `numpy.savez(\"net.npz\", **{\"0.weight\": w0, \"0.bias\": b0})`",
        "data" => "this holds weights of an ONNX file: give the .onnx beside it, which finds them itself",
        "pb" | "tflite" => "convert it: `python -m tf2onnx.convert --saved-model FOLDER --output net.onnx`",
        _ => return None,
    };
    Some(advice.to_owned())
}

fn of_points(ending: &str, expected: &[&str]) -> Option<String> {
    let formats = alternatives(expected);
    match ending {
        "txt" | "dat" | "tsv" | "asc" => {
            Some("text of numbers has the ending .csv here, whatever separates them".to_owned())
        }
        "pt" | "pth" => Some("in Python: `numpy.save(\"points.npy\", x.detach().cpu().numpy())`".to_owned()),
        "mat" => {
            Some("in Python: `numpy.save(\"points.npy\", scipy.io.loadmat(FILE)[\"points\"])`".to_owned())
        }
        "xlsx" | "xls" | "parquet" | "feather" | "h5" | "hdf5" | "pkl" => Some(format!(
            "save the table as {formats}: in pandas, `frame.to_csv(\"points.csv\", index=False)`"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_programs_get_the_lines_that_save_them() {
        for (ending, part) in [
            ("pt", "save_file(net.state_dict()"),
            ("PTH", "safetensors.torch"),
            ("bin", "safetensors.torch"),
            ("h5", "keras.models.load_model"),
            ("keras", "w.path"),
            ("msgpack", "flatten_dict"),
            ("pkl", "safetensors.numpy"),
            ("data", ".onnx beside it"),
        ] {
            assert!(of_weights(ending).unwrap().contains(part), "{ending}");
        }
        assert_eq!(of_weights("xyz"), None);
        assert!(of_ending(Some("txt"), &[".npy", ".csv"]).contains("whatever separates them"));
        assert_eq!(of_ending(None, &[".npy"]), "");
    }

    #[test]
    fn elements_that_are_no_real_numbers_get_the_line_that_converts_them() {
        for (found, part) in [
            ("structured", "structured_to_unstructured"),
            ("<c16", "x.real"),
            ("|O", "numpy.stack"),
            ("<U8", "text"),
            ("<M8[ns]", "timedelta64"),
            ("|b1", "x.astype('float64')"),
        ] {
            assert!(of_elements(found).contains(part), "{found}");
        }
    }
}
