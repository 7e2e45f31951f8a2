//! Luau's own type checker as a command: `luau-check [--module NAME=FILE]… DEFINITIONS FILE…`
//!
//! Checks strictly, with the declarations of the definition file known: each file, and each that they require. A string
//! leads to a file as in Roblox; whatever else ends with a module's name, as `storage.NAME` and
//! `storage:WaitForChild("NAME")` do, leads to the file that is given for it. Prints one line for each finding,
//! `FILE:LINE:COLUMN: SEVERITY: MESSAGE`, each FILE as an absolute path, and exits with 1 if there was one, with 2 if it
//! could not look.

use std::{
    cell::Cell, collections::HashMap, env, error::Error, ffi::c_void, fs, path, path::Path, process::ExitCode, slice,
};

use luau_analyze as _; // Luau itself, which checker.cpp calls

/// Text that outlives the call that hands it over; without data where there is none.
#[repr(C)]
#[derive(Clone, Copy)]
struct Text {
    data: *const u8,
    size: usize,
}

impl Text {
    const NONE: Self = Self { data: std::ptr::null(), size: 0 };

    /// Kept until the program ends: it reads each file once, and then it has done its work.
    fn kept(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into().leak();
        Self { data: bytes.as_ptr(), size: bytes.len() }
    }

    fn string(self) -> Option<String> {
        // SAFETY: both sides make a Text only of memory that outlives its use.
        let bytes = (!self.data.is_null()).then(|| unsafe { slice::from_raw_parts(self.data, self.size) })?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}

#[derive(Default)]
struct State {
    modules: HashMap<String, String>,
    count: Cell<usize>,
}

/// What checker.cpp asks and says, which has the same.
#[repr(C)]
struct Host<'a> {
    state: &'a State,
    read: extern "C" fn(Text) -> Text,
    required: extern "C" fn(Text, Text) -> Text,
    named: extern "C" fn(&State, Text) -> Text,
    found: extern "C" fn(&State, Text, u32, u32, bool, Text),
}

unsafe extern "C" {
    fn luau_check(host: *const c_void, definitions: Text, paths: *const Text, count: usize) -> Text;
}

extern "C" fn read(file: Text) -> Text {
    file.string().and_then(|file| fs::read(file).ok()).map_or(Text::NONE, Text::kept)
}

extern "C" fn required(file: Text, path: Text) -> Text {
    let target = file.string().zip(path.string()).and_then(|(file, path)| target(Path::new(&file), &path));
    target.map_or(Text::NONE, Text::kept)
}

extern "C" fn named(state: &State, name: Text) -> Text {
    let file = name.string().and_then(|name| state.modules.get(&name));
    file.map_or(Text::NONE, |file| Text::kept(file.as_str()))
}

extern "C" fn found(state: &State, file: Text, line: u32, column: u32, is_error: bool, message: Text) {
    let (file, message) = (file.string().unwrap_or_default(), message.string().unwrap_or_default());
    let severity = if is_error { "Error" } else { "Warning" };
    println!("{file}:{line}:{column}: {severity}: {}", message.replace('\n', " "));
    state.count.set(state.count.get() + 1);
}

/// The file that a string leads to from a file. An init.luau stands for its folder.
fn target(file: &Path, path: &str) -> Option<String> {
    let is_init = file.file_name()? == "init.luau";
    let mut place = file.parent()?.to_path_buf();
    let mut parts = path.split('/');
    let levels = match parts.next()? {
        "@self" if is_init => 0,
        "." => usize::from(is_init),
        ".." => usize::from(is_init) + 1,
        _ => return None,
    };
    for _ in 0..levels {
        place.pop();
    }
    for part in parts {
        match part {
            "" | "." | "init" => return None,
            ".." => {
                place.pop();
            }
            name => place.push(name),
        }
    }
    let place = place.to_str()?;
    let (script, folder) = (format!("{place}.luau"), Path::new(place).join("init.luau"));
    match (Path::new(&script).exists(), folder.exists()) {
        (true, true) => None, // Roblox would take either
        (false, true) => Some(folder.to_str()?.to_owned()),
        _ => Some(script), // if it does not exist, the checker says so
    }
}

/// A path as the checker knows it, if it leads to a file that can be read.
fn absolute(file: &str) -> Result<String, String> {
    let path = fs::read(file).and_then(|_| path::absolute(file));
    path.map(|path| path.to_string_lossy().into_owned()).map_err(|error| format!("{file}: {error}"))
}

fn findings(mut arguments: impl Iterator<Item = String>) -> Result<usize, Box<dyn Error>> {
    let mut state = State::default();
    let mut files = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--module" {
            let module = arguments.next().unwrap_or_default();
            let (name, file) = module.split_once('=').ok_or("--module takes NAME=FILE")?;
            state.modules.insert(name.to_owned(), absolute(file)?);
        } else {
            files.push(Text::kept(absolute(&argument)?));
        }
    }
    let [definitions, paths @ ..] = files.as_slice() else {
        return Err("usage: luau-check [--module NAME=FILE]... DEFINITIONS FILE...".into());
    };
    let host = Host { state: &state, read, required, named, found };
    // SAFETY: checker.cpp declares the same, and keeps nothing of it.
    match unsafe { luau_check((&raw const host).cast(), *definitions, paths.as_ptr(), paths.len()) }.string() {
        Some(error) => Err(error.into()),
        None => Ok(state.count.get()),
    }
}

fn main() -> ExitCode {
    match findings(env::args().skip(1)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
