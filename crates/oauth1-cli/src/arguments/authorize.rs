//! The arguments of `oauth1 authorize`.

use clap::Args;

use super::{ClientArguments, EndpointArguments, ProfileArguments, SigningArguments};
use crate::signature_method::SignatureMethod;

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, Args)]
pub(crate) struct AuthorizeArguments {
    /// The profile that the token is kept in. [default: that of --profile, if it is your own]
    #[arg(long, value_name = "NAME")]
    pub(crate) save: Option<String>,
    /// Replace a profile of that name
    #[arg(long)]
    pub(crate) replace: bool,
    /// Have a verifier ("PIN") shown, and type it in: for a browser on another machine
    #[arg(long)]
    pub(crate) oob: bool,
    /// Print the address of the page, and open no browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Listen on this port of 127.0.0.1 for the browser to come back. [default: one that is free]
    #[arg(
        long,
        conflicts_with = "oob",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) port: u16,
    /// The path that the browser comes back to
    #[arg(
        long,
        value_name = "PATH",
        conflicts_with = "oob",
        default_value = "/callback"
    )]
    pub(crate) callback_path: String,
    /// Send the resource owner to the page that asks only once, "sign in with", where there is one
    #[arg(long)]
    pub(crate) authenticate: bool,
    /// A parameter for the request for temporary credentials, such as scope=read
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) parameter: Vec<String>,
    /// A parameter for the page, such as perms=write
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) page_parameter: Vec<String>,
    /// Give up after that many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(crate) timeout: u64,
    /// A file (PEM) with further certificate authorities to trust
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<String>,
    /// Tell what is signed, sent and received, on standard error. The answers with secrets are not
    /// among it
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// The signature method. [default: what the profile says, or HMAC-SHA1]
    #[arg(short = 'm', long, value_name = "METHOD", ignore_case = true)]
    pub(crate) signature_method: Option<SignatureMethod>,
    #[command(flatten)]
    pub(crate) endpoints: EndpointArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) keys: SigningArguments,
    #[command(flatten)]
    pub(crate) profile: ProfileArguments,
}
