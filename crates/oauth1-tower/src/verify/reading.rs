//! Reading what must be read: forms before they are verified, and what is left of bodies that are
//! refused.

use alloc::{boxed::Box, vec::Vec};
use core::{error::Error, future::poll_fn, pin::Pin};

use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderValue, header::CONTENT_ENCODING};
use http_body::{Body, Frame};
use oauth1_core::verify::{Reason, Rejection};

use super::body::Form;

/// What is still to come of a body.
pub(super) struct Rest<B> {
    pub(super) body: Pin<Box<B>>,
    /// Whether it has been read from.
    pub(super) begun: bool,
}

impl<B> Rest<B> {
    pub(super) fn all(body: B) -> Self {
        Self {
            body: Box::pin(body),
            begun: false,
        }
    }
}

/// Why a form was not read, and what of it is still to come, if anything can.
pub(super) type Unread<B> = (Rejection, Option<Rest<B>>);

/// Reads a form: at most `limit` bytes are ever held.
pub(super) async fn read_form<B: Body>(
    body: B,
    headers: &HeaderMap,
    limit: usize,
) -> Result<Form, Unread<B>>
where
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    if is_encoded(headers) {
        return Err((Reason::EncodedForm.into(), Some(Rest::all(body))));
    }
    let too_large = Rejection::new(Reason::TooLarge("the form"));
    let announced = usize::try_from(body.size_hint().lower());
    let Some(announced) = announced.ok().filter(|&announced| announced <= limit) else {
        return Err((too_large, Some(Rest::all(body))));
    };
    let mut body = Box::pin(body);
    let mut pieces = Pieces::default();
    let mut trailers = None;
    while let Some(frame) = next(&mut body).await {
        let Ok(frame) = frame else {
            return Err((Reason::UnreadableBody.into(), None));
        };
        match frame.into_data() {
            Ok(data) if data.remaining() > limit - pieces.len() => {
                let begun = true;
                return Err((too_large, Some(Rest { body, begun })));
            }
            Ok(data) => pieces.add(data, announced),
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
    Ok(Form {
        bytes: pieces.into_bytes(),
        trailers,
    })
}

/// Reads and forgets up to `limit` bytes, and says whether the body has come to its end by then: one that
/// breaks off with an error has not.
///
/// A server that answers while an HTTP/1 client still sends, and closes the connection, makes the
/// kernel reset it: the answer is then lost before the client has read it.
pub(super) async fn drain<B: Body>(mut body: Pin<Box<B>>, limit: u64) -> bool {
    let mut left = limit;
    // One that announces more is not read to its end anyway.
    if body.size_hint().lower() > left {
        return false;
    }
    while let Some(frame) = next(&mut body).await {
        let Ok(frame) = frame else {
            return false;
        };
        let length = frame.data_ref().map_or(0, |data| data.remaining() as u64);
        let Some(rest) = left.checked_sub(length) else {
            return false;
        };
        left = rest;
    }
    true
}

async fn next<B: Body>(body: &mut Pin<Box<B>>) -> Option<Result<Frame<B::Data>, B::Error>> {
    poll_fn(|context| body.as_mut().poll_frame(context)).await
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let names = |value: &HeaderValue| {
        let names = value.as_bytes().split(|&byte| byte == b',');
        names
            .map(<[u8]>::trim_ascii)
            .all(|name| name.is_empty() || name.eq_ignore_ascii_case(b"identity"))
    };
    !headers.get_all(CONTENT_ENCODING).iter().all(names)
}

/// The pieces of a form as one: what comes in one piece is not copied.
#[derive(Default)]
enum Pieces {
    #[default]
    None,
    One(Bytes),
    Many(Vec<u8>),
}

impl Pieces {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(bytes) => bytes.len(),
            Self::Many(bytes) => bytes.len(),
        }
    }

    fn add(&mut self, mut data: impl Buf, announced: usize) {
        *self = match core::mem::take(self) {
            Self::None if data.remaining() == 0 => Self::None,
            Self::None => Self::One(data.copy_to_bytes(data.remaining())),
            Self::One(first) => {
                let known = first.len() + data.remaining();
                let mut all = Vec::with_capacity(known.max(announced));
                all.extend_from_slice(&first);
                append(&mut all, data);
                Self::Many(all)
            }
            Self::Many(mut all) => {
                append(&mut all, data);
                Self::Many(all)
            }
        };
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::One(bytes) => bytes,
            Self::Many(bytes) => bytes.into(),
        }
    }
}

fn append(all: &mut Vec<u8>, mut data: impl Buf) {
    while data.has_remaining() {
        let chunk = data.chunk();
        let length = chunk.len();
        all.extend_from_slice(chunk);
        data.advance(length);
    }
}
