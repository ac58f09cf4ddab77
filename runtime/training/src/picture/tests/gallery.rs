//! One picture of each kind, well formed and not blank.

use std::f64::consts::PI;

use crate::picture::{
    Arrows, Axes, Axis, Chart, Colours, HeatMap, Over, Panel, Picture, Series, Slice, Style, panels,
};

const CELLS: usize = 80;

/// A function on the square [−1, 1]², or on what it is defined on.
fn field(f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let at = |index: usize| (index as f64 + 0.5) / CELLS as f64 * 2.0 - 1.0;
    (0..CELLS * CELLS).map(|cell| f(at(cell % CELLS), at(cell / CELLS))).collect()
}

fn space() -> Axes {
    Axes {
        x: Axis::space("x", [-1.0, 1.0]).unit("m"),
        y: Axis::space("y", [-1.0, 1.0]).unit("m"),
        columns: CELLS,
    }
}

fn space_and_time() -> Axes {
    Axes { x: Axis::time("t", [0.0, 0.5]), y: Axis::space("x", [-1.0, 1.0]), columns: CELLS }
}

fn losses() -> Chart {
    let falling = |from: f64, rate: f64| {
        (0..20_000_u32).map(move |step| {
            let s = f64::from(step);
            [s, from * (1.0 + s).powf(-rate) * (1.0 + 0.5 * (s * 0.7).sin() * (s * 0.13).cos())]
        })
    };
    let broken = falling(0.3, 0.4).map(|[s, loss]| match s as u32 {
        5000..6000 => [s, f64::NAN],
        9000..9500 => [s, 0.0],
        _ => [s, loss],
    });
    Chart::losses(
        "Allen–Cahn: losses",
        Over::Steps,
        vec![
            Series::new("equation", falling(3.0, 1.1)),
            Series::new("initial condition", falling(20.0, 1.6)),
            Series::new("boundary at x = −1 & x = 1", broken),
            Series::new("total", falling(25.0, 1.0)).style(Style::Strong),
            Series::new("relative error", falling(1.0, 0.6).step_by(200)).style(Style::Dashed),
        ],
    )
}

fn triple() -> Vec<Panel> {
    let exact = field(|x, y| (PI * x).sin() * (-y).exp());
    let found: Vec<f64> = exact.iter().enumerate().map(|(i, u)| u + 1e-4 * (i as f64 * 0.01).sin()).collect();
    let error = exact.iter().zip(&found).map(|(u, v)| u - v).collect();
    let named = |title: &str, values| {
        HeatMap::new(title, space_and_time(), values).named("u").colours(Colours::Signed)
    };
    let [found, exact] = HeatMap::alike([named("solution", found), named("exact", exact)]);
    let error = HeatMap::new("error", space_and_time(), error).colours(Colours::Errors).named("|u − u*|");
    vec![found.into(), exact.into(), error.into()]
}

fn disc() -> HeatMap {
    let values = field(|x, y| if x.hypot(y) < 0.9 { 1e-7 * (0.81 - x * x - y * y) } else { f64::NAN });
    HeatMap::new("u on a disc", space(), values).named("u")
}

fn vortices() -> Arrows {
    let u = field(|x, y| if x.hypot(y) < 0.2 { f64::NAN } else { (PI * x).sin() * (PI * y).cos() });
    let v = field(|x, y| -(PI * x).cos() * (PI * y).sin());
    Arrows::new("velocity", space(), &u, &v).named("speed")
}

fn slices() -> Chart {
    let xs = || (0..=400_u32).map(|i| f64::from(i) / 200.0 - 1.0);
    let at = |time: f64| Slice {
        time,
        solution: xs().map(|x| [x, (-time).exp() * (PI * x).sin() + 0.02 * (9.0 * x).cos() * time]).collect(),
        exact: xs().map(|x| [x, (-time).exp() * (PI * x).sin()]).collect(),
    };
    Chart::slices("heat equation", ["x", "u"], &[0.0, 0.25, 0.5, 1.0].map(at))
}

