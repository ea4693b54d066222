use allocation_counter::measure;
use oauth1_core::{
    HmacSha1, Secret, StandIn, Timestamp,
    authorization::{AuthorizationHeader, HeaderParameter},
    verify::{Limits, Lookup, NonceStatus, Policy, Reason},
};

use super::{Bare, Case, Kind, Signing, Verifying, sign};
use crate::workloads::{CLIENT, TIMESTAMP, TOKEN, Workload};

/// The MAC in an `Authorization` header.
fn mac(header: &[u8]) -> Vec<u8> {
    let header = AuthorizationHeader::parse(header).expect("of the scheme OAuth");
    let signature = header
        .parameters()
        .find_map(|parameter| match parameter.expect("readable") {
            HeaderParameter::Pair { name, value } if name == "oauth_signature" => Some(value),
            _ => None,
        });
    unbase64(&signature.expect("a signature").to_bytes())
}

fn unbase64(text: &[u8]) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for byte in text {
        let Some(digit) = alphabet.iter().position(|letter| letter == byte) else {
            break;
        };
        bits = (bits << 6) | u32::try_from(digit).expect("below 64");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    bytes
}

#[test]
fn every_way_of_signing_gives_the_bare_hmac() {
    for workload in Workload::ALL {
        let request = workload.request();
        let expected = Bare::new(request).mac();
        let mut signing = Signing::new(request);
        signing.sign_view();
        assert_eq!(mac(signing.header()), expected, "{workload:?}");
        signing.sign_url();
        assert_eq!(mac(signing.header()), expected, "{workload:?}");
        if request.form.is_some() {
            signing.sign_pairs();
            assert_eq!(mac(signing.header()), expected, "{workload:?}");
        }
        let mut prepared = sign::prepared(request);
        prepared.once();
        assert_eq!(mac(prepared.header()), expected, "{workload:?}");
    }
}

#[cfg(feature = "peers")]
#[test]
fn the_peer_makes_the_same_signature() {
    for workload in Workload::ALL {
        let request = workload.request();
        let mut peer = super::peer::Peer::new(request);
        peer.once();
        assert_eq!(
            mac(peer.header().as_bytes()),
            Bare::new(request).mac(),
            "{workload:?}"
        );
        peer.once_sorting();
        assert_eq!(
            mac(peer.header().as_bytes()),
            Bare::new(request).mac(),
            "{workload:?}"
        );
    }
}

#[test]
fn every_workload_verifies() {
    let mut limits = Limits::DEFAULT;
    limits.query_bytes = usize::MAX;
    limits.parameters = usize::MAX;
    let policy = Policy::new().with_limits(limits);
    let key = HmacSha1::new(&Secret::from(CLIENT.1), &Secret::from(TOKEN.1));
    for workload in Workload::ALL {
        let request = workload.request();
        let mut signing = Signing::new(request);
        signing.sign_url();
        let mut slots = Vec::new();
        let now = Timestamp::from_unix_seconds(TIMESTAMP);
        policy
            .receive(&sign::view(request), [signing.header()], now, &mut slots)
            .and_then(|received| received.authenticate(Lookup::Found(&key), &StandIn::new()))
            .and_then(|authentic| authentic.accept(NonceStatus::Fresh))
            .unwrap_or_else(|rejection| panic!("{workload:?}: {rejection}"));
    }
}

#[test]
fn requests_are_refused_for_what_they_should_be() {
    let reason = |mut verifying: Verifying| verifying.verify().expect_err("refused").reason();
    assert!(Verifying::accepted().verify().is_ok());
    assert!(Verifying::accepted().verify_from_secrets().is_ok());
    assert!(matches!(
        reason(Verifying::malformed()),
        Reason::MalformedHeader(_)
    ));
    assert!(matches!(
        reason(Verifying::stale()),
        Reason::TimestampRefused(..)
    ));
    assert_eq!(reason(Verifying::unknown_client()), Reason::ClientUnknown);
    assert_eq!(reason(Verifying::forged()), Reason::SignatureInvalid);
}

#[test]
fn nothing_of_ours_allocates_once_its_buffers_are_filled() {
    for case in Case::all()
        .into_iter()
        .filter(|case| case.kind == Kind::Ours)
    {
        let mut operation = (case.start)();
        operation(2);
        assert_eq!(measure(|| operation(2)).count_total, 0, "{}", case.id);
    }
}

#[test]
fn names_are_used_once() {
    let mut names: Vec<_> = Case::all().into_iter().map(|case| case.id).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(Case::find("w1-url").is_some());
    assert!(Case::find("w9").is_none());
}
