//! A connection that keeps a copy of every byte: what is shown is what was sent, not what the
//! program meant to send.

use alloc::sync::Arc;
use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::{
    io,
    sync::{Mutex, PoisonError},
};

use http::Uri;
use hyper_util::{
    client::legacy::connect::{Connected, Connection, HttpConnector},
    rt::TokioIo,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tower_service::Service;

/// What went over the connections of a client since it was last asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transcript(Arc<Mutex<Traffic>>);

/// The two directions of a connection.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) sent: Vec<u8>,
    pub(crate) received: Vec<u8>,
}

impl Transcript {
    /// All that was recorded, which is forgotten by that.
    pub(crate) fn take(&self) -> Traffic {
        self.with(core::mem::take)
    }

    fn with<T>(&self, look: impl FnOnce(&mut Traffic) -> T) -> T {
        // A panic between two appends leaves whole bytes behind.
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Connects as [`HttpConnector`] does, and records.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    connector: HttpConnector,
    transcript: Transcript,
}

impl Recorder {
    pub(crate) fn new(transcript: Transcript) -> Self {
        Self {
            connector: HttpConnector::new(),
            transcript,
        }
    }
}

impl Service<Uri> for Recorder {
    type Response = TokioIo<Recorded>;
    type Error = <HttpConnector as Service<Uri>>::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.connector.call(uri);
        let transcript = self.transcript.clone();
        Box::pin(async move {
            let stream = connecting.await?.into_inner();
            Ok(TokioIo::new(Recorded { stream, transcript }))
        })
    }
}

/// A TCP connection with its transcript.
#[derive(Debug)]
pub(crate) struct Recorded {
    stream: TcpStream,
    transcript: Transcript,
}

impl Connection for Recorded {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl AsyncRead for Recorded {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        let read = &buffer.filled()[before..];
        this.transcript
            .with(|traffic| traffic.received.extend_from_slice(read));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.transcript
            .with(|traffic| traffic.sent.extend_from_slice(&bytes[..written]));
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
