//! 密码算法套件: which family of algorithms the company's server signs and
//! hashes with (P-11). The rulebook only carries the name, so that whoever
//! verifies an old artefact knows by what it was made.

use crate::coded::coded;

coded! {
    /// A family of algorithms.
    Suite {
        /// 国际算法: SHA-256, Ed25519, XChaCha20-Poly1305
        Standard = "standard",
        /// 国密算法: SM3, SM2, SM4
        Guomi = "guomi",
    }
}
