//! Particulars of providers that people meet: as data with a name, never as code of their own
//! (feature `alloc`).
//!
//! A [`Profile`] says where the endpoints are, which signature methods do, and what is peculiar. It
//! comes with its [`Source`]: what a provider's documentation or a client in use says, or what is known
//! by memory alone. Providers change: where a profile is wrong or missing, all that it sets can be set
//! on a [`Signer`] and, with the feature `flow`, on a `Server`.
//!
//! ```
//! use oauth1_core::{profile::{self, Profile}, ClientCredentials, HmacSha256, Signer};
//!
//! let net_suite = Profile::find("NetSuite").expect("known");
//! assert_eq!(net_suite.signature_methods, ["HMAC-SHA256"]);
//!
//! # let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! // The account of a sandbox: with `-` in host names, with `_` and in capitals in the realm.
//! let signer = net_suite.configure(Signer::<HmacSha256>::for_client(&client), "123-sb1")?;
//! # use oauth1_core::{Nonce, RequestView, Stamp, Target, Timestamp};
//! # let target = Target::parse("https://123-sb1.suitetalk.api.netsuite.com/")?;
//! # let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("n"));
//! # let header = signer.authorization(&RequestView::new("GET", target), stamp)?;
//! assert!(header.starts_with("OAuth realm=\"123_SB1\", "));
//! assert_eq!(profile::ALL.len(), 14);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::string::String;
use core::fmt;

pub use self::data::*;
use crate::{
    authorization::Transmission,
    signer::{BodyHashRule, ProtocolParameters, Signer},
    target::{Target, UriError},
};

mod data;
#[cfg(feature = "flow")]
mod server;
#[cfg(feature = "flow")]
pub use self::server::ServerError;

/// What is particular to one provider. The list of all is [`ALL`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Profile {
    /// The name to look it up by, in lower case.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Other names to look it up by.
    pub aliases: &'static [&'static str],
    /// What has to be known of the user's own installation or account.
    pub place: Place,
    /// Where temporary credentials are got; `None` where there are none (two-legged).
    pub temporary: Option<Address>,
    /// Where the resource owner is sent.
    pub authorization: Option<Authorization>,
    /// Where token credentials are got.
    pub token: Option<Address>,
    /// Where tokens are renewed, with a signed request of this method.
    pub renewal: Option<Address>,
    /// The values of `oauth_signature_method` that do, the best first.
    pub signature_methods: &'static [&'static str],
    /// What stands in the realm.
    pub realm: RealmForm,
    /// When `oauth_body_hash` is sent.
    pub body_hash: BodyHashRule,
    /// Where the protocol parameters go.
    pub transmission: Transmission,
    /// Whether `oauth_version` is sent.
    pub version: bool,
    /// What the callback may be.
    pub callback: CallbackRule,
    /// What is done otherwise than RFC 5849 has it, or besides.
    pub quirks: &'static [Quirk],
    /// Where all this comes from.
    pub source: Source,
    /// The published example that the profile is tested with, if there is one.
    pub example: Option<&'static str>,
}

/// An endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The method of the request.
    pub method: &'static str,
    /// The URL, with `{}` for the [`Place`].
    pub url: &'static str,
}

/// Where and how the resource owner is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authorization {
    /// The URL, with `{}` for the [`Place`].
    pub url: &'static str,
    /// The URL for "sign in with", which does not ask again who has said yes before.
    pub authentication: Option<&'static str>,
    /// The name of the parameter that names the temporary credentials: `oauth_token`, as a rule.
    pub token_name: &'static str,
    /// The name of the parameter with the client's identifier, where there must be one.
    pub client_name: Option<&'static str>,
    /// Further parameters that the page knows, for the caller to choose from.
    pub parameters: &'static [&'static str],
}

