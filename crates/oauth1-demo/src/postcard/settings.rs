//! Settings: where this site is, and where the provider is.

use oauth1_core::flow::{Server, StartError};

/// Two origins, such as `https://postcard.example.com`, without a slash at the end.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where browsers see this site.
    pub(crate) origin: String,
    /// Where the provider is.
    pub(crate) provider: String,
}

impl Settings {
    /// Where people come back to: it must be registered with the provider.
    pub(crate) fn callback(&self) -> String {
        format!("{}/login/authenticated/", self.origin)
    }

    /// The provider's endpoints.
    pub(super) fn server(&self) -> Result<Server, StartError> {
        let at = |path| format!("{}/oauth/{path}", self.provider);
        Server::new(&at("request_token"), &at("authorize"), &at("access_token"))?
            .with_authentication(&at("authenticate"))
    }

    /// A resource of the provider's.
    pub(super) fn api(&self, path: &str) -> String {
        format!("{}/1.1/{path}", self.provider)
    }
}
