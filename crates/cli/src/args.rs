//! Names, flags and their help: a contract for scripts.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use lantian_client::domain::record::RecordKind;

/// 蓝天报装 · 无界面客户端
#[derive(Parser)]
#[command(name = "lantian", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) given: Given,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(clap::Args)]
pub(crate) struct Given {
    /// Data folder (else LANTIAN_HOME, else the desktop's)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// JSON on stdout, also at a terminal
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where the device's secret is kept: os or file:PATH
    #[arg(long, global = true, value_name = "os|file:PATH")]
    pub(crate) key_store: Option<String>,
    /// Read the PIN from stdin (else LANTIAN_PIN, else the terminal)
    #[arg(long, global = true)]
    pub(crate) pin_stdin: bool,
    /// Believe only certificates of this authority (else LANTIAN_CA_FILE)
    #[arg(long, global = true, value_name = "PEM")]
    pub(crate) ca_file: Option<PathBuf>,
    /// What the device calls itself when it is enrolled (else the machine's name)
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) device_name: Option<String>,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 anything else; 2 wrong usage; 3 refused by a \
rule; 4 offline or server unreachable (nothing lost); 5 locked, key or sign-in needed; 6 data \
damaged, stopped.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Sign in, enrol this device, create its stores; on an enrolled device
    /// sign in again
    #[command(visible_alias = "sign-in")]
    Enrol(Enrol),
    /// Where the session stands; needs no PIN
    Session,
    /// Open the store by the recovery key (LANTIAN_RECOVERY_KEY, the terminal
    /// or stdin) and set a PIN
    Recover,
    /// Set another PIN (LANTIAN_NEW_PIN, the terminal or stdin)
    ChangePin,
    /// All commands, or one, with JSON Schema, roles and states
    Commands {
        /// A command's name
        command: Option<String>,
    },
    /// JSON Schemas of commands, records and views
    Schema,
    #[command(flatten)]
    Work(Box<Work>),
}

/// What needs the store open.
#[derive(Subcommand)]
pub(crate) enum Work {
    /// Open the store by its PIN and close it again
    Unlock,
    /// Open the store, then lock it: proves that PIN and keys fit
    Lock,
    /// One full synchronisation
    Sync(Sync),
    /// Who, where, and what is waiting
    Status,
    /// What is due, in order of urgency, with what needs a person
    Today,
    /// Records, the most urgent first
    List(List),
    /// One record as shown: pending work on top of what is confirmed
    Show(Show),
    /// Judge and store a command
    Do(Do),
    /// Judge a command; nothing is stored
    Judge(Do),
    /// What is being edited
    #[command(subcommand)]
    Draft(Draft),
    /// Add a file to a record
    Attach(Attach),
    /// The files of a record
    Files {
        /// Record id or number
        id: String,
    },
    /// Write a file's content to OUT, fetching it if it is not here
    #[command(visible_alias = "file-get")]
    Fetch {
        /// File id
        file: String,
        /// Where to write it
        out: PathBuf,
    },
    /// The cost sheet that the customer signs
    Cost {
        /// Record id or number of the case
        id: String,
        /// Optional lines that the customer chose, by place
        #[arg(long, value_delimiter = ',')]
        chosen: Vec<u32>,
    },
    /// What a budget would come to, line by line; nothing is stored
    Estimate {
        /// Record id or number of the case
        id: String,
        /// The budget as JSON, or @file
        #[arg(long)]
        data: String,
    },
    /// Commands that the server has not confirmed
    Outbox {
        /// Also the confirmed ones that are still kept
        #[arg(long)]
        all: bool,
    },
    /// What materials are owed: who promised, until when, what stays shut
    Debts,
    /// What needs a person
    Attention,
    /// Decide on an item of `attention`
    Resolve(Resolve),
    /// The deadline calculator
    Due(Due),
    /// Colleagues
    People {
        /// Only those with this role
        #[arg(long)]
        role: Option<String>,
    },
    /// Per pending command, what the server would answer now
    Preview,
    /// The rule for large originals, and what waits because of it
    Network {
        /// Over which networks originals are sent from now on
        #[arg(long, value_enum)]
        rule: Option<Rule>,
        /// Whether the present network is metered, as far as the person knows
        #[arg(long)]
        metered: Option<bool>,
    },
    /// What the tablet lacks for the coming visits
    Ready {
        /// Fetch it
        #[arg(long)]
        fetch: bool,
    },
    /// May the device leave a record: the company's receipt, or what is missing
    Leave {
        /// Its id or number
        id: String,
    },
    /// Prove every file on this device; damaged copies are fetched again
    Verify,
    /// Checks of store, keys, clock, disk, server
    #[command(name = "doctor", visible_alias = "check")]
    Check,
    /// Users and devices, for their administrators
    #[command(subcommand)]
    Admin(Admin),
}

