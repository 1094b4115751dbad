//! Stories and deeds: what becomes of whom.

use lantian_domain::{
    case::{
        Channel, Segment,
        basic::{PartyType, UseKind},
    },
    ids::RecordId,
};

/// One step of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A platform pushes the project.
    Push,
    /// The hall hands the lead over.
    HandOver,
    /// The manager calls; nobody answers.
    Call,
    /// The manager goes there; nobody is there.
    Visit,
    /// The manager asks to have the user counted as unreachable.
    GiveUp,
    /// The manager reaches the user.
    Reach,
    /// The user has no demand; the lead of the department closes.
    NoDemand,
    /// Another manager takes the lead over.
    Reassign,
    /// The lead becomes a case.
    Convert,
    /// A demand comes through a channel.
    Submit,
    /// The manager proposes not to accept.
    Refuse,
    /// The lead of the department agrees.
    AgreeRefusal,
    /// Accepted, in full or as pre-service.
    Accept,
    /// Accepted with owed materials.
    Tolerate,
    /// Materials for the design come in.
    CollectDesign,
    /// Materials for the contract come in.
    CollectContract,
    /// Whatever is left comes in.
    CollectRest,
    /// The Technical Dept is asked.
    AskTech,
    /// The pressure suffices.
    Pressure,
    /// The pressure does not suffice.
    Blocked,
    /// The site is surveyed.
    Survey,
    /// The drawing is proposed.
    Draw,
    /// The drawing is let out.
    LetOutDrawing,
    /// The budget is proposed.
    Estimate,
    /// The budget is let out: drawing and budget are with the manager.
    LetOutBudget,
    /// The talk about fees begins.
    Talk,
    /// The user disagrees.
    Dispute,
    /// The fee is settled with a signature.
    Settle,
    /// Both contracts are signed.
    Contract,
    /// Engineering is told and gets the drawing.
    Hand,
    /// What is due before construction is paid.
    Pay,
    /// A permit is being prepared.
    DraftPermit,
    /// The permit is filed.
    FilePermit,
    /// Another permit joins it in a parallel package.
    GroupPermits,
    /// The authority asks for more.
    AskCorrection,
    /// The authority accepted the filing and reviews it.
    ReviewPermit,
    /// The authority inspects the site, and its time stands still.
    SpecialPermit,
    /// The permit is refused.
    RefusePermit,
    /// The permit is granted.
    GrantPermit,
    /// What was dug is restored.
    RestoreRoad,
    /// The restored road is inspected.
    CloseRoad,
    /// The user empowers the company to act for him.
    Empower,
    /// A contractor is arranged.
    Arrange,
    /// Site and material are ready.
    Site,
    /// Construction begins.
    Begin,
    /// Excavation.
    Dig,
    /// Pipe laying.
    Lay,
    /// Backfill.
    Fill,
    /// Indoor installation.
    Indoor,
    /// The contractor declares everything installed.
    Declare,
    /// The dispatcher confirms.
    Confirm,
    /// The user applies for gas-on.
    Apply,
    /// Acceptance begins.
    Inspect,
    /// Acceptance passes.
    Pass,
    /// Acceptance fails.
    Fail,
    /// What is left is paid.
    PayRest,
    /// Nobody opens the door.
    ClosedDoor,
    /// Gas is turned on.
    Ignite,
    /// The file is archived.
    Archive,
    /// The user withdraws.
    Withdraw,
    /// The manager asks to suspend.
    AskPause,
    /// The lead of the department agrees.
    AgreePause,
    /// The manager proposes to terminate.
    AskEnd,
    /// The lead of the department agrees.
    AgreeEnd,
}

/// What kind of user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A single household.
    Home,
    /// A small restaurant.
    Diner,
    /// An estate under construction.
    Estate,
    /// A factory.
    Factory,
    /// A school.
    School,
    /// A hospital.
    Hospital,
    /// A hotel.
    Hotel,
    /// A boiler house.
    Boiler,
}

impl Kind {
    /// The segment of the rules.
    pub(super) fn segment(self) -> Segment {
        match self {
            Self::Home => Segment::Scattered,
            Self::Diner => Segment::Micro,
            Self::Estate => Segment::Residential,
            Self::Factory | Self::School | Self::Hospital | Self::Hotel | Self::Boiler => {
                Segment::NonResidential
            }
        }
    }

    /// What the gas is for.
    pub(super) fn use_kind(self) -> UseKind {
        match self {
            Self::Home | Self::Estate => UseKind::Dwelling,
            Self::Diner => UseKind::Catering,
            Self::Factory => UseKind::Industry,
            Self::School => UseKind::School,
            Self::Hospital => UseKind::Hospital,
            Self::Hotel => UseKind::Hotel,
            Self::Boiler => UseKind::Boiler,
        }
    }

    /// Person or organisation.
    pub(super) fn party(self) -> PartyType {
        if self == Self::Home { PartyType::Person } else { PartyType::Organization }
    }

    /// Whether one visit can do for several steps.
    pub(super) fn is_small(self) -> bool {
        self.segment().is_small()
    }

    /// What it draws, m³/h.
    pub(super) fn demand(self) -> &'static str {
        match self {
            Self::Home => "2.5",
            Self::Diner => "9.6",
            Self::Estate => "210",
            Self::Factory => "260",
            Self::School => "48",
            Self::Hospital => "95",
            Self::Hotel => "62",
            Self::Boiler => "420",
        }
    }
}

/// One lead or case and what is to become of it.
#[derive(Clone, Debug)]
pub(super) struct Story {
    /// Its place among all, for variety.
    pub(super) serial: u32,
    /// The last deed done so far.
    pub(super) until: Deed,
    /// How long ago that was, minutes.
    pub(super) age: i64,
    /// The responsible manager.
    pub(super) manager: &'static str,
    /// How it came; from a lead, or through a channel.
    pub(super) origin: Channel,
    /// What kind of user.
    pub(super) kind: Kind,
    /// Applicant, or name of the project.
    pub(super) name: &'static str,
    /// Whom to ask for, or the builder.
    pub(super) contact: &'static str,
    /// Where.
    pub(super) address: &'static str,
    /// The lead.
    pub(super) lead: RecordId,
    /// The case.
    pub(super) case: RecordId,
}

impl Story {
    /// Whether it begins with a push.
    pub(super) fn begins_as_lead(&self) -> bool {
        self.origin == Channel::Lead
    }

    /// Whether people were slow, long ago: such a story has late clocks.
    pub(super) fn is_slow(&self) -> bool {
        self.age > 13 * 24 * 60 && self.serial.is_multiple_of(4)
    }

    /// A telephone number of its own.
    pub(super) fn phone(&self) -> String {
        format!("1383710{:04}", 1000 + self.serial * 37)
    }
}
