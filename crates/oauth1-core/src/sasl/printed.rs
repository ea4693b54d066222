//! The base string of OAUTH10A as RFC 7628 prints it.

use crate::{
    base_string::BaseString,
    method::{Verdict, VerifyingKey},
    sink::{Sink, SliceSink},
    target::Origin,
    value::Value,
};

/// Room for a host of 255 bytes, the longest that there is, and a port.
pub(super) const ROOM: usize = 261;

/// The origin whose colon before the port stays raw in a base string, as in section 3.1.2 of RFC 7628:
/// `http%3A%2F%2Fexample.com:143%2F`. `None` where there is no port to be seen, or no room.
pub(super) fn origin<'m>(host: &str, port: u16, memory: &'m mut [u8; ROOM]) -> Option<Origin<'m>> {
    if port == 80 {
        return None;
    }
    let mut sink = SliceSink::new(memory);
    for byte in host.bytes() {
        sink.put(&[byte.to_ascii_lowercase()]);
    }
    sink.put(b":");
    sink.put(crate::decimal::Decimal::new(u64::from(port)).as_bytes());
    // A host that was found among those of the server is ASCII.
    let host = core::str::from_utf8(sink.finish().ok()?).ok()?;
    Some(Origin::as_printed("http", host))
}

/// A key that takes the signature of either base string. Both are always computed, so that the time
/// that it takes says nothing.
pub(super) struct Either<'k> {
    pub(super) key: &'k dyn VerifyingKey,
    pub(super) printed: BaseString<'k>,
}

impl VerifyingKey for Either<'_> {
    fn serves(&self, method: &str) -> bool {
        self.key.serves(method)
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        let right = self.key.verify(method, base_string, signature);
        let printed = self.key.verify(method, &self.printed, signature);
        match (right, printed) {
            (Verdict::Invalid, Verdict::Invalid) => Verdict::Invalid,
            _ => Verdict::Valid,
        }
    }
}
