//! The answer to a signed request.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use oauth1_core::{
    Timestamp,
    exchange::{Client, Trace},
};
use pin_project_lite::pin_project;

use super::{ClockCorrected, Error, SentStamp};

pin_project! {
    /// The answer to a signed request: the future of the service inside, of which nothing is boxed and
    /// nothing is awaited before it.
    pub struct SignFuture<F, K> {
        #[pin]
        state: State<F, K>,
    }
}

pin_project! {
    #[project = Projected]
    enum State<F, K> {
        Sent { #[pin] inner: F, client: Arc<Client<K>>, trace: Option<Trace> },
        Refused { error: Option<Error<Infallible>> },
    }
}

impl<F, K> SignFuture<F, K> {
    pub(super) fn new(inner: F, client: Arc<Client<K>>, trace: Option<Trace>) -> Self {
        let state = State::Sent {
            inner,
            client,
            trace,
        };
        Self { state }
    }

    pub(super) fn refused(error: Error<Infallible>) -> Self {
        let state = State::Refused { error: Some(error) };
        Self { state }
    }
}

impl<F, K, R, E> Future for SignFuture<F, K>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<R>, Error<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            Projected::Sent {
                inner,
                client,
                trace,
            } => {
                let mut response = ready!(inner.poll(cx)).map_err(Error::Inner)?;
                if let Some(trace) = trace.take() {
                    finish(&mut response, client, trace);
                }
                Poll::Ready(Ok(response))
            }
            Projected::Refused { error } => match error.take() {
                Some(error) => Poll::Ready(Err(error.into_other())),
                // Polled again after it was ready, which no caller may do.
                None => Poll::Pending,
            },
        }
    }
}

fn finish<R, K>(response: &mut Response<R>, client: &Client<K>, trace: Trace) {
    trace.remove_echo(response.headers_mut());
    let (status, headers) = (response.status(), response.headers());
    if trace.corrects_clock(client, status, headers, Timestamp::now()) {
        response.extensions_mut().insert(ClockCorrected);
    }
    let stamp = SentStamp(Arc::new(trace.into_stamp()));
    response.extensions_mut().insert(stamp);
}

impl<F, K> fmt::Debug for SignFuture<F, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignFuture").finish_non_exhaustive()
    }
}
