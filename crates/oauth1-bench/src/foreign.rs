//! Libraries of other languages, in processes of their own, each with its turn in each round.
//!
//! A program of a language signs with one library or several. It reads lines, whose parts are separated
//! by tabs: first the client, its secret, the token, its secret, the nonce and the timestamp; then for
//! each workload the method, the URL and the form; then an empty one. Each line after that names a
//! library, a workload by its number, and for how many milliseconds to sign it again and again; the
//! answer is a line of the nanoseconds of the processor that one signature took, and a text with the signature in it, which
//! is compared with ours. Some of the libraries send `oauth_version` always.

use core::fmt::Write as _;
use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};
use oauth1_core::{HmacSha1, Nonce, Signer, Stamp, Timestamp};

use crate::{
    cases::sign::{Signing, view},
    timing::{for_a_while, median},
    workloads::{CLIENT, NONCE, Request, TIMESTAMP, TOKEN, Workload, client, token},
};

const WORKLOADS: [(&str, Workload); 3] = [
    ("W1", Workload::W1),
    ("W2", Workload::W2),
    ("W3", Workload::W3),
];

const ROUNDS: usize = 15;
const MILLISECONDS: u64 = 40;

/// How many times as long as ours a library is to take, at least, on W1.
const GOALS: [(&str, f64); 2] = [("oauthlib", 200.0), ("python-oauth2", 100.0)];

/// Prints the time of a signature with each library that can be had, and how many times ours that is.
pub(crate) fn run() -> Result<()> {
    let mut programs = Vec::new();
    for (libraries, start) in PROGRAMS {
        match start().and_then(Program::start) {
            Ok(program) => programs.push((libraries, program)),
            Err(error) => eprintln!("not measured: {libraries:?}: {error:#}"),
        }
    }
    let mut table = vec![Line::of("oauth1-core, from URL and form")];
    for (libraries, _) in &programs {
        table.extend(libraries.iter().map(|name| Line::of(name)));
    }
    for (at, (_, workload)) in WORKLOADS.iter().enumerate() {
        let request = workload.request();
        let right = signatures(request)?;
        // The first round warms up, the compilers of other languages too.
        for round in 0..=ROUNDS {
            let mut signing = Signing::new(request);
            let ours = for_a_while(MILLISECONDS, || signing.sign_url());
            let mut lines = table.iter_mut();
            let mut keep = |time: f64, is_right: bool| {
                if let Some(line) = lines.next()
                    && round > 0
                {
                    line.times[at].push(time);
                    line.ratios[at].push(time / ours);
                    line.wrong[at] |= !is_right;
                }
            };
            keep(ours, true);
            for (libraries, program) in &mut programs {
                for library in *libraries {
                    let (time, text) = program.sign(library, at)?;
                    keep(time, right.iter().any(|right| text.contains(right)));
                }
            }
        }
    }
    print(&table);
    Ok(())
}

type Start = fn() -> Result<Command>;

/// The libraries of each program, and how it is started.
const PROGRAMS: [(&[&str], Start); 3] = [
    (&["oauthlib", "python-oauth2"], python),
    (&["oauth-1.0a", "oauth"], node),
    (&["liboauth"], c),
];

fn python() -> Result<Command> {
    let mut command = oauth1_foreign::python()?.command();
    command.arg(here("foreign/peers.py"));
    Ok(command)
}

fn node() -> Result<Command> {
    let mut command = oauth1_foreign::node()?.command();
    command.arg(here("foreign/peers.js"));
    Ok(command)
}

