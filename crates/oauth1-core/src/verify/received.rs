//! The first step: what a request claims, and whether it can be looked at any further.

use super::{
    BodyHashPolicy, Limits, ParameterSet, Policy, Reason, Rejection,
    collected::{Collected, Limited},
};
use crate::{
    authorization::{AuthorizationHeader, Realm},
    base_string::{Assembled, BaseString},
    parameters::{NoRoom, Protocol, Scan, Slot, Slots, Source, push_pairs, push_protocol},
    request::{Body, RequestView},
    signer::oauth_region,
    stamp::Timestamp,
    value::Value,
};

/// A request whose credentials can be read and whose syntax, version, method and timestamp are in
/// order. Nothing of it is proven yet.
#[derive(Clone, Copy)]
#[must_use = "nothing is verified yet"]
pub struct Received<'r> {
    pub(crate) parts: Assembled<'r>,
    pub(super) body: Body<'r>,
    pub(super) signature: Value<'r>,
    pub(super) method: &'r str,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) realm: Option<Realm<'r>>,
    pub(super) window: u64,
}

impl Policy<'_> {
    /// Reads a request: `authorization` are the values of its `Authorization` headers, those of other
    /// schemes too; `now` is the server's clock. One slot suffices for each parameter of header, query
    /// and form; those of the protocol need none where they stand in the header and no other parameter has
    /// a name that begins with `oauth_`.
    ///
    /// # Errors
    /// [`Rejection`] for all that RFC 5849 sections 3.1 to 3.5 forbid and for what exceeds the limits;
    /// too few slots count as the latter.
    pub fn receive<'r, S: Slots + ?Sized>(
        &'r self,
        request: &RequestView<'r>,
        authorization: impl IntoIterator<Item = &'r [u8]>,
        now: Timestamp,
        slots: &'r mut S,
    ) -> Result<Received<'r>, Rejection> {
        let headers = authorization
            .into_iter()
            .filter_map(AuthorizationHeader::parse);
        self.receive_headers(request, headers, now, slots)
    }

    /// The same from headers of the scheme `OAuth`.
    pub(crate) fn receive_headers<'r, S: Slots + ?Sized>(
        &'r self,
        request: &RequestView<'r>,
        headers: impl IntoIterator<Item = AuthorizationHeader<'r>>,
        now: Timestamp,
        slots: &'r mut S,
    ) -> Result<Received<'r>, Rejection> {
        let mut collected = Collected::default();
        self.collect(request, headers, slots, &mut collected)?;
        let block = self.arrange(slots, &mut collected)?;
        let sorted: &'r [Slot] = slots.as_mut_slice();
        let Collected {
            ref sources,
            realm,
            signatures,
            has_header,
            ..
        } = collected;
        let parameters = &sources.protocol;

        let value = |at: usize| parameters.values[at];
        let nothing_said = signatures.count == 0 && parameters.iter().next().is_none();
        if nothing_said && !has_header {
            return Err(Reason::Absent.into());
        }
        let is_plaintext = value(Protocol::METHOD).is_some_and(|method| method == "PLAINTEXT");
        let missing = ParameterSet::default()
            .add_if(value(Protocol::CLIENT).is_none(), ParameterSet::CLIENT)
            .add_if(value(Protocol::METHOD).is_none(), ParameterSet::METHOD)
            .add_if(signatures.last.is_none(), ParameterSet::SIGNATURE)
            .add_if(
                value(Protocol::TIMESTAMP).is_none() && !is_plaintext,
                ParameterSet::TIMESTAMP,
            )
            .add_if(
                value(Protocol::NONCE).is_none() && !is_plaintext,
                ParameterSet::NONCE,
            );
        let (Some(signature), Some(client), Some(method), true) = (
            signatures.last,
            value(Protocol::CLIENT),
            value(Protocol::METHOD),
            missing.is_empty(),
        ) else {
            return Err(Reason::MissingParameters(missing).into());
        };
        // Section 3.1: oauth_version is optional and, if it is there, "1.0".
        if value(Protocol::VERSION).is_some_and(|version| version != "1.0") {
            return Err(Reason::UnsupportedVersion.into());
        }
        let method = self.find_method(method, request.target.origin().is_secure())?;
        check_values(parameters, client, &self.limits)?;
        let timestamp = match value(Protocol::TIMESTAMP) {
            Some(value) => Some(self.check_timestamp(value, now)?),
            None => None,
        };
        self.check_body_hash(value(Protocol::BODY_HASH), request.body, method)?;

        let parts = Assembled {
            method: request.method,
            target: request.target,
            start: None,
            sources: *sources,
            slots: sorted,
            block,
        };
        Ok(Received {
            parts,
            body: request.body,
            signature,
            method,
            timestamp,
            realm,
            window: self.window,
        })
    }

    /// Finds all parameters, unsorted, and enforces the limits.
    fn collect<'r, S: Slots + ?Sized>(
        &self,
        request: &RequestView<'r>,
        headers: impl IntoIterator<Item = AuthorizationHeader<'r>>,
        slots: &mut S,
        collected: &mut Collected<'r>,
    ) -> Result<(), Rejection> {
        slots.clear();
        let mut slots = Limited {
            slots,
            left: self.limits.parameters,
        };
        for header in headers {
            if core::mem::replace(&mut collected.has_header, true) {
                return Err(Reason::SeveralHeaders.into());
            }
            if header.value().len() > self.limits.header_bytes {
                return Err(Reason::HeaderTooLong.into());
            }
            collected.read_header(header, &mut slots)?;
        }

        let query = request.target.query_bytes();
        if query.len() > self.limits.query_bytes {
            return Err(Reason::TooLarge("the query").into());
        }
        collected.sources.query = query;
        collected.add(
            Source::Query,
            Scan::QUERY.strict().pairs(query, &mut slots),
            "query",
        )?;
        match request.body {
            Body::Form(form) => {
                if form.len() > self.limits.form_bytes {
                    return Err(Reason::TooLarge("the form").into());
                }
                collected.sources.form = form;
                collected.add(
                    Source::Form,
                    Scan::FORM.strict().pairs(form, &mut slots),
                    "form",
                )?;
            }
            Body::FormPairs(pairs) => {
                collected.sources.form_pairs = pairs;
                let pushed = push_pairs(Source::FormPairs, pairs, &mut slots);
                collected.add(Source::FormPairs, pushed.map_err(Into::into), "form")?;
            }
            Body::None | Body::Opaque(_) | Body::Streamed => {}
        }
        Ok(())
    }

    /// Sorts, and says where among the slots the protocol parameters stand, if all of them came in the
    /// header. No name that begins with `oauth_` may be there twice or in two places (sections 3.1 and
    /// 3.5).
    fn arrange<S: Slots + ?Sized>(
        &self,
        slots: &mut S,
        collected: &mut Collected<'_>,
    ) -> Result<Option<usize>, Rejection> {
        collected.sources.sort(slots.as_mut_slice());
        let (before, among) = oauth_region(slots.as_mut_slice());
        let block = if among == 0 {
            Some(before)
        } else {
            push_protocol(&collected.sources, slots)
                .map_err(|NoRoom| Reason::TooLarge("the number of parameters"))?;
            collected.sources.sort(slots.as_mut_slice());
            collected.recognize(slots.as_mut_slice())?;
            None
        };
        if let Some(at) = collected.duplicate {
            return Err(Reason::DuplicateParameter(Protocol::NAMES[at]).into());
        }
        if collected.signatures.count > 1 {
            return Err(Reason::DuplicateParameter("oauth_signature").into());
        }
        let places = collected.places;
        if !places.is_power_of_two() && places != 0 && !self.several_locations {
            return Err(Reason::MixedLocations.into());
        }
        Ok(block)
    }

    fn find_method(&self, name: Value<'_>, secure: bool) -> Result<&str, Rejection> {
        let method = self.methods.iter().copied().find(|method| name == **method);
        match method {
            Some("PLAINTEXT") if !secure && !self.plaintext_without_tls => {
                Err(Reason::UnsupportedSignatureMethod.into())
            }
            Some(method) => Ok(method),
            None => Err(Reason::UnsupportedSignatureMethod.into()),
        }
    }

    fn check_timestamp(&self, value: Value<'_>, now: Timestamp) -> Result<Timestamp, Rejection> {
        let timestamp =
            Timestamp::parse(value).ok_or(Reason::MalformedParameter("oauth_timestamp"))?;
        let now = now.unix_seconds();
        if timestamp.unix_seconds().abs_diff(now) > self.window {
            let from = Timestamp::from_unix_seconds;
            let (oldest, newest) = (
                now.saturating_sub(self.window),
                now.saturating_add(self.window),
            );
            return Err(Reason::TimestampRefused(from(oldest), from(newest)).into());
        }
        Ok(timestamp)
    }

    fn check_body_hash(
        &self,
        hash: Option<Value<'_>>,
        body: Body<'_>,
        method: &str,
    ) -> Result<(), Rejection> {
        let demanded = match (self.body_hash, body) {
            (BodyHashPolicy::Optional, _) | (_, Body::Form(_) | Body::FormPairs(_)) => false,
            (BodyHashPolicy::Required, body) => !matches!(body, Body::None | Body::Opaque([])),
            (BodyHashPolicy::Always, _) => true,
        };
        match (hash, body) {
            (Some(_), Body::Form(_) | Body::FormPairs(_)) => Err(Reason::BodyHashOnForm.into()),
            (None, _) if demanded && method != "PLAINTEXT" => Err(Reason::BodyHashMissing.into()),
            _ => Ok(()),
        }
    }
}

