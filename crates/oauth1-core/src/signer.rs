//! Signing (RFC 5849 section 3).

pub use self::{
    error::SignError,
    options::{BodyHashRule, ProtocolParameters},
};
use crate::{
    authorization::{AuthorizationWriter, Transmission},
    base_string::Assembled,
    body_hash::BodyHash,
    credentials::{ClientCredentials, Secret, TemporaryCredentials, TokenCredentials},
    decimal::Decimal,
    draft::{Changing, Draft, Values, write_unsigned_parameters},
    method::{Digest, KeyFrom, SigningKey},
    parameters::{Slot, Slots, Sources, push_protocol},
    request::{Body, RequestView},
    sink::{Buffer, Sink},
    stamp::{Stamp, UsedStamp},
    text::Text,
    value::{Parameter, Value, prefix_key},
    writer::{Window, Writer},
};

mod error;
mod options;

/// Signs requests with one set of credentials: keyed once, used by as many threads as one likes.
///
/// ```
/// use oauth1_core::{
///     ClientCredentials, HmacSha1, Nonce, RequestView, Signer, Stamp, Target, Timestamp,
///     TokenCredentials,
/// };
///
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
/// let signer = Signer::<HmacSha1>::for_token(&client, &token).with_realm("Photos");
///
/// let target = Target::parse("http://photos.example.net/photos?file=vacation.jpg&size=original")?;
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(137_131_202), Nonce::new("chapoH"));
/// let header = signer.authorization(&RequestView::new("GET", target), stamp)?;
/// assert!(header.ends_with("oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer<'a, K> {
    pub(crate) key: K,
    client: Text<'a>,
    token: Option<Text<'a>>,
    realm: Option<Text<'a>>,
    transmission: Transmission,
    body_hash: BodyHashRule,
    version: bool,
    plaintext_without_tls: bool,
}

impl<'a, K> Signer<'a, K> {
    /// With a client's credentials alone, as for temporary credentials (section 2.1) and for
    /// requests that no resource owner is asked for. No `oauth_token` is sent.
    pub fn for_client<C>(client: &ClientCredentials<'a, C>) -> Self
    where
        K: KeyFrom<C>,
    {
        let key = K::key_from(client.key(), &Secret::EMPTY);
        Self::with_key(key, client.identifier_text().clone())
    }

    /// With temporary credentials: for the token request (section 2.3).
    pub fn for_temporary<C>(
        client: &ClientCredentials<'a, C>,
        temporary: &TemporaryCredentials<'a>,
    ) -> Self
    where
        K: KeyFrom<C>,
    {
        let key = K::key_from(client.key(), temporary.secret());
        Self::with_key(key, client.identifier_text().clone())
            .with_token(temporary.identifier_text().clone())
    }

    /// With token credentials: for the resources of who gave them (section 3).
    pub fn for_token<C>(client: &ClientCredentials<'a, C>, token: &TokenCredentials<'a>) -> Self
    where
        K: KeyFrom<C>,
    {
        let key = K::key_from(client.key(), token.secret());
        Self::with_key(key, client.identifier_text().clone())
            .with_token(token.identifier_text().clone())
    }

    /// With a key that was made already: one of a method of one's own, or an
    /// [`ExternalKey`](crate::ExternalKey).
    pub fn with_key(key: K, client: impl Into<Text<'a>>) -> Self {
        Self {
            key,
            client: client.into(),
            token: None,
            realm: None,
            transmission: Transmission::Header,
            body_hash: BodyHashRule::Auto,
            version: false,
            plaintext_without_tls: false,
        }
    }

    /// Sends this `oauth_token`. The empty one is sent too, which some servers insist on.
    #[must_use]
    pub fn with_token(self, identifier: impl Into<Text<'a>>) -> Self {
        Self {
            token: Some(identifier.into()),
            ..self
        }
    }

    /// Sends this `oauth_token` if there is no other.
    #[cfg(feature = "alloc")]
    pub(crate) fn with_token_unless_given(self, identifier: &'static str) -> Self {
        if self.token.is_some() {
            return self;
        }
        self.with_token(identifier)
    }

    /// Sends a realm, in the `Authorization` header alone; it is not signed.
    #[must_use]
    pub fn with_realm(self, realm: impl Into<Text<'a>>) -> Self {
        Self {
            realm: Some(realm.into()),
            ..self
        }
    }

    /// Sends the protocol parameters elsewhere than in the header (section 3.5).
    #[must_use]
    pub fn with_transmission(self, transmission: Transmission) -> Self {
        Self {
            transmission,
            ..self
        }
    }

    /// Says when `oauth_body_hash` is sent.
    #[must_use]
    pub fn with_body_hash(self, rule: BodyHashRule) -> Self {
        Self {
            body_hash: rule,
            ..self
        }
    }

    /// Sends `oauth_version="1.0"`, which is optional (section 3.1).
    #[must_use]
    pub fn with_version(self) -> Self {
        Self {
            version: true,
            ..self
        }
    }

    /// Signs with PLAINTEXT where there is no TLS: for a channel that is secure in another way, such as
    /// the loopback interface. RFC 5849 section 3.4.4: it "MUST be used with a transport-layer mechanism
    /// such as TLS".
    #[must_use]
    pub fn allow_plaintext_without_tls(self) -> Self {
        Self {
            plaintext_without_tls: true,
            ..self
        }
    }

    /// Where the protocol parameters go.
    pub const fn transmission(&self) -> Transmission {
        self.transmission
    }

    /// The realm, if one is sent.
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        self.realm.as_deref()
    }

