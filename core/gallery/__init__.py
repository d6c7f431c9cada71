"""Adds, judges, keeps and shares the user's own avatars. core/shared/avatars.py lists which avatars there are."""
