//! The pages of the authorization endpoint: their data, and plain ones to show it.
//!
//! No page has a script. Each is sent with a Content-Security-Policy that allows nothing but its own
//! style and its own form, and that forbids every frame around it.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// The style of the plain pages.
const STYLE: &str = include_str!("../templates/style.css");

/// A page: HTML, and what its policy allows besides its form.
#[derive(Clone, Debug)]
pub struct Page {
    pub(crate) html: String,
    pub(crate) sources: Cow<'static, str>,
}

impl Page {
    /// A whole document. Everything in it that is not the application's own text must be escaped.
    /// It may load nothing; [`with_sources`](Self::with_sources) allows more.
    #[must_use]
    pub fn new(html: impl Into<String>) -> Self {
        Self {
            html: html.into(),
            sources: Cow::Borrowed(""),
        }
    }

    /// Directives that are added to the page's Content-Security-Policy, such as
    /// `style-src 'self'; img-src 'self'`. Its `default-src 'none'`, `base-uri 'none'`,
    /// `frame-ancestors 'none'` and `form-action` stay: of two directives of one name the first counts.
    #[must_use]
    pub fn with_sources(mut self, sources: impl Into<Cow<'static, str>>) -> Self {
        self.sources = sources.into();
        self
    }

    fn of(template: &impl Template) -> Self {
        // A template that is compiled fails only where its sink does, which a `String` does not.
        let html = template.render().unwrap_or_default();
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        Self::new(html).with_sources(format!("style-src 'sha256-{hash}'"))
    }
}

/// What an owner is asked: whether a client may act in their name.
///
/// All of it is text from others: a page must escape it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConsentPage<'a> {
    /// The name that the client is registered with, or its identifier where it has none. Whoever
    /// registered it has seen to it that it is the client's own.
    pub client_name: &'a str,
    /// The client's identifier.
    pub client: &'a str,
    /// What the owner is called, where the application said so.
    pub owner_name: Option<&'a str>,
    /// The realms that the client asks for.
    pub realms: &'a [String],
    /// The host that the owner is sent to afterwards; `None` where it is an application on the
    /// owner's device, or where there is no callback.
    pub callback_host: Option<&'a str>,
    /// Whether there is no callback, so that a verifier is shown.
    pub is_out_of_band: bool,
    pub(crate) identifier: &'a str,
    pub(crate) token: &'a str,
}

impl<'a> ConsentPage<'a> {
    /// The pairs that the page's form must send, hidden, besides `decision`. One of them shows that the
    /// page was made for this owner's session.
    ///
    /// A page that lets the owner choose among the realms also sends `realms=chosen`, and one `realm`
    /// for each that is granted.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &'a str); 2] {
        [("oauth_token", self.identifier), ("consent", self.token)]
    }

    /// The plain page.
    #[must_use]
    pub fn to_page(&self) -> Page {
        #[derive(Template)]
        #[template(path = "consent.html")]
        struct Consent<'p> {
            style: &'static str,
            page: &'p ConsentPage<'p>,
            fields: [(&'static str, &'p str); 2],
        }
        Page::of(&Consent {
            style: STYLE,
            page: self,
            fields: self.fields(),
        })
    }
}

/// A verifier that the owner carries over to the client.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct VerifierPage<'a> {
    /// The client's name, as on the [`ConsentPage`].
    pub client_name: &'a str,
    /// The verifier.
    pub verifier: &'a str,
}

/// Without the verifier.
impl core::fmt::Debug for VerifierPage<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("VerifierPage")
            .field("client_name", &self.client_name)
            .finish_non_exhaustive()
    }
}

impl VerifierPage<'_> {
    /// The plain page.
    #[must_use]
    pub fn to_page(self) -> Page {
        #[derive(Template)]
        #[template(path = "verifier.html")]
        struct Verifier<'p> {
            style: &'static str,
            client_name: &'p str,
            groups: Vec<&'p str>,
        }
        let middle = self.verifier.len() / 2;
        let halves = self.verifier.split_at_checked(middle);
        Page::of(&Verifier {
            style: STYLE,
            client_name: self.client_name,
            groups: halves.map_or(Vec::from([self.verifier]), |(a, b)| Vec::from([a, b])),
        })
    }
}

/// What there is to say to an owner who has nothing to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The owner has denied, and there is nowhere to go back to.
    Denied,
    /// The address is not one that a client sends its owners to.
    Invalid,
    /// The request is unknown, too old, or the client is no more.
    Expired,
    /// The owner has decided already.
    AlreadyDecided,
    /// The form did not come from the page that was shown to this owner.
    Forged,
    /// The server cannot say at the moment.
    Unavailable,
}

impl Notice {
    /// A short title and a sentence that says what to do.
    #[must_use]
    pub const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Denied => (
                "Access denied",
                "The application gets no access. You can close this page.",
            ),
            Self::Invalid => (
                "Not a valid request",
                "The address of this page is not complete. Go back to the application and start again.",
            ),
            Self::Expired => (
                "The request has expired",
                "It is unknown or too old. Go back to the application and start again.",
            ),
            Self::AlreadyDecided => (
                "Already decided",
                "This request has been answered before; nothing has changed. Go back to the application.",
            ),
            Self::Forged => (
                "Not accepted",
                "The answer did not come from the page that you were shown. Nothing has changed. Go back \
                 to the application and start again.",
            ),
            Self::Unavailable => (
                "Temporarily unavailable",
                "Nothing has changed. Try again in a moment.",
            ),
        }
    }

    /// The plain page.
    #[must_use]
    pub fn to_page(self) -> Page {
        #[derive(Template)]
        #[template(path = "notice.html")]
        struct NoticePage {
            style: &'static str,
            title: &'static str,
            text: &'static str,
        }
        let (title, text) = self.text();
        Page::of(&NoticePage {
            style: STYLE,
            title,
            text,
        })
    }
}

#[cfg(test)]
mod tests;
