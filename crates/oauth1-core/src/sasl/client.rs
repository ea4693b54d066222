//! The client's side.

use core::fmt;

use super::{
    ErrorChallenge, METHOD, Mechanism, SEPARATOR,
    identity::put_sasl_name,
    message::{Explicit, is_value},
};
use crate::{
    authorization::Transmission,
    decimal::Decimal,
    method::SigningKey,
    parameters::{Protocol, Slots},
    request::RequestView,
    signer::{BodyHashRule, ProtocolParameters, SignError, Signer},
    sink::Sink,
    stamp::{Stamp, UsedStamp},
    target::{Target, UriError},
    writer::{Encoder, Window, Writer, put_encoded},
};

/// Logs in with one set of credentials to one place, as often as one likes: each login has a stamp of
/// its own.
///
/// ```
/// use oauth1_core::{
///     ClientCredentials, HmacSha1, Nonce, Signer, SlotArray, Stamp, Timestamp, TokenCredentials,
///     sasl::Client, sink::SliceSink,
/// };
///
/// let credentials = ClientCredentials::new("anonymous", "anonymous");
/// let token = TokenCredentials::new("1/Fh3hHzNtZ8GHTqJ3zFz_KkIaVQ", "ts");
/// let signer = Signer::<HmacSha1>::for_token(&credentials, &token).with_version();
/// let url = "https://mail.google.com/mail/b/someuser@example.com/imap/";
/// let client = Client::xoauth(signer, url)?;
///
/// // Without a heap.
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(1_260_933_683), Nonce::new("614215"));
/// let (mut slots, mut memory) = (SlotArray::<8>::new(), [0; 400]);
/// let mut message = SliceSink::new(&mut memory);
/// let sent = client.initial_response(stamp, &mut slots, &mut message)?;
/// assert!(message.finish()?.starts_with(
///     b"GET https://mail.google.com/mail/b/someuser@example.com/imap/ \
///       oauth_consumer_key=\"anonymous\",oauth_nonce=\"614215\",oauth_signature=\""
/// ));
/// assert_eq!(sent.stamp().nonce(), "614215");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client<'a, K> {
    signer: Signer<'a, K>,
    place: Place<'a>,
    identity: Option<&'a str>,
}

#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Xoauth {
        url: &'a str,
        target: Target<'a>,
    },
    Oauth10a {
        host: &'a str,
        port: u16,
        explicit: Explicit<'a>,
    },
}

impl<'a, K: SigningKey> Client<'a, K> {
    /// XOAUTH with this URL, which names the service, the user and the protocol: see
    /// [`XoauthUrl`](super::XoauthUrl). Google's own clients send `oauth_version`, too:
    /// [`Signer::with_version`].
    ///
    /// Of the signer, the realm and the rule for body hashes count for nothing.
    ///
    /// # Errors
    /// [`ClientError`] when the URL is none, or the signer's method is not HMAC-SHA1.
    pub fn xoauth(signer: Signer<'a, K>, url: &'a str) -> Result<Self, ClientError> {
        let target = Target::parse(url).map_err(ClientError::Url)?;
        Self::new(signer, Place::Xoauth { url, target })
    }

    /// OAUTH10A with the host and the port that the client connects to, as it calls them: an IPv6 address
    /// stands in brackets.
    ///
    /// # Errors
    /// [`ClientError`] when the host is none, the port is 0, the signer's realm is not ASCII, or its
    /// method is not HMAC-SHA1.
    pub fn oauth10a(signer: Signer<'a, K>, host: &'a str, port: u16) -> Result<Self, ClientError> {
        let explicit = Explicit::default();
        explicit.request(host, port).map_err(ClientError::Host)?;
        if signer.realm().is_some_and(|realm| !realm.is_ascii()) {
            return Err(ClientError::Character("the realm"));
        }
        let place = Place::Oauth10a {
            host,
            port,
            explicit,
        };
        Self::new(signer, place)
    }

    fn new(signer: Signer<'a, K>, place: Place<'a>) -> Result<Self, ClientError> {
        if signer.key().method() != METHOD {
            return Err(ClientError::SignatureMethod);
        }
        let signer = signer
            .with_body_hash(BodyHashRule::Never)
            .with_transmission(Transmission::Header);
        Ok(Self {
            signer,
            place,
            identity: None,
        })
    }

