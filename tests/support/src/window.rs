//! The real window, steered: a display in memory, a session bus with an empty
//! keyring, `tauri-driver`, and what a person sees and taps.
//!
//! Words: a *scene* is a display with a session of its own; a *tag* is the
//! `data-testid` by which the window marks what can be tapped or read.
//!
//! Invariant: no window of a test reaches the developer's own display, bus or
//! keyring, and all of it ends with the scene.

use std::collections::HashMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::programs;
use crate::running::{PATIENCE, Running};

/// How long the window gets to show something.
const LOOK: Duration = Duration::from_secs(40);
/// Unlocks an empty keyring in the foreground.
const KEYRING: &str =
    "printf '\\n' | exec gnome-keyring-daemon --foreground --unlock --components=secrets";

/// A display and a session of its own.
pub struct Scene {
    folder: TempDir,
    display: String,
    bus: String,
    _programs: Vec<Running>,
}

impl Scene {
    /// Makes one of this size in pixels.
    pub fn new(width: u32, height: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["home", "runtime", "data"] {
            let inner = folder.path().join(name);
            fs::create_dir(&inner).expect("a folder of the session");
            fs::set_permissions(&inner, fs::Permissions::from_mode(0o700)).expect("its rights");
        }
        let mut display = Running::start("Xvfb", |command| {
            let screen = format!("{width}x{height}x24");
            command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"]);
        });
        let number = display.wait_for(|line| {
            let line = line.trim();
            (!line.is_empty()).then(|| format!(":{line}"))
        });
        let mut scene =
            Self { folder, display: number, bus: String::new(), _programs: vec![display] };
        let mut bus = Running::start("dbus-daemon", |command| {
            scene.apply(command);
            command.args(["--session", "--nofork", "--print-address=1"]);
        });
        scene.bus = bus.wait_for(|line| line.starts_with("unix:").then(|| line.to_owned()));
        let keyring = Running::start("sh", |command| {
            scene.apply(command);
            command.args(["-c", KEYRING]);
        });
        scene._programs.extend([bus, keyring]);
        scene.wait_for_keyring();
        scene
    }

    /// Opens the window on the data folder `home`, with what `prepare` adds to
    /// its environment.
    pub async fn open(&self, home: &Path, prepare: impl FnOnce(&mut Command)) -> Window {
        let (port, native) = (free_port(), free_port());
        let driver = Running::start(programs::tauri_driver(), |command| {
            self.apply(command);
            command.env("LANTIAN_HOME", home);
            prepare(command);
            command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        });
        wait_for_port(port, &driver);
        let client = connect(port, &driver).await;
        let window = Window { client, driver, display: self.display.clone() };
        window.script(include_str!("window/faults.js"), vec![]).await;
        window
    }

    fn apply(&self, command: &mut Command) {
        let folder = self.folder.path();
        command.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY");
        command.env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
        command.env("HOME", folder.join("home")).env("XDG_DATA_HOME", folder.join("data"));
        command.env("XDG_RUNTIME_DIR", folder.join("runtime"));
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command.env("LANG", "zh_CN.UTF-8").env("TZ", "Asia/Shanghai");
        // A software-drawn display has no DMA buffers to share.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        for name in ["LANTIAN_KEY_STORE", "LANTIAN_PIN", "LANTIAN_CA_FILE"] {
            command.env_remove(name);
        }
    }

    fn wait_for_keyring(&self) {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut ask = Command::new("dbus-send");
            self.apply(&mut ask);
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            let answer = ask.output().expect("dbus-send can be started");
            if String::from_utf8_lossy(&answer.stdout).contains("boolean true") {
                return;
            }
            assert!(Instant::now() < until, "the session has no keyring");
            thread::park_timeout(Duration::from_millis(20));
        }
    }
}

/// The window of one tablet.
pub struct Window {
    client: Client,
    driver: Running,
    display: String,
}

impl Window {
    /// Waits until something with this tag is shown, and gives it.
    pub async fn see(&self, tag: &str) -> Element {
        self.find(Locator::Css(&css(tag)), tag).await
    }

    /// Waits until this text is shown, and gives its element.
    pub async fn see_text(&self, text: &str) -> Element {
        let path = format!("//body//*[text()[contains(., '{text}')]]");
        self.find(Locator::XPath(&path), text).await
    }

