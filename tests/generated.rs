//! What the program writes about itself stands in the repository as it writes it.
//!
//! With `DDMC_BLESS=1` the files are written anew.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn generated_files_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, arguments) in
        [("docs/reference.md", &["explain", "--markdown"][..]), ("schemas/ddmc.toml.schema.json", &["schema", "ddmc.toml"])]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).output().expect("the program runs");
        assert!(output.status.success(), "{arguments:?}");
        let path = root.join(file);
        if std::env::var_os("DDMC_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(&path, &output.stdout).expect("a file can be written");
        }
        let written = fs::read(&path).unwrap_or_default();
        assert!(written == output.stdout, "{file} is not what `ddmc {}` prints; DDMC_BLESS=1 writes it", arguments.join(" "));
    }
}
