//! The work that the demo's tablets hold when their windows open.
//!
//! The manager has spoken to one user. Then the company is closed: the manager
//! notes a second talk with that user and a first one with another; the office
//! ends the first lead. The office synchronises first, so the manager's second
//! talk is refused and needs a person; what is done after that waits to be
//! sent.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::company::Company;
use super::tablet::Tablet;

const LEADS: usize = 3;

/// Plays it; the company is closed at the end.
pub(crate) fn offline_work(company: &mut Company, tablets: &[Tablet]) -> Result<()> {
    let [manager, office] = tablets else {
        anyhow::bail!("the play is for two tablets, not {}", tablets.len());
    };
    let leads = manager.list("leads", "handed_over")?;
    ensure!(
        leads.len() >= LEADS,
        "the demo data give {} {} leads to contact, the play needs {LEADS}",
        manager.name(),
        leads.len()
    );
    let [ended, kept, next] = [id_of(&leads[0])?, id_of(&leads[1])?, id_of(&leads[2])?];

    manager.act("record_contact_attempt", &ended, &contact("已告知报装流程，约定踏勘时间"))?;
    manager.sync()?;
    office.sync()?;

    company.close();
    manager.act("record_contact_attempt", &ended, &contact("用户询问费用构成，已解释"))?;
    manager.act("record_contact_attempt", &kept, &contact("已加微信，资料清单已发送"))?;
    office.act(
        "close_lead",
        &ended,
        &json!({ "reason": "no_demand", "note": "建设单位来函：项目缓建" }),
    )?;
    company.open()?;
    office.sync()?;
    manager.sync()?;

    company.close();
    manager.act("record_contact_attempt", &next, &contact("项目经理明日到场，约十点见面"))?;
    tell(manager)
}

fn contact(summary: &str) -> Value {
    json!({ "channel": "phone", "result": "reached", "counterpart_role": "建设单位", "summary": summary })
}

fn id_of(item: &Value) -> Result<String> {
    item["id"].as_str().map(str::to_owned).context("a listed lead has no id")
}

/// Says what the tablet holds; a play that left nothing to see has failed.
fn tell(manager: &Tablet) -> Result<()> {
    let status = manager.status()?;
    let count = |key: &str| status[key].as_u64().unwrap_or(0);
    let (pending, refused) = (count("pending"), count("refused"));
    println!("    {}: {pending} pending, {refused} refused", manager.name());
    ensure!(pending > 0 && refused > 0, "the play left nothing to send or nothing refused");
    Ok(())
}
