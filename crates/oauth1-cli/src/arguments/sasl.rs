//! Logins of mail protocols.

use clap::{Args, ValueEnum};
use oauth1_core::sasl::Mechanism;

use super::{ClientArguments, Mode, SecretArguments, protocol::StampArguments};

#[derive(Debug, Args)]
pub(crate) struct SaslArguments {
    #[command(flatten)]
    pub(crate) mode: Mode,
    /// The mechanism
    #[arg(
        value_name = "MECHANISM",
        required_unless_present = "json",
        ignore_case = true
    )]
    pub(crate) mechanism: Option<MechanismName>,
    /// XOAUTH: the URL, which names the user and the protocol
    #[arg(value_name = "URL")]
    pub(crate) url: Option<String>,
    /// OAUTH10A: the host that the client connects to; an IPv6 address in brackets
    #[arg(long)]
    pub(crate) host: Option<String>,
    /// OAUTH10A: the port that the client connects to
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// OAUTH10A: who to act as, most often an email address
    #[arg(long, visible_alias = "identity", value_name = "IDENTITY")]
    pub(crate) authzid: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) secrets: SecretArguments,
    #[command(flatten)]
    pub(crate) stamp: StampArguments,
    /// OAUTH10A: the realm, which nothing signs
    #[arg(long)]
    pub(crate) realm: Option<String>,
}

/// A mechanism by its name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum MechanismName {
    #[value(name = "XOAUTH")]
    Xoauth,
    #[value(name = "OAUTH10A")]
    Oauth10a,
}

impl From<MechanismName> for Mechanism {
    fn from(name: MechanismName) -> Self {
        match name {
            MechanismName::Xoauth => Self::Xoauth,
            MechanismName::Oauth10a => Self::Oauth10a,
        }
    }
}
