//! A server on the loopback interface that verifies, remembers and keeps a log.

use alloc::sync::Arc;
use core::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};
use std::{
    collections::{HashMap, HashSet},
    io,
    net::TcpListener as StdListener,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use http::{HeaderMap, Version};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use oauth1_core::{Origin, RsaPrivateKey, RsaPublicKey, SharedSecrets, StandIn, Transmission};
use tokio::net::TcpListener;

pub(crate) use self::flow::PASSWORD;
pub use self::secrets::{CLIENT, CLIENT_SECRET, RSA_CLIENT, RSA_KEY, TOKEN, TOKEN_SECRET, rsa_key};
use self::{flow::HandedOut, reply::Reply};

mod answer;
mod flow;
mod judge;
mod reply;
mod script;
mod secrets;

/// A server with two origins over IPv4, one over IPv6 and one of a host in capitals, each with HTTP/1 and, for who knows it
/// beforehand, HTTP/2. It lives as long as the process.
///
/// The path of a request says what is done with it, once its signature holds:
///
/// | path | what is done |
/// | --- | --- |
/// | `/redirect/{status}/same/rest` | to `/rest`, a path |
/// | `/redirect/{status}/absolute/rest` | to `http://the-same-origin/rest` |
/// | `/redirect/{status}/relative/rest` | to `../../../rest#fragment` |
/// | `/redirect/{status}/echo/rest` | to `/rest?` and the query as it came, signature and all |
/// | `/redirect/{status}/loop` | to itself |
/// | `/redirect/{status}/other/rest` | to `/rest` of the other origin |
/// | `/redirect/{status}/other-echo/rest` | the same, with the query as it came |
/// | `/redirect/{status}/back/rest` | to the other origin, and from there to `/rest` of the first |
/// | `/redirect/{status}/quoted/rest` | to `/rest?a='b'`, which some clients write otherwise |
/// | `/redirect/{status}/user/rest` | to `http://user:password@the-same-origin/rest` |
/// | `/skewed-date/...` | verified by a clock an hour ahead, which a refusal shows in its `Date` |
/// | `/skewed-range/...` | the same, shown in `oauth_acceptable_timestamps` |
/// | `/drop/...` | the first is verified and its connection closed, the next is answered |
/// | `/flow/...` | the three legs and what belongs to them: see [`FlowDriver`](crate::FlowDriver) |
/// | any other | 200 |
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
}

/// An address of the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The origin that requests are signed for.
    Main,
    /// Another one, which a signature must never reach.
    Other,
    /// An origin whose host is an IPv6 address.
    Ipv6,
    /// An origin whose host is a name in capitals, which is signed in small letters.
    Capitals,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where.
    pub place: Place,
    /// Its method.
    pub method: http::Method,
    /// Path and query, without what signs.
    pub path: String,
    /// The version of HTTP.
    pub version: Version,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, without what signs.
    pub body: Vec<u8>,
    /// What is said of its signature.
    pub verdict: Verdict,
    /// Whether there is anything of a signature in header, query or body.
    pub has_credentials: bool,
}

/// What is said of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Verified(Box<Signed>),
    /// It is refused: the code of the reason.
    Refused(&'static str),
}

/// What a signature that holds was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `oauth_nonce`.
    pub nonce: Option<String>,
    /// `oauth_signature_method`.
    pub method: String,
    /// The place of the protocol parameters.
    pub transmission: Transmission,
    /// The realm of the header.
    pub realm: Option<String>,
    /// All parameters whose names begin with `oauth_`, but the signature: names and values, sorted.
    pub parameters: Vec<(String, String)>,
}

