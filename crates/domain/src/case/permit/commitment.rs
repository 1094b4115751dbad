//! 告知承诺制: the text that was committed to; its conditions are items of
//! construction's checklist (section g, S5 art 34).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{draft::known, rules::CommitmentTerms};
use crate::{
    case::{Case, material::known_files},
    context::Context,
    event::Event,
    ids::{FileId, FilingId, UserId},
    refusal::{Code, Refusal, require},
    time::Instant,
};

/// What the applicant committed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commitment {
    /// The version of the text.
    pub text_version: String,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A condition, and how it was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// What has to hold.
    pub text: String,
    /// How it was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<Met>,
}

/// How a condition was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Met {
    /// Which filing's.
    pub filing: FilingId,
    /// Which condition, from 1.
    pub no: u32,
    /// When.
    pub at: Instant,
    /// Who says so.
    pub by: UserId,
    /// The photo that shows it.
    pub photo: FileId,
}

/// Ticks a condition off the checklist of construction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetPermitCondition {
    /// Which filing's.
    #[schemars(extend("x-widget" = "filing:granted,in_use,restored"))]
    pub filing: FilingId,
    /// 承诺条件序号, from 1.
    pub no: u32,
    /// 照片
    #[schemars(extend("x-widget" = "file:photo_construction"))]
    pub photo: FileId,
}

impl Commitment {
    /// The commitment to these terms.
    pub(super) fn on(terms: &CommitmentTerms) -> Self {
        let open = |text: &String| Condition { text: text.clone(), met: None };
        Self {
            text_version: terms.text_version.clone(),
            conditions: terms.conditions.iter().map(open).collect(),
        }
    }
}

pub(crate) fn meet(
    case: &Case,
    asked: &MeetPermitCondition,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filing = known(case, asked.filing)?;
    let conditions = filing.commitment.as_ref().map_or(&[][..], |c| &c.conditions);
    let place = usize::try_from(asked.no).ok().and_then(|no| no.checked_sub(1));
    let condition = place
        .and_then(|at| conditions.get(at))
        .ok_or_else(|| Refusal::field("no", "no such condition"))?;
    require(condition.met.is_none(), || Refusal::new(Code::Duplicate).with("field", "no"))?;
    known_files(case, &[asked.photo], "photo")?;
    Ok(vec![Event::PermitConditionMet(Met {
        filing: asked.filing,
        no: asked.no,
        at: cx.now,
        by: cx.actor.user,
        photo: asked.photo,
    })])
}

/// The conditions that nobody has shown to be met, of permits in force.
pub(crate) fn unmet(case: &Case) -> Vec<String> {
    let in_force = case.permits.iter().filter(|filing| {
        filing.grant.is_some() && !filing.state.is_void() && !case.is_replaced(filing.id)
    });
    let all = in_force.filter_map(|filing| filing.commitment.as_ref());
    all.flat_map(|commitment| &commitment.conditions)
        .filter(|condition| condition.met.is_none())
        .map(|condition| condition.text.clone())
        .collect()
}
