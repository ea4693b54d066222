//! xAuth: a token for a name and a password, which some servers give clients they trust.

use super::{AwaitToken, Server, StartError, address::form_of};
use crate::{credentials::ClientCredentials, method::KeyFrom, signer::Signer};

/// The request that gives a name and a password away for a token: a form to the token endpoint, signed
/// with the client's credentials alone, with the protocol parameters in the header.
///
/// The password travels in the form, so that the endpoint must have TLS, whatever
/// [`allow_without_tls`](Server::allow_without_tls) says of the other requests. The
/// client should forget it as soon as there is a token.
///
/// ```
/// use oauth1_core::{ClientCredentials, HmacSha1, flow::{Leg, Server, xauth}};
///
/// let server = Server::with_token_endpoint("https://api.example.com/oauth/access_token")?;
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let leg = xauth::<HmacSha1, _>(&server, &client, "jane", "o~m g")?;
/// let form = b"x_auth_mode=client_auth&x_auth_username=jane&x_auth_password=o~m%20g";
/// assert_eq!(leg.outgoing().request().body(), form);
/// # Ok::<(), oauth1_core::flow::StartError>(())
/// ```
///
/// # Errors
/// [`StartError`].
pub fn xauth<K: KeyFrom<C>, C>(
    server: &Server,
    client: &ClientCredentials<'_, C>,
    username: &str,
    password: &str,
) -> Result<AwaitToken<K>, StartError> {
    let form = form_of([
        ("x_auth_mode", "client_auth"),
        ("x_auth_username", username),
        ("x_auth_password", password),
    ]);
    let signer = Signer::<K>::for_client(client);
    let outgoing = server.form_to_token(signer, form)?;
    Ok(AwaitToken::new(outgoing, None))
}