impl Server {
    /// Starts one.
    ///
    /// # Errors
    /// When the loopback interface has no address free, or no IPv6.
    pub fn start() -> io::Result<Self> {
        let main = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let other = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let ipv6 = StdListener::bind((Ipv6Addr::LOCALHOST, 0))?;
        let capitals = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let origin = |listener: &StdListener| Ok::<_, io::Error>(origin(listener.local_addr()?));
        let named = format!("http://LOCALHOST:{}", capitals.local_addr()?.port());
        let origins = [origin(&main)?, origin(&other)?, origin(&ipv6)?, named];
        let shared = Arc::new(Shared::new(origins));
        let server = Self {
            shared: Arc::clone(&shared),
        };
        let listeners = [
            (Place::Main, main),
            (Place::Other, other),
            (Place::Ipv6, ipv6),
            (Place::Capitals, capitals),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        thread::spawn(move || runtime.block_on(serve(shared, listeners)));
        Ok(server)
    }

    /// Scheme, host and port of one of its addresses.
    #[must_use]
    pub fn origin(&self, place: Place) -> &str {
        self.shared.origin(place)
    }

    /// What has come since it was last asked, in its order. The nonces stay known.
    #[must_use]
    pub fn take_log(&self) -> Vec<Seen> {
        *lock(&self.shared.dropped) = false;
        core::mem::take(&mut *lock(&self.shared.log))
    }
}

/// A test that panicked while it held a lock has failed already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn serve(shared: Arc<Shared>, listeners: [(Place, StdListener); 4]) {
    let mut tasks = Vec::new();
    for (place, listener) in listeners {
        let shared = Arc::clone(&shared);
        tasks.push(tokio::spawn(accept(shared, place, listener)));
    }
    for task in tasks {
        task.await
            .expect("no listener panics")
            .expect("a listener accepts");
    }
}

async fn accept(shared: Arc<Shared>, place: Place, listener: StdListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let shared = Arc::clone(&shared);
                async move { shared.answer(place, request).await }
            });
            let builder = auto::Builder::new(TokioExecutor::new());
            // One that breaks is its client's to notice; some are broken on purpose.
            builder
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

/// What all connections share.
pub(crate) struct Shared {
    origins: [String; 4],
    log: Mutex<Vec<Seen>>,
    nonces: Mutex<HashSet<Vec<u8>>>,
    /// Whether a connection was closed since the log was taken.
    dropped: Mutex<bool>,
    credentials: Mutex<HashMap<String, HandedOut>>,
    secrets: [SharedSecrets<'static>; 2],
    rsa: RsaPublicKey,
    stand_in: StandIn,
}

impl Shared {
    fn new(origins: [String; 4]) -> Self {
        let key: RsaPrivateKey = rsa_key();
        Self {
            origins,
            log: Mutex::default(),
            nonces: Mutex::default(),
            dropped: Mutex::default(),
            credentials: Mutex::default(),
            secrets: [
                SharedSecrets::of_client(CLIENT_SECRET),
                SharedSecrets::new(CLIENT_SECRET, TOKEN_SECRET),
            ],
            rsa: key.public_key(),
            stand_in: StandIn::new(),
        }
    }

    fn origin(&self, place: Place) -> &str {
        let [main, other, ipv6, capitals] = &self.origins;
        match place {
            Place::Main => main,
            Place::Other => other,
            Place::Ipv6 => ipv6,
            Place::Capitals => capitals,
        }
    }

    fn parsed_origin(&self, place: Place) -> Origin<'_> {
        Origin::parse(self.origin(place)).expect("an address of ours")
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

impl Place {
    /// One word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Other => "other",
            Self::Ipv6 => "ipv6",
            Self::Capitals => "capitals",
        }
    }
}

impl Seen {
    /// A protocol parameter, where the signature holds.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        match &self.verdict {
            Verdict::Verified(signed) => signed.get(name),
            Verdict::Refused(_) => None,
        }
    }
}

impl Signed {
    fn get(&self, wanted: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(name, _)| name == wanted)?;
        Some(value)
    }
}

/// As a line of the table says it.
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.name();
        write!(f, "{place} {} {} ", self.method, self.path)?;
        match &self.verdict {
            Verdict::Verified(_) => f.write_str("verified")?,
            Verdict::Refused(code) => f.write_str(code)?,
        }
        f.write_str(if self.body.is_empty() {
            ""
        } else {
            ", with body"
        })
    }
}

/// The one error that a service gives: to close the connection.
#[derive(Debug)]
pub(crate) struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed on purpose")
    }
}

impl core::error::Error for Closed {}
