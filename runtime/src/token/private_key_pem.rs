//! Reads private keys from PEM.

use rustls_pki_types::pem::{PemObject as _, SectionKind};

use super::token_error::TokenError;

/// A private key in DER.
pub(super) enum PrivateKeyDer {
    Pkcs1(Vec<u8>),
    Pkcs8(Vec<u8>),
    Sec1(Vec<u8>),
}

/// Returns the first private key of a PEM text, or an error that names what the text contains instead.
pub(super) fn read(pem: &[u8]) -> Result<PrivateKeyDer, TokenError> {
    let mut has_public_key = false;
    let mut has_certificate = false;
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
        let (kind, der) = section.map_err(|_| TokenError::new("the PEM of the key is malformed"))?;
        match kind {
            SectionKind::RsaPrivateKey => return Ok(PrivateKeyDer::Pkcs1(der)),
            SectionKind::PrivateKey => return Ok(PrivateKeyDer::Pkcs8(der)),
            SectionKind::EcPrivateKey => return Ok(PrivateKeyDer::Sec1(der)),
            SectionKind::PublicKey => has_public_key = true,
            SectionKind::Certificate => has_certificate = true,
            // `openssl ecparam -genkey` writes the parameters of the curve before the key.
            _ => {}
        }
    }
    let text = if has_public_key {
        "the PEM has a public key: tokens are signed with the private key, and Centrifugo gets the public one"
    } else if has_certificate {
        "the PEM has a certificate: tokens are signed with its private key"
    } else if has_label(pem, "ENCRYPTED PRIVATE KEY") {
        "the private key is encrypted: decrypt it, for example with `openssl pkey -in key.pem -out plain.pem`"
    } else {
        "there is no private key in PEM"
    };
    Err(TokenError::new(text))
}

fn has_label(pem: &[u8], label: &str) -> bool {
    String::from_utf8_lossy(pem).contains(&format!("-----BEGIN {label}-----"))
}

/// Wraps a P-256 key of SEC 1 (RFC 5915) in PKCS#8 (RFC 5208), the form that ring reads.
pub(super) fn p256_sec1_to_pkcs8(sec1: &[u8]) -> Vec<u8> {
    /// Version 0, and the algorithm: `id-ecPublicKey` with the parameters `prime256v1`.
    const VERSION_AND_ALGORITHM: [u8; 24] = [
        0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
        0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
    ];
    const SEQUENCE: u8 = 0x30;
    const OCTET_STRING: u8 = 0x04;
    let key = tag_length_value(OCTET_STRING, sec1);
    tag_length_value(SEQUENCE, &[&VERSION_AND_ALGORITHM[..], &key].concat())
}

/// Encodes a value in DER.
fn tag_length_value(tag: u8, value: &[u8]) -> Vec<u8> {
    let len = value.len();
    let mut der = vec![tag];
    if len < 0x80 {
        der.push(len as u8);
    } else {
        let bytes = len.to_be_bytes();
        let first = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = bytes.get(first..).unwrap_or_default();
        der.push(0x80 | bytes.len() as u8);
        der.extend_from_slice(bytes);
    }
    der.extend_from_slice(value);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_short_and_long_lengths() {
        assert_eq!(tag_length_value(4, &[7]), [4, 1, 7]);
        assert_eq!(tag_length_value(4, &[7; 0x80])[..3], [4, 0x81, 0x80]);
        assert_eq!(tag_length_value(4, &[7; 0x1234])[..4], [4, 0x82, 0x12, 0x34]);
    }
}
