//! The installer of the GitHub action and the GitLab template, against a web server on this machine.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

const LINUX: (&str, &str) = ("Linux x86_64", "x86_64-unknown-linux-musl");

/// The machines that have an archive, as `uname -s` and `uname -m` name them.
const MACHINES: [(&str, &str); 6] = [
    LINUX,
    ("Linux aarch64", "aarch64-unknown-linux-musl"),
    ("Darwin x86_64", "x86_64-apple-darwin"),
    ("Darwin arm64", "aarch64-apple-darwin"),
    ("MINGW64_NT-10.0-20348 x86_64", "x86_64-pc-windows-msvc"),
    ("MSYS_NT-10.0-20348 x86_64", "x86_64-pc-windows-msvc"),
];

/// What the server answers: the lines of the head, and the body.
type Answer = (String, Vec<u8>);

fn ok(body: &[u8]) -> Answer {
    (format!("200 OK\r\nContent-Length: {}", body.len()), body.to_vec())
}

/// A web server, and the paths that were asked for.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves these paths until the test ends.
    fn new(answers: BTreeMap<String, Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("the listener has an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(&stream).take(64 * 1024).lines().map_while(Result::ok);
                let path = lines.next().and_then(|line| line.split(' ').nth(1).map(str::to_owned)).unwrap_or_default();
                lines.find(String::is_empty);
                let missing = || ("404 Not Found\r\nContent-Length: 0".to_owned(), Vec::new());
                let (head, body) = answers.get(&path).cloned().unwrap_or_else(missing);
                log.lock().expect("no thread panicked").push(path);
                let _ = stream.write_all(format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes());
                let _ = stream.write_all(&body);
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no thread panicked").clone()
    }
}

/// A folder with the action, a machine to pretend, and a folder to install to.
struct Scene {
    folder: TempDir,
}

