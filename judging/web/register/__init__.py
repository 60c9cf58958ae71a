"""The register of applications: admit, reject."""
