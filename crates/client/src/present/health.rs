//! Checks of the store, each a line of `doctor`.

use lantian_replica::Replica;

use crate::{error::Result, view::Check};

/// Reads everything in the store and proves it.
pub(crate) fn health(replica: &Replica) -> Result<Vec<Check>> {
    let found = replica.check()?;
    let room = replica.storage()?;
    let check = |name: &str, findings: &[String], fine: String| Check {
        name: name.to_owned(),
        ok: findings.is_empty(),
        detail: if findings.is_empty() { fine } else { findings.join("; ") },
    };
    let rules = replica.rules();
    Ok(vec![
        check("outbox", &found.outbox, format!("commands={}", found.commands)),
        check("mirror", &found.mirror, format!("records={}", found.records)),
        check("files", &found.files, "sound".to_owned()),
        Check {
            name: "rules".to_owned(),
            ok: rules.is_ok(),
            detail: rules.map_or_else(
                |fault| fault.code().to_owned(),
                |rules| format!("{}/{}", rules.policy.set, rules.policy.version),
            ),
        },
        Check {
            name: "disk".to_owned(),
            ok: !room.low,
            detail: format!("free_bytes={}", room.free_bytes),
        },
    ])
}
