//! Writes the seed corpora of the fuzz targets, which come from the test vectors: into the folder that is
//! given, one folder for each target.
#![forbid(unsafe_code)]

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use oauth1_tests::invariants::{ALL, seeds_of_peer};

fn main() -> io::Result<()> {
    let folder = env::args_os()
        .nth(1)
        .map_or("target/seeds".into(), PathBuf::from);
    for invariant in ALL {
        let broken = invariant.broken().into_iter().map(|(_, input)| input);
        let seeds: Vec<_> = invariant.seeds().into_iter().chain(broken).collect();
        write(&folder, invariant.name, &seeds)?;
    }
    write(&folder, "oauth1_request", &seeds_of_peer())?;
    // Those of the command line's readers are files.
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/oauth1-cli/seeds");
    for target in fs::read_dir(files)? {
        let target = target?;
        let mut seeds = Vec::new();
        for seed in fs::read_dir(target.path())? {
            seeds.push(fs::read(seed?.path())?);
        }
        write(&folder, &target.file_name().to_string_lossy(), &seeds)?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, seeds: &[Vec<u8>]) -> io::Result<()> {
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{number:04}")), seed)?;
    }
    println!("{name:<15} {:4} seeds", seeds.len());
    Ok(())
}
