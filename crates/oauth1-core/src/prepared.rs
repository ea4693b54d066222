//! Requests that differ in nothing but their nonce and timestamp.

use core::{fmt, ops::Range};

use crate::{
    authorization::{AuthorizationWriter, Transmission},
    draft::{Draft, write_constant_parameters, write_stamp},
    method::SigningKey,
    signer::SignError,
    sink::{Buffer, Sink},
    stamp::{Stamp, UsedStamp},
    value::{Encoding, Value},
    writer::{Window, Writer},
};

/// An endpoint that is called again and again: the key's state after the constant start of the base
/// string is kept, so that a signature costs little more than the hash of what is left.
///
/// ```
/// use oauth1_core::{
///     ClientCredentials, HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, Stamp, Target,
///     Timestamp,
/// };
///
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let signer = Signer::<HmacSha1>::for_client(&client);
/// let request = RequestView::new("GET", Target::parse("https://api.example.com/poll?wait=1")?);
/// let stamp = || Stamp::new(Timestamp::from_unix_seconds(137_131_202), Nonce::new("chapoH"));
///
/// let parameters = ProtocolParameters::NONE;
/// let prepared = signer.prepare(&request, &parameters, &mut Vec::new(), Vec::new())?;
/// let mut header = Vec::new();
/// prepared.sign(stamp(), &mut header)?;
/// assert_eq!(header, signer.authorization(&request, stamp())?.into_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Prepared<'k, K: SigningKey, B> {
    key: &'k K,
    /// Has seen all up to the value of the nonce.
    state: K::State,
    buffer: B,
    /// Of the base string, what stands between the nonce and the timestamp, and behind that.
    between: Range<usize>,
    rest: Range<usize>,
    /// The constant start of what is sent.
    sent: Range<usize>,
    transmission: Transmission,
}

impl<'k, K: SigningKey, B: Buffer> Prepared<'k, K, B> {
    pub(crate) fn new(
        key: &'k K,
        draft: &Draft<'_, '_>,
        transmission: Transmission,
        mut buffer: B,
    ) -> Result<Self, SignError> {
        let parts = draft.complete();
        let start = buffer.contents().ok_or(SignError::BufferTooSmall)?.len();
        let gaps = parts.write_with_gaps(&mut buffer);
        let length = buffer.contents().ok_or(SignError::BufferTooSmall)?.len();
        let mut writer = AuthorizationWriter::new(transmission, draft.realm, &mut buffer);
        write_constant_parameters(&parts.sources, &mut writer);
        let contents = buffer.contents().ok_or(SignError::BufferTooSmall)?;
        let mut state = key.start();
        let (nonce, timestamp) = (start + gaps.nonce, start + gaps.timestamp);
        state.put(&contents[start..nonce]);
        Ok(Self {
            key,
            state,
            between: nonce..timestamp,
            rest: timestamp..length,
            sent: length..contents.len(),
            buffer,
            transmission,
        })
    }

    /// Signs, as [`Signer::sign`](crate::Signer::sign) does.
    ///
    /// # Errors
    /// [`SignError::SigningFailed`], [`SignError::ClockNotSet`]; what has been written by then is not to be used.
    pub fn sign<'n, O: Sink + ?Sized>(
        &self,
        stamp: Stamp<'n>,
        out: &mut O,
    ) -> Result<UsedStamp<'n>, SignError> {
        if stamp.timestamp().unix_seconds() == 0 {
            return Err(SignError::ClockNotSet);
        }
        // `new` has seen that everything fitted.
        let contents = self.buffer.contents().ok_or(SignError::BufferTooSmall)?;
        let decimal = stamp.timestamp().decimal();
        let timestamp = Value::scanned(decimal.as_bytes(), Encoding::Plain, true);
        let nonce = stamp.nonce().value();

        let mut state = self.state.clone();
        let mut window = Window::new();
        let mut rest = Writer::new(&mut state, &mut window);
        rest.encoded_twice(&nonce);
        rest.put(&contents[self.between.clone()]);
        rest.put(timestamp.raw());
        rest.flush();
        // It may be long, and then need not go through the window.
        state.put(&contents[self.rest.clone()]);

        out.put(&contents[self.sent.clone()]);
        let mut tail = Writer::new(out, &mut window);
        let mut writer = AuthorizationWriter::resume(self.transmission, &mut tail);
        write_stamp(&mut writer, timestamp, nonce);
        self.key.finish(state, &mut writer.open_signature())?;
        writer.close();
        tail.flush();
        Ok(UsedStamp(stamp))
    }
}

impl<K: SigningKey, B> fmt::Debug for Prepared<'_, K, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({}, ..)", self.key.method())
    }
}

#[cfg(test)]
mod tests;
