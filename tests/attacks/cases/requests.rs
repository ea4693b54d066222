use http::{Request, Version};
use http_body_util::Empty;
use hyper::{body::Bytes, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use oauth1_core::forwarded::ProxyHeaders;
use oauth1_tower::{EffectiveOrigin, verify::TrustedProxies};

use super::{Case, under};
use crate::{
    call::Call,
    server::{Answer, Layer, Server, once},
};

pub(super) const CASES: &[Case] = &[
    (24, "another method", || {
        ["POST", "PUT", "DELETE"]
            .map(|method| once(&Call::get().sign().with_method(method)))
            .into()
    }),
    (25, "another query", || {
        let sent = Call::get().sign();
        vec![
            once(&sent.clone().in_target("?", "?more=1&")),
            once(&sent.clone().in_target("original", "small")),
            once(&sent.clone().in_target("size=original", "size")),
            once(&sent.in_target("?size=original", "")),
        ]
    }),
    (31, "signed for another host, port or scheme", || {
        [
            "https://evil.example",
            "https://api.example.com:444",
            "http://api.example.com",
        ]
        .map(|origin| once(&Call::get().origin(origin).sign()))
        .into()
    }),
    (
        32,
        "another Host, where the origin is fixed, and where hosts are listed",
        || {
            let sent = Call::get().origin("https://evil.example").sign();
            let sent = sent.with_header("Host", "evil.example");
            vec![once(&sent), under(listed, &sent)]
        },
    ),
    (
        33,
        "a forwarded host from a peer that is no listed proxy",
        || {
            let sent = Call::get().origin("https://evil.example").sign();
            let headers = [
                ("X-Forwarded-Host", "evil.example", ProxyHeaders::XForwarded),
                (
                    "Forwarded",
                    "host=evil.example;proto=https",
                    ProxyHeaders::Forwarded,
                ),
            ];
            let ask = |(name, value, headers)| {
                let sent = sent.clone().and_header(name, value);
                [
                    once(&sent),
                    under(listed, &sent),
                    under(|layer| behind(layer, "10.0.0.0/8", headers), &sent),
                ]
            };
            headers.into_iter().flat_map(ask).collect()
        },
    ),
    (43, "a truncated escape in the query", || {
        ["/?a=%2", "/?a=%", "/?a%2=1", "/?a=%zz", "/?%&b=1"]
            .map(|target| once(&Call::to(target).sign()))
            .into()
    }),
    (44, "bytes that are no text", || {
        vec![once(&Call::to("/?a=%ff&%FE=1").sign())]
    }),
    (45, "a zero byte", || {
        vec![once(&Call::to("/?a=%00&%00=1").sign())]
    }),
    (
        70,
        "HTTP/2 with :authority alone and with the same Host",
        || {
            vec![
                over_http2(listed, None),
                over_http2(listed, Some("API.example.com:443")),
            ]
        },
    ),
    (
        70,
        "HTTP/2 with another Host, and HTTP/1 with two and with another target",
        || {
            let absolute = Call::get()
                .sign()
                .in_target("/photos", "https://api.example.com/photos");
            vec![
                over_http2(|layer| layer, Some("evil.example")),
                over_http2(listed, Some("evil.example")),
                once(&absolute.with_header("Host", "evil.example")),
                once(&Call::get().sign().and_header("Host", "api.example.com")),
            ]
        },
    ),
    (
        71,
        "the target in absolute form, and as an asterisk",
        || {
            let absolute = Call::get()
                .sign()
                .in_target("/photos", "https://api.example.com/photos");
            vec![
                once(&absolute),
                once(&Call::to("*").method("OPTIONS").sign()),
            ]
        },
    ),
    (71, "a path that invites to be tidied", || {
        PATHS.map(|(path, _)| once(&Call::to(path).sign())).into()
    }),
    (71, "a path that was tidied on the way", || {
        PATHS
            .map(|(path, tidy)| once(&Call::to(path).sign().in_target(path, tidy)))
            .into()
    }),
    (74, "a parameter named realm in the query", || {
        vec![once(&Call::to("/?realm=Photos").realm("x").sign())]
    }),
    (74, "a realm in the query that was changed", || {
        let sent = Call::to("/?realm=Photos").sign();
        vec![
            once(&sent.clone().in_target("Photos", "Films")),
            once(&sent.in_target("?realm=Photos", "")),
        ]
    }),
    (86, "two parameters made one, and one made two", || {
        let call = |query: &str| Call::to(&format!("/?{query}")).sign();
        vec![
            once(
                &call("a=1&b=2")
                    .in_target("&", "%26")
                    .in_target("b=", "b%3D"),
            ),
            once(
                &call("a=1%26b%3D2")
                    .in_target("%26", "&")
                    .in_target("%3D", "="),
            ),
        ]
    }),
    (
        92,
        "a parameter that would change how the base string is made",
        || {
            let sent = Call::get().sign();
            vec![
                once(&sent.clone().in_target("?", "?ext_base_string=1&")),
                once(&sent.in_target("?", "?url=https://api.example.com/photos&")),
            ]
        },
    ),
    (92, "such parameters, signed as any other", || {
        vec![once(
            &Call::to("/?lti_version=LTI-1p0&base_string=x&url=http://evil.example").sign(),
        )]
    }),
];

const PATHS: [(&str, &str); 6] = [
    ("//photos", "/photos"),
    ("/a/../photos", "/photos"),
    ("/./photos", "/photos"),
    ("/a%2fb", "/a/b"),
    ("/a;b=c", "/a"),
    ("/%7Ephotos", "/~photos"),
];

fn listed(layer: Layer) -> Layer {
    let origins = ["https://api.example.com", "https://api.example.org"];
    layer.with_origin(EffectiveOrigin::host(origins).unwrap())
}

fn behind(layer: Layer, network: &str, headers: ProxyHeaders) -> Layer {
    let proxies = TrustedProxies::new([network], headers).unwrap();
    let origins = ["https://api.example.com", "https://api.example.org"];
    layer.with_origin(EffectiveOrigin::forwarded(origins, proxies).unwrap())
}

#[test]
fn a_listed_proxy_is_believed() {
    let call = Call::get().origin("https://api.example.org");
    let sent = call.sign().with_header("Host", "inside.example");
    let x = |layer| behind(layer, "127.0.0.0/8", ProxyHeaders::XForwarded);
    let forwarded = |layer| behind(layer, "127.0.0.1", ProxyHeaders::Forwarded);
    let by_x = sent
        .clone()
        .and_header("X-Forwarded-For", "evil, 203.0.113.9")
        .and_header("X-Forwarded-Host", "evil.example, api.example.org")
        .and_header("X-Forwarded-Proto", "http, https");
    let by_forwarded = sent.and_header(
        "Forwarded",
        "host=evil.example, for=203.0.113.9;host=api.example.org;proto=https",
    );
    assert_eq!(under(x, &by_x).to_string(), "ACC empty");
    assert_eq!(under(forwarded, &by_forwarded).to_string(), "ACC empty");
    // Each in the other's headers is nothing, and the Host is none of ours.
    assert_eq!(under(x, &by_forwarded).status, 421);
    assert_eq!(under(forwarded, &by_x).status, 421);
    let broken = by_x.clone().with_header("X-Forwarded-Proto", "ftp");
    assert_eq!(under(x, &broken).to_string(), "400 parameter_rejected");
}

/// `:authority` is ours in any case.
fn over_http2(change: fn(Layer) -> Layer, host: Option<&str>) -> Answer {
    let server = Server::with(change);
    let sent = Call::get().sign();
    let mut request = Request::get(format!("https://api.example.com{}", sent.target))
        .version(Version::HTTP_2)
        .header("authorization", sent.authorization());
    if let Some(host) = host {
        request = request.header("host", host);
    }
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    Server::block_on(async {
        let stream = tokio::net::TcpStream::connect(server.address())
            .await
            .unwrap();
        let io = TokioIo::new(stream);
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.version(), Version::HTTP_2);
        let mut text = format!("HTTP/2 {} \r\n", response.status().as_u16());
        for (name, value) in response.headers() {
            text += name.as_str();
            text += ": ";
            text += value.to_str().unwrap();
            text += "\r\n";
        }
        Answer::parse(format!("{text}\r\n").as_bytes()).unwrap()
    })
}
