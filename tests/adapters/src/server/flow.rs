//! The three legs of RFC 5849 section 2, and what belongs to them.
//!
//! | path | what is done, once the signature holds |
//! | --- | --- |
//! | `/flow/initiate` | temporary credentials, as a form |
//! | `/flow/json/initiate` | the same, as JSON |
//! | `/flow/unconfirmed/initiate` | the same, without a word about the callback |
//! | `/flow/page/initiate` | a page for people |
//! | `/flow/long/initiate` | a form of 1 MiB |
//! | `/flow/broken/initiate` | the connection is closed within the answer |
//! | `/flow/authorize` | the resource owner's browser, unsigned: consent is given at once |
//! | `/flow/token` | token credentials: for a verifier, a session handle or a password |
//! | `/flow/me` | whose token it is |

use http::{
    Response, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use oauth1_core::{form, percent};

use super::{CLIENT, Reply, Shared, Signed, TOKEN, lock};

/// Credentials that were handed out. Those of a test need not be hard to guess: they hold what must be
/// encoded instead.
pub(super) struct HandedOut {
    secret: String,
    kind: Kind,
}

enum Kind {
    Temporary {
        callback: String,
        verifier: Option<String>,
    },
    Token {
        session: String,
    },
}

/// The password of the resource owner `jane`.
pub(crate) const PASSWORD: &str = "o~m g & \u{e9}";

impl Shared {
    /// The secret of a token that was handed out.
    pub(super) fn handed_out(&self, token: &str) -> Option<String> {
        let credentials = lock(&self.credentials);
        credentials.get(token).map(|given| given.secret.clone())
    }

    /// The answer to a signed request, if its path is one of these.
    pub(super) fn leg(&self, path: &str, signed: &Signed, body: &[u8]) -> Option<Response<Reply>> {
        let (_, rest) = path.split_once("/flow/")?;
        let (kind, leg) = rest.rsplit_once('/').unwrap_or(("", rest));
        Some(match leg {
            "initiate" => self.initiate(kind, signed),
            "token" => self.token(signed, body),
            "me" => self.me(signed),
            other => panic!("no leg {other}"),
        })
    }

    fn initiate(&self, kind: &str, signed: &Signed) -> Response<Reply> {
        let Some(callback) = signed.get("oauth_callback") else {
            return refused("parameter_absent");
        };
        let kind_of_token = Kind::Temporary {
            callback: callback.into(),
            verifier: None,
        };
        let (token, secret) = self.hand_out("temporary", kind_of_token);
        let pairs = [
            ("oauth_token", &*token),
            ("oauth_token_secret", &*secret),
            ("oauth_callback_confirmed", "true"),
            ("hint", "a + b"),
        ];
        match kind {
            "" => granted(&pairs),
            "json" => {
                let members = pairs.map(|(name, value)| format!("{name:?}: {value:?}"));
                let body = format!("{{{}}}", members.join(", "));
                let mut response = reply(StatusCode::OK, body.into());
                let json = "application/json".parse().expect("a type");
                response.headers_mut().insert(CONTENT_TYPE, json);
                response
            }
            "unconfirmed" => granted(&pairs[..2]),
            "page" => reply(StatusCode::OK, "<html>Log in</html>".into()),
            "long" => reply(StatusCode::OK, "a=b&".repeat(256 * 1024).into()),
            "broken" => reply(StatusCode::OK, Reply::Broken(Some("oauth_token=a&".into()))),
            other => panic!("no kind {other}"),
        }
    }

    /// What the resource owner's browser gets, who says yes.
    pub(super) fn authorize(&self, query: &str) -> Response<Reply> {
        let token = form::pairs(query.as_bytes()).find(|(name, _)| *name == "oauth_token");
        let token = token.map(|(_, value)| value.to_string_lossy());
        let token = token.unwrap_or_default();
        let mut credentials = lock(&self.credentials);
        let kind = credentials.get_mut(&token).map(|given| &mut given.kind);
        let Some(Kind::Temporary { callback, verifier }) = kind else {
            return reply(StatusCode::BAD_REQUEST, "no such token".into());
        };
        let shown = verifier.insert(format!("verifier % of {token}")).clone();
        if callback == "oob" {
            return reply(StatusCode::OK, shown.into());
        }
        let mut response = reply(StatusCode::FOUND, "".into());
        let separator = if callback.contains('?') { '&' } else { '?' };
        let location = format!(
            "{callback}{separator}oauth_token={}&oauth_verifier={}",
            percent::encode(&token),
            percent::encode(&shown),
        );
        let location = location.parse().expect("a callback of a test");
        response.headers_mut().insert(LOCATION, location);
        response
    }

    fn token(&self, signed: &Signed, body: &[u8]) -> Response<Reply> {
        let field = |wanted: &str| {
            let mut pairs = form::pairs(body);
            let pair = pairs.find(|(name, _)| *name == *wanted)?;
            Some(pair.1.to_string_lossy())
        };
        let Some(token) = signed.get("oauth_token") else {
            let knows_password = field("x_auth_mode").as_deref() == Some("client_auth")
                && field("x_auth_username").as_deref() == Some("jane")
                && field("x_auth_password").as_deref() == Some(PASSWORD);
            return if knows_password {
                self.grant()
            } else {
                refused("permission_denied")
            };
        };
        let Some(given) = lock(&self.credentials).remove(token) else {
            return refused("token_rejected");
        };
        let (expected, shown) = match &given.kind {
            Kind::Temporary { verifier, .. } => (verifier.as_deref(), "oauth_verifier"),
            Kind::Token { session } => (Some(session.as_str()), "oauth_session_handle"),
        };
        if expected.is_none() || expected != signed.get(shown) {
            return refused("permission_denied");
        }
        self.grant()
    }

    fn grant(&self) -> Response<Reply> {
        let session = "session handle & more";
        let kind = Kind::Token {
            session: session.into(),
        };
        let (token, secret) = self.hand_out("token", kind);
        granted(&[
            ("oauth_token", &token),
            ("oauth_token_secret", &secret),
            ("screen_name", "jane"),
            ("oauth_session_handle", session),
            ("oauth_expires_in", "3600"),
        ])
    }

    fn me(&self, signed: &Signed) -> Response<Reply> {
        let token = signed.get("oauth_token").unwrap_or_default();
        let credentials = lock(&self.credentials);
        let kind = credentials.get(token).map(|given| &given.kind);
        if token == TOKEN || matches!(kind, Some(Kind::Token { .. })) {
            reply(StatusCode::OK, "{\"screen_name\":\"jane\"}".into())
        } else {
            refused("token_rejected")
        }
    }

    fn hand_out(&self, name: &str, kind: Kind) -> (String, String) {
        let mut credentials = lock(&self.credentials);
        let number = lock(&self.nonces).len();
        let token = format!("{name}/{number} & {CLIENT}");
        let secret = format!("secret of {name} {number} %&+\u{e9}");
        let given = HandedOut {
            secret: secret.clone(),
            kind,
        };
        credentials.insert(token.clone(), given);
        (token, secret)
    }
}

fn granted(pairs: &[(&str, &str)]) -> Response<Reply> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", percent::encode(value)));
    let form = pairs.collect::<Vec<_>>().join("&");
    reply(StatusCode::OK, form.into())
}

fn refused(problem: &str) -> Response<Reply> {
    let body = format!("oauth_problem={problem}");
    reply(StatusCode::UNAUTHORIZED, body.into())
}

fn reply(status: StatusCode, body: Reply) -> Response<Reply> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
