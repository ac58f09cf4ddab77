//! Points and results in every format.

use std::fs;

use jetc_runtime::files::PointReader;
use jetc_tests::npy::{self, Precision};
use jetc_tests::numbers::numbers;

use crate::setting::{Setting, bits, csv};

/// 40 points in 3 coordinates, multiples of 1/64, which are exact in either precision.
fn points() -> Vec<f64> {
    let mut next = numbers(5);
    (0..120).map(|_| (64.0 * next()).round() / 64.0).collect()
}

fn setting() -> Setting {
    let setting = Setting::new(&[3, 20, 20, 1]);
    setting.points(3, &points());
    setting
}

#[test]
fn results_are_the_same_in_every_format() {
    let setting = setting();
    let expected = setting.results("biharmonic");
    assert_eq!((expected.precision, expected.shape), (Precision::Double, [40, 1]));

    let printed = setting.eval("biharmonic --points points.npy").success();
    assert_eq!(csv(&printed).0, "biharmonic");
    assert_eq!(bits(&csv(&printed).1), bits(&expected.data), "csv has all digits");

    setting.eval("biharmonic --points points.npy -o result.csv").success();
    assert_eq!(fs::read_to_string(setting.path("result.csv")).unwrap(), printed);

    setting.eval("biharmonic --points points.npy -o result.npz").success();
    let mut archive = PointReader::open_array(setting.path("result.npz"), "biharmonic").unwrap();
    let mut values = Vec::new();
    assert_eq!(archive.read_block(100, &mut values).unwrap(), 40);
    assert_eq!(bits(&values), bits(&expected.data));
}

#[test]
fn single_precision_is_written_as_single_precision() {
    let setting = setting();
    let expected = setting.results("laplacian --dtype f32");
    assert_eq!((expected.precision, expected.shape), (Precision::Single, [40, 1]));
    let printed = setting.eval("laplacian --points points.npy --dtype f32").success();
    #[allow(clippy::cast_possible_truncation, reason = "the digits are those of single precision")]
    let values: Vec<f64> = csv(&printed).1.iter().map(|&value| f64::from(value as f32)).collect();
    assert_eq!(bits(&values), bits(&expected.data));
}

#[test]
fn points_are_the_same_in_every_format() {
    let setting = setting();
    let points = points();
    let expected = setting.eval("laplacian --points points.npy").success();
    for precision in [Precision::Double, Precision::Single] {
        for fortran in [false, true] {
            setting.write("other.npy", npy::file(precision, fortran, 40, 3, &points));
            let found = setting.eval("laplacian --points other.npy").success();
            assert_eq!(found, expected, "{precision:?}, fortran: {fortran}");
        }
    }
    let rows: Vec<String> =
        points.chunks_exact(3).map(|point| format!("{},{},{}\n", point[0], point[1], point[2])).collect();
    setting.write("bare.csv", rows.concat());
    setting.write("named.csv", format!("# measured\nx1,x2,x3\n{}", rows.concat()));
    for file in ["bare.csv", "named.csv"] {
        assert_eq!(setting.eval(&format!("laplacian --points {file}")).success(), expected, "{file}");
    }
}

#[test]
fn results_can_be_read_back_as_points() {
    let setting = Setting::new(&[3, 20, 3]);
    setting.points(3, &points());
    setting.eval("laplacian --points points.npy -o first.npz").success();
    setting.eval("laplacian --points points.npy -o first.npy").success();
    let again = |file: &str| setting.eval(&format!("laplacian --points {file}")).success();
    assert_eq!(again("first.npz"), again("first.npy"));
}