    /// The key.
    pub const fn key(&self) -> &K {
        &self.key
    }

    /// The same without a copy, to be changed for one request.
    #[cfg(feature = "http")]
    pub(crate) fn lend(&self) -> Signer<'_, &K> {
        Signer {
            key: &self.key,
            client: self.client.lend(),
            token: self.token.as_ref().map(Text::lend),
            realm: self.realm.as_ref().map(Text::lend),
            transmission: self.transmission,
            body_hash: self.body_hash,
            version: self.version,
            plaintext_without_tls: self.plaintext_without_tls,
        }
    }

    /// The same, borrowing nothing.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Signer<'static, K> {
        Signer {
            client: self.client.into_owned(),
            token: self.token.map(Text::into_owned),
            realm: self.realm.map(Text::into_owned),
            key: self.key,
            transmission: self.transmission,
            body_hash: self.body_hash,
            version: self.version,
            plaintext_without_tls: self.plaintext_without_tls,
        }
    }
}

/// The part of a signature method that is no key: what [`Signer::draft`] needs to know.
pub trait SignatureMethod {
    /// The value of `oauth_signature_method`.
    fn method_name(&self) -> &'static str;

    /// The digest of `oauth_body_hash`, `None` where the method has none.
    fn digest(&self) -> Option<Digest>;
}

impl<K: SigningKey> SignatureMethod for K {
    fn method_name(&self) -> &'static str {
        self.method()
    }

    fn digest(&self) -> Option<Digest> {
        self.body_digest()
    }
}

