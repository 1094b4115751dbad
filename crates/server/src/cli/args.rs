//! What can be typed.

use std::path::PathBuf;

use clap::{Args as Flags, Parser, Subcommand, ValueEnum};
use lantian_domain::lead::Source;

/// The company's side of 蓝天报装.
#[derive(Parser)]
#[command(name = "lantian-server", version, about)]
pub(super) struct Args {
    /// The data folder.
    #[arg(long, global = true, env = "LANTIAN_DATA", value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// A settings file (TOML); without it, server.toml in the data folder.
    #[arg(long, global = true, env = "LANTIAN_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// By which algorithms to hash, sign and seal: `standard`, or `guomi`
    /// (SM2, SM3, SM4); what was made before goes on verifying.
    #[arg(long, global = true, env = "LANTIAN_SUITE", value_name = "SUITE")]
    pub(super) suite: Option<String>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Founds a company: store, recovery key, first administrators.
    Init(Init),
    /// Serves tablets and outside systems until SIGTERM or SIGINT.
    Serve(Serve),
    /// Takes a file that an outside system pushed; a result for each row.
    Import(Import),
    /// Accounts.
    User {
        #[command(subcommand)]
        act: UserAct,
    },
    /// Enrolled devices.
    Device {
        #[command(subcommand)]
        act: DeviceAct,
    },
    /// Deadlines and clauses.
    Policy {
        #[command(subcommand)]
        act: RulesAct,
    },
    /// The working calendar.
    Calendar {
        #[command(subcommand)]
        act: RulesAct,
    },
    /// Published prices.
    Price {
        #[command(subcommand)]
        act: RulesAct,
    },
    /// Who becomes responsible for a demand that came without a manager.
    Sharing {
        #[command(subcommand)]
        act: RulesAct,
    },
    /// Outside systems through which users apply, and what they are told.
    Channel {
        #[command(subcommand)]
        act: ChannelAct,
    },
    /// What the company tries out, as the four-zero service.
    Pilot {
        #[command(subcommand)]
        act: RulesAct,
    },
    /// The tables of the technical computations (T-01 to T-07); with
    /// `confirmed` true once the Technical Department stands by them.
    Technique {
        #[command(subcommand)]
        act: RulesAct,
    },
    /// The audit chain.
    Audit {
        #[command(subcommand)]
        act: AuditAct,
    },
    /// Indicators and the monthly report, computed from the log.
    Report {
        #[command(subcommand)]
        act: ReportAct,
    },
    /// Writes the store and every content to one file, while the server works.
    Backup {
        /// The file; it must not exist.
        out: PathBuf,
    },
    /// Restores a backup; tablets then offer again what it lacks.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Move a store that is there aside.
        #[arg(long)]
        replace: bool,
    },
    /// Gives the store a new epoch: tablets then offer again what it lacks. For
    /// a store that was put back without `restore`, or that misses contents.
    Recall,
    /// Makes the rounds once, as a server does every minute: watches, breaches,
    /// notices.
    Rounds(Rounds),
    /// The archive package of a case, with hashes.
    Archive {
        #[command(subcommand)]
        act: ArchiveAct,
    },
    /// How long personal information is kept.
    Retention {
        #[command(subcommand)]
        act: RetentionAct,
    },
    /// Packages of new versions, which their maker signs.
    Update {
        #[command(subcommand)]
        act: UpdateAct,
    },
    /// Checks the audit chain, every record's log, what the logs amount to,
    /// and every content.
    Verify,
}

impl Command {
    /// What is logged unless `LANTIAN_LOG` says otherwise.
    pub(super) fn log_level(&self) -> &'static str {
        if matches!(self, Self::Serve(_)) { "info" } else { "warn" }
    }
}

#[derive(Flags)]
pub(super) struct Init {
    /// The company's name.
    #[arg(long, default_value = "新郑蓝天燃气有限公司")]
    pub(super) name: String,
    /// Users of every role, leads, cases in every state, prices.
    #[arg(long)]
    pub(super) demo: bool,
}

