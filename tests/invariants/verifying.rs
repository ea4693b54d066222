use oauth1_core::{
    Body, RequestView, SharedSecrets, SlotArray, StandIn, Target, Timestamp,
    verify::{BodyHashPolicy, Lookup, NonceStatus, Policy, Reason, Rejection},
};

use super::{assert_one_line, fields};

const SECRET: &str = "what no input has in it";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// Input: a letter for the kind of body and the policy, method, URL, `Authorization` headers with a tab
/// between them; the rest is the body.
pub(super) fn check(input: &[u8]) {
    let Some([kind, method, url, headers, body]) = fields::<5>(input) else {
        return;
    };
    let (Ok(method), Ok(url)) = (core::str::from_utf8(method), core::str::from_utf8(url)) else {
        return;
    };
    let Ok(target) = Target::parse(url) else {
        return;
    };
    let kind = kind.first().copied().unwrap_or_default();
    let body = match kind & 3 {
        0 => Body::None,
        1 => Body::Form(body),
        2 => Body::Opaque(body),
        _ => Body::Streamed,
    };
    let request = RequestView::new(method, target).with(body);
    let mut policy = Policy::new().with_window(u64::MAX);
    if kind & 4 != 0 {
        policy = policy.allow_several_locations();
    }
    if kind & 8 != 0 {
        policy = policy.with_body_hash(BodyHashPolicy::Required);
    }
    let headers = || {
        headers
            .split(|&byte| byte == b'\t')
            .filter(|header| !header.is_empty())
    };

    let mut slots = Vec::new();
    let many = {
        let received = policy.receive(&request, headers(), NOW, &mut slots);
        received.map_err(refused).and_then(|received| {
            assert!(received.client().len() <= policy.limits().identifier_bytes);
            let secrets = SharedSecrets::new(SECRET, SECRET);
            let unknown = received.authenticate(Lookup::ClientUnknown, &StandIn::new());
            assert_eq!(
                unknown.err().map(|it| it.reason()),
                Some(Reason::ClientUnknown)
            );
            let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new());
            let rejection = authentic
                .and_then(|authentic| authentic.accept(NonceStatus::Fresh))
                .expect_err("nobody guesses the secret");
            Err::<(), _>(refused(rejection))
        })
    };
    // Without a heap the answer is the same, or that there are too many parameters.
    let mut slots = SlotArray::<12>::new();
    let few = policy.receive(&request, headers(), NOW, &mut slots);
    match (few, many) {
        (Err(rejection), many) => {
            let few = refused(rejection);
            assert!(matches!(few, Reason::TooLarge(_)) || Err(few) == many);
        }
        (Ok(received), many) => {
            let secrets = SharedSecrets::new(SECRET, SECRET);
            let few = received.authenticate(Lookup::Found(&secrets), &StandIn::new());
            assert_eq!(few.err().map(refused), many.err());
        }
    }
}

/// What is said of a refusal can be sent and logged.
fn refused(rejection: Rejection) -> Reason {
    assert!(matches!(rejection.status(), 400..=499));
    assert_one_line(&rejection.to_string());
    let challenge = rejection.challenge("a realm");
    assert_one_line(&challenge);
    assert!(challenge.starts_with("OAuth realm=\"a realm\""));
    assert!(!challenge.contains(SECRET));
    rejection.reason()
}