impl<K: SignatureMethod> Signer<'_, K> {
    /// Collects what is signed, so that the base string can be looked at, or signed by a key that is
    /// not in this program. The slots need one place for each parameter of query and form, and nine
    /// and the extra ones more where there are extra parameters, or the request has parameters whose names
    /// begin with `oauth_`.
    ///
    /// # Errors
    /// [`SignError`] when the request cannot be signed; nothing has been written then.
    pub fn draft<'d, 'n, S: Slots + ?Sized>(
        &'d self,
        request: &RequestView<'d>,
        parameters: &ProtocolParameters<'d>,
        stamp: Stamp<'n>,
        slots: &'d mut S,
    ) -> Result<Draft<'d, 'n>, SignError> {
        let changing = Changing {
            timestamp: clock_time(&stamp)?,
            body_hash: self.hash_of(request.body, parameters)?,
            stamp,
        };
        let placeholder = changing.body_hash.is_some().then_some(Value::constant(""));
        let values = Values {
            body_hash: placeholder.or(parameters.body_hash),
            ..Values::PLACEHOLDERS
        };
        let mut parts = Assembled::of(request);
        self.assemble(request, parameters, &values, slots, &mut parts)?;
        let (realm, transmission) = (self.realm.as_deref(), self.transmission);
        Ok(Draft {
            changing,
            parts,
            realm,
            transmission,
        })
    }

    /// Collects and sorts, into parts that are [of the request](Assembled::of).
    fn assemble<'d, S: Slots + ?Sized>(
        &'d self,
        request: &RequestView<'d>,
        parameters: &ProtocolParameters<'d>,
        values: &Values<'d>,
        slots: &'d mut S,
        parts: &mut Assembled<'d>,
    ) -> Result<(), SignError> {
        if let (Body::Opaque(_) | Body::Streamed, Transmission::Form) =
            (request.body, self.transmission)
        {
            return Err(SignError::NoForm);
        }
        if self
            .realm
            .as_ref()
            .is_some_and(|realm| realm.bytes().any(|b| b.is_ascii_control()))
        {
            return Err(SignError::ControlCharacterInRealm);
        }
        let unsendable = |extra: &Parameter<'_>| {
            extra.name.is_empty() || extra.name.eq_ignore_ascii_case(b"realm")
        };
        if self.transmission == Transmission::Header && parameters.extra.iter().any(unsendable) {
            return Err(SignError::UnsendableName);
        }
        let is_plaintext = self.key.method_name() == "PLAINTEXT";
        if is_plaintext && !self.plaintext_without_tls && !request.target.origin().is_secure() {
            return Err(SignError::PlaintextWithoutTls);
        }
        let sources = &mut parts.sources;
        sources.collect(request, slots)?;
        if sources.signatures > 0 {
            return Err(SignError::DuplicateParameter);
        }
        sources.extra = parameters.extra;
        sources.protocol.values = [
            values.body_hash,
            parameters.callback,
            Some(self.client.value()),
            Some(values.nonce),
            Some(Value::plain_inline(self.key.method_name())),
            Some(values.timestamp),
            self.token.as_ref().map(Text::value),
            parameters.verifier,
            self.version.then_some(Value::constant("1.0")),
        ];
        parts.block = arrange(&parts.sources, slots)?;
        if values.body_hash.is_some() && self.sends_form(request.body) {
            return Err(SignError::BodyHashOnForm);
        }
        parts.slots = slots.as_mut_slice();
        Ok(())
    }

    #[inline]
    fn sends_form(&self, body: Body<'_>) -> bool {
        self.transmission == Transmission::Form
            || matches!(body, Body::Form(_) | Body::FormPairs(_))
    }

    fn hash_of(
        &self,
        body: Body<'_>,
        parameters: &ProtocolParameters<'_>,
    ) -> Result<Option<BodyHash>, SignError> {
        // A given hash is sent as it is; a form has none.
        if parameters.body_hash.is_some() || self.sends_form(body) {
            return Ok(None);
        }
        let Some(digest) = self.key.digest() else {
            return Ok(None);
        };
        let body = match (self.body_hash, body) {
            (BodyHashRule::Auto, Body::None | Body::Streamed | Body::Opaque([]))
            | (BodyHashRule::Never, _)
            | (_, Body::Form(_) | Body::FormPairs(_)) => return Ok(None),
            (_, Body::Opaque(body)) => body,
            (BodyHashRule::Always, Body::Streamed) => return Err(SignError::BodyNotAtHand),
            (BodyHashRule::Always, Body::None) => &[],
        };
        BodyHash::of(digest, body)
            .map(Some)
            .ok_or(SignError::DigestNotCompiledIn)
    }
}

/// Section 3.3: a positive integer.
#[inline]
fn clock_time(stamp: &Stamp<'_>) -> Result<Decimal, SignError> {
    if stamp.timestamp().unix_seconds() == 0 {
        return Err(SignError::ClockNotSet);
    }
    Ok(stamp.timestamp().decimal())
}

/// Sorts, and says where among the slots the protocol parameters stand, if they stand together.
fn arrange<S: Slots + ?Sized>(
    sources: &Sources<'_>,
    slots: &mut S,
) -> Result<Option<usize>, SignError> {
    sources.sort(slots.as_mut_slice());
    let sorted = slots.as_mut_slice();
    let (before, among) = oauth_region(sorted);
    if among == 0 && sources.extra.is_empty() {
        return Ok(Some(before));
    }
    if push_protocol(sources, slots)?.count > 0 {
        return Err(SignError::DuplicateParameter);
    }
    let all = slots.as_mut_slice();
    sources.sort(all);
    let (start, count) = oauth_region(all);
    for pair in all[start..start + count].windows(2) {
        if sources.name(&pair[0]) == sources.name(&pair[1]) {
            return Err(SignError::DuplicateParameter);
        }
    }
    Ok(None)
}

