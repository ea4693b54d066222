//! Credentials. Secrets have a file or the environment to come from.

use clap::Args;

/// Who asks, and on whose behalf.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Credentials")]
pub(crate) struct ClientArguments {
    /// The client's identifier, also called consumer key or API key. [env: OAUTH1_CLIENT_KEY]
    #[arg(short = 'k', long, visible_alias = "consumer-key", value_name = "KEY")]
    pub(crate) client_key: Option<String>,
    /// The token, also called access token; an empty one is sent too. [env: OAUTH1_TOKEN]
    #[arg(short, long, visible_alias = "access-token", value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// A profile has said who: the environment, which may speak of somebody else, is not asked.
    #[arg(skip)]
    pub(crate) settled: bool,
}

/// Shared secrets.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Credentials")]
pub(crate) struct SecretArguments {
    /// The file that holds the client's secret; `-` is standard input. [env: OAUTH1_CLIENT_SECRET
    /// holds the secret itself]
    #[arg(
        long,
        visible_alias = "consumer-secret-file",
        value_name = "FILE",
        conflicts_with = "client_secret"
    )]
    pub(crate) client_secret_file: Option<String>,
    /// The client's secret itself, which every user of this machine can see in the list of processes
    #[arg(long, visible_alias = "consumer-secret", value_name = "SECRET")]
    pub(crate) client_secret: Option<String>,
    /// The file that holds the token's secret; `-` is standard input. [env: OAUTH1_TOKEN_SECRET holds
    /// the secret itself]
    #[arg(long, value_name = "FILE", conflicts_with = "token_secret")]
    pub(crate) token_secret_file: Option<String>,
    /// The token's secret itself, which every user of this machine can see in the list of processes
    #[arg(long, value_name = "SECRET")]
    pub(crate) token_secret: Option<String>,
}

/// What signs.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Credentials")]
pub(crate) struct SigningArguments {
    #[command(flatten)]
    pub(crate) secrets: SecretArguments,
    /// The PEM file (PKCS#1 or PKCS#8) with the private key for the RSA methods; `-` is standard
    /// input. [env: OAUTH1_PRIVATE_KEY_FILE]
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key_file: Option<String>,
}

/// What a server has of a client with a private key.
#[derive(Debug, Args)]
#[command(next_help_heading = "Credentials")]
pub(crate) struct PublicKeyArguments {
    /// The PEM file (SPKI, PKCS#1 or X.509 certificate) with the client's public key, for the RSA
    /// methods; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key_file: Option<String>,
}
