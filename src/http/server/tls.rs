//! TLS with a certificate that can be replaced while the server runs.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::Mutex,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

/// How often the files are read again.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// Files in PEM format.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, and after it those of the authorities up to the root.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Why there is no certificate. Contains nothing of the key.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{}: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("{}: there is no certificate in PEM format: {cause}", path.display())]
    NoCertificate { path: PathBuf, cause: pem::Error },
    #[error("{}: there is no private key in PEM format, without a password", path.display())]
    NoKey { path: PathBuf },
    #[error("{} and {}: {cause}", certificate.display(), key.display())]
    Unusable { certificate: PathBuf, key: PathBuf, cause: rustls::Error },
    #[error("SIGHUP can't be received: {0}")]
    Signal(io::Error),
}

/// The certificate in use, and where it is from. Its `Debug` output is only the latter.
pub struct Tls {
    files: TlsFiles,
    current: Arc<Current>,
    acceptor: TlsAcceptor,
    /// SIGHUP. It would end the program if nobody listened.
    hangup: Mutex<Signal>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files.fmt(formatter)
    }
}

#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Tls {
    /// Reads the files, and listens for SIGHUP from now on. To be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If a file can't be read, or the key is not the certificate's.
    pub fn new(files: TlsFiles) -> Result<Self, TlsError> {
        let current = Arc::new(Current(RwLock::new(Arc::new(files.load(&files.read()?)?))));
        let versions = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let versions = versions.with_safe_default_protocol_versions().map_err(|cause| files.unusable(cause))?;
        let mut config = versions.with_no_client_auth().with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let hangup = Mutex::new(signal(SignalKind::hangup()).map_err(TlsError::Signal)?);
        Ok(Self { files, current, acceptor, hangup })
    }

    /// Begins TLS on a connection.
    pub fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Uses the files anew whenever they change, or at once when the program gets SIGHUP, for as long as it is polled.
    /// Connections that are open keep the certificate they have. If the new files can't be used, says so in the log once,
    /// and goes on with the certificate it has.
    pub async fn keep_fresh(&self) {
        let mut hangup = self.hangup.lock().await;
        let mut seen = None;
        loop {
            let files = self.files.clone();
            let read = tokio::task::spawn_blocking(move || files.read().map_err(|error| error.to_string())).await;
            // It fails when the program ends.
            let Ok(read) = read else { return };
            // The files of the start are loaded once more, which changes nothing.
            if seen.as_ref() != Some(&read) {
                let loaded =
                    read.clone().and_then(|contents| self.files.load(&contents).map_err(|error| error.to_string()));
                match loaded {
                    Ok(key) => self.replace(key),
                    Err(error) => tracing::error!(error, "the new TLS certificate can't be used; the old one still is"),
                }
                seen = Some(read);
            }
            tokio::select! {
                () = tokio::time::sleep(CHECK_INTERVAL) => {}
                _ = hangup.recv() => {}
            }
        }
    }

    fn replace(&self, key: CertifiedKey) {
        let mut current = self.current.0.write().unwrap_or_else(PoisonError::into_inner);
        if current.cert != key.cert {
            tracing::info!(certificate = %self.files.certificate.display(), "using a new TLS certificate");
        }
        *current = Arc::new(key);
    }
}

/// What is in the files.
#[derive(Clone, PartialEq, Eq)]
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl TlsFiles {
    fn read(&self) -> Result<Contents, TlsError> {
        let read = |path: &Path| fs::read(path).map_err(|cause| TlsError::Unreadable { path: path.to_owned(), cause });
        Ok(Contents { certificate: read(&self.certificate)?, key: read(&self.key)? })
    }

    fn load(&self, contents: &Contents) -> Result<CertifiedKey, TlsError> {
        let no_certificate = |cause| TlsError::NoCertificate { path: self.certificate.clone(), cause };
        let certificates: Vec<_> =
            CertificateDer::pem_slice_iter(&contents.certificate).collect::<Result<_, _>>().map_err(no_certificate)?;
        if certificates.is_empty() {
            return Err(no_certificate(pem::Error::NoItemsFound));
        }
        let key =
            PrivateKeyDer::from_pem_slice(&contents.key).map_err(|_| TlsError::NoKey { path: self.key.clone() })?;
        CertifiedKey::from_der(certificates, key, &ring::default_provider()).map_err(|cause| self.unusable(cause))
    }

    fn unusable(&self, cause: rustls::Error) -> TlsError {
        TlsError::Unusable { certificate: self.certificate.clone(), key: self.key.clone(), cause }
    }
}
