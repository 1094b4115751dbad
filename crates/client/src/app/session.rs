//! Opening and closing: sign-in with enrolment, PIN, recovery, lock.
//!
//! Invariant: a store is created once, after the server said yes; a missing
//! or foreign key leads to recovery, never to a new key. Whatever fails here
//! leaves what is stored as it was.

use lantian_domain::ids::DeviceId;
use lantian_protocol::identity::{SignIn, SignedIn};
use lantian_replica::{Enrolment, FileSecrets, Home, HomeState, Replica, SecretStore};

use super::{App, wipe::is_revoked};
use crate::{
    courier::keep_tokens,
    desk::Held,
    drive::Changed,
    error::{ApiError, Error, Result},
    home::KeyStore,
    keyring::OsKeyring,
    settings::Settings,
    transport::Transport,
    view::{SessionState, SessionView},
};

const PIN_CHARS: std::ops::RangeInclusive<usize> = 6..=64;

type Keys = Box<dyn SecretStore>;

impl App {
    /// Where the session stands; asks nobody and opens nothing.
    ///
    /// # Errors
    /// Only when the folder itself cannot be used.
    pub async fn session(&self) -> Result<SessionView> {
        if let Ok(open) = self.open() {
            return Ok(open.view().await);
        }
        let door = self.0.door.lock().await;
        match self.look().await {
            Ok(HomeState::Fresh) => self.fresh(),
            Ok(HomeState::Present(_)) => {
                let server = Settings::read(&self.0.options.home).ok().flatten();
                Ok(SessionView { server: server.map(|s| s.server), ..door.view() })
            }
            Ok(HomeState::Damaged(what)) => {
                Ok(SessionView { detail: Some(what), ..SessionView::of(SessionState::Damaged) })
            }
            Err(error) => shut(error),
        }
    }

    /// Signs in with a password. On a fresh device this enrols it and creates
    /// its stores; on one with a store it signs the same person in again.
    ///
    /// # Errors
    /// The server's no, a PIN that does not open the store, another account.
    pub async fn sign_in(
        &self,
        server: &str,
        credentials: &Credentials<'_>,
        pin: &str,
    ) -> Result<SessionView> {
        let mut door = self.0.door.lock().await;
        if !PIN_CHARS.contains(&pin.chars().count()) {
            return Err(lantian_replica::Error::PinForm.into());
        }
        let transport = Transport::to(server, self.authority()?.as_deref())?;
        match self.look().await? {
            HomeState::Fresh => self.enrol(&transport, credentials, pin).await?,
            HomeState::Present(_) => {
                if self.open().is_err() {
                    let opened = self.open_store(pin).await;
                    opened.inspect_err(|error| door.learn(error))?;
                }
                let again = self.sign_in_again(&transport, credentials).await;
                if let Err(error) = again {
                    if is_revoked(&error) {
                        self.set_open(None);
                        self.destroy_key().await?;
                        door.wiped();
                    }
                    return Err(error);
                }
            }
            HomeState::Damaged(what) => return Err(damaged(what)),
        }
        door.forget();
        self.begin(transport).await
    }

    /// Says early that nothing is enrolled here, before a PIN is asked for, or
    /// why the folder cannot be opened.
    ///
    /// # Errors
    /// [`Error::NotEnrolled`]; another process holds the folder; damage.
    pub async fn require_enrolled(&self) -> Result<()> {
        match self.look().await? {
            HomeState::Fresh => Err(Error::NotEnrolled),
            HomeState::Present(_) => Ok(()),
            HomeState::Damaged(what) => Err(damaged(what)),
        }
    }

    /// Replaces a password, as a one-time password demands it.
    ///
    /// # Errors
    /// The server's no, or the failure of the way.
    pub async fn change_password(
        &self,
        server: &str,
        login: &str,
        old: &str,
        new: &str,
    ) -> Result<()> {
        let transport = Transport::to(server, self.authority()?.as_deref())?;
        Ok(transport.change_password(login, old, new).await?)
    }

    /// Opens the store by its PIN; works without a network within the lease.
    ///
    /// # Errors
    /// A wrong PIN, a key that is gone, the end of the lease.
    pub async fn unlock(&self, pin: &str) -> Result<SessionView> {
        let mut door = self.0.door.lock().await;
        if let Ok(open) = self.open() {
            return Ok(open.view().await);
        }
        if let HomeState::Fresh = self.look().await? {
            return Err(Error::NotEnrolled);
        }
        self.open_store(pin).await.inspect_err(|error| door.learn(error))?;
        let transport = self.way().await?;
        let opened = self.begin_within_lease(transport).await;
        match &opened {
            Ok(_) => door.forget(),
            Err(error) if is_revoked(error) => {
                self.destroy_key().await?;
                door.wiped();
            }
            Err(_) => self.close_store().await?,
        }
        opened
    }

