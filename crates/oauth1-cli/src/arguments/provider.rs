//! The arguments of `oauth1 provider`.

use core::net::SocketAddr;

use clap::{Args, Subcommand};

use super::FolderArguments;

/// What to do with a provider.
#[derive(Debug, Subcommand)]
pub(crate) enum ProviderCommand {
    /// Manage the clients of a provider's store
    Client {
        #[command(subcommand)]
        command: ClientCommand,
    },
    /// Run a provider for people who write clients: it says why it refuses, on its page and in its log
    Serve(ServeArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Register a client
    Create(CreateArguments),
    /// List the clients
    List {
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Give a client a new secret: the old one signs nothing from then on
    Rotate {
        /// The client's identifier
        client: String,
        #[command(flatten)]
        secret: SecretOutArguments,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Revoke a client and all its tokens
    Revoke {
        /// The client's identifier
        client: String,
        #[command(flatten)]
        store: StoreArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// The name that resource owners are shown
    pub(crate) name: String,
    /// It may be sent back to this URL and what is below it; `oob` and loopback addresses need it, too
    #[arg(long, value_name = "URL")]
    pub(crate) callback: Vec<String>,
    /// It may ask for this realm
    #[arg(long)]
    pub(crate) realm: Vec<String>,
    /// It may sign requests without a token, in its own name
    #[arg(long)]
    pub(crate) two_legged: bool,
    #[command(flatten)]
    pub(crate) secret: SecretOutArguments,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

/// Where a provider keeps what it knows.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// A file of SQLite's, or redis://...
    #[arg(
        long,
        value_name = "FILE|URL",
        default_value = "oauth1-provider.sqlite3"
    )]
    pub(crate) store: String,
}

/// Where a secret goes that is told once.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SecretOutArguments {
    /// Write the secret into a new file, which its owner alone can read
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<String>,
    /// Print the secret
    #[arg(long)]
    pub(crate) show_secret: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Where to listen, on this machine alone; port 0 is one that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8877")]
    pub(crate) listen: SocketAddr,
    /// Make a client and a profile of this name for it, or replace that profile
    #[arg(long, value_name = "NAME", default_value = "development")]
    pub(crate) save: String,
    #[command(flatten)]
    pub(crate) folder: FolderArguments,
}
