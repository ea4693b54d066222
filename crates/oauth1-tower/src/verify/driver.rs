//! The driver of the core's chain: it asks the stores what the chain asks.

use alloc::{borrow::Cow, boxed::Box, vec::Vec};
use core::{
    error::Error,
    future::Future as _,
    pin::pin,
    task::{Context, Poll, Waker},
};

use http::{Extensions, HeaderValue, header::AUTHORIZATION, request::Parts};
use http_body::Body;
use oauth1_core::{
    Origin, Slot, Timestamp, Value, VerifyingKey,
    authorization::AuthorizationHeader,
    http::{Payload, view_of},
    verify::{BodyCheck, NonceStatus, Reason, Received, Rejection},
};
use oauth1_store::{CredentialStore, Found, NonceStore, SpentNonce, StoreError};

use super::{
    Anonymous, Mismatch, Verified, VerifiedBody, VerifyLayer,
    answer::Cause,
    layer::{Settings, Unsigned},
    reading::{Rest, read_form},
    record,
};

/// Parameters of most requests, those of the protocol among them.
const SLOTS: usize = 32;

/// What a request is let through as.
pub(super) enum Passed<G> {
    /// With what else its handler is to find.
    Verified(Verified<G>, Option<Extensions>),
    /// With the challenge for handlers that demand a signature.
    Anonymous(HeaderValue),
}

impl<G: Clone + Send + Sync + 'static> Passed<G> {
    /// Puts it where the handler finds it.
    pub(super) fn tell(self, parts: &mut Parts) {
        match self {
            Self::Verified(verified, more) => {
                record::accepted(parts, &verified);
                if let Some(more) = more {
                    parts.extensions.extend(more);
                }
                parts.extensions.insert(verified);
            }
            Self::Anonymous(challenge) => {
                record::anonymous(parts);
                parts.extensions.insert(Anonymous::new(challenge));
            }
        }
    }
}

/// A request that is refused.
pub(super) struct Refused<B> {
    pub(super) why: Why,
    /// What is still to come of its body.
    pub(super) rest: Option<Rest<B>>,
}

/// Of a request that is refused, all but the body.
pub(super) struct Why {
    pub(super) cause: Cause,
    /// The client that it claims to be from, where it came to that.
    pub(super) client: Option<Box<str>>,
}

impl<T: Into<Cause>> From<T> for Why {
    fn from(cause: T) -> Self {
        let (cause, client) = (cause.into(), None);
        Self { cause, client }
    }
}

impl Why {
    fn with_client(self, client: Option<&str>) -> Self {
        let client = client.map(Box::from);
        Self { client, ..self }
    }

    pub(super) const fn with_rest<B>(self, rest: Option<Rest<B>>) -> Refused<B> {
        Refused { why: self, rest }
    }
}

/// What is signed of a body that is no form.
pub(super) fn payload_of(body: &impl Body) -> Payload<'static> {
    if body.is_end_stream() {
        Payload::Empty
    } else {
        Payload::Streamed
    }
}

