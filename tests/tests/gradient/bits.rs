//! Threads and memory change nothing, to the last bit.

use crate::setting::Setting;

#[test]
fn any_number_of_threads_and_any_memory_give_the_same_bytes() {
    let setting = Setting::new(&[2, 19, 17, 1], 2003);
    for dtype in ["f64", "f32"] {
        let files = |options: &str| {
            let outputs = "--format json -o gradient.safetensors --jacobian jacobian.npy";
            let printed = setting.run("gradient", &format!("{outputs} --dtype {dtype} {options}")).success();
            (printed, setting.read("gradient.safetensors"), setting.read("jacobian.npy"))
        };
        let one = files("--threads 1");
        for options in ["--threads 2", "--threads 3", "--memory 1K --threads 3", "--memory 3M --threads 2"] {
            assert!(files(options) == one, "{dtype}: {options}");
        }
    }
}
