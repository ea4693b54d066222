//! A body on its way: pieces at hand, or read as they are sent.

use core::{
    pin::Pin,
    task::{Context, Poll},
};
use std::io;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use indicatif::ProgressBar;
use tokio::{
    fs::File,
    io::{AsyncRead, AsyncReadExt as _},
    sync::mpsc,
};

use super::content::{Content, Piece};

/// How much is read at once; two of them wait at most.
const CHUNK: usize = 64 * 1024;

/// The body of a request.
pub(super) enum Upload {
    /// Empty once it has been taken.
    AtHand(Bytes),
    Flowing {
        chunks: mpsc::Receiver<io::Result<Bytes>>,
        /// What is still to come, where that is known.
        left: Option<u64>,
        progress: ProgressBar,
    },
}

impl Upload {
    /// Starts to read, in a task of its own, what is not at hand.
    pub(super) fn start(content: Content, progress: ProgressBar) -> Self {
        let left = content.length();
        let mut pieces = content.pieces;
        match (pieces.pop(), pieces.is_empty()) {
            (None, _) => return Self::AtHand(Bytes::new()),
            (Some(Piece::Bytes(bytes)), true) => return Self::AtHand(bytes),
            (Some(piece), _) => pieces.push(piece),
        }
        let (sender, chunks) = mpsc::channel(2);
        tokio::spawn(async move {
            for piece in pieces {
                if let Err(error) = read(piece, &sender).await {
                    // Nobody listens any more, if this fails.
                    sender.send(Err(error)).await.ok();
                    return;
                }
            }
        });
        Self::Flowing {
            chunks,
            left,
            progress,
        }
    }
}

async fn read(piece: Piece, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    match piece {
        Piece::Bytes(bytes) => sender.send(Ok(bytes)).await.map_err(|_| gone()),
        Piece::File { path, length } => {
            let file = File::open(path).await?;
            let read = pass(file.take(length), sender).await?;
            if read < length {
                return Err(io::Error::other(
                    "the file has become shorter since it was looked at",
                ));
            }
            Ok(())
        }
        Piece::Stdin => pass(tokio::io::stdin(), sender).await.map(drop),
    }
}

async fn pass(
    mut input: impl AsyncRead + Unpin,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let count = input.read_buf(&mut chunk).await?;
        if count == 0 {
            return Ok(total);
        }
        total += count as u64;
        sender.send(Ok(chunk.freeze())).await.map_err(|_| gone())?;
    }
}

fn gone() -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::AtHand(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::AtHand(bytes) => Poll::Ready(Some(Ok(Frame::data(core::mem::take(bytes))))),
            Self::Flowing {
                chunks,
                left,
                progress,
            } => chunks.poll_recv(context).map(|chunk| {
                chunk.map(|chunk| {
                    chunk.map(|chunk| {
                        let length = chunk.len() as u64;
                        progress.inc(length);
                        *left = left.map(|left| left.saturating_sub(length));
                        Frame::data(chunk)
                    })
                })
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::AtHand(bytes) => bytes.is_empty(),
            Self::Flowing { left, .. } => *left == Some(0),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::AtHand(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Flowing { left, .. } => left.map_or_else(SizeHint::new, SizeHint::with_exact),
        }
    }
}
