//! The arguments of `oauth1 proxy`.

use core::net::SocketAddr;

use clap::Args;

use super::{
    ClientArguments, ProtocolArguments, PublicKeyArguments, SigningArguments, send::ServerArguments,
};

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, Args)]
pub(crate) struct ProxyArguments {
    /// Be a reverse proxy: send everything on to this URL, with the path that comes behind its own
    #[arg(long, value_name = "URL", required_unless_present = "hosts")]
    pub(crate) to: Option<String>,
    /// Be a forward proxy (http_proxy) for http:// requests to this host, or host:port
    #[arg(long = "for", value_name = "HOST", conflicts_with = "to")]
    pub(crate) hosts: Vec<String>,
    /// As a forward proxy, send the requests on with https
    #[arg(long, requires = "hosts")]
    pub(crate) upgrade: bool,
    /// Verify what comes in, and send on to --to what is accepted, without the signature: for a service
    /// that knows no OAuth. It is told who asks in X-OAuth-Client and X-OAuth-Token
    #[arg(long, requires = "to")]
    pub(crate) verify: bool,
    /// With --verify: the origin that clients sign for. [default: the address that is listened on]
    #[arg(long, value_name = "URL", requires = "verify")]
    pub(crate) origin: Option<String>,
    /// With --verify: where clients, tokens and used nonces are kept: a file of SQLite's, or redis://...
    /// [default: memory, and the client of the command line]
    #[arg(long, value_name = "FILE|URL", requires = "verify")]
    pub(crate) store: Option<String>,
    /// With --verify: how many seconds a timestamp may be off, to either side
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) window: u64,
    /// Where to listen; port 0 is one that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8899")]
    pub(crate) listen: SocketAddr,
    /// Listen on other addresses than this machine's own: whoever reaches them can use the credentials
    #[arg(long)]
    pub(crate) listen_anywhere: bool,
    /// Let pages in browsers use the credentials, too: requests with the headers Origin and
    /// Sec-Fetch-Site
    #[arg(long)]
    pub(crate) allow_browsers: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArguments,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    /// No line for each request
    #[arg(short, long)]
    pub(crate) silent: bool,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) keys: SigningArguments,
    #[command(flatten)]
    pub(crate) public_key: PublicKeyArguments,
    #[command(flatten)]
    pub(crate) protocol: ProtocolArguments,
}

/// What nobody can have more of.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArguments {
    /// Connections at the same time; further ones wait
    #[arg(long, value_name = "NUMBER", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) max_connections: u32,
    /// Bytes of a request's body
    #[arg(long, value_name = "BYTES", default_value_t = 100 * 1024 * 1024)]
    pub(crate) max_body: u64,
    /// Bytes of a form, which is read to its end before it is signed
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    pub(crate) max_form: usize,
    /// Seconds until the server must have begun to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) timeout: u64,
}
