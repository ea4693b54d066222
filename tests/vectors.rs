//! Every vector, stage by stage: each of its intermediate values is checked by itself, so that what
//! fails says where. The counts are asserted, so that no vector can be left out in silence.

extern crate alloc;

use alloc::collections::BTreeMap;

use oauth1_core::{
    BaseString, BodyHash, Digest, Parameter, RsaPrivateKey, RsaPublicKey, Target, Timestamp, Value,
    Verdict, VerifyingKey,
    authorization::{AuthorizationHeader, AuthorizationWriter, HeaderParameter, Transmission},
    form, percent,
    verify::{Lookup, NonceStatus, Policy},
};
use oauth1_tests::{AnyKey, Octets, Placement, cases, private_key, requests};
use serde::Deserialize;

/// How many cases each file or folder has: a vector that is added is counted here.
const COUNTS: [(&str, usize); 16] = [
    ("requests", 119),
    ("requests-negative", 9),
    ("base-uri", 37),
    ("encode", 38),
    ("decode", 8),
    ("form", 17),
    ("header", 9),
    ("normalize", 19),
    ("body-hash", 11),
    ("signature", 20),
    ("sasl", 5),
    ("rsa-signatures", 55),
    ("keys", 18),
    // These are run by the unit tests of the core, and by the command line's.
    ("explain/codes", 49),
    ("explain/programs", 27),
    ("explain/threads", 15),
];

fn count(kind: &str) -> usize {
    COUNTS
        .iter()
        .find(|(name, _)| *name == kind)
        .expect("a kind")
        .1
}

#[test]
fn nothing_is_left_out() {
    let listed: BTreeMap<String, usize> = cases_map("counts.json");
    let mut total = 0;
    for (kind, expected) in COUNTS {
        let found = match kind {
            "requests" | "requests-negative" => requests(kind).len(),
            _ => cases::<serde_json::Value>(&format!("{kind}.json")).len(),
        };
        assert_eq!(found, expected, "{kind}");
        assert_eq!(listed.get(kind), Some(&expected), "counts.json: {kind}");
        total += found;
    }
    assert_eq!(listed.len(), COUNTS.len());
    println!("{total} vectors in {} kinds", COUNTS.len());
}

fn cases_map(file: &str) -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(oauth1_tests::vectors().join(file)).expect("counts.json");
    serde_json::from_str(&text).expect("counts.json")
}

#[test]
fn base_string_uri() {
    for vector in requests("requests") {
        let uri = vector.unsigned().target().base_string_uri().to_string();
        // What is not ASCII is encoded byte by byte in the base string; shown, it is as it was sent.
        assert_eq!(uri, vector.expected.base_string_uri, "{}", vector.id);
    }
}

#[test]
fn parameters_and_base_string() {
    for vector in requests("requests")
        .iter()
        .chain(&requests("requests-negative"))
    {
        let (request, protocol) = (vector.unsigned(), vector.protocol());
        let mut slots = Vec::new();
        let base_string = BaseString::of(&request, &protocol, &mut slots).expect(&vector.id);
        let encode = |value: Value<'_>| percent::encode(&value.to_bytes()).to_string();
        let parameters: Vec<(String, String)> = base_string
            .parameters()
            .map(|(name, value)| (encode(name), encode(value)))
            .collect();
        assert_eq!(parameters, vector.expected.parameters, "{}", vector.id);
        let pairs: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(pairs.join("&"), vector.expected.normalized, "{}", vector.id);
        assert_eq!(
            base_string.to_string(),
            vector.expected.base_string,
            "{}",
            vector.id
        );
    }
}

#[test]
fn signature() {
    for vector in requests("requests")
        .iter()
        .chain(&requests("requests-negative"))
    {
        let key = vector.key();
        let base_string = BaseString::from_text(vector.expected.base_string.as_bytes());
        let signature = key.sign(&base_string);
        if vector.signature_method != "RSA-PSS" {
            assert_eq!(signature, vector.expected.signature, "{}", vector.id);
        }
        assert_eq!(
            key.verify(&base_string, &signature),
            Verdict::Valid,
            "{}",
            vector.id
        );
        let other = BaseString::from_text(b"another");
        let expected = if vector.signature_method == "PLAINTEXT" {
            Verdict::Valid
        } else {
            Verdict::Invalid
        };
        assert_eq!(key.verify(&other, &signature), expected, "{}", vector.id);
    }
}