impl Scene {
    /// A copy of the action whose checksums are those of this archive for one target.
    fn new(machine: &str, target: &str, archive: &[u8]) -> Self {
        let scene = Self { folder: tempfile::tempdir().expect("a temporary folder can be made") };
        for folder in ["action", "bin"] {
            fs::create_dir(scene.path(folder)).expect("a folder can be made");
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("action/install.sh");
        fs::copy(script, scene.path("action/install.sh")).expect("the script can be copied");
        let sums = format!("# comment\n{}  {}\n", sum(archive), release(target).trim_start_matches(RELEASES));
        fs::write(scene.path("action/checksums.txt"), sums).expect("a file can be written");
        let (system, processor) = machine.split_once(' ').expect("a system and a processor");
        scene.program("uname", &format!("if [ \"$1\" = -s ]; then echo '{system}'; else echo '{processor}'; fi"));
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program before those of the system.
    fn program(&self, name: &str, script: &str) {
        write_program(&self.path("bin").join(name), script);
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        command.current_dir(self.folder.path()).env("PATH", path);
        for name in ["GITHUB_PATH", "RUNNER_TOOL_CACHE", "DDMC_CACHE", "DDMC_BUILD", "DDMC_SOURCE", "http_proxy", "HTTP_PROXY"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the installer as the action does, with the runner's tool cache.
    fn install(&self, source: &str, environment: &[(&str, &str)]) -> Output {
        let mut command = self.command("bash");
        command.args(["action/install.sh", "installed"]).env("DDMC_SOURCE", source);
        command.env("RUNNER_TOOL_CACHE", self.path("tools")).env("GITHUB_PATH", self.path("path"));
        command.envs(environment.iter().copied()).output().expect("bash runs")
    }

    fn cached(&self, archive: &[u8]) -> PathBuf {
        self.path("tools/ddmc").join(format!("{}.tar.gz", sum(archive)))
    }
}

const RELEASES: &str = "/releases/download/";

/// The path of the archive for a target.
fn release(target: &str) -> String {
    format!("{RELEASES}v9.8.7/ddmc-{target}.tar.gz")
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn write_program(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).expect("a file can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("the mode can be set");
}

/// An archive as `.ci/package` makes it, with this script as the program.
fn archive(target: &str, script: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let name = format!("ddmc-{target}");
    fs::create_dir_all(folder.path().join(&name).join("man")).expect("a folder can be made");
    let program = if target.contains("-windows-") { "ddmc.exe" } else { "ddmc" };
    write_program(&folder.path().join(&name).join(program), script);
    let output = Command::new("tar").arg("-cz").arg(&name).current_dir(folder.path()).output().expect("tar runs");
    assert!(output.status.success());
    output.stdout
}

fn good(target: &str) -> Vec<u8> {
    archive(target, "echo ddmc 9.8.7")
}

/// What an installer that failed printed.
fn failure(output: &Output) -> String {
    let remarks = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{remarks}");
    assert!(output.stdout.is_empty(), "nothing ran");
    remarks
}

#[test]
fn installs_the_archive_for_the_machine_and_keeps_it() {
    let archive = good(LINUX.1);
    let scene = Scene::new(LINUX.0, LINUX.1, &archive);
    let server = Server::new(BTreeMap::from([(release(LINUX.1), ok(&archive))]));
    for _ in ["cold", "warm"] {
        let output = scene.install(&server.address, &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "ddmc 9.8.7\n");
        assert_eq!(fs::read_to_string(scene.path("path")).ok().as_deref(), Some("installed\n"));
        let installed: Vec<_> = fs::read_dir(scene.path("installed")).expect("the folder exists").flatten().collect();
        assert_eq!(installed.len(), 1, "{installed:?}");
        fs::remove_dir_all(scene.path("installed")).expect("the folder can be removed");
        fs::remove_file(scene.path("path")).expect("the file can be removed");
    }
    assert_eq!(server.asked(), [release(LINUX.1)], "a warm cache asks for nothing");
    let kept: Vec<_> = fs::read_dir(scene.path("tools/ddmc")).expect("the cache exists").flatten().collect();
    assert_eq!(kept.iter().map(fs::DirEntry::path).collect::<Vec<_>>(), [scene.cached(&archive)]);
}

#[test]
fn every_machine_gets_its_own_archive() {
    for (machine, target) in MACHINES {
        let archive = good(target);
        let scene = Scene::new(machine, target, &archive);
        let server = Server::new(BTreeMap::from([(release(target), ok(&archive))]));
        // The program of Windows is called by its whole name here, as this system does not add the ending.
        scene.install(&server.address, &[]);
        assert_eq!(server.asked(), [release(target)], "{machine}");
        let program = if target.contains("-windows-") { "installed/ddmc.exe" } else { "installed/ddmc" };
        assert!(scene.path(program).exists(), "{machine}");
    }
}

#[test]
fn follows_redirects_and_works_without_a_cache() {
    let archive = good(LINUX.1);
    let scene = Scene::new(LINUX.0, LINUX.1, &archive);
    let elsewhere = "302 Found\r\nContent-Length: 0\r\nLocation: /elsewhere".to_owned();
    let server =
        Server::new(BTreeMap::from([(release(LINUX.1), (elsewhere, Vec::new())), ("/elsewhere".to_owned(), ok(&archive))]));
    let output = scene.install(&server.address, &[("RUNNER_TOOL_CACHE", "")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(server.asked(), [release(LINUX.1), "/elsewhere".to_owned()]);
    assert!(!scene.path("tools").exists());
}

#[test]
fn an_archive_with_another_hash_is_not_used() {
    let archive = good(LINUX.1);
    let scene = Scene::new(LINUX.0, LINUX.1, &archive);
    let marker = scene.path("marker");
    let other = self::archive(LINUX.1, &format!("touch '{}'", marker.display()));
    let cut = &archive[..archive.len() / 2];
    for wrong in [&other, cut, b"<html>not found</html>"] {
        let server = Server::new(BTreeMap::from([(release(LINUX.1), ok(wrong))]));
        let remarks = failure(&scene.install(&server.address, &[]));
        assert!(remarks.contains(&release(LINUX.1)) && remarks.contains(&sum(&archive)), "{remarks}");
        assert!(!marker.exists() && !scene.path("installed").exists() && !scene.path("tools").exists());
    }
}

#[test]
fn an_archive_that_cannot_be_fetched_is_an_error() {
    let archive = good(LINUX.1);
    let scene = Scene::new(LINUX.0, LINUX.1, &archive);
    // The server promises more than it sends.
    let cut = (format!("200 OK\r\nContent-Length: {}", archive.len()), archive[..archive.len() / 2].to_vec());
    for answers in [BTreeMap::new(), BTreeMap::from([(release(LINUX.1), cut)])] {
        let server = Server::new(answers);
        let remarks = failure(&scene.install(&server.address, &[]));
        assert!(remarks.contains(&format!("cannot fetch {}{}", server.address, release(LINUX.1))), "{remarks}");
        assert!(!scene.path("installed").exists() && !scene.path("tools").exists());
    }
}

#[test]
fn a_damaged_archive_in_the_cache_is_replaced() {
    let archive = good(LINUX.1);
    let scene = Scene::new(LINUX.0, LINUX.1, &archive);
    fs::create_dir_all(scene.path("tools/ddmc")).expect("a folder can be made");
    fs::write(scene.cached(&archive), &archive[1..]).expect("a file can be written");
    let server = Server::new(BTreeMap::from([(release(LINUX.1), ok(&archive))]));
    let output = scene.install(&server.address, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(server.asked().len(), 1);
    assert_eq!(fs::read(scene.cached(&archive)).ok(), Some(archive));
}

#[test]
fn machines_without_an_archive_are_named_and_nothing_is_fetched() {
    let server = Server::new(BTreeMap::new());
    for machine in ["FreeBSD amd64", "Linux riscv64", "Linux armv7l", "Darwin ppc"] {
        let remarks = failure(&Scene::new(machine, LINUX.1, b"").install(&server.address, &[]));
        assert!(remarks.contains(machine) && remarks.contains("`build: true`"), "{remarks}");
    }
    let scene = Scene::new(LINUX.0, LINUX.1, b"");
    fs::write(scene.path("action/checksums.txt"), "# none yet\n").expect("a file can be written");
    let remarks = failure(&scene.install(&server.address, &[]));
    assert!(remarks.contains("action/checksums.txt has no ddmc-x86_64-unknown-linux-musl.tar.gz"), "{remarks}");
    assert!(server.asked().is_empty());
}

#[test]
fn builds_from_source_only_if_told_to() {
    let archive = good(LINUX.1);
    let scene = Scene::new("FreeBSD amd64", LINUX.1, &archive);
    // A stand-in for cargo that records its arguments and writes the program below --root.
    scene.program(
        "cargo",
        "echo \"$@\" >cargo-arguments\nfor last; do :; done\nmkdir -p \"$last/bin\"\nprintf '#!/bin/sh\\necho built\\n' >\"$last/bin/ddmc\"\nchmod +x \"$last/bin/ddmc\"",
    );
    let server = Server::new(BTreeMap::new());
    failure(&scene.install(&server.address, &[("DDMC_BUILD", "false")]));
    assert!(!scene.path("cargo-arguments").exists());
    let output = scene.install(&server.address, &[("DDMC_BUILD", "true")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "built\n");
    let arguments = fs::read_to_string(scene.path("cargo-arguments")).expect("cargo ran");
    assert!(arguments.starts_with("install --quiet --locked --path ") && arguments.contains("/action/.. --root "), "{arguments}");
    assert!(server.asked().is_empty());
}

#[test]
fn the_template_for_gitlab_installs_from_a_clone() {
    let template = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/gitlab-ci.yml"));
    let template: serde_json::Value =
        serde_saphyr::from_str(&template.expect("the template exists")).expect("the template is YAML");
    let lines = template["ddmc"]["before_script"].as_array().expect("a list").iter();
    let script = lines.map(|line| line.as_str().expect("a command")).collect::<Vec<_>>().join("\n");
    assert!(script.contains("/usr/local/bin"), "{script}");

    let archive = good(LINUX.1);
    let scene = Scene::new(LINUX.0, LINUX.1, &archive);
    let git = "git init --quiet . && git add action && git -c user.name=n -c user.email=e commit --quiet -m m && git tag v9.8.7";
    assert!(scene.command("bash").args(["-c", git]).status().expect("bash runs").success());
    // A Git repository that is a folder has no archives, so the cache must have it.
    fs::create_dir_all(scene.path("tools/ddmc")).expect("a folder can be made");
    fs::write(scene.cached(&archive), &archive).expect("a file can be written");
    let output = scene
        .command("bash")
        .args(["-e", "-c", &script.replace("/usr/local/bin", "installed")])
        .env("DDMC_VERSION", "v9.8.7")
        .env("DDMC_SOURCE", format!("file://{}", scene.folder.path().display()))
        .env("DDMC_CACHE", scene.path("tools/ddmc"))
        .env("DDMC_BUILD", "false")
        .env("TMPDIR", scene.folder.path())
        .output()
        .expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "ddmc 9.8.7\n", "{}", String::from_utf8_lossy(&output.stderr));
    assert!(scene.path("installed/ddmc").exists());
}
