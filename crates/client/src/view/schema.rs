//! The JSON Schemas of everything that crosses the bridge: the UI's types are
//! generated from them, never written by hand.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::Serialize;

use lantian_domain::{
    case::Case,
    command::{self, CommandName},
    lead::Lead,
    record::{Person, Rules},
};

use crate::error::ApiError;

/// All schemas by name.
#[derive(Serialize)]
pub struct Schemas {
    /// The data of each command.
    pub commands: BTreeMap<String, Schema>,
    /// The records.
    pub records: BTreeMap<String, Schema>,
    /// The view models.
    pub views: BTreeMap<String, Schema>,
}

/// Writes all schemas.
pub fn schemas() -> Schemas {
    let commands = CommandName::ALL
        .iter()
        .map(|name| (name.as_str().to_owned(), command::schema(*name)))
        .collect();
    Schemas { commands, records: records(), views: views() }
}

fn of<T: JsonSchema>() -> (String, Schema) {
    let generator = SchemaGenerator::new(SchemaSettings::draft2020_12().for_serialize());
    (T::schema_name().into_owned(), generator.into_root_schema_for::<T>())
}

fn records() -> BTreeMap<String, Schema> {
    [of::<Lead>(), of::<Case>(), of::<Person>(), of::<Rules>()].into()
}

fn views() -> BTreeMap<String, Schema> {
    [
        of::<ApiError>(),
        of::<super::SessionView>(),
        of::<super::TodayView>(),
        of::<super::ListQuestion>(),
        of::<super::ListPage>(),
        of::<super::RecordView>(),
        of::<super::PermitPage>(),
        of::<super::DebtsView>(),
        of::<super::JudgeView>(),
        of::<super::DoneView>(),
        of::<super::PersonView>(),
        of::<super::NewFile>(),
        of::<super::FileView>(),
        of::<super::FileContent>(),
        of::<super::SyncStatus>(),
        of::<super::SyncReport>(),
        of::<super::FilesCheck>(),
        of::<super::DepartureView>(),
        of::<super::ReadinessView>(),
        of::<super::AttentionItem>(),
        of::<super::PreviewItem>(),
        of::<super::Resolution>(),
        of::<super::DueQuestion>(),
        of::<super::DueView>(),
        of::<super::CostView>(),
        of::<super::EstimateView>(),
        of::<super::AdviceView>(),
        of::<super::AdminUser>(),
        of::<super::NewUser>(),
        of::<super::UserCreated>(),
        of::<super::UserChange>(),
        of::<super::UserChanged>(),
        of::<super::AdminDevice>(),
        of::<super::DaysQuestion>(),
        of::<super::CasesQuestion>(),
        of::<super::MonthQuestion>(),
        of::<super::KpiView>(),
        of::<super::CasesView>(),
        of::<super::ForecastView>(),
        of::<super::MonthView>(),
        of::<super::SavedView>(),
        of::<super::AuditQuestion>(),
        of::<super::AuditPage>(),
        of::<super::AuditCheck>(),
        of::<super::Retention>(),
        of::<super::ArchiveView>(),
        of::<super::ArchiveProgress>(),
    ]
    .into()
}
