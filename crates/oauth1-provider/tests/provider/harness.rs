//! A provider on a socket of its own, an application behind it, and a client before it.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, routing::any};
use http::{HeaderMap, Request, StatusCode, header, request::Parts};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, Signer, SigningKey, Stamp,
    TemporaryCredentials, Timestamp, TokenCredentials, form, http::Payload,
};
use oauth1_provider::{Application, Clients, NewClient, Owner, Provider, SignIn};
use oauth1_store::{Grant, ProviderStore, memory::MemoryStore};
use oauth1_tower::Verified;
use tokio::net::{TcpListener, TcpStream};

use crate::browser::Browser;

pub(crate) const CALLBACK: &str = "https://printer.example/ready?id=7";

/// Owners sign in by a cookie `session=<name>-<secret>`; passwords are the names backwards.
pub(crate) struct Photos;

impl Application for Photos {
    async fn signed_in(&self, request: &Parts) -> SignIn {
        let cookie = request.headers.get(header::COOKIE);
        let session = cookie
            .and_then(|cookie| cookie.to_str().ok())
            .and_then(|cookie| cookie.strip_prefix("session="));
        let owner = session.and_then(|session| {
            let name = session.split('-').next()?;
            Owner::new(name, session.to_owned()).ok()
        });
        match owner {
            Some(owner) => {
                let name = owner_name(session.unwrap_or_default());
                SignIn::As(owner.with_name(name))
            }
            None => SignIn::redirect("/login"),
        }
    }

    async fn token_reply(&self, owner: &str) -> Vec<(String, String)> {
        vec![
            ("screen_name".into(), owner.into()),
            // Left out: it is the provider's.
            ("oauth_token_secret".into(), "mine".into()),
        ]
    }

    async fn check_password(&self, _: &str, username: &str, password: &str) -> Option<String> {
        let reversed: String = username.chars().rev().collect();
        (reversed == password).then(|| username.to_owned())
    }
}

fn owner_name(session: &str) -> String {
    session.split('-').next().unwrap_or_default().to_owned()
}

/// A running provider with resources behind it at `/photos`.
pub(crate) struct Harness<S> {
    pub(crate) origin: String,
    pub(crate) address: SocketAddr,
    pub(crate) store: Arc<S>,
    pub(crate) clock: Clock,
    /// Registered for [`CALLBACK`], `oob` and the realms `read` and `write`.
    pub(crate) client: ClientCredentials<'static>,
    /// Another client, with the same registration.
    pub(crate) other: ClientCredentials<'static>,
}

#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn system() -> Self {
        Self(Arc::new(AtomicU64::new(Timestamp::now().unix_seconds())))
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.load(Ordering::SeqCst))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub(crate) fn printer(name: &str) -> NewClient {
    NewClient::new(name)
        .with_callback("https://printer.example/ready")
        .with_callback("oob")
        .with_realm("read")
        .with_realm("write")
}

/// The endpoints, and a resource that they protect, on one listener.
pub(crate) async fn serve<S: ProviderStore>(
    provider: Provider<S, Photos>,
    listener: TcpListener,
) -> std::io::Result<()> {
    let resources = Router::new()
        .route("/photos", any(photos))
        .layer(provider.verify_layer());
    axum::serve(listener, resources.merge(provider.into_router())).await
}

impl Harness<MemoryStore> {
    /// Over a store in memory, with the settings as they come.
    pub(crate) async fn memory() -> Self {
        Self::start(MemoryStore::new().unwrap(), |provider| provider).await
    }
}

impl<S: ProviderStore> Harness<S> {
    pub(crate) async fn start(
        store: S,
        configure: impl FnOnce(Provider<S, Photos>) -> Provider<S, Photos>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let origin = format!("http://{address}");
        let clock = Clock::system();
        let provider = Provider::new(&origin, store, Photos)
            .unwrap()
            .with_realm("Photos")
            .with_clock({
                let clock = clock.clone();
                move || clock.now()
            })
            .allow_loopback_without_tls();
        let provider = configure(provider);
        let store = provider.store();
        tokio::spawn(serve(provider, listener));
        Self::at(origin, address, store, clock).await
    }

    /// A provider that runs already, over a store that is shared with it.
    pub(crate) async fn at(
        origin: String,
        address: SocketAddr,
        store: Arc<S>,
        clock: Clock,
    ) -> Self {
        let clients = Clients::new(Arc::clone(&store));
        let client = clients.create(printer("Printer"), clock.now()).await;
        let other = clients.create(printer("Scanner"), clock.now()).await;
        Self {
            origin,
            address,
            store,
            clock,
            client: client.unwrap(),
            other: other.unwrap(),
        }
    }

    /// Another process behind the same address, over the same store.
    pub(crate) fn beside(&self, address: SocketAddr) -> Self {
        Self {
            origin: self.origin.clone(),
            address,
            store: Arc::clone(&self.store),
            clock: self.clock.clone(),
            client: self.client.clone(),
            other: self.other.clone(),
        }
    }

