//! Addresses of programs.

use std::time::Duration;

use http::uri::Authority;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use super::InvokeError;
use super::root_cause::root_cause;

/// How long a connection, and then its TLS handshake, may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How certificates begin in PEM.
const PEM_START: &str = "-----BEGIN CERTIFICATE-----";

/// The address of a program, and whether it has TLS.
#[derive(Clone, Debug)]
pub(super) struct ProgramAddress {
    /// `HOST:PORT`.
    pub(super) authority: String,
    pub(super) is_secure: bool,
}

impl ProgramAddress {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// Returns an error if the scheme is not one of gRPC, or if the port is missing.
    pub(super) fn parse(text: &str) -> Result<Self, InvokeError> {
        let (scheme, authority) = text.split_once("://").unwrap_or(("grpc", text));
        let is_secure = match scheme {
            "grpc" | "http" => false,
            "grpcs" | "https" => true,
            _ => return Err(InvokeError::Address(text.to_owned())),
        };
        let has_port = |authority: Authority| authority.port_u16().is_some();
        if !authority.parse().is_ok_and(has_port) {
            return Err(InvokeError::Address(text.to_owned()));
        }
        Ok(Self {
            authority: authority.to_owned(),
            is_secure,
        })
    }

    /// Prepares a connection. With TLS, it trusts these certificates (PEM), otherwise those of the system.
    ///
    /// # Errors
    ///
    /// Returns an error if the address or the certificates cannot be used, or if certificates are given for an address without TLS.
    pub(super) fn endpoint(&self, ca_certificate: Option<&str>) -> Result<Endpoint, InvokeError> {
        let invalid = || InvokeError::Address(self.authority.clone());
        let scheme = if self.is_secure { "https" } else { "http" };
        let endpoint = Endpoint::from_shared(format!("{scheme}://{}", self.authority))
            .map_err(|_| invalid())?
            .connect_timeout(CONNECT_TIMEOUT);
        let tls = match ca_certificate {
            None if !self.is_secure => return Ok(endpoint),
            None => ClientTlsConfig::new().with_native_roots(),
            Some(_) if !self.is_secure => return Err(InvokeError::CertificateWithoutTls),
            Some(pem) if !pem.contains(PEM_START) => {
                return Err(InvokeError::Certificate("the file has none in PEM".to_owned()));
            }
            Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        };
        let endpoint = endpoint.tls_config(tls.timeout(CONNECT_TIMEOUT));
        endpoint.map_err(|error| InvokeError::Certificate(root_cause(&error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses() {
        for (text, authority, is_secure) in [
            ("127.0.0.1:1", "127.0.0.1:1", false),
            ("grpc://[::1]:2", "[::1]:2", false),
            ("http://a:3", "a:3", false),
            ("grpcs://a:4", "a:4", true),
            ("https://a:5", "a:5", true),
        ] {
            let address = ProgramAddress::parse(text).unwrap();
            assert_eq!(
                (address.authority.as_str(), address.is_secure),
                (authority, is_secure)
            );
        }
        for text in ["", "a", "ftp://a:1", "https://a", "https://[::1]", "a:b"] {
            let error = ProgramAddress::parse(text).unwrap_err().to_string();
            assert!(error.contains("no address"), "{text}: {error}");
        }
    }

    #[test]
    fn says_why_certificates_cannot_be_used() {
        let error = |address: &str, pem| {
            let address = ProgramAddress::parse(address).unwrap();
            address.endpoint(Some(pem)).unwrap_err().to_string()
        };
        assert!(error("a:1", PEM_START).contains("https://"));
        assert!(error("https://a:1", "x").contains("none in PEM"));
        assert!(error("https://a:1", PEM_START).starts_with("the certificates cannot be used"));
    }
}
