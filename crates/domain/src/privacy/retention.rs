//! How long what is kept (domain e.17; P-05), as data.

use chrono::Months;
use serde::Serialize;

use crate::{
    coded::coded,
    file::FileKind,
    lead::LeadState,
    record::Record,
    time::{Date, Instant},
};

coded! {
    /// Classes of records by how long they are kept.
    Class {
        /// 合同、图纸、验收及管线竣工资料: for ever.
        Permanent = "permanent",
        /// 报装案卷
        CaseFile = "case_file",
        /// 回访、台账、投诉和评价
        Visit = "visit",
        /// 录音
        Voice = "voice",
        /// 安全日志
        SecurityLog = "security_log",
        /// 个人信息保护影响评估
        Assessment = "assessment",
        /// 个人信息请求
        Request = "request",
        /// 未形成业务关系的线索和申请
        Ended = "ended",
    }
}

/// A class with its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The class.
    pub class: Class,
    /// For how many months after the end; nothing for ever.
    pub months: Option<u32>,
    /// Where the period comes from.
    pub basis: &'static str,
}

/// The periods. Where law and practice name none, the shortest that the work
/// needs was taken, marked 公司规定.
pub const TERMS: [Term; 8] = [
    Term { class: Class::Permanent, months: None, basis: "档案管理惯例" },
    Term { class: Class::CaseFile, months: Some(360), basis: "档案管理惯例" },
    Term { class: Class::Visit, months: Some(120), basis: "档案管理惯例" },
    Term { class: Class::Voice, months: Some(24), basis: "录音 6 至 24 个月" },
    Term {
        class: Class::SecurityLog, months: Some(36), basis: "网络安全法：不少于六个月"
    },
    Term {
        class: Class::Assessment, months: Some(36), basis: "个人信息保护法 56 条：不少于三年"
    },
    Term { class: Class::Request, months: Some(36), basis: "公司规定" },
    Term { class: Class::Ended, months: Some(24), basis: "公司规定" },
];

impl Class {
    /// For how many months it is kept; nothing for ever.
    pub fn months(self) -> Option<u32> {
        TERMS.iter().find(|term| term.class == self).and_then(|term| term.months)
    }

    /// The first instant after the period that began with `end`.
    pub fn over(self, end: Instant) -> Option<Instant> {
        let months = self.months()?;
        let last: Date = end.date().checked_add_months(Months::new(months))?;
        Some(Instant::start_of(last.succ_opt()?))
    }
}

/// The class of an attachment.
pub fn of_file(kind: FileKind) -> Class {
    match kind {
        FileKind::Contract | FileKind::Drawing | FileKind::TestRecord => Class::Permanent,
        FileKind::Recording => Class::Voice,
        FileKind::PhotoSite
        | FileKind::PhotoTieIn
        | FileKind::PhotoMeter
        | FileKind::PhotoAppliance
        | FileKind::PhotoRoute
        | FileKind::PhotoRisk
        | FileKind::PhotoConstruction
        | FileKind::PhotoValve
        | FileKind::PhotoOther
        | FileKind::Material
        | FileKind::Budget
        | FileKind::Signature
        | FileKind::Permit
        | FileKind::Notice
        | FileKind::Other => Class::CaseFile,
    }
}

/// When the person has to be taken out of the record; nothing while work goes
/// on, or once it is done.
pub fn due_on(record: &Record) -> Option<Instant> {
    kept(record).map(|kept| kept.due)
}

/// How long a record is kept with its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its class.
    pub class: Class,
    /// When work on it ended.
    pub ended: Instant,
    /// From when on the person has to be taken out.
    pub due: Instant,
}

/// How long the record is kept; nothing while work goes on, for ever, or once
/// the person was taken out.
pub fn kept(record: &Record) -> Option<Kept> {
    if !super::erase::can_go(record) {
        return None;
    }
    let ended = record.trail().last().map(|entry| entry.at)?;
    let class = record.work()?.keeps()?;
    class.over(ended).map(|due| Kept { class, ended, due })
}

impl LeadState {
    /// Whether nothing more is done with the lead.
    pub fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Converted | Self::NoDemand | Self::Unreachable | Self::Merged | Self::Invalid
        )
    }
}
