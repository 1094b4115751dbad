//! What a reader gets who is not to have the customer's data: contractors,
//! who see only what the order needs (P-06), and the three administrators,
//! who read no customer's data in clear (SOD-6).
//!
//! The projection is a pure function of the stored record, so that server and
//! tablet agree on it by digest, and no second truth is stored.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not needed is named nowhere: a further field stays hidden"
)]

use crate::{
    case::Case,
    command::CommandName,
    file::{FileKind, FileRef},
    record::{Person, Record},
    role::Role,
};

use super::{
    field::{self, Datum, Field},
    mask::mask,
};

/// In what form a reader is served records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    /// As they are stored.
    Whole,
    /// Without what the reader is not to have.
    Outside,
}

/// In what form this person is served records.
pub fn clearance(person: &Person) -> Clearance {
    let outside = |role: &Role| {
        role.is_administrator() || matches!(role, Role::ContractorLead | Role::SiteSupervisor)
    };
    // Somebody without any role has no need to see anything in clear.
    if person.roles.iter().all(outside) { Clearance::Outside } else { Clearance::Whole }
}

/// The record as an outside reader is served it.
#[must_use]
pub fn outside(mut record: Record) -> Record {
    let is_case = matches!(record, Record::Case(_));
    field::visit(&mut record, &mut |field, text| {
        // The files of an order are picked by kind; their names say which is which.
        let needed = match field {
            Field::FileName => true,
            Field::Name | Field::Address => is_case,
            Field::Note => is_plain(text),
            _ => false,
        };
        if !needed {
            *text = mask(field.datum(), text);
        }
    });
    match &mut record {
        Record::Case(case) => of_case(case),
        other => {
            if let Some(work) = other.work_mut() {
                let mut shared = work.shared();
                shared.files.iter_mut().for_each(|files| files.retain(of_the_order));
                shared.approvals.iter_mut().for_each(|all| all.clear());
            }
        }
    }
    for entry in record.work_mut().map(|work| work.shared().trail).into_iter().flatten() {
        if entry.note.as_deref() == Some("") {
            entry.note = None;
        }
    }
    record
}

/// Short codes, as those of materials and versions, say nothing of anybody.
fn is_plain(note: &str) -> bool {
    note.len() <= 8 && note.is_ascii() && note.chars().filter(char::is_ascii_digit).count() <= 4
}

fn of_case(case: &mut Case) {
    case.contacts.clear();
    for item in &mut case.materials {
        item.doc_no = None;
    }
    case.basic.remark = None;
    case.signings.clear();
    case.files.retain(of_the_order);
    // What waits for a lead's word may hold anything; the contractor's own
    // report stays, so that it is not given twice.
    case.approvals.retain(|one| one.command.name() == CommandName::CompleteInstallation);
}

/// Drawings, permits, and what is photographed or tested on the site; never
/// papers, contracts, signatures or recordings.
fn of_the_order(file: &FileRef) -> bool {
    matches!(
        file.kind,
        FileKind::PhotoSite
            | FileKind::PhotoTieIn
            | FileKind::PhotoMeter
            | FileKind::PhotoRoute
            | FileKind::PhotoRisk
            | FileKind::PhotoConstruction
            | FileKind::PhotoValve
            | FileKind::Drawing
            | FileKind::Permit
            | FileKind::TestRecord
    )
}

/// Whether a datum may be in what an outside reader gets.
pub fn may_leave(field: Field) -> bool {
    matches!(field.datum(), Datum::Name | Datum::Address)
}
