//! What all requests of one client have in common.

use core::sync::atomic::{AtomicI32, Ordering};

use ::http::{Method, request::Parts};

use super::{
    AttemptBody, Trace,
    echo::{Echo, Length},
};
use crate::{
    authorization::Transmission,
    http::{Error, Payload, Signed},
    method::SigningKey,
    signer::{ProtocolParameters, Signer},
    stamp::Stamp,
};

/// What all requests of one client have in common: how they are signed, how far redirects are followed,
/// how often they are sent again, and how far the server's clock is off. Shared by reference or in an
/// `Arc` by as many threads and tasks as one likes.
///
/// ```
/// # #[cfg(feature = "hmac-sha256")] {
/// use oauth1_core::{ClientCredentials, HmacSha256, Signer, exchange::{Client, OtherOrigins}};
///
/// let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let client = Client::new(Signer::<HmacSha256>::for_client(&credentials).with_realm("Photos"))
///     .with_redirect_limit(3)
///     .with_other_origins(OtherOrigins::Unsigned)
///     .with_retries(2);
/// assert_eq!(client.redirect_limit(), 3);
/// # }
/// ```
#[derive(Debug)]
pub struct Client<K> {
    signer: Signer<'static, K>,
    redirect_limit: u8,
    other_origins: OtherOrigins,
    retries: u8,
    clock_correction: u64,
    form_limit: usize,
    /// Seconds that the server's clock is ahead of ours. 32 bits, because some targets with a standard
    /// library have no atomics of 64; they hold 68 years.
    clock_offset: AtomicI32,
}

/// What is done about a redirect to another scheme, host or port than the first request had. None is
/// ever signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherOrigins {
    /// The exchange stops and says where the redirect leads: the caller may go on unsigned.
    #[default]
    Stop,
    /// It is followed unsigned.
    Unsigned,
}

impl<K> Client<K> {
    /// Ten redirects on the same origin and none elsewhere, no retries, no correction of the clock, and
    /// forms of up to 1 MiB.
    #[must_use]
    pub fn new(signer: Signer<'static, K>) -> Self {
        Self {
            signer,
            // As many as browsers of old and most HTTP clients.
            redirect_limit: 10,
            other_origins: OtherOrigins::Stop,
            retries: 0,
            clock_correction: 0,
            // What a server reads of one: see `verify::Limits`.
            form_limit: 1024 * 1024,
            clock_offset: AtomicI32::new(0),
        }
    }

    /// How many redirects one request follows. With none, the response that redirects is the caller's.
    #[must_use]
    pub fn with_redirect_limit(self, redirect_limit: u8) -> Self {
        Self {
            redirect_limit,
            ..self
        }
    }

    /// What is done about redirects to another origin.
    #[must_use]
    pub fn with_other_origins(self, other_origins: OtherOrigins) -> Self {
        Self {
            other_origins,
            ..self
        }
    }

    /// How often one request is sent again where the transport fails. Each attempt has a nonce of its
    /// own; a request that the server may have received is sent again only if its method is idempotent.
    #[must_use]
    pub fn with_retries(self, retries: u8) -> Self {
        Self { retries, ..self }
    }

    /// Believes a server that refuses a timestamp: takes the time from `oauth_acceptable_timestamps` or
    /// the `Date` of its refusal, once per request, and keeps the difference for all that follow.
    ///
    /// `most` is the number of seconds beyond which it is not believed. A server, or without TLS whoever
    /// stands between, that may set the clock far ahead gets requests which it can use much later: a day
    /// is enough for clocks that are set to the wrong time zone. A device that has no clock of its own
    /// needs more. Zero switches it off.
    #[must_use]
    pub fn with_clock_correction(self, most: u64) -> Self {
        Self {
            clock_correction: most,
            ..self
        }
    }

    /// How many bytes of a form an adapter buffers, to sign its pairs. A larger one is an error.
    #[must_use]
    pub fn with_form_limit(self, form_limit: usize) -> Self {
        Self { form_limit, ..self }
    }

