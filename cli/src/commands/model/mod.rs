//! `jetc model`: the graph of a network, and which operators it can carry.

mod json;
mod report;
mod text;

use jetc_operators::printable_json;
use jetc_runtime::Network;

use self::report::Report;
use crate::arguments::{ModelArguments, ModelFormat};
use crate::output;

pub(crate) fn run(arguments: &ModelArguments) -> anyhow::Result<()> {
    let network = Network::open(&arguments.model, arguments.activation)?;
    let report = Report::new(&network);
    output::print(&match arguments.format {
        ModelFormat::Text => text::view(&report),
        ModelFormat::Json => printable_json(&json::view(&report)),
    })
}