impl<C: CredentialStore, N: NonceStore> VerifyLayer<C, N> {
    /// Verifies a request, and gives what its handler is told and the body that it gets.
    pub(super) async fn judge<B>(
        &self,
        parts: &Parts,
        body: B,
        is_form: bool,
    ) -> Result<(Passed<C::Grant>, VerifiedBody<B>), Refused<B>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let mut slots = Vec::with_capacity(SLOTS);
        if is_form {
            // Nothing is read for who asks for another server.
            if let Err(rejection) = self.settings.known_origin(parts) {
                return Err(Why::from(rejection).with_rest(Some(Rest::all(body))));
            }
            let limit = self.settings.policy.limits().form_bytes;
            let form = read_form(body, &parts.headers, limit).await;
            let form = form.map_err(|(rejection, rest)| Why::from(rejection).with_rest(rest))?;
            let payload = Payload::Bytes(&form.bytes);
            let verified = self.verify(parts, payload, &mut slots).await;
            let (passed, _) = verified.map_err(|why| why.with_rest(None))?;
            return Ok((passed, VerifiedBody::read(form)));
        }
        match self.verify(parts, payload_of(&body), &mut slots).await {
            Ok((passed, check)) => Ok((passed, VerifiedBody::streamed(body, check))),
            Err(why) => Err(why.with_rest(Some(Rest::all(body)))),
        }
    }

    /// Verifies a request that has no form, with stores that answer at once: nothing is kept for a
    /// later time.
    pub(super) fn judge_at_once(
        &self,
        parts: &Parts,
        payload: Payload<'_>,
    ) -> Result<(Passed<C::Grant>, Option<BodyCheck>), Why> {
        let mut slots = Vec::with_capacity(SLOTS);
        let verified = pin!(self.verify(parts, payload, &mut slots));
        match verified.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(verified) => verified,
            Poll::Pending => {
                let late = StoreError::unavailable("it was to answer at once, and has not");
                Err(Cause::Store("one of both", late).into())
            }
        }
    }

    /// The chain: each step hands out the next question.
    async fn verify(
        &self,
        parts: &Parts,
        payload: Payload<'_>,
        slots: &mut Vec<Slot>,
    ) -> Result<(Passed<C::Grant>, Option<BodyCheck>), Why> {
        let settings = &*self.settings;
        let origin = settings.known_origin(parts)?;
        let now = (settings.clock)();
        let received = (settings.policy).receive_parts(parts, origin.origin, payload, now, slots);
        let received = match (received, origin.rejection) {
            (Err(absent), _)
                if absent.reason() == Reason::Absent
                    && settings.unsigned == Unsigned::Anonymous =>
            {
                let challenge = settings.challenges.of(&absent);
                return Ok((Passed::Anonymous(challenge), None));
            }
            (Err(rejection), None) | (_, Some(rejection)) => return Err(rejection.into()),
            (Ok(received), None) => received,
        };

        let client = received.client().to_str();
        let client = client.as_deref();
        let found = self.find(&received, client, now).await;
        let found = found.map_err(|why| why.with_client(client))?;
        let authentic = received.authenticate(found.lookup(), self.stand_in());
        let authentic = match authentic {
            Ok(authentic) => authentic,
            Err(rejection) => {
                // Nothing is made ready that nobody looks at.
                let is_shown = settings.shows_mismatches() && concerns_signature(rejection);
                let request = is_shown.then(|| view_of(parts, origin.origin, payload));
                if let Some(Ok(request)) = request {
                    let key: &dyn VerifyingKey = match &found {
                        Found::Known(credentials) => &*credentials.key,
                        Found::ClientUnknown | Found::TokenUnknown => self.stand_in(),
                    };
                    let (received, authorization) = (&received, authorization_of(parts));
                    let mismatch = Mismatch {
                        request,
                        received,
                        rejection,
                        key,
                        authorization,
                    };
                    settings.show(&mismatch, now);
                }
                return Err(Why::from(rejection).with_client(client));
            }
        };
        let Found::Known(credentials) = &found else {
            // No lookup but that of a known key is authentic.
            return Err(Rejection::new(Reason::ClientUnknown).into());
        };

        let status = match authentic.replay_key() {
            None => NonceStatus::Absent,
            Some(key) => {
                let nonce = SpentNonce::of(&key);
                let inserted = self.nonces.check_and_insert(nonce, now).await;
                let inserted = inserted.map_err(|error| {
                    Why::from(Cause::Store("nonces", error)).with_client(client)
                })?;
                inserted.into()
            }
        };
        let accepted = authentic.accept(status).and_then(|verified| {
            let check = verified.body_check()?;
            let told = Verified::new(&verified, credentials.grant.clone());
            let more = settings.on_verified.as_ref().map(|extend| {
                let mut more = Extensions::new();
                more.insert(told.clone());
                extend(&verified, &mut more);
                more
            });
            Ok((Passed::Verified(told, more), check))
        });
        match accepted {
            Ok(passed) => Ok(passed),
            Err(rejection) => Err(Why::from(rejection).with_client(client)),
        }
    }

    /// Identifiers that are no text are nobody's.
    async fn find(
        &self,
        received: &Received<'_>,
        client: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<C::Grant>, Why> {
        let token = received.token().map(Value::to_str);
        let (client, token) = match (client, &token) {
            (None, _) => return Ok(Found::ClientUnknown),
            (Some(_), Some(None)) => return Ok(Found::TokenUnknown),
            (Some(client), token) => (client, token.as_ref().and_then(Option::as_ref)),
        };
        let token = token.map(Cow::as_ref);
        let found = self.credentials.find(client, token, now).await;
        found.map_err(|error| Cause::Store("credentials", error).into())
    }
}

/// The origin that a request was signed for, as far as anybody can tell.
#[derive(Clone, Copy)]
struct Claimed<'r> {
    origin: Origin<'r>,
    /// Why it was signed for none of ours: it may still be without a signature, and let through.
    rejection: Option<Rejection>,
}

impl Settings {
    fn known_origin<'r>(&'r self, parts: &'r Parts) -> Result<Claimed<'r>, Rejection> {
        match (self.origin.of(parts), self.unsigned) {
            (Ok(origin), _) => Ok(Claimed {
                origin,
                rejection: None,
            }),
            (Err(rejection), Unsigned::Anonymous) if rejection.reason() == Reason::Misdirected => {
                // RFC 6761 section 6.4: a name that is nobody's.
                let origin = Origin::new("https", "invalid", None).map_err(|_| rejection)?;
                let rejection = Some(rejection);
                Ok(Claimed { origin, rejection })
            }
            (Err(rejection), _) => Err(rejection),
        }
    }

    /// Whether anybody wants to see why a signature does not match.
    const fn shows_mismatches(&self) -> bool {
        self.logs_base_strings || self.explanations.is_some() || self.on_mismatch.is_some()
    }

    fn show(&self, mismatch: &Mismatch<'_>, now: Timestamp) {
        if self.logs_base_strings {
            record::base_string(mismatch);
        }
        if self
            .explanations
            .as_ref()
            .is_some_and(|budget| budget.take(now))
        {
            record::explanation(mismatch);
        }
        if let Some(observe) = &self.on_mismatch {
            observe(mismatch);
        }
    }
}

fn concerns_signature(rejection: Rejection) -> bool {
    matches!(
        rejection.reason(),
        Reason::SignatureInvalid | Reason::ClientUnknown | Reason::TokenUnknown
    )
}

/// A request that came so far has one such header at the most.
fn authorization_of(parts: &Parts) -> Option<&[u8]> {
    let values = parts.headers.get_all(AUTHORIZATION).iter();
    let mut values = values.map(HeaderValue::as_bytes);
    values.find(|value| AuthorizationHeader::parse(value).is_some())
}
