//! A target that requests are sent to again and again.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "alloc")]
use crate::parameters::Slot;
use crate::{
    base_string::write_start,
    parameters::{Scan, Slots, Sources},
    request::{Known, RequestView},
    signer::SignError,
    sink::Buffer,
    target::Target,
};

/// A method and a target that requests are sent to again and again: the start of their base string is
/// encoded, and their query sorted, once. For requests that differ in nothing but their stamp there
/// is [`Prepared`](crate::Prepared), which keeps more.
///
/// ```
/// use oauth1_core::{ClientCredentials, Endpoint, HmacSha1, Signer, Target};
/// # use oauth1_core::{Nonce, RequestView, Stamp, Timestamp};
/// # let stamp = || Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("n"));
///
/// let target = Target::parse("https://api.example.com/1.1/statuses/update.json?trim_user=1")?;
/// let update = Endpoint::new("POST", target)?;
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let signer = Signer::<HmacSha1>::for_client(&client);
/// for form in [b"status=one", b"status=two"] {
///     let header = signer.authorization(&update.view().with_form(form), stamp())?;
/// #   let plain = RequestView::new("POST", target).with_form(form);
/// #   assert_eq!(header, signer.authorization(&plain, stamp())?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Endpoint<'u, S, B> {
    method: &'u str,
    target: Target<'u>,
    query: S,
    buffer: B,
    /// Where the start of the base string stands in the buffer.
    at: usize,
}

#[cfg(feature = "alloc")]
impl<'u> Endpoint<'u, Vec<Slot>, Vec<u8>> {
    /// With memory from the heap.
    ///
    /// # Errors
    /// [`SignError::TooManyParameters`] for a query of 512 MiB and more, and
    /// [`SignError::DuplicateParameter`] for one that is signed already.
    pub fn new(method: &'u str, target: Target<'u>) -> Result<Self, SignError> {
        Self::with_memory(method, target, Vec::new(), Vec::new())
    }
}

impl<'u, S: Slots, B: Buffer> Endpoint<'u, S, B> {
    /// With memory of the caller's: a slot for each parameter of the query, and a buffer for the start of
    /// the base string, behind what it holds already.
    ///
    /// # Errors
    /// [`SignError::TooManyParameters`] and [`SignError::BufferTooSmall`] where it does not suffice, and
    /// [`SignError::DuplicateParameter`] for a query that is signed already.
    pub fn with_memory(
        method: &'u str,
        target: Target<'u>,
        mut query: S,
        mut buffer: B,
    ) -> Result<Self, SignError> {
        query.clear();
        let signatures = Scan::QUERY
            .pairs(target.query_bytes(), &mut query)
            .map_err(|_| SignError::TooManyParameters)?;
        if signatures.count > 0 {
            return Err(SignError::DuplicateParameter);
        }
        let sources = Sources {
            query: target.query_bytes(),
            ..Sources::default()
        };
        sources.sort(query.as_mut_slice());
        let at = buffer.contents().ok_or(SignError::BufferTooSmall)?.len();
        write_start(method, &target, &mut buffer);
        buffer.contents().ok_or(SignError::BufferTooSmall)?;
        Ok(Self {
            method,
            target,
            query,
            buffer,
            at,
        })
    }

    /// A request to it, to which a body can be added.
    #[must_use]
    pub fn view(&self) -> RequestView<'_> {
        let mut view = RequestView::new(self.method, self.target);
        let start = self
            .buffer
            .contents()
            .and_then(|contents| contents.get(self.at..));
        view.known = start.map(|start| Known {
            start,
            query: self.query.as_slice(),
        });
        view
    }
}

impl<S, B> fmt::Debug for Endpoint<'_, S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({} {:?})", self.method, self.target)
    }
}