    /// Opens the store by the company's recovery key and sets a PIN.
    ///
    /// # Errors
    /// A recovery key that is not the one, a PIN that is none.
    pub async fn recover(&self, recovery_key: &str, pin: &str) -> Result<SessionView> {
        let mut door = self.0.door.lock().await;
        if let HomeState::Fresh = self.look().await? {
            return Err(Error::NotEnrolled);
        }
        let keys = self.keys()?;
        let (recovery_key, pin) = (recovery_key.trim().to_owned(), pin.to_owned());
        self.with_home(move |home| Ok(home.recover(&*keys, &recovery_key, &pin)?)).await?;
        door.forget();
        let transport = self.way().await?;
        self.begin(transport).await
    }

    /// Sets another PIN.
    ///
    /// # Errors
    /// When the old one is wrong.
    pub async fn change_pin(&self, old: &str, new: &str) -> Result<()> {
        let mut door = self.0.door.lock().await;
        self.0.rest.touch();
        self.look().await?;
        let (keys, now) = (self.keys()?, self.0.clock.device_now());
        let (old, new) = (old.to_owned(), new.to_owned());
        let changed = move |held: &mut Held| {
            let home = held.home.as_ref().ok_or(Error::Locked)?;
            Ok(home.change_pin(&*keys, &old, &new, now)?)
        };
        self.0.desk.hold(changed).await.inspect_err(|error| door.learn(error))
    }

    /// Closes the store; its keys leave the memory.
    ///
    /// # Errors
    /// [`Error::Closing`].
    pub async fn lock(&self) -> Result<SessionView> {
        let mut door = self.0.door.lock().await;
        if let Ok(open) = self.open() {
            door.user = Some(open.user.clone());
            door.device = Some(open.device.clone());
        }
        self.set_open(None);
        self.close_store().await?;
        drop(door);
        // Nobody listening is no fault.
        let _ = self.0.changes.send(Changed { locked: true, ..Changed::default() });
        self.session().await
    }

    /// Takes the folder, if it is not taken yet, and looks at what it holds.
    async fn look(&self) -> Result<HomeState> {
        let (folder, program) = (self.0.options.home.clone(), self.0.options.program.clone());
        let look = move |held: &mut Held| {
            if held.home.is_none() {
                held.home = Some(Home::take(&folder, &program)?);
            }
            let home = held.home.as_ref().ok_or(Error::Locked)?;
            Ok(home.state())
        };
        self.0.desk.hold(look).await
    }

    fn fresh(&self) -> Result<SessionView> {
        let room = lantian_replica::StorageState::of(&self.0.options.home);
        match room.and_then(|room| room.require(0)) {
            Ok(()) => Ok(SessionView::of(SessionState::Fresh)),
            Err(fault) => shut(fault.into()),
        }
    }

    /// Where the device's secret is: as named now, or as at the enrolment.
    fn key_store(&self) -> Result<KeyStore> {
        if let Some(named) = &self.0.options.key_store {
            return Ok(named.clone());
        }
        match Settings::read(&self.0.options.home)? {
            Some(settings) => settings.key_store(),
            None => Ok(KeyStore::Os),
        }
    }

    pub(super) fn keys(&self) -> Result<Keys> {
        Ok(match self.key_store()? {
            KeyStore::Os => Box::new(OsKeyring),
            KeyStore::File(path) => Box::new(FileSecrets::new(path)),
        })
    }

    fn authority(&self) -> Result<Option<std::path::PathBuf>> {
        if let Some(named) = &self.0.options.authority {
            return Ok(Some(named.clone()));
        }
        Ok(Settings::read(&self.0.options.home)?.and_then(|settings| settings.authority))
    }

    /// The way to the server that the store belongs to.
    async fn way(&self) -> Result<Transport> {
        let server = self.0.desk.ask(|replica| Ok(replica.device().server.clone())).await?;
        Transport::to(&server, self.authority()?.as_deref())
    }

    async fn with_home(
        &self,
        open: impl FnOnce(&Home) -> Result<Replica> + Send + 'static,
    ) -> Result<()> {
        self.0
            .desk
            .hold(move |held| {
                let replica = open(held.home.as_ref().ok_or(Error::Locked)?)?;
                held.replica = Some(replica);
                Ok(())
            })
            .await
    }

