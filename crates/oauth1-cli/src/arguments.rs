//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use oauth1_core::Digest;

use crate::signature_method::SignatureMethod;

pub(crate) use self::{
    authorize::AuthorizeArguments,
    credentials::{ClientArguments, PublicKeyArguments, SecretArguments, SigningArguments},
    explain::{ExplainArguments, TranscriptArguments},
    keygen::{CompletionsArguments, KeygenArguments, ManArguments},
    profile::{AddArguments, EndpointArguments, FolderArguments, ProfileArguments, ProfileCommand},
    protocol::{Place, ProtocolArguments, When},
    provider::{ClientCommand, ProviderCommand, SecretOutArguments, ServeArguments},
    proxy::ProxyArguments,
    request::RequestArguments,
    sasl::SaslArguments,
    send::{ContentArguments, OutputArguments, SendArguments},
};

mod authorize;
#[expect(clippy::doc_markdown, reason = "the help would show backticks")]
mod credentials;
mod examples;
mod explain;
mod keygen;
#[expect(clippy::doc_markdown, reason = "the help would show backticks")]
mod profile;
#[expect(clippy::doc_markdown, reason = "the help would show backticks")]
mod protocol;
mod provider;
#[expect(clippy::doc_markdown, reason = "the help would show backticks")]
mod proxy;
mod request;
mod sasl;
mod send;

/// OAuth 1.0a (RFC 5849) on the command line: sign requests, verify them, and take them apart.
#[derive(Debug, Parser)]
#[command(name = "oauth1", version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Secrets come from the environment (OAUTH1_CLIENT_SECRET, OAUTH1_TOKEN_SECRET),
from files or from standard input: see `oauth1 sign --help`.

Exit status: 0 when it worked; 1 when it did not, or when a request was refused;
2 when the command line is wrong. With --json: 0 when every line was answered.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign a request: print its Authorization header
    #[command(
        after_long_help = examples::SIGN,
        override_usage = "oauth1 sign [OPTIONS] <URL>\n       oauth1 sign --json"
    )]
    Sign(SignArguments),
    /// Print the signature base string of a request, for which no secret is needed
    #[command(
        after_long_help = examples::BASE_STRING,
        override_usage = "oauth1 base-string [OPTIONS] <URL>\n       oauth1 base-string --json"
    )]
    BaseString(BaseStringArguments),
    /// Verify a signed request: say whether a server would accept it, and why not
    #[command(
        after_long_help = examples::VERIFY,
        override_usage = "oauth1 verify [OPTIONS] <URL>\n       oauth1 verify --json"
    )]
    Verify(VerifyArguments),
    /// Explain why a signature does not match: what the other side does otherwise, and what to change
    #[command(
        after_long_help = examples::EXPLAIN,
        override_usage = "oauth1 explain [OPTIONS] <URL|--http FILE|--curl COMMAND|--har FILE>\n       \
                          oauth1 explain --json",
        mut_arg("url", explain::optional_url)
    )]
    Explain(ExplainArguments),
    /// Take an Authorization header, a query or a form apart
    #[command(
        after_long_help = examples::PARSE,
        override_usage = "oauth1 parse <HEADER|--query TEXT|--form TEXT>\n       oauth1 parse --json"
    )]
    Parse(ParseArguments),
    /// Print the hash of a body: what `oauth_body_hash` is to be
    #[command(
        after_long_help = examples::BODY_HASH,
        override_usage = "oauth1 body-hash [OPTIONS] <FILE>\n       oauth1 body-hash --json"
    )]
    BodyHash(BodyHashArguments),
    /// Send a signed request; `oauth1 GET URL`, `oauth1 POST URL name=value` are short for it
    #[command(after_long_help = examples::REQUEST)]
    Request(Box<SendArguments>),
    /// Get a token: ask the resource owner, in a browser
    #[command(after_long_help = examples::AUTHORIZE)]
    Authorize(Box<AuthorizeArguments>),
    /// Sign what passes, so that any program can call the API: a forward or a reverse proxy
    #[command(after_long_help = examples::PROXY)]
    Proxy(Box<ProxyArguments>),
    /// Manage the clients of a provider, or run one for development
    #[command(after_long_help = examples::PROVIDER)]
    Provider {
        #[command(subcommand)]
        command: ProviderCommand,
    },
    /// Keep credentials in profiles, for `--profile NAME`
    #[command(after_long_help = examples::PROFILE)]
    Profile {
        #[command(subcommand)]
        command: ProfileCommand,
    },
    /// Make an RSA key pair, for the RSA methods
    #[command(after_long_help = examples::KEYGEN)]
    Keygen(KeygenArguments),
    /// Print what completes this command in a shell
    #[command(after_long_help = examples::COMPLETIONS)]
    Completions(CompletionsArguments),
    /// Write the manual pages
    #[command(after_long_help = examples::MAN)]
    Man(ManArguments),
    /// Log in to a mail server: print the message that XOAUTH or OAUTH10A begins with
    #[command(
        after_long_help = examples::SASL,
        override_usage = "oauth1 sasl XOAUTH [OPTIONS] <URL>\n       \
                          oauth1 sasl OAUTH10A [OPTIONS] --host <HOST> --port <PORT>\n       \
                          oauth1 sasl --json"
    )]
    Sasl(SaslArguments),
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    #[command(flatten)]
    pub(crate) mode: Mode,
    #[command(flatten)]
    pub(crate) request: RequestArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) keys: SigningArguments,
    #[command(flatten)]
    pub(crate) protocol: ProtocolArguments,
}

