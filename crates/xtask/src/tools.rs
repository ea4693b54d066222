//! What the commands need beside Rust: looked for first, then installed.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::process::{cargo, output, run};
use crate::toolchains::Toolchain;

/// A program from the system's package manager.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// The program's name, which answers to `--version`.
    pub(crate) name: &'static str,
    /// Its package on Debian and Ubuntu, or several.
    pub(crate) debian: &'static str,
    /// Where it comes from on other systems.
    pub(crate) elsewhere: &'static str,
}

/// Runs the device program.
pub(crate) const QEMU: Program = Program {
    name: "qemu-system-arm",
    debian: "qemu-system-arm",
    elsewhere: "Fedora: dnf install qemu-system-arm; Arch: pacman -S qemu-system-arm; \
        macOS: brew install qemu",
};

/// Counts instructions.
pub(crate) const VALGRIND: Program = Program {
    name: "valgrind",
    debian: "valgrind",
    elsewhere: "Fedora: dnf install valgrind; Arch: pacman -S valgrind",
};

/// Loads an HTTP server.
pub(crate) const WRK: Program = Program {
    name: "wrk",
    debian: "wrk",
    elsewhere: "Fedora: dnf install wrk; Arch: pacman -S wrk; macOS: brew install wrk",
};

/// Measures a Redis server.
pub(crate) const REDIS_BENCHMARK: Program = Program {
    name: "redis-benchmark",
    debian: "redis-tools",
    elsewhere: "Fedora: dnf install redis; Arch: pacman -S redis; macOS: brew install redis",
};

/// What several processes share, for the tests of the stores. They start one of their own, on a free
/// port: whether the package has started its service does not matter.
pub(crate) const REDIS: Program = Program {
    name: "redis-server",
    debian: "redis-server",
    elsewhere: "Fedora: dnf install redis; Arch: pacman -S redis; macOS: brew install redis",
};

/// Makes the certificates of the tests over TLS.
pub(crate) const OPENSSL: Program = Program {
    name: "openssl",
    debian: "openssl",
    elsewhere: "Fedora: dnf install openssl; Arch: pacman -S openssl; macOS: brew install openssl",
};

/// What people read the demo's pages with.
pub(crate) const CHROMIUM: Program = Program {
    name: "chromium",
    debian: "chromium",
    elsewhere: "Fedora: dnf install chromium; Arch: pacman -S chromium",
};

/// Drives it for the tests.
pub(crate) const CHROMEDRIVER: Program = Program {
    name: "chromedriver",
    debian: "chromium-driver",
    elsewhere: "Fedora: dnf install chromedriver; Arch: pacman -S chromium",
};

/// Clients and servers that others wrote are programs of Python, in an environment of their own.
pub(crate) const PYTHON: Program = Program {
    name: "python3",
    debian: "python3 python3-venv",
    elsewhere: "Fedora: dnf install python3; Arch: pacman -S python; macOS: brew install python",
};

/// Others are programs of JavaScript.
pub(crate) const NODE: Program = Program {
    name: "node",
    debian: "nodejs",
    elsewhere: "Fedora: dnf install nodejs; Arch: pacman -S nodejs; macOS: brew install node",
};

/// Gets them.
pub(crate) const NPM: Program = Program {
    name: "npm",
    debian: "npm",
    elsewhere: "Fedora: dnf install npm; Arch: pacman -S npm; macOS: brew install node",
};

/// What people try an API with.
pub(crate) const CURL: Program = Program {
    name: "curl",
    debian: "curl",
    elsewhere: "Fedora: dnf install curl; Arch: pacman -S curl; macOS: it is there",
};

/// Builds the runtime of the fuzz targets.
pub(crate) const CXX: Program = Program {
    name: "c++",
    debian: "g++",
    elsewhere: "Fedora: dnf install gcc-c++; Arch: pacman -S gcc; macOS: xcode-select --install",
};

/// A command of cargo's from crates.io.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CargoCommand {
    /// What stands behind `cargo`.
    name: &'static str,
    /// The version that is installed where there is none. Any that is there will do.
    version: &'static str,
}

/// Measures which lines the tests go through.
pub(crate) const CARGO_LLVM_COV: CargoCommand = CargoCommand {
    name: "llvm-cov",
    version: "0.9.1",
};

/// Changes the code bit by bit and tells which changes no test sees.
pub(crate) const CARGO_MUTANTS: CargoCommand = CargoCommand {
    name: "mutants",
    version: "27.1.0",
};

/// Lists the public items of a library.
pub(crate) const CARGO_PUBLIC_API: CargoCommand = CargoCommand {
    name: "public-api",
    version: "0.52.0",
};

/// Makes sure that a command of cargo's is there: it is built from source, which takes some minutes.
pub(crate) fn cargo_command(toolchain: &Toolchain, wanted: CargoCommand) -> Result<()> {
    let CargoCommand { name, version } = wanted;
    let mut found = toolchain.cargo();
    found.args([name, "--version"]).stderr(Stdio::null());
    if found.output().is_ok_and(|found| found.status.success()) {
        return Ok(());
    }
    let package = format!("cargo-{name}");
    run(cargo().args(["install", &package, "--locked", "--version", version]))
        .with_context(|| format!("{package} is missing and could not be installed"))
}

/// Makes sure that a program is there.
pub(crate) fn program(wanted: Program) -> Result<()> {
    ensure(wanted, || answers(wanted.name))
}

/// Makes sure that liboauth and its header are there, which no program tells.
pub(crate) fn liboauth() -> Result<()> {
    let wanted = Program {
        name: "liboauth",
        debian: "liboauth-dev",
        elsewhere: "Arch: liboauth from the AUR; macOS: brew install liboauth",
    };
    let compiles = || {
        let mut compiler = Command::new("cc");
        compiler
            .args([
                // The other does not include what it needs.
                "-include",
                "stddef.h",
                "-include",
                "oauth.h",
                "-fsyntax-only",
                "-x",
                "c",
                "/dev/null",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        compiler.status().is_ok_and(|status| status.success())
    };
    ensure(wanted, compiles)
}

fn ensure(wanted: Program, is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let hint = || {
        let Program {
            name,
            debian,
            elsewhere,
        } = wanted;
        format!(
            "{name} is missing and could not be installed. \
             Debian, Ubuntu: apt-get install {debian}; {elsewhere}"
        )
    };
    // One broken source makes the update fail; the package may come from another.
    let _ = apt_get(&["update", "-qq"]);
    let mut install = vec!["install", "-qq", "-y", "--no-install-recommends"];
    install.extend(wanted.debian.split_whitespace());
    apt_get(&install).with_context(hint)?;
    if is_there() { Ok(()) } else { bail!(hint()) }
}

fn answers(program: &str) -> bool {
    let version = if program == OPENSSL.name {
        "version"
    } else {
        "--version"
    };
    Command::new(program)
        .arg(version)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        // wrk says its version, and then that it misses a URL.
        .is_ok_and(|status| status.success() || program == WRK.name)
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        // No question: without a password, or not at all.
        sudo.args(["-n", "apt-get"]);
        sudo
    };
    run(command.args(arguments).stdin(Stdio::null()))
}
