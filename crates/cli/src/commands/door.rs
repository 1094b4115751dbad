//! Enrolment, PIN, recovery: where secrets are asked for.

use lantian_client::{App, Credentials, Error};

use super::start;
use crate::{
    answer::Answer,
    args::{Enrol, Given},
    secret,
};

const PIN: &str = "PIN";
const PIN_VARIABLE: &str = "LANTIAN_PIN";
/// The code of an authenticator, for accounts that need one.
const CODE_VARIABLE: &str = "LANTIAN_CODE";

/// Signs in, enrols the device, creates the stores.
pub(super) async fn enrol(given: &Given, enrol: &Enrol) -> Result<Answer, Error> {
    let app = start(given)?;
    let mut password = if enrol.password_stdin {
        secret::line("password")?
    } else {
        secret::named("LANTIAN_PASSWORD", "password")?
    };
    if enrol.new_password_stdin {
        let fresh = secret::line("new password")?;
        app.change_password(&enrol.server, &enrol.user, &password, &fresh).await?;
        password = fresh;
    }
    let pin = pin(given)?;
    let code = std::env::var(CODE_VARIABLE).ok();
    let credentials =
        Credentials { login: &enrol.user, password: &password, code: code.as_deref() };
    Answer::done(&app.sign_in(&enrol.server, &credentials, &pin).await?)
}

/// Opens the store by its PIN.
pub(super) async fn unlock(app: &App, given: &Given) -> Result<(), Error> {
    app.require_enrolled().await?;
    app.unlock(&pin(given)?).await.map(|_| ())
}

/// Opens the store by the recovery key and sets a PIN.
pub(super) async fn recover(given: &Given) -> Result<Answer, Error> {
    let app = start(given)?;
    app.require_enrolled().await?;
    let key = secret::named("LANTIAN_RECOVERY_KEY", "recovery key")?;
    Answer::done(&app.recover(&key, &pin(given)?).await?)
}

/// Sets another PIN.
pub(super) async fn change_pin(given: &Given) -> Result<Answer, Error> {
    let app = start(given)?;
    app.require_enrolled().await?;
    let old = pin(given)?;
    let new = secret::named("LANTIAN_NEW_PIN", "new PIN")?;
    app.change_pin(&old, &new).await?;
    Answer::done(&app.session().await?)
}

fn pin(given: &Given) -> Result<String, Error> {
    let pin = if given.pin_stdin { secret::line(PIN) } else { secret::named(PIN_VARIABLE, PIN) };
    // No PIN given means that the store stays shut, not that the line is wrong.
    pin.map_err(|error| if matches!(error, Error::BadInput { .. }) { Error::Locked } else { error })
}
