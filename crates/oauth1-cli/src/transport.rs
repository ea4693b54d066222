//! What requests are sent over: hyper's pooled connections, with TLS by rustls.

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    fs,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Version};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use oauth1_hyper::{Body, BoxError, Transport, TransportError};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::{
    page::{NOTE, printable},
    problem::Failure,
    signatory::LastBaseString,
    signature_method::SignatureMethod,
};

/// What commands say for themselves.
pub(crate) const USER_AGENT: &str = concat!("oauth1/", env!("CARGO_PKG_VERSION"));

/// How long a connection may take. Addresses of one host are tried one after the other.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) type Connector = HttpsConnector<HttpConnector>;

/// Connects with and without TLS. `certificates` is a file with further authorities to trust.
pub(crate) fn connector(certificates: Option<&str>) -> Result<Connector, Failure> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_nodelay(true);
    let tls = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::Failed(format!("TLS: {error}")))?
        .with_root_certificates(roots(certificates)?)
        .with_no_client_auth();
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp))
}

/// The authorities that this machine trusts; where it has none, as in bare containers, those that
/// browsers do.
fn roots(certificates: Option<&str>) -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    if let Some(path) = certificates {
        let pem = fs::read(path).map_err(|error| Failure::file(path, &error))?;
        let none = || Failure::Failed(format!("{path}: there is no certificate (PEM) in it"));
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|_| none())?;
            roots.add(certificate).map_err(|_| none())?;
            count += 1;
        }
        if count == 0 {
            return Err(none());
        }
    }
    Ok(roots)
}

/// A pool of connections.
pub(crate) fn pool<B>(connector: Connector) -> Client<Connector, B>
where
    B: http_body::Body + Send,
    B::Data: Send,
{
    Client::builder(TokioExecutor::new()).build(connector)
}

/// Sends, and tells on standard error what was signed and sent and what came, where that is wanted.
pub(crate) struct Told<B> {
    pub(crate) pool: Client<Connector, Body<B>>,
    pub(crate) base_strings: Option<LastBaseString>,
    pub(crate) method: SignatureMethod,
    /// The last signed one, for what is said of a refusal.
    pub(crate) last: LastSent,
}

/// Where the head of the last request goes.
pub(crate) type LastSent = Arc<Mutex<Option<Sent>>>;

/// The head of a request that was sent.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) authorization: Option<String>,
}

impl<B> Transport<B> for Told<B>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request<Body<B>>) -> Result<Response<Incoming>, TransportError> {
        let authorization = request.headers().get(http::header::AUTHORIZATION);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Sent {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            authorization: authorization.and_then(|value| Some(value.to_str().ok()?.to_owned())),
        });
        let Some(base_strings) = &self.base_strings else {
            return self.pool.send(request).await;
        };
        let base_string =
            core::mem::take(&mut *base_strings.lock().unwrap_or_else(PoisonError::into_inner));
        if self.method == SignatureMethod::Plaintext || base_string.is_empty() {
            tell('*', "nothing is signed: PLAINTEXT, or another origin");
        } else {
            tell('*', &format!("base string: {}", printable(&base_string)));
        }
        let target = request.uri();
        let path = target.path_and_query().map_or("/", |path| path.as_str());
        let host = target
            .authority()
            .map_or("", |authority| authority.as_str());
        tell(
            '>',
            &self.shown(&format!("{} {path} HTTP/1.1", request.method())),
        );
        tell('>', &format!("host: {host}"));
        for (name, value) in request.headers() {
            let value = printable(value.as_bytes());
            tell('>', &self.shown(&format!("{name}: {value}")));
        }
        tell('>', "");
        let response = self.pool.send(request).await?;
        tell('<', &status_line(&response));
        for (name, value) in response.headers() {
            tell('<', &format!("{name}: {}", printable(value.as_bytes())));
        }
        tell('<', "");
        Ok(response)
    }
}

impl<B> Told<B> {
    /// The text without the signature, where that is the secrets themselves.
    fn shown(&self, line: &str) -> String {
        const NAME: &str = "oauth_signature=";
        match line.find(NAME) {
            Some(at) if self.method == SignatureMethod::Plaintext => {
                let (before, rest) = line.split_at(at + NAME.len());
                let rest = rest.trim_start_matches('"');
                let end = rest.find(['"', '&', ' ', ',']).unwrap_or(rest.len());
                format!("{before}(the secrets, not shown){}", &rest[end..])
            }
            _ => line.to_owned(),
        }
    }
}

/// As HTTP/1 has it.
pub(crate) fn status_line<B>(response: &Response<B>) -> String {
    let version = match response.version() {
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{version} {} {reason}", status.as_str())
        .trim_end()
        .to_owned()
}

fn tell(mark: char, line: &str) {
    anstream::eprintln!("{NOTE}{mark}{NOTE:#} {line}");
}

/// Headers of one hop (RFC 9110 section 7.6.1): `Connection`, what it names, and those that were meant
/// so before it did.
pub(crate) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<String> = headers
        .get_all(http::header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    for name in named {
        headers.remove(name.as_str());
    }
    for name in [
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ] {
        headers.remove(name);
    }
}
