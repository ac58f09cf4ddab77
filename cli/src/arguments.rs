//! The command line as types.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jetc_combinatorics::Rational;
use jetc_operators::Strategy;
use jetc_operators::document::number;
use jetc_runtime::Activation;

/// Exact high-order differential operators of neural networks.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print how an operator is propagated through a network, with its proof.
    Plan(PlanArguments),
    /// Evaluate an operator on a trained network at a batch of points.
    Eval(EvalArguments),
    /// Differentiate the mean square of an operator by the parameters of a network.
    ///
    /// With r the results of `jetc eval` at N points and g the targets, the loss is L = 1/N Σᵢⱼ (rᵢⱼ − gᵢⱼ)², over points i and
    /// columns j. It is differentiated exactly, in reverse over the same jets, at the price of about three evaluations.
    /// Standard output has the loss, the norm of the gradient, and each tensor with its shape and the norm of its part; the
    /// gradient itself goes to --output, the derivatives of every single result to --jacobian.
    ///
    /// All points are read into memory at once: sums over points are taken in an order that depends on their number alone, so
    /// that no digit depends on --threads or --memory.
    Gradient(GradientArguments),
    /// Solve a differential equation: train a network on the problem that a file describes.
    ///
    /// A problem file has equations, where they hold, and conditions; everything else has defaults. The folder of the run gets the
    /// network (`model.yaml`, which `jetc eval --model` takes), `history.csv`, `summary.json`, pictures, and a checkpoint with
    /// which --resume goes on. Ctrl-C ends after the step at work, and everything is written.
    ///
    /// Standard output has the summary. Exit status 1: the file asks for a tolerance, and training ended without reaching it.
    Train(TrainArguments),
    /// Measure the strategies beside each other and beside the bare matrix products.
    ///
    /// One row for each strategy, number type and batch size: `us/point` and `fastest` are the median and the shortest time
    /// of an evaluation in microseconds for each point; `memory` is the most that an evaluation allocates, without plan,
    /// weights, points and results; `GFLOP/s` counts the matrix products alone; `bare` is the speed of these products
    /// without anything else, run alternately with the evaluations, and `of limit` what part of it was reached. Straight
    /// lines through the medians give the time for each point and what a batch takes whatever its size. What cannot be
    /// planned or takes too long says so in its row.
    ///
    /// --gradient adds a table: `of products` is how many times as long as the bare products a gradient takes, `of evaluation`
    /// how many times as long as an evaluation.
    Bench(BenchArguments),
    /// Print the graph of a network, and which operators it can carry.
    Model(ModelArguments),
    /// Print exact numbers: partitions, Faà di Bruno's formula, interpolation coefficients.
    Tables(TablesArguments),
}

/// What an operator file leaves open.
#[derive(Debug, Args)]
pub(crate) struct OperatorArguments {
    /// Number of space coordinates, for operators that leave it open.
    #[arg(long, value_name = "N")]
    pub(crate) dim: Option<u64>,
    /// A parameter of the operator, read exactly; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_parameter)]
    pub(crate) parameters: Vec<(String, Rational)>,
}

