//! How the mutants of each file ended when they were tested last: a file of the repository, so that what
//! takes hours can be done bit by bit.

use alloc::collections::BTreeMap;
use core::fmt::{self, Write as _};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::{Counts, ENDS, SOURCES};

/// Where it lies.
const FILE: &str = "crates/oauth1-core/mutants.tsv";

/// The first line of the file; `content` tells whether the source is still what was tested.
const HEAD: &str = "file\tcontent\tcaught\ttimeout\tmissed\tunviable";

/// By file. Displays as a table of Markdown with a row for each module.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger(BTreeMap<String, Row>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    content: String,
    /// In the order of [`ENDS`].
    ends: [usize; ENDS.len()],
}

impl Ledger {
    /// Reads the file; an empty ledger where there is none. What was tested and has changed since is left
    /// out.
    pub(super) fn read() -> Result<Self> {
        let mut ledger = match fs::read_to_string(FILE) {
            Ok(text) => Self::parse(&text).context(FILE)?,
            Err(error) if error.kind() == ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error).context(FILE),
        };
        ledger
            .0
            .retain(|file, row| content_of(file).is_ok_and(|content| content == row.content));
        Ok(ledger)
    }

    /// Writes the file, which is whole at any time.
    pub(super) fn write(&self) -> Result<()> {
        let beside = Path::new(FILE).with_extension("new");
        fs::write(&beside, self.file())
            .and_then(|()| fs::rename(&beside, FILE))
            .context(FILE)
    }

    /// Whether a file, as it is, has been tested.
    pub(super) fn knows(&self, file: &str) -> bool {
        self.0.contains_key(file)
    }

    /// Notes how the mutants of some files ended.
    pub(super) fn add(&mut self, counts: &Counts) -> Result<()> {
        for (file, of_file) in counts {
            let ends = ENDS.map(|end| of_file.get(end).copied().unwrap_or_default());
            let content = content_of(file)?;
            self.0.insert(file.clone(), Row { content, ends });
        }
        Ok(())
    }

    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        ensure!(lines.next() == Some(HEAD), "the first line is not `{HEAD}`");
        let row = |line: &str| {
            let mut cells = line.split('\t');
            let (file, content) = (cells.next()?.to_owned(), cells.next()?.to_owned());
            let ends: Option<Vec<usize>> = cells.map(|number| number.parse().ok()).collect();
            let ends = ends?.try_into().ok()?;
            Some((file, Row { content, ends }))
        };
        let rows = lines.map(|line| row(line).with_context(|| format!("`{line}` is no row")));
        rows.collect::<Result<_>>().map(Self)
    }

    fn file(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for (file, Row { content, ends }) in &self.0 {
            let ends = ends.map(|number| number.to_string()).join("\t");
            let _ = writeln!(text, "{file}\t{content}\t{ends}");
        }
        text
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut modules: BTreeMap<&str, [usize; ENDS.len()]> = BTreeMap::new();
        let mut all = [0; ENDS.len()];
        for (file, row) in &self.0 {
            let module = file.split('/').next().unwrap_or(file);
            let of_module = modules.entry(module.trim_end_matches(".rs")).or_default();
            for ((sum, of_all), number) in of_module.iter_mut().zip(&mut all).zip(row.ends) {
                *sum += number;
                *of_all += number;
            }
        }
        writeln!(
            f,
            "| module | mutants | killed | ran too long | alive, with a reason | do not compile |"
        )?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- |")?;
        let rows = modules
            .iter()
            .map(|(module, ends)| (format!("`{module}`"), ends));
        for (name, ends) in rows.chain([(format!("{} files", self.0.len()), &all)]) {
            let total: usize = ends.iter().sum();
            let ends = ends.map(|number| number.to_string()).join(" | ");
            writeln!(f, "| {name} | {total} | {ends} |")?;
        }
        Ok(())
    }
}

/// What tells one content of a source from another: FNV-1a, which is enough among friends.
fn content_of(file: &str) -> Result<String> {
    let path = Path::new(SOURCES).join(file);
    let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Ok(format!("{hash:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let text = format!("{HEAD}\na.rs\t00\t3\t0\t1\t2\nb/c.rs\t01\t0\t1\t0\t0\n");
        let ledger = Ledger::parse(&text).expect("a ledger");
        assert_eq!(ledger.file(), text);
        let table = ledger.to_string();
        assert!(table.contains("| `a` | 6 | 3 | 0 | 1 | 2 |"), "{table}");
        assert!(table.contains("| `b` | 1 | 0 | 1 | 0 | 0 |"), "{table}");
        assert!(
            table.ends_with("| 2 files | 7 | 3 | 1 | 1 | 2 |\n"),
            "{table}"
        );
        for other in ["", "file", "a.rs\t00\t3\t0\t1"] {
            assert!(Ledger::parse(other).is_err(), "{other}");
        }
        assert!(Ledger::parse(&format!("{HEAD}\na.rs\t00\t3\t0\t1\n")).is_err());
    }
}
