//! The work that the demo's tablets hold when their windows open.
//!
//! While the company is closed, the manager records a contact on two leads,
//! and the office takes the first of them away and gives it to another
//! manager. The office synchronises first; so the manager's work on that lead
//! needs a person, and the work on the other lead waits to be sent.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::company::Company;
use super::tablet::Tablet;

/// Plays it; the company is open again at the end.
pub(crate) fn offline_work(company: &mut Company, tablets: &[Tablet]) -> Result<()> {
    let [manager, office] = tablets else {
        anyhow::bail!("the play is for two tablets, not {}", tablets.len());
    };
    let leads = manager.list("leads", "assigned")?;
    ensure!(
        leads.len() >= 2,
        "the demo data have {} assigned leads, the play needs 2",
        leads.len()
    );
    let taken = id_of(&leads[0])?;
    let kept = id_of(&leads[1])?;

    company.close();
    for lead in [&taken, &kept] {
        manager.act("record_contact_attempt", lead, &contact())?;
    }
    office.act("hand_over_lead", &taken, &json!({ "to": "manager2", "reason": "片区调整" }))?;
    company.open()?;

    office.sync()?;
    manager.sync()?;
    company.close();
    manager.act("record_contact_attempt", &kept, &contact())?;
    company.open()?;
    tell(manager)
}

fn contact() -> Value {
    json!({ "channel": "phone", "result": "reached", "counterpart_role": "建设单位", "summary": "已告知报装流程，约定踏勘时间" })
}

fn id_of(item: &Value) -> Result<String> {
    item["id"].as_str().map(str::to_owned).context("a listed lead has no id")
}

fn tell(manager: &Tablet) -> Result<()> {
    let status = manager.status()?;
    println!(
        "    {}: {} pending, {} refused",
        manager.name(),
        status["pending"],
        status["refused"]
    );
    Ok(())
}
