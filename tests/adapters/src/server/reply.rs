//! The body of an answer.

use core::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

use super::Closed;

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Reply {
    Whole(Full<Bytes>),
    /// Some of it, and then the connection is closed.
    Broken(Option<Bytes>),
}

impl Body for Reply {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        match &mut *self {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map(|frame| {
                // A whole body has no other error than none.
                frame.map(|frame| frame.map_err(|never| match never {}))
            }),
            Self::Broken(first) => Poll::Ready(Some(match first.take() {
                Some(bytes) => Ok(Frame::data(bytes)),
                None => Err(Closed),
            })),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Broken(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Broken(_) => SizeHint::with_exact(1000),
        }
    }
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self::Whole(Full::from(text))
    }
}

impl From<&'static str> for Reply {
    fn from(text: &'static str) -> Self {
        Self::Whole(Full::from(text))
    }
}
