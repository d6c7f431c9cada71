"""The user's own avatars: adding, judging, keeping, passing on. What avatars there are is listed by core/shared/avatars.py."""
