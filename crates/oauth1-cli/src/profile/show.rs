//! `oauth1 profile list` and `show`.

use core::fmt;

use oauth1_core::profile::{ALL, Address, Place as Needs, Profile, Support};

use super::{Folder, Stored, provider};
use crate::{
    page::{Page, printable},
    problem::Failure,
};

/// What was done, in a line.
pub(super) fn done(what: impl fmt::Display) -> Result<(), Failure> {
    Ok(Page::new().line(what)?)
}

/// What a new profile has.
pub(crate) fn saved(folder: &Folder, name: &str, stored: &Stored) -> Result<(), Failure> {
    let mut page = Page::new();
    page.line(format_args!("saved {name} in {}", folder.display()))?;
    show_stored(&mut page, stored)
}

pub(super) fn list(folder: &Folder, providers: bool) -> Result<(), Failure> {
    let mut page = Page::new();
    let names = folder.names()?;
    if names.is_empty() && !providers {
        page.line(format_args!(
            "no profiles in {}: `oauth1 profile add` and `oauth1 authorize --save` make them",
            folder.display()
        ))?;
    }
    let mut rows = Vec::new();
    for name in names {
        let row = match folder.load(&name) {
            Ok(Some(stored)) => outline(&name, &stored),
            // One that cannot be used hides no other.
            Err(Failure::Usage(message) | Failure::Failed(message)) => {
                [name, "cannot be used:".into(), message, String::new()]
            }
            // Somebody has removed it in the meantime.
            Ok(None) | Err(Failure::Refused | Failure::Status(_)) => continue,
        };
        rows.push(row);
    }
    if providers {
        if !rows.is_empty() {
            page.heading(format_args!("Profiles in {}", folder.display()))?;
        }
        page.table(&rows)?;
        page.heading("Providers")?;
        let rows: Vec<_> = ALL
            .iter()
            .map(|provider| {
                [
                    provider.name.to_owned(),
                    provider.title.to_owned(),
                    provider.signature_methods.join(", "),
                    needs(provider.place).to_owned(),
                ]
            })
            .collect();
        page.table(&rows)?;
        return Ok(());
    }
    page.table(&rows)?;
    Ok(())
}

fn outline(name: &str, stored: &Stored) -> [String; 4] {
    let shown = |text: &Option<String>| text.as_deref().map(|text| printable(text.as_bytes()));
    [
        name.to_owned(),
        shown(&stored.provider).unwrap_or_else(|| "-".into()),
        shown(&stored.client_key).map_or_else(String::new, |key| format!("client {key}")),
        shown(&stored.token).map_or_else(String::new, |token| format!("token {token}")),
    ]
}

const fn needs(place: Needs) -> &'static str {
    match place {
        Needs::BaseUrl(None) => "--place URL",
        Needs::BaseUrl(Some(_)) => "--place URL, if it is your own",
        Needs::Account => "--place ACCOUNT",
        _ => "",
    }
}

pub(super) fn one(folder: &Folder, name: &str) -> Result<(), Failure> {
    let mut page = Page::new();
    let Some(stored) = folder.load(name)? else {
        return match Profile::find(name) {
            Some(provider) => show_provider(&mut page, provider),
            None => Err(Failure::Failed(format!(
                "{name}: there is no such profile in {}, and no provider is called so",
                folder.display()
            ))),
        };
    };
    show_stored(&mut page, &stored)?;
    if let Some(name) = &stored.provider {
        page.heading("Provider")?;
        show_provider(&mut page, provider(name)?)?;
    }
    Ok(())
}

/// Secrets are shown by their length, and tokens as they are: they are no secrets.
fn show_stored(page: &mut Page, stored: &Stored) -> Result<(), Failure> {
    let text = |name: &str, value: Option<&str>| {
        value.map(|value| [name.to_owned(), printable(value.as_bytes())])
    };
    let secret = |name: &str, value: Option<&str>| {
        value.map(|value| {
            let length = value.len();
            [name.to_owned(), format!("{length} bytes, not shown")]
        })
    };
    let transmission = stored
        .transmission
        .map(|place| format!("{place:?}").to_lowercase());
    let body_hash = stored
        .body_hash
        .map(|when| format!("{when:?}").to_lowercase());
    let rows = [
        text("provider", stored.provider.as_deref()),
        text("place", stored.place.as_deref()),
        text("temporary credentials", stored.temporary_url.as_deref()),
        text("authorization", stored.authorization_url.as_deref()),
        text("token credentials", stored.token_url.as_deref()),
        text("signature method", stored.signature_method.as_deref()),
        text("realm", stored.realm.as_deref()),
        text("transmission", transmission.as_deref()),
        text("body hash", body_hash.as_deref()),
        text("client", stored.client_key.as_deref()),
        secret(
            "client secret",
            stored.client_secret.as_deref().map(String::as_str),
        ),
        text("private key", stored.private_key_file.as_deref()),
        text("token", stored.token.as_deref()),
        secret(
            "token secret",
            stored.token_secret.as_deref().map(String::as_str),
        ),
    ];
    let rows: Vec<_> = rows.into_iter().flatten().collect();
    page.table(&rows)?;
    Ok(())
}

fn show_provider(page: &mut Page, provider: &Profile) -> Result<(), Failure> {
    let endpoint = |name: &str, address: Option<Address>| {
        address.map(|address| {
            let text = format!("{} {}", address.method, address.url);
            [name.to_owned(), text]
        })
    };
    let row = |name: &str, text: String| (!text.is_empty()).then(|| [name.to_owned(), text]);
    let quirks = provider.quirks.iter().map(|quirk| {
        let support = match quirk.support() {
            Support::Applied => "seen to",
            Support::Caller => "yours to see to",
            _ => "not supported",
        };
        format!("{quirk:?} ({support})")
    });
    let page_url = provider
        .authorization
        .map(|authorization| authorization.url);
    let rows = [
        row("name", provider.title.to_owned()),
        row("needs", needs(provider.place).to_owned()),
        endpoint("temporary credentials", provider.temporary),
        row("authorization", page_url.unwrap_or_default().to_owned()),
        endpoint("token credentials", provider.token),
        endpoint("renewal", provider.renewal),
        row("signature methods", provider.signature_methods.join(", ")),
        row(
            "transmission",
            format!("{:?}", provider.transmission).to_lowercase(),
        ),
        row("particulars", quirks.collect::<Vec<_>>().join(", ")),
        row(
            "known from",
            format!("{:?}", provider.source).to_lowercase(),
        ),
    ];
    let rows: Vec<_> = rows.into_iter().flatten().collect();
    page.table(&rows)?;
    Ok(())
}
