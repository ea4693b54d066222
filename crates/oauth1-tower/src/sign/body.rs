//! What of a body is at hand before it is sent.

use alloc::{string::String, vec::Vec};
use core::{
    fmt,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::{Buf, Bytes};
use http_body::Body;
use http_body_util::{
    BodyExt, Either, Empty, Full, StreamBody,
    combinators::{BoxBody, UnsyncBoxBody},
};

/// A body of which something can be signed before it is sent.
///
/// Bodies that hold their bytes say them; those that flow say so, and are sent as they are, unless they
/// are forms. A type of one's own:
///
/// ```
/// use oauth1_tower::sign::{AtHand, RequestBody};
///
/// enum Upload {
///     Form(Vec<u8>),
///     File(std::fs::File),
/// }
///
/// impl RequestBody for Upload {
///     fn at_hand(&self) -> AtHand {
///         match self {
///             Self::Form(form) => AtHand::Bytes(form.clone().into()),
///             Self::File(_) => AtHand::Streamed,
///         }
///     }
///
///     fn from_form(form: Vec<u8>) -> Option<Self> {
///         Some(Self::Form(form))
///     }
/// }
/// ```
pub trait RequestBody: Sized {
    /// What is at hand. It must be what is sent.
    fn at_hand(&self) -> AtHand;

    /// A body that is this form: in place of the one that there is, where the protocol parameters travel
    /// in it. `None` where the type has no room for it, which is then an error.
    fn from_form(form: Vec<u8>) -> Option<Self>;
}

/// What of a body is at hand.
#[derive(Clone, PartialEq, Eq)]
pub enum AtHand {
    /// There is none.
    Empty,
    /// All of it.
    Bytes(Bytes),
    /// It flows by later.
    Streamed,
}

impl AtHand {
    fn bytes(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            Self::Empty
        } else {
            Self::Bytes(bytes)
        }
    }

    /// Of a body that flows, and may be known to be empty.
    fn flowing(body: &impl Body) -> Self {
        if body.size_hint().exact() == Some(0) {
            Self::Empty
        } else {
            Self::Streamed
        }
    }
}

/// Without the bytes, which may hold a password.
impl fmt::Debug for AtHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Streamed => f.write_str("Streamed"),
        }
    }
}

impl RequestBody for () {
    fn at_hand(&self) -> AtHand {
        AtHand::Empty
    }

    fn from_form(_: Vec<u8>) -> Option<Self> {
        None
    }
}

macro_rules! bytes {
    ($($body:ty)*) => {
        $(
            impl RequestBody for $body {
                fn at_hand(&self) -> AtHand {
                    AtHand::bytes(Bytes::copy_from_slice(self.as_ref()))
                }

                fn from_form(form: Vec<u8>) -> Option<Self> {
                    form.try_into().ok()
                }
            }
        )*
    };
}

bytes! { Vec<u8> String }

impl RequestBody for Bytes {
    fn at_hand(&self) -> AtHand {
        AtHand::bytes(self.clone())
    }

    fn from_form(form: Vec<u8>) -> Option<Self> {
        Some(form.into())
    }
}

/// Its bytes are at hand, though it does not show them: a copy of it gives them at once. That copies
/// nothing where `D` is [`Bytes`].
impl<D: Buf + Clone + From<Vec<u8>>> RequestBody for Full<D> {
    fn at_hand(&self) -> AtHand {
        let copy = pin!(self.clone());
        let mut context = Context::from_waker(Waker::noop());
        match copy.poll_frame(&mut context) {
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(mut data) => AtHand::bytes(data.copy_to_bytes(data.remaining())),
                Err(_) => AtHand::Empty,
            },
            Poll::Ready(_) => AtHand::Empty,
            Poll::Pending => AtHand::Streamed,
        }
    }

    fn from_form(form: Vec<u8>) -> Option<Self> {
        Some(Self::new(form.into()))
    }
}

impl<D> RequestBody for Empty<D> {
    fn at_hand(&self) -> AtHand {
        AtHand::Empty
    }

    fn from_form(_: Vec<u8>) -> Option<Self> {
        None
    }
}

macro_rules! boxed {
    ($($body:ident, $boxed:ident, $($bound:ident)+;)*) => {
        $(
            /// It flows, whatever is in the box: a form must not stand in one.
            impl<D, E> RequestBody for $body<D, E>
            where
                D: Buf + From<Vec<u8>> $(+ $bound)+ + 'static,
                E: 'static,
            {
                fn at_hand(&self) -> AtHand {
                    AtHand::flowing(self)
                }

                fn from_form(form: Vec<u8>) -> Option<Self> {
                    let full = Full::new(D::from(form));
                    Some(full.map_err(|never| match never {}).$boxed())
                }
            }
        )*
    };
}

boxed! {
    BoxBody, boxed, Send Sync;
    UnsyncBoxBody, boxed_unsync, Send;
}

impl<S> RequestBody for StreamBody<S> {
    fn at_hand(&self) -> AtHand {
        AtHand::Streamed
    }

    fn from_form(_: Vec<u8>) -> Option<Self> {
        None
    }
}

/// What either of them has at hand; a form goes where there is room for one.
impl<L: RequestBody, R: RequestBody> RequestBody for Either<L, R> {
    fn at_hand(&self) -> AtHand {
        match self {
            Self::Left(left) => left.at_hand(),
            Self::Right(right) => right.at_hand(),
        }
    }

    fn from_form(form: Vec<u8>) -> Option<Self> {
        match L::from_form(form.clone()) {
            Some(left) => Some(Self::Left(left)),
            None => R::from_form(form).map(Self::Right),
        }
    }
}
