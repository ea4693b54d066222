//! How the server is reached.

use alloc::{borrow::ToOwned as _, format, string::String, sync::Arc, vec::Vec};
use core::{fmt, time::Duration};

use redis::{
    Client, ClientTlsConfig, ConnectionInfo, IntoConnectionInfo as _, Script, TlsCertificates,
    Value,
    aio::{ConnectionLike as _, ConnectionManager, ConnectionManagerConfig},
    cluster::ClusterClient,
};

use super::{Batch, Connection, REPLACE, RedisStore, Shared, failure};
use crate::StoreError;

/// How a [`RedisStore`] reaches its server, and what it calls its keys.
///
/// ```
/// use core::time::Duration;
/// use oauth1_store::redis::Options;
///
/// let options = Options::new()
///     .with_prefix("photos:")
///     .with_answer_timeout(Duration::from_millis(250));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// What all keys begin with: `oauth1:`. Stores with the same prefix are one store.
    pub prefix: String,
    /// How long an answer is waited for, a new connection included: one second.
    pub answer_timeout: Duration,
    /// How much longer than their window nonces are remembered, and expired credentials kept: five
    /// minutes. It is by how much the clocks of the machines that share the store may differ, and by
    /// how much one may step back, without a replay being accepted.
    pub clock_margin: Duration,
    /// Whether connecting looks at `maxmemory` and `maxmemory-policy`: yes.
    pub check_eviction: bool,
    certificates: Option<Vec<u8>>,
    client_certificate: Option<(Vec<u8>, Vec<u8>)>,
}

impl Options {
    /// What the fields name, and for TLS the certificates that the system trusts.
    #[must_use]
    pub fn new() -> Self {
        Self {
            prefix: "oauth1:".into(),
            answer_timeout: Duration::from_secs(1),
            clock_margin: Duration::from_secs(300),
            check_eviction: true,
            certificates: None,
            client_certificate: None,
        }
    }