    /// Who the client wants to act as, in OAUTH10A: the authorization identity, most often an email
    /// address. XOAUTH has it in the URL, and passes over this one.
    #[doc(alias = "authzid")]
    #[must_use]
    pub fn with_identity(self, identity: &'a str) -> Self {
        Self {
            identity: Some(identity),
            ..self
        }
    }

    /// Signs and sends this method (`mthd`) in place of `POST`. Like the other explicit values, it
    /// belongs to OAUTH10A alone; RFC 7628 section 3.1.1 reserves them, and few servers will want them.
    #[must_use]
    pub fn with_method(self, method: &'a str) -> Self {
        self.with_explicit(|explicit| explicit.method = Some(method))
    }

    /// Signs and sends this path (`path`), which starts with `/`, in place of `/`.
    #[must_use]
    pub fn with_path(self, path: &'a str) -> Self {
        self.with_explicit(|explicit| explicit.path = Some(path))
    }

    /// Signs and sends this query (`qs`), in place of none.
    #[must_use]
    pub fn with_query(self, query: &'a str) -> Self {
        self.with_explicit(|explicit| explicit.query = Some(query))
    }

    /// Signs and sends this form (`post`), in place of none.
    #[must_use]
    pub fn with_form(self, form: &'a str) -> Self {
        self.with_explicit(|explicit| explicit.form = Some(form))
    }

    fn with_explicit(mut self, change: impl FnOnce(&mut Explicit<'a>)) -> Self {
        if let Place::Oauth10a { explicit, .. } = &mut self.place {
            change(explicit);
        }
        self
    }

    /// The mechanism.
    pub const fn mechanism(&self) -> Mechanism {
        match self.place {
            Place::Xoauth { .. } => Mechanism::Xoauth,
            Place::Oauth10a { .. } => Mechanism::Oauth10a,
        }
    }

    /// What signs.
    pub const fn signer(&self) -> &Signer<'a, K> {
        &self.signer
    }

    /// The request that stands for the login: what is signed besides the protocol parameters.
    ///
    /// # Errors
    /// [`ClientError`] when an explicit path or query is none.
    pub fn request(&self) -> Result<RequestView<'a>, ClientError> {
        match self.place {
            Place::Xoauth { target, .. } => Ok(RequestView::new("GET", target)),
            Place::Oauth10a {
                host,
                port,
                explicit,
            } => explicit.request(host, port).map_err(ClientError::Url),
        }
    }

    /// Writes the message that a login begins with, not in base64. The slots need a place for each
    /// parameter of a query or a form: see [`Signer::draft`].
    ///
    /// # Errors
    /// [`ClientError`]; what has been written by then is not to be used.
    pub fn initial_response<'n, S: Slots + ?Sized, O: Sink + ?Sized>(
        &self,
        stamp: Stamp<'n>,
        slots: &mut S,
        out: &mut O,
    ) -> Result<Sent<'n>, ClientError> {
        let request = self.request()?;
        let stamp = match self.place {
            Place::Xoauth { url, .. } => {
                out.put(b"GET ");
                out.put(url.as_bytes());
                self.write_sorted(&request, stamp, slots, out)?
            }
            Place::Oauth10a {
                host,
                port,
                explicit,
            } => {
                self.write_head(host, port, &explicit, out)?;
                let none = ProtocolParameters::NONE;
                let stamp = self.signer.sign(&request, &none, stamp, slots, out)?;
                out.put(&[SEPARATOR, SEPARATOR]);
                stamp
            }
        };
        Ok(Sent {
            mechanism: self.mechanism(),
            stamp,
        })
    }

    /// The protocol parameters of XOAUTH, the signature among them, in their order.
    fn write_sorted<'n, S: Slots + ?Sized, O: Sink + ?Sized>(
        &self,
        request: &RequestView<'_>,
        stamp: Stamp<'n>,
        slots: &mut S,
        out: &mut O,
    ) -> Result<UsedStamp<'n>, ClientError> {
        let none = ProtocolParameters::NONE;
        let draft = self.signer.draft(request, &none, stamp, slots)?;
        let parts = draft.complete();
        let mut separator: &[u8] = b" ";
        for (at, value) in parts.sources.protocol.iter() {
            // "oauth_signature" stands before "oauth_signature_method".
            if at == Protocol::METHOD {
                out.put(separator);
                out.put(b"oauth_signature=\"");
                let mut state = self.signer.key.start();
                let mut window = Window::new();
                parts.write_to(&mut state, &mut window);
                let mut text = Writer::new(out, &mut window);
                let signed = self.signer.key.finish(state, &mut Encoder(&mut text));
                signed.map_err(SignError::from)?;
                text.flush();
                out.put(b"\"");
            }
            out.put(separator);
            out.put(Protocol::NAMES[at].as_bytes());
            out.put(b"=\"");
            put_encoded(value, out);
            out.put(b"\"");
            separator = b",";
        }
        Ok(UsedStamp(draft.changing.stamp))
    }

    /// What stands before the protocol parameters of OAUTH10A.
    fn write_head<O: Sink + ?Sized>(
        &self,
        host: &str,
        port: u16,
        explicit: &Explicit<'_>,
        out: &mut O,
    ) -> Result<(), ClientError> {
        out.put(b"n,");
        if let Some(identity) = self.identity {
            // RFC 5801 section 4: no NUL; and no ^A, which would end the header.
            if identity.is_empty() || identity.bytes().any(|byte| byte <= SEPARATOR) {
                return Err(ClientError::Character("the identity"));
            }
            out.put(b"a=");
            put_sasl_name(identity, out);
        }
        out.put(b",\x01host=");
        out.put(host.as_bytes());
        out.put(b"\x01port=");
        out.put(Decimal::new(u64::from(port)).as_bytes());
        for (key, value) in explicit.pairs() {
            let Some(value) = value else { continue };
            if !value.bytes().all(is_value) {
                return Err(ClientError::Character(key));
            }
            out.put(&[SEPARATOR]);
            out.put(key.as_bytes());
            out.put(b"=");
            out.put(value.as_bytes());
        }
        out.put(b"\x01auth=");
        Ok(())
    }
}