/// How the operator is carried.
#[derive(Debug, Args)]
pub(crate) struct StrategyArguments {
    /// Which jet algebra carries the operator.
    #[arg(long = "strategy", value_name = "STRATEGY", default_value = "auto")]
    pub(crate) name: StrategyName,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    /// An operator file (YAML), or the name of a built-in operator such as `laplacian`.
    #[arg(value_name = "OPERATOR", required_unless_present = "list")]
    pub(crate) operator: Option<String>,
    #[command(flatten)]
    pub(crate) choices: OperatorArguments,
    #[command(flatten)]
    pub(crate) strategy: StrategyArguments,
    /// Print the built-in operators with their equations.
    #[arg(long)]
    pub(crate) list: bool,
    /// Show the three strategies side by side.
    #[arg(long)]
    pub(crate) compare: bool,
    /// How to print the plan; without it, by the ending of --output, `explain` on a terminal, otherwise `text`.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<PlanFormat>,
    /// Write the plan to a file (.svg, .dot, .json, .txt) instead of standard output.
    #[arg(short, long, value_name = "FILE", conflicts_with = "list")]
    pub(crate) output: Option<PathBuf>,
    /// Print the channels of every layer after each pass.
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(crate) passes: bool,
    /// The network that costs and passes are for; without it, one of three layers of 64.
    #[arg(long, value_name = "NET")]
    pub(crate) model: Option<PathBuf>,
    /// The activation between the layers of a state dict.
    #[arg(long, value_name = "NAME", value_parser = parse_activation, requires = "model")]
    pub(crate) activation: Option<Activation>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// The network: a state dict (.safetensors, .npz) with --activation, or a .yaml that names its layers.
    #[arg(value_name = "NET")]
    pub(crate) model: PathBuf,
    /// The activation between the layers of a state dict.
    #[arg(long, value_name = "NAME", value_parser = parse_activation)]
    pub(crate) activation: Option<Activation>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ModelFormat,
    /// Write a .yaml model file that names the layers of a state dict, to be used as it is or corrected.
    #[arg(long, conflicts_with = "format")]
    pub(crate) as_yaml: bool,
    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelFormat {
    /// A table of nodes, totals, and the operators that fit.
    Text,
    /// The same for programs.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct TablesArguments {
    #[command(subcommand)]
    pub(crate) table: Table,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Table {
    /// The partitions of K with their Faà di Bruno multiplicities.
    Partitions {
        /// The number to partition.
        #[arg(value_name = "K", value_parser = clap::value_parser!(u32).range(0..=60))]
        order: u32,
    },
    /// The chain rule of order K, (g∘h)^(K), term by term.
    FaaDiBruno {
        /// The order K; with --multi-index, orders by coordinate such as 2,1.
        #[arg(value_name = "K", value_parser = parse_multi_index)]
        index: MultiIndexArgument,
        /// The mixed derivative with these orders.
        #[arg(long)]
        multi_index: bool,
    },
    /// Griewank–Utke–Walther coefficients that turn derivatives along directions into a mixed derivative.
    Interpolation {
        /// Orders by coordinate, such as 2,2.
        #[arg(value_name = "I", value_parser = parse_multi_index)]
        index: MultiIndexArgument,
        /// Degree of the family, at least the order of the derivative.
        #[arg(long, value_name = "D")]
        degree: Option<u32>,
    },
}

/// Orders by coordinate: `2,1`.
#[derive(Debug, Clone)]
pub(crate) struct MultiIndexArgument(pub(crate) Vec<u32>);

/// An operator on a network at points: what every computation takes.
#[derive(Debug, Args)]
pub(crate) struct SubjectArguments {
    /// An operator file (YAML), or the name of a built-in operator such as `laplacian`.
    #[arg(value_name = "OPERATOR")]
    pub(crate) operator: String,
    #[command(flatten)]
    pub(crate) choices: OperatorArguments,
    /// The value of a parameter that the operator leaves unknown; may be given several times.
    #[arg(long = "unknown", value_name = "NAME=VALUE", value_parser = parse_unknown)]
    pub(crate) unknowns: Vec<(String, f64)>,
    #[command(flatten)]
    pub(crate) strategy: StrategyArguments,
    /// The network: .onnx, a state dict (.safetensors, .npz) with --activation, or a .yaml that names its layers.
    #[arg(long, value_name = "NET")]
    pub(crate) model: PathBuf,
    /// The activation between the layers of a state dict.
    #[arg(long, value_name = "NAME", value_parser = parse_activation)]
    pub(crate) activation: Option<Activation>,
    /// The points (.npy, .npz, .csv), shape [N, n]: columns by name where the file has names, otherwise in the order of the
    /// coordinates.
    #[arg(long, value_name = "FILE")]
    pub(crate) points: PathBuf,
    /// The numbers to compute in, and to write in binary files.
    #[arg(long, value_name = "TYPE", default_value = "f64")]
    pub(crate) dtype: Dtype,
    /// Number of threads; all cores by default. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArguments {
    #[command(flatten)]
    pub(crate) subject: SubjectArguments,
    /// Where the results go (.npy, .npz, .csv); without it, csv on standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Most memory for points, results and the buffers of all threads, such as 512K, 64M or 2G; weights come on top.
    /// Results do not depend on it.
    #[arg(long, value_name = "SIZE", value_parser = parse_size, default_value = "64M")]
    pub(crate) memory: Size,
}

#[derive(Debug, Args)]
pub(crate) struct GradientArguments {
    #[command(flatten)]
    pub(crate) subject: SubjectArguments,
    /// What the results should be (.npy, .npz, .csv), shape [N, columns]: by name where the file has the names of the results,
    /// otherwise in their order; without it, zeros.
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<PathBuf>,
    /// Where the gradient goes (.safetensors, .npz): tensors with the names and shapes that they have in NET.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Where the derivatives of all results by all parameters go (.npy, or .npz with an array `jacobian`), shape [N·columns, P]:
    /// rows in the order point, then column, and tensors one after another as standard output lists them.
    #[arg(long, value_name = "FILE")]
    pub(crate) jacobian: Option<PathBuf>,
    /// Most memory for the buffers and sums of all threads, such as 64M or 2G, those of one thread at least, and as much for the
    /// rows of the Jacobian that are held at once, one point's at least; points and weights come on top. Results do not depend
    /// on it.
    #[arg(long, value_name = "SIZE", value_parser = parse_size, default_value = "512M")]
    pub(crate) memory: Size,
    /// How to print the loss and the list of tensors.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: GradientFormat,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    /// A problem file (YAML).
    #[arg(value_name = "PROBLEM")]
    pub(crate) problem: PathBuf,
    /// The folder of the run; the name of the file without its ending, if not given.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// The most time, such as 60s, 5min or 1h, instead of what the file says.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) time: Option<f64>,
    /// The most steps, instead of what the file says.
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// What random numbers follow from, instead of what the file says.
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Number of threads; all cores by default. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Another value for a key of the file, such as `parameters.nu=0.1` or `train.method=adam`; a parameter by its name alone.
    /// May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) changes: Vec<String>,
    /// Go on with the checkpoint in the folder.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Read the file, plan, and say what would be done.
    #[arg(long, conflicts_with_all = ["output", "resume"])]
    pub(crate) check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GradientFormat {
    /// Totals and a table of tensors, in six digits.
    Text,
    /// The same for programs, in all digits.
    Json,
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) usize);

#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    /// An operator file (YAML), or the name of a built-in operator such as `laplacian`.
    #[arg(value_name = "OPERATOR")]
    pub(crate) operator: String,
    #[command(flatten)]
    pub(crate) choices: OperatorArguments,
    /// The only strategy to measure; `auto` is the one that `jetc eval` takes. Without it, all three.
    #[arg(long, value_name = "STRATEGY")]
    pub(crate) strategy: Option<StrategyName>,
    /// The network: .onnx, a state dict (.safetensors, .npz) with --activation, or a .yaml that names its layers.
    #[arg(long, value_name = "NET", conflicts_with = "layers")]
    pub(crate) model: Option<PathBuf>,
    /// The widths of a network with random weights, from inputs to outputs; without it and --model, three layers of 64.
    #[arg(long, value_name = "W,W[,W…]", value_delimiter = ',', value_parser = parse_width)]
    pub(crate) layers: Vec<usize>,
    /// The activation between the layers; tanh if they are random.
    #[arg(long, value_name = "NAME", value_parser = parse_activation)]
    pub(crate) activation: Option<Activation>,
    /// Numbers of points to evaluate at once; random points in the cube (−1, 1)ⁿ.
    #[arg(long, value_name = "N[,N…]", value_delimiter = ',', value_parser = parse_batch, default_value = "256,1024,4096,10000")]
    pub(crate) batch: Vec<usize>,
    /// The numbers to compute in.
    #[arg(long, value_name = "TYPE", default_value = "f64")]
    pub(crate) dtype: BenchDtype,
    /// Number of threads; all cores by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Measure gradients, too: the mean square of the results with its derivatives by all parameters of the network.
    #[arg(long)]
    pub(crate) gradient: bool,
    /// Seconds to measure each strategy, type and batch for.
    #[arg(long, value_name = "S", value_parser = parse_seconds, default_value = "1", allow_negative_numbers = true)]
    pub(crate) seconds: f64,
    /// How to print the measurements; without it, by the ending of --output, otherwise `text`.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<BenchFormat>,
    /// Write the measurements to a file (.svg, .json, .csv, .txt) instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchFormat {
    /// Tables, with the straight lines that fit.
    Text,
    /// Everything for programs.
    Json,
    /// One row for each measurement.
    Csv,
    /// Time over batch size as a picture.
    Svg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchDtype {
    /// Double precision.
    F64,
    /// Single precision.
    F32,
    /// One after the other.
    Both,
}

impl BenchDtype {
    pub(crate) fn dtypes(self) -> &'static [Dtype] {
        match self {
            Self::F64 => &[Dtype::F64],
            Self::F32 => &[Dtype::F32],
            Self::Both => &[Dtype::F64, Dtype::F32],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StrategyName {
    /// The cheapest of the others.
    Auto,
    /// The smallest algebra there is.
    Minimal,
    /// Highest coefficients summed over all directions first.
    Collapsed,
    /// One full jet for each direction.
    Standard,
}

impl From<StrategyName> for Strategy {
    fn from(name: StrategyName) -> Self {
        match name {
            StrategyName::Auto => Self::Auto,
            StrategyName::Minimal => Self::Minimal,
            StrategyName::Collapsed => Self::Collapsed,
            StrategyName::Standard => Self::Standard,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// A few lines with costs.
    Explain,
    /// The complete plan, one statement a line.
    Text,
    /// The complete plan for programs.
    Json,
    /// The algebra as a graph, for Graphviz.
    Dot,
    /// The algebra as a picture.
    Svg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dtype {
    /// Double precision.
    F64,
    /// Single precision: half the memory, about twice the speed.
    F32,
}

impl Dtype {
    /// What plans are made for.
    pub(crate) fn precision(self) -> jetc_operators::Precision {
        match self {
            Self::F64 => jetc_operators::Precision::Double,
            Self::F32 => jetc_operators::Precision::Single,
        }
    }
}

fn parse_unknown(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, such as nu=0.1")?;
    let number: f64 = value.trim().parse().map_err(|_| format!("`{value}` is not a number"))?;
    if !number.is_finite() {
        return Err(format!("{value} is no finite number"));
    }
    Ok((name.trim().to_owned(), number))
}

fn parse_activation(name: &str) -> Result<Activation, String> {
    name.parse().map_err(|error: jetc_runtime::activation::UnknownActivation| error.to_string())
}

/// `64M`, in bytes; K, M, G and T are powers of 1024.
fn parse_size(text: &str) -> Result<Size, String> {
    let size = jetc_training::size(text).ok_or("expected a whole number with K, M, G or T, such as 64M")?;
    Ok(Size(size.bytes))
}

/// `nu=1/100`, read exactly.
fn parse_parameter(text: &str) -> Result<(String, Rational), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE, such as nu=1/100")?;
    let value = number::parse(value.trim()).map_err(|error| format!("`{value}`: {error}"))?;
    Ok((name.trim().to_owned(), value))
}

fn parse_duration(text: &str) -> Result<f64, String> {
    let time = jetc_training::duration(text).ok_or("expected a time such as 60s, 5min or 1h")?;
    Ok(time.seconds)
}

fn parse_width(text: &str) -> Result<usize, String> {
    text.trim().parse().map_err(|_| "widths are whole numbers, such as 50,768,768,1".to_owned())
}

fn parse_batch(text: &str) -> Result<usize, String> {
    let points = text.trim().parse().ok().filter(|&points| points > 0);
    points.ok_or_else(|| "a batch has a whole number of points, one at least".to_owned())
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| "expected a number of seconds, a day at most".to_owned())
}

fn parse_multi_index(text: &str) -> Result<MultiIndexArgument, String> {
    let entry = |entry: &str| entry.trim().parse().map_err(|_| format!("`{entry}` is not a whole number"));
    text.split(',').map(entry).collect::<Result<_, _>>().map(MultiIndexArgument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_of_1024() {
        for (text, bytes) in [("100", 100), ("3K", 3072), ("64M", 64 << 20), ("2GiB", 2 << 30), ("1kb", 1024)]
        {
            assert_eq!(parse_size(text), Ok(Size(bytes)), "{text}");
        }
        for text in ["", "0", "M", "-1M", "1.5G", "1X", "99999999999999999999", "99999999999G"] {
            assert!(parse_size(text).unwrap_err().contains("such as 64M"), "{text}");
        }
    }
}
