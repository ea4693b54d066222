//! The limit: the HMAC of a base string that is there already, with the pads precomputed.

use core::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use oauth1_core::{BaseString, Parameter, percent};
use sha1::Sha1;

use super::sign::view;
use crate::workloads::{CLIENT, NONCE, Request, TIMESTAMP, TOKEN};

/// A keyed state and a base string.
pub(crate) struct Bare {
    keyed: Hmac<Sha1>,
    base_string: Vec<u8>,
}

impl Bare {
    pub(crate) fn new(request: &'static Request) -> Self {
        let key = format!("{}&{}", percent::encode(CLIENT.1), percent::encode(TOKEN.1));
        let keyed = Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of every length");
        Self {
            keyed,
            base_string: base_string(request).into_bytes(),
        }
    }

    #[inline]
    pub(crate) fn once(&mut self) {
        black_box(self.mac());
    }

    /// The MAC, not in base64.
    #[inline]
    pub(crate) fn mac(&self) -> [u8; 20] {
        let mut mac = black_box(&self.keyed).clone();
        mac.update(black_box(&self.base_string));
        mac.finalize().into_bytes().into()
    }
}

fn base_string(request: &'static Request) -> String {
    let timestamp = TIMESTAMP.to_string();
    let protocol = [
        Parameter::new("oauth_consumer_key", CLIENT.0),
        Parameter::new("oauth_nonce", NONCE),
        Parameter::new("oauth_signature_method", "HMAC-SHA1"),
        Parameter::new("oauth_timestamp", &timestamp),
        Parameter::new("oauth_token", TOKEN.0),
    ];
    let mut slots = Vec::new();
    let base_string = BaseString::of(&view(request), &protocol, &mut slots);
    base_string.expect("it fits into the slots").to_string()
}
