//! The profiles. What is not said is as RFC 5849 has it.

use super::{Address, Authorization, CallbackRule, Place, Profile, Quirk, RealmForm, Source};
use crate::{authorization::Transmission, signer::BodyHashRule};

/// All profiles, by their names.
pub static ALL: &[&Profile] = &[
    &DISCOGS,
    &ETRADE,
    &FLICKR,
    &GARMIN,
    &JIRA,
    &LTI,
    &MAGENTO,
    &MASTERCARD,
    &MEDIAWIKI,
    &NETSUITE,
    &TRELLO,
    &TUMBLR,
    &WOOCOMMERCE,
    &X,
];

/// What most have in common: a header, HMAC-SHA1, no realm and no body hash, which few know.
const USUAL: Profile = Profile {
    name: "",
    title: "",
    aliases: &[],
    place: Place::None,
    temporary: None,
    authorization: None,
    token: None,
    renewal: None,
    signature_methods: &["HMAC-SHA1"],
    realm: RealmForm::None,
    body_hash: BodyHashRule::Never,
    transmission: Transmission::Header,
    version: false,
    callback: CallbackRule::Any,
    quirks: &[],
    source: Source::Memory,
    example: None,
};

const fn get(url: &'static str) -> Address {
    let method = "GET";
    Address { method, url }
}

const fn post(url: &'static str) -> Address {
    let method = "POST";
    Address { method, url }
}

