//! A request that is ready to be signed, by whatever holds the key.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    authorization::{AuthorizationWriter, Transmission},
    base_string::{Assembled, BaseString},
    body_hash::BodyHash,
    method::{Digest, SigningFailed},
    parameters::{Protocol, Sources},
    percent::EncodingSink,
    signer::{SignError, SignatureMethod},
    sink::Sink,
    stamp::{Stamp, UsedStamp},
    target::Decimal,
    value::{Encoding, Value},
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
    pub(crate) stamp: Stamp<'n>,
    pub(crate) timestamp: Decimal,
    pub(crate) body_hash: Option<BodyHash>,
    /// Without the values that the fields above own.
    pub(crate) parts: Assembled<'d>,
    pub(crate) realm: Option<&'d str>,
    pub(crate) transmission: Transmission,
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
        let values = &mut parts.sources.protocol.values;
        values[Protocol::NONCE] = Some(self.stamp.nonce().value());
        values[Protocol::TIMESTAMP] = Some(Value::scanned(
            self.timestamp.as_bytes(),
            Encoding::Plain,
            true,
        ));
        if let Some(hash) = &self.body_hash {
            values[Protocol::BODY_HASH] = Some(hash.value());
        }
        parts
    }

    /// Writes the protocol parameters with `signature`, the text that a signature method makes, not
    /// percent-encoded, as their [`Transmission`] asks for: see [`Signer::sign`](crate::Signer::sign).
    pub fn authorize<O: Sink + ?Sized>(self, signature: &str, out: &mut O) -> UsedStamp<'n> {
        self.write_parameters(out, |sink| sink.put(signature.as_bytes()));
        UsedStamp(self.stamp)
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
        self.write_parameters(out, |sink| sink.put(&text[..length]));
        Ok(UsedStamp(self.stamp))
    }

    pub(crate) fn write_base_string<S: Sink + ?Sized>(&self, sink: &mut S) {
        self.complete().write_to(sink);
    }

    pub(crate) fn authorize_with<O: Sink + ?Sized>(
        self,
        out: &mut O,
        sign: impl FnOnce(&mut EncodingSink<'_, O>) -> Result<(), SigningFailed>,
    ) -> Result<UsedStamp<'n>, SignError> {
        self.write_parameters(out, sign)?;
        Ok(UsedStamp(self.stamp))
    }

    fn write_parameters<O: Sink + ?Sized, T>(
        &self,
        out: &mut O,
        sign: impl FnOnce(&mut EncodingSink<'_, O>) -> T,
    ) -> T {
        let sources = self.complete().sources;
        let mut writer = self.write_constant_parameters(&sources, out);
        write_changing_parameters(
            &mut writer,
            sources.protocol.values[Protocol::TIMESTAMP],
            sources.protocol.values[Protocol::NONCE],
            sign,
        )
    }

    /// All parameters but the timestamp, the nonce and the signature.
    pub(crate) fn write_constant_parameters<'o, O: Sink + ?Sized>(
        &self,
        sources: &Sources<'_>,
        out: &'o mut O,
    ) -> AuthorizationWriter<'o, O> {
        // The order of the examples in RFC 5849, but for what changes from one request to the next,
        // which stands at the end.
        const ORDER: [usize; 7] = [
            Protocol::CLIENT,
            Protocol::TOKEN,
            Protocol::METHOD,
            Protocol::VERSION,
            Protocol::CALLBACK,
            Protocol::VERIFIER,
            Protocol::BODY_HASH,
        ];
        let mut writer = AuthorizationWriter::new(self.transmission, self.realm, out);
        for at in ORDER {
            if let Some(value) = sources.protocol.values[at] {
                writer.parameter(Protocol::name(at), value);
            }
        }
        for extra in sources.extra {
            writer.parameter(extra.name(), extra.value());
        }
        writer
    }
}

/// The parameters that no two requests share: timestamp, nonce and signature.
pub(crate) fn write_changing_parameters<O: Sink + ?Sized, T>(
    writer: &mut AuthorizationWriter<'_, O>,
    timestamp: Option<Value<'_>>,
    nonce: Option<Value<'_>>,
    sign: impl FnOnce(&mut EncodingSink<'_, O>) -> T,
) -> T {
    for (at, value) in [(Protocol::TIMESTAMP, timestamp), (Protocol::NONCE, nonce)] {
        if let Some(value) = value {
            writer.parameter(Protocol::name(at), value);
        }
    }
    writer.parameter_from("oauth_signature", sign)
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
