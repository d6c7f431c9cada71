"""The modules that stay for the life of OBS's process, because OBS holds addresses of what is in them."""
