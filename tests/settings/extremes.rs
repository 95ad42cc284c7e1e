//! The least and the greatest value of each number.

use crate::support::program::{Running, rollcall, stderr};

#[tokio::test]
async fn a_server_with_the_least_or_the_greatest_value_of_a_setting_starts_and_answers() {
    let directory = tempfile::tempdir().unwrap();
    let config = |arguments: &[&str]| rollcall(directory.path()).arg("config").args(arguments).output().unwrap();
    let settings: serde_json::Value = serde_json::from_slice(&config(&["--json"]).stdout).unwrap();
    let is_number = |value: &serde_json::Value| value["value"].as_str().is_some_and(|text| text.parse::<u64>().is_ok());
    let numbers = settings.as_object().unwrap().iter().filter(|(_, value)| is_number(value));
    let flags: Vec<String> = numbers.map(|(name, _)| format!("--{}", name.replace('_', "-"))).collect();
    assert!(flags.len() > 20, "{flags:?}");
    for flag in flags {
        let accepts = |number: &String| config(&[&flag, number]).status.success();
        let told = stderr(&config(&[&flag, "none"]));
        let range = told.split("expected a whole number, ").nth(1).unwrap_or_else(|| panic!("{told}"));
        let range = range.split(';').next().unwrap();
        let words = range.split(' ').filter(|word| word.parse::<u64>().is_ok());
        let mut numbers: Vec<String> =
            words.map(ToOwned::to_owned).chain([u32::MAX, 0].map(|end| end.to_string())).collect();
        numbers.push(u64::MAX.to_string());
        numbers.retain(accepts);
        assert!(numbers.len() >= 2, "{flag}: {numbers:?}");
        for number in numbers {
            let data = tempfile::tempdir().unwrap();
            let mut command = rollcall(data.path());
            command.args(["serve", &flag, &number]).env("ROLLCALL_BOOTSTRAP_TOKEN", "the-token-of-the-test");
            let server = Running::start_as_is(&mut command);
            assert_eq!(server.me("the-token-of-the-test").await.0, 200, "{flag} {number}");
            // Two, because the first may only begin to wait.
            server.signal("INT");
            server.stop();
        }
    }
}
