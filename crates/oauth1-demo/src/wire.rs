//! A listener that keeps a copy of every byte: what is shown is what was sent, not what a program meant
//! to send.

use alloc::sync::Arc;
use core::{
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};
use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::serve::Listener;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// What went over the connections of all listeners since it was last asked, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Message>>>);

/// What went one way before something went the other: with HTTP/1.1, a request or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Whose listener it is.
    pub(crate) server: &'static str,
    connection: SocketAddr,
    pub(crate) is_request: bool,
    pub(crate) bytes: Vec<u8>,
}

impl Message {
    /// Whether it is the answer to that request, as far as the connection says.
    pub(crate) fn answers(&self, request: &Self) -> bool {
        !self.is_request && request.is_request && self.connection == request.connection
    }
}

impl Log {
    /// All that was recorded, which is forgotten by that.
    pub(crate) fn take(&self) -> Vec<Message> {
        core::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Message>> {
        // A panic between two appends leaves whole bytes behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections, and records.
#[derive(Debug)]
pub(crate) struct Recorder {
    listener: TcpListener,
    server: &'static str,
    log: Log,
}

impl Recorder {
    pub(crate) fn new(listener: TcpListener, server: &'static str, log: Log) -> Self {
        Self {
            listener,
            server,
            log,
        }
    }
}

impl Listener for Recorder {
    type Io = Recorded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Recorded, SocketAddr) {
        let (stream, connection) = Listener::accept(&mut self.listener).await;
        let recorded = Recorded {
            stream,
            connection,
            server: self.server,
            log: self.log.clone(),
        };
        (recorded, connection)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Recorded {
    stream: TcpStream,
    connection: SocketAddr,
    server: &'static str,
    log: Log,
}

impl Recorded {
    fn append(&self, log: &mut Vec<Message>, is_request: bool, bytes: &[u8]) {
        let mut last = log.iter_mut().rev();
        let last = last.find(|message| message.connection == self.connection);
        match last.filter(|message| message.is_request == is_request) {
            Some(message) => message.bytes.extend_from_slice(bytes),
            None => log.push(Message {
                server: self.server,
                connection: self.connection,
                is_request,
                bytes: bytes.into(),
            }),
        }
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
        let mut log = this.log.lock();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        let bytes = &buffer.filled()[before..];
        if !bytes.is_empty() {
            this.append(&mut log, true, bytes);
        }
        read
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        // Held over the write: nobody sees an answer that is not recorded yet.
        let mut log = this.log.lock();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(written)) = written {
            this.append(&mut log, false, &bytes[..written]);
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
