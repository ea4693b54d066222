//! Both sites, running in this program.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::Router;
use oauth1_provider::NewClient;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{
    microblog::{Microblog, beside},
    postcard::{Postcard, Settings},
    wire::{Log, Recorder},
};

/// Where the sites are, and what they keep.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) microblog_port: u16,
    pub(crate) postcard_port: u16,
    /// Where browsers see them, if not at their ports of the loopback address.
    pub(crate) microblog_origin: Option<String>,
    pub(crate) postcard_origin: Option<String>,
    /// The microblog's file; what else is kept is in files beside it. Without one, all is kept in a
    /// folder that goes with the program.
    pub(crate) database: Option<PathBuf>,
    pub(crate) redis: Option<String>,
    /// Leaves it to the user to register the application with the microblog.
    pub(crate) unregistered: bool,
}

/// The sites, which are served until the runtime ends.
pub(crate) struct Sites {
    pub(crate) microblog: String,
    pub(crate) postcard: String,
    /// The ports that they listen on, in that order.
    pub(crate) ports: [u16; 2],
    pub(crate) application: Postcard,
    /// Removed when it is dropped.
    _folder: Option<TempDir>,
}

impl Sites {
    /// Starts both, and records what goes over their connections, if there is a log.
    pub(crate) async fn start(options: Options, log: Option<&Log>) -> Result<Self> {
        // Two names for one machine: ports do not keep cookies apart, hosts do.
        let (microblog_listener, microblog) = listen("127.0.0.1", options.microblog_port).await?;
        let (postcard_listener, postcard) = listen("localhost", options.postcard_port).await?;
        let ports = [
            microblog_listener.local_addr()?.port(),
            postcard_listener.local_addr()?.port(),
        ];
        let microblog = options.microblog_origin.unwrap_or(microblog);
        let postcard = options.postcard_origin.unwrap_or(postcard);
        let (folder, file) = if let Some(file) = options.database {
            (None, file)
        } else {
            let folder = tempfile::tempdir().context("no folder for the databases")?;
            let file = folder.path().join("warble.sqlite3");
            (Some(folder), file)
        };

        let warble = Microblog::open(&microblog, &file, options.redis.as_deref()).await?;
        let settings = Settings {
            origin: postcard.clone(),
            provider: microblog.clone(),
        };
        let application = open_postcard(settings, &file, &warble, options.unregistered).await?;
        serve(microblog_listener, "Warble", warble.router()?, log);
        serve(postcard_listener, "Postcard", application.router(), log);
        Ok(Self {
            microblog,
            postcard,
            ports,
            application,
            _folder: folder,
        })
    }
}

async fn open_postcard(
    settings: Settings,
    file: &Path,
    warble: &Microblog,
    unregistered: bool,
) -> Result<Postcard> {
    let callback = settings.callback();
    let postcard = Postcard::open(settings, &beside(file, "postcard")).await?;
    if !unregistered && postcard.consumer().await?.is_none() {
        let new = NewClient::new("Postcard")
            .with_callback(callback)
            .with_callback("oob");
        let credentials = warble.register(new).await?;
        let secret = credentials.key().expose().to_owned();
        let key = credentials.identifier().to_owned();
        postcard.keep_consumer(key, secret).await?;
    }
    Ok(postcard)
}

async fn listen(host: &str, port: u16) -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.with_context(|| format!("port {port} cannot be listened on"))?;
    let origin = format!("http://{host}:{}", listener.local_addr()?.port());
    Ok((listener, origin))
}

fn serve(listener: TcpListener, name: &'static str, site: Router, log: Option<&Log>) {
    match log {
        Some(log) => {
            let recorder = Recorder::new(listener, name, log.clone());
            tokio::spawn(axum::serve(recorder, site).into_future());
        }
        None => {
            tokio::spawn(axum::serve(listener, site).into_future());
        }
    }
}
