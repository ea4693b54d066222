//! Attack 53: what is public of a key is no secret to sign with.

extern crate alloc;

use alloc::{string::String, vec::Vec};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{Attack, FORGED};
use crate::{
    RsaPublicKey,
    verify::tests::wire::{Call, Server, Wire},
};

const PEM: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/vectors/keys/rsa2048.public.pem"
));
const DER: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/vectors/keys/rsa2048.public.der"
));

pub(super) const ATTACKS: &[Attack] = &[(
    53,
    "a client with a public key attacked with HMAC",
    FORGED,
    || {
        let key = RsaPublicKey::from_pem(PEM).unwrap();
        let call = Call::get();
        let secrets = [PEM.as_bytes(), PEM.trim_end().as_bytes(), DER, b""];
        let keys = secrets
            .into_iter()
            .flat_map(|secret| [secret.into(), [secret, b"&"].concat()]);
        keys.map(|secret: Vec<u8>| {
            let sent = call.send(&signature(&call, &secret));
            Server::new().with_key(&key).verify(&sent)
        })
        .collect()
    },
)];

fn signature(call: &Call, key: &[u8]) -> String {
    call.with_base_string(|base_string| {
        let mut text = Wire::default();
        base_string.write_to(&mut text);
        let mac = Hmac::<Sha1>::new_from_slice(key)
            .unwrap()
            .chain_update(&text.0);
        STANDARD.encode(mac.finalize().into_bytes())
    })
}
