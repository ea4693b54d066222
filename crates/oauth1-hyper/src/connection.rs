//! One connection, without a pool.

use core::fmt;

#[cfg(feature = "http1")]
use http::{HeaderValue, header::HOST, uri::PathAndQuery};
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use oauth1_core::{exchange::Failure, http::target_of};

use crate::{
    body::Body,
    error::BoxError,
    transport::{Transport, TransportError},
};

/// One connection of [`hyper::client::conn`], shared by all tasks that send over it.
///
/// ```no_run
/// # #[cfg(feature = "http1")]
/// # async fn example(signer: oauth1_core::Signer<'static, oauth1_core::HmacSha1>) -> anyhow::Result<()> {
/// use http_body_util::Empty;
/// use hyper_util::rt::TokioIo;
/// use oauth1_hyper::{Client, Connection, exchange};
///
/// let stream = tokio::net::TcpStream::connect("127.0.0.1:8080").await?; // or one with TLS
/// let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
/// tokio::spawn(connection);
///
/// let origin = "http://127.0.0.1:8080".parse()?;
/// let client = Client::new(exchange::Client::new(signer), Connection::http1(origin, sender));
/// let request = http::Request::get("http://127.0.0.1:8080/photos").body(Empty::<&[u8]>::new())?;
/// let response = client.request(request).await?;
/// # Ok(())
/// # }
/// ```
pub struct Connection<B> {
    origin: Uri,
    sender: Sender<B>,
}

enum Sender<B> {
    /// One request after the other: the next waits until the response before it was read.
    #[cfg(feature = "http1")]
    Http1(tokio::sync::Mutex<hyper::client::conn::http1::SendRequest<Body<B>>>),
    #[cfg(feature = "http2")]
    Http2(hyper::client::conn::http2::SendRequest<Body<B>>),
}

impl<B> Connection<B> {
    /// Over HTTP/1. `origin` is the scheme, host and port that the connection was made to: requests are
    /// signed for it, and those for another are refused. A request waits for the responses before it to be
    /// read.
    #[cfg(feature = "http1")]
    #[must_use]
    pub fn http1(origin: Uri, sender: hyper::client::conn::http1::SendRequest<Body<B>>) -> Self {
        let sender = Sender::Http1(tokio::sync::Mutex::new(sender));
        Self { origin, sender }
    }

    /// Over HTTP/2, with as many requests at once as the server lets in. `origin` is as with HTTP/1.
    #[cfg(feature = "http2")]
    #[must_use]
    pub const fn http2(
        origin: Uri,
        sender: hyper::client::conn::http2::SendRequest<Body<B>>,
    ) -> Self {
        let sender = Sender::Http2(sender);
        Self { origin, sender }
    }

    fn leads_to(&self, uri: &Uri) -> bool {
        match (target_of(&self.origin), target_of(uri)) {
            (Ok(here), Ok(there)) => here.origin() == there.origin(),
            _ => false,
        }
    }
}

impl<B> Transport<B> for Connection<B>
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request<Body<B>>) -> Result<Response<Incoming>, TransportError> {
        if !self.leads_to(request.uri()) {
            return Err(not_sent(OtherServer(self.origin.clone())));
        }
        match &self.sender {
            #[cfg(feature = "http1")]
            Sender::Http1(sender) => {
                let mut sender = sender.lock().await;
                sender.ready().await.map_err(not_sent)?;
                let request = in_origin_form(request).map_err(not_sent)?;
                sender.send_request(request).await.map_err(failed)
            }
            #[cfg(feature = "http2")]
            Sender::Http2(sender) => {
                let mut sender = sender.clone();
                sender.ready().await.map_err(not_sent)?;
                sender.send_request(request).await.map_err(failed)
            }
        }
    }
}

/// What goes over a connection of HTTP/1 to the server itself: the path, and the host in a header
/// (RFC 9112 section 3.2.1).
#[cfg(feature = "http1")]
fn in_origin_form<T>(mut request: Request<T>) -> Result<Request<T>, http::Error> {
    let uri = request.uri();
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let origin_form = Uri::try_from(path)?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = HeaderValue::try_from(host)?;
    *request.uri_mut() = origin_form;
    request.headers_mut().entry(HOST).or_insert(host);
    Ok(request)
}

fn not_sent(source: impl Into<BoxError>) -> TransportError {
    TransportError {
        failure: Failure::NotSent,
        source: source.into(),
    }
}

fn failed(error: hyper::Error) -> TransportError {
    let failure = if error.is_canceled() {
        Failure::NotSent
    } else {
        Failure::Unknown
    };
    TransportError {
        failure,
        source: error.into(),
    }
}

/// A request for another server than the one that the connection leads to.
#[derive(Debug)]
struct OtherServer(Uri);

impl fmt::Display for OtherServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the connection leads to {}, and the request elsewhere: send it over another one",
            self.0
        )
    }
}

impl core::error::Error for OtherServer {}

impl<B> fmt::Debug for Connection<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