#[test]
fn what_is_printed_wrong_is_refused() {
    let vectors = requests("requests-negative");
    for vector in &vectors {
        let printed = vector
            .printed
            .as_ref()
            .expect("negative vectors have what is printed");
        let base_string = BaseString::from_text(vector.expected.base_string.as_bytes());
        match (&printed.signature, &printed.base_string) {
            (Some(signature), None) => {
                assert_eq!(
                    vector.key().verify(&base_string, signature),
                    Verdict::Invalid
                );
            }
            (None, Some(printed)) => assert_ne!(printed, &vector.expected.base_string),
            _ => panic!("{}: exactly one is printed", vector.id),
        }
    }
    assert_eq!(vectors.len(), count("requests-negative"));
}

#[test]
fn authorization_header() {
    for vector in requests("requests") {
        let protocol = vector.protocol();
        let mut header = Vec::new();
        let realm = vector.realm.as_deref();
        let mut writer = AuthorizationWriter::new(Transmission::Header, realm, &mut header);
        for parameter in &protocol {
            writer.parameter(parameter.name(), parameter.value());
        }
        writer.parameter(
            Value::plain("oauth_signature"),
            Value::plain(&vector.expected.signature),
        );
        assert_eq!(
            String::from_utf8_lossy(&header),
            vector.expected.authorization,
            "{}",
            vector.id
        );
    }
}

/// The produced request goes through the whole chain, where it is one that RFC 5849 allows: some
/// published examples have timestamps that are no numbers, no client, or versions of their own.
#[test]
fn the_produced_request_is_accepted() {
    let mut accepted = 0;
    let vectors = requests("requests");
    for vector in &vectors {
        let Some(now) = vector.now() else { continue };
        let request = vector.sent();
        let header = vector.expected.authorization.as_bytes();
        let headers = (vector.placement == Placement::Header).then_some(header);
        let policy = Policy::new().allow_plaintext_without_tls();
        let mut slots = Vec::new();
        let received = policy
            .receive(&request, headers, now, &mut slots)
            .unwrap_or_else(|rejection| panic!("{}: {rejection}", vector.id));
        assert_eq!(
            received.base_string().to_string(),
            vector.expected.base_string,
            "{}",
            vector.id
        );
        let (key, stand_in) = (vector.key(), oauth1_core::StandIn::new());
        let key = key.verifying();
        let authentic = received
            .authenticate(Lookup::Found(&*key), &stand_in)
            .unwrap_or_else(|rejection| panic!("{}: {rejection}", vector.id));
        let status = if authentic.replay_key().is_some() {
            NonceStatus::Fresh
        } else {
            NonceStatus::Absent
        };
        let verified = authentic.accept(status).expect("a fresh nonce");
        assert!(
            Some(verified.client()) == vector.parameter("oauth_consumer_key").map(Value::plain)
        );
        accepted += 1;
    }
    println!(
        "{accepted} of {} requests are complete and accepted",
        vectors.len()
    );
    assert_eq!(accepted, COMPLETE);
}

/// How many of the request vectors are requests that a server may accept.
const COMPLETE: usize = 105;

trait Complete {
    fn now(&self) -> Option<Timestamp>;
}

impl Complete for oauth1_tests::RequestVector {
    /// The time at which the request can be accepted, if it ever can.
    fn now(&self) -> Option<Timestamp> {
        let signed_as_said = self.parameter("oauth_signature_method")? == self.signature_method;
        let version = self
            .parameter("oauth_version")
            .is_none_or(|version| version == "1.0");
        let client = self
            .parameter("oauth_consumer_key")
            .is_some_and(|client| !client.is_empty());
        let nonce = self
            .parameter("oauth_nonce")
            .is_some_and(|nonce| !nonce.is_empty());
        let timestamp = self
            .parameter("oauth_timestamp")
            .and_then(|digits| digits.parse().ok());
        let plaintext = self.signature_method == "PLAINTEXT";
        // A body hash is verified against the body; one vector has a hash of other text.
        (signed_as_said && version && client && (plaintext || nonce && timestamp.is_some()))
            .then(|| Timestamp::from_unix_seconds(timestamp.unwrap_or(1_700_000_000)))
    }
}

