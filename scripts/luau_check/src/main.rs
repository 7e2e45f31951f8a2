//! Luau's own type checker as a command: `luau-check DEFINITIONS FILE…`
//!
//! Checks each file strictly, with the declarations of the definition file known. Prints one line for each finding,
//! `FILE:LINE:COLUMN: SEVERITY: MESSAGE`, and exits with 1 if there was one, with 2 if it could not look.

use std::{env, fs, process::ExitCode};

use luau_analyze::Checker;

fn findings(arguments: &[String]) -> Result<usize, Box<dyn std::error::Error>> {
    let [definitions, files @ ..] = arguments else {
        return Err("usage: luau-check DEFINITIONS FILE...".into());
    };
    let definitions = fs::read_to_string(definitions)?;
    let mut count = 0;
    for file in files {
        let mut checker = Checker::new()?;
        checker.add_definitions(&definitions)?;
        let result = checker.check(&fs::read_to_string(file)?)?;
        if result.timed_out {
            return Err(format!("{file}: the checker ran out of time").into());
        }
        for found in &result.diagnostics {
            let message = found.message.replace('\n', " ");
            println!("{file}:{}:{}: {:?}: {message}", found.line + 1, found.col + 1, found.severity);
        }
        count += result.diagnostics.len();
    }
    Ok(count)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match findings(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
