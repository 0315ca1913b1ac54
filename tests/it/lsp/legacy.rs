//! Hover and completion in commands, profiles and managed preferences.

use super::editor::Editor;

/// A profile with one payload, up to a place in it.
fn profile(payload: &str) -> String {
    format!(
        "<plist version=\"1.0\">\n<dict>\n<key>PayloadType</key><string>Configuration</string>\n<key>PayloadContent</key>\n<array>\n<dict>\n{payload}"
    )
}

/// The settings of a domain as Jamf writes them.
fn preferences(domain: &str, settings: &str) -> String {
    profile(&format!(
        "<key>PayloadType</key><string>com.apple.ManagedClient.preferences</string>\n<key>PayloadContent</key><dict><key>{domain}</key><dict><key>Forced</key><array><dict><key>mcx_preference_settings</key><dict>\n{settings}"
    ))
}

const CLOSED: &str = "\n</dict></dict></array></dict></dict></dict></array></dict></plist>\n";

const UPDATES: &str = "com.apple.SoftwareUpdate";

#[test]
fn hover_knows_older_documents() {
    let mut editor = Editor::new("a.mobileconfig", &[]);
    let pages = [
        (preferences(UPDATES, &format!("<key>Automatic|Download</key><true/>{CLOSED}")), "# AutomaticDownload"),
        (preferences(UPDATES, &format!("<key>AutomaticDownload</key><tr|ue/>{CLOSED}")), "# AutomaticDownload"),
        (
            preferences(
                "com.apple.applicationaccess",
                &format!("<key>enforcedSoftware|UpdateDelay</key><integer>3</integer>{CLOSED}"),
            ),
            "# enforcedSoftwareUpdateDelay",
        ),
        (
            profile(&format!(
                "<key>PayloadType</key><string>{UPDATES}</string><key>Config|DataInstall</key><true/></dict></array></dict></plist>"
            )),
            "# ConfigDataInstall",
        ),
    ];
    for (marked, expected) in pages {
        let page = editor.hover(&marked);
        assert!(page.starts_with(expected), "{marked}: {page}");
    }
    let mut editor = Editor::new("a.json", &[]);
    let command =
        |updates: &str| format!("{{ \"Command\": {{ \"RequestType\": \"ScheduleOSUpdate\", \"Updates\": [{updates}] }} }}");
    for (marked, expected) in [
        (command("{ \"Install|Action\": \"Default\" }"), "# Updates[].InstallAction"),
        (command("{ \"InstallAction\": \"InstallA|SAP\" }"), "# InstallASAP"),
        (format!("{{ \"PayloadType\": \"{UPDATES}\", \"Critical|UpdateInstall\": true }}"), "# CriticalUpdateInstall"),
    ] {
        let page = editor.hover(&marked);
        assert!(page.starts_with(expected), "{marked}: {page}");
    }
}

#[test]
fn completes_older_documents_that_are_half_written() {
    let mut editor = Editor::new("a.mobileconfig", &[]);
    for (marked, label) in [
        (preferences(UPDATES, "<key>|"), "AutomaticDownload"),
        (preferences(UPDATES, "<key>AutomaticDownload</key><true/>\n<key>Allow|</key>"), "AllowPreReleaseInstallation"),
        (preferences(UPDATES, &format!("<key>Auto|</key>{CLOSED}")), "AutomaticDownload"),
        (profile(&format!("<key>PayloadType</key><string>{UPDATES}</string>\n<key>|")), "CriticalUpdateInstall"),
    ] {
        let labels = editor.labels(&marked);
        assert!(labels.iter().any(|found| found == label), "{marked}: {labels:?}");
    }
    let labels = editor.labels(&preferences(UPDATES, &format!("<key>AutomaticDownload</key><true/><key>|</key><true/>{CLOSED}")));
    assert!(!labels.is_empty() && !labels.contains(&"AutomaticDownload".to_owned()), "what is there: {labels:?}");
    let mut editor = Editor::new("a.json", &[]);
    let command = "{ \"Command\": { \"RequestType\": \"ScheduleOSUpdate\", \"Updates\": [{ ";
    assert!(editor.labels(&format!("{command}\"|")).contains(&"InstallAction".to_owned()));
    assert_eq!(
        editor.taken(&format!("{command}\"InstallAction\": \"|"), "InstallASAP"),
        format!("{command}\"InstallAction\": \"InstallASAP\"")
    );
    assert!(editor.labels(&format!("{{ \"PayloadType\": \"{UPDATES}\", \"|")).contains(&"CriticalUpdateInstall".to_owned()));
}
