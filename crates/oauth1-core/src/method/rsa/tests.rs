extern crate std;

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use std::{
    fs,
    path::Path,
    sync::{LazyLock, Mutex},
};

use ::rsa::rand_core::Rng as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    derived::{Derived, Seed},
    *,
};
use crate::{RequestView, Target};

mod damaged;
mod loading;
mod numbers;

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/keys");
const VECTORS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/vectors/rsa-signatures.json"
);

fn text(file: &str) -> String {
    fs::read_to_string(format!("{KEYS}/{file}")).unwrap()
}

fn bytes(file: &str) -> Vec<u8> {
    fs::read(format!("{KEYS}/{file}")).unwrap()
}

fn is_der(file: &str) -> bool {
    Path::new(file)
        .extension()
        .is_some_and(|extension| extension == "der")
}

static KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::from_pem(&text("rsa2048.pem")).unwrap());

const BASE: &[u8] = b"GET&http%3A%2F%2Fexample.com%2F&a%3Db";

fn sign(method: &str, key: &RsaPrivateKey, base_string: &[u8]) -> Result<String, SigningFailed> {
    fn with<K: SigningKey>(key: &K, base_string: &[u8]) -> Result<String, SigningFailed> {
        let mut state = key.start();
        // In pieces, as base strings come.
        base_string.chunks(7).for_each(|piece| state.put(piece));
        let mut text = Vec::new();
        key.finish(state, &mut text)?;
        Ok(String::from_utf8(text).unwrap())
    }
    match method {
        RsaSha1::METHOD => with(&RsaSha1::new(key.clone()), base_string),
        RsaSha256::METHOD => with(&RsaSha256::new(key.clone()), base_string),
        RsaSha512::METHOD => with(&RsaSha512::new(key.clone()), base_string),
        RsaPss::METHOD => with(&RsaPss::new(key.clone()), base_string),
        _ => unreachable!(),
    }
}

fn verify(method: &str, key: &RsaPublicKey, base_string: &[u8], signature: &str) -> Verdict {
    key.verify_what(
        method,
        |sink| sink.put(base_string),
        Value::plain(signature),
    )
}

const METHODS: [&str; 4] = [
    RsaSha1::METHOD,
    RsaSha256::METHOD,
    RsaSha512::METHOD,
    RsaPss::METHOD,
];

/// A string of the vectors, which have one member a line.
fn member<'a>(case: &'a str, name: &str) -> &'a str {
    let line = case
        .lines()
        .find_map(|line| line.trim().strip_prefix(&format!("\"{name}\": ")));
    let value = line.unwrap().trim_end_matches(',');
    assert!(
        !value.contains('\\'),
        "the reader of this test knows no escapes"
    );
    value.trim_matches('"')
}

#[test]
fn the_vectors_are_signed_and_verified_as_they_say() {
    let vectors = fs::read_to_string(VECTORS).unwrap();
    let (mut cases, mut signed) = (0, 0);
    for case in vectors.split("\n  }") {
        if !case.contains("\"id\"") {
            continue;
        }
        cases += 1;
        let key = format!("{}.pem", member(case, "rsa_key"));
        let key = RsaPrivateKey::from_pem(&text(&key)).unwrap();
        let method = member(case, "signature_method");
        let base_string = member(case, "base_string").as_bytes();
        let signature = member(case, "signature");
        let expected = match member(case, "valid") {
            "true" => Verdict::Valid,
            _ => Verdict::Invalid,
        };
        let id = member(case, "id");
        assert_eq!(
            verify(method, &key.public_key(), base_string, signature),
            expected,
            "{id}"
        );
        if member(case, "deterministic") == "true" {
            signed += 1;
            assert_eq!(sign(method, &key, base_string).unwrap(), signature, "{id}");
        }
    }
    assert_eq!((cases, signed), (55, 8));
}