    async fn open_store(&self, pin: &str) -> Result<()> {
        let (keys, now, pin) = (self.keys()?, self.0.clock.device_now(), pin.to_owned());
        self.with_home(move |home| Ok(home.unlock(&*keys, &pin, now)?)).await
    }

    async fn close_store(&self) -> Result<()> {
        self.0
            .desk
            .hold(|held| {
                held.replica = None;
                Ok(())
            })
            .await
    }

    async fn enrol(
        &self,
        transport: &Transport,
        credentials: &Credentials<'_>,
        pin: &str,
    ) -> Result<()> {
        let (key_store, keys) = (self.key_store()?, self.keys()?);
        if key_store == KeyStore::Os {
            OsKeyring.self_test().map_err(|fault| lantian_replica::Error::KeyringUnavailable {
                detail: fault.to_string(),
            })?;
        }
        let settings = Settings::new(transport.server(), &key_store, self.authority()?);
        settings.write(&self.0.options.home)?;
        let mut device_seed = [0; 32];
        getrandom::fill(&mut device_seed).map_err(|_| lantian_replica::Error::Random)?;
        let key = ed25519_dalek::SigningKey::from_bytes(&device_seed);
        let public_key = key.verifying_key().to_bytes().to_vec();
        let name = self.0.options.device_name.clone();
        let signed_in = transport.sign_in(&credentials.ask(&name, public_key, None)).await?;
        let server = transport.server().to_owned();
        let pin = pin.to_owned();
        self.with_home(move |home| {
            let SignedIn { person, org, device, tokens, recovery_recipient, .. } = signed_in;
            let enrolment = Enrolment {
                person,
                org,
                device,
                device_name: name,
                server,
                device_seed,
                recovery_recipient,
            };
            let mut replica = home.create(&*keys, &pin, &enrolment)?;
            keep_tokens(&mut replica, &tokens)?;
            Ok(replica)
        })
        .await
    }

    async fn sign_in_again(
        &self,
        transport: &Transport,
        credentials: &Credentials<'_>,
    ) -> Result<()> {
        let (device, name, person, public_key) = self
            .0
            .desk
            .ask(|replica| {
                let device = replica.device();
                let name = device.device_name.clone();
                Ok((device.device, name, device.person.id, replica.public_key()))
            })
            .await?;
        let request = credentials.ask(&name, public_key, Some(device));
        let signed_in = transport.sign_in(&request).await?;
        if signed_in.person.id != person {
            return Err(Error::OtherAccount);
        }
        self.0
            .desk
            .ask(move |replica| {
                replica.set_person(&signed_in.person)?;
                keep_tokens(replica, &signed_in.tokens)
            })
            .await
    }
}

/// What a person types to sign in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Login name.
    pub login: &'a str,
    /// Password.
    pub password: &'a str,
    /// The code of an authenticator, for who is asked for it.
    pub code: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// A name and a password alone.
    pub fn new(login: &'a str, password: &'a str) -> Self {
        Self { login, password, code: None }
    }

    fn ask(&self, device_name: &str, public_key: Vec<u8>, device: Option<DeviceId>) -> SignIn {
        SignIn {
            login: self.login.to_owned(),
            password: self.password.to_owned(),
            code: self.code.map(str::to_owned),
            device_name: device_name.to_owned(),
            public_key,
            device,
        }
    }
}

/// A folder that cannot be worked in, as a state of the session.
#[expect(clippy::wildcard_enum_match_arm, reason = "other faults are errors and no states")]
fn shut(error: Error) -> Result<SessionView> {
    use lantian_replica::Error as Fault;
    let Error::Store(fault) = error else { return Err(error) };
    let detail = ApiError::from_store(&fault).message;
    let view = |state| SessionView { detail: Some(detail.clone()), ..SessionView::of(state) };
    match fault {
        Fault::Held { by } => {
            Ok(SessionView { holder: Some(by), ..view(SessionState::HeldElsewhere) })
        }
        Fault::Full | Fault::ReadOnly => Ok(view(SessionState::DeviceFull)),
        Fault::Corrupt { .. } | Fault::TooNew { .. } => Ok(view(SessionState::Damaged)),
        other => Err(other.into()),
    }
}

fn damaged(detail: String) -> Error {
    lantian_replica::Error::Corrupt { what: "keys", detail }.into()
}
