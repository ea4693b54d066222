use super::*;

const METHODS: [(&str, bool); 12] = [
    ("HMAC-SHA1", cfg!(feature = "hmac-sha1")),
    ("HMAC-SHA256", cfg!(feature = "hmac-sha256")),
    ("HMAC-SHA512", cfg!(feature = "hmac-sha512")),
    ("PLAINTEXT", cfg!(feature = "plaintext")),
    ("RSA-SHA1", false),
    ("RSA-SHA256", false),
    ("RSA-SHA512", false),
    ("RSA-PSS", false),
    ("hmac-sha1", false),
    ("HMAC-SHA384", false),
    ("HMAC-SHA1 ", false),
    ("", false),
];

fn verify(key: &dyn VerifyingKey, method: &str, signature: &str) -> Verdict {
    key.verify(
        method,
        &BaseString::from_text(b"base string"),
        Value::plain(signature),
    )
}

#[test]
fn secrets_serve_each_method_with_a_secret_that_is_compiled_in() {
    let secrets = SharedSecrets::new("client", "token");
    for (method, served) in METHODS {
        assert_eq!(secrets.serves(method), served, "{method}");
        let by_reference: &dyn VerifyingKey = &&secrets;
        assert_eq!(by_reference.serves(method), served, "{method}");
    }
}

#[test]
fn a_method_that_is_not_served_verifies_nothing() {
    let secrets = SharedSecrets::new("client", "token");
    for (method, served) in METHODS {
        for signature in ["", "client&token", "x"] {
            let verdict = verify(&secrets, method, signature);
            let valid = served && method == "PLAINTEXT" && signature == "client&token";
            assert_eq!(verdict == Verdict::Valid, valid, "{method} {signature}");
        }
    }
}

#[cfg(feature = "_hmac")]
#[test]
fn secrets_verify_what_the_key_of_each_method_signs() {
    extern crate alloc;
    use alloc::{string::String, vec::Vec};

    use crate::{SigningKey, sink::SliceSink};

    fn sign(key: &impl SigningKey) -> (&'static str, String) {
        let mut memory = [0; 128];
        let mut out = SliceSink::new(&mut memory);
        key.sign(&BaseString::from_text(b"base string"), &mut out)
            .unwrap();
        (
            key.method(),
            String::from_utf8(out.finish().unwrap().into()).unwrap(),
        )
    }

    let (client, token) = (Secret::from("client"), Secret::from("token"));
    let signatures: Vec<_> = [
        #[cfg(feature = "hmac-sha1")]
        sign(&crate::HmacSha1::new(&client, &token)),
        #[cfg(feature = "hmac-sha256")]
        sign(&crate::HmacSha256::new(&client, &token)),
        #[cfg(feature = "hmac-sha512")]
        sign(&crate::HmacSha512::new(&client, &token)),
        #[cfg(feature = "plaintext")]
        sign(&crate::Plaintext::new(client.clone(), token.clone())),
    ]
    .into();
    let others = [
        SharedSecrets::new("token", "client"),
        SharedSecrets::new("client", ""),
        SharedSecrets::of_client("client"),
        SharedSecrets::of_client("client&token"),
    ];
    for (method, signature) in &signatures {
        for (other_method, _) in &signatures {
            let verdict = verify(
                &SharedSecrets::new("client", "token"),
                other_method,
                signature,
            );
            assert_eq!(verdict == Verdict::Valid, method == other_method);
        }
        for other in &others {
            assert_eq!(verify(other, method, signature), Verdict::Invalid);
        }
    }
}

#[cfg(feature = "hmac-sha1")]
#[test]
fn a_client_alone_has_the_empty_secret_for_its_token() {
    use crate::{HmacSha1, SigningKey, sink::SliceSink};
    let mut memory = [0; 28];
    let mut out = SliceSink::new(&mut memory);
    let key = HmacSha1::new(&"client".into(), &Secret::EMPTY);
    key.sign(&BaseString::from_text(b"base string"), &mut out)
        .unwrap();
    let signature = core::str::from_utf8(out.finish().unwrap()).unwrap();
    for secrets in [
        SharedSecrets::of_client("client"),
        SharedSecrets::new("client", ""),
    ] {
        assert_eq!(verify(&secrets, "HMAC-SHA1", signature), Verdict::Valid);
    }
}

#[test]
fn a_stand_in_serves_every_method_that_is_compiled_in() {
    let stand_in = StandIn::new();
    for (method, shared) in METHODS {
        let rsa = method == "RSA-SHA1" && cfg!(feature = "rsa-sha1")
            || method == "RSA-SHA256" && cfg!(feature = "rsa-sha256")
            || method == "RSA-SHA512" && cfg!(feature = "rsa-sha512")
            || method == "RSA-PSS" && cfg!(feature = "rsa-pss");
        assert_eq!(stand_in.serves(method), shared || rsa, "{method}");
        assert_eq!(verify(&StandIn::default(), method, "x"), Verdict::Invalid);
    }
}
