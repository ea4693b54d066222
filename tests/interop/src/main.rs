//! Prints what came of everything; `cargo xtask interop` runs this.
#![forbid(unsafe_code)]

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::Context as _;
use oauth1_interop::Report;

fn main() -> anyhow::Result<ExitCode> {
    let writes = match env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--write" => true,
        _ => {
            eprintln!("usage: oauth1-interop [--write]");
            return Ok(ExitCode::from(2));
        }
    };
    let report = Report::gather()?;
    print!("{report}");
    if writes {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interop.md");
        fs::write(&page, report.page()).with_context(|| page.display().to_string())?;
    }
    let unexplained = report.unexplained();
    if unexplained.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("not as tests/interop/reasons.json says:");
    for line in unexplained {
        eprintln!("  {line}");
    }
    Ok(ExitCode::FAILURE)
}
