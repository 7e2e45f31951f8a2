//! Builds checker.cpp with the headers of Luau itself, which the crate luau-analyze carries in its sources.

use std::{env, path::PathBuf, process::Command};

const PARTS: [&str; 4] = ["Analysis", "Ast", "Common", "Config"];

/// Where cargo keeps the crate's sources. The crate itself does not say, cargo's metadata does.
fn luau() -> PathBuf {
    let command = env::var("CARGO").unwrap();
    let platform = env::var("TARGET").unwrap();
    let asked = ["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", &platform];
    let said = Command::new(command).args(asked).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // Every path to a manifest is a JSON string of its own, with the backslashes of Windows doubled.
    let said = String::from_utf8(said.stdout).unwrap().replace(r"\\", r"\");
    let manifest = said.split('"').map(PathBuf::from).find(|text| {
        let folder = text.parent().and_then(|folder| folder.file_name());
        text.ends_with("Cargo.toml") && folder.is_some_and(|name| name.to_string_lossy().starts_with("luau-analyze"))
    });
    manifest.expect("cargo metadata names luau-analyze").with_file_name("luau")
}

fn main() {
    println!("cargo:rerun-if-changed=src/checker.cpp");
    let luau = luau();
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").warnings(false).file("src/checker.cpp");
    build.includes(PARTS.map(|part| luau.join(part).join("include")));
    if env::var("CARGO_CFG_TARGET_ENV").unwrap() == "msvc" {
        build.flag("/EHsc"); // exceptions, which the other compilers have anyway
    }
    build.compile("checker");
}