    /// Whether something with this tag is shown at this moment.
    pub async fn shows(&self, tag: &str) -> bool {
        self.client.find(Locator::Css(&css(tag))).await.is_ok()
    }

    /// Waits until nothing with this tag is shown.
    pub async fn wait_gone(&self, tag: &str) {
        let until = Instant::now() + LOOK;
        while self.shows(tag).await {
            assert!(Instant::now() < until, "{tag} does not go away\n{}", self.page().await);
            pause().await;
        }
    }

    /// Taps what has this tag, once it stands still and can be tapped.
    pub async fn tap(&self, tag: &str) {
        let until = Instant::now() + LOOK;
        let mut last = None;
        loop {
            let element = self.see(tag).await;
            let usable = element.is_enabled().await.unwrap_or(false);
            let place = element.rectangle().await.ok();
            if usable && place.is_some() && place == last && element.click().await.is_ok() {
                return;
            }
            assert!(Instant::now() < until, "{tag} cannot be tapped\n{}", self.page().await);
            last = place;
            pause().await;
        }
    }

    /// Types into the field with this tag, in place of what it holds.
    pub async fn fill(&self, tag: &str, text: &str) {
        let element = self.field(tag).await;
        // The page hears of an emptied field by its input event alone.
        let empty = "const field = arguments[0]; const kind = Object.getPrototypeOf(field); \
                     Object.getOwnPropertyDescriptor(kind, 'value').set.call(field, ''); \
                     field.dispatchEvent(new Event('input', { bubbles: true }))";
        let target = serde_json::to_value(&element).expect("an element has a reference");
        self.script(empty, vec![target]).await;
        element.send_keys(text).await.unwrap_or_else(|error| panic!("{tag}: {error}"));
    }

    /// Takes one of the choices of the field with this tag.
    pub async fn choose(&self, tag: &str, value: &str) {
        let choice = format!("{} [data-value='{value}']", css(tag));
        let element = self.find(Locator::Css(&choice), &choice).await;
        element.click().await.unwrap_or_else(|error| panic!("{choice}: {error}"));
    }

    /// Opens the store by the keys of the pin pad.
    pub async fn enter_pin(&self, pin: &str) {
        for digit in pin.chars() {
            self.tap(&format!("pin-{digit}")).await;
        }
    }

    /// Signs in on a device without a store, and waits for today's work.
    pub async fn sign_in(&self, server: &str, login: &str, password: &str, pin: &str) {
        let fields = [
            ("server", server),
            ("login", login),
            ("password", password),
            ("pin", pin),
            ("again", pin),
        ];
        for (field, text) in fields {
            self.fill(&format!("signin-{field}"), text).await;
        }
        self.tap("signin-submit").await;
        self.see("nav-today").await;
    }

    /// What the element with this tag says.
    pub async fn read(&self, tag: &str) -> String {
        self.see(tag).await.text().await.unwrap_or_default()
    }

    /// Waits until the element with this tag says something that `is` accepts.
    pub async fn wait_read(&self, tag: &str, is: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + LOOK;
        loop {
            let text = self.read(tag).await;
            if is(&text) {
                return text;
            }
            assert!(Instant::now() < until, "{tag} says {text:?}\n{}", self.page().await);
            pause().await;
        }
    }

    /// Goes to a screen by its address, as `/sync`.
    pub async fn go(&self, route: &str) {
        self.script("location.hash = arguments[0]", vec![json!(format!("#{route}"))]).await;
    }

    /// Runs a script in the page.
    pub async fn script(&self, code: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(code, arguments).await.unwrap_or_else(|error| panic!("{code}: {error}"))
    }

    /// Draws strokes on the element with this tag, as a finger would.
    pub async fn sign(&self, tag: &str) {
        let element = self.see(tag).await;
        let code = include_str!("window/sign.js");
        let target = serde_json::to_value(&element).expect("an element has a reference");
        self.script(code, vec![target]).await;
        let until = Instant::now() + LOOK;
        while self.script("return window.signatureDrawn", vec![]).await != json!(true) {
            assert!(Instant::now() < until, "the signature is not drawn\n{}", self.page().await);
            pause().await;
        }
    }

