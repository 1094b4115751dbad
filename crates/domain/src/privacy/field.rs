//! The fields of records that carry personal information: the one list that
//! masks, projections, erasure and reveals all go by.

use crate::{coded::coded, record::Record, work::Work};

/// Kinds of personal information, each with its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// A natural person's name (P1).
    Name,
    /// A telephone number (P2).
    Phone,
    /// The number of an identity document (P2).
    IdNo,
    /// Where a natural person lives (P1).
    Address,
    /// Free words, which may say anything about a person.
    Words,
}

coded! {
    /// A field with personal information, by the name that records and forms
    /// give it.
    Field {
        /// 姓名, of a natural person.
        Name = "name",
        /// 手机或电话
        Phone = "phone",
        /// 联系人
        ContactName = "contact_name",
        /// 联系电话
        ContactPhone = "contact_phone",
        /// 联系方式: a name, a telephone number or both.
        Contact = "contact",
        /// 经办人
        Agent = "agent",
        /// 用气地址, of a natural person.
        Address = "address",
        /// 证件编号
        DocNo = "doc_no",
        /// 签字人
        Signer = "signer",
        /// 现场代表
        SiteRep = "site_rep",
        /// 见证人
        Witness = "witness",
        /// 参加人
        Participants = "participants",
        /// 申请人
        Applicant = "applicant",
        /// 沟通内容
        Summary = "summary",
        /// 备注
        Remark = "remark",
        /// A line of the trail.
        Note = "note",
        /// A field of the platform that has no place of its own.
        Raw = "raw",
        /// 请求内容
        Text = "text",
        /// 委托人
        Principal = "principal",
        /// 代理人
        Agents = "agents",
        /// 投诉人
        Complainant = "complainant",
        /// 附件名称
        FileName = "file_name",
    }
}

impl Field {
    /// What kind of information it is.
    pub fn datum(self) -> Datum {
        match self {
            Self::Name
            | Self::ContactName
            | Self::Agent
            | Self::Signer
            | Self::SiteRep
            | Self::Witness
            | Self::Participants
            | Self::Applicant
            | Self::Principal
            | Self::Agents
            | Self::Complainant => Datum::Name,
            Self::Phone | Self::ContactPhone => Datum::Phone,
            Self::DocNo => Datum::IdNo,
            Self::Address => Datum::Address,
            Self::Contact
            | Self::Summary
            | Self::Remark
            | Self::Note
            | Self::Raw
            | Self::Text
            | Self::FileName => Datum::Words,
        }
    }
}

/// Shows `see` every field of the record that carries personal information.
pub(crate) fn visit(record: &mut Record, see: &mut dyn FnMut(Field, &mut String)) {
    if let Some(work) = record.work_mut() {
        visit_work(work, see);
    }
}

/// As [`visit`].
pub(crate) fn visit_work(work: &mut dyn Work, see: &mut dyn FnMut(Field, &mut String)) {
    work.personal(see);
    let shared = work.shared();
    for entry in shared.trail {
        some(Field::Note, &mut entry.note, see);
    }
    for file in shared.files.into_iter().flatten() {
        see(Field::FileName, &mut file.name);
    }
}

/// Shows `see` a field that may be empty.
pub(crate) fn some(
    field: Field,
    value: &mut Option<String>,
    see: &mut dyn FnMut(Field, &mut String),
) {
    if let Some(text) = value {
        see(field, text);
    }
}

/// What the record holds in a field, the first that is filled.
pub(crate) fn held(record: &Record, field: Field) -> Option<String> {
    let mut found = None;
    visit(&mut record.clone(), &mut |one, text: &mut String| {
        if one == field && found.is_none() && !text.trim().is_empty() {
            found = Some(text.clone());
        }
    });
    found
}

/// Every personal datum that the record holds in clear.
pub fn held_in(record: &Record) -> Vec<(Field, String)> {
    let mut found = Vec::new();
    visit(&mut record.clone(), &mut |field, text: &mut String| {
        if !text.trim().is_empty() {
            found.push((field, text.clone()));
        }
    });
    found
}
