extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::*;
use crate::{SlotArray, Slots, percent, sink::SliceSink};

const SAMPLE: &str = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
const PROTOCOL: [Parameter<'static>; 5] = [
    Parameter::new("oauth_consumer_key", "9djdj82h48djs9d2"),
    Parameter::new("oauth_token", "kkk9d7dh3k39sjv7"),
    Parameter::new("oauth_signature_method", "HMAC-SHA1"),
    Parameter::new("oauth_timestamp", "137131201"),
    Parameter::new("oauth_nonce", "7d8f3e4a"),
];

fn sample() -> RequestView<'static> {
    RequestView::new("POST", Target::parse(SAMPLE).unwrap()).with_form(b"c2&a3=2+q")
}

fn text(request: &RequestView<'_>, protocol: &[Parameter<'_>]) -> String {
    let mut slots = SlotArray::<64>::new();
    BaseString::of(request, protocol, &mut slots)
        .unwrap()
        .to_string()
}

/// RFC 5849 section 3.4.1 in words, on pairs that are decoded already.
fn reference(method: &str, uri: &str, pairs: &[(&[u8], &[u8])]) -> String {
    let encode = |bytes: &[u8]| percent::encode(bytes).to_string();
    let mut sorted: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    sorted.sort();
    let joined: Vec<_> = sorted
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let parameters = encode(joined.join("&").as_bytes());
    format!(
        "{}&{}&{parameters}",
        encode(method.as_bytes()),
        encode(uri.as_bytes())
    )
}

#[test]
fn the_sample_of_the_rfc_comes_out_as_printed() {
    assert_eq!(
        text(&sample(), &PROTOCOL),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q\
         %26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_\
         key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m\
         ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk\
         9d7dh3k39sjv7"
    );
}

#[test]
fn the_order_in_which_parameters_come_does_not_matter() {
    let mut reversed = PROTOCOL;
    reversed.reverse();
    assert_eq!(text(&sample(), &reversed), text(&sample(), &PROTOCOL));
}

#[test]
fn the_method_is_in_upper_case_and_encoded() {
    let target = Target::parse("http://a/").unwrap();
    let cases = [
        ("GET", "GET&"),
        ("get", "GET&"),
        ("pAtCh", "PATCH&"),
        ("M-SEARCH", "M-SEARCH&"),
        ("x y!", "X%20Y%21&"),
        ("\u{e9}", "%C3%A9&"),
        ("", "&"),
    ];
    for (method, expected) in cases {
        let text = text(&RequestView::new(method, target), &[]);
        assert_eq!(text, format!("{expected}http%3A%2F%2Fa%2F&"));
    }
}

#[test]
fn the_uri_is_encoded_once() {
    let uris = [
        "http://a",
        "HTTP://EXAMPLE.com:80/A",
        "https://example.com:8443/r%20v/X",
        "https://[2001:DB8::1]:444/",
        "https://user:password@a!$&'()*+,;=b/",
        "HTTPS://A%41_~-.b:443/",
        "http://a/\u{e9}/[b]/\"c\"/~d/%zz//..",
        "ws+x://a:80/",
    ];
    for uri in uris {
        let target = Target::parse(uri).unwrap();
        let expected = reference("GET", &target.base_string_uri().to_string(), &[]);
        assert_eq!(text(&RequestView::new("GET", target), &[]), expected);
    }
}

#[test]
fn a_request_without_parameters_ends_in_an_ampersand() {
    let target = Target::parse("http://a/?&&").unwrap();
    let request = RequestView::new("GET", target);
    for request in [
        request,
        request.with_form(b""),
        request.with_form_pairs(&[]),
        request.with_body(b"a=1"),
    ] {
        assert_eq!(text(&request, &[]), "GET&http%3A%2F%2Fa%2F&");
    }
}

#[test]
fn a_form_counts_and_no_other_body_does() {
    let target = Target::parse("http://a/?q=1").unwrap();
    let request = RequestView::new("GET", target);
    let pairs = [Parameter::new("f g", "2")];
    let with_form = "GET&http%3A%2F%2Fa%2F&f%2520g%3D2%26q%3D1";
    assert_eq!(text(&request.with_form(b"f+g=2"), &[]), with_form);
    assert_eq!(text(&request.with_form_pairs(&pairs), &[]), with_form);
    let without = "GET&http%3A%2F%2Fa%2F&q%3D1";
    for body in [
        crate::Body::None,
        crate::Body::Opaque(b"f+g=2"),
        crate::Body::Streamed,
    ] {
        assert_eq!(text(&request.with(body), &[]), without);
    }
}

#[test]
fn only_the_signature_is_left_out_wherever_it_stands() {
    let target = Target::parse("http://a/?oauth_signature=1&a=1&oauth%5Fsignature=2").unwrap();
    let request =
        RequestView::new("GET", target).with_form(b"oauth_signature&b=2&oauth_Signature=3");
    let protocol = [
        ("oauth_signature", "x"),
        ("realm", "r"),
        ("oauth_signatures", "4"),
    ]
    .map(Parameter::from);
    let pairs = [("oauth_signature", "y"), ("c", "3")].map(Parameter::from);
    let expected = "GET&http%3A%2F%2Fa%2F&a%3D1%26b%3D2%26oauth_Signature%3D3%26oauth_signatures%3D4%26realm%3Dr";
    assert_eq!(text(&request, &protocol), expected);
    let expected = "GET&http%3A%2F%2Fa%2F&a%3D1%26c%3D3%26oauth_signatures%3D4%26realm%3Dr";
    assert_eq!(text(&request.with_form_pairs(&pairs), &protocol), expected);
}

