//! The tables of `docs/guides/providers.md` say what the profiles hold.

extern crate std;

use alloc::{format, string::String};
use std::fs;

use super::*;
use crate::{authorization::Transmission, signer::BodyHashRule};

fn code(texts: &[&str]) -> String {
    let quoted: Vec<_> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(", ")
}

fn signing(profile: &Profile) -> [String; 9] {
    let place = match profile.place {
        Place::None => "",
        Place::BaseUrl(None) => "base URL",
        Place::BaseUrl(Some(_)) => "URL of `index.php`",
        Place::Account => "account",
    };
    let transmission = match profile.transmission {
        Transmission::Header => "header",
        Transmission::Query => "query",
        Transmission::Form => "form",
    };
    let realm = match profile.realm {
        RealmForm::None => "",
        RealmForm::Account => "account",
    };
    let body_hash = match profile.body_hash {
        BodyHashRule::Never => "never",
        BodyHashRule::Auto => "not on forms",
        BodyHashRule::Always => "always",
    };
    [
        code(&[profile.name]),
        code(profile.aliases),
        place.into(),
        profile.signature_methods.join(", "),
        transmission.into(),
        if profile.version { "yes" } else { "no" }.into(),
        realm.into(),
        body_hash.into(),
        profile.example.unwrap_or("no example").into(),
    ]
}

fn flow(profile: &Profile) -> [String; 7] {
    let callback = match profile.callback {
        CallbackRule::Any => "a URL or `oob`".into(),
        CallbackRule::Url => "a URL".into(),
        CallbackRule::OutOfBand => "`oob`".into(),
        CallbackRule::AtAuthorization => "a URL, with the page".into(),
        CallbackRule::None => "none".into(),
        CallbackRule::Fixed(text) => format!("`{text}` with every request"),
    };
    let page = profile.authorization.map_or_else(Vec::new, |page| {
        let mut names = Vec::from([page.token_name]);
        names.extend(page.client_name);
        names.extend(page.parameters);
        names
    });
    let signing_in = profile
        .authorization
        .is_some_and(|page| page.authentication.is_some());
    let quirks = profile.quirks.iter().map(|quirk| match quirk {
        Quirk::EmptyToken => "an empty `oauth_token`",
        Quirk::UserAgent => "a `User-Agent`",
        Quirk::MultipartTextSigned => "texts of multipart bodies are signed",
        Quirk::ValuesNotEncoded => "values are not encoded",
        Quirk::FormHashed => "forms are hashed",
        Quirk::SortedDecoded => "sorted before encoding",
        Quirk::ConfiguredUrl => "its own URL is signed",
        Quirk::OneNonceKept => "one nonce a second is kept",
        Quirk::PathEncodedTwice => "`%2F` in paths is encoded again",
        Quirk::DailyTokens => "tokens of a day",
        Quirk::NonceReturned => "answers name the nonce",
    });
    let source = match profile.source {
        Source::Documentation => "its documentation",
        Source::Code => "code that is in use",
        Source::Memory => "public threads and memory",
    };
    [
        code(&[profile.name]),
        callback,
        code(&page),
        if signing_in { "yes" } else { "" }.into(),
        profile
            .renewal
            .map_or_else(String::new, |at| format!("`{} {}`", at.method, at.url)),
        quirks.collect::<Vec<_>>().join("; "),
        source.into(),
    ]
}

#[test]
fn the_guide_says_what_the_profiles_hold() {
    let guide = fs::read_to_string("../../docs/guides/providers.md").unwrap();
    let rows: Vec<_> = guide
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let (of_signing, of_flows) = rows.split_at(ALL.len());
    assert_eq!(of_flows.len(), ALL.len());
    for (at, profile) in ALL.iter().enumerate() {
        let row = |cells: &[String]| {
            let cells = cells.iter().map(|cell| match cell.as_str() {
                "" => String::new(),
                cell => format!(" {cell}"),
            });
            format!("|{} |", cells.collect::<Vec<_>>().join(" |"))
        };
        assert_eq!(of_signing[at], row(&signing(profile)));
        assert_eq!(of_flows[at], row(&flow(profile)));
    }
}
