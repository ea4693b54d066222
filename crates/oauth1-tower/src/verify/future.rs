//! The answer to a request.

use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;

use super::AnswerBody;

pin_project! {
    /// The answer to a request: the future of the service behind the layer, where the request could be
    /// verified without waiting. Only what must wait, for a form or for a store, is boxed.
    pub struct VerifyFuture<F, R, E> {
        #[pin]
        state: State<F, R, E>,
    }
}

pin_project! {
    #[project = Projected]
    enum State<F, R, E> {
        Handled { #[pin] inner: F },
        Waiting { inner: Waiting<R, E> },
        Refused { answer: Option<Response<Bytes>> },
    }
}

type Waiting<R, E> = Pin<Box<dyn Future<Output = Answered<R, E>> + Send>>;

/// What comes of a request.
pub(super) type Answered<R, E> = Result<Response<AnswerBody<R>>, E>;

impl<F, R, E> VerifyFuture<F, R, E> {
    /// The service behind the layer has been called.
    pub(super) const fn handled(inner: F) -> Self {
        Self {
            state: State::Handled { inner },
        }
    }

    pub(super) fn waiting(inner: impl Future<Output = Answered<R, E>> + Send + 'static) -> Self {
        Self {
            state: State::Waiting {
                inner: Box::pin(inner),
            },
        }
    }

    pub(super) const fn refused(answer: Response<Bytes>) -> Self {
        Self {
            state: State::Refused {
                answer: Some(answer),
            },
        }
    }
}

impl<F, R, E> Future for VerifyFuture<F, R, E>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Answered<R, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            Projected::Handled { inner } => {
                let answer = ready!(inner.poll(context))?;
                Poll::Ready(Ok(answer.map(AnswerBody::of_handler)))
            }
            Projected::Waiting { inner } => inner.as_mut().poll(context),
            Projected::Refused { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(answer.map(AnswerBody::of_refusal))),
                // Polled again after it was ready, which no caller may do.
                None => Poll::Pending,
            },
        }
    }
}

impl<F, R, E> fmt::Debug for VerifyFuture<F, R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyFuture").finish_non_exhaustive()
    }
}
