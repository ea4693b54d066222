//! A request that is ready to be signed, by whatever holds the key.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    authorization::{AuthorizationWriter, Transmission, known_parameter},
    base_string::{Assembled, BaseString},
    body_hash::BodyHash,
    decimal::Decimal,
    method::Digest,
    parameters::{Protocol, Sources},
    signer::{ProtocolParameters, SignError, SignatureMethod},
    sink::Sink,
    stamp::{Stamp, UsedStamp},
    value::{Encoding, Value},
    writer::{Window, Writer},
};

/// A request that is ready to be signed: the base string goes out, the signature comes back.
///
/// This is the way for keys in a hardware module or a key management service.
///
/// ```
/// use oauth1_core::{
///     Digest, ExternalKey, Nonce, ProtocolParameters, RequestView, Signer, Stamp, Target, Timestamp,
/// };
///
/// # fn ask_the_key_service(_: &str) -> Vec<u8> { vec![1, 2, 3] }
/// let signer = Signer::with_key(ExternalKey::new("RSA-SHA256", Digest::Sha256), "a-client");
/// let target = Target::parse("https://api.example.com/")?;
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(137_131_202), Nonce::new("chapoH"));
/// let mut slots = Vec::new();
/// let request = RequestView::new("GET", target);
/// let draft = signer.draft(&request, &ProtocolParameters::NONE, stamp, &mut slots)?;
///
/// let signature = ask_the_key_service(&draft.base_string().to_string());
/// let mut header = Vec::new();
/// draft.authorize_bytes(&signature, &mut header)?;
/// assert!(header.ends_with(b"oauth_signature=\"AQID\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Draft<'d, 'n> {
    pub(crate) changing: Changing<'n>,
    /// With placeholders for the values that change.
    pub(crate) parts: Assembled<'d>,
    pub(crate) realm: Option<&'d str>,
    pub(crate) transmission: Transmission,
}

/// What changes from one request to the next, in memory of its own.
#[derive(Debug)]
pub(crate) struct Changing<'n> {
    pub(crate) stamp: Stamp<'n>,
    pub(crate) timestamp: Decimal,
    pub(crate) body_hash: Option<BodyHash>,
}

/// The values of [`Changing`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values<'a> {
    pub(crate) nonce: Value<'a>,
    pub(crate) timestamp: Value<'a>,
    pub(crate) body_hash: Option<Value<'a>>,
}

impl Values<'static> {
    /// For what is filled in later: what is sorted are the names.
    pub(crate) const PLACEHOLDERS: Self = Self {
        nonce: Value::constant(""),
        timestamp: Value::constant(""),
        body_hash: None,
    };
}

impl<'a> Values<'a> {
    /// The body hash is the one that was computed, or else the one that was given.
    #[inline]
    pub(crate) fn new(
        stamp: &'a Stamp<'_>,
        timestamp: &'a Decimal,
        body_hash: Option<&'a BodyHash>,
        parameters: &ProtocolParameters<'a>,
    ) -> Self {
        Self {
            nonce: stamp.nonce().value(),
            timestamp: Value::scanned(timestamp.as_bytes(), Encoding::Plain, true),
            body_hash: body_hash.map(BodyHash::value).or(parameters.body_hash),
        }
    }
}

