extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
};

use super::*;
use crate::{Endpoint, Slot};

const URIS: [&str; 12] = [
    "http://example.com",
    "HTTPS://user@EXAMPLE.com:443/a/../%7e\u{e9}?#x",
    "https://[::1]:8443/?z=1&a=2&a=1&b",
    "http://example.com/?oauth_x=1&a=%zz+",
    "http://example.com/?oauth=1&oautha=2",
    "http://example.com/?longer+than+eight=1&longer%20than=2&longer-than+=3",
    "http://example.com/?&&",
    "http://example.com/?=",
    "http://example.com/?oauth_zz=1",
    "http://example.com/?%00=1&%ff",
    "http://example.com/?c%40=&c2=",
    "http://example.com/?a=1&a=1&a=1",
];

fn header(request: &RequestView<'_>, transmission: Transmission) -> String {
    let client = ClientCredentials::new("client", "client secret");
    let signer = Signer::<HmacSha1>::for_client(&client).with_transmission(transmission);
    let extra = [Parameter::new("b", "x")];
    let mut memory = [0; 1024];
    let mut out = SliceSink::new(&mut memory);
    for parameters in [
        ProtocolParameters::NONE,
        ProtocolParameters::NONE.with_extra(&extra),
    ] {
        let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("abc"));
        signer
            .sign(
                request,
                &parameters,
                stamp,
                &mut SlotArray::<32>::new(),
                &mut out,
            )
            .unwrap();
    }
    String::from_utf8(out.finish().unwrap().into()).unwrap()
}

#[test]
fn requests_to_an_endpoint_are_signed_as_any_others() {
    for uri in URIS {
        for method in ["GET", "post", "x y"] {
            let target = Target::parse(uri).unwrap();
            let mut memory = [0; 256];
            let (slots, start) = (SlotArray::<8>::new(), SliceSink::new(&mut memory));
            let endpoint = Endpoint::with_memory(method, target, slots, start).unwrap();
            let (known, plain) = (endpoint.view(), RequestView::new(method, target));
            let pairs = [Parameter::new("f", "1"), Parameter::new("a", "0")];
            let views = [
                (known, plain),
                (known.with_form(b"f=1&a=0"), plain.with_form(b"f=1&a=0")),
                (known.with_form_pairs(&pairs), plain.with_form_pairs(&pairs)),
            ];
            for (known, plain) in views {
                for transmission in [Transmission::Header, Transmission::Form] {
                    assert_eq!(
                        header(&known, transmission),
                        header(&plain, transmission),
                        "{uri}"
                    );
                }
                let (mut slots, mut others) = (SlotArray::<32>::new(), SlotArray::<32>::new());
                let known = BaseString::of(&known, &pairs, &mut slots).unwrap();
                let plain = BaseString::of(&plain, &pairs, &mut others).unwrap();
                assert_eq!(known.to_string(), plain.to_string());
            }
        }
    }
}

#[test]
fn a_view_names_the_method_and_the_target() {
    let target = Target::parse("http://example.com/?a=1").unwrap();
    let mut memory = [0; 64];
    let start = SliceSink::new(&mut memory);
    let endpoint = Endpoint::with_memory("GET", target, SlotArray::<1>::new(), start).unwrap();
    assert_eq!(endpoint.view().method(), "GET");
    assert_eq!(endpoint.view().target(), target);
    assert_eq!(
        format!("{endpoint:?}"),
        "Endpoint(GET Target(http://example.com/?a=1))"
    );
}

#[test]
fn an_endpoint_needs_a_slot_for_each_parameter_and_room_for_the_start() {
    let target = Target::parse("http://example.com/?a=1&b=2").unwrap();
    let needed = "GET&http%3A%2F%2Fexample.com%2F&".len();
    let mut memory = [0; 64];
    let start = SliceSink::new(&mut memory[..needed]);
    assert!(Endpoint::with_memory("GET", target, SlotArray::<2>::new(), start).is_ok());
    let start = SliceSink::new(&mut memory[..needed]);
    let endpoint = Endpoint::with_memory("GET", target, SlotArray::<1>::new(), start);
    assert_eq!(
        endpoint.map(|_| ()).unwrap_err(),
        SignError::TooManyParameters
    );
    let start = SliceSink::new(&mut memory[..needed - 1]);
    let endpoint = Endpoint::with_memory("GET", target, SlotArray::<2>::new(), start);
    assert_eq!(endpoint.map(|_| ()).unwrap_err(), SignError::BufferTooSmall);
}

#[test]
fn slots_that_were_used_are_emptied() {
    let target = Target::parse("http://example.com/?a=1").unwrap();
    let mut slots = SlotArray::<2>::new();
    Slots::push(&mut slots, Slot::default()).unwrap();
    let mut memory = [0; 64];
    let start = SliceSink::new(&mut memory);
    let endpoint = Endpoint::with_memory("GET", target, slots, start).unwrap();
    let plain = RequestView::new("GET", target);
    let header = |view| header(&view, Transmission::Header);
    assert_eq!(header(endpoint.view()), header(plain));
}

#[test]
fn a_request_to_an_endpoint_is_verified_as_any_other() {
    use crate::{
        StandIn,
        verify::{Lookup, Policy},
    };
    let target = Target::parse("http://example.com/?b=1&a=2").unwrap();
    let mut memory = [0; 64];
    let start = SliceSink::new(&mut memory);
    let endpoint = Endpoint::with_memory("GET", target, SlotArray::<2>::new(), start).unwrap();
    let client = ClientCredentials::new("client", "client secret");
    let signer = Signer::<HmacSha1>::for_client(&client);
    let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("abc"));
    let mut memory = [0; 512];
    let mut out = SliceSink::new(&mut memory);
    let view = endpoint.view();
    signer
        .sign(
            &view,
            &ProtocolParameters::NONE,
            stamp,
            &mut SlotArray::<2>::new(),
            &mut out,
        )
        .unwrap();
    let header = out.finish().unwrap();
    let (policy, mut slots) = (Policy::new(), SlotArray::<6>::new());
    let now = Timestamp::from_unix_seconds(1);
    let received = policy.receive(&view, [header], now, &mut slots).unwrap();
    assert!(
        received
            .authenticate(Lookup::Found(signer.key()), &StandIn::new())
            .is_ok()
    );
}

#[cfg(feature = "alloc")]
#[test]
fn an_endpoint_on_the_heap_is_the_same() {
    for uri in URIS {
        let target = Target::parse(uri).unwrap();
        let endpoint = Endpoint::new("GET", target).unwrap();
        let plain = RequestView::new("GET", target);
        let header = |view| header(&view, Transmission::Header);
        assert_eq!(header(endpoint.clone().view()), header(plain));
    }
}

#[test]
fn a_query_that_is_signed_already_is_no_endpoint() {
    let target = Target::parse("http://example.com/?a=1&oauth%5Fsignature=3").unwrap();
    let mut memory = [0; 64];
    let start = SliceSink::new(&mut memory);
    let endpoint = Endpoint::with_memory("GET", target, SlotArray::<4>::new(), start);
    assert_eq!(
        endpoint.map(|_| ()).unwrap_err(),
        SignError::DuplicateParameter
    );
}