/// The message is sent. Where the server says yes, nothing is left to do.
#[derive(Debug)]
pub struct Sent<'n> {
    mechanism: Mechanism,
    stamp: UsedStamp<'n>,
}

impl<'n> Sent<'n> {
    /// The stamp that the login was signed with.
    #[must_use]
    pub const fn stamp(&self) -> &UsedStamp<'n> {
        &self.stamp
    }

    /// Where the server sends a challenge in place of an answer, the login has failed: this writes the
    /// reply that lets the server say so, which is `^A` for OAUTH10A (RFC 7628 section 3.2.3) and empty
    /// for XOAUTH. Whatever the server says then, it is over.
    pub fn challenge<'c, O: Sink + ?Sized>(self, challenge: &'c [u8], out: &mut O) -> Refused<'c> {
        if self.mechanism == Mechanism::Oauth10a {
            out.put(&[SEPARATOR]);
        }
        Refused {
            mechanism: self.mechanism,
            challenge,
        }
    }
}

/// The server has refused the login.
#[derive(Clone, Copy)]
pub struct Refused<'c> {
    mechanism: Mechanism,
    challenge: &'c [u8],
}

impl<'c> Refused<'c> {
    /// The mechanism.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// What the server said, as bytes.
    #[must_use]
    pub const fn challenge(&self) -> &'c [u8] {
        self.challenge
    }

    /// What the server said, if it is what RFC 7628 section 3.2.2 has.
    #[must_use]
    pub fn error(&self) -> Option<ErrorChallenge<'c>> {
        ErrorChallenge::parse(self.challenge)
    }
}

impl fmt::Display for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refuses the login by {}: ", self.mechanism)?;
        match self.error() {
            Some(error) => write!(f, "{:?}", error.status()),
            None => write!(f, "\"{}\"", self.challenge.escape_ascii()),
        }
    }
}

impl fmt::Debug for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({self})")
    }
}

impl core::error::Error for Refused<'_> {}

/// Why a login cannot be made. All of it is for the caller to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// The URL of XOAUTH, or an explicit path or query of OAUTH10A, is none.
    Url(UriError),
    /// The host is none, or the port is 0.
    Host(UriError),
    /// Both mechanisms sign with HMAC-SHA1, and the signer has another method.
    SignatureMethod,
    /// A text has a character that the message cannot hold, or is empty and must not be: which text.
    Character(&'static str),
    /// The message cannot be signed.
    Sign(SignError),
}

impl From<SignError> for ClientError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => write!(f, "the URL of the login: {error}"),
            Self::Host(error) => write!(f, "the host of the login: {error}"),
            Self::SignatureMethod => f.write_str("XOAUTH and OAUTH10A sign with HMAC-SHA1 alone"),
            Self::Character(text) => {
                write!(f, "{text} is empty or has a character that no message has")
            }
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ClientError {}
