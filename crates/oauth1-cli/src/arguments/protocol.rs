//! The protocol parameters, and where they travel.

use clap::{Args, ValueEnum};
use oauth1_core::{BodyHashRule, Transmission};
use serde::{Deserialize, Serialize};

use super::ProfileArguments;
use crate::signature_method::SignatureMethod;

/// The parameters of RFC 5849 section 3.1.
#[derive(Debug, Args)]
#[command(next_help_heading = "Protocol parameters")]
pub(crate) struct ProtocolArguments {
    /// The signature method. [default: what the profile says, or HMAC-SHA1]
    #[arg(short = 'm', long, value_name = "METHOD", ignore_case = true)]
    pub(crate) signature_method: Option<SignatureMethod>,
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
    /// Where the protocol parameters travel. [default: what the profile says, or the header]
    #[arg(long, value_name = "WHERE")]
    pub(crate) transmission: Option<Place>,
    /// When to send oauth_body_hash: on a body that is no form, on every request without a form, or
    /// never. [default: what the profile says, or auto]
    #[arg(long, value_name = "WHEN")]
    pub(crate) body_hash: Option<When>,
    #[command(flatten)]
    pub(crate) profile: ProfileArguments,
}

impl ProtocolArguments {
    pub(crate) fn signature_method(&self) -> SignatureMethod {
        self.signature_method.unwrap_or_default()
    }

    pub(crate) fn transmission(&self) -> Transmission {
        self.transmission.map_or(Transmission::Header, Place::into)
    }

    pub(crate) fn body_hash(&self) -> BodyHashRule {
        self.body_hash.map_or(BodyHashRule::Auto, When::into)
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    Header,
    Query,
    Form,
}

impl From<Transmission> for Place {
    fn from(transmission: Transmission) -> Self {
        match transmission {
            Transmission::Query => Self::Query,
            Transmission::Form => Self::Form,
            _ => Self::Header,
        }
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

impl From<BodyHashRule> for When {
    fn from(rule: BodyHashRule) -> Self {
        match rule {
            BodyHashRule::Always => Self::Always,
            BodyHashRule::Never => Self::Never,
            _ => Self::Auto,
        }
    }
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