impl<'n> Draft<'_, 'n> {
    /// What is to be signed.
    #[must_use]
    pub fn base_string(&self) -> BaseString<'_> {
        self.complete().into()
    }

    /// With the values that the draft owns.
    pub(crate) fn complete(&self) -> Assembled<'_> {
        let mut parts = self.parts;
        let Changing {
            stamp,
            timestamp,
            body_hash,
        } = &self.changing;
        let none = &ProtocolParameters::NONE;
        let own = Values::new(stamp, timestamp, body_hash.as_ref(), none);
        let values = &mut parts.sources.protocol.values;
        values[Protocol::NONCE] = Some(own.nonce);
        values[Protocol::TIMESTAMP] = Some(own.timestamp);
        if own.body_hash.is_some() {
            values[Protocol::BODY_HASH] = own.body_hash;
        }
        parts
    }

    /// Writes the protocol parameters with `signature`, the text that a signature method makes, not
    /// percent-encoded, as their [`Transmission`] asks for: see [`Signer::sign`](crate::Signer::sign).
    pub fn authorize<O: Sink + ?Sized>(self, signature: &str, out: &mut O) -> UsedStamp<'n> {
        let sources = self.complete().sources;
        let mut window = Window::new();
        let mut text = Writer::new(out, &mut window);
        let mut writer = AuthorizationWriter::new(self.transmission, self.realm, &mut text);
        write_unsigned_parameters(&sources, &mut writer);
        writer.open_signature().put(signature.as_bytes());
        writer.close();
        text.flush();
        UsedStamp(self.changing.stamp)
    }

    /// The same from the bytes of a signature, up to 1 KiB (an RSA key of 8192 bits), which are sent in
    /// base64.
    ///
    /// # Errors
    /// [`SignError::SigningFailed`] for a longer one; nothing has been written then.
    pub fn authorize_bytes<O: Sink + ?Sized>(
        self,
        signature: &[u8],
        out: &mut O,
    ) -> Result<UsedStamp<'n>, SignError> {
        let mut text = [0; 1368];
        let length = STANDARD
            .encode_slice(signature, &mut text)
            .map_err(|_| SignError::SigningFailed)?;
        // Base64 is ASCII.
        let text = core::str::from_utf8(&text[..length]).unwrap_or_default();
        Ok(self.authorize(text, out))
    }
}

/// All parameters but the signature.
#[inline]
pub(crate) fn write_unsigned_parameters<O: Sink + ?Sized>(
    sources: &Sources<'_>,
    writer: &mut AuthorizationWriter<'_, O>,
) {
    write_constant_parameters(sources, writer);
    let values = &sources.protocol.values;
    if let (Some(timestamp), Some(nonce)) = (values[Protocol::TIMESTAMP], values[Protocol::NONCE]) {
        write_stamp(writer, timestamp, nonce);
    }
}

/// All parameters but the timestamp, the nonce and the signature.
#[inline]
pub(crate) fn write_constant_parameters<O: Sink + ?Sized>(
    sources: &Sources<'_>,
    writer: &mut AuthorizationWriter<'_, O>,
) {
    // The order of the examples in RFC 5849, but for what changes from one request to the next, which
    // stands at the end. One name after the other, for each is a constant to the compiler.
    macro_rules! parameter {
        ($at:ident, $name:literal) => {
            if let Some(value) = sources.protocol.values[Protocol::$at] {
                known_parameter!(writer, $name, value);
            }
        };
    }
    // It is always there; that the others are not the first is known to the compiler then.
    let client = sources.protocol.values[Protocol::CLIENT].unwrap_or(Value::constant(""));
    known_parameter!(writer, "oauth_consumer_key", client);
    parameter!(TOKEN, "oauth_token");
    parameter!(METHOD, "oauth_signature_method");
    parameter!(VERSION, "oauth_version");
    parameter!(CALLBACK, "oauth_callback");
    parameter!(VERIFIER, "oauth_verifier");
    parameter!(BODY_HASH, "oauth_body_hash");
    for extra in sources.extra {
        writer.parameter(extra.name(), extra.value());
    }
}

/// What no two requests share.
#[inline]
pub(crate) fn write_stamp<O: Sink + ?Sized>(
    writer: &mut AuthorizationWriter<'_, O>,
    timestamp: Value<'_>,
    nonce: Value<'_>,
) {
    known_parameter!(writer, "oauth_timestamp", timestamp);
    known_parameter!(writer, "oauth_nonce", nonce);
}

/// A key that is not in this program: its method's name and digest, for [`Signer::draft`].
///
/// [`Signer::draft`]: crate::Signer::draft
#[derive(Clone, Copy, Debug)]
pub struct ExternalKey {
    method: &'static str,
    digest: Option<Digest>,
}

impl ExternalKey {
    /// A key of the method with this `oauth_signature_method`, and the digest of its
    /// `oauth_body_hash`, or `None` to send none.
    pub fn new(method: &'static str, digest: impl Into<Option<Digest>>) -> Self {
        Self {
            method,
            digest: digest.into(),
        }
    }
}

impl SignatureMethod for ExternalKey {
    fn method_name(&self) -> &'static str {
        self.method
    }

    fn digest(&self) -> Option<Digest> {
        self.digest
    }
}

#[cfg(test)]
mod tests;
