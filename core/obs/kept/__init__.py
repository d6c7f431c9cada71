"""What stays for the life of OBS's process, however often the script is reloaded: OBS holds addresses of what is in here."""
