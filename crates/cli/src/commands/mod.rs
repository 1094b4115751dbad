//! One function for each command line; every one asks the client and answers.

mod act;
mod admin;
mod describe;
mod desk;
mod door;
mod read;
mod sync;

use lantian_client::{App, Error, KeyStore, Options, Work as How, home};

use crate::{
    answer::Answer,
    args::{Args, Command, Given, Work},
};

/// Carries out a command line.
///
/// # Errors
/// Whatever the client answers; its exit code is [`crate::exit::of`].
pub(crate) async fn run(args: Args) -> Result<Answer, Error> {
    let Args { given, command } = args;
    match command {
        Command::Commands { command } => describe::commands(command.as_deref()),
        Command::Schema => Answer::done(&lantian_client::view::schema::schemas()),
        Command::Enrol(enrol) => door::enrol(&given, &enrol).await,
        Command::Session => Answer::done(&start(&given)?.session().await?),
        Command::Recover => door::recover(&given).await,
        Command::ChangePin => door::change_pin(&given).await,
        Command::Work(work) => {
            let app = start(&given)?;
            door::unlock(&app, &given).await?;
            carry_out(&app, *work, given.json).await
        }
    }
}

async fn carry_out(app: &App, work: Work, json: bool) -> Result<Answer, Error> {
    match work {
        Work::Unlock => Answer::done(&app.session().await?),
        Work::Lock => Answer::done(&app.lock().await?),
        Work::Sync(sync) => sync::sync(app, &sync, json).await,
        Work::Status => Answer::done(&app.status().await?),
        Work::Debts => Answer::done(&app.debts().await?),
        Work::Today => Answer::done(&app.today().await?),
        Work::List(list) => read::list(app, list).await,
        Work::Show(show) => read::show(app, &show).await,
        Work::Due(due) => read::due(app, &due).await,
        Work::People { role } => read::people(app, role.as_deref()).await,
        Work::Cost { id, chosen } => Answer::done(&app.cost(app.find(&id).await?, chosen).await?),
        Work::Estimate { id, data } => {
            Answer::done(&app.estimate(app.find(&id).await?, act::json_of(&data)?).await?)
        }
        Work::Do(given) => act::submit(app, &given).await,
        Work::Judge(given) => act::judge(app, &given).await,
        Work::Draft(draft) => act::draft(app, draft).await,
        Work::Attach(attach) => act::attach(app, &attach).await,
        Work::Files { id } => read::files(app, &id).await,
        Work::Fetch { file, out } => read::fetch(app, &file, &out).await,
        Work::Outbox { all } => desk::outbox(app, all).await,
        Work::Attention => desk::attention(app).await,
        Work::Resolve(resolve) => desk::resolve(app, &resolve).await,
        Work::Preview => desk::preview(app).await,
        Work::Network { rule, metered } => sync::network(app, rule, metered).await,
        Work::Ready { fetch: true } => Answer::done(&app.make_ready().await?),
        Work::Ready { fetch: false } => Answer::done(&app.readiness().await?),
        Work::Leave { id } => Answer::done(&app.depart(app.find(&id).await?).await?),
        Work::Verify => sync::verify(app).await,
        Work::Check => desk::check(app).await,
        Work::Admin(admin) => admin::run(app, admin).await,
    }
}

/// The application over the folder that was given.
fn start(given: &Given) -> Result<App, Error> {
    let mut options = Options::new(home(given.home.as_deref())?, "lantian", How::OnDemand);
    options.key_store = KeyStore::named(given.key_store.as_deref())?;
    options.authority =
        given.ca_file.clone().or_else(|| std::env::var_os("LANTIAN_CA_FILE").map(Into::into));
    if let Some(name) = &given.device_name {
        options.device_name.clone_from(name);
    }
    App::new(options)
}
