//! Signing and verifying allocate nothing once the caller's buffers have their size.

use allocation_counter::measure;
use oauth1_core::{
    ClientCredentials, HmacSha1, HmacSha256, Nonce, ProtocolParameters, RequestView, Secret,
    Signer, SigningKey, Slot, Stamp, StandIn, Target, Timestamp, TokenCredentials, VerifyingKey,
    verify::{Lookup, NonceStatus, Policy},
};

const URL: &str =
    "https://api.example.com/1.1/statuses/home_timeline.json?count=20&include_entities=true";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

fn stamp() -> Stamp<'static> {
    Stamp::new(NOW, Nonce::new("8067e8abc6bdca2006818132445c8f4c"))
}

fn signer<K: SigningKey + for<'a> oauth1_core::KeyFrom<Secret<'a>>>() -> Signer<'static, K> {
    Signer::for_token(
        &ClientCredentials::new(
            "kMViZR2MHk2mM7hUNVw9A",
            "56Fgl58yOfqXOhHXX0ybvOmSnPQFvR2miYmm30A",
        ),
        &TokenCredentials::new(
            "10212-JJ3Zc1A49qSMgdcAO2GMOpW9l7A348ESmhjmOBOU",
            "yF75mvq4LZMHj9O0DXwoC3ZxUnN1ptvieThYuOAYM",
        ),
    )
}

/// The count of a run that has been made before with the same buffers.
fn steady(mut run: impl FnMut()) -> u64 {
    run();
    run();
    measure(run).count_total
}

fn signs_without_allocation<K>()
where
    K: SigningKey + for<'a> oauth1_core::KeyFrom<Secret<'a>>,
{
    let signer = signer::<K>();
    let (mut slots, mut header) = (Vec::new(), Vec::new());
    let form = b"status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21";
    let json = br#"{"status":"Hello"}"#;
    let target = Target::parse(URL).expect("a URL");
    for request in [
        RequestView::new("GET", target),
        RequestView::new("POST", target).with_form(form),
        RequestView::new("POST", target).with_body(json),
    ] {
        let count = steady(|| {
            header.clear();
            signer
                .sign(
                    &request,
                    &ProtocolParameters::NONE,
                    stamp(),
                    &mut slots,
                    &mut header,
                )
                .expect("a signature");
        });
        assert_eq!(count, 0, "{request:?}");
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(
        measure(|| drop(core::hint::black_box(vec![1_u8]))).count_total,
        1
    );
}

#[test]
fn signing_with_hmac_sha1() {
    signs_without_allocation::<HmacSha1>();
}

#[test]
fn signing_with_hmac_sha256() {
    signs_without_allocation::<HmacSha256>();
}

#[test]
fn a_prepared_request() {
    let signer = signer::<HmacSha1>();
    let request = RequestView::new("GET", Target::parse(URL).expect("a URL"));
    let prepared = signer
        .prepare(
            &request,
            &ProtocolParameters::NONE,
            &mut Vec::new(),
            Vec::new(),
        )
        .expect("a prepared request");
    let mut header = Vec::new();
    let count = steady(|| {
        header.clear();
        prepared.sign(stamp(), &mut header).expect("a signature");
    });
    assert_eq!(count, 0);
}

#[test]
fn verifying_what_is_right_and_what_is_wrong() {
    let signer = signer::<HmacSha1>();
    let request = RequestView::new("GET", Target::parse(URL).expect("a URL"));
    let header = signer
        .authorization(&request, stamp())
        .expect("a signature");
    let stand_in = StandIn::new();
    let policy = Policy::new();
    let mut slots: Vec<Slot> = Vec::new();
    let key: &dyn VerifyingKey = signer.key();
    for (lookup, now, accepted) in [
        (Lookup::Found(key), NOW, true),
        (Lookup::ClientUnknown, NOW, false),
        (Lookup::TokenUnknown, NOW, false),
        (Lookup::Found(key), Timestamp::from_unix_seconds(1), false),
    ] {
        let count = steady(|| {
            let verified = policy
                .receive(&request, [header.as_bytes()], now, &mut slots)
                .and_then(|received| received.authenticate(lookup, &stand_in))
                .and_then(|authentic| authentic.accept(NonceStatus::Fresh));
            assert_eq!(verified.is_ok(), accepted);
        });
        assert_eq!(count, 0, "{lookup:?}");
    }
}
