//! The request for temporary credentials (RFC 5849 section 2.1).

use alloc::{string::String, vec::Vec};

use super::{Callback, CallbackError, Refusal, SignedBy, client, parameter, text};
use crate::verify::Verified;

/// What was agreed with a client when it was registered.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'c, S = &'static str> {
    callbacks: &'c [S],
    realms: &'c [S],
    xauth: bool,
}

impl<'c, S: AsRef<str>> Registration<'c, S> {
    /// The callbacks that the client may name, as [`Callback::is_covered_by`] has them (a client with
    /// none may name `oob` alone), and the realms that it may ask for.
    #[must_use]
    pub const fn new(callbacks: &'c [S], realms: &'c [S]) -> Self {
        Self {
            callbacks,
            realms,
            xauth: false,
        }
    }

    /// Lets the client send the owner's name and password ([`PasswordRequest`](super::PasswordRequest)).
    #[must_use]
    pub const fn with_xauth(self, allowed: bool) -> Self {
        Self {
            xauth: allowed,
            ..self
        }
    }

    pub(super) const fn allows_xauth(&self) -> bool {
        self.xauth
    }

    fn check_callback(&self, callback: &str) -> Result<(), Refusal> {
        let callback = Callback::parse(callback)?;
        let none_registered = self.callbacks.is_empty() && callback == Callback::OutOfBand;
        let covered = |registered: &S| callback.is_covered_by(registered.as_ref());
        if none_registered || self.callbacks.iter().any(covered) {
            Ok(())
        } else {
            Err(CallbackError::NotRegistered.into())
        }
    }

    /// What is granted of what was asked: all that is registered where nothing was.
    pub(super) fn check_realms(&self, asked: Vec<String>) -> Result<Vec<String>, Refusal> {
        if asked.is_empty() {
            let all = self.realms.iter();
            return Ok(all.map(|realm| String::from(realm.as_ref())).collect());
        }
        let known = |realm: &String| self.realms.iter().any(|known| known.as_ref() == realm);
        if asked.iter().all(known) {
            Ok(asked)
        } else {
            Err(Refusal::RealmUnknown)
        }
    }
}

/// A client asks for temporary credentials. Its signature holds; what it asks for is still to be
/// compared with what it is registered for.
#[derive(Clone, Debug)]
#[must_use = "nothing is granted yet"]
pub struct TemporaryRequest {
    client: String,
    callback: String,
    realms: Vec<String>,
}

impl TemporaryRequest {
    /// Reads what is asked: `oauth_callback`, and the realms that the signed parameter `scope` names,
    /// between spaces or commas. (The header's `realm` is not signed, and nothing is decided by it.)
    ///
    /// # Errors
    /// [`Refusal`] with status 400 where the callback is missing or none, and 401 where the request
    /// names a token.
    pub fn read(verified: &Verified<'_>) -> Result<Self, Refusal> {
        if verified.token().is_some() {
            return Err(Refusal::WrongCredentials(SignedBy::Token));
        }
        let callback = verified
            .callback()
            .ok_or(Refusal::ParameterAbsent("oauth_callback"))?;
        let callback = text(callback).ok_or(CallbackError::Character)?;
        Callback::parse(&callback)?;
        Ok(Self {
            client: client(verified)?,
            callback,
            realms: realms(verified)?,
        })
    }

    /// Whose registration is to be looked up.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// Compares what is asked with the registration.
    ///
    /// # Errors
    /// [`Refusal`] with status 400 for a callback or a realm that the client is not registered for.
    pub fn check<S: AsRef<str>>(
        self,
        registration: &Registration<'_, S>,
    ) -> Result<TemporaryGrant, Refusal> {
        registration.check_callback(&self.callback)?;
        let realms = registration.check_realms(self.realms)?;
        Ok(TemporaryGrant {
            client: self.client,
            callback: self.callback,
            realms,
        })
    }
}

/// What temporary credentials are to be stored for. The reply is
/// [`NewCredentials::temporary_reply`](super::NewCredentials::temporary_reply).
#[derive(Clone, Debug)]
#[must_use = "it is to be stored with new credentials"]
pub struct TemporaryGrant {
    client: String,
    callback: String,
    realms: Vec<String>,
}

impl TemporaryGrant {
    /// The client, to which they belong.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The callback as it came: an absolute URI or `oob`.
    #[must_use]
    pub fn callback(&self) -> &str {
        &self.callback
    }

    /// The realms that the owner is asked for.
    #[must_use]
    pub fn realms(&self) -> &[String] {
        &self.realms
    }
}

/// The realms that a request asks for, each once.
pub(super) fn realms(verified: &Verified<'_>) -> Result<Vec<String>, Refusal> {
    let scope = parameter(verified, "scope")?.unwrap_or_default();
    let mut realms: Vec<String> = Vec::new();
    for realm in scope.split([' ', ',']).filter(|realm| !realm.is_empty()) {
        if realm.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(Refusal::ParameterRejected("scope"));
        }
        if !realms.iter().any(|known| known == realm) {
            realms.push(realm.into());
        }
    }
    Ok(realms)
}
