"""For all tests: no limits of time. A slow machine is slow; what takes how long is for `bench` to say."""

from hypothesis import settings

settings.register_profile("no limits of time", deadline=None)
settings.load_profile("no limits of time")
