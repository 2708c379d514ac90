//! Trust in one certificate.
//!
//! A Proxmox host signs its certificate with an authority of its own cluster, which no computer knows. The person
//! compares the fingerprint once; from then on that certificate and no other is taken.

use std::{error::Error, fmt, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use crate::Fingerprint;

/// The certificate offered is not the pinned one, or none is pinned yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untrusted {
    /// What the server showed.
    pub offered: Fingerprint,
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the certificate {} is not trusted", self.offered)
    }
}

impl Error for Untrusted {}

/// A TLS configuration that takes the certificate with `pin`; without one it takes none and tells what it saw.
pub fn config(pin: Option<Fingerprint>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Pinned {
        pin,
        provider: provider.clone(),
    };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Finds [`Untrusted`] in the chain of causes of a failed connection.
pub fn untrusted(error: &(dyn Error + 'static)) -> Option<Untrusted> {
    causes(error).find_map(|error| error.downcast_ref::<rustls::Error>().and_then(of_rustls))
}

/// What TLS itself says, if it is the cause of a failed connection.
pub fn of_tls(error: &(dyn Error + 'static)) -> Option<String> {
    causes(error).find_map(|error| error.downcast_ref::<rustls::Error>().map(ToString::to_string))
}

/// The error and what caused it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// `io::Error::source` skips the error that it carries.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        Some(carried) => Some(carried),
        None => error.source(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "one of many is looked for")]
fn of_rustls(error: &rustls::Error) -> Option<Untrusted> {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref().copied(),
        _ => None,
    }
}

#[derive(Debug)]
struct Pinned {
    pin: Option<Fingerprint>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let offered = Fingerprint::of(end_entity);
        if self.pin == Some(offered) {
            return Ok(ServerCertVerified::assertion());
        }
        let untrusted = rustls::OtherError(Arc::new(Untrusted { offered }));
        Err(rustls::Error::InvalidCertificate(CertificateError::Other(
            untrusted,
        )))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