/// What goes into a lookup, a log or a header is short and has no control characters. Those of a realm are
/// refused where the header is read.
fn check_values(
    parameters: &Protocol<'_>,
    client: Value<'_>,
    limits: &Limits,
) -> Result<(), Rejection> {
    let value = |at: usize| parameters.values[at];
    let clean =
        |value: &Value<'_>| value.is_clean() || !value.bytes().any(|byte| byte.is_ascii_control());
    for at in [
        Protocol::CLIENT,
        Protocol::TOKEN,
        Protocol::NONCE,
        Protocol::CALLBACK,
        Protocol::VERIFIER,
    ] {
        let longest = match at {
            Protocol::CLIENT | Protocol::TOKEN => limits.identifier_bytes,
            Protocol::NONCE => limits.nonce_bytes,
            _ => usize::MAX,
        };
        // No more is decoded than is encoded.
        let fits = |value: &Value<'_>| value.raw().len() <= longest || value.len() <= longest;
        if value(at).is_some_and(|value| !clean(&value) || !fits(&value)) {
            return Err(Reason::MalformedParameter(Protocol::NAMES[at]).into());
        }
    }
    if client.is_empty() {
        return Err(Reason::MalformedParameter("oauth_consumer_key").into());
    }
    if value(Protocol::NONCE).is_some_and(|nonce| nonce.is_empty()) {
        return Err(Reason::MalformedParameter("oauth_nonce").into());
    }
    Ok(())
}

