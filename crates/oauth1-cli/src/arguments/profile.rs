//! Profiles, and the arguments of `oauth1 profile`.

use clap::{Args, Subcommand};

use super::{ClientArguments, Place, SigningArguments, When};
use crate::signature_method::SignatureMethod;

/// What is kept elsewhere than on the command line.
#[derive(Debug, Args)]
#[command(next_help_heading = "Profile")]
pub(crate) struct ProfileArguments {
    /// A profile of your own (see `oauth1 profile`), or the name of a provider
    #[arg(short, long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// What the provider needs to know: the URL of your installation, or your account
    #[arg(long, value_name = "URL|ACCOUNT")]
    pub(crate) place: Option<String>,
    #[command(flatten)]
    pub(crate) folder: FolderArguments,
}

/// Where profiles of one's own are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Profile")]
pub(crate) struct FolderArguments {
    /// The folder of the configuration. [env: OAUTH1_CONFIG_DIR] [default: oauth1 in that of the
    /// platform]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) config: Option<String>,
}

/// What to do with profiles.
#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// List your profiles
    List {
        /// List the providers that are known, too
        #[arg(long)]
        providers: bool,
        #[command(flatten)]
        folder: FolderArguments,
    },
    /// Show one, its secrets left out
    Show {
        /// The profile, or the provider
        name: String,
        #[command(flatten)]
        folder: FolderArguments,
    },
    /// Add one, with what the options and the environment say
    Add(Box<AddArguments>),
    /// Remove one
    Remove {
        /// The profile
        name: String,
        #[command(flatten)]
        folder: FolderArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// Its name: letters, digits, `-`, `_` and `.`
    pub(crate) name: String,
    /// The provider whose endpoints and habits it has
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// What the provider needs to know: the URL of your installation, or your account
    #[arg(long, value_name = "URL|ACCOUNT")]
    pub(crate) place: Option<String>,
    /// Replace the one that is there
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) folder: FolderArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) keys: SigningArguments,
    #[command(flatten)]
    pub(crate) endpoints: EndpointArguments,
    /// The signature method
    #[arg(
        short = 'm',
        long,
        value_name = "METHOD",
        ignore_case = true,
        help_heading = "Protocol parameters"
    )]
    pub(crate) signature_method: Option<SignatureMethod>,
    /// The realm, which the header names and nothing signs
    #[arg(long, help_heading = "Protocol parameters")]
    pub(crate) realm: Option<String>,
    /// Where the protocol parameters travel
    #[arg(long, value_name = "WHERE", help_heading = "Protocol parameters")]
    pub(crate) transmission: Option<Place>,
    /// When to send the hash of the body
    #[arg(long, value_name = "WHEN", help_heading = "Protocol parameters")]
    pub(crate) body_hash: Option<When>,
}

/// The endpoints of RFC 5849 section 2.
#[expect(clippy::struct_field_names, reason = "the options are called so")]
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Endpoints")]
pub(crate) struct EndpointArguments {
    /// Where temporary credentials are got, also called the request token URL
    #[arg(long, visible_alias = "request-token-url", value_name = "URL")]
    pub(crate) temporary_url: Option<String>,
    /// Where the resource owner is sent
    #[arg(long, visible_alias = "authorize-url", value_name = "URL")]
    pub(crate) authorization_url: Option<String>,
    /// Where token credentials are got, also called the access token URL
    #[arg(long, visible_alias = "access-token-url", value_name = "URL")]
    pub(crate) token_url: Option<String>,
}
