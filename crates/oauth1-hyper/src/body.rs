//! The body of a signed request.

use alloc::collections::VecDeque;
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
        /// What was seen of it when it was looked at: two frames at most.
        seen: VecDeque<Frame<Bytes>>,
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
    /// Reads a form to its end. Of anything else, takes one frame without waiting: if that is all, it need
    /// not flow.
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
        let mut seen = VecDeque::new();
        let ends = loop {
            match at_hand(&mut rest).await? {
                // A stream says that it ends only when it is asked for the next frame.
                Ahead::End => break true,
                Ahead::Frame(frame) => {
                    let is_data = frame.is_data();
                    seen.push_back(frame);
                    if !is_data || seen.len() > 1 {
                        break false;
                    }
                }
                Ahead::Unknown => break false,
            }
        };
        if ends {
            let bytes = seen.pop_front().and_then(|frame| frame.into_data().ok());
            return Ok(bytes.map_or(Self::Empty, Self::Bytes));
        }
        Ok(Self::Flow(Some(Body(Inner::Flow { seen, rest }))))
    }
}

/// What can be seen of a body without waiting.
enum Ahead {
    Frame(Frame<Bytes>),
    End,
    Unknown,
}

async fn at_hand<B>(body: &mut Pin<Box<B>>) -> Result<Ahead, Error>
where
    B: HttpBody,
    B::Error: Into<BoxError>,
{
    if body.is_end_stream() {
        return Ok(Ahead::End);
    }
    let polled = poll_fn(|context| Poll::Ready(body.as_mut().poll_frame(context))).await;
    Ok(match polled {
        Poll::Ready(Some(Ok(frame))) => Ahead::Frame(in_bytes(frame)),
        Poll::Ready(Some(Err(error))) => return Err(Error::Body(error.into())),
        Poll::Ready(None) => Ahead::End,
        Poll::Pending => Ahead::Unknown,
    })
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
            Inner::Flow { seen, rest } => match seen.pop_front() {
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
            Inner::Flow { seen, rest } => seen.is_empty() && rest.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Inner::Flow { seen, rest } => {
                let seen = seen.iter().filter_map(Frame::data_ref);
                let seen = seen.map(|bytes| bytes.len() as u64).sum();
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
