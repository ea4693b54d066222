//! Sending a request until the exchange is done with it.

use core::ops::Deref;
use std::io::Cursor;

use http::{
    HeaderMap, HeaderValue, Method, Request, Response,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};
use oauth1_core::{
    SigningKey, Stamp, Timestamp,
    exchange::{AttemptBody, Client, Exchange, Failure, Report, Step, Stop},
};
use ureq::{Body, Timeout};

use crate::{
    body::{Content, Sent},
    error::Error,
};

/// Sends a request until the exchange is done with it. `content` is the body that the exchange knows.
pub(crate) fn run<'a, C, K>(
    mut exchange: Exchange<'_, C>,
    mut content: Content<'a>,
    mut send: impl FnMut(Request<Sent<'a>>) -> Result<Response<Body>, ureq::Error>,
) -> Result<Response<Body>, ureq::Error>
where
    C: Deref<Target = Client<K>>,
    K: SigningKey,
{
    loop {
        let mut attempt = exchange
            .attempt(Stamp::now().map_err(Error::from)?)
            .map_err(Error::from)?;
        let stamp = attempt.take_stamp();
        let uri = attempt.parts.uri.clone();
        let body = match (attempt.body, &mut content) {
            (AttemptBody::Form(form), _) => Sent::Bytes(Cursor::new(form.into())),
            (AttemptBody::Original, Content::Bytes(bytes)) => {
                Sent::Bytes(Cursor::new(bytes.clone()))
            }
            // The exchange asks for it once.
            (AttemptBody::Original, Content::Flow(flow)) => {
                flow.take().map_or(Sent::None, Sent::Flow)
            }
            (AttemptBody::Original, Content::Empty) | (AttemptBody::Empty, _) => Sent::None,
        };
        set_length(&attempt.parts.method, &mut attempt.parts.headers, &body);
        let mut response = match send(Request::from_parts(attempt.parts, body)) {
            Ok(response) => response,
            Err(error) => match exchange.on_failure(failure_of(&error)) {
                Step::Again(_) => continue,
                Step::Done | Step::Stopped(Stop::TooManyRetries) => return Err(error),
                Step::Stopped(stop) => return Err(Error::NotRetried(error, stop).into()),
            },
        };
        let (status, headers) = (response.status(), response.headers());
        let stop = match exchange.on_response(status, headers, Timestamp::now()) {
            Step::Again(_) => {
                drain(response);
                continue;
            }
            Step::Done => None,
            Step::Stopped(stop) => Some(stop),
        };
        let report = Report::new(uri, stamp, stop);
        response.extensions_mut().insert(report);
        return Ok(response);
    }
}

/// ureq knows the length of bytes that it is given, but not that of ours, which it reads. Without one they
/// would be chunked.
fn set_length(method: &Method, headers: &mut HeaderMap, body: &Sent<'_>) {
    let length = match body {
        Sent::Bytes(bytes) => bytes.get_ref().len(),
        // RFC 9110 section 8.6: a method that gives content a meaning says that there is none.
        Sent::None if [Method::POST, Method::PUT, Method::PATCH].contains(method) => 0,
        Sent::None | Sent::Flow(_) => return,
    };
    headers.remove(TRANSFER_ENCODING);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
}

fn failure_of(error: &ureq::Error) -> Failure {
    use ureq::Error::{
        BadUri, ConnectionFailed, HostNotFound, InvalidProxyUrl, RequireHttpsOnly, Timeout as Late,
    };
    match error {
        HostNotFound
        | ConnectionFailed
        | InvalidProxyUrl
        | BadUri(_)
        | RequireHttpsOnly(_)
        | Late(Timeout::Resolve | Timeout::Connect) => Failure::NotSent,
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Failure::NotSent
        }
        _ => Failure::Unknown,
    }
}

/// Reads a response that nobody wants, so that its connection can serve the next request; a long one is
/// dropped, and the connection with it.
fn drain(response: Response<Body>) {
    let mut body = response.into_body();
    // What cannot be read is not wanted either.
    let _ = body.with_config().limit(64 * 1024).read_to_vec();
}
