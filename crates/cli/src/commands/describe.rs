//! The catalogue of commands.

use lantian_client::{
    Error,
    domain::{
        command::{CommandName, schema},
        offer::states,
        role::givers,
    },
};
use serde_json::{Value, json};

use super::read::bad;
use crate::answer::Answer;

/// All commands, or one, with JSON Schema, roles and states.
pub(super) fn commands(wanted: Option<&str>) -> Result<Answer, Error> {
    match wanted {
        None => {
            let all: Vec<Value> = CommandName::ALL.iter().map(|name| describe(*name)).collect();
            Answer::done(&json!({ "items": all }))
        }
        Some(name) => {
            let name = CommandName::parse(name)
                .ok_or_else(|| bad("command", "没有这条命令；lantian commands 列出全部命令"))?;
            Answer::done(&describe(name))
        }
    }
}

fn describe(name: CommandName) -> Value {
    json!({
        "command": name,
        "creates": name.creates(),
        "roles": givers(name),
        "states": states(name),
        "schema": schema(name),
    })
}
