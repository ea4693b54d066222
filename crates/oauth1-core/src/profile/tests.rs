use alloc::{string::ToString, vec::Vec};

use super::*;

#[cfg(all(feature = "hmac-sha1", feature = "hmac-sha256"))]
mod examples;
#[cfg(all(feature = "flow", feature = "hmac-sha1"))]
mod flows;
mod guide;

/// A place of the kind that a profile asks for.
fn sample(profile: &Profile) -> &'static str {
    match profile.place {
        Place::None => "",
        Place::BaseUrl(_) => "https://shop.example.com/sub/",
        Place::Account => "123_sb1",
    }
}

#[test]
fn every_profile_is_found_by_each_of_its_names_alone() {
    assert_eq!(ALL.len(), 14);
    assert!(ALL.is_sorted_by_key(|profile| profile.name));
    let mut names = Vec::new();
    for profile in ALL {
        for name in profile.aliases.iter().chain([&profile.name]) {
            assert_eq!(*name, name.to_ascii_lowercase());
            let found = Profile::find(&name.to_uppercase()).unwrap();
            assert!(core::ptr::eq(found, *profile), "{name}");
            names.push(*name);
        }
    }
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    assert!(Profile::find("").is_none());
}

#[test]
fn every_profile_is_whole() {
    for profile in ALL {
        let name = profile.name;
        assert!(!profile.title.is_empty(), "{name}");
        assert!(!profile.signature_methods.is_empty(), "{name}");
        // A flow is there as a whole, or not at all.
        let has_flow = profile.token.is_some();
        assert_eq!(profile.temporary.is_some(), has_flow, "{name}");
        assert_eq!(profile.authorization.is_some(), has_flow, "{name}");
        let addresses = [profile.temporary, profile.token, profile.renewal];
        let mut urls: Vec<_> = addresses.iter().flatten().map(|it| it.url).collect();
        urls.extend(profile.authorization.map(|page| page.url));
        for url in urls {
            assert_eq!(url.contains("{}"), profile.place != Place::None, "{url}");
            let url = profile.url(url, sample(profile)).unwrap();
            assert!(Target::parse(&url).unwrap().origin().is_secure(), "{url}");
            assert!(!url.contains(['{', '}', ' ']), "{url}");
            assert!(!url[8..].contains("//"), "{url}");
        }
        for address in addresses.iter().flatten() {
            assert!(["GET", "POST"].contains(&address.method), "{name}");
        }
    }
}

#[test]
fn places_are_what_the_profile_asks_for() {
    let table = [
        ("x", "", Ok("")),
        ("x", "https://example.com", Err("give no place")),
        ("netsuite", "", Err("needs the URL")),
        ("netsuite", "123_SB1", Ok("123-sb1")),
        ("netsuite", "123-sb1", Ok("123-sb1")),
        ("netsuite", "123.evil.example/", Err("letters")),
        ("netsuite", "123@evil", Err("letters")),
        ("jira", "", Err("needs the URL")),
        (
            "jira",
            "https://jira.example.com/",
            Ok("https://jira.example.com"),
        ),
        (
            "jira",
            "https://example.com/jira",
            Ok("https://example.com/jira"),
        ),
        (
            "jira",
            "jira.example.com",
            Err("the URL of the installation"),
        ),
        ("jira", "https://example.com/?a", Err("query or a fragment")),
        ("jira", "https://example.com/#a", Err("query or a fragment")),
        (
            "mediawiki",
            "",
            Ok("https://meta.wikimedia.org/w/index.php"),
        ),
        (
            "mediawiki",
            "https://w.example/index.php",
            Ok("https://w.example/index.php"),
        ),
    ];
    for (name, place, expected) in table {
        let placed = Profile::find(name).unwrap().url("{}", place);
        match expected {
            Ok(url) => assert_eq!(placed.as_deref(), Ok(url), "{name} {place}"),
            Err(text) => {
                let error = placed.unwrap_err().to_string();
                assert!(error.contains(text), "{name} {place}: {error}");
            }
        }
    }
}

#[test]
fn what_nobody_makes_up_for_is_said() {
    let unsupported: Vec<_> = ALL
        .iter()
        .filter(|profile| {
            let mut quirks = profile.quirks.iter();
            quirks.any(|quirk| quirk.support() == Support::Unsupported)
        })
        .map(|profile| profile.name)
        .collect();
    assert_eq!(unsupported, ["magento", "mastercard", "woocommerce"]);
    assert_eq!(Quirk::EmptyToken.support(), Support::Applied);
    assert_eq!(Quirk::UserAgent.support(), Support::Caller);
}

#[test]
fn a_fixed_callback_goes_with_every_request_and_no_other_does() {
    let mut fixed = 0;
    for profile in ALL {
        let mut expected = ProtocolParameters::NONE;
        if let CallbackRule::Fixed(text) = profile.callback {
            expected = expected.with_callback(text);
            fixed += 1;
        }
        let shown = alloc::format!("{:?}", profile.parameters());
        assert_eq!(shown, alloc::format!("{expected:?}"), "{}", profile.name);
    }
    assert!(fixed > 0);
}
