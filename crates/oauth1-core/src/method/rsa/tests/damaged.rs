use super::{
    loading::{PRIVATE, PUBLIC, private},
    *,
};

/// Nothing that is read panics, and what still loads after a byte was changed is the same private
/// key or a usable public one.
#[test]
fn damaged_files_are_refused() {
    let same = |loaded: Result<RsaPrivateKey, KeyError>, key: &RsaPrivateKey| {
        loaded.is_ok_and(|loaded| {
            assert_eq!(loaded.public_key(), key.public_key());
            true
        })
    };
    let usable = |loaded: Result<RsaPublicKey, KeyError>| {
        loaded.is_ok_and(|loaded| {
            assert!((1024..=8192).contains(&loaded.bits()));
            true
        })
    };
    let wiki = private("wiki.pem").unwrap();
    let (pem, der) = (text("wiki.pem"), decoded(&text("wiki.pem")));
    let loaded = mutations(&der)
        .filter(|der| same(RsaPrivateKey::from_der(der), &wiki))
        .count();
    assert!(
        loaded > 0,
        "what the numbers of the CRT are is not looked at, but computed"
    );
    for pem in mutations(pem.as_bytes()).filter_map(|pem| String::from_utf8(pem).ok()) {
        same(RsaPrivateKey::from_pem(&pem), &wiki);
    }
    for file in PUBLIC {
        let bytes = bytes(file);
        if is_der(file) {
            mutations(&bytes).for_each(|der| _ = usable(RsaPublicKey::from_der(&der)));
        } else {
            let texts = mutations(&bytes).filter_map(|pem| String::from_utf8(pem).ok());
            texts.for_each(|pem| _ = usable(RsaPublicKey::from_pem(&pem)));
        }
    }
    // No prefix of a DER value is one, nor is one with something behind it.
    for file in PRIVATE.iter().chain(&PUBLIC).filter(|file| is_der(file)) {
        let mut der = bytes(file);
        for len in 0..der.len() {
            assert!(
                RsaPrivateKey::from_der(&der[..len]).is_err(),
                "{file} {len}"
            );
            assert!(RsaPublicKey::from_der(&der[..len]).is_err(), "{file} {len}");
        }
        der.push(0);
        assert!(RsaPrivateKey::from_der(&der).is_err(), "{file}");
        assert!(RsaPublicKey::from_der(&der).is_err(), "{file}");
    }
    for file in ["rsa2048.pem", "rsa2048.pkcs8.pem", "rsa2048.cert.pem"] {
        let pem = text(file);
        let whole = pem.trim_end().len();
        for len in 0..whole {
            assert!(
                RsaPrivateKey::from_pem(&pem[..len]).is_err(),
                "{file} {len}"
            );
            assert!(RsaPublicKey::from_pem(&pem[..len]).is_err(), "{file} {len}");
        }
    }
}

/// Each byte in turn with a bit flipped, set to all ones, and left out.
fn mutations(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).flat_map(move |at| {
        let set = move |byte: u8| {
            let mut changed = bytes.to_vec();
            changed[at] = byte;
            changed
        };
        let mut shorter = bytes.to_vec();
        shorter.remove(at);
        let bit = 1 << (at % 8);
        let changed = [bytes[at] ^ bit, 0xff];
        let changed = changed.into_iter().filter(move |&byte| byte != bytes[at]);
        changed.map(set).chain([shorter])
    })
}

fn decoded(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(body).unwrap()
}
