//! The certificate of a node, signed by its cluster's own authority.

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use uuid::Uuid;

/// A certificate with its key and what the API tells of it.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// SHA-256 of its DER, as Proxmox shows it: `01:E5:...`.
    pub fingerprint: String,
    pub tls: std::sync::Arc<ServerConfig>,
    /// What `certificates/info` answers.
    pub info: Value,
}

/// A new authority and a certificate of `node` at `address` by it.
pub(super) fn make(node: &str, address: &str) -> Result<Certificate> {
    let (authority, authority_name) = authority()?;
    let key = KeyPair::generate().context("making a key")?;
    let names = [
        "127.0.0.1",
        "0000:0000:0000:0000:0000:0000:0000:0001",
        "localhost",
        address,
        node,
    ]
    .map(str::to_owned);
    let mut params = CertificateParams::new(names.to_vec()).context("naming a certificate")?;
    params.distinguished_name = name(&[
        (DnType::OrganizationalUnitName, "PVE Cluster Node"),
        (DnType::OrganizationName, "Proxmox Virtual Environment"),
        (DnType::CommonName, node),
    ]);
    let made = params
        .signed_by(&key, &authority)
        .context("signing a certificate")?;
    let fingerprint = fingerprint(made.der());
    let subject = format!("/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN={node}");
    let info = json!([
        entry(
            "pve-root-ca.pem",
            &authority.pem(),
            authority.der(),
            &authority_name,
            &authority_name,
            &[]
        ),
        entry(
            "pve-ssl.pem",
            &made.pem(),
            made.der(),
            &subject,
            &authority_name,
            &names
        ),
    ]);
    let chain = vec![made.der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut tls = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    // Reasons of refusals stand in the status line, which HTTP/2 has not.
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificate {
        fingerprint,
        tls: tls.into(),
        info,
    })
}

fn authority() -> Result<(CertifiedIssuer<'static, KeyPair>, String)> {
    let unit = Uuid::new_v4().to_string();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name = name(&[
        (DnType::CommonName, "Proxmox Virtual Environment"),
        (DnType::OrganizationalUnitName, &unit),
        (DnType::OrganizationName, "PVE Cluster Manager CA"),
    ]);
    let key = KeyPair::generate().context("making a key")?;
    let issuer = CertifiedIssuer::self_signed(params, key).context("making an authority")?;
    let text = format!("/CN=Proxmox Virtual Environment/OU={unit}/O=PVE Cluster Manager CA");
    Ok((issuer, text))
}

fn name(parts: &[(DnType, &str)]) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (kind, text) in parts {
        name.push(kind.clone(), *text);
    }
    name
}

fn entry(file: &str, pem: &str, der: &[u8], subject: &str, issuer: &str, names: &[String]) -> Value {
    json!({
        "filename": file, "pem": pem, "fingerprint": fingerprint(der), "subject": subject, "issuer": issuer,
        "san": names, "notbefore": 157_766_400, "notafter": 67_090_118_400_u64,
        "public-key-type": "id-ecPublicKey", "public-key-bits": 256,
    })
}

fn fingerprint(der: &[u8]) -> String {
    let bytes: Vec<String> = Sha256::digest(der)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    bytes.join(":")
}
