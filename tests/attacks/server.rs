//! A server with the layer on a socket of its own, and a client that writes raw bytes.

use alloc::sync::Arc;
use core::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::LazyLock,
    thread,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::WWW_AUTHENTICATE};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use oauth1_core::{RsaPublicKey, SharedSecrets, Timestamp, verify::Coverage};
use oauth1_store::{
    CredentialStore, Credentials, Found, Insert, NonceStore, SpentNonce, StoreError,
    memory::{MemoryNonces, NonceBounds},
};
use oauth1_tower::{
    Verified, VerifyLayer,
    verify::{BodyError, PeerAddr, VerifiedBody},
};
use tower::{Layer as _, service_fn};

use crate::call::{NOW, ORIGIN, Sent};

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
});

/// Clients with their secret; tokens of each with theirs.
type Secrets = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const CLIENTS: &[Secrets] = &[
    (
        "client",
        "client secret",
        &[("token", "token secret"), ("another", "token secret")],
    ),
    ("another", "client secret", &[("token", "token secret")]),
    (
        "stranger",
        "another secret",
        &[("strange token", "another token secret")],
    ),
    (
        "%41",
        "client secret",
        &[("%41", "token secret"), ("token", "token secret")],
    ),
    ("odd", "s%&+ \u{e9}", &[("token", "&=%41 \u{fc}")]),
    ("empty", "", &[("token", "")]),
    ("split", "x&y", &[("token", "z")]),
];

/// Credentials in a table, or none at all.
pub(crate) struct Known {
    pub(crate) away: bool,
}

impl CredentialStore for Known {
    type Grant = ();

    const ANSWERS_AT_ONCE: bool = true;

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        _: Timestamp,
    ) -> Result<Found<()>, StoreError> {
        if self.away {
            return Err(StoreError::unavailable("the table is away"));
        }
        if client == "rsa" {
            let key = RsaPublicKey::from_pem(crate::cases::PUBLIC_PEM).unwrap();
            return Ok(Found::Known(Credentials::new(key, ())));
        }
        let Some((_, secret, tokens)) = CLIENTS.iter().find(|(known, ..)| *known == client) else {
            return Ok(Found::ClientUnknown);
        };
        let key = match token {
            None => SharedSecrets::of_client(*secret),
            Some(token) => match tokens.iter().find(|(known, _)| *known == token) {
                Some((_, token_secret)) => SharedSecrets::new(*secret, *token_secret),
                None => return Ok(Found::TokenUnknown),
            },
        };
        Ok(Found::Known(Credentials::new(key, ())))
    }
}

/// Nonces in memory, in a store that can fail.
pub(crate) struct Spent {
    nonces: MemoryNonces,
    fault: Option<fn() -> StoreError>,
}

impl Spent {
    pub(crate) fn bounded(bounds: NonceBounds) -> Self {
        Self {
            nonces: MemoryNonces::with_bounds(bounds).unwrap(),
            fault: None,
        }
    }

    pub(crate) fn failing(fault: Option<fn() -> StoreError>) -> Self {
        Self {
            fault,
            ..Self::bounded(NonceBounds::new(1_000))
        }
    }
}

impl NonceStore for Spent {
    const ANSWERS_AT_ONCE: bool = true;

    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        match self.fault {
            Some(fault) => Err(fault()),
            None => self.nonces.check_and_insert(nonce, now).await,
        }
    }
}

pub(crate) type Layer = VerifyLayer<Known, Spent>;

