//! The command line as types.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jetc_operators::Strategy;
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
}

/// Which operator.
#[derive(Debug, Args)]
pub(crate) struct OperatorArguments {
    /// An operator file (YAML), or the name of a built-in operator such as `laplacian`.
    #[arg(value_name = "OPERATOR")]
    pub(crate) operator: String,
    /// Number of space coordinates, for operators that leave it open.
    #[arg(long, value_name = "N")]
    pub(crate) dim: Option<u64>,
    /// Which jet algebra carries the operator.
    #[arg(long, value_name = "STRATEGY", default_value = "auto")]
    pub(crate) strategy: StrategyName,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) operator: OperatorArguments,
    /// Print the channels of the three strategies side by side.
    #[arg(long)]
    pub(crate) compare: bool,
    /// How to print the plan.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PlanFormat,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArguments {
    #[command(flatten)]
    pub(crate) operator: OperatorArguments,
    /// The network: a state dict (.safetensors, .npz) with --activation, or a .yaml that names its layers.
    #[arg(long, value_name = "NET")]
    pub(crate) model: PathBuf,
    /// The activation between the layers of a state dict.
    #[arg(long, value_name = "NAME", value_parser = parse_activation)]
    pub(crate) activation: Option<Activation>,
    /// The points (.npy, .npz, .csv), shape [N, n], columns in the order of the coordinates.
    #[arg(long, value_name = "FILE")]
    pub(crate) points: PathBuf,
    /// Where the results go (.npy, .npz, .csv); without it, csv on standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The numbers to compute in.
    #[arg(long, value_name = "TYPE", default_value = "f64")]
    pub(crate) dtype: Dtype,
    /// Number of threads; all cores by default. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
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
    /// The complete plan, one statement a line.
    Text,
    /// The complete plan for programs.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dtype {
    /// Double precision.
    F64,
    /// Single precision: half the memory, about twice the speed.
    F32,
}

fn parse_activation(name: &str) -> Result<Activation, String> {
    name.parse().map_err(|error: jetc_runtime::activation::UnknownActivation| error.to_string())
}