/// What stands for `{}` in the URLs of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Nothing: all users have the same URLs.
    None,
    /// The URL of the user's installation, without a slash at its end; where there is one that most
    /// mean, it is taken if none is given.
    BaseUrl(Option<&'static str>),
    /// The user's account: letters, digits, `-` and `_`.
    Account,
}

/// What stands in the realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RealmForm {
    /// There is none.
    None,
    /// The account in capitals, with `_` where host names have `-`; it must be there.
    Account,
}

/// What `oauth_callback` may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackRule {
    /// A URL, or `oob`.
    Any,
    /// A URL; `oob` is refused.
    Url,
    /// `oob`, and nothing else: the callback is agreed upon beforehand.
    OutOfBand,
    /// It goes with the authorization URL, not with the request for temporary credentials, whose answer
    /// therefore does not confirm it. There is a verifier all the same.
    AtAuthorization,
    /// There is none in the flow: the verifier comes another way.
    None,
    /// This text, with every request, though there is no flow.
    Fixed(&'static str),
}

/// What a provider does otherwise than RFC 5849 has it, or demands besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quirk {
    /// An empty `oauth_token` is sent where there is no token.
    EmptyToken,
    /// Every request needs a `User-Agent` that names the application.
    UserAgent,
    /// In uploads (`multipart/form-data`), the text parts are signed as if they were a form, and the
    /// file is not.
    MultipartTextSigned,
    /// Protocol parameters stand in header and base string without their own percent-encoding.
    ValuesNotEncoded,
    /// Forms are not signed as parameters but hashed like any other body.
    FormHashed,
    /// Parameters are sorted before they are encoded: a difference where names hold other characters
    /// than letters, digits and `-._~`, as `filter[a]` does.
    SortedDecoded,
    /// The server signs with the URL that it is configured with: the scheme, the host (with or without
    /// `www`) and the port must be those.
    ConfiguredUrl,
    /// Of two requests in the same second the second one's nonce replaces the first one's: a replay of
    /// the first is accepted then. Nothing to be done by a client.
    OneNonceKept,
    /// A `%2F` in the path is encoded once more.
    PathEncodedTwice,
    /// Tokens end at midnight, US Eastern time, and sleep after two hours without a request.
    DailyTokens,
    /// Answers name the nonce of the request, which has to be compared: see
    /// [`UsedStamp::nonce`](crate::UsedStamp::nonce).
    NonceReturned,
}

/// Who sees to a [`Quirk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// [`Profile::configure`] and the flow's `Server` do.
    Applied,
    /// The caller, in the way that the quirk's documentation says.
    Caller,
    /// Nobody: a request for which it makes a difference is refused by the provider.
    Unsupported,
}

impl Quirk {
    /// Who sees to it.
    #[must_use]
    pub const fn support(self) -> Support {
        match self {
            Self::EmptyToken => Support::Applied,
            Self::UserAgent
            | Self::MultipartTextSigned
            | Self::FormHashed
            | Self::ConfiguredUrl
            | Self::OneNonceKept
            | Self::DailyTokens
            | Self::NonceReturned => Support::Caller,
            Self::ValuesNotEncoded | Self::SortedDecoded | Self::PathEncodedTwice => {
                Support::Unsupported
            }
        }
    }
}

/// Where a profile comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The provider's own documentation.
    Documentation,
    /// The source of clients or servers that are in use.
    Code,
    /// Public threads and memory: to be checked before it is relied on.
    Memory,
}

/// What was given for the [`Place`] is not of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaceError {
    /// The profile needs to know the user's installation or account, and nothing was given.
    Missing,
    /// The profile needs nothing, and something was given.
    NotNeeded,
    /// It is no URL without query and fragment.
    BaseUrl(Option<UriError>),
    /// It holds other characters than letters, digits, `-` and `_`.
    Account,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                f.write_str("the profile needs the URL of the installation, or the account")
            }
            Self::NotNeeded => f.write_str("the profile is the same for all: give no place"),
            Self::BaseUrl(Some(error)) => write!(f, "the URL of the installation: {error}"),
            Self::BaseUrl(None) => {
                f.write_str("the URL of the installation has a query or a fragment")
            }
            Self::Account => f.write_str("an account is letters, digits, '-' and '_'"),
        }
    }
}

