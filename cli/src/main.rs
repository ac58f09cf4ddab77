//! The `jetc` command: the only crate that prints, draws progress, and exits.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 a check failed, 2 bad input.
#![allow(clippy::print_stderr, clippy::print_stdout, reason = "printing is what this crate is for")]

mod arguments;
mod commands;
mod diagnostics;
mod matrices;
mod memory;
mod names;
mod operator;
mod output;
mod progress;
mod threads;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// Bad input.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::Plan(plan) => commands::plan::run(plan),
        Command::Eval(eval) => commands::eval::run(eval),
        Command::Bench(bench) => commands::bench::run(bench),
        Command::Model(model) => commands::model::run(model),
        Command::Tables(tables) => commands::tables::run(&tables.table),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has had enough, as in `jetc … | head`.
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            diagnostics::print(&error);
            ExitCode::from(BAD_INPUT)
        }
    }
}
