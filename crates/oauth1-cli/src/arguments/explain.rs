//! The arguments of `oauth1 explain`.

use clap::{Arg, Args};

use super::{
    ClientArguments, ProtocolArguments, PublicKeyArguments, RequestArguments, SigningArguments,
};

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Read a JSON object a line from standard input and answer each with a line
    #[arg(long, exclusive = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) transcript: TranscriptArguments,
    #[command(flatten)]
    pub(crate) expected: ExpectedArguments,
    #[command(flatten)]
    pub(crate) request: RequestArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) keys: SigningArguments,
    #[command(flatten)]
    pub(crate) public_key: PublicKeyArguments,
    #[command(flatten)]
    pub(crate) protocol: ProtocolArguments,
}

/// A request in place of a URL and options.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request in another form")]
pub(crate) struct TranscriptArguments {
    /// A file with the whole request as HTTP/1.1 has it: request line, headers, an empty line,
    /// body;
    /// `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "curl", "har"])]
    pub(crate) http: Option<String>,
    /// The scheme that such a request went to, which it does not say itself
    #[arg(long, value_name = "SCHEME", default_value = "https", value_parser = ["https", "http"])]
    pub(crate) scheme: String,
    /// The curl command that sent it; `-` reads it from standard input
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["url", "har"])]
    pub(crate) curl: Option<String>,
    /// A file with a HAR archive, or with one entry of it, as browsers save them; `-` is standard
    /// input
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(crate) har: Option<String>,
    /// Which entry of the archive, counted from 0. [default: the first that is signed]
    #[arg(long, value_name = "NUMBER", requires = "har")]
    pub(crate) entry: Option<usize>,
}

/// What the other side has.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the other side has")]
pub(crate) struct ExpectedArguments {
    /// The signature that it computed. [default: that of the request]
    #[arg(long, value_name = "SIGNATURE")]
    pub(crate) expected_signature: Option<String>,
    /// The base string that it signed; `-` reads it from standard input
    #[arg(long, value_name = "TEXT")]
    pub(crate) expected_base_string: Option<String>,
}

/// The URL, where the request may come in another form.
pub(super) fn optional_url(_: Arg) -> Arg {
    Arg::new("url")
        .value_name("URL")
        .help("The URL with its query, as it is sent")
}
