//! The client's side: signs requests and sends them.

use core::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{
    Request, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioTimer},
};
use oauth1_core::{
    BaseString, ClientCredentials, HmacSha1, Nonce, Parameter, RequestView, Signer, Slot, Stamp,
    Timestamp, TokenCredentials,
    authorization::{AuthorizationHeader, HeaderParameter},
    http::{has_form, target_of},
};

use crate::{
    credentials,
    story::{Content, Message},
    wire::{Recorder, Traffic, Transcript},
};

/// No answer on the loopback interface takes that long.
const PATIENCE: Duration = Duration::from_secs(5);

/// A pooled client of HTTP/1.1 over connections that are recorded.
pub(crate) struct Client {
    http: legacy::Client<Recorder, Full<Bytes>>,
    transcript: Transcript,
}

/// What came back for a request, and how both looked on the wire.
pub(crate) struct Exchange {
    pub(crate) traffic: Traffic,
    pub(crate) reply: Reply,
}

/// What of an answer is the server's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) challenge: Option<String>,
    pub(crate) text: String,
}

impl Client {
    pub(crate) fn new() -> Self {
        let transcript = Transcript::default();
        let http = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(Recorder::new(transcript.clone()));
        Self { http, transcript }
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Exchange> {
        let exchange = async {
            let (parts, body) = self
                .http
                .request(request.map(Full::new))
                .await?
                .into_parts();
            anyhow::Ok((parts, body.collect().await?.to_bytes()))
        };
        let answered = tokio::time::timeout(PATIENCE, exchange).await;
        let (parts, body) = answered.context("the server does not answer")??;
        let challenge = parts.headers.get(WWW_AUTHENTICATE);
        let reply = Reply {
            status: parts.status,
            challenge: challenge.map(|value| String::from_utf8_lossy(value.as_bytes()).into()),
            text: String::from_utf8_lossy(&body).into(),
        };
        Ok(Exchange {
            traffic: self.transcript.take(),
            reply,
        })
    }
}

/// Writes a request to the server at `origin`, and signs it.
pub(crate) fn signed(message: &Message, origin: &str) -> Result<Request<Bytes>> {
    let mut request = Request::builder()
        .method(message.method.clone())
        .uri(format!("{origin}{}", message.path_and_query));
    let body = match message.content {
        Content::None => Bytes::new(),
        Content::Form(form) => {
            request = request.header(CONTENT_TYPE, oauth1_core::content_type::FORM);
            Bytes::from_static(form.as_bytes())
        }
        Content::Json(json) => {
            request = request.header(CONTENT_TYPE, "application/json");
            Bytes::from_static(json.as_bytes())
        }
    };
    let mut request = request.body(body)?;

    let client = ClientCredentials::new(message.client, credentials::CLIENT_SECRET);
    let token = TokenCredentials::new(credentials::TOKEN, credentials::TOKEN_SECRET);
    let mut signer = Signer::<HmacSha1>::for_token(&client, &token);
    if let Some(realm) = message.realm {
        signer = signer.with_realm(realm);
    }
    // `Stamp::now()` is what a client uses; this one can also pretend to be late.
    let time = Timestamp::now().unix_seconds().saturating_sub(message.age);
    let stamp = Stamp::new(Timestamp::from_unix_seconds(time), Nonce::random()?);
    signer.sign_buffered(&mut request, stamp)?;
    Ok(request)
}

/// The base string of a signed request, from nothing but the request.
pub(crate) fn base_string(request: &Request<Bytes>) -> Result<String> {
    let header = request
        .headers()
        .get(AUTHORIZATION)
        .context("the request is not signed")?;
    let Some(header) = AuthorizationHeader::parse(header.as_bytes()) else {
        bail!("the request is signed in another way")
    };
    let mut decoded = Vec::new();
    for parameter in header.parameters() {
        if let HeaderParameter::Pair { name, value } = parameter? {
            decoded.push((name.to_bytes(), value.to_bytes()));
        }
    }
    let protocol: Vec<_> = decoded
        .iter()
        .map(|(name, value)| Parameter::from_bytes(name, value))
        .collect();
    let view = RequestView::new(request.method().as_str(), target_of(request.uri())?);
    let view = if has_form(request.headers())? {
        view.with_form(request.body())
    } else {
        view
    };
    let mut slots: Vec<Slot> = Vec::new();
    Ok(BaseString::of(&view, &protocol, &mut slots)?.to_string())
}
