//! Developer commands of this workspace: `cargo xtask help` lists them.
//!
//! A machine needs rustup with a toolchain, and nothing else: what is missing gets installed by the
//! command that needs it, or the command says what to install.

#![forbid(unsafe_code)]

extern crate alloc;

mod accepted;
mod api;
mod bench;
mod copy;
mod coverage;
mod device;
mod elf;
mod features;
mod fuzz;
mod interop;
mod lint;
mod load;
mod minimal;
mod miri;
mod msrv;
mod mutants;
mod packages;
mod process;
mod report;
mod test;
mod toolchains;
mod tools;
mod wasm;

use core::fmt::Write as _;
use std::env;
use std::path::Path;
use std::process::ExitCode;

/// One command of `cargo xtask`.
struct Task {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> anyhow::Result<ExitCode>,
}

/// All commands, in the order in which help lists them.
const TASKS: &[Task] = &[
    Task {
        name: "test",
        arguments: "[NAME]...",
        about: "Runs and counts all tests, or those with a NAME in their names (device: on qemu).",
        run: |names| Ok(test::run(names)),
    },
    Task {
        name: "lint",
        arguments: "",
        about: "Checks format, clippy and docs, and that clippy keeps the clock out of the core.",
        run: |_| succeed(lint::run()),
    },
    Task {
        name: "features",
        arguments: "",
        about: "Checks the core under every set of its features, the others under each; no warnings.",
        run: |_| succeed(features::run()),
    },
    Task {
        name: "msrv",
        arguments: "",
        about: "Checks the workspace with the oldest Rust that it promises to build with.",
        run: |_| succeed(msrv::run()),
    },
    Task {
        name: "minimal-versions",
        arguments: "",
        about: "Checks what is published with the oldest releases that its manifests allow.",
        run: |_| succeed(minimal::run()),
    },
    Task {
        name: "api",
        arguments: "[--bless]",
        about: "Compares the public items of each library with docs/api, or writes them there.",
        run: |arguments| succeed(api::run(arguments)),
    },
    Task {
        name: "device",
        arguments: "",
        about: "Builds the core for a Cortex-M4, signs and verifies on one under qemu, measures it.",
        run: |_| Ok(device::run()),
    },
    Task {
        name: "wasm",
        arguments: "",
        about: "Builds the core as WebAssembly without imports, and signs the vectors in Node.",
        run: |_| Ok(wasm::run()),
    },
    Task {
        name: "interop",
        arguments: "[--write]",
        about: "Tries each client with each server, ours and others', or writes docs/interop.md too.",
        run: |arguments| succeed(interop::run(arguments)),
    },
    Task {
        name: "fuzz",
        arguments: "[--seconds N] [--cpu-seconds N] [--jobs N] [--corpus DIR] [--ledger] [TARGET]...",
        about: "Builds the fuzz targets and runs each, or those named, for N seconds (2).",
        run: fuzz::run,
    },
    Task {
        name: "miri",
        arguments: "[NAME]...",
        about: "Runs the core's tests, or those with a NAME in their names, under Miri.",
        run: |names| Ok(miri::run(names)),
    },
    Task {
        name: "coverage",
        arguments: "[--workspace | PACKAGE...]",
        about: "Counts the lines that tests go through: the core's, a PACKAGE's, or the workspace's.",
        run: coverage::run,
    },
    Task {
        name: "mutants",
        arguments: "[--list] [--left] [--ledger] [FILE]...",
        about: "Changes the core, or each FILE of its src, bit by bit: a test must see each change.",
        run: mutants::run,
    },
    Task {
        name: "bench",
        arguments: "[ARGUMENT]...",
        about: "Runs the benchmarks, or those of --server, --cli, --rsa, --peers or --foreign.",
        run: |arguments| succeed(bench::run(arguments)),
    },
    Task {
        name: "load",
        arguments: "[--minutes N] [--store memory|sqlite|redis] [ARGUMENT]...",
        about: "Sends valid, replayed and hostile requests for N minutes (10); the books must be exact.",
        run: |arguments| succeed(load::run(arguments)),
    },
];

/// The exit status of a command line that cannot be understood.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let Some((name, rest)) = arguments.split_first() else {
        eprint!("{}", help());
        return Ok(ExitCode::from(USAGE));
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        print!("{}", help());
        return Ok(ExitCode::SUCCESS);
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprint!("error: there is no command `{name}`\n\n{}", help());
        return Ok(ExitCode::from(USAGE));
    };

    // These programs understand their own options.
    if !matches!(task.name, "bench" | "load") {
        if rest
            .iter()
            .any(|argument| matches!(argument.as_str(), "-h" | "--help"))
        {
            println!(
                "{}\n\nUsage: cargo xtask {} {}",
                task.about, task.name, task.arguments
            );
            return Ok(ExitCode::SUCCESS);
        }
        let takes_options = task.arguments.contains("--");
        let unexpected = rest
            .iter()
            .find(|a| a.starts_with('-') && !takes_options || task.arguments.is_empty());
        if let Some(argument) = unexpected {
            eprintln!("error: `cargo xtask {name}` takes no argument `{argument}`");
            return Ok(ExitCode::from(USAGE));
        }
    }
    // Cargo tells where this package lies; all paths below start at the root of the workspace.
    if let Some(package) = env::var_os("CARGO_MANIFEST_DIR") {
        env::set_current_dir(Path::new(&package).join("../.."))?;
    }
    (task.run)(rest)
}

fn succeed(result: anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

fn help() -> String {
    let mut text = String::from("Usage: cargo xtask COMMAND\n\nCommands:\n");
    for task in TASKS {
        let _ = writeln!(text, "  {:<16} {}", task.name, task.about);
    }
    text + "  help             Lists the commands.\n"
}