#[test]
fn a_request_is_signed_with_the_private_key_and_verified_with_the_public_one() {
    fn round<K: KeyFrom<RsaPrivateKey>>(method: &str) {
        let target = Target::parse("https://api.example.com/1/photos?size=original").unwrap();
        let mut slots = Vec::new();
        let request = RequestView::new("POST", target).with_form(b"a=b");
        let base_string = BaseString::of(&request, &[], &mut slots).unwrap();
        let with = |token_secret: &str| {
            let key = K::key_from(&KEY, &Secret::from(token_secret));
            assert_eq!(key.method(), method);
            assert_eq!(key.body_digest(), Digest::of_method(method));
            let mut signature = Vec::new();
            key.sign(&base_string, &mut signature).unwrap();
            signature
        };
        let signature = with("");
        assert_eq!(signature, with("the token's secret takes no part"));

        let key = KEY.public_key();
        assert!(key.serves(method));
        assert_eq!(
            key.verify(method, &base_string, Value::plain(&signature)),
            Verdict::Valid
        );

        let mut slots = Vec::new();
        let request = RequestView::new("POST", target).with_form(b"a=c");
        let other = BaseString::of(&request, &[], &mut slots).unwrap();
        assert_eq!(
            key.verify(method, &other, Value::plain(&signature)),
            Verdict::Invalid
        );
    }
    round::<RsaSha1>("RSA-SHA1");
    round::<RsaSha256>("RSA-SHA256");
    round::<RsaSha512>("RSA-SHA512");
    round::<RsaPss>("RSA-PSS");
}

#[test]
fn a_signature_serves_its_own_method_key_and_base_string_alone() {
    let wiki = RsaPrivateKey::from_pem(&text("wiki.pem")).unwrap();
    for method in METHODS {
        let signature = sign(method, &KEY, BASE).unwrap();
        for other in METHODS {
            let expected = if other == method {
                Verdict::Valid
            } else {
                Verdict::Invalid
            };
            assert_eq!(verify(other, &KEY.public_key(), BASE, &signature), expected);
        }
        assert_eq!(
            verify(method, &KEY.public_key(), b"", &signature),
            Verdict::Invalid
        );
        assert_eq!(
            verify(method, &wiki.public_key(), BASE, &signature),
            Verdict::Invalid
        );
        let signature = sign(method, &wiki, BASE).unwrap();
        assert_eq!(
            verify(method, &wiki.public_key(), BASE, &signature),
            Verdict::Valid
        );
        assert_eq!(
            verify(method, &KEY.public_key(), BASE, &signature),
            Verdict::Invalid
        );
    }
}

#[test]
fn other_methods_are_not_served() {
    let key = KEY.public_key();
    let signature = sign(RsaSha1::METHOD, &KEY, BASE).unwrap();
    for method in [
        "HMAC-SHA1",
        "PLAINTEXT",
        "rsa-sha1",
        "RSA-SHA384",
        "RSA-SHA1 ",
        "",
    ] {
        assert!(!key.serves(method));
        assert_eq!(verify(method, &key, BASE, &signature), Verdict::Invalid);
    }
}

/// Two texts stand for one signature in no case: a replay could differ from what was seen.
#[test]
fn only_the_canonical_base64_is_a_signature() {
    let key = KEY.public_key();
    let good = sign(RsaSha256::METHOD, &KEY, BASE).unwrap();
    assert_eq!(verify(RsaSha256::METHOD, &key, BASE, &good), Verdict::Valid);
    assert!(good.ends_with("==") && good.contains(['+', '/']));
    let bare = good.trim_end_matches('=');
    let last = bare.chars().next_back().unwrap();
    // 256 bytes leave four bits over in the last character, which are to be zero.
    assert!("AQgw".contains(last));
    let spilled = char::from_u32(u32::from(last) + 1).unwrap();
    for bad in [
        bare.to_string(),
        format!("{bare}="),
        format!("{good}="),
        format!("{good}===="),
        format!("{}{spilled}==", &bare[..bare.len() - 1]),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{}\r\n{}", &good[..64], &good[64..]),
        format!("{} {}", &good[..64], &good[64..]),
        good.replace('+', "-").replace('/', "_"),
        good.replace('+', " "),
        good.replace('=', "%3D"),
        format!("{good}{good}"),
        format!("AAAA{good}"),
        String::new(),
        "====".to_string(),
        "A".repeat(1368),
        "A".repeat(1372),
        "A".repeat(100_000),
    ] {
        assert_eq!(
            verify(RsaSha256::METHOD, &key, BASE, &bad),
            Verdict::Invalid,
            "{bad}"
        );
    }
    // As it stands in a header, it is decoded first.
    let encoded = crate::percent::encode(&good).to_string();
    let write = |sink: &mut dyn Sink| sink.put(BASE);
    let in_header = Value::percent(encoded.as_bytes());
    assert_eq!(
        key.verify_what(RsaSha256::METHOD, write, in_header),
        Verdict::Valid
    );
}

