use ::http::{HeaderMap, StatusCode};

use super::*;
use crate::{
    ClientCredentials, HmacSha1,
    flow::{Leg, OUT_OF_BAND, Start, StartError},
};

const CALLBACK: &str = "https://printer.example.com/ready";

/// The URL of the first leg, the protocol's callback there, and where the resource owner goes.
fn walk(profile: &Profile) -> (String, String, String) {
    let server = profile.server(sample(profile)).unwrap();
    let client = ClientCredentials::new("the-client", "secret");
    let start = match profile.callback {
        CallbackRule::None => Start::without_callback(&server, &client),
        CallbackRule::OutOfBand => Start::new(&server, &client, OUT_OF_BAND),
        _ => Start::new(&server, &client, CALLBACK),
    };
    let leg = start.request::<HmacSha1>().unwrap();
    let request = leg.outgoing().request();
    let first = [request.method().as_str(), " ", &request.uri().to_string()].concat();
    let stamp = crate::Stamp::new(
        crate::Timestamp::from_unix_seconds(1),
        crate::Nonce::new("n"),
    );
    let signed = leg.outgoing().sign(stamp).unwrap();
    let header = signed.headers()["authorization"].to_str().unwrap();
    let header = String::from(header);
    let confirmed: &[u8] = match profile.callback {
        CallbackRule::None | CallbackRule::AtAuthorization => b"",
        _ => b"&oauth_callback_confirmed=true",
    };
    let body = [b"oauth_token=t&oauth_token_secret=s", confirmed].concat();
    let authorize = leg
        .receive(StatusCode::OK, &HeaderMap::new(), &body)
        .unwrap();
    (first, header, authorize.url().into())
}

#[test]
fn every_flow_starts_where_the_provider_has_it() {
    let shop = "https://shop.example.com/sub";
    let called_back = |base: &str| [base, "?oauth_token=t"].concat();
    let table = [
        (
            "discogs",
            "GET https://api.discogs.com/oauth/request_token".into(),
            called_back("https://www.discogs.com/oauth/authorize"),
        ),
        (
            "etrade",
            "GET https://api.etrade.com/oauth/request_token".into(),
            "https://us.etrade.com/e/t/etws/authorize?token=t&key=the-client".into(),
        ),
        (
            "flickr",
            "GET https://www.flickr.com/services/oauth/request_token".into(),
            called_back("https://www.flickr.com/services/oauth/authorize"),
        ),
        (
            "garmin",
            "POST https://connectapi.garmin.com/oauth-service/oauth/request_token".into(),
            "https://connect.garmin.com/oauthConfirm?oauth_token=t\
             &oauth_callback=https%3A%2F%2Fprinter.example.com%2Fready"
                .into(),
        ),
        (
            "jira",
            ["POST ", shop, "/plugins/servlet/oauth/request-token"].concat(),
            called_back(&[shop, "/plugins/servlet/oauth/authorize"].concat()),
        ),
        (
            "magento",
            ["POST ", shop, "/oauth/token/request"].concat(),
            called_back(&[shop, "/oauth/authorize"].concat()),
        ),
        (
            "mediawiki",
            ["POST ", shop, "?title=Special:OAuth/initiate"].concat(),
            [
                shop,
                "?title=Special:OAuth/authorize&oauth_token=t&oauth_consumer_key=the-client",
            ]
            .concat(),
        ),
        (
            "netsuite",
            "POST https://123-sb1.restlets.api.netsuite.com/rest/requesttoken".into(),
            called_back("https://123-sb1.app.netsuite.com/app/login/secure/authorizetoken.nl"),
        ),
        (
            "trello",
            "POST https://trello.com/1/OAuthGetRequestToken".into(),
            called_back("https://trello.com/1/OAuthAuthorizeToken"),
        ),
        (
            "tumblr",
            "POST https://www.tumblr.com/oauth/request_token".into(),
            called_back("https://www.tumblr.com/oauth/authorize"),
        ),
        (
            "x",
            "POST https://api.x.com/oauth/request_token".into(),
            called_back("https://api.x.com/oauth/authorize"),
        ),
    ];
    let flows = ALL.iter().filter(|profile| profile.token.is_some());
    assert_eq!(flows.count(), table.len());
    for (name, first, url) in table {
        let profile = Profile::find(name).unwrap();
        let (got_first, header, got_url) = walk(profile);
        assert_eq!(got_first, first);
        assert_eq!(got_url, url);
        let has_callback = !matches!(
            profile.callback,
            CallbackRule::None | CallbackRule::AtAuthorization
        );
        assert_eq!(header.contains("oauth_callback="), has_callback, "{name}");
        let has_realm = header.contains("realm=\"123_SB1\"");
        assert_eq!(has_realm, profile.realm == RealmForm::Account, "{name}");
        let has_empty = header.contains("oauth_token=\"\"");
        assert_eq!(has_empty, name == "jira");
        assert_eq!(header.contains("oauth_version="), profile.version, "{name}");
    }
}

#[test]
fn there_is_no_flow_where_the_console_hands_out_credentials() {
    for name in ["lti", "mastercard", "woocommerce"] {
        let profile = Profile::find(name).unwrap();
        let error = profile.server(sample(profile)).unwrap_err();
        assert_eq!(error, ServerError::NoFlow, "{name}");
        assert!(error.to_string().contains("console"));
    }
    let error = JIRA.server("").unwrap_err();
    assert_eq!(error, ServerError::Place(PlaceError::Missing));
    let error = JIRA.server("ftp://example.com").unwrap_err();
    assert!(matches!(error, ServerError::Start(_)), "{error}");
    assert!(error.to_string().contains("token endpoint"));
}

#[test]
fn signing_in_with_x_has_a_url_of_its_own() {
    let server = X.server("").unwrap();
    let client = ClientCredentials::new("the-client", "secret");
    let start = Start::new(&server, &client, CALLBACK).authenticate();
    let leg = start.request::<HmacSha1>().unwrap();
    let body = b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true";
    let authorize = leg
        .receive(StatusCode::OK, &HeaderMap::new(), body)
        .unwrap();
    assert_eq!(
        authorize.url(),
        "https://api.x.com/oauth/authenticate?oauth_token=t"
    );
}

fn missing() -> StartError {
    StartError::NoEndpoint("temporary credentials")
}

/// A provider may have one endpoint alone, as for xAuth.
#[test]
fn a_profile_without_temporary_credentials_and_page_has_a_server_all_the_same() {
    let profile = Profile {
        temporary: None,
        authorization: None,
        ..*Profile::find("flickr").unwrap()
    };
    let server = profile.server("").unwrap();
    let client = ClientCredentials::new("the-client", "secret");
    let start = Start::new(&server, &client, CALLBACK);
    assert_eq!(start.request::<HmacSha1>().unwrap_err(), missing());
}

#[test]
fn why_there_is_no_server_is_said() {
    let net_suite = Profile::find("netsuite").unwrap();
    let error = net_suite.server("a b").unwrap_err();
    let place = net_suite.placed("a b").unwrap_err();
    assert_eq!(
        (error, error.to_string()),
        (ServerError::Place(place), place.to_string())
    );
    let start = ServerError::from(missing());
    assert_eq!(start.to_string(), missing().to_string());
    assert!(
        ServerError::NoFlow
            .to_string()
            .starts_with("there is no flow")
    );
}