/// A running server, for the length of a case.
pub(crate) struct Server {
    address: SocketAddr,
    clock: Arc<AtomicU64>,
    /// How many bytes of bodies handlers have been given.
    pub(crate) delivered: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with(|layer| layer)
    }

    pub(crate) fn with(change: impl FnOnce(Layer) -> Layer) -> Self {
        Self::over(Known { away: false }, Spent::failing(None), change)
    }

    pub(crate) fn over(known: Known, spent: Spent, change: impl FnOnce(Layer) -> Layer) -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let delivered = Arc::new(AtomicUsize::new(0));
        let layer = VerifyLayer::new(ORIGIN, known, spent)
            .unwrap()
            .with_realm("Photos");
        let now = Arc::clone(&clock);
        let layer = change(layer)
            .with_clock(move || Timestamp::from_unix_seconds(now.load(Ordering::SeqCst)));
        let listener = RUNTIME
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let counted = Arc::clone(&delivered);
        let task = RUNTIME.spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let counted = Arc::clone(&counted);
                let service = layer.layer(service_fn(move |request| {
                    answer(request, Arc::clone(&counted))
                }));
                let service =
                    tower::util::MapRequest::new(service, move |request: Request<Incoming>| {
                        let mut request = request;
                        request.extensions_mut().insert(PeerAddr::from(peer));
                        request
                    });
                tokio::spawn(async move {
                    let mut builder = auto::Builder::new(TokioExecutor::new());
                    // The limits under test are the layer's.
                    builder.http1().max_buf_size(1024 * 1024);
                    let service = TowerToHyperService::new(service);
                    builder
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .ok();
                });
            }
        });
        Self {
            address,
            clock,
            delivered,
            task,
        }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn at(&self, now: u64) -> &Self {
        self.clock.store(now, Ordering::SeqCst);
        self
    }

    pub(crate) fn ask(&self, sent: &Sent) -> Answer {
        self.ask_raw(&sent.bytes())
    }

    /// Writes while it reads, as a client that does not wait does.
    pub(crate) fn ask_raw(&self, bytes: &[u8]) -> Answer {
        self.exchange(|stream| stream.write_all(bytes))
    }

    pub(crate) fn exchange(
        &self,
        write: impl FnOnce(&mut TcpStream) -> std::io::Result<()>,
    ) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let mut reading = stream.try_clone().unwrap();
        let reader = thread::spawn(move || {
            let mut answer = Vec::new();
            // What came before an error is the answer all the same.
            let ended = reading.read_to_end(&mut answer);
            (answer, ended)
        });
        let written = write(&mut stream);
        let (answer, ended) = reader.join().unwrap();
        Answer::parse(&answer).unwrap_or_else(|| {
            panic!(
                "no answer: {:?}, written: {written:?}, read: {ended:?}",
                answer.escape_ascii().to_string()
            )
        })
    }

    /// Writes all of it before it reads; `None` where the connection broke off before an answer was
    /// read.
    pub(crate) fn ask_without_reading(&self, sent: &Sent) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(&sent.bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Answer::parse(&answer)
    }

    pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
        RUNTIME.block_on(future)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn once(sent: &Sent) -> Answer {
    Server::new().ask(sent)
}

/// Reads all of the body, and says what it was told.
async fn answer(
    request: Request<VerifiedBody<Incoming>>,
    delivered: Arc<AtomicUsize>,
) -> Result<Response<Full<Bytes>>, core::convert::Infallible> {
    let verified = request.extensions().get::<Verified>().unwrap().clone();
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                delivered.fetch_add(length, Ordering::SeqCst);
            }
            Err(BodyError::Rejected(rejection)) => {
                let mut response = Response::new(Full::default());
                *response.status_mut() = rejection.status_code();
                let challenge = rejection.challenge_header("Photos");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                return Ok(response);
            }
            Err(error) => panic!("{error}"),
        }
    }
    let coverage = match verified.coverage() {
        Coverage::Empty => "empty",
        // It has been read to its end, and no error came.
        Coverage::Signed | Coverage::Pending => "signed",
        _ => "unsigned",
    };
    let mut response = Response::new(Full::from(verified.client().to_owned()));
    response
        .headers_mut()
        .insert("coverage", HeaderValue::from_static(coverage));
    Ok(response)
}

/// What came back, as `ACC empty` or `401 nonce_used`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        // The one line that is never the same.
        let head = head.lines().filter(|line| !line.starts_with("date: "));
        let head = head.collect::<Vec<_>>().join("\n");
        Some(Self {
            status,
            head,
            body: body.to_owned(),
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &'_ str| {
            line.split_once(": ")
                .is_some_and(|(known, _)| known == name)
        };
        let line = self.head.lines().find(|line| named(line))?;
        Some(&line[name.len() + 2..])
    }
}

impl core::fmt::Display for Answer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if let Some(coverage) = self.header("coverage") {
            return write!(f, "ACC {coverage}");
        }
        write!(f, "{}", self.status)?;
        let challenge = self.header("www-authenticate").unwrap_or_default();
        if let Some((_, problem)) = challenge.split_once("oauth_problem=\"") {
            write!(f, " {}", problem.split('"').next().unwrap_or_default())?;
        }
        Ok(())
    }
}
