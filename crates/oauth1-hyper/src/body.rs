//! The body of a signed request.

use core::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::error::{BoxError, Error};

/// The body of a signed request: bytes that are at hand, or the caller's body as it flows.
pub struct Body<B>(Inner<B>);

enum Inner<B> {
    /// Empty once they have been taken.
    Bytes(Bytes),
    Flow {
        /// What was seen of it when it was looked at.
        first: Option<Frame<Bytes>>,
        rest: Pin<Box<B>>,
    },
}

/// What a request's body turned out to be.
pub(crate) enum Content<B> {
    Empty,
    Bytes(Bytes),
    /// `None` once it has been sent.
    Flow(Option<Body<B>>),
}

impl<B> Body<B> {
    pub(crate) const fn of_bytes(bytes: Bytes) -> Self {
        Self(Inner::Bytes(bytes))
    }
}

impl<B> Content<B>
where
    B: HttpBody,
    B::Error: Into<BoxError>,
{
    /// Reads a form to its end. Of anything else, takes what is at hand without waiting: if that is all,
    /// it need not flow.
    pub(crate) async fn read(body: B, is_form: bool, form_limit: usize) -> Result<Self, Error> {
        if body.is_end_stream() {
            return Ok(Self::Empty);
        }
        if is_form {
            let form = Limited::new(body, form_limit).collect().await;
            let form = form.map_err(|error| match error.downcast::<LengthLimitError>() {
                Ok(_) => Error::FormTooLarge(form_limit),
                Err(error) => Error::Body(error),
            })?;
            return Ok(Self::Bytes(form.to_bytes()));
        }
        let mut rest = Box::pin(body);
        let seen = poll_fn(|context| {
            Poll::Ready(match rest.as_mut().poll_frame(context) {
                Poll::Ready(frame) => Some(frame),
                Poll::Pending => None,
            })
        })
        .await;
        let first = match seen {
            Some(None) => return Ok(Self::Empty),
            Some(Some(frame)) => Some(in_bytes(frame.map_err(|error| Error::Body(error.into()))?)),
            None => None,
        };
        if rest.is_end_stream() {
            match first.map(Frame::into_data) {
                Some(Ok(bytes)) => return Ok(Self::Bytes(bytes)),
                Some(Err(frame)) => return Ok(Self::flow(Some(frame), rest)),
                None => {}
            }
            return Ok(Self::Empty);
        }
        Ok(Self::flow(first, rest))
    }

    const fn flow(first: Option<Frame<Bytes>>, rest: Pin<Box<B>>) -> Self {
        Self::Flow(Some(Body(Inner::Flow { first, rest })))
    }
}

fn in_bytes<D: Buf>(frame: Frame<D>) -> Frame<Bytes> {
    // Copies nothing where they are `Bytes` already.
    frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))
}

impl<B: HttpBody> HttpBody for Body<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match &mut self.0 {
            Inner::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(core::mem::take(bytes))))),
            Inner::Flow { first, rest } => match first.take() {
                Some(frame) => Poll::Ready(Some(Ok(frame))),
                None => rest
                    .as_mut()
                    .poll_frame(context)
                    .map(|frame| frame.map(|frame| frame.map(in_bytes))),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Bytes(bytes) => bytes.is_empty(),
            Inner::Flow { first, rest } => first.is_none() && rest.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Inner::Flow { first, rest } => {
                let seen = first.as_ref().and_then(Frame::data_ref);
                let seen = seen.map_or(0, |bytes| bytes.len() as u64);
                let ahead = rest.size_hint();
                let mut hint = SizeHint::new();
                hint.set_lower(ahead.lower().saturating_add(seen));
                if let Some(upper) = ahead.upper().and_then(|upper| upper.checked_add(seen)) {
                    hint.set_upper(upper);
                }
                hint
            }
        }
    }
}

impl<B> Default for Body<B> {
    fn default() -> Self {
        Self::of_bytes(Bytes::new())
    }
}

/// Without what is in it.
impl<B> fmt::Debug for Body<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Inner::Flow { .. } => f.write_str("Body(..)"),
        }
    }
}
