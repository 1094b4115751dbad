//! `lantian-server`: see [`lantian_server::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    lantian_server::cli::main()
}