    pub(crate) fn stamp(&self) -> Stamp<'static> {
        Stamp::new(self.clock.now(), Nonce::random().unwrap())
    }

    pub(crate) async fn send(&self, request: Request<String>) -> Answer {
        send(self.address, request).await
    }

    /// Sends a POST that is signed with any key.
    pub(crate) async fn signed<K: SigningKey>(
        &self,
        signer: &Signer<'_, K>,
        path: &str,
        parameters: &ProtocolParameters<'_>,
        form: &str,
    ) -> Answer {
        let mut request = Request::post(format!("{}{path}", self.origin));
        if !form.is_empty() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let mut request = request.body(form.to_owned()).unwrap();
        let payload = if form.is_empty() {
            Payload::Empty
        } else {
            Payload::Bytes(form.as_bytes())
        };
        signer
            .sign_request_with(&mut request, payload, parameters, self.stamp())
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn initiate(&self, callback: &str, form: &str) -> Answer {
        let signer = Signer::<HmacSha1>::for_client(&self.client);
        let parameters = ProtocolParameters::NONE.with_callback(callback);
        self.signed(&signer, "/oauth/initiate", &parameters, form)
            .await
    }

    pub(crate) async fn temporary(&self, callback: &str) -> TemporaryCredentials<'static> {
        let answer = self.initiate(callback, "").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.temporary()
    }

    pub(crate) async fn exchange(
        &self,
        client: &ClientCredentials<'_>,
        temporary: &TemporaryCredentials<'_>,
        verifier: Option<&str>,
    ) -> Answer {
        let signer = Signer::<HmacSha1>::for_temporary(client, temporary);
        let none = ProtocolParameters::NONE;
        let parameters = verifier.map_or(none, |verifier| none.with_verifier(verifier));
        self.signed(&signer, "/oauth/token", &parameters, "").await
    }

    /// The whole flow.
    pub(crate) async fn token(&self) -> TokenCredentials<'static> {
        let answer = self.token_answer("").await;
        answer.token()
    }

    pub(crate) async fn token_answer(&self, form: &str) -> Answer {
        let answer = self.initiate(CALLBACK, form).await;
        let temporary = answer.temporary();
        let verifier = self.approve(&temporary).await;
        let answer = self
            .exchange(&self.client, &temporary, Some(&verifier))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    /// The owner approves; what comes back is the verifier of the redirect.
    pub(crate) async fn approve(&self, temporary: &TemporaryCredentials<'_>) -> String {
        let page = Browser::of("jane").page(self, temporary.identifier()).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let answer = Browser::of("jane").submit(self, &page, "approve").await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.location()["oauth_verifier"].clone()
    }

    pub(crate) async fn photos<K: SigningKey>(&self, signer: &Signer<'_, K>) -> Answer {
        let uri = format!("{}/photos", self.origin);
        let mut request = Request::get(uri).body(String::new()).unwrap();
        signer
            .sign_request(&mut request, Payload::Empty, self.stamp())
            .unwrap();
        self.send(request).await
    }
}

/// Says whose photos they are, and for which realms.
pub(crate) async fn photos(verified: axum::Extension<Verified<Grant>>) -> String {
    let grant = verified.grant();
    let owner = grant.owner.as_deref().unwrap_or("the client itself");
    format!("{owner}: {}", grant.realms.join(" "))
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// A value of a form in the body, which must be there once.
    pub(crate) fn get(&self, name: &str) -> String {
        let values: Vec<_> = form::pairs(self.body.as_bytes())
            .filter(|(other, _)| *other == name)
            .map(|(_, value)| value.to_string_lossy())
            .collect();
        assert_eq!(values.len(), 1, "{name} in {:?}", self.body);
        values.into_iter().next().unwrap()
    }

    /// The token credentials of a reply.
    pub(crate) fn token(&self) -> TokenCredentials<'static> {
        TokenCredentials::new(self.get("oauth_token"), self.get("oauth_token_secret"))
    }

    /// The temporary credentials of a reply.
    pub(crate) fn temporary(&self) -> TemporaryCredentials<'static> {
        TemporaryCredentials::new(self.get("oauth_token"), self.get("oauth_token_secret"))
    }

    pub(crate) fn problem(&self) -> String {
        let pairs = form::pairs(self.body.as_bytes());
        let mut problems = pairs.filter(|(name, _)| *name == "oauth_problem");
        let problem = problems.next().map(|(_, value)| value.to_string_lossy());
        problem.unwrap_or_default()
    }

    /// The query that a redirect adds to the callback.
    pub(crate) fn location(&self) -> HashMap<String, String> {
        let location = self.header("location");
        let query = location.strip_prefix(CALLBACK).expect("to the callback");
        let pairs = form::pairs(query.as_bytes());
        pairs
            .map(|(name, value)| (name.to_string_lossy(), value.to_string_lossy()))
            .collect()
    }

    /// What the form of the plain page sends, less the decision.
    pub(crate) fn form_pairs(&self) -> Vec<(String, String)> {
        let inputs = self.body.split("<input ").skip(1);
        let attribute = |input: &str, name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\""))?;
            Some(rest.split_once('"')?.0.to_owned())
        };
        inputs
            .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
            .collect()
    }
}

pub(crate) async fn send(address: SocketAddr, request: Request<String>) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let (mut parts, body) = request.into_parts();
    if !parts.headers.contains_key(header::HOST) {
        let host = parts.uri.authority().unwrap().as_str().parse().unwrap();
        parts.headers.insert(header::HOST, host);
    }
    parts.uri = parts
        .uri
        .path_and_query()
        .unwrap()
        .as_str()
        .parse()
        .unwrap();
    let request = Request::from_parts(parts, Full::<bytes::Bytes>::from(body));
    let response = sender.send_request(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}
