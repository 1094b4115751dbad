//! One function for each command line; every one asks the client and answers.

mod act;
mod admin;
mod describe;
mod desk;
mod door;
mod read;
mod sync;

use lantian_client::{App, Error, KeyStore, Options, Work, home};

use crate::{
    answer::Answer,
    args::{Args, Command},
};

/// Carries out a command line.
///
/// # Errors
/// Whatever the client answers; its exit code is [`crate::exit::of`].
pub(crate) async fn run(args: Args) -> Result<Answer, Error> {
    match &args.command {
        // These ask no store.
        Command::Commands { command } => describe::commands(command.as_deref()),
        Command::Schema => Answer::done(&lantian_client::view::schema::schemas()),
        _ => run_in(args).await,
    }
}

async fn run_in(args: Args) -> Result<Answer, Error> {
    let app = App::new(options(&args)?)?;
    match &args.command {
        Command::Enrol(enrol) => return door::enrol(&app, &args, enrol).await,
        Command::Session => return Answer::done(&app.session().await?),
        Command::Recover => return door::recover(&app, &args).await,
        Command::ChangePin => return door::change_pin(&app, &args).await,
        _ => {}
    }
    let session = door::unlock(&app, &args).await?;
    match args.command {
        Command::Unlock => Answer::done(&session),
        Command::Lock => Answer::done(&app.lock().await?),
        Command::Sync(sync) => sync::sync(&app, &sync, args.json).await,
        Command::Status => Answer::done(&app.status().await?),
        Command::Today => Answer::done(&app.today().await?),
        Command::List(list) => read::list(&app, list).await,
        Command::Show(show) => read::show(&app, &show).await,
        Command::Due(due) => read::due(&app, &due).await,
        Command::People { role } => read::people(&app, role.as_deref()).await,
        Command::Cost { id } => Answer::done(&app.cost(app.find(&id).await?).await?),
        Command::Do(given) => act::submit(&app, &given).await,
        Command::Judge(given) => act::judge(&app, &given).await,
        Command::Draft(draft) => act::draft(&app, draft).await,
        Command::Attach(attach) => act::attach(&app, &attach).await,
        Command::Files { id } => read::files(&app, &id).await,
        Command::Fetch { file, out } => read::fetch(&app, &file, &out).await,
        Command::Outbox { all } => desk::outbox(&app, all).await,
        Command::Attention => desk::attention(&app).await,
        Command::Resolve(resolve) => desk::resolve(&app, &resolve).await,
        Command::Preview => desk::preview(&app).await,
        Command::Check => desk::check(&app).await,
        Command::Admin(admin) => admin::run(&app, admin).await,
        Command::Enrol(_)
        | Command::Session
        | Command::Recover
        | Command::ChangePin
        | Command::Commands { .. }
        | Command::Schema => Answer::done(&session),
    }
}

fn options(args: &Args) -> Result<Options, Error> {
    let mut options = Options::new(home(args.home.as_deref())?, "lantian", Work::OnDemand);
    options.key_store = KeyStore::named(args.key_store.as_deref())?;
    options.authority =
        args.ca_file.clone().or_else(|| std::env::var_os("LANTIAN_CA_FILE").map(Into::into));
    if let Command::Enrol(enrol) = &args.command
        && let Some(name) = &enrol.device_name
    {
        options.device_name.clone_from(name);
    }
    Ok(options)
}
