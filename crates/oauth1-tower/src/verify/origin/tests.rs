use alloc::{format, string::ToString as _, vec::Vec};

use http::Request;

use super::*;

fn parts(headers: &[(&str, &str)], peer: Option<&str>) -> Parts {
    let request = headers
        .iter()
        .fold(Request::get("/"), |request, (name, value)| {
            request.header(*name, *value)
        });
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    if let Some(peer) = peer {
        let peer: SocketAddr = peer.parse().unwrap();
        parts.extensions.insert(PeerAddr::from(peer));
    }
    parts
}

#[track_caller]
fn says(origin: &EffectiveOrigin, parts: &Parts, expected: Result<&str, Reason>) {
    let found = origin.of(parts);
    let found = found.map(|origin| origin.to_string());
    let found = found.as_deref().map_err(Rejection::reason);
    assert_eq!(found, expected);
}

#[test]
fn a_fixed_origin_is_what_it_is() {
    let origin = EffectiveOrigin::fixed("https://API.example.com:443/").unwrap();
    for headers in [
        &[][..],
        &[("host", "evil.example")],
        &[("x-forwarded-host", "evil.example")],
    ] {
        says(
            &origin,
            &parts(headers, Some("127.0.0.1:1")),
            Ok("https://api.example.com"),
        );
    }
    let twice = [("host", "api.example.com"), ("host", "api.example.com")];
    says(&origin, &parts(&twice, None), Err(Reason::MalformedHost));
}

#[test]
fn what_cannot_work_is_refused_when_it_is_made() {
    for text in [
        "",
        "api.example.com",
        "https://",
        "https://a/b",
        "https://a?b",
        "//a",
    ] {
        assert!(
            matches!(EffectiveOrigin::fixed(text), Err(OriginError::Origin(_))),
            "{text}"
        );
        assert!(
            matches!(EffectiveOrigin::host([text]), Err(OriginError::Origin(_))),
            "{text}"
        );
    }
    assert!(matches!(EffectiveOrigin::host([]), Err(OriginError::None)));
    assert!(TrustedProxies::new(["10.0.0.0/33"], ProxyHeaders::Forwarded).is_err());
}

#[test]
fn a_listed_host_is_found_by_host_and_port() {
    let origin = EffectiveOrigin::host(["https://a.example", "http://b.example:8080"]).unwrap();
    let table = [
        (Some("a.example"), Ok("https://a.example")),
        (Some("A.example:443"), Ok("https://a.example")),
        (Some("b.example:8080"), Ok("http://b.example:8080")),
        (Some("b.example"), Err(Reason::Misdirected)),
        (Some("a.example:80"), Err(Reason::Misdirected)),
        (None, Err(Reason::MalformedHost)),
    ];
    for (host, expected) in table {
        let headers: Vec<_> = host.map(|host| ("host", host)).into_iter().collect();
        says(&origin, &parts(&headers, None), expected);
    }
}

#[test]
fn who_the_peer_is_decides_whether_it_is_believed() {
    let proxies = TrustedProxies::new(["10.0.0.0/8", "::1"], ProxyHeaders::Forwarded).unwrap();
    let shown = format!("{proxies:?}");
    let listed = ["https://a.example", "https://b.example"];
    let origin = EffectiveOrigin::forwarded(listed, proxies.clone()).unwrap();
    let headers = [
        ("host", "a.example"),
        ("forwarded", "host=b.example;proto=https"),
    ];
    let table = [
        (Some("10.1.2.3:4"), "https://b.example"),
        (Some("[::1]:4"), "https://b.example"),
        (Some("[::ffff:10.1.2.3]:4"), "https://b.example"),
        (Some("192.0.2.1:4"), "https://a.example"),
        (None, "https://a.example"),
    ];
    for (peer, expected) in table {
        says(&origin, &parts(&headers, peer), Ok(expected));
    }
    let everybody = proxies.with_peer(|_| Some(IpAddr::from([10, 0, 0, 1])));
    let origin = EffectiveOrigin::forwarded(listed, everybody).unwrap();
    says(&origin, &parts(&headers, None), Ok("https://b.example"));
    assert!(shown.contains("10.0.0.0/8"), "{shown}");
}