    /// Sets the window's size.
    pub async fn resize(&self, width: u32, height: u32) {
        let asked = self.client.set_window_rect(0, 0, width, height);
        match tokio::time::timeout(LOOK, asked).await {
            Ok(done) => done.unwrap_or_else(|error| panic!("the window cannot be sized: {error}")),
            Err(_) => panic!("the window does not take its size"),
        }
    }

    /// Waits until the part with this selector stands still: no progress is
    /// shown and its text stays the same.
    pub async fn settle(&self, selector: &str) {
        let code = "const part = document.querySelector(arguments[0]); return !part || \
                    part.querySelector('[aria-busy=true], .el-loading-mask') ? null : part.innerText";
        let until = Instant::now() + LOOK;
        let mut last = Value::Null;
        loop {
            let text = self.script(code, vec![json!(selector)]).await;
            if !text.is_null() && text == last {
                return;
            }
            assert!(Instant::now() < until, "{selector} does not settle\n{}", self.page().await);
            last = text;
            pause().await;
            pause().await;
        }
    }

    /// A picture of the page, as PNG, once its fonts are there and its
    /// animations are over.
    pub async fn picture(&self) -> Vec<u8> {
        let code = "return document.fonts.status === 'loaded' && \
                    document.getAnimations().every((one) => one.playState !== 'running')";
        let until = Instant::now() + Duration::from_secs(3);
        // A page with an endless animation is pictured in the middle of it.
        while Instant::now() < until && self.script(code, vec![]).await != json!(true) {
            pause().await;
        }
        let size = self.script("return [innerWidth, innerHeight]", vec![]).await;
        let part = format!("{}x{}+0+0", size[0], size[1]);
        // The driver's own pictures need a compositor that such a display has
        // not; the display itself shows what a person would see.
        let mut import = Command::new("import");
        import.args(["-silent", "-window", "root", "-crop", &part, "+repage", "png:-"]);
        let taken = import.env("DISPLAY", &self.display).output();
        let taken = taken.expect("ImageMagick's import can be started");
        assert!(taken.status.success(), "no picture: {}", String::from_utf8_lossy(&taken.stderr));
        taken.stdout
    }

    /// Everything on the page as text, for messages.
    pub async fn page(&self) -> String {
        let code = "return location.hash + '\\n' + document.body.innerText + '\\n' + \
                    (window.pageFaults || []).join('\\n')";
        let text = self.client.execute(code, vec![]).await;
        let text = text.ok().and_then(|text| text.as_str().map(str::to_owned));
        format!("{}\n{}", text.unwrap_or_default(), self.driver.log())
    }

    /// Closes the window.
    pub async fn close(self) {
        // The session ends with the driver when it is past closing.
        let _ = self.client.close().await;
        self.driver.stop();
    }

    async fn field(&self, tag: &str) -> Element {
        let css = css(tag);
        let inner = format!("input{css}, textarea{css}, {css} input, {css} textarea");
        self.find(Locator::Css(&inner), tag).await
    }

    async fn find(&self, locator: Locator<'_>, what: &str) -> Element {
        let until = Instant::now() + LOOK;
        loop {
            if let Ok(element) = self.client.find(locator).await {
                return element;
            }
            assert!(Instant::now() < until, "{what} is not shown\n{}", self.page().await);
            pause().await;
        }
    }
}

fn css(tag: &str) -> String {
    format!("[data-testid='{tag}']")
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn connect(port: u16, driver: &Running) -> Client {
    let options = json!({ "application": programs::desktop(), "args": [] });
    let wanted: HashMap<_, _> = [("tauri:options".to_owned(), options)].into();
    let capabilities: Capabilities = wanted.into_iter().collect();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let url = format!("http://127.0.0.1:{port}");
    builder
        .connect(&url)
        .await
        .unwrap_or_else(|error| panic!("the window does not open: {error}\n{}", driver.log()))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has an address").port()
}

fn wait_for_port(port: u16, driver: &Running) {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let until = Instant::now() + PATIENCE;
    while !answers(address) {
        assert!(Instant::now() < until, "tauri-driver does not answer:\n{}", driver.log());
        thread::park_timeout(Duration::from_millis(20));
    }
}

fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else {
        return false;
    };
    let asked =
        stream.write_all(b"GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut answer = [0_u8; 5];
    asked.is_ok() && stream.read_exact(&mut answer).is_ok() && &answer == b"HTTP/"
}
