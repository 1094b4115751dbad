//! `/v1/admin/users`: accounts. The system administrator makes and changes
//! them; the security administrator puts them into use (SOD-6).

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::{Path, State};
use lantian_domain::{ids::UserId, role::Role};
use lantian_protocol::admin::{NewUser, UserChange, UserChanged, UserCreated};

use super::super::{
    body::{Body, Reads},
    problem::{Answer, Failed, forbidden, not_found, refused},
    session::Session,
};
use crate::{
    identity::{
        accounts::{self, Alteration, NewAccount},
        password,
    },
    serve::App,
};

const READERS: &[Role] = &[Role::SysAdmin, Role::SecAdmin, Role::AuditAdmin];
const WRITERS: &[Role] = &[Role::SysAdmin, Role::SecAdmin];

/// `GET`: all accounts.
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
) -> Answer {
    session.administer(READERS)?;
    reads.answer(&app.store.read(accounts::list).await?)
}

/// `POST`: a new account with its one-time password. It is out of use until the
/// security administrator has looked at it.
pub(in crate::api) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(new): Body<NewUser>,
) -> Answer {
    let by = session.administer(&[Role::SysAdmin])?;
    let one_time_password = password::one_time()?;
    let password = app.passwords.hash(one_time_password.clone()).await?;
    let now = app.clock.now();
    let account = NewAccount {
        login: new.login,
        name: new.name,
        roles: new.roles.into_iter().collect(),
        org: new.org,
        password,
        one_time: true,
    };
    let user = app
        .store
        .write(move |unit| {
            let person = accounts::create_by(unit, account, by, now)?;
            let waits = Alteration { active: Some(false), ..Alteration::default() };
            accounts::change(unit, person.user(), waits, by, now)?;
            accounts::find(unit, person.user())
        })
        .await?;
    reads.answer(&UserCreated { user, one_time_password })
}

/// `PATCH /{id}`: changes an account. Nobody changes their own roles.
pub(in crate::api) async fn patch(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(id): Path<String>,
    Body(change): Body<UserChange>,
) -> Answer {
    let by = session.administer(WRITERS)?;
    let id: UserId = id.parse().map_err(|_| not_found("account"))?;
    if id == session.user && (change.roles.is_some() || change.active.is_some()) {
        return Err(forbidden().into());
    }
    let approves = session.person.roles.contains(&Role::SecAdmin);
    divided(&change, approves)?;
    let mut one_time_password = None;
    let mut hash = None;
    if change.reset_password == Some(true) {
        let plain = password::one_time()?;
        hash = Some(app.passwords.hash(plain.clone()).await?);
        one_time_password = Some(plain);
    }
    let other_roles = change.roles.is_some();
    let alteration = Alteration {
        name: change.name,
        roles: change.roles.map(BTreeSet::from_iter),
        // Other roles are looked at before they are used.
        active: if other_roles { Some(false) } else { change.active },
        password: hash,
    };
    let now = app.clock.now();
    let user = app
        .store
        .write(move |unit| {
            accounts::change(unit, id, alteration, by, now)?;
            accounts::find(unit, id)
        })
        .await?;
    reads.answer(&UserChanged { user, one_time_password })
}

/// What each of the two administrators may do: one changes, the other puts
/// into use; either stops.
fn divided(change: &UserChange, approves: bool) -> Result<(), Failed> {
    let makes = change.roles.is_some() || change.name.is_some() || change.reset_password.is_some();
    let uses = change.active == Some(true);
    if (approves && makes) || (!approves && uses) {
        let what = "the system administrator changes an account, the security administrator \
                    puts it into use";
        return Err(refused(403, "E_SOD", what).into());
    }
    Ok(())
}