#[derive(Debug, Args)]
pub(crate) struct BaseStringArguments {
    #[command(flatten)]
    pub(crate) mode: Mode,
    #[command(flatten)]
    pub(crate) request: RequestArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) protocol: ProtocolArguments,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    #[command(flatten)]
    pub(crate) mode: Mode,
    #[command(flatten)]
    pub(crate) request: RequestArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) secrets: SecretArguments,
    #[command(flatten)]
    pub(crate) public_key: PublicKeyArguments,
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
}

/// What a server demands of a request, besides a signature that is right.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the server demands")]
pub(crate) struct PolicyArguments {
    /// Let in this signature method, and no other that is not named. [default: what the given keys
    /// can serve, PLAINTEXT with https alone]
    #[arg(
        long = "allow",
        value_name = "METHOD",
        ignore_case = true,
        value_delimiter = ','
    )]
    pub(crate) allowed_methods: Vec<SignatureMethod>,
    /// The time to verify at, in seconds since 1970. [default: the clock]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) now: Option<u64>,
    /// How many seconds the timestamp may be off, to either side
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) window: u64,
    /// Refuse a body that is no form and comes without `oauth_body_hash`
    #[arg(long)]
    pub(crate) require_body_hash: bool,
    /// A nonce that was used already with this timestamp
    #[arg(long, value_name = "NONCE")]
    pub(crate) seen: Vec<String>,
}

#[derive(Debug, Args)]
#[group(id = "taken_apart", multiple = false)]
pub(crate) struct ParseArguments {
    /// The value of an Authorization or WWW-Authenticate header, with or without the name of the
    /// header before it; `-` reads it from standard input
    #[arg(value_name = "HEADER", required_unless_present_any = ["query", "form", "json"])]
    pub(crate) header: Option<String>,
    /// Take apart a query
    #[arg(long, value_name = "TEXT")]
    pub(crate) query: Option<String>,
    /// Take apart a form
    #[arg(long, value_name = "TEXT")]
    pub(crate) form: Option<String>,
    /// Read a JSON object a line from standard input and answer each with a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BodyHashArguments {
    /// The file that holds the body; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "json")]
    pub(crate) file: Option<String>,
    /// The digest: that of the signature method
    #[arg(
        long,
        value_name = "DIGEST",
        default_value = "SHA-1",
        ignore_case = true
    )]
    pub(crate) digest: DigestName,
    /// Read a JSON object a line from standard input and answer each with a line
    #[arg(long, conflicts_with_all = ["file", "digest"])]
    pub(crate) json: bool,
}

/// A digest by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DigestName {
    #[default]
    #[value(name = "SHA-1", alias = "SHA1")]
    Sha1,
    #[value(name = "SHA-256", alias = "SHA256")]
    Sha256,
    #[value(name = "SHA-512", alias = "SHA512")]
    Sha512,
}

impl From<DigestName> for Digest {
    fn from(name: DigestName) -> Self {
        match name {
            DigestName::Sha1 => Self::Sha1,
            DigestName::Sha256 => Self::Sha256,
            DigestName::Sha512 => Self::Sha512,
        }
    }
}

/// For whom.
#[derive(Debug, Args)]
pub(crate) struct Mode {
    /// Read a JSON object a line from standard input and answer each with a line
    #[arg(long, exclusive = true)]
    pub(crate) json: bool,
    /// Show every step on the way: parameters, base string, key (its length), signature
    #[arg(short, long)]
    pub(crate) verbose: bool,
}