#[derive(Subcommand)]
pub(crate) enum Draft {
    /// All drafts, the latest first
    List,
    /// Keep what is filled in
    Save {
        /// The record's id and the command's name
        key: String,
        /// The data as JSON, or @FILE
        #[arg(long, value_name = "JSON|@FILE")]
        data: String,
    },
    /// What was kept
    Load {
        /// The record's id and the command's name
        key: String,
    },
    /// Give it up
    Drop {
        /// The record's id and the command's name
        key: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Admin {
    /// All accounts
    Users,
    /// Create an account; its one-time password is answered once
    Create {
        /// Login name
        login: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// A role (may be repeated)
        #[arg(long, required = true)]
        role: Vec<String>,
        /// Department, as market_dept
        #[arg(long)]
        org: String,
    },
    /// Change an account
    Update {
        /// User id
        id: String,
        /// The person's name from now on
        #[arg(long)]
        name: Option<String>,
        /// The roles from now on (may be repeated)
        #[arg(long)]
        role: Vec<String>,
        /// Whether the account is in use
        #[arg(long)]
        active: Option<bool>,
        /// Answer a one-time password
        #[arg(long)]
        reset_password: bool,
    },
    /// All devices
    Devices,
    /// Revoke a device
    Revoke {
        /// Device id
        id: String,
    },
}

#[derive(clap::Args)]
pub(crate) struct Enrol {
    /// The company server's address
    #[arg(long, value_name = "URL")]
    pub(crate) server: String,
    /// Login name; the code of its authenticator, if it needs one, is read from
    /// LANTIAN_CODE
    #[arg(long, value_name = "NAME")]
    pub(crate) user: String,
    /// Read the password from stdin, before the PIN
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Read a new password from stdin after the password, to replace a one-time one
    #[arg(long, requires = "password_stdin")]
    pub(crate) new_password_stdin: bool,
}

#[derive(clap::Args)]
pub(crate) struct Sync {
    /// Only receive
    #[arg(long, conflicts_with = "push_only")]
    pub(crate) pull_only: bool,
    /// Only send
    #[arg(long)]
    pub(crate) push_only: bool,
    /// Leave attachments alone
    #[arg(long)]
    pub(crate) no_files: bool,
    /// Send originals too that wait for a network that is not metered
    #[arg(long)]
    pub(crate) anyway: bool,
    /// Again after each change that the server tells of
    #[arg(long)]
    pub(crate) watch: bool,
}

/// Over which networks originals are sent.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Rule {
    /// Over any
    Always,
    /// Only where they cost nothing
    Unmetered,
}

#[derive(clap::Args)]
pub(crate) struct List {
    /// Which records
    pub(crate) kind: Kind,
    /// Only in this state (may be repeated)
    #[arg(long)]
    pub(crate) state: Vec<String>,
    /// Only due before this instant (RFC 3339)
    #[arg(long, value_name = "T")]
    pub(crate) due_before: Option<String>,
    /// Only this segment
    #[arg(long)]
    pub(crate) segment: Option<String>,
    /// Only with this mark, as risk, trips, tolerance_overdue
    #[arg(long)]
    pub(crate) flag: Option<String>,
    /// Only late ones
    #[arg(long)]
    pub(crate) late: bool,
    /// Only with this text in name, number, address or phone
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// How many at the most
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    /// Continue after this token of the last page
    #[arg(long, value_name = "TOKEN")]
    pub(crate) after: Option<String>,
}

/// What a list shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Records of one kind, by its code or the plural of it.
    Records(RecordKind),
    /// Colleagues.
    People,
    /// What needs a person.
    Attention,
    /// Open filings of permits.
    Permits,
}

