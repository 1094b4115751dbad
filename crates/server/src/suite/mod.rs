//! 密码算法套件: by which family of algorithms the server hashes, signs and
//! seals (P-11). The company chooses one in its settings (`suite`).
//!
//! | | hashes | signs | seals secrets |
//! | --- | --- | --- | --- |
//! | `standard` | SHA-256 | Ed25519 | XChaCha20-Poly1305 |
//! | `guomi` | SM3 | SM2 | SM4-GCM |
//!
//! Invariant: whatever is made says by which suite it was made, so that a
//! change of the setting changes what is made from then on, and nothing that
//! was made before stops verifying.

pub mod cipher;
pub mod key;

pub use key::SigningKey;
pub use lantian_domain::suite::Suite;
pub use lantian_protocol::suite as hash;