#[derive(Flags)]
pub(super) struct Serve {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "LANTIAN_LISTEN", value_name = "ADDR:PORT")]
    pub(super) listen: Option<String>,
    /// Certificate chain, PEM.
    #[arg(long, env = "LANTIAN_TLS_CERT", value_name = "FILE")]
    pub(super) tls_cert: Option<PathBuf>,
    /// Private key, PEM.
    #[arg(long, env = "LANTIAN_TLS_KEY", value_name = "FILE")]
    pub(super) tls_key: Option<PathBuf>,
}

#[derive(Flags)]
pub(super) struct Import {
    /// JSON, CSV (UTF-8 or GB18030) or XLSX.
    pub(super) file: PathBuf,
    /// From which platform.
    #[arg(long, value_enum)]
    pub(super) source: From,
    /// The account on whose behalf; without it, the interface itself.
    #[arg(long, value_name = "LOGIN")]
    pub(super) by: Option<String>,
    /// Hand new leads over at once: `auto`, or a manager's login name.
    #[arg(long, value_name = "auto|LOGIN")]
    pub(super) hand_over: Option<String>,
    /// Bring the file to a server instead of a data folder; signs in as `--by`
    /// with the password of LANTIAN_PASSWORD.
    #[arg(long, value_name = "URL", requires = "by")]
    pub(super) server: Option<String>,
    /// Certificate of the server's authority, PEM, if it is the company's own.
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(super) ca: Option<PathBuf>,
}

#[derive(Flags)]
pub(super) struct Rounds {
    /// As of this instant, as 2026-03-05T09:00:00+08:00; without it, now.
    #[arg(long, value_name = "INSTANT")]
    pub(super) at: Option<String>,
    /// Only this round; without it, every one.
    #[arg(long, value_name = "NAME")]
    pub(super) only: Option<String>,
}

/// The platforms that push.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum From {
    /// “工改”系统
    Gonggai,
    /// “多规合一”平台
    Duogui,
    /// Users' applications through the channels
    Channel,
}

impl From {
    /// The code as typed and as addresses have it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Gonggai => "gonggai",
            Self::Duogui => "duogui",
            Self::Channel => "channel",
        }
    }

    /// The platform, unless it is users' applications.
    pub(super) fn source(self) -> Option<Source> {
        match self {
            Self::Gonggai => Some(Source::Gonggai),
            Self::Duogui => Some(Source::Duogui),
            Self::Channel => None,
        }
    }
}

