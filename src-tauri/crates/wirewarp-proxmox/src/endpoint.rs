//! Where a Proxmox host is reached.

use std::{fmt, str::FromStr};

use url::{Host, Url};
use wirewarp_model::{ParseError, error::excerpt};

/// Host and port of the API, always by HTTPS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    host: Host<String>,
    port: u16,
}

impl Endpoint {
    /// Where Proxmox VE listens unless told otherwise.
    pub const PORT: u16 = 8006;

    /// The host as a person writes it: a name or an address, the latter without brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address that all paths of the API follow, without a slash at its end.
    pub(crate) fn base(&self) -> String {
        format!("https://{}:{}/api2/json", self.host, self.port)
    }
}

impl FromStr for Endpoint {
    type Err = ParseError;

    /// Reads what people paste: `pve1`, `pve1:8006`, `10.0.0.5`, `https://pve1:8006/#v1:0:18`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |why: &str| ParseError::new("Proxmox address", format!("“{}” {why}", excerpt(text)));
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(refuse(
                "must be reached by https, such as https://192.168.1.10:8006",
            ));
        }
        let shape = "is not an address such as https://192.168.1.10:8006";
        // A URL without a host would take its path for one.
        if rest.starts_with(['/', '\\']) {
            return Err(refuse(shape));
        }
        let url = Url::parse(&format!("https://{}", bracketed(rest))).map_err(|_| refuse(shape))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("has a login in it; give user and password on their own"));
        }
        let host = url.host().ok_or_else(|| refuse(shape))?.to_owned();
        // The URL's own port is gone when it is 443, the usual one of https.
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let port = match url.port() {
            Some(port) => port,
            None if authority.ends_with(":443") => 443,
            None => Self::PORT,
        };
        Ok(Self { host, port })
    }
}

/// An IPv6 address typed without its brackets gets them.
fn bracketed(text: &str) -> String {
    match text.parse::<std::net::Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => text.to_owned(),
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_understood() {
        for (typed, shown) in [
            ("pve1", "pve1:8006"),
            (" pve1.lan:8443 ", "pve1.lan:8443"),
            ("192.168.1.10", "192.168.1.10:8006"),
            ("https://192.168.1.10:8006/#v1:0:18:4", "192.168.1.10:8006"),
            ("https://pve.example.com:443/", "pve.example.com:443"),
            ("fd00::5", "[fd00::5]:8006"),
            ("[fd00::5]:443", "[fd00::5]:443"),
        ] {
            assert_eq!(typed.parse::<Endpoint>().unwrap().to_string(), shown, "{typed}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        for bad in [
            "",
            "http://pve1:8006",
            "https://root:pw@pve1",
            "pve 1",
            "pve1:99999",
            "https:///x",
        ] {
            let error = bad.parse::<Endpoint>().unwrap_err();
            assert_eq!(error.field, "Proxmox address", "{bad}");
        }
    }
}
