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
    /// The audit chain.
    Audit {
        #[command(subcommand)]
        act: AuditAct,
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

/// The platforms that push.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum From {
    /// “工改”系统
    Gonggai,
    /// “多规合一”平台
    Duogui,
}

impl From {
    /// The code as typed and as addresses have it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Gonggai => "gonggai",
            Self::Duogui => "duogui",
        }
    }

    pub(super) fn source(self) -> Source {
        match self {
            Self::Gonggai => Source::Gonggai,
            Self::Duogui => Source::Duogui,
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
pub(super) enum AuditAct {
    /// Checks every link of the chain.
    Verify,
}