    /// How requests are signed.
    #[must_use]
    pub const fn signer(&self) -> &Signer<'static, K> {
        &self.signer
    }

    /// How many redirects one request follows.
    #[must_use]
    pub const fn redirect_limit(&self) -> u8 {
        self.redirect_limit
    }

    /// What is done about redirects to another origin.
    #[must_use]
    pub const fn other_origins(&self) -> OtherOrigins {
        self.other_origins
    }

    /// How often one request is sent again where the transport fails.
    #[must_use]
    pub const fn retries(&self) -> u8 {
        self.retries
    }

    /// By how many seconds a refusal may correct the clock; zero where that is switched off.
    #[must_use]
    pub const fn clock_correction(&self) -> u64 {
        self.clock_correction
    }

    /// How many bytes of a form an adapter buffers.
    #[must_use]
    pub const fn form_limit(&self) -> usize {
        self.form_limit
    }

    /// How many seconds the server's clock is ahead of the caller's, as far as it is known: what is
    /// added to every timestamp.
    #[must_use]
    pub fn clock_offset(&self) -> i64 {
        self.clock_offset.load(Ordering::Relaxed).into()
    }

    /// Sets what is added to every timestamp, in seconds: as learned in an earlier run, or from a time
    /// service. At most 68 years to either side.
    pub fn set_clock_offset(&self, seconds: i64) {
        let clamped = seconds.clamp(i32::MIN.into(), i32::MAX.into());
        let offset = i32::try_from(clamped).unwrap_or_default();
        self.clock_offset.store(offset, Ordering::Relaxed);
    }
}

impl<K: SigningKey> Client<K> {
    /// Signs one request in place, and decides nothing else. The clock offset is added to the stamp, and
    /// protocol parameters that should travel in a form go where
    /// [`Exchange::attempt`](super::Exchange::attempt) sends them.
    ///
    /// # Errors
    /// [`Error`]; the parts are as they were then.
    pub fn sign_parts(
        &self,
        parts: &mut Parts,
        payload: Payload<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'static>,
    ) -> Result<Signed, Error> {
        self.sign_shifted(parts, payload, parameters, stamp, self.clock_offset())
    }

    /// The same for stacks whose own layers follow redirects and retry, and so decide what an
    /// [`Exchange`](super::Exchange) would. What is left to be done with the answer is in the
    /// [`Trace`].
    ///
    /// # Errors
    /// [`Error`]; the parts are as they were then.
    pub fn sign_attempt(
        &self,
        parts: &mut Parts,
        payload: Payload<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'static>,
    ) -> Result<(AttemptBody, Trace), Error> {
        let offset = self.clock_offset();
        let before = Length::of(parts);
        let signed = self.sign_shifted(parts, payload, parameters, stamp, offset)?;
        let form = match payload {
            Payload::Bytes(form) => form,
            Payload::Empty | Payload::Streamed => &[],
        };
        let echo = Echo::of(before, parts, form, signed.body.as_deref());
        let (stamp, form) = signed.into_parts();
        let body = form.map_or_else(|| AttemptBody::of(payload), AttemptBody::Form);
        let trace = Trace {
            stamp,
            offset,
            echo,
        };
        Ok((body, trace))
    }

    fn sign_shifted(
        &self,
        parts: &mut Parts,
        payload: Payload<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'static>,
        offset: i64,
    ) -> Result<Signed, Error> {
        let stamp = stamp.shifted(offset);
        let is_empty = matches!(payload, Payload::Empty | Payload::Bytes([]));
        let sends_form = self.signer.transmission() == Transmission::Form;
        if sends_form && is_empty && !may_have_body(&parts.method) {
            let signer = self.signer.lend().with_transmission(Transmission::Header);
            return signer.sign_parts(parts, payload, parameters, stamp);
        }
        self.signer.sign_parts(parts, payload, parameters, stamp)
    }
}

// RFC 9110 section 9.3: in these, content has no generally defined semantics, or must not be.
fn may_have_body(method: &Method) -> bool {
    let without = [
        Method::GET,
        Method::HEAD,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    !without.contains(method)
}
