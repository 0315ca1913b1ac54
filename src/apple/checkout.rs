//! Reads a checkout of Apple's `device-management` repository.

use std::fs;
use std::path::Path;

use super::import::DECLARATIONS;

/// Reads the YAML files that describe declarations. Returns pairs of path in the checkout and text, sorted by path.
///
/// # Errors
///
/// The folder is not such a checkout, or a file or folder in it cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    if !folder.join(DECLARATIONS).is_dir() {
        return Err(format!(
            "{} is not a checkout of Apple's device-management repository: it has no folder {DECLARATIONS}",
            folder.display()
        ));
    }
    read_folder(&folder.join(DECLARATIONS), DECLARATIONS, &mut files)?;
    files.sort();
    Ok(files)
}

/// Reads the files below a folder. `path` is its path in the checkout, with a trailing slash.
fn read_folder(folder: &Path, path: &str, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if entry.file_type().map_err(failed)?.is_dir() {
            read_folder(&entry.path(), &format!("{path}{name}/"), files)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(entry.path()).map_err(|error| format!("{}: {error}", entry.path().display()))?;
            files.push((format!("{path}{name}"), text));
        }
    }
    Ok(())
}