/// Without the signature, which under PLAINTEXT is the secrets.
impl core::fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Received")
            .field("client", &self.client())
            .field("token", &self.token())
            .field("signature_method", &self.method)
            .field("timestamp", &self.timestamp)
            .field("nonce", &self.nonce())
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

impl<'r> Received<'r> {
    /// The client that claims to sign: `oauth_consumer_key`.
    #[must_use]
    pub fn client(&self) -> Value<'r> {
        // `receive` has seen it.
        self.parts.sources.protocol.values[Protocol::CLIENT].unwrap_or(Value::plain(""))
    }

    /// The temporary or token credentials that are claimed: `oauth_token`. An empty one is none
    /// (RFC 5849 section 3.1).
    #[must_use]
    pub fn token(&self) -> Option<Value<'r>> {
        self.parts.sources.protocol.values[Protocol::TOKEN].filter(|token| !token.is_empty())
    }

    /// The signature method, one of those that the policy lets in.
    #[must_use]
    pub fn signature_method(&self) -> &'r str {
        self.method
    }

    /// The timestamp, which is inside the window; PLAINTEXT may leave it out.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// The nonce; PLAINTEXT may leave it out.
    #[must_use]
    pub fn nonce(&self) -> Option<Value<'r>> {
        self.parts.sources.protocol.values[Protocol::NONCE]
    }

    /// `oauth_callback` (section 2.1).
    #[must_use]
    pub fn callback(&self) -> Option<Value<'r>> {
        self.parts.sources.protocol.values[Protocol::CALLBACK]
    }

    /// `oauth_verifier` (section 2.3).
    #[must_use]
    pub fn verifier(&self) -> Option<Value<'r>> {
        self.parts.sources.protocol.values[Protocol::VERIFIER]
    }

    /// The realm that the header names. It is not signed.
    #[must_use]
    pub fn realm(&self) -> Option<Realm<'r>> {
        self.realm
    }

    /// The base string that the signature should be of. To be compared and explained on the server's
    /// side; it is nothing to be sent to a peer.
    #[must_use]
    pub fn base_string(&self) -> BaseString<'r> {
        self.parts.into()
    }

    /// The signature as it was sent.
    #[must_use]
    pub fn signature(&self) -> Value<'r> {
        self.signature
    }
}