/// Compiled beside this program.
fn c() -> Result<Command> {
    let program = env::current_exe()?.with_file_name("oauth1-bench-liboauth");
    let mut compiler = Command::new("cc");
    compiler
        .args(["-O2", "-o"])
        .arg(&program)
        .arg(here("foreign/liboauth.c"))
        .arg("-loauth");
    let missing = "a C compiler and liboauth are needed (Debian: gcc, liboauth-dev)";
    let output = compiler.output().context(missing)?;
    ensure!(
        output.status.success(),
        "{missing}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(Command::new(program))
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What a right signature may look like in a header or a form: without and with `oauth_version`.
fn signatures(request: &'static Request) -> Result<Vec<String>> {
    let mut signatures = Vec::new();
    for with_version in [false, true] {
        let signer = Signer::<HmacSha1>::for_token(&client(), &token());
        let signer = if with_version {
            signer.with_version()
        } else {
            signer
        };
        let stamp = Stamp::new(Timestamp::from_unix_seconds(TIMESTAMP), Nonce::new(NONCE));
        let header = signer.authorization(&view(request), stamp)?;
        let (_, rest) = (header.split_once("oauth_signature=\"")).context("no signature")?;
        let (signature, _) = rest.split_once('"').context("no end of the signature")?;
        signatures.push(signature.to_owned());
    }
    Ok(signatures)
}

/// One line of the table.
struct Line {
    name: String,
    times: [Vec<f64>; 3],
    ratios: [Vec<f64>; 3],
    /// Whether a signature was not what it must be.
    wrong: [bool; 3],
}

impl Line {
    fn of(name: &str) -> Self {
        Self {
            name: name.into(),
            times: Default::default(),
            ratios: Default::default(),
            wrong: Default::default(),
        }
    }
}

fn print(table: &[Line]) {
    let titles = WORKLOADS.map(|(name, _)| format!("{name:>22}"));
    println!("{:32}{}", "us for a signature, x ours", titles.concat());
    for line in table {
        let mut text = format!("{:32}", line.name);
        for at in 0..WORKLOADS.len() {
            let time = median(line.times[at].iter().copied()) / 1e3;
            let ratio = median(line.ratios[at].iter().copied());
            let mark = if line.wrong[at] { '*' } else { ' ' };
            // A `String` takes everything, here and below.
            let _ = write!(text, "{time:>12.2} {ratio:>7.1}x{mark}");
        }
        println!("{}", text.trim_end());
    }
    if table.iter().any(|line| line.wrong.contains(&true)) {
        println!("* a wrong signature");
    }
    for (name, goal) in GOALS {
        if let Some(line) = table.iter().find(|line| line.name == name) {
            let ratio = median(line.ratios[0].iter().copied());
            let met = if ratio >= goal { "met" } else { "missed" };
            println!("{name} on W1: {ratio:.0} times ours, goal {goal:.0}: {met}");
        }
    }
}

/// A program that signs.
struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut program = Self {
            input: child.stdin.take().context("no input")?,
            output: BufReader::new(child.stdout.take().context("no output")?),
            child,
        };
        program.tell(&greeting())?;
        Ok(program)
    }

    /// The nanoseconds of a signature, and what was made.
    fn sign(&mut self, library: &str, workload: usize) -> Result<(f64, String)> {
        self.tell(&format!("{library}\t{workload}\t{MILLISECONDS}\n"))?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("{library} has ended: {}", self.child.wait()?);
        }
        let (time, text) = line.split_once('\t').context("no tab")?;
        Ok((time.parse()?, text.to_owned()))
    }

    fn tell(&mut self, text: &str) -> Result<()> {
        self.input.write_all(text.as_bytes())?;
        Ok(self.input.flush()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn greeting() -> String {
    let mut text = [CLIENT.0, CLIENT.1, TOKEN.0, TOKEN.1, NONCE].join("\t");
    let _ = writeln!(text, "\t{TIMESTAMP}");
    for (_, workload) in WORKLOADS {
        let request = workload.request();
        let form = request.form.as_deref().unwrap_or_default();
        let _ = writeln!(text, "{}\t{}\t{form}", request.method, request.url);
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_has_a_line_for_each_workload() {
        let greeting = greeting();
        let lines: Vec<_> = greeting.lines().collect();
        let parts: Vec<_> = lines.iter().map(|line| line.split('\t').count()).collect();
        assert_eq!(parts, [6, 3, 3, 3, 1]);
        assert!(lines[2].contains("status=Se%C3%B1or%20M"));
    }

    #[test]
    fn the_version_changes_the_signature() {
        for (_, workload) in WORKLOADS {
            let [without, with] = &signatures(workload.request()).unwrap()[..] else {
                panic!("two signatures")
            };
            assert_ne!(without, with);
            assert!(without.ends_with("%3D"), "{without}");
        }
    }
}