#[derive(Subcommand)]
pub(super) enum UserAct {
    /// All accounts.
    List,
    /// A new account; prints its one-time password once.
    Add {
        /// Login name.
        login: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// A role, as customer_manager; may be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Department, as market_dept.
        #[arg(long)]
        org: String,
        /// Read a lasting password from standard input instead.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Sets the roles.
    Roles {
        /// Login name.
        login: String,
        /// A role; may be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
    /// Takes an account out of use; its tokens end.
    Disable {
        /// Login name.
        login: String,
    },
    /// Puts an account back into use.
    Enable {
        /// Login name.
        login: String,
    },
    /// Prints a one-time password once; tokens end.
    ResetPassword {
        /// Login name.
        login: String,
    },
}

#[derive(Subcommand)]
pub(super) enum DeviceAct {
    /// All devices.
    List,
    /// The device is served nothing from now on.
    Revoke {
        /// Its identity.
        id: String,
    },
}

#[derive(Subcommand)]
pub(super) enum ChannelAct {
    /// All outside systems.
    List,
    /// A new outside system; prints its secret once.
    Add(ChannelFlags),
    /// Changes an outside system; what is not named stays.
    Set(ChannelFlags),
    /// Prints a fresh secret once; the old one ends.
    Rotate {
        /// Client id.
        id: String,
    },
    /// Admits it no longer.
    Disable {
        /// Client id.
        id: String,
    },
    /// Admits it again.
    Enable {
        /// Client id.
        id: String,
    },
    /// What outside systems are told, newest first.
    Deliveries {
        /// Only what was given up.
        #[arg(long)]
        dead: bool,
    },
    /// Tries one again at once.
    Resend {
        /// The delivery's identity.
        id: String,
    },
}

#[derive(Flags)]
pub(super) struct ChannelFlags {
    /// Client id; also the login name of its interface account.
    pub(super) id: String,
    /// wechat_oa, gov_portal, zaidexinzheng_app or lantian_app.
    #[arg(long)]
    pub(super) channel: Option<String>,
    /// Its name.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// hmac-sha256 or hmac-sm3.
    #[arg(long)]
    pub(super) algorithm: Option<String>,
    /// The legal basis of telling it anything; an authority's system needs one.
    #[arg(long)]
    pub(super) basis: Option<String>,
    /// An address that it may call from; may be repeated.
    #[arg(long = "address", value_name = "IP")]
    pub(super) addresses: Vec<String>,
    /// Requests a minute.
    #[arg(long)]
    pub(super) per_minute: Option<u32>,
    /// Where it is told of changes; empty to tell it nothing.
    #[arg(long, value_name = "URL")]
    pub(super) webhook: Option<String>,
    /// Where a user rates; {case_no} is filled in.
    #[arg(long, value_name = "URL")]
    pub(super) rating_url: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum RulesAct {
    /// Prints what holds.
    Show,
    /// Replaces it by a file of the same form.
    Set {
        /// JSON.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
pub(super) enum ArchiveAct {
    /// Writes the package of a case into a folder of its own.
    Export {
        /// The identity of the case.
        case: String,
        /// The folder; it must not exist.
        out: PathBuf,
    },
    /// Checks a package: entries, log and record; needs no company.
    Verify {
        /// The folder.
        folder: PathBuf,
        /// SHA-256 that its manifest must have, as the export printed it.
        #[arg(long, value_name = "SHA256")]
        manifest: Option<String>,
    },
}

#[derive(Subcommand)]
pub(super) enum UpdateAct {
    /// Prints the maker's public key, to be pinned as `update_key`; makes the
    /// key when there is none.
    Key {
        /// The maker's folder of keys.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Signs a package; the signature lies beside it as PACKAGE.sig.
    Sign {
        /// The package.
        package: PathBuf,
        /// The maker's folder of keys.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Checks that a package is signed by the pinned key.
    Verify {
        /// The package.
        package: PathBuf,
        /// The pinned key, instead of the settings'.
        #[arg(long, value_name = "PUBLIC")]
        key: Option<String>,
    },
    /// Installs a package that is signed by the pinned key, and no other.
    Install {
        /// The package.
        package: PathBuf,
        /// The pinned key, instead of the settings'.
        #[arg(long, value_name = "PUBLIC")]
        key: Option<String>,
    },
}

#[derive(Subcommand)]
pub(super) enum RetentionAct {
    /// Takes persons out of the records whose period is over.
    Run,
    /// Prints the classes with their periods.
    Terms,
}

#[derive(Subcommand)]
pub(super) enum AuditAct {
    /// Checks every link of the chain.
    Verify,
}

#[derive(Subcommand)]
pub(super) enum ReportAct {
    /// The indicators K-01 to K-36 over a span of days, as JSON.
    Kpi {
        /// The first day, as 2026-03-01.
        #[arg(long, value_name = "DAY")]
        from: String,
        /// The last day.
        #[arg(long, value_name = "DAY")]
        to: String,
        /// Write a workbook instead.
        #[arg(long, value_name = "FILE")]
        xlsx: Option<PathBuf>,
    },
    /// The monthly business-environment report.
    Month {
        /// As 2026-03.
        month: String,
    },
}
