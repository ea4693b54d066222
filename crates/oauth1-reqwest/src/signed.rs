//! Signing what a builder has built.

use core::future::Future;

use oauth1_core::{ProtocolParameters, SigningKey, exchange};
use reqwest::{RequestBuilder, Response};

use crate::{client::send, error::Error};

/// Sends what a builder has built, signed, with the builder's own [`reqwest::Client`].
///
/// ```no_run
/// use oauth1_reqwest::{SendSigned as _, exchange};
///
/// # async fn example(signer: oauth1_core::Signer<'static, oauth1_core::HmacSha1>) -> anyhow::Result<()> {
/// let no_redirects = reqwest::redirect::Policy::none(); // they are followed by the exchange
/// let http = reqwest::Client::builder().redirect(no_redirects).build()?;
/// let oauth = exchange::Client::new(signer);
///
/// let url = "https://api.example.com/1.1/statuses/home_timeline.json";
/// let response = http.get(url).query(&[("count", "20")]).send_signed(&oauth).await?;
/// # Ok(())
/// # }
/// ```
pub trait SendSigned {
    /// Signs and sends the request, and whatever its answers ask for. The response has any status; its
    /// extensions have a [`Report`](crate::Report).
    ///
    /// # Errors
    /// [`Error`] when there is no response.
    fn send_signed<K: SigningKey + Send + Sync>(
        self,
        client: &exchange::Client<K>,
    ) -> impl Future<Output = Result<Response, Error>> + Send;
}

impl SendSigned for RequestBuilder {
    async fn send_signed<K: SigningKey + Send + Sync>(
        self,
        client: &exchange::Client<K>,
    ) -> Result<Response, Error> {
        let (http, request) = self.build_split();
        send(client, &http, request?, ProtocolParameters::NONE).await
    }
}