/// An authorization URL with the usual names.
const fn page(url: &'static str, parameters: &'static [&'static str]) -> Authorization {
    Authorization {
        url,
        authentication: None,
        token_name: "oauth_token",
        client_name: None,
        parameters,
    }
}

/// Discogs. PLAINTEXT does, over TLS; tokens do not expire. Every request needs a `User-Agent` of the
/// application's own: `Server::with_header` for the flow, and the HTTP client's own for the rest.
///
/// From memory; no example with its secrets is published.
pub static DISCOGS: Profile = Profile {
    name: "discogs",
    title: "Discogs",
    temporary: Some(get("https://api.discogs.com/oauth/request_token")),
    authorization: Some(page("https://www.discogs.com/oauth/authorize", &[])),
    token: Some(post("https://api.discogs.com/oauth/access_token")),
    signature_methods: &["HMAC-SHA1", "PLAINTEXT"],
    quirks: &[Quirk::UserAgent],
    ..USUAL
};

/// E*TRADE. The callback is `oob`, always; one that was agreed upon with E*TRADE is used in its place.
/// The authorization URL has `key` and `token`. Tokens end at midnight, US Eastern time, and after two
/// hours without a request they sleep until a signed `GET` of the renewal URL, whose answer has no
/// credentials: sign and send it as any other request.
///
/// Endpoints and methods as documented, the rest from memory. Tested with the example of the
/// provider's guide.
pub static ETRADE: Profile = Profile {
    name: "etrade",
    title: "E*TRADE",
    aliases: &["e*trade", "e-trade"],
    temporary: Some(get("https://api.etrade.com/oauth/request_token")),
    authorization: Some(Authorization {
        token_name: "token",
        client_name: Some("key"),
        ..page("https://us.etrade.com/e/t/etws/authorize", &[])
    }),
    token: Some(get("https://api.etrade.com/oauth/access_token")),
    renewal: Some(get("https://api.etrade.com/oauth/renew_access_token")),
    callback: CallbackRule::OutOfBand,
    quirks: &[Quirk::DailyTokens],
    source: Source::Documentation,
    example: Some("E*TRADE Developer Guide, \"Using OAuth Credentials\""),
    ..USUAL
};

/// Flickr. The authorization URL wants `perms=read`, `write` or `delete`. In uploads, the text parts of
/// the `multipart/form-data` body are signed, and the photo is not: sign a
/// [`RequestView`](crate::RequestView) with [`Body::FormPairs`](crate::Body::FormPairs) of the texts,
/// and send its header with the multipart body.
///
/// Endpoints as documented, uploads as clients do them. Tested with the example of a tutorial by an
/// author of a client library.
pub static FLICKR: Profile = Profile {
    name: "flickr",
    title: "Flickr",
    temporary: Some(get("https://www.flickr.com/services/oauth/request_token")),
    authorization: Some(page(
        "https://www.flickr.com/services/oauth/authorize",
        &["perms"],
    )),
    token: Some(get("https://www.flickr.com/services/oauth/access_token")),
    version: true,
    quirks: &[Quirk::MultipartTextSigned],
    source: Source::Code,
    example: Some("wackylabs.net, \"OAuth and Flickr - Part 2\" (2011)"),
    ..USUAL
};

/// Garmin (Health and Activity APIs). The callback goes with the authorization URL.
///
/// Garmin moves its partners to OAuth 2.0. The tokens of its own applications, got with a ticket of the
/// sign-in page from `oauth-service/oauth/preauthorized` and exchanged for OAuth 2.0 ones by a request
/// that they sign, are no flow of RFC 5849.
///
/// Endpoints as in clients in use, the callback's way from memory; no example was found that could be
/// checked.
pub static GARMIN: Profile = Profile {
    name: "garmin",
    title: "Garmin",
    temporary: Some(post(
        "https://connectapi.garmin.com/oauth-service/oauth/request_token",
    )),
    authorization: Some(page("https://connect.garmin.com/oauthConfirm", &[])),
    token: Some(post(
        "https://connectapi.garmin.com/oauth-service/oauth/access_token",
    )),
    version: true,
    callback: CallbackRule::AtAuthorization,
    source: Source::Code,
    ..USUAL
};

/// Jira Data Center and Server, and Atlassian's other servers with application links. RSA-SHA1 with a
/// key whose public half the administrator enters. Two-legged requests need an empty `oauth_token`.
///
/// The place is the base URL, with the context path if there is one. As documented and as clients do
/// it; no example with its key is published.
pub static JIRA: Profile = Profile {
    name: "jira",
    title: "Jira Data Center",
    aliases: &["jira-data-center", "jira-server", "confluence"],
    place: Place::BaseUrl(None),
    temporary: Some(post("{}/plugins/servlet/oauth/request-token")),
    authorization: Some(page("{}/plugins/servlet/oauth/authorize", &[])),
    token: Some(post("{}/plugins/servlet/oauth/access-token")),
    signature_methods: &["RSA-SHA1"],
    quirks: &[Quirk::EmptyToken],
    source: Source::Code,
    ..USUAL
};

/// LTI 1.1 launches: a form `POST` to the tool, which the browser sends, so that the protocol
/// parameters go into the form ([`Transmission::Form`]); with `oauth_callback=about:blank`
/// ([`Profile::parameters`]). Outcomes (`application/xml`) are signed in the header, with
/// `oauth_body_hash`: use another signer for them.
///
/// There is no flow: the tool's owner hands out key and secret. As clients do it. Tested with the
/// sample of the implementation guide, which is older than the callback and does not send it.
pub static LTI: Profile = Profile {
    name: "lti",
    title: "LTI 1.1",
    aliases: &["lti-1.1", "basic-lti"],
    body_hash: BodyHashRule::Auto,
    transmission: Transmission::Form,
    version: true,
    callback: CallbackRule::Fixed("about:blank"),
    source: Source::Code,
    example: Some("IMS LTI 1.1 implementation guide, sample launch"),
    ..USUAL
};

/// Magento 2 and Adobe Commerce. HMAC-SHA256 since 2.4.3. The tokens of an integration are exchanged
/// without the resource owner: when an administrator activates it, Magento posts client credentials and
/// the verifier to the integration's own page; from there
/// `Start::without_callback` and then
/// `Authorize::verifier` lead to the token. The authorization URL
/// is the page that the integration has for that, and plays no part.
///
/// A path with `%2F` is signed by Magento with `%252F`, so that such requests are refused; this is not
/// made up for. The place is the base URL of the shop. As documented; no example with its secrets is
/// published.
pub static MAGENTO: Profile = Profile {
    name: "magento",
    title: "Magento 2",
    aliases: &["magento2", "adobe-commerce"],
    place: Place::BaseUrl(None),
    temporary: Some(post("{}/oauth/token/request")),
    authorization: Some(page("{}/oauth/authorize", &[])),
    token: Some(post("{}/oauth/token/access")),
    signature_methods: &["HMAC-SHA256", "HMAC-SHA1"],
    callback: CallbackRule::None,
    quirks: &[Quirk::PathEncodedTwice],
    source: Source::Documentation,
    ..USUAL
};

/// Mastercard. RSA-SHA256 and `oauth_body_hash` with every request, of an empty body too; client
/// credentials alone, no token and no flow.
///
/// **Not fully supported.** Mastercard's own signers put the values of the protocol parameters into
/// header and base string without percent-encoding them, which shows in every hash (`=`, `/`, `+`) and in
/// client identifiers with `!`; and they hash forms rather than signing their pairs. This crate encodes
/// as RFC 5849 section 3.6 says. Whether the provider takes that too was not seen.
///
/// As the provider's signers do it. The body hash is tested with what they publish.
pub static MASTERCARD: Profile = Profile {
    name: "mastercard",
    title: "Mastercard",
    signature_methods: &["RSA-SHA256", "RSA-PSS"],
    body_hash: BodyHashRule::Always,
    version: true,
    callback: CallbackRule::None,
    quirks: &[Quirk::ValuesNotEncoded, Quirk::FormHashed],
    source: Source::Code,
    example: Some("Mastercard oauth1-signer-java, body hashes of its tests"),
    ..USUAL
};

/// MediaWiki's extension OAuth, as Wikimedia's projects have it. The endpoints are pages with a query,
/// which is signed; the authorization URL needs the client's identifier too. What `identify` answers
/// names the nonce of the request.
///
/// The place is the URL of `index.php`, that of Meta-Wiki if none is given. As clients do it; no example
/// with its secrets is published.
pub static MEDIAWIKI: Profile = Profile {
    name: "mediawiki",
    title: "MediaWiki",
    aliases: &["wikimedia", "wikipedia"],
    place: Place::BaseUrl(Some("https://meta.wikimedia.org/w/index.php")),
    temporary: Some(post("{}?title=Special:OAuth/initiate")),
    authorization: Some(Authorization {
        client_name: Some("oauth_consumer_key"),
        ..page("{}?title=Special:OAuth/authorize", &[])
    }),
    token: Some(post("{}?title=Special:OAuth/token")),
    signature_methods: &["HMAC-SHA1", "RSA-SHA1"],
    quirks: &[Quirk::NonceReturned],
    source: Source::Code,
    ..USUAL
};

/// NetSuite, token-based authentication. HMAC-SHA256 alone, since 2023.1. The realm must be there: the
/// account in capitals and with `_` (`123_SB1`), while host names have it with `-`.
///
/// The place is the account, in either form. As documented, and tested with the examples there.
pub static NETSUITE: Profile = Profile {
    name: "netsuite",
    title: "NetSuite",
    aliases: &["netsuite-tba"],
    place: Place::Account,
    temporary: Some(post(
        "https://{}.restlets.api.netsuite.com/rest/requesttoken",
    )),
    authorization: Some(page(
        "https://{}.app.netsuite.com/app/login/secure/authorizetoken.nl",
        &["state"],
    )),
    token: Some(post(
        "https://{}.restlets.api.netsuite.com/rest/accesstoken",
    )),
    signature_methods: &["HMAC-SHA256"],
    realm: RealmForm::Account,
    version: true,
    source: Source::Documentation,
    example: Some("NetSuite documentation, \"The Signature for Web Services and RESTlets\""),
    ..USUAL
};

/// Trello. The authorization URL knows `scope` (`read,write,account`), `expiration` (`1hour`, `1day`,
/// `30days`, `never`) and `name`, under which the resource owner finds the client.
///
/// As clients do it; no example with its secrets is published.
pub static TRELLO: Profile = Profile {
    name: "trello",
    title: "Trello",
    temporary: Some(post("https://trello.com/1/OAuthGetRequestToken")),
    authorization: Some(page(
        "https://trello.com/1/OAuthAuthorizeToken",
        &["scope", "expiration", "name"],
    )),
    token: Some(post("https://trello.com/1/OAuthGetAccessToken")),
    source: Source::Code,
    ..USUAL
};

/// Tumblr. The callback must be a URL.
///
/// As clients do it; no example with its secrets is published.
pub static TUMBLR: Profile = Profile {
    name: "tumblr",
    title: "Tumblr",
    temporary: Some(post("https://www.tumblr.com/oauth/request_token")),
    authorization: Some(page("https://www.tumblr.com/oauth/authorize", &[])),
    token: Some(post("https://www.tumblr.com/oauth/access_token")),
    callback: CallbackRule::Url,
    source: Source::Code,
    ..USUAL
};

/// WooCommerce's REST API over plain HTTP (over TLS it takes key and secret as a password). Client
/// credentials alone, no token and no flow; the protocol parameters go into the query, because many
/// hosts drop the `Authorization` header.
///
/// The server signs with the URL that the shop is configured with, `www` or not. It sorts
/// parameters before it encodes them, so that requests with names such as `filter[a]` beside ones that
/// sort between are refused; this is not made up for. The place is the URL of the shop. As the server's
/// source has it; no example with its secrets is published.
pub static WOOCOMMERCE: Profile = Profile {
    name: "woocommerce",
    title: "WooCommerce",
    aliases: &["woo"],
    place: Place::BaseUrl(None),
    signature_methods: &["HMAC-SHA256", "HMAC-SHA1"],
    transmission: Transmission::Query,
    callback: CallbackRule::None,
    quirks: &[
        Quirk::ConfiguredUrl,
        Quirk::SortedDecoded,
        Quirk::OneNonceKept,
    ],
    source: Source::Code,
    ..USUAL
};

/// X, once Twitter. "Sign in with X" has a URL of its own
/// (`Start::authenticate`); the pages know `force_login` and
/// `screen_name`, and the request for temporary credentials `x_auth_access_type`. The token comes with
/// `user_id` and `screen_name`; who says no comes back with `denied`. xAuth, reverse authentication and
/// Echo are X's.
///
/// As documented, and tested with the example there.
pub static X: Profile = Profile {
    name: "x",
    title: "X (Twitter)",
    aliases: &["twitter"],
    temporary: Some(post("https://api.x.com/oauth/request_token")),
    authorization: Some(Authorization {
        authentication: Some("https://api.x.com/oauth/authenticate"),
        ..page(
            "https://api.x.com/oauth/authorize",
            &["force_login", "screen_name"],
        )
    }),
    token: Some(post("https://api.x.com/oauth/access_token")),
    version: true,
    source: Source::Documentation,
    example: Some("X documentation, \"Creating a signature\""),
    ..USUAL
};