#[test]
fn names_and_values_are_sorted_as_they_are_encoded() {
    let pairs: [(&[u8], &[u8]); 18] = [
        (b"z", b"p"),
        (b"a", b"x!y"),
        (b"a", b"x y"),
        (b"a", b"x"),
        (b"a", b""),
        (b"a", b"x\xc3\xa9"),
        (b"c@", b""),
        (b"c2", b""),
        (b"c", b""),
        (b"\xff", b"1"),
        (b"", b"2"),
        (b"", b""),
        (b"longer than eight 2", b"b"),
        (b"longer than eight 1", b"b"),
        (b"longer than eight", b"c"),
        (b"longer t", b"d"),
        (b"longer-than", b"e"),
        (b"longer_than", b"f"),
    ];
    let target = Target::parse("http://a/").unwrap();
    let expected = reference("GET", "http://a/", &pairs);
    for turn in 0..pairs.len() {
        let mut turned = pairs;
        turned.rotate_left(turn);
        let turned = turned.map(|(name, value)| Parameter::from_bytes(name, value));
        let (form, protocol) = turned.split_at(turn);
        let request = RequestView::new("GET", target).with_form_pairs(form);
        assert_eq!(text(&request, protocol), expected);
    }
}

#[test]
fn pieces_of_every_length_are_written_whole() {
    for length in (0..40).chain(200..300).chain(480..560) {
        for letter in ["a", "/", "\u{e9}", "a/", "aaaa%"] {
            let value = letter.repeat(length);
            let protocol = [Parameter::new(&value, "1"), Parameter::new("b", &value)];
            let pairs: [(&[u8], &[u8]); 2] = [(value.as_bytes(), b"1"), (b"b", value.as_bytes())];
            let uri = format!("http://a/{value}");
            let request = RequestView::new("GET", Target::parse(&uri).unwrap());
            assert_eq!(text(&request, &protocol), reference("GET", &uri, &pairs));

            let form = format!("{0}=1&b={0}", percent::encode(&value));
            let request = request.with_form(form.as_bytes());
            assert_eq!(text(&request, &[]), reference("GET", &uri, &pairs));
        }
    }
}

#[test]
fn a_percent_sign_that_starts_no_escape_is_signed_as_itself() {
    let request = RequestView::new("GET", Target::parse("http://a/?a=100%&b=%zz%4").unwrap());
    assert_eq!(
        text(&request, &[]),
        "GET&http%3A%2F%2Fa%2F&a%3D100%2525%26b%3D%2525zz%25254"
    );
}

#[test]
fn a_sink_sees_what_is_displayed() {
    let mut slots = SlotArray::<16>::new();
    let request = sample();
    let base_string = BaseString::of(&request, &PROTOCOL, &mut slots).unwrap();
    let mut memory = [0; 512];
    for _ in 0..2 {
        let mut sink = SliceSink::new(&mut memory);
        base_string.write_to(&mut sink);
        assert_eq!(sink.finish().unwrap(), base_string.to_string().as_bytes());
    }
    assert_eq!(
        format!("{base_string:?}"),
        format!("BaseString({base_string})")
    );
}

#[test]
fn parameters_come_decoded_and_sorted() {
    let mut slots = SlotArray::<16>::new();
    let (request, protocol) = (sample(), [Parameter::new("b", "%")]);
    let base_string = BaseString::of(&request, &protocol, &mut slots).unwrap();
    let shown = base_string
        .parameters()
        .map(|(name, value)| format!("{name:?}={value:?}"));
    let expected = [
        r#""a2"="r b""#,
        r#""a3"="2 q""#,
        r#""a3"="a""#,
        r#""b"="%""#,
        r#""b5"="=%3D""#,
        r#""c@"="""#,
        r#""c2"="""#,
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn a_text_is_taken_as_it_is() {
    let text = "POST&http%3A%2F%2Fexample.com:143%2F&";
    let base_string = BaseString::from_text(text.as_bytes());
    assert_eq!(base_string.to_string(), text);
    assert_eq!(base_string.parameters().count(), 0);
    let mut memory = [0; 64];
    let mut sink = SliceSink::new(&mut memory);
    BaseString::from_text(b"\xff\0").write_to(&mut sink);
    assert_eq!(sink.finish(), Ok(&b"\xff\0"[..]));
}

#[test]
fn a_slot_is_needed_for_each_parameter_but_the_signature() {
    fn of<S: Slots>(mut slots: S) -> Result<usize, SignError> {
        let request = sample();
        let protocol = [PROTOCOL[0], Parameter::new("oauth_signature", "x")];
        let base_string = BaseString::of(&request, &protocol, &mut slots)?;
        Ok(base_string.parameters().count())
    }
    assert_eq!(of(SlotArray::<7>::new()), Ok(7));
    assert_eq!(of(SlotArray::<6>::new()), Err(SignError::TooManyParameters));
    assert_eq!(of(SlotArray::<0>::new()), Err(SignError::TooManyParameters));
}

#[test]
fn a_byte_is_read_and_encoded_wherever_it_stands() {
    for length in 1..36 {
        for at in 0..length {
            for byte in *b"&=%+!/~a[" {
                let mut query = [b'a'; 36];
                query[at] = byte;
                let query = core::str::from_utf8(&query[..length]).unwrap();
                let decoded: Vec<(Vec<u8>, Vec<u8>)> = crate::form::pairs(query.as_bytes())
                    .map(|(name, value)| (name.bytes().collect(), value.bytes().collect()))
                    .collect();
                let pairs: Vec<_> = decoded.iter().map(|(n, v)| (&**n, &**v)).collect();
                let uri = format!("http://a/{query}?{query}");
                let target = Target::parse(&uri).unwrap();
                let expected = reference("GET", &target.base_string_uri().to_string(), &pairs);
                assert_eq!(text(&RequestView::new("GET", target), &[]), expected);
            }
        }
    }
}
