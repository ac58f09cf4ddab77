//! The `jetc` command: the only crate that prints, draws progress, and exits.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 a check failed, 2 bad input.
#![allow(clippy::print_stderr, clippy::print_stdout, reason = "printing is what this crate is for")]

mod arguments;
mod commands;
mod diagnostics;
mod interrupt;
mod memory;
mod names;
mod operator;
mod output;
mod progress;
mod subject;
mod threads;
mod unknowns;
mod warnings;

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use jetc_operators::printable_path;

use arguments::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// Bad input.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    match parse() {
        Ok(arguments) => match run(&arguments) {
            Ok(code) => code,
            Err(error) => status(Err(error)),
        },
        Err(status) => status,
    }
}

/// The command line, or the exit status where there is nothing to run: it asks for help, or is wrong.
fn parse() -> Result<Arguments, ExitCode> {
    let given: Vec<OsString> = env::args_os().collect();
    Arguments::try_parse_from(&given).map_err(|error| {
        if !error.use_stderr() {
            return status(error.print().map_err(|reason| output::unwritten(reason).into()));
        }
        // The message quotes what was given.
        let printable = given.iter().map(|argument| printable_path(Path::new(argument)));
        let error = Arguments::try_parse_from(printable).err().unwrap_or(error);
        let _ = error.print();
        ExitCode::from(BAD_INPUT)
    })
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    threads::bound()?;
    let done = match &arguments.command {
        Command::Plan(plan) => commands::plan::run(plan),
        Command::Eval(eval) => commands::eval::run(eval),
        Command::Gradient(gradient) => commands::gradient::run(gradient),
        Command::Train(train) => return commands::train::run(train),
        Command::Bench(bench) => commands::bench::run(bench),
        Command::Model(model) => commands::model::run(model),
        Command::Tables(tables) => commands::tables::run(&tables.table),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// What the command ends with; an error is printed.
fn status(result: anyhow::Result<()>) -> ExitCode {
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