/// Where the parameters whose names begin with `oauth_` start in a sorted list, and how many they are.
pub(crate) fn oauth_region(sorted: &[Slot]) -> (usize, usize) {
    const LOW: u64 = prefix_key(b"oauth_");
    const HIGH: u64 = LOW | 0xFFFF;
    let before = sorted.partition_point(|slot| slot.key() < LOW);
    let among = sorted[before..].partition_point(|slot| slot.key() <= HIGH);
    (before, among)
}

impl<K: SigningKey> Signer<'_, K> {
    /// Signs a request, and writes what its [`Transmission`] asks for into `out`: the value of the
    /// `Authorization` header, or pairs to be appended to the query or the form. Nothing is allocated
    /// where `slots` and `out` have room.
    ///
    /// # Errors
    /// [`SignError`]; what has been written by then is not to be used.
    pub fn sign<'n, S: Slots + ?Sized, O: Sink + ?Sized>(
        &self,
        request: &RequestView<'_>,
        parameters: &ProtocolParameters<'_>,
        stamp: Stamp<'n>,
        slots: &mut S,
        out: &mut O,
    ) -> Result<UsedStamp<'n>, SignError> {
        let timestamp = clock_time(&stamp)?;
        let body_hash = self.hash_of(request.body, parameters)?;
        let values = Values::new(&stamp, &timestamp, body_hash.as_ref(), parameters);
        let mut parts = Assembled::of(request);
        self.assemble(request, parameters, &values, slots, &mut parts)?;
        let mut state = self.key.start();
        let mut window = Window::new();
        parts.write_to(&mut state, &mut window);
        // Through the window too, so that the sink sees one piece in place of some twenty.
        let mut text = Writer::new(out, &mut window);
        let realm = self.realm.as_deref();
        let mut writer = AuthorizationWriter::new(self.transmission, realm, &mut text);
        write_unsigned_parameters(&parts.sources, &mut writer);
        self.key.finish(state, &mut writer.open_signature())?;
        writer.close();
        text.flush();
        Ok(UsedStamp(stamp))
    }

    /// Signs a request and gives the value of its `Authorization` header, or the pairs to be appended
    /// where the [`Transmission`] is another.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    #[cfg(feature = "alloc")]
    pub fn authorization(
        &self,
        request: &RequestView<'_>,
        stamp: Stamp<'_>,
    ) -> Result<alloc::string::String, SignError> {
        let mut out = alloc::vec::Vec::with_capacity(384);
        let mut slots = alloc::vec::Vec::new();
        self.sign(
            request,
            &ProtocolParameters::NONE,
            stamp,
            &mut slots,
            &mut out,
        )?;
        // A realm is a `str` and all else is encoded.
        Ok(alloc::string::String::from_utf8(out).unwrap_or_default())
    }

    /// Keeps all that requests to one endpoint have in common, so that only the nonce and the
    /// timestamp are left to be signed: for requests that are sent again and again.
    ///
    /// `buffer` keeps the base string and the start of the header, behind what it holds already.
    ///
    /// # Errors
    /// [`SignError`], and [`SignError::BufferTooSmall`] where the buffer has no room.
    pub fn prepare<S: Slots + ?Sized, B: Buffer>(
        &self,
        request: &RequestView<'_>,
        parameters: &ProtocolParameters<'_>,
        slots: &mut S,
        buffer: B,
    ) -> Result<crate::Prepared<'_, K, B>, SignError> {
        let never = Stamp::new(
            crate::Timestamp::from_unix_seconds(1),
            crate::Nonce::new(""),
        );
        let draft = self.draft(request, parameters, never, slots)?;
        crate::Prepared::new(&self.key, &draft, self.transmission, buffer)
    }
}

#[cfg(test)]
mod tests;
