//! The protocol parameters, and where they travel.

use clap::{Args, ValueEnum};
use oauth1_core::{BodyHashRule, Transmission};

use crate::signature_method::SignatureMethod;

/// The parameters of RFC 5849 section 3.1.
#[derive(Debug, Args)]
#[command(next_help_heading = "Protocol parameters")]
pub(crate) struct ProtocolArguments {
    /// The signature method
    #[arg(
        short = 'm',
        long,
        value_name = "METHOD",
        default_value = "HMAC-SHA1",
        ignore_case = true
    )]
    pub(crate) signature_method: SignatureMethod,
    #[command(flatten)]
    pub(crate) stamp: StampArguments,
    /// Where the resource owner is sent back to, or `oob`
    #[arg(long, value_name = "URL")]
    pub(crate) callback: Option<String>,
    /// What the server gave the resource owner
    #[arg(long)]
    pub(crate) verifier: Option<String>,
    /// The realm, which the header names and nothing signs
    #[arg(long)]
    pub(crate) realm: Option<String>,
    /// A further protocol parameter, not encoded
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) extra: Vec<String>,
    /// Where the protocol parameters travel
    #[arg(long, value_name = "PLACE", default_value = "header")]
    pub(crate) transmission: Place,
    /// When to send oauth_body_hash: on a body that is no form, on every request without a form, or
    /// never
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) body_hash: When,
    /// The profile of a provider
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// What every signature is made with.
#[derive(Debug, Args)]
#[command(next_help_heading = "Protocol parameters")]
pub(crate) struct StampArguments {
    /// Seconds since 1970. [default: the clock]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timestamp: Option<u64>,
    /// A text that was never used with this timestamp. [default: a random one]
    #[arg(long)]
    pub(crate) nonce: Option<String>,
    /// Send oauth_version=1.0
    #[arg(long)]
    pub(crate) oauth_version: bool,
}

/// Where protocol parameters travel (RFC 5849 section 3.5).
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Place {
    Header,
    Query,
    Form,
}

impl From<Place> for Transmission {
    fn from(place: Place) -> Self {
        match place {
            Place::Header => Self::Header,
            Place::Query => Self::Query,
            Place::Form => Self::Form,
        }
    }
}

/// When `oauth_body_hash` is sent.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

impl From<When> for BodyHashRule {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Self::Auto,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}
