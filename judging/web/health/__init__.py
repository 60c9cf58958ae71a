"""The health of the installation: for a monitor, and for the administrator."""
