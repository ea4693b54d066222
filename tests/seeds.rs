//! Writes the seed corpora of the fuzz targets, which come from the test vectors: into the folder that is
//! given, one folder for each target.
#![forbid(unsafe_code)]

use std::{env, fs, io, path::PathBuf};

use oauth1_tests::invariants::ALL;

fn main() -> io::Result<()> {
    let folder = env::args_os()
        .nth(1)
        .map_or("fuzz/seeds".into(), PathBuf::from);
    for invariant in ALL {
        let folder = folder.join(invariant.name);
        fs::create_dir_all(&folder)?;
        let broken = invariant.broken().into_iter().map(|(_, input)| input);
        let seeds: Vec<_> = invariant.seeds().into_iter().chain(broken).collect();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("{number:04}")), seed)?;
        }
        println!("{:<15} {:4} seeds", invariant.name, seeds.len());
    }
    Ok(())
}