#[derive(Deserialize)]
struct Case {
    id: String,
    input: Octets,
    expected: Octets,
}

#[test]
fn encode() {
    let all: Vec<Case> = cases("encode.json");
    for case in &all {
        let encoded = percent::encode(&case.input.bytes()).to_string();
        assert_eq!(encoded.as_bytes(), case.expected.bytes(), "{}", case.id);
    }
    assert_eq!(all.len(), count("encode"));
}

#[test]
fn decode() {
    let all: Vec<Case> = cases("decode.json");
    for case in &all {
        let input = case.input.bytes();
        assert_eq!(
            *Value::percent(&input).to_bytes(),
            case.expected.bytes(),
            "{}",
            case.id
        );
    }
    assert_eq!(all.len(), count("decode"));
}

#[test]
fn base_uri() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        input: String,
        expected: Option<String>,
    }
    let all: Vec<Case> = cases("base-uri.json");
    for case in &all {
        let uri = Target::parse(&case.input).map(|target| target.base_string_uri().to_string());
        assert_eq!(uri.ok(), case.expected, "{}", case.id);
    }
    assert_eq!(all.len(), count("base-uri"));
}

#[test]
fn form_pairs() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        input: String,
        expected: Vec<(Octets, Octets)>,
    }
    let all: Vec<Case> = cases("form.json");
    for case in &all {
        let pairs: Vec<_> = form::pairs(case.input.as_bytes())
            .map(|(name, value)| (name.to_bytes().into_owned(), value.to_bytes().into_owned()))
            .collect();
        let expected: Vec<_> = case
            .expected
            .iter()
            .map(|(name, value)| (name.bytes(), value.bytes()))
            .collect();
        assert_eq!(pairs, expected, "{}", case.id);
    }
    assert_eq!(all.len(), count("form"));
}

#[test]
fn header() {
    #[derive(Deserialize)]
    struct Header {
        realm: Option<String>,
        params: Vec<(String, String)>,
    }
    #[derive(Deserialize)]
    struct Case {
        id: String,
        input: String,
        expected: Option<Header>,
    }
    let all: Vec<Case> = cases("header.json");
    for case in &all {
        let header = AuthorizationHeader::parse(case.input.as_bytes()).expect("the scheme");
        let parsed: Result<Vec<_>, _> = header.parameters().collect();
        let Some(expected) = &case.expected else {
            assert!(parsed.is_err(), "{}", case.id);
            continue;
        };
        let (mut realm, mut params) = (None, Vec::new());
        for parameter in parsed.unwrap_or_else(|error| panic!("{}: {error}", case.id)) {
            match parameter {
                HeaderParameter::Realm(found) => realm = Some(found.to_string()),
                HeaderParameter::Pair { name, value } => {
                    params.push((name.to_string_lossy(), value.to_string_lossy()));
                }
            }
        }
        assert_eq!(realm, expected.realm, "{}", case.id);
        assert_eq!(params, expected.params, "{}", case.id);
    }
    assert_eq!(all.len(), count("header"));
}

#[test]
fn normalize() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        params: Vec<(Octets, Octets)>,
        expected: String,
    }
    let all: Vec<Case> = cases("normalize.json");
    for case in &all {
        let params: Vec<_> = case
            .params
            .iter()
            .map(|(name, value)| (name.bytes(), value.bytes()))
            .collect();
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| Parameter::from_bytes(name, value))
            .collect();
        let target = Target::parse("http://example.com/").expect("a target");
        let request = oauth1_core::RequestView::new("GET", target);
        // As protocol parameters and as a form of pairs: one sort for all.
        for (form, protocol) in [(&params[..], &[][..]), (&[][..], &params[..])] {
            let request = request.with_form_pairs(form);
            let mut slots = Vec::new();
            let base_string = BaseString::of(&request, protocol, &mut slots).expect("room");
            let encoded = percent::encode(&case.expected).to_string();
            let expected = format!("GET&http%3A%2F%2Fexample.com%2F&{encoded}");
            assert_eq!(base_string.to_string(), expected, "{}", case.id);
        }
    }
    assert_eq!(all.len(), count("normalize"));
}

