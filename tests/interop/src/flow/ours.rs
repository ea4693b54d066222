//! `oauth1-provider`, on a socket, and a resource owner who agrees.

use std::{net::TcpListener as StdListener, sync::mpsc::channel, thread};

use alloc::sync::Arc;
use anyhow::{Context as _, ensure};
use axum::{Router, routing::any};
use http::{StatusCode, header, request::Parts};
use oauth1_adapters::browse;
use oauth1_core::{ClientCredentials, Timestamp};
use oauth1_provider::{Application, Clients, NewClient, Owner, Provider, SignIn};
use oauth1_store::memory::MemoryStore;
use tokio::net::TcpListener;
use ureq::Agent;

use super::Consent;

const PUBLIC_KEY: &str = include_str!("../../../vectors/keys/rsa2048.public.pem");

/// What a client is told when it is registered.
pub(super) struct Running {
    pub(super) origin: String,
    pub(super) client: ClientCredentials<'static>,
    /// The identifier of the one with an RSA key.
    pub(super) rsa_client: String,
}

/// Everybody is Jane.
struct Photos;

impl Application for Photos {
    async fn signed_in(&self, _: &Parts) -> SignIn {
        match Owner::new("jane", "the session of her browser") {
            Ok(owner) => SignIn::As(owner.with_name("Jane")),
            Err(_) => SignIn::redirect("/login"),
        }
    }
}

/// Serves for as long as the process lives.
pub(super) fn serve() -> anyhow::Result<Running> {
    let listener = StdListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let origin = format!("http://{}", listener.local_addr()?);
    let provider = Provider::new(&origin, MemoryStore::new()?, Photos)?;
    let provider = provider.allow_loopback_without_tls();
    let clients = Clients::new(provider.store());
    let (registered, registration) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            registered.send(register(&clients).await?).ok();
            let resources = Router::new()
                .route("/photos", any(async || "the photos of Jane"))
                .layer(provider.verify_layer());
            let listener = TcpListener::from_std(listener)?;
            axum::serve(listener, resources.merge(provider.into_router())).await?;
            anyhow::Ok(())
        })
    });
    let (client, rsa_client) = registration.recv().context("no client is registered")?;
    Ok(Running {
        origin,
        client,
        rsa_client,
    })
}

async fn register(
    clients: &Clients<Arc<MemoryStore>>,
) -> anyhow::Result<(ClientCredentials<'static>, String)> {
    let new = |name: &str| {
        NewClient::new(name)
            .with_callback("http://127.0.0.1:9/ready")
            .with_callback("oob")
    };
    let now = Timestamp::now();
    let client = clients.create(new("Printer"), now).await?;
    let rsa_client = clients.create_rsa(new("Press"), PUBLIC_KEY, now).await?;
    Ok((client, rsa_client))
}

/// Opens the page, and sends its form with the button pressed that allows.
pub(super) fn consent(url: &str) -> anyhow::Result<Consent> {
    let page = browse(url)?;
    ensure!(page.status == StatusCode::OK, "{page:?}");
    let inputs = page.body.split("<input ").skip(1);
    let mut pairs: Vec<(&str, &str)> = inputs
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect();
    pairs.push(("decision", "approve"));
    let agent: Agent = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .into();
    let (endpoint, _) = url.split_once('?').context("no query")?;
    let request = agent.post(endpoint).header("sec-fetch-site", "same-origin");
    let mut response = request.send_form(pairs)?;
    if let Some(callback) = response.headers().get(header::LOCATION) {
        return Ok(Consent {
            callback: Some(callback.to_str()?.into()),
            verifier: None,
        });
    }
    let text = response.body_mut().read_to_string()?;
    let shown = text.split_once("class=\"verifier\">");
    let shown = shown.and_then(|(_, rest)| rest.split('<').next());
    let shown = shown.with_context(|| format!("no verifier: {text}"))?;
    Ok(Consent {
        callback: None,
        // It is shown in two groups.
        verifier: Some(shown.replace(' ', "")),
    })
}

fn attribute<'p>(input: &'p str, name: &str) -> Option<&'p str> {
    let (_, rest) = input.split_once(&format!("{name}=\""))?;
    Some(rest.split_once('"')?.0)
}
