use alloc::string::{String, ToString};

use super::super::ClaimedHost;
use crate::{
    Origin,
    forwarded::{ForwardedError, Network, Proxies, ProxyHeaders},
    verify::Reason,
};

fn parts(uri: &str, headers: &[(&str, &str)]) -> ::http::request::Parts {
    let request = headers
        .iter()
        .fold(::http::Request::get(uri), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.body(()).unwrap().into_parts().0
}

const ORIGINS: [&str; 4] = [
    "https://api.example.com",
    "http://api.example.com",
    "https://other.example:8443",
    "http://[2001:db8::1]",
];

fn found(claimed: Option<ClaimedHost<'_>>) -> Result<String, Reason> {
    let origins = ORIGINS.map(|origin| Origin::parse(origin).unwrap());
    let claimed = claimed.ok_or(Reason::Absent)?;
    let origin = claimed
        .find(origins)
        .map_err(|rejection| rejection.reason())?;
    Ok(origin.to_string())
}

#[test]
fn a_host_is_one_that_is_listed_or_misdirected() {
    let table = [
        ("api.example.com", Ok("https://api.example.com")),
        ("API.Example.COM", Ok("https://api.example.com")),
        ("api.example.com:443", Ok("https://api.example.com")),
        ("api.example.com:80", Ok("http://api.example.com")),
        ("api.example.com:", Ok("https://api.example.com")),
        ("other.example:8443", Ok("https://other.example:8443")),
        ("[2001:DB8::1]", Ok("http://[2001:db8::1]")),
        ("other.example", Err(Reason::Misdirected)),
        ("evil.example", Err(Reason::Misdirected)),
        ("api.example.com.evil.example", Err(Reason::Misdirected)),
        ("api.example.com.", Err(Reason::Misdirected)),
        ("api.example.com:8443", Err(Reason::Misdirected)),
        ("", Err(Reason::MalformedHost)),
        ("evil@api.example.com", Err(Reason::MalformedHost)),
        ("api.example.com@evil", Err(Reason::MalformedHost)),
        ("api.example.com:0", Err(Reason::MalformedHost)),
        ("api.example.com:99999", Err(Reason::MalformedHost)),
        ("api.example.com:80:80", Err(Reason::MalformedHost)),
        ("api.example.com/", Err(Reason::MalformedHost)),
        ("api.example.com, evil", Err(Reason::MalformedHost)),
        ("[::1", Err(Reason::MalformedHost)),
    ];
    for (host, expected) in table {
        let parts = parts("/photos", &[("host", host)]);
        let claimed = ClaimedHost::of(&parts).map_err(|rejection| rejection.reason());
        let origin = claimed.and_then(found);
        assert_eq!(origin, expected.map(String::from), "{host:?}");
    }
}

#[test]
fn host_and_authority_are_the_same_or_refused() {
    let table = [
        ("https://api.example.com/", &[][..], true),
        ("https://api.example.com/", &["api.example.com"][..], true),
        ("https://api.example.com/", &["API.example.com:443"], true),
        ("http://api.example.com:80/", &["api.example.com"], true),
        ("https://api.example.com/", &["evil.example"], false),
        ("https://api.example.com/", &["api.example.com:80"], false),
        ("https://a@api.example.com/", &[], false),
        (
            "https://api.example.com/",
            &["api.example.com", "api.example.com"],
            false,
        ),
        ("/", &["api.example.com", "api.example.com"], false),
        ("/", &["caf\u{e9}"], false),
    ];
    for (uri, hosts, agree) in table {
        let headers: alloc::vec::Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        let parts = parts(uri, &headers);
        match ClaimedHost::of(&parts) {
            Ok(claimed) => assert!(agree && claimed.is_some(), "{uri} {hosts:?}"),
            Err(rejection) => {
                assert!(!agree, "{uri} {hosts:?}");
                assert_eq!(rejection.reason(), Reason::MalformedHost);
            }
        }
    }
    assert!(ClaimedHost::of(&parts("/", &[])).unwrap().is_none());
}

#[test]
fn a_listed_proxy_says_host_and_scheme_and_nobody_else() {
    let networks = [Network::parse("10.0.0.0/8").unwrap()];
    let all = Proxies::new(&networks, ProxyHeaders::XForwarded);
    let proto = Proxies::new(&networks, ProxyHeaders::XForwardedProto);
    let headers = [
        ("host", "api.example.com"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-host", "other.example:8443"),
        ("x-forwarded-proto", "https"),
    ];
    let sent = parts("/", &headers);
    let plain = parts(
        "/",
        &[("host", "api.example.com"), ("x-forwarded-proto", "http")],
    );
    let broken = parts(
        "/",
        &[("host", "api.example.com"), ("x-forwarded-proto", "ftp")],
    );
    let inside = Some("10.0.0.1".parse().unwrap());
    let outside = Some("192.0.2.1".parse().unwrap());
    let direct = "https://api.example.com";
    let table = [
        (&sent, inside, &all, Ok("https://other.example:8443")),
        (&sent, inside, &proto, Ok(direct)),
        (&sent, outside, &all, Ok(direct)),
        (&sent, None, &all, Ok(direct)),
        // The scheme tells the first two origins apart.
        (&plain, inside, &all, Ok("http://api.example.com")),
        (&plain, outside, &all, Ok(direct)),
        (&broken, outside, &all, Ok(direct)),
        (
            &broken,
            inside,
            &all,
            Err(Reason::MalformedForwarded(ForwardedError::Scheme)),
        ),
    ];
    for (at, (parts, peer, proxies, expected)) in table.into_iter().enumerate() {
        let claimed = ClaimedHost::behind(parts, peer, proxies);
        let origin = claimed
            .map_err(|rejection| rejection.reason())
            .and_then(found);
        assert_eq!(origin, expected.map(String::from), "{at}");
    }
}
