//! `oauth1 completions` and `oauth1 man`: what is made of the command line itself.

use std::io::{self, Write as _};

use clap::CommandFactory as _;

use crate::{
    arguments::{Arguments, CompletionsArguments, ManArguments},
    problem::Failure,
};

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "oauth1", &mut script);
    Ok(io::stdout().write_all(&script)?)
}

pub(crate) fn pages(arguments: &ManArguments) -> Result<(), Failure> {
    let command = Arguments::command();
    clap_mangen::generate_to(command, &arguments.directory)
        .map_err(|error| Failure::file(&arguments.directory, &error))
}
