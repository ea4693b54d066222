//! OAuth 1.0a (RFC 5849) at work: a microblog with an API, a site that people sign in to with their
//! account there, and what travels between them. In the terminal, or in a browser.

#![forbid(unsafe_code)]

extern crate alloc;

mod browser;
mod database;
mod microblog;
mod page;
mod postcard;
mod session;
mod show;
mod sites;
mod story;
mod wire;

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, Result};
use clap::Parser;

use crate::{
    show::Show,
    sites::{Options, Sites},
};

/// Shows OAuth 1.0a (RFC 5849) at work, between a microblog with an API and a site that people sign in to
/// with their account there. Both are in this program.
///
/// Without an option it plays the story in the terminal: an account, an application, the three legs, a
/// post, what is forged, and what is revoked, with all that travels.
///
/// The exit status is 0 if all went as it should, 1 if something did not, and 2 for an option that does
/// not exist. There is colour on a terminal, unless `NO_COLOR` is set.
#[derive(Debug, Parser)]
#[command(name = "oauth1-demo", version)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
struct Arguments {
    /// Print the last line, and only such steps as do not go as expected
    #[arg(short, long, conflicts_with = "serve")]
    quiet: bool,
    /// Serve both sites, for a browser, until Ctrl-C
    #[arg(long)]
    serve: bool,
    /// Open the site in the browser
    #[arg(long, requires = "serve")]
    open: bool,
    /// Keep everything in this SQLite file and others beside it. To go on with them, serve at the same
    /// ports again
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// Keep nonces and temporary credentials on this Redis server
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// The port of the microblog; 0 is a free one
    #[arg(long, value_name = "PORT", default_value_t = 8001, requires = "serve")]
    microblog_port: u16,
    /// The port of the site that signs in with it
    #[arg(long, value_name = "PORT", default_value_t = 8002, requires = "serve")]
    postcard_port: u16,
    /// Where browsers see the microblog, such as behind a proxy with TLS
    #[arg(long, value_name = "URL", requires = "serve")]
    microblog_origin: Option<String>,
    /// Where browsers see the site that signs in with it
    #[arg(long, value_name = "URL", requires = "serve")]
    postcard_origin: Option<String>,
    /// Do not register the site with the microblog: its first page says how that is done
    #[arg(long, requires = "serve")]
    unregistered: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Says whether all went as it should.
fn run(arguments: Arguments) -> Result<bool> {
    // Only a second call fails.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let options = Options {
            database: arguments.database,
            redis: arguments.redis,
            ..Options::default()
        };
        if !arguments.serve {
            return story::play(options, &mut Screen::new(), arguments.quiet).await;
        }
        let options = Options {
            microblog_port: arguments.microblog_port,
            postcard_port: arguments.postcard_port,
            microblog_origin: arguments.microblog_origin,
            postcard_origin: arguments.postcard_origin,
            unregistered: arguments.unregistered,
            ..options
        };
        serve(options, arguments.open).await?;
        Ok(true)
    })
}

async fn serve(options: Options, open: bool) -> Result<()> {
    // Before anybody is told where to look.
    let end = end()?;
    let kept = options.database.is_some();
    let sites = Sites::start(options, None).await?;
    let mut screen = Screen::new();
    screen.print(&format!(
        "Warble    {}  a microblog with an API, on port {}\n\
         Postcard  {}  a site that signs in with it, on port {}\n",
        sites.microblog, sites.ports[0], sites.postcard, sites.ports[1]
    ))?;
    if !kept {
        screen.print("All that you enter is gone at the end; --database FILE keeps it.\n")?;
    }
    screen.print("Ctrl-C ends both.\n")?;
    if open {
        let opened = open::that(&sites.postcard);
        opened.context("no browser could be opened: open the addresses above yourself")?;
    }
    end.await
}

/// Ctrl-C, or what service managers send; from this call on neither ends the program.
#[cfg(unix)]
fn end() -> Result<impl Future<Output = Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        Ok(())
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn end() -> Result<impl Future<Output = Result<()>>> {
    Ok(async { Ok(tokio::signal::ctrl_c().await?) })
}

/// Standard output.
pub(crate) struct Screen {
    pub(crate) show: Show,
    closed: bool,
}

impl Screen {
    fn new() -> Self {
        // https://no-color.org: set, and not empty.
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = io::stdout().is_terminal() && !no_colour;
        Self {
            show: Show { colour },
            closed: false,
        }
    }

    /// Prints; where nobody listens any more (`| head`), the story goes on for its exit status.
    pub(crate) fn print(&mut self, text: &str) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            result => result?,
        }
        Ok(())
    }
}
