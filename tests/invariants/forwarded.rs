use core::net::{IpAddr, Ipv4Addr};

use http::{HeaderName, HeaderValue, Request};
use oauth1_core::{
    Origin,
    forwarded::{Network, Proxies, ProxyHeaders, elements},
    http::ClaimedHost,
    verify::Rejection,
};

use super::assert_one_line;

/// Input: the request target in the first line; then headers, `name: value`.
pub(super) fn check(input: &[u8]) {
    let mut lines = input.split(|&byte| byte == b'\n');
    let target = lines.next().unwrap_or_default();
    let Ok(mut request) = Request::builder().uri(target).body(()) else {
        return;
    };
    for line in lines {
        for element in elements(line).flatten() {
            let _ = element.address();
            for text in [element.host, element.proto].into_iter().flatten() {
                assert_one_line(text);
            }
        }
        if let Some(Ok(network)) = core::str::from_utf8(line).ok().map(Network::parse) {
            assert_eq!(Network::parse(&network.to_string()), Ok(network));
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            let _ = request.headers_mut().try_append(name, value);
        }
    }
    let (parts, ()) = request.into_parts();
    let listed = [Network::parse("10.0.0.0/8").expect("a network")];
    let origins = ["https://api.example.com", "http://[::1]:8080"]
        .map(|origin| Origin::parse(origin).expect("an origin"));

    let direct = found(ClaimedHost::of(&parts), &origins);
    for headers in [
        ProxyHeaders::Forwarded,
        ProxyHeaders::XForwarded,
        ProxyHeaders::XForwardedProto,
    ] {
        let proxies = Proxies::new(&listed, headers);
        let stranger = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let proxy = IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3));
        for peer in [None, Some(stranger)] {
            let claimed = ClaimedHost::behind(&parts, peer, &proxies);
            assert_eq!(found(claimed, &origins), direct);
        }
        let _ = found(ClaimedHost::behind(&parts, Some(proxy), &proxies), &origins);
    }
}

/// The origin, which is one of those listed; or the refusal in one line.
fn found<'p>(
    claimed: Result<Option<ClaimedHost<'_>>, Rejection>,
    origins: &[Origin<'p>],
) -> Result<Option<Origin<'p>>, String> {
    let found = claimed.and_then(|claimed| {
        claimed
            .map(|claimed| claimed.find(origins.iter().copied()))
            .transpose()
    });
    match found {
        Ok(origin) => {
            assert!(origin.is_none_or(|origin| origins.contains(&origin)));
            Ok(origin)
        }
        Err(rejection) => {
            assert_one_line(&rejection.to_string());
            Err(rejection.to_string())
        }
    }
}
