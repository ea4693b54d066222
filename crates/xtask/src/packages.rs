//! The packages that are published.

/// In the order in which they are published: each after those that it depends on.
pub(crate) const PUBLISHED: [&str; 9] = [
    "oauth1-core",
    "oauth1-hyper",
    "oauth1-reqwest",
    "oauth1-ureq",
    "oauth1-mail",
    "oauth1-store",
    "oauth1-tower",
    "oauth1-provider",
    "oauth1-cli",
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::PUBLISHED;

    #[test]
    fn every_package_is_listed_unless_it_says_that_it_is_not_published() {
        let mut found: Vec<_> = fs::read_dir(crates())
            .expect("the packages")
            .map(|entry| entry.expect("an entry").file_name())
            .map(|name| name.into_string().expect("a name"))
            .filter(|name| !manifest(name).contains("publish = false"))
            .collect();
        found.sort();
        let mut listed = PUBLISHED.map(str::to_owned);
        listed.sort();
        assert_eq!(found, listed);
    }

    #[test]
    fn each_stands_behind_what_it_depends_on() {
        for (at, package) in PUBLISHED.iter().enumerate() {
            let manifest = manifest(package);
            let (_, dependencies) = manifest.split_once("[dependencies]").expect("a list");
            let dependencies = dependencies.split("\n[").next().unwrap_or_default();
            for line in dependencies
                .lines()
                .filter(|line| line.starts_with("oauth1-"))
            {
                let name = line.split([' ', '.', '=']).next().unwrap_or_default();
                assert!(PUBLISHED[..at].contains(&name), "{package} before {name}");
            }
        }
    }

    fn manifest(package: &str) -> String {
        let path = crates().join(package).join("Cargo.toml");
        fs::read_to_string(path).expect("a manifest")
    }

    fn crates() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
    }
}
