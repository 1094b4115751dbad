//! A case among the other records of work.

use std::collections::BTreeSet;

use crate::{
    applicant,
    audience::{self, Audience},
    card::{self, Card},
    case::{Case, CaseState as S, apply, from, judge, person::personal, possible},
    command::{Command, CommandName as C},
    context::{Context, View},
    event::Event,
    flow::Flow,
    ids::{RecordId, UserId},
    privacy::{Field, retention::Class},
    record::Record,
    refusal::Refusal,
    stamp::Stamp,
    work::{Work, kept},
};

impl Work for Case {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        apply(self, event, stamp);
    }

    fn judge<'a>(
        &self,
        record: &Record,
        view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        judge(self, record, view, command, cx)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        possible(self, command, cx)
    }

    fn next_steps(&self) -> &'static [C] {
        if self.suspended.is_some() {
            return &[C::Resume];
        }
        match self.state {
            S::Submitted => &[C::AcceptCase, C::AcceptTolerant],
            S::Accepted => &[C::PushToTech],
            S::PressureChecking | S::PressureBlocked => &[C::RecordPressureCheck],
            S::SurveyDesign if self.survey.is_none() => &[C::CompleteSurvey],
            S::SurveyDesign => &[C::IssueDesign, C::IssueBudget],
            S::Designed | S::FeeNegotiating => &[C::SettleFee],
            S::FeeConfirmed => &[C::HandToEngineering, C::SignContract],
            S::EngineeringReceived => &[C::ArrangeContractor],
            S::ConstructionPreparing => &[C::ConfirmSite, C::StartConstruction, C::SignContract],
            S::Constructing => &[C::CompleteInstallation],
            S::Installed => &[C::SubmitGasOn],
            S::GasOnApplied | S::Rectifying => &[C::StartAcceptance],
            S::AcceptanceTesting if self.acceptances.last().is_some_and(|last| last.passed) => {
                &[C::TurnGasOn]
            }
            S::AcceptanceTesting => &[C::RecordAcceptance],
            S::GasOn | S::Withdrawn | S::Terminated => &[C::Archive],
            S::Archived | S::NotAccepted | S::Merged => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        audience::of_case(self)
    }

    fn card(&self) -> Card {
        card::of_case(self)
    }

    fn responsible(&self) -> Option<UserId> {
        self.responsible()
    }

    /// What is known of the applicant, for debts and their end (F-10).
    fn related(&self) -> Vec<RecordId> {
        if self.state.is_ended() { Vec::new() } else { vec![applicant::id_of(&self.basic)] }
    }

    fn became(&self) -> Option<RecordId> {
        self.merged_into
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        personal(self, see);
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn keeps(&self) -> Option<Class> {
        let signed = self.contracts.install.is_some() || self.contracts.supply.is_some();
        let served = self.state == S::Archived || signed;
        self.state.is_ended().then_some(if served { Class::CaseFile } else { Class::Ended })
    }

    fn forget(&mut self) {
        self.basic.geo = None;
        self.approvals.clear();
        self.contacts.iter_mut().for_each(|contact| contact.geo = None);
    }
}