impl std::str::FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "people" => return Ok(Self::People),
            "attention" => return Ok(Self::Attention),
            "permits" => return Ok(Self::Permits),
            _ => {}
        }
        let named = |kind: &RecordKind| {
            let code = kind.as_str();
            text == code || text.strip_prefix(code).is_some_and(|end| end == "s" || end == "es")
        };
        let codes = || RecordKind::WORK.iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
        RecordKind::WORK
            .iter()
            .copied()
            .find(named)
            .map(Self::Records)
            .ok_or_else(|| format!("可列出：{}、permits、people、attention", codes().join("、")))
    }
}

#[derive(clap::Args)]
pub(crate) struct Show {
    /// Record id or number
    pub(crate) id: String,
    /// Only the time line
    #[arg(long)]
    pub(crate) timeline: bool,
    /// Only what the server has confirmed
    #[arg(long)]
    pub(crate) confirmed: bool,
}

#[derive(clap::Args)]
pub(crate) struct Do {
    /// A command's name, as settle_fee
    pub(crate) command: String,
    /// The record it is given on (id or number); none for commands that create
    #[arg(long, value_name = "ID")]
    pub(crate) on: Option<String>,
    /// Its data as JSON, or @FILE
    #[arg(long, value_name = "JSON|@FILE", default_value = "{}")]
    pub(crate) data: String,
}

#[derive(clap::Args)]
pub(crate) struct Attach {
    /// Record id or number
    pub(crate) id: String,
    /// The file
    pub(crate) file: PathBuf,
    /// What it shows or proves, as photo_site
    #[arg(long)]
    pub(crate) kind: String,
    /// When it was made (else now)
    #[arg(long, value_name = "T")]
    pub(crate) taken_at: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Resolve {
    /// The item's id
    pub(crate) item: String,
    /// What to do with it
    #[arg(long)]
    pub(crate) action: Action,
    /// Corrected data as JSON, or @FILE (with edit)
    #[arg(long, value_name = "JSON|@FILE", required_if_eq("action", "edit"))]
    pub(crate) data: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Action {
    /// Send it again as it is
    Resend,
    /// Correct its data and send it again
    Edit,
    /// Hand it over to the record's present owner
    HandOver,
    /// Give it up
    Discard,
}

#[derive(clap::Args)]
pub(crate) struct Due {
    /// The rule, as D-08
    #[arg(long)]
    pub(crate) rule: String,
    /// When the period starts (RFC 3339)
    #[arg(long, value_name = "T")]
    pub(crate) start: String,
    /// When it was stopped
    #[arg(long, value_name = "T")]
    pub(crate) stop: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_contract_of_scripts_parses() {
        for line in [
            "lantian enrol --server https://s --user n --password-stdin --pin-stdin --key-store file:/k",
            "lantian --home /h --json sync --pull-only",
            "lantian sync --push-only --no-files --home /h",
            "lantian status",
            "lantian list cases --state accepted --due-before 2026-01-01T00:00:00+08:00 --search 文昌 --limit 5 --after t",
            "lantian show ID --timeline --confirmed",
            "lantian do settle_fee --on ID --data {}",
            "lantian commands settle_fee",
            "lantian attach ID F --kind photo_site",
            "lantian files ID",
            "lantian fetch F OUT",
            "lantian outbox --all",
            "lantian attention",
            "lantian resolve I --action hand-over",
            "lantian resolve I --action edit --data {}",
            "lantian due --rule D-08 --start 2026-01-01T00:00:00+08:00 --stop 2026-01-02T00:00:00+08:00",
            "lantian preview",
            "lantian doctor",
            "lantian schema",
            "lantian session",
            "lantian unlock --pin-stdin",
            "lantian lock",
            "lantian sync --watch --no-files",
            "lantian judge settle_fee --on ID --data {}",
            "lantian draft save K --data {}",
            "lantian people --role surveyor",
            "lantian admin create n --name N --role surveyor --org tech_dept",
            "lantian admin update I --active false",
        ] {
            let parsed = Args::try_parse_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {}", parsed.err().unwrap());
        }
        assert!(Args::try_parse_from("lantian resolve I --action edit".split(' ')).is_err());
        assert!(Args::try_parse_from("lantian sync --pull-only --push-only".split(' ')).is_err());
    }
}
