//! The request's body as the handler gets it.

use alloc::boxed::Box;
use core::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use oauth1_core::{
    sink::Sink,
    verify::{BodyCheck, Rejection},
};
use pin_project_lite::pin_project;

use super::record;

type BoxError = Box<dyn Error + Send + Sync>;

pin_project! {
    /// The body of a verified request: a form that was read, or the body as it came, checked against
    /// its signed hash where there is one.
    #[derive(Debug)]
    pub struct VerifiedBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProjection]
    #[derive(Debug)]
    enum Kind<B> {
        Read { form: Form },
        Streamed { #[pin] body: B },
        Checked { #[pin] body: B, check: Check },
    }
}

/// A form that was read: all its bytes, and what came behind them.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) bytes: Bytes,
    pub(super) trailers: Option<HeaderMap>,
}

/// The last piece is held back until the hash has been found right.
#[derive(Debug)]
struct Check {
    state: State,
    held: Option<Bytes>,
    trailers: Option<HeaderMap>,
}

#[derive(Debug)]
enum State {
    Flowing(Box<BodyCheck>),
    /// It is what was signed: what is held may go.
    Right,
    /// An error was given, and nothing comes any more.
    Over,
}

impl<B> VerifiedBody<B> {
    pub(super) const fn read(form: Form) -> Self {
        Self {
            kind: Kind::Read { form },
        }
    }

    pub(super) fn streamed(body: B, check: Option<BodyCheck>) -> Self {
        let kind = match check {
            None => Kind::Streamed { body },
            Some(check) => Kind::Checked {
                body,
                check: Check {
                    state: State::Flowing(Box::new(check)),
                    held: None,
                    trailers: None,
                },
            },
        };
        Self { kind }
    }
}

/// Why a body ends before its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// It is not the one that was signed: `oauth_body_hash` is that of another. What the handler has
    /// read so far is worth nothing.
    Rejected(Rejection),
    /// It could not be read.
    Unreadable(BoxError),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::Unreadable(_) => f.write_str("the body could not be read"),
        }
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Rejected(_) => None,
            Self::Unreadable(cause) => Some(&**cause),
        }
    }
}

impl<B: Body> Body for VerifiedBody<B>
where
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.project().kind.project() {
            KindProjection::Read { form } => {
                let bytes = core::mem::take(&mut form.bytes);
                let frame = if bytes.is_empty() {
                    form.trailers.take().map(Frame::trailers)
                } else {
                    Some(Frame::data(bytes))
                };
                Poll::Ready(frame.map(Ok))
            }
            KindProjection::Streamed { body } => {
                let frame = ready!(body.poll_frame(context));
                Poll::Ready(frame.map(|frame| match frame {
                    Ok(frame) => Ok(frame.map_data(to_bytes)),
                    Err(error) => Err(BodyError::Unreadable(error.into())),
                }))
            }
            KindProjection::Checked { body, check } => check.poll_frame(body, context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Read { form } => form.bytes.is_empty() && form.trailers.is_none(),
            Kind::Streamed { body } => body.is_end_stream(),
            Kind::Checked { check, .. } => check.is_over(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Read { form } => SizeHint::with_exact(form.bytes.len() as u64),
            Kind::Streamed { body } => body.size_hint(),
            Kind::Checked { body, check } => {
                let held = check.held.as_ref().map_or(0, Bytes::len) as u64;
                let rest = body.size_hint();
                let mut hint = SizeHint::new();
                hint.set_lower(rest.lower().saturating_add(held));
                if let Some(upper) = rest.upper() {
                    hint.set_upper(upper.saturating_add(held));
                }
                hint
            }
        }
    }
}

impl Check {
    fn poll_frame<B: Body>(
        &mut self,
        mut body: Pin<&mut B>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>>
    where
        B::Error: Into<BoxError>,
    {
        while let State::Flowing(check) = &mut self.state {
            match ready!(body.as_mut().poll_frame(context)) {
                None => self.finish()?,
                Some(Err(error)) => {
                    self.state = State::Over;
                    return Poll::Ready(Some(Err(BodyError::Unreadable(error.into()))));
                }
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => {
                        let data = to_bytes(data);
                        if data.is_empty() {
                            continue;
                        }
                        check.put(&data);
                        if let Some(before) = self.held.replace(data) {
                            return Poll::Ready(Some(Ok(Frame::data(before))));
                        }
                    }
                    // Nothing comes behind trailers.
                    Err(frame) => {
                        self.trailers = frame.into_trailers().ok();
                        self.finish()?;
                    }
                },
            }
        }
        let frame = match self.state {
            State::Right => {
                let trailers = || self.trailers.take().map(Frame::trailers);
                self.held.take().map(Frame::data).or_else(trailers)
            }
            State::Flowing(_) | State::Over => None,
        };
        Poll::Ready(frame.map(Ok))
    }

    /// All of the body has been put through.
    fn finish(&mut self) -> Result<(), BodyError> {
        let State::Flowing(check) = core::mem::replace(&mut self.state, State::Over) else {
            return Ok(());
        };
        match check.finish() {
            Ok(()) => {
                self.state = State::Right;
                Ok(())
            }
            Err(rejection) => {
                (self.held, self.trailers) = (None, None);
                record::wrong_body(&rejection);
                Err(BodyError::Rejected(rejection))
            }
        }
    }

    fn is_over(&self) -> bool {
        match self.state {
            // Even where nothing comes any more, the check is still to be made.
            State::Flowing(_) => false,
            State::Right => self.held.is_none() && self.trailers.is_none(),
            State::Over => true,
        }
    }
}

/// Without a copy where they are [`Bytes`] already.
fn to_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}

#[cfg(test)]
mod tests;
