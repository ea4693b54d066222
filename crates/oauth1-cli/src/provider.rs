//! `oauth1 provider`: the clients of a provider's store, and a provider for people who write clients.

use std::{fs::OpenOptions, io::Write as _};

use oauth1_core::Timestamp;
use oauth1_provider::{ClientError, Clients, NewClient};
use oauth1_store::{
    ClientKey, ClientStore, StoreError, TokenStore, redis::RedisStore, sqlite::SqliteStore,
};
use tokio::runtime;

use crate::{
    arguments::{ClientCommand, ProviderCommand, SecretOutArguments},
    page::{Page, printable},
    problem::Failure,
};

mod refusals;
mod serve;

/// How many clients are listed at once.
const PAGE: usize = 500;

pub(crate) fn run(command: ProviderCommand) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            ProviderCommand::Client { command } => {
                let path = match &command {
                    ClientCommand::Create(create) => &create.store.store,
                    ClientCommand::List { store }
                    | ClientCommand::Rotate { store, .. }
                    | ClientCommand::Revoke { store, .. } => &store.store,
                };
                if path.starts_with("redis") {
                    let store = RedisStore::connect(path)
                        .await
                        .map_err(|error| no_store(&error))?;
                    manage(Clients::new(store), command).await
                } else {
                    manage(Clients::new(sqlite(path)?), command).await
                }
            }
            ProviderCommand::Serve(arguments) => {
                if arguments.store.store.starts_with("redis") {
                    let store = RedisStore::connect(&arguments.store.store)
                        .await
                        .map_err(|error| no_store(&error))?;
                    serve::run(store, arguments).await
                } else {
                    serve::run(sqlite(&arguments.store.store)?, arguments).await
                }
            }
        }
    })
}

fn sqlite(path: &str) -> Result<SqliteStore, Failure> {
    SqliteStore::open(path.strip_prefix("sqlite:").unwrap_or(path))
        .map_err(|error| no_store(&error))
}

fn no_store(error: &StoreError) -> Failure {
    Failure::Failed(format!("--store: {error}"))
}

fn failed(error: &ClientError) -> Failure {
    Failure::Failed(error.to_string())
}

async fn manage<S: ClientStore + TokenStore>(
    clients: Clients<S>,
    command: ClientCommand,
) -> Result<(), Failure> {
    let mut page = Page::new();
    match command {
        ClientCommand::Create(arguments) => {
            let mut new = NewClient::new(arguments.name).with_two_legged(arguments.two_legged);
            for callback in arguments.callback {
                new = new.with_callback(callback);
            }
            for realm in arguments.realm {
                new = new.with_realm(realm);
            }
            let created = clients.create(new, Timestamp::now()).await;
            let created = created.map_err(|error| failed(&error))?;
            page.table(&[["client".to_owned(), created.identifier().to_owned()]])?;
            hand_out(&mut page, &arguments.secret, created.key().expose())
        }
        ClientCommand::Rotate { client, secret, .. } => {
            let rotated = clients
                .rotate(&client)
                .await
                .map_err(|error| failed(&error))?;
            page.table(&[["client".to_owned(), rotated.identifier().to_owned()]])?;
            hand_out(&mut page, &secret, rotated.key().expose())
        }
        ClientCommand::Revoke { client, .. } => {
            let tokens = clients
                .revoke(&client, Timestamp::now())
                .await
                .map_err(|error| failed(&error))?;
            page.line(format_args!(
                "revoked {}, and its tokens: {tokens}",
                printable(client.as_bytes())
            ))?;
            Ok(())
        }
        ClientCommand::List { .. } => {
            let mut after: Option<String> = None;
            loop {
                let some = clients.list(after.as_deref(), PAGE).await;
                let some = some.map_err(|error| failed(&error))?;
                let rows: Vec<_> = some
                    .iter()
                    .map(|client| {
                        [
                            client.identifier.clone(),
                            printable(client.name.as_bytes()),
                            match client.key {
                                ClientKey::Shared(_) => "shared secret",
                                _ => "RSA key",
                            }
                            .to_owned(),
                            match client.revoked {
                                Some(_) => "revoked".to_owned(),
                                None => printable(client.callbacks.join(" ").as_bytes()),
                            },
                        ]
                    })
                    .collect();
                page.table(&rows)?;
                match some.last() {
                    Some(last) if some.len() == PAGE => after = Some(last.identifier.clone()),
                    _ => return Ok(()),
                }
            }
        }
    }
}

/// The only copy of a secret: into a file, or onto the screen of who asks for it.
fn hand_out(page: &mut Page, to: &SecretOutArguments, secret: &str) -> Result<(), Failure> {
    let Some(path) = &to.secret_file else {
        page.table(&[["secret".to_owned(), secret.to_owned()]])?;
        return Ok(());
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| writeln!(file, "{secret}"));
    written.map_err(|error| {
        Failure::Failed(format!(
            "{path}: {error}. The secret is lost: `oauth1 provider client rotate` makes another"
        ))
    })?;
    page.table(&[["secret".to_owned(), format!("in {path}")]])?;
    Ok(())
}