    /// With another prefix.
    #[must_use]
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            ..self
        }
    }

    /// With another time to wait for an answer.
    #[must_use]
    pub fn with_answer_timeout(self, answer_timeout: Duration) -> Self {
        Self {
            answer_timeout,
            ..self
        }
    }

    /// With another margin for clocks.
    #[must_use]
    pub fn with_clock_margin(self, clock_margin: Duration) -> Self {
        Self {
            clock_margin,
            ..self
        }
    }

    /// Does not ask the server whether it evicts: for one that refuses `INFO`, and is known not to.
    /// One that does evict accepts replays.
    #[must_use]
    pub fn assume_no_eviction(self) -> Self {
        Self {
            check_eviction: false,
            ..self
        }
    }

    /// For `rediss://`: trusts these certificates (PEM) and no others.
    #[must_use]
    pub fn with_root_certificates(self, pem: impl Into<Vec<u8>>) -> Self {
        Self {
            certificates: Some(pem.into()),
            ..self
        }
    }

    /// For `rediss://`: shows this certificate with this private key (PEM).
    #[must_use]
    pub fn with_client_certificate(
        self,
        certificate: impl Into<Vec<u8>>,
        private_key: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            client_certificate: Some((certificate.into(), private_key.into())),
            ..self
        }
    }

    fn certificates(&self) -> TlsCertificates {
        let client_tls =
            (self.client_certificate.as_ref()).map(|(certificate, key)| ClientTlsConfig {
                client_cert: certificate.clone(),
                client_key: key.clone(),
            });
        TlsCertificates {
            client_tls,
            root_cert: self.certificates.clone(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows no private key.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("prefix", &self.prefix)
            .field("answer_timeout", &self.answer_timeout)
            .field("clock_margin", &self.clock_margin)
            .field("check_eviction", &self.check_eviction)
            .finish_non_exhaustive()
    }
}

impl RedisStore {
    /// Connects to a server: `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS,
    /// `redis+unix:///path` for a socket.
    ///
    /// To be called before the server starts: it fails where nobody answers. Later on the connection
    /// is made anew by itself.
    ///
    /// With `rediss://`, a process that has chosen no cryptography for rustls gets that of `ring`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the server cannot be reached, refuses, or evicts.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_with(url, Options::new()).await
    }

    /// Connects to a server with other options.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_with(url: &str, options: Options) -> Result<Self, StoreError> {
        let info = address(url)?;
        let client = if is_tls(url) {
            choose_cryptography();
            Client::build_with_tls(info, options.certificates())
        } else {
            Client::open(info)
        };
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(options.answer_timeout))
            .set_response_timeout(Some(options.answer_timeout))
            // Whoever asks next tries again.
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(25));
        let client = client.map_err(|error| failure(&error))?;
        let manager = ConnectionManager::new_with_config(client, config)
            .await
            .map_err(|error| failure(&error))?;
        Self::over(Connection::Server(manager), options).await
    }

    /// Connects to a cluster, of which some nodes are named as for [`connect`](Self::connect); the
    /// others are found through them. The user and the password are those of the first.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_cluster<'u>(
        urls: impl IntoIterator<Item = &'u str>,
        options: Options,
    ) -> Result<Self, StoreError> {
        let urls: Vec<&str> = urls.into_iter().collect();
        let nodes = (urls.iter())
            .map(|url| address(url))
            .collect::<Result<Vec<_>, _>>()?;
        let mut builder = ClusterClient::builder(nodes)
            .connection_timeout(options.answer_timeout)
            .response_timeout(options.answer_timeout)
            // A slot that moves is asked for where it went; a node that is away is given up soon.
            .retries(3)
            .min_retry_wait(25)
            .max_retry_wait(200);
        if urls.first().is_some_and(|url| is_tls(url)) {
            choose_cryptography();
            builder = builder.certs(options.certificates());
        }
        let connect = async {
            let client = builder.build()?;
            client.get_async_connection().await
        };
        let cluster = connect.await.map_err(|error| failure(&error))?;
        Self::over(Connection::Cluster(cluster), options).await
    }

    async fn over(connection: Connection, options: Options) -> Result<Self, StoreError> {
        let check_eviction = options.check_eviction;
        let store = Self(Arc::new(Shared {
            connection,
            batch: Batch::default(),
            prefix: options.prefix,
            answer_timeout: options.answer_timeout,
            clock_margin: options.clock_margin,
            replace: Script::new(REPLACE),
        }));
        if check_eviction {
            store.refuse_eviction().await?;
        }
        Ok(store)
    }

    /// Looks at each node, and refuses one that would forget nonces to make room.
    async fn refuse_eviction(&self) -> Result<(), StoreError> {
        let mut connection = self.0.connection.clone();
        let mut info = redis::cmd("INFO");
        info.arg("memory");
        let answer = self.in_time(connection.req_packed_command(&info)).await?;
        let mut texts = Vec::new();
        collect_texts(&answer, &mut texts);
        let mut answered = false;
        for text in &texts {
            let field = |name: &str| {
                text.lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            };
            let Some(most) = field("maxmemory") else {
                continue;
            };
            answered = true;
            let policy = field("maxmemory_policy").unwrap_or_default();
            if most != "0" && policy != "noeviction" {
                return Err(StoreError::unavailable(format!(
                    "the server would forget nonces when its memory is full, and accept replays: \
                     set maxmemory-policy to noeviction (it is {policy})"
                )));
            }
        }
        if answered {
            Ok(())
        } else {
            Err(StoreError::unavailable(
                "the server does not tell what it does when its memory is full",
            ))
        }
    }
}

/// The error of a URL that cannot be read may quote it, password and all.
fn address(url: &str) -> Result<ConnectionInfo, StoreError> {
    url.into_connection_info()
        .map_err(|_| StoreError::unavailable("the server's URL cannot be read"))
}

fn is_tls(url: &str) -> bool {
    url.starts_with("rediss:") || url.starts_with("valkeys:")
}

/// The crate `redis` takes what the process has chosen, and has nothing where it has not.
fn choose_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may be first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// Of one server an answer is a text, of a cluster a map of them.
fn collect_texts(answer: &Value, texts: &mut Vec<String>) {
    match answer {
        Value::BulkString(text) => texts.push(String::from_utf8_lossy(text).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => {
            texts.push(text.to_owned());
        }
        Value::Array(values) => values.iter().for_each(|value| collect_texts(value, texts)),
        Value::Map(pairs) => pairs
            .iter()
            .for_each(|(_, value)| collect_texts(value, texts)),
        _ => {}
    }
}
