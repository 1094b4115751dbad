//! TLS: a certificate of the company's own, believed by who knows it.

use lantian_server::{Error, config::TlsFiles, spawn};

use crate::company::Company;

async fn encrypted() -> (Company, String) {
    let Company { mut config, server, clock, folder } = Company::open().await;
    server.stop().await.unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let files =
        TlsFiles { certificate: config.data.join("tls.pem"), key: config.data.join("tls.key") };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    config.tls = Some(files);
    let server = spawn(config.clone()).await.unwrap();
    (Company { config, server, clock, folder }, made.cert.pem())
}

#[tokio::test]
async fn who_knows_the_certificate_gets_in_and_nobody_else() {
    let (company, certificate) = encrypted().await;
    let url = format!("{}/healthz", company.server.url());
    assert!(url.starts_with("https://"));
    let known = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
    let trusting = reqwest::Client::builder().add_root_certificate(known).build().unwrap();
    assert_eq!(trusting.get(&url).send().await.unwrap().status(), 200);
    assert!(reqwest::Client::new().get(&url).send().await.is_err());
    let plain = url.replace("https://", "http://");
    assert!(reqwest::get(plain).await.is_err());
    // A connection that fails its handshake disturbs nobody.
    assert_eq!(trusting.get(&url).send().await.unwrap().status(), 200);
    company.server.stop().await.unwrap();
}

#[tokio::test]
async fn a_key_that_does_not_fit_is_named_before_anything_is_served() {
    let Company { mut config, server, folder: _kept, .. } = Company::open().await;
    server.stop().await.unwrap();
    let names = || vec!["localhost".to_owned()];
    let one = rcgen::generate_simple_self_signed(names()).unwrap();
    let other = rcgen::generate_simple_self_signed(names()).unwrap();
    let files =
        TlsFiles { certificate: config.data.join("tls.pem"), key: config.data.join("tls.key") };
    std::fs::write(&files.certificate, one.cert.pem()).unwrap();
    std::fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
    config.tls = Some(files.clone());
    let failed = spawn(config.clone()).await.err().unwrap();
    assert!(matches!(failed, Error::Config { .. }), "{failed}");
    std::fs::write(&files.key, "no key").unwrap();
    let failed = spawn(config.clone()).await.err().unwrap();
    assert!(failed.to_string().contains("tls.key"), "{failed}");
    config.tls = None;
    spawn(config).await.unwrap().stop().await.unwrap();
}