#[test]
fn body_hash() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        algorithm: String,
        body: Octets,
        expected: String,
    }
    let all: Vec<Case> = cases("body-hash.json");
    for case in &all {
        let digest = match case.algorithm.as_str() {
            "SHA-1" => Digest::Sha1,
            "SHA-256" => Digest::Sha256,
            "SHA-512" => Digest::Sha512,
            other => panic!("{}: {other}", case.id),
        };
        let hash = BodyHash::of(digest, &case.body.bytes()).expect("compiled in");
        assert_eq!(hash.as_str(), case.expected, "{}", case.id);
        assert!(hash.matches(Value::plain(&case.expected)), "{}", case.id);
    }
    assert_eq!(all.len(), count("body-hash"));
}

#[test]
fn signature_of_a_base_string() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        signature_method: String,
        base_string: String,
        client_secret: String,
        token_secret: String,
        rsa_key: Option<String>,
        expected: String,
    }
    let all: Vec<Case> = cases("signature.json");
    for case in &all {
        let key = AnyKey {
            method: &case.signature_method,
            client_secret: &case.client_secret,
            token_secret: &case.token_secret,
            rsa: case.rsa_key.as_deref().map(private_key),
        };
        let base_string = BaseString::from_text(case.base_string.as_bytes());
        assert_eq!(key.sign(&base_string), case.expected, "{}", case.id);
        assert_eq!(
            key.verify(&base_string, &case.expected),
            Verdict::Valid,
            "{}",
            case.id
        );
    }
    assert_eq!(all.len(), count("signature"));
}

#[test]
fn rsa_signatures() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        note: String,
        signature_method: String,
        rsa_key: String,
        base_string: String,
        signature: String,
        deterministic: bool,
        valid: bool,
    }
    let all: Vec<Case> = cases("rsa-signatures.json");
    let mut refused = 0;
    for case in &all {
        let key = private_key(&case.rsa_key);
        let base_string = BaseString::from_text(case.base_string.as_bytes());
        let signature = Value::plain(&case.signature);
        let verdict = key
            .public_key()
            .verify(&case.signature_method, &base_string, signature);
        let expected = if case.valid {
            Verdict::Valid
        } else {
            Verdict::Invalid
        };
        assert_eq!(verdict, expected, "{}: {}", case.id, case.note);
        refused += usize::from(!case.valid);
        if case.valid && case.deterministic {
            let method = case.signature_method.as_str();
            let key = AnyKey {
                method,
                client_secret: "",
                token_secret: "",
                rsa: Some(key),
            };
            assert_eq!(key.sign(&base_string), case.signature, "{}", case.id);
        }
    }
    assert_eq!((all.len(), refused), (count("rsa-signatures"), 46));
}

#[test]
fn keys() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        file: String,
        encoding: String,
        role: String,
        refused: Option<String>,
    }
    let all: Vec<Case> = cases("keys.json");
    for case in &all {
        let bytes = std::fs::read(oauth1_tests::vectors().join("keys").join(&case.file));
        let bytes = bytes.expect("a key file");
        let pem = (case.encoding == "pem").then(|| String::from_utf8(bytes.clone()).expect("PEM"));
        let private = match &pem {
            Some(pem) => RsaPrivateKey::from_pem(pem),
            None => RsaPrivateKey::from_der(&bytes),
        };
        let public = match &pem {
            Some(pem) => RsaPublicKey::from_pem(pem),
            None => RsaPublicKey::from_der(&bytes),
        };
        let expected = case.refused.is_none();
        assert_eq!(
            private.is_ok(),
            expected && case.role == "private",
            "{}: {private:?}",
            case.id
        );
        assert_eq!(
            public.is_ok(),
            expected && case.role == "public",
            "{}: {public:?}",
            case.id
        );
    }
    assert_eq!(all.len(), count("keys"));
}
