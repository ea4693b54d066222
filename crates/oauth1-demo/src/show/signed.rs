//! A request that was signed, read from the wire.

use bytes::Bytes;
use http::{
    Request, Uri,
    header::{AUTHORIZATION, HOST},
};
use oauth1_core::{
    BaseString, Parameter, RequestView, Slot,
    authorization::{AuthorizationHeader, HeaderParameter},
    http::{has_form, target_of},
};

use crate::wire::Message;

/// A request and what its signature is made of.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// With an absolute URI.
    pub(crate) request: Request<Bytes>,
    pub(crate) base_string: String,
}

impl Signed {
    /// Reads what was on the wire; `None` for what is not signed in the header.
    pub(crate) fn read(message: &Message) -> Option<Self> {
        let request = message.is_request.then(|| request(&message.bytes))??;
        let base_string = base_string(&request)?;
        Some(Self {
            request,
            base_string,
        })
    }
}

fn request(bytes: &[u8]) -> Option<Request<Bytes>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    let mut request = Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        request = request.header(name, value);
    }
    let body = Bytes::copy_from_slice(&bytes[end + 4..]);
    let mut request = request.body(body).ok()?;
    let host = request.headers().get(HOST)?.to_str().ok()?;
    *request.uri_mut() = format!("http://{host}{target}").parse::<Uri>().ok()?;
    Some(request)
}

/// The base string of a signed request, from nothing but the request.
fn base_string(request: &Request<Bytes>) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?;
    let header = AuthorizationHeader::parse(header.as_bytes())?;
    let mut decoded = Vec::new();
    for parameter in header.parameters() {
        if let HeaderParameter::Pair { name, value } = parameter.ok()? {
            decoded.push((name.to_bytes(), value.to_bytes()));
        }
    }
    let protocol: Vec<_> = decoded
        .iter()
        .map(|(name, value)| Parameter::from_bytes(name, value))
        .collect();
    let view = RequestView::new(request.method().as_str(), target_of(request.uri()).ok()?);
    let view = if has_form(request.headers()).ok()? {
        view.with_form(request.body())
    } else {
        view
    };
    let mut slots: Vec<Slot> = Vec::new();
    Some(
        BaseString::of(&view, &protocol, &mut slots)
            .ok()?
            .to_string(),
    )
}