fn wide() -> HeatMap {
    let axes = Axes { x: Axis::space("x", [0.0, 2.2]), y: Axis::space("y", [0.0, 0.41]), columns: CELLS };
    HeatMap::new("pressure", axes, field(|x, y| x - 0.1 * y)).named("p").colours(Colours::Signed)
}

/// What is hard to lay out: long names, narrow ranges, long domains.
fn awkward() -> Picture {
    let axes = |x: [f64; 2], y: [f64; 2]| Axes {
        x: Axis::space("x₁", x).unit("µm"),
        y: Axis::space("a coordinate with a long name", y),
        columns: CELLS,
    };
    let tall = HeatMap::new(
        "a tall domain with a title longer than itself",
        axes([0.0, 1e-6], [0.0, 4e-6]),
        field(|x, _| x),
    )
    .named("∂²u/∂x² − λ·u");
    let narrow =
        HeatMap::new("narrow", axes([100_000.0, 100_003.0], [0.0, 2.0]), field(|x, y| 1.0 + 1e-6 * x * y));
    let decade =
        HeatMap::new("within a decade", axes([0.0, 1.0], [0.0, 1.0]), field(|x, y| 0.2 + 0.1 * x * y))
            .colours(Colours::Errors);
    let constant = HeatMap::new("constant", axes([0.0, 1.0], [0.0, 1.0]), field(|_, _| 3.0));
    let zero =
        HeatMap::new("no error", axes([-1.0, 1.0], [0.0, 1.0]), field(|_, _| 0.0)).colours(Colours::Errors);
    let name = "a name of a term that is longer than the box in which its line is drawn";
    let brief = (0..9_u32).map(|second| [f64::from(second) * 1e-4, 0.3 - 0.01 * f64::from(second)]);
    let brief =
        Chart::losses("", Over::Seconds, vec![Series::new(name, brief), Series::new("one", [[5e-4, 0.25]])]);
    panels(&[
        vec![tall.into(), narrow.into(), decade.into()],
        vec![constant.into(), zero.into(), brief.into()],
    ])
}

fn gallery() -> Vec<(&'static str, Picture)> {
    let data = (0..20_u32).map(|i| [f64::from(i) / 20.0, (f64::from(i) / 3.0).sin() * 3e6]);
    let points =
        Chart::curves("data", ["x", "population"], vec![Series::new("measured", data).style(Style::Dots)]);
    vec![
        ("losses", losses().picture()),
        ("panels", panels(&[triple()])),
        ("rows", panels(&[triple(), triple()])),
        ("disc", disc().picture()),
        ("arrows", vortices().picture()),
        ("streamlines", vortices().streamlines().picture()),
        ("slices", slices().picture()),
        ("awkward", awkward()),
        ("wide", wide().picture()),
        (
            "mixed",
            panels(&[
                vec![disc().into(), slices().into(), vortices().into()],
                vec![losses().into(), points.into()],
            ]),
        ),
    ]
}

#[test]
fn each_picture_is_well_formed_and_not_blank() {
    for (name, picture) in gallery() {
        let svg = picture.svg();
        roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let [width, height] = picture.size();
        let png = picture.png(2.0).unwrap();
        if let Some(folder) = std::env::var_os("PICTURES") {
            let path = std::path::Path::new(&folder).join(name);
            std::fs::write(path.with_extension("svg"), &svg).unwrap();
            std::fs::write(path.with_extension("png"), &png).unwrap();
        }
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!([f64::from(info.width), f64::from(info.height)], [2.0 * width, 2.0 * height], "{name}");
        let white: usize = pixels.iter().map(|byte| usize::from(*byte == u8::MAX)).sum();
        assert!(white < pixels.len() * 97 / 100, "{name} is blank");
        assert!(white > pixels.len() / 10, "{name} has no paper left");
    }
}
