//! Memory of the caller's: exactly enough, and one less.

use super::*;
use crate::{Slot, Slots};

fn with_slots<const N: usize>(
    request: &RequestView<'_>,
    parameters: &ProtocolParameters<'_>,
) -> Result<(), SignError> {
    let (signer, mut slots) = (signer(), SlotArray::<N>::new());
    let mut memory = [0; 512];
    let mut out = SliceSink::new(&mut memory);
    let signed = signer
        .sign(request, parameters, stamp(), &mut slots, &mut out)
        .map(|_| ());
    let drafted = signer
        .draft(request, parameters, stamp(), &mut slots)
        .map(|_| ());
    assert_eq!(signed, drafted);
    signed
}

#[test]
fn a_request_without_oauth_parameters_needs_a_slot_for_each_of_its_own() {
    let request = get("http://example.com/?a=1&b=2").with_form(b"c=3&d=4");
    assert_eq!(with_slots::<4>(&request, &NONE), Ok(()));
    assert_eq!(
        with_slots::<3>(&request, &NONE),
        Err(SignError::TooManyParameters)
    );
    assert_eq!(with_slots::<0>(&get("http://example.com/"), &NONE), Ok(()));
}

#[test]
fn callback_and_verifier_need_no_slot() {
    let parameters = NONE.with_callback("oob").with_verifier("v");
    assert_eq!(
        with_slots::<1>(&get("http://example.com/?a=1"), &parameters),
        Ok(())
    );
}

#[test]
fn pairs_need_as_many_as_a_form() {
    let pairs = [Parameter::new("a", "1"), Parameter::new("b", "2")];
    let request = get("http://example.com/?c=1").with_form_pairs(&pairs);
    assert_eq!(with_slots::<3>(&request, &NONE), Ok(()));
    assert_eq!(
        with_slots::<2>(&request, &NONE),
        Err(SignError::TooManyParameters)
    );
}

#[test]
fn a_request_with_oauth_parameters_needs_them_for_those_that_signing_adds_as_well() {
    let request = get("http://example.com/?a=1&oauth_x=2");
    assert_eq!(with_slots::<7>(&request, &NONE), Ok(()));
    assert_eq!(
        with_slots::<6>(&request, &NONE),
        Err(SignError::TooManyParameters)
    );
}

#[test]
fn extra_parameters_need_them_too() {
    let extra = [Parameter::new("oauth_x", "1"), Parameter::new("x", "1")];
    let (request, parameters) = (get("http://example.com/?a=1"), NONE.with_extra(&extra));
    assert_eq!(with_slots::<8>(&request, &parameters), Ok(()));
    assert_eq!(
        with_slots::<7>(&request, &parameters),
        Err(SignError::TooManyParameters)
    );
}

#[test]
fn nine_slots_more_are_enough_for_whatever_signing_adds() {
    let hash = BodyHash::of(Digest::Sha1, b"").unwrap();
    let parameters = NONE
        .with_callback("oob")
        .with_verifier("v")
        .with_body_hash(&hash);
    let signer = signer().with_version();
    let request = get("http://example.com/?oauth_x=2");
    let sign = |slots: &mut dyn Slots| {
        let mut memory = [0; 512];
        let mut out = SliceSink::new(&mut memory);
        signer
            .sign(&request, &parameters, stamp(), slots, &mut out)
            .map(|_| ())
    };
    assert_eq!(sign(&mut SlotArray::<10>::new()), Ok(()));
    assert_eq!(
        sign(&mut SlotArray::<9>::new()),
        Err(SignError::TooManyParameters)
    );
}

#[test]
fn slots_are_emptied_before_they_are_used() {
    let mut slots = SlotArray::<2>::new();
    slots.push(Slot::default()).unwrap();
    let mut memory = [0; 512];
    let mut out = SliceSink::new(&mut memory);
    let request = get("http://example.com/?a=1&b=2");
    signer()
        .sign(&request, &NONE, stamp(), &mut slots, &mut out)
        .unwrap();
    let expected = sign(&signer(), &request, &NONE).unwrap();
    assert_eq!(out.finish(), Ok(expected.as_bytes()));
}

#[test]
fn a_slice_that_is_too_small_says_how_much_is_needed() {
    let request = get("http://example.com/?a=1&b=2");
    let needed = sign(&signer(), &request, &NONE).unwrap().len();
    for room in [0, 1, 100, needed - 1, needed] {
        let mut memory = [0; 512];
        let mut out = SliceSink::new(&mut memory[..room]);
        signer()
            .sign(
                &request,
                &NONE,
                stamp(),
                &mut SlotArray::<2>::new(),
                &mut out,
            )
            .unwrap();
        let length = out.finish().map(<[u8]>::len);
        let expected = if room == needed {
            Ok(needed)
        } else {
            Err(Overflow { needed })
        };
        assert_eq!(length, expected);
    }
}