impl core::error::Error for PlaceError {}

impl Profile {
    /// The profile of that name or alias, in letters of either case.
    ///
    /// ```
    /// use oauth1_core::profile::Profile;
    ///
    /// assert_eq!(Profile::find("Twitter").map(|profile| profile.name), Some("x"));
    /// assert!(Profile::find("nobody").is_none());
    /// ```
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|profile| {
            profile.name.eq_ignore_ascii_case(name)
                || profile
                    .aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    /// Sets on a signer what the provider wants. `place` is what [`Profile::place`] asks for, and empty
    /// where it asks for nothing.
    ///
    /// # Errors
    /// [`PlaceError`].
    pub fn configure<'a, K>(
        &self,
        signer: Signer<'a, K>,
        place: &str,
    ) -> Result<Signer<'a, K>, PlaceError> {
        let place = self.placed(place)?;
        let mut signer = signer
            .with_transmission(self.transmission)
            .with_body_hash(self.body_hash);
        if let Some(realm) = self.realm_of(&place) {
            signer = signer.with_realm(realm);
        }
        if self.version {
            signer = signer.with_version();
        }
        if self.quirks.contains(&Quirk::EmptyToken) {
            signer = signer.with_token_unless_given("");
        }
        Ok(signer)
    }

    /// The protocol parameters that every request has besides: `oauth_callback` where that is
    /// [`CallbackRule::Fixed`].
    #[must_use]
    pub fn parameters(&self) -> ProtocolParameters<'static> {
        match self.callback {
            CallbackRule::Fixed(callback) => ProtocolParameters::NONE.with_callback(callback),
            _ => ProtocolParameters::NONE,
        }
    }

    /// A URL of the profile for a place.
    ///
    /// ```
    /// use oauth1_core::profile::Profile;
    ///
    /// let net_suite = Profile::find("netsuite").expect("known");
    /// let token = net_suite.token.expect("it has one");
    /// let url = net_suite.url(token.url, "123_SB1")?;
    /// assert_eq!(url, "https://123-sb1.restlets.api.netsuite.com/rest/accesstoken");
    /// # Ok::<(), oauth1_core::profile::PlaceError>(())
    /// ```
    ///
    /// # Errors
    /// [`PlaceError`].
    pub fn url(&self, template: &str, place: &str) -> Result<String, PlaceError> {
        Ok(template.replace("{}", &self.placed(place)?))
    }

    /// The place as it stands in URLs.
    fn placed(&self, place: &str) -> Result<String, PlaceError> {
        match (self.place, place) {
            (Place::None, "") => Ok(String::new()),
            (Place::None, _) => Err(PlaceError::NotNeeded),
            (Place::BaseUrl(Some(usual)), "") => Ok(usual.into()),
            (Place::BaseUrl(None) | Place::Account, "") => Err(PlaceError::Missing),
            (Place::BaseUrl(_), url) => {
                Target::parse(url).map_err(|error| PlaceError::BaseUrl(Some(error)))?;
                if url.contains(['?', '#']) {
                    return Err(PlaceError::BaseUrl(None));
                }
                Ok(url.trim_end_matches('/').into())
            }
            (Place::Account, account) => {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                if !account.bytes().all(fits) {
                    return Err(PlaceError::Account);
                }
                Ok(account.to_ascii_lowercase().replace('_', "-"))
            }
        }
    }

    fn realm_of(&self, placed: &str) -> Option<String> {
        match self.realm {
            RealmForm::None => None,
            RealmForm::Account => Some(placed.to_ascii_uppercase().replace('-', "_")),
        }
    }
}

#[cfg(test)]
mod tests;
