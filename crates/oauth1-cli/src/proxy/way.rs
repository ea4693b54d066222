//! Where requests are sent on to.

use http::{
    HeaderMap, HeaderValue, Uri, header,
    uri::{Authority, PathAndQuery, Scheme},
};

use crate::problem::Failure;

/// A reverse or a forward proxy.
pub(super) enum Way {
    Reverse {
        /// Without a slash at its end.
        base: Uri,
    },
    Forward {
        hosts: Vec<Authority>,
        upgrade: bool,
    },
}

/// Why a request goes nowhere.
pub(super) enum Astray {
    /// A forward proxy was asked for, or was not.
    Form,
    Host,
    Uri,
}

impl Way {
    pub(super) fn new(to: Option<&str>, hosts: &[String], upgrade: bool) -> Result<Self, Failure> {
        let Some(to) = to else {
            let hosts: Result<_, _> = hosts
                .iter()
                .map(|host| {
                    host.parse().map_err(|_| {
                        Failure::usage(format!("--for {host}: expected a host, or host:port"))
                    })
                })
                .collect();
            return Ok(Self::Forward {
                hosts: hosts?,
                upgrade,
            });
        };
        let wrong = || {
            Failure::usage(
                "--to: expected an https:// or http:// URL without a query and a user name",
            )
        };
        let base: Uri = to.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let is_http = matches!(base.scheme_str(), Some("http" | "https"));
        let has_name = base
            .authority()
            .is_none_or(|host| host.as_str().contains('@'));
        if !is_http || has_name || base.query().is_some() {
            return Err(wrong());
        }
        Ok(Self::Reverse { base })
    }

    /// The absolute URI that a request is sent on to.
    pub(super) fn target(&self, uri: &Uri) -> Result<Uri, Astray> {
        match self {
            Self::Reverse { base } => {
                // A proxy that is told to be one sends the whole URL.
                if uri.authority().is_some() {
                    return Err(Astray::Form);
                }
                let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
                if !path.starts_with('/') {
                    return Err(Astray::Form);
                }
                let before = base.path().trim_end_matches('/');
                let joined = PathAndQuery::try_from(format!("{before}{path}"));
                let mut parts = base.clone().into_parts();
                parts.path_and_query = Some(joined.map_err(|_| Astray::Uri)?);
                Uri::from_parts(parts).map_err(|_| Astray::Uri)
            }
            Self::Forward { hosts, upgrade } => {
                let Some(host) = uri.authority() else {
                    return Err(Astray::Form);
                };
                if uri.scheme() != Some(&Scheme::HTTP) {
                    return Err(Astray::Form);
                }
                if !hosts.iter().any(|known| is_same(known, host)) {
                    return Err(Astray::Host);
                }
                let mut parts = uri.clone().into_parts();
                if *upgrade {
                    parts.scheme = Some(Scheme::HTTPS);
                }
                Uri::from_parts(parts).map_err(|_| Astray::Uri)
            }
        }
    }

    /// Makes an address of the server behind one of this proxy.
    pub(super) fn come_back(&self, headers: &mut HeaderMap) {
        let Self::Reverse { base } = self else { return };
        let Some(location) = headers.get(header::LOCATION) else {
            return;
        };
        let Ok(target) = Uri::try_from(location.as_bytes()) else {
            return;
        };
        let same = target.scheme() == base.scheme() && target.authority() == base.authority();
        let before = base.path().trim_end_matches('/');
        let path = target.path_and_query().map_or("/", PathAndQuery::as_str);
        let local = path
            .strip_prefix(before)
            .filter(|path| path.starts_with('/'));
        if let (true, Some(local)) = (same, local)
            && let Ok(local) = HeaderValue::try_from(local)
        {
            headers.insert(header::LOCATION, local);
        }
    }
}

fn is_same(known: &Authority, asked: &Authority) -> bool {
    let port = |authority: &Authority| authority.port_u16().unwrap_or(80);
    known.host().eq_ignore_ascii_case(asked.host())
        && port(known) == port(asked)
        && !asked.as_str().contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(way: &Way, uri: &str) -> Option<String> {
        let uri = uri.parse().unwrap();
        way.target(&uri).ok().map(|uri| uri.to_string())
    }

    #[test]
    fn a_reverse_proxy_puts_paths_behind_its_base() {
        for (to, path, expected) in [
            ("https://a.example", "/b?c=d", "https://a.example/b?c=d"),
            ("https://a.example/1/", "/b", "https://a.example/1/b"),
            ("http://[::1]:80/1", "/", "http://[::1]:80/1/"),
            ("https://a.example", "//b/c", "https://a.example//b/c"),
        ] {
            let way = Way::new(Some(to), &[], false).ok().unwrap();
            assert_eq!(target(&way, path).as_deref(), Some(expected));
        }
        let way = Way::new(Some("https://a.example"), &[], false)
            .ok()
            .unwrap();
        assert_eq!(target(&way, "http://b.example/"), None);
        assert_eq!(target(&way, "*"), None);
        for wrong in ["a.example", "ftp://a", "https://u:p@a/", "https://a/?b", ""] {
            assert!(Way::new(Some(wrong), &[], false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_forward_proxy_goes_to_its_hosts_alone() {
        let hosts = ["a.example".to_owned(), "b.example:8080".to_owned()];
        let way = Way::new(None, &hosts, false).ok().unwrap();
        for (uri, expected) in [
            ("http://A.example/x?y", Some("http://a.example/x?y")),
            ("http://a.example:80/", Some("http://a.example:80/")),
            ("http://b.example:8080/", Some("http://b.example:8080/")),
            ("http://b.example/", None),
            ("http://c.example/", None),
            ("http://u@a.example/", None),
            ("https://a.example/", None),
            ("/x", None),
        ] {
            let found = target(&way, uri).map(|uri| uri.replace("A.", "a."));
            assert_eq!(found.as_deref(), expected, "{uri}");
        }
        let way = Way::new(None, &hosts, true).ok().unwrap();
        let found = target(&way, "http://a.example/x").unwrap();
        assert_eq!(found, "https://a.example/x");
    }

    #[test]
    fn redirects_of_the_server_come_back_through_the_proxy() {
        let way = Way::new(Some("https://a.example/1"), &[], false)
            .ok()
            .unwrap();
        for (location, expected) in [
            ("https://a.example/1/x?y", "/x?y"),
            ("https://a.example/10/x", "https://a.example/10/x"),
            ("https://b.example/1/x", "https://b.example/1/x"),
            ("http://a.example/1/x", "http://a.example/1/x"),
            ("x", "x"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, HeaderValue::from_static(location));
            way.come_back(&mut headers);
            assert_eq!(headers[header::LOCATION], expected);
        }
    }
}
