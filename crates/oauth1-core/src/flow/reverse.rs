//! Reverse authentication: a server of the client's turns the account that a device is signed in with
//! into a token of its own.
//!
//! The client asks for a header that its own credentials signed; the device, which has an account of
//! the resource owner's, sends that header on, signed with the account's; the answer is a token of the
//! client's, for that resource owner.

use alloc::string::String;
use core::fmt;

use ::http::{HeaderMap, Method, StatusCode};
use zeroize::Zeroizing;

use super::{AwaitToken, FlowError, Leg, Outgoing, Server, StartError, address::form_of, reply};
use crate::{
    authorization::AuthorizationHeader,
    credentials::{ClientCredentials, TokenCredentials},
    method::{KeyFrom, SigningKey},
    signer::Signer,
};

/// The first step: to the temporary credentials endpoint, signed with the client's credentials alone.
///
/// # Errors
/// [`StartError`].
pub fn reverse_auth<K: KeyFrom<C>, C>(
    server: &Server,
    client: &ClientCredentials<'_, C>,
) -> Result<AwaitReverse<K>, StartError> {
    let mut address = server.temporary()?.clone();
    address.method = Method::POST;
    let form = form_of([("x_auth_mode", "reverse_auth")]);
    let signer = Signer::<K>::for_client(client);
    let outgoing = server.outgoing(&address, signer, Some(form))?;
    Ok(AwaitReverse {
        outgoing,
        client: client.identifier().into(),
    })
}

/// Awaits the header of the first step.
#[derive(Debug)]
pub struct AwaitReverse<K> {
    outgoing: Outgoing<K>,
    client: String,
}

impl<K: SigningKey> Leg for AwaitReverse<K> {
    type Key = K;
    type Next = Reverse;

    fn outgoing(&self) -> &Outgoing<K> {
        &self.outgoing
    }

    /// The answer is no form but the value of an `Authorization` header.
    fn receive(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Reverse, FlowError> {
        reply::accept(status, headers, body)?;
        let text = core::str::from_utf8(body.trim_ascii()).map_err(|_| FlowError::NotUtf8)?;
        let header = AuthorizationHeader::parse(text.as_bytes()).ok_or(FlowError::NotForm)?;
        if header.parameters().any(|parameter| parameter.is_err()) {
            return Err(FlowError::NotForm);
        }
        Ok(Reverse {
            parameters: Zeroizing::new(text.into()),
            client: self.client,
        })
    }
}

/// The header that the client's credentials signed: to be handed to the device.
#[derive(Clone)]
pub struct Reverse {
    parameters: Zeroizing<String>,
    client: String,
}

impl Reverse {
    /// What a device needs to go on by itself: the value of `x_reverse_auth_parameters`.
    #[must_use]
    pub fn parameters(&self) -> &str {
        &self.parameters
    }

    /// The second step: to the token endpoint, signed with the credentials of the device and of the
    /// account that it is signed in with.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn request<K: KeyFrom<C>, C>(
        self,
        server: &Server,
        device: &ClientCredentials<'_, C>,
        account: &TokenCredentials<'_>,
    ) -> Result<AwaitToken<K>, StartError> {
        let form = form_of([
            ("x_reverse_auth_target", self.client.as_str()),
            ("x_reverse_auth_parameters", &self.parameters),
        ]);
        let signer = Signer::<K>::for_token(device, account);
        let outgoing = server.form_to_token(signer, form)?;
        Ok(AwaitToken::new(outgoing, None))
    }
}

impl fmt::Debug for Reverse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reverse({:?}, ..)", self.client)
    }
}