/// The text of RSA-PSS is frozen here: a stamp that is given again has to give the same request in
/// the next version and on every machine. OpenSSL verified it, with the salt's length said.
#[test]
fn a_signature_is_the_same_always() {
    for method in METHODS {
        let signature = sign(method, &KEY, BASE).unwrap();
        assert_eq!(signature, sign(method, &KEY.clone(), BASE).unwrap());
        assert_ne!(signature, sign(method, &KEY, b"another").unwrap());
    }
    let pkcs8 = RsaPrivateKey::from_der(&bytes("rsa2048.pkcs8.der")).unwrap();
    let signature = sign(RsaPss::METHOD, &pkcs8, BASE).unwrap();
    assert_eq!(signature, sign(RsaPss::METHOD, &KEY, BASE).unwrap());
    assert_eq!(signature, PSS_SIGNATURE);
}

const PSS_SIGNATURE: &str = "\
    KV+YShFVaBAG2bUCOEuyrzYFpWB5kAdOwT5j5ees4+TWDTylRstX+8R190p6VzCMOJBaKIKke/OMQ2siHPW+MDgrt3\
    hOE0PYwBmoGZAci3VPlzyXQ+yLGWjU+H/kqI4kVsw5HrXenEUIzSXIq18X8uVZQVPGTqagwB62lJGgaFfZk6bWUiFv\
    TFVa023nWMCP4+W+kCt4qHfuR80xSCBwWaBoxaNZzz6uma3vOTdtFC5Hf9HcnVmS/+K7wyPZJxC3WKPX14zwZ6v3+A\
    D7eAsP8RpG6vCpa4Xbu4RS4WPvmPK+RHe1aTqeGI3sC7M8jGfY0+231O7NXSQtKJNS24SNyQ==";

#[test]
fn derived_bytes_depend_on_key_method_and_digest_and_not_on_how_they_are_asked_for() {
    fn take(seed: &Seed, method: &str, digest: &[u8], pieces: &[usize]) -> Vec<u8> {
        let mut derived = Derived::new(seed, method, digest);
        let mut all = Vec::new();
        for &len in pieces {
            let mut piece = vec![0; len];
            derived.fill_bytes(&mut piece);
            all.extend(piece);
        }
        all
    }
    let seed = Seed::of(&[1], &[2, 3]);
    let first = take(&seed, "RSA-PSS", &[4], &[100]);
    assert_eq!(first, take(&seed, "RSA-PSS", &[4], &[1, 31, 32, 0, 33, 3]));
    assert_ne!(first[..32], first[32..64]);
    assert_ne!(
        first,
        take(&Seed::of(&[1, 2], &[3]), "RSA-PSS", &[4], &[100])
    );
    assert_ne!(first, take(&seed, "RSA-SHA256", &[4], &[100]));
    assert_ne!(first, take(&seed, "RSA-PSS", &[5], &[100]));
    // All that a number is made of counts, in this order.
    let (mut one, mut other) = (Derived::new(&seed, "", &[]), Derived::new(&seed, "", &[]));
    let number = other.next_u64();
    assert_eq!(
        u64::from(one.next_u32()) << 32 | u64::from(one.next_u32()),
        number
    );
}

#[test]
fn nobody_signs_for_the_key_that_stands_in() {
    let key = RsaPublicKey::stand_in();
    assert_eq!(key.bits(), 2048);
    for method in METHODS {
        assert!(key.serves(method));
        let other = sign(method, &KEY, BASE).unwrap();
        let (zero, one) = (vec![0; 256], [&[0; 255][..], &[1]].concat());
        for signature in [
            other,
            STANDARD.encode(zero),
            STANDARD.encode(one),
            String::new(),
        ] {
            assert_eq!(verify(method, &key, BASE, &signature), Verdict::Invalid);
        }
    }
}

#[test]
fn debug_shows_the_size_and_no_more() {
    let shown = [
        format!("{:?}", *KEY),
        format!("{:?}", KEY.public_key()),
        format!("{:?}", RsaSha1::new(KEY.clone())),
        format!("{:?}", RsaPss::new(KEY.clone()).start()),
    ];
    assert_eq!(
        shown,
        [
            "RsaPrivateKey(2048 bits)",
            "RsaPublicKey(2048 bits)",
            "RsaSha1 { key: RsaPrivateKey(2048 bits) }",
            "RsaPssState(..)",
        ]
    );
}

#[test]
fn keys_go_to_other_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&*KEY);
    shared(&KEY.public_key());
    shared(&RsaPss::new(KEY.clone()));
    let signatures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let signature = sign(RsaPss::METHOD, &KEY, BASE);
                signatures.lock().unwrap().push(signature);
            });
        }
    });
    let signatures = signatures.into_inner().unwrap();
    assert_eq!(signatures[0], signatures[1]);
}
